//! The rights this crate asks for.

use kernel::Perm;

pub const STAFF_READ: Perm = Perm { name: "staff.read", zh: "查看员工", en: "See staff" };
pub const STAFF_MANAGE: Perm =
    Perm { name: "staff.manage", zh: "管理员工与角色", en: "Manage staff and their roles" };
pub const ORGANIZATION_MANAGE: Perm =
    Perm { name: "organization.manage", zh: "管理组织机构", en: "Manage the organisation tree" };
pub const TOKEN_MANAGE: Perm = Perm { name: "token.manage", zh: "管理接口令牌", en: "Manage API tokens" };
pub const LIMIT_MANAGE: Perm = Perm { name: "limit.manage", zh: "设置登录限制", en: "Set log-in limits" };
pub const AUDIT_READ: Perm = Perm { name: "audit.read", zh: "查看审计记录", en: "Read the audit chain" };

pub const ALL: &[Perm] = &[STAFF_READ, STAFF_MANAGE, ORGANIZATION_MANAGE, TOKEN_MANAGE, LIMIT_MANAGE, AUDIT_READ];
