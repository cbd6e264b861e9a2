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
pub const FIGURES_READ: Perm =
    Perm { name: "figures.read", zh: "查看收入与欠费", en: "See revenue and arrears" };
pub const FIGURES_REBUILD: Perm =
    Perm { name: "figures.rebuild", zh: "重算收入与欠费", en: "Compute revenue and arrears again" };
pub const COLLABORATION_READ: Perm =
    Perm { name: "collaboration.read", zh: "查看协作单", en: "See collaboration orders" };
pub const COLLABORATION_OPERATE: Perm =
    Perm { name: "collaboration.operate", zh: "处理协作单", en: "Resend and close collaboration orders" };
pub const COLLABORATION_ROUTE: Perm =
    Perm { name: "collaboration.route", zh: "设置计费系统与路由", en: "Set billing systems and routes" };
pub const COLLABORATION_PEER: Perm = Perm {
    name: "collaboration.peer",
    zh: "以其他系统身份收发协作单",
    en: "Exchange collaboration orders as another system",
};
pub const PRICING: Perm = Perm { name: "pricing.quote", zh: "为其他系统报价", en: "Price for another system" };
pub const RELATION_WRITE: Perm =
    Perm { name: "payment_relation.write", zh: "维护付费关系", en: "Maintain payment relations" };

pub const LATE_WAIVE: Perm = Perm { name: "late_fee.waive", zh: "减免违约金", en: "Waive late fees" };
pub const CLEARING: Perm = Perm { name: "payment.clearing", zh: "处理支票清算", en: "Clear and bounce cheques" };
pub const MONEY_APPROVE: Perm =
    Perm { name: "payment.approve", zh: "审批冲正与退款", en: "Decide requests for reversals and refunds" };
pub const CAMPAIGN_WRITE: Perm =
    Perm { name: "prepay_campaign.write", zh: "维护预存活动", en: "Maintain prepayment campaigns" };
pub const BOOK_WRITE: Perm =
    Perm { name: "balance_book.write", zh: "维护余额账本", en: "Maintain balance books" };
pub const BUCKET_API: Perm =
    Perm { name: "bucket.write", zh: "余额接口记账", en: "Book balances through the interface" };

pub const BILL_PRINT: Perm = Perm { name: "bill.print", zh: "打印账单", en: "Print bills" };
pub const RUN_READ: Perm = Perm { name: "bill_run.read", zh: "查看出账任务", en: "See bill runs" };
pub const RUN: Perm =
    Perm { name: "bill_run.operate", zh: "出账、停止与继续", en: "Start, stop and resume bill runs" };
pub const HUGE_READ: Perm = Perm { name: "huge_charge.read", zh: "查看巨额费用", en: "See huge charges" };
pub const HUGE_HANDLE: Perm = Perm { name: "huge_charge.handle", zh: "处理巨额费用", en: "Handle huge charges" };
pub const ADJUST_READ: Perm = Perm { name: "adjustment.read", zh: "查看调账", en: "See adjustments" };
pub const ADJUST_REQUEST: Perm = Perm { name: "adjustment.request", zh: "提出调账", en: "Ask for adjustments" };
pub const ADJUST_APPROVE: Perm = Perm { name: "adjustment.approve", zh: "审批调账", en: "Decide adjustments" };

pub const ALL: &[Perm] = &[
    BILL_PRINT,
    RUN_READ,
    RUN,
    HUGE_READ,
    HUGE_HANDLE,
    ADJUST_READ,
    ADJUST_REQUEST,
    ADJUST_APPROVE,
    LATE_WAIVE,
    CLEARING,
    MONEY_APPROVE,
    CAMPAIGN_WRITE,
    BOOK_WRITE,
    BUCKET_API,
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
    COLLABORATION_ROUTE,
    COLLABORATION_PEER,
    PRICING,
    RELATION_WRITE,
];
