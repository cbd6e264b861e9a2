//! The rights of unit accounts.

use kernel::Perm;

pub const READ: Perm = Perm { name: "unit.read", zh: "查看单位账户", en: "See unit accounts" };
pub const WRITE: Perm =
    Perm {
        name: "unit.write", zh: "维护单位账户、成员与规则", en: "Keep unit accounts, members and rules"
    };
pub const MOVE: Perm = Perm { name: "unit.move", zh: "分配、汇总与圈存", en: "Allocate, collect and load" };
pub const LOSS: Perm = Perm { name: "unit.loss", zh: "挂失与解挂", en: "Report losses and lift them" };
pub const SPEND: Perm = Perm { name: "unit.spend", zh: "成员消费", en: "Spend a member's money" };
pub const MANAGE: Perm =
    Perm {
        name: "unit.manage", zh: "重置单位密码、冻结、修复差异", en: "Reset passwords, freeze, repair differences"
    };

pub const ALL: &[Perm] = &[READ, WRITE, MOVE, LOSS, SPEND, MANAGE];
