//! The rights of the money side.

use kernel::Perm;

pub const ACCOUNT_READ: Perm = Perm { name: "account.read", zh: "查看账户", en: "See accounts" };
pub const ACCOUNT_WRITE: Perm = Perm { name: "account.write", zh: "维护账户", en: "Maintain accounts" };
pub const BILL_READ: Perm = Perm { name: "bill.read", zh: "查看账单", en: "See bills" };
pub const BILL_WRITE: Perm = Perm { name: "bill.write", zh: "处理账单", en: "Handle bills" };
pub const PAYMENT_READ: Perm = Perm { name: "payment.read", zh: "查看缴费", en: "See payments" };
pub const PAYMENT_TAKE: Perm = Perm { name: "payment.take", zh: "收费", en: "Take payments" };
pub const PAYMENT_REVERSE: Perm =
    Perm { name: "payment.reverse", zh: "冲正本人当日缴费", en: "Reverse own payments of the day" };
pub const PAYMENT_REVERSE_ANY: Perm =
    Perm { name: "payment.reverse_any", zh: "冲正任何缴费", en: "Reverse any payment" };
pub const REFUND: Perm = Perm { name: "payment.refund", zh: "退款", en: "Pay money back" };
pub const SHIFT: Perm = Perm { name: "shift.own", zh: "开班与轧账", en: "Open and close one's shift" };
pub const SHIFT_CLOSE_ANY: Perm =
    Perm { name: "shift.close_any", zh: "代为轧账", en: "Count and close a colleague's shift" };
pub const FIGURES_READ: Perm = Perm { name: "figures.read", zh: "查看收入与欠费", en: "See revenue and arrears" };
pub const FIGURES_REBUILD: Perm = Perm { name: "figures.rebuild", zh: "重算收入与欠费", en: "Compute revenue and arrears again" };
pub const COLLABORATION_READ: Perm =
    Perm { name: "collaboration.read", zh: "查看协作单", en: "See collaboration orders" };
pub const COLLABORATION_OPERATE: Perm =
    Perm { name: "collaboration.operate", zh: "处理协作单", en: "Resend and close collaboration orders" };
pub const PRICING: Perm = Perm { name: "pricing.quote", zh: "为其他系统报价", en: "Price for another system" };
pub const RELATION_WRITE: Perm =
    Perm { name: "payment_relation.write", zh: "维护付费关系", en: "Maintain payment relations" };

pub const ALL: &[Perm] = &[
    ACCOUNT_READ,
    ACCOUNT_WRITE,
    BILL_READ,
    BILL_WRITE,
    PAYMENT_READ,
    PAYMENT_TAKE,
    PAYMENT_REVERSE,
    PAYMENT_REVERSE_ANY,
    REFUND,
    SHIFT,
    SHIFT_CLOSE_ANY,
    FIGURES_READ,
    FIGURES_REBUILD,
    COLLABORATION_READ,
    COLLABORATION_OPERATE,
    PRICING,
    RELATION_WRITE,
];
