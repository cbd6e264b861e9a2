//! The rights of points.

use kernel::Perm;

pub const READ: Perm = Perm { name: "loyalty.read", zh: "查看积分", en: "See points" };
pub const WRITE: Perm =
    Perm { name: "loyalty.write", zh: "办理积分入会、抵扣与兑换", en: "Enrol members, spend points" };
pub const ADJUST: Perm = Perm { name: "loyalty.adjust", zh: "人工调整积分", en: "Correct points by hand" };
pub const MANAGE: Perm =
    Perm { name: "loyalty.manage", zh: "维护积分计划、规则与礼品", en: "Keep programme, rules and gifts" };

pub const ALL: &[Perm] = &[READ, WRITE, ADJUST, MANAGE];
