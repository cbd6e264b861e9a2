//! The rights behind the counter.

use kernel::Perm;

pub const AUDIT_READ: Perm = Perm { name: "cashier.read", zh: "查看营收稽核", en: "See the audit of takings" };
pub const AUDIT_HALL: Perm =
    Perm {
        name: "cashier.audit_hall", zh: "营业厅稽核与录入缴款单", en: "Audit a hall and enter bank slips"
    };
pub const AUDIT_CITY: Perm = Perm { name: "cashier.audit_city", zh: "地市稽核", en: "Audit as the city" };
pub const AUDIT_PROVINCE: Perm =
    Perm { name: "cashier.audit_province", zh: "省公司稽核", en: "Audit as the province" };
pub const COLLECTION_READ: Perm = Perm { name: "collection.read", zh: "查看托收", en: "See bank collection" };
pub const COLLECTION_WRITE: Perm =
    Perm { name: "collection.write", zh: "办理托收", en: "Keep agreements, send and take in bank files" };
pub const CARDS_READ: Perm = Perm { name: "rechargecard.read", zh: "查看充值卡", en: "See recharge cards" };
pub const CARDS_WRITE: Perm =
    Perm {
        name: "rechargecard.write", zh: "制作、激活与作废充值卡", en: "Make, activate and void recharge cards"
    };
pub const CARDS_PINS: Perm =
    Perm { name: "rechargecard.pins", zh: "导出充值卡密码", en: "Fetch the PINs of recharge cards" };
pub const RECHARGE: Perm = Perm { name: "rechargecard.redeem", zh: "用充值卡充值", en: "Recharge with a card" };
pub const MONEY_READ: Perm =
    Perm { name: "moneycheck.read", zh: "查看资金对账", en: "See the reconciliation of money" };
pub const MONEY_WRITE: Perm =
    Perm { name: "moneycheck.write", zh: "处理资金差异", en: "Handle differences of money" };

pub const ALL: &[Perm] = &[
    AUDIT_READ,
    AUDIT_HALL,
    AUDIT_CITY,
    AUDIT_PROVINCE,
    COLLECTION_READ,
    COLLECTION_WRITE,
    CARDS_READ,
    CARDS_WRITE,
    CARDS_PINS,
    RECHARGE,
    MONEY_READ,
    MONEY_WRITE,
];
