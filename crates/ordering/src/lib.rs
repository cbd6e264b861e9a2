//! Orders: captured, checked, decomposed and started in one transaction; tracked, cancelled, finished.
//!
//! A product order (TMF622) is what the customer asked for; its service order (TMF641) is what has to be done; the saga
//! named [`SAGA`] does it, with handlers in `journeys`. Invariants: an order that was answered is durable with its
//! reservation, products and saga, or nothing of it exists; an order's state moves only through [`State::after`]; one order
//! at a time changes a product.

pub mod acceptance;
mod admission;
mod ask;
mod booking;
pub mod business;
pub mod caller;
mod cancel;
mod capture;
mod cards;
mod change;
mod desk;
mod eligible;
mod ended;
mod fallout;
mod network;
mod order;
mod plan;
mod ported;
mod price;
mod reassign;
mod recent;
mod sale;
mod service_order;
mod settings;
mod state;
pub mod steps;
mod subject;
mod track;
mod verbs;

pub use acceptance::{Ask, Placed, handlers::handlers, place};
pub use business::Business;
pub use change::Turn;
pub use desk::{OrderRow, by_hour, count_since, find, in_transit, of_customer, recent};
pub use ended::on_ended;
pub use order::PRODUCT_ORDER;
pub use reassign::{holds, reassign, under_way};
pub use recent::orders_near;
pub use sale::booked_for;
pub use service_order::SERVICE_ORDER;
pub use state::{Event, State};
pub use subject::{channel, subject};
pub use verbs::{AMEND, HOLD, URGE};

use http::{Module, tmf};
use kernel::Perm;
use store::Migration;

/// The template of the saga that fulfils an order, and its present version.
pub const SAGA: &str = "order";
pub const SAGA_VERSION: i64 = 1;

pub const READ: Perm = Perm { name: "order.read", zh: "查看订单", en: "See orders" };
pub const CREATE: Perm = Perm { name: "order.create", zh: "受理订单", en: "Take orders" };
pub const CANCEL: Perm = Perm { name: "order.cancel", zh: "撤销订单", en: "Cancel orders" };
pub const SUSPEND: Perm = Perm { name: "product.suspend", zh: "停机、复机", en: "Suspend and resume products" };
pub const CHANGE: Perm = Perm { name: "product.change", zh: "产品变更", en: "Change products" };
pub const CLOSE: Perm = Perm { name: "product.close", zh: "拆机、销户", en: "Close products" };
pub const TRANSFER: Perm =
    Perm { name: "product.transfer", zh: "过户、更名", en: "Transfer products, rename customers" };
pub const REFUND: Perm = Perm { name: "account.refund", zh: "退费", en: "Refund balances" };
pub const LOCKS: Perm =
    Perm { name: "product.locks", zh: "欠费、违规停复机", en: "Suspend and resume for arrears or violations" };
pub const FALLOUT_READ: Perm = Perm { name: "fallout.read", zh: "查看异常单", en: "See fallout" };
pub const FALLOUT_ACT: Perm = Perm { name: "fallout.act", zh: "处理异常单", en: "Deal with fallout" };

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        ORDER_STATE = "order.state", 409, "订单{from_zh}，不能{verb_zh}", "The order is {from}: {verb} is not possible", "请刷新订单后再试", "Reload the order and try again";
        CUSTOMER_MISSING = "order.customer_missing", 400, "订单没有指明客户", "The order names no customer", "请在 relatedParty 中以 role=customer 给出客户", "Name the customer in relatedParty with role customer";
        NEED_MISSING = "order.need_missing", 422, "{offering} 缺少 {field}", "{offering} needs {field}", "请补充后重新提交", "Add it and submit again";
        ACTION_UNSUPPORTED = "order.action_unsupported", 422, "暂不支持动作 {value}", "The action {value} is not supported", "请使用 add，或 delete（指明产品）；停复机请用产品页", "Use add, or delete with a product; suspend and resume from the product";
        TOO_MANY = "order.too_many", 422, "订单内容过多：{detail}", "The order is too large: {detail}", "请拆分为多个订单", "Split it into several orders";
        IN_TRANSIT = "order.in_transit", 409, "该产品有在途订单 {order}", "An order for this product is in transit: {order}", "请等待其竣工或先撤单", "Wait until it is completed, or cancel it first";
        BOOKED = "order.booked", 409, "该产品已有预约订单 {order}", "An order is booked for this product: {order}", "请先撤销预约，再办理", "Cancel the booked order first";
        EFFECTIVE_DATE = "business.effective_date", 422, "生效日期 {value} 不可选", "{value} cannot be the effective date", "请选择今天起一年内的日期", "Pick a day from today on, within a year";
        VALUE_MISSING = "business.value_missing", 422, "请填写{zh}", "{en} is missing", "请补充后重新提交", "Fill it in and submit again";
        STATE = "product.business_state", 409, "产品{state_zh}，不能办理{zh}", "The product is {state_en}: {en} is not possible", "请核对产品状态，或先办理前置业务", "Check the product's state, or do what comes before it first";
        FAMILY = "business.family", 422, "该业务不适用于 {family} 类产品", "This business does not exist for {family} products", "请选择其他业务", "Pick another business";
        SUSPENDED = "product.suspended", 409, "产品处于停机状态：{zh}", "The product is suspended: {en}", "请先解除该停机原因", "Take this reason off first";
        IN_BUNDLE = "product.in_bundle", 409, "该产品属于捆绑套餐", "The product is part of a bundle", "请先解捆，或对整个套餐办理", "Take it out of the bundle first, or change the bundle as a whole";
        ARREARS = "customer.arrears", 409, "客户有逾期欠费 {amount} 元", "The customer owes {amount} yuan that are overdue", "请先缴清欠费", "Have the debt paid first";
        FROZEN = "business.frozen", 409, "每月 1 至 {days} 日出账期间暂停办理", "Not done on the first {days} days of a month, when bills are made", "请在出账结束后办理，或选择之后的生效日期", "Do it afterwards, or pick a later effective date";
        FROZEN_UNTIL = "business.frozen_until", 409, "出账期间暂停办理，至 {until}", "Not done while bills are made, until {until}", "请在出账结束后办理，或选择之后的生效日期", "Do it afterwards, or pick a later effective date";
        OWN_ORDER = "order.own", 403, "不能稽核自己受理的订单", "Nobody audits an order of their own", "请由他人稽核", "Let somebody else do it";
        TOO_LATE = "order.too_late", 409, "订单正在竣工，不能挂起", "The order is just being completed and cannot be held", "请等待竣工", "Wait until it is completed";
        NOT_BOOKED = "order.not_booked", 409, "订单已开始办理，不能改生效日期", "The order has begun: its day cannot be changed", "请撤单后重新受理", "Cancel it and place it again";
        AMEND_BEGUN = "order.amend_begun", 409, "该业务已开始办理，不能改单", "The business has begun and cannot be amended", "请撤单后重新受理", "Cancel it and place it again";
        AMEND_SENT = "order.amend_sent", 409, "步骤“{zh}”已发出，不能改单", "The step “{en}” was sent already", "请先撤销该步骤，或撤单后重新受理", "Have the step undone first, or cancel the order and place it again";
        UNCONFIRMED = "business.unconfirmed", 409, "合约未到期，提前解约需支付违约金 {amount} 元", "The contract is still running: leaving it costs {amount} yuan", "请告知客户并在其同意后确认", "Tell the customer, and confirm once they agree";
        BOUND = "business.bound", 409, "产品在合约期内，不能过户", "The product is bound by a contract and cannot be transferred", "请在合约到期或解约后办理", "Do it when the contract has ended or was left";
        BLACKLISTED = "customer.blacklisted", 409, "客户 {name} 在黑名单中", "The customer {name} is blacklisted", "请主管核实并解除后再办理", "Have it checked and lifted by a supervisor first";
        NOT_ELIGIBLE = "business.not_eligible", 409, "{zh}", "{en}", "{hint_zh}", "{hint_en}";
        VERSION_MOVED = "order.version_moved", 409, "“{name}”已有新版本", "“{name}” has a new version since", "请核对新的内容与价格后再提交", "Look at its content and price again, then submit";
        NUMBER_LIMIT = "customer.number_limit", 409, "同一证件名下已有 {held} 个号码，上限为 {limit} 个", "There are {held} numbers on this certificate already; the limit is {limit}", "请先办理销户或过户", "Close or transfer one of them first";
        NOT_SERVED = "business.not_served", 409, "新地址不能开通：{zh}", "The line cannot be had at this address: {en}", "请核对地址，或改选其他速率或接入方式", "Check the address, or pick another rate or technology";
        OTHER_FAMILY = "business.other_family", 422, "“{name}”与该产品不是同一产品线", "“{name}” is of another product line", "请选择同一产品线的套餐", "Pick a plan of the same product line";
        SAME_OFFERING = "business.same_offering", 409, "产品已是“{name}”", "The product is on “{name}” already", "请选择其他套餐", "Pick another plan";
        SAME_SPEED = "business.same_speed", 409, "“{name}”的速率与现在相同", "“{name}” has the same rate as now", "请选择其他速率", "Pick another rate";
        NO_OPTION = "business.no_option", 422, "“{name}”不是附属产品", "“{name}” is no option", "请按新装办理", "Sell it as a product of its own";
        OPTION_HELD = "business.option_held", 409, "已订购“{name}”", "“{name}” is on this line already", "请选择其他附属产品", "Pick another option";
        LOST_ALREADY = "product.lost_already", 409, "该号码已挂失", "The line was reported lost already", "无需重复办理", "There is nothing to do";
        BARRED_ALREADY = "product.barred_already", 409, "产品已因该原因{zh}", "The product is stopped for this reason already: {en}", "无需重复办理", "There is nothing to do";
        NOT_BARRED = "product.not_barred", 409, "产品没有因“{zh}”停机", "The product is not stopped for this reason: {en}", "请核对停机原因", "Check the reason";
        NOT_LOST = "product.not_lost", 409, "该号码没有挂失", "The line was not reported lost", "请核对号码", "Check the number";
        SAME_NUMBER = "business.same_number", 409, "新号码 {number} 与原号码相同", "{number} is the present number", "请另选号码", "Pick another number";
        NUMBER_KIND = "business.number_kind", 422, "号码 {number} 与原号码类型不同", "{number} is a number of another kind", "请选择同类号码", "Pick a number of the same kind";
        SAME_CUSTOMER = "business.same_customer", 409, "新户主就是现户主", "The new holder is the present one", "请选择其他客户", "Pick another customer";
        SAME_NAME = "business.same_name", 409, "新名称与现名称相同", "The name is the present one", "请核对证件上的姓名", "Check the name on the certificate";
        SAME_ADDRESS = "business.same_address", 409, "新地址与现地址相同", "The address is the present one", "请核对新地址", "Check the new address";
        SAME_ACCOUNT = "business.same_account", 409, "新账户就是现账户", "The account is the present one", "请选择其他账户", "Pick another account";
        CUSTOMER_STATE = "business.customer_state", 409, "客户 {name} 状态不正常", "The customer {name} is not active", "请先恢复客户状态", "Set the customer active first";
        OTHER_CITY = "business.other_city", 409, "客户 {name} 不属于本地网", "The customer {name} belongs to another local network", "号码只能在本地网内过户", "A number is transferred within its local network only";
        PAYER_AGREED = "business.payer_agreed", 409, "账户 {account} 属于其他客户，须其同意代付", "The account {account} is another customer's, who has to agree to pay", "请确认已取得同意", "Confirm that they agreed";
        BALANCE_SHORT = "account.balance_short", 409, "账户余额仅 {balance} 元", "The account holds only {balance} yuan", "请减少退费金额", "Refund less";
        BUNDLE_PARTS = "business.bundle_parts", 422, "所选产品与“{name}”不符：{detail}", "The products do not fit “{name}”: {detail}", "请按套餐的组成选择产品", "Pick products as the bundle is made up";
        NO_BUNDLE = "business.no_bundle", 409, "该产品不在捆绑套餐中", "The product is in no bundle", "无需解捆", "There is nothing to take apart";
        NO_GROUP = "business.no_group", 422, "这不是可用的群组产品", "This is no group that works", "请选择群组产品", "Pick a group";
        IN_GROUP = "business.in_group", 409, "该产品已在群组中", "The product is in a group already", "请先退出群组", "Let it leave the group first";
        NOT_IN_GROUP = "business.not_in_group", 409, "该产品不在群组中", "The product is in no group", "请核对产品", "Check the product";
        GROUP_AGREED = "business.group_agreed", 409, "群组“{name}”属于其他客户，须其同意", "The group “{name}” is another customer's, who has to agree", "请确认已取得同意", "Confirm that they agreed";
        GROUP_FULL = "business.group_full", 409, "群组成员已达上限 {most}", "The group is full: {most} members", "请先有成员退出", "Another member has to leave first";
        A_SALE = "business.a_sale", 422, "新装与携入请在受理台下单", "Opening and porting in are sales", "请用购物车或订单接口办理", "Use a cart or the order interface";
        PORT_BY_CENTRE = "port_out.by_centre", 409, "携出由携号转网平台发起", "Porting out is placed by the porting centre", "客户须在携入方营业厅办理", "The customer goes to the other operator";
        FOREIGN = "order.foreign_offering", 422, "商品 {value} 属于外部系统，需人工处理", "The offering {value} belongs to another system; a person has to deal with it", "请人工办理后选择“跳过”，或撤单", "Do it by hand, then skip; or cancel";
        BILLING_REFUSED = "order.billing_refused", 409, "计费协作单未成功：{detail}", "Billing did not accept the collaboration order: {detail}", "请在协作单页面处理后重试", "Deal with the collaboration order, then retry";
        VERB_UNKNOWN = "fallout.verb_unknown", 404, "没有操作 {value}", "There is no action {value}", "可用：retry、skip、compensate、abandon", "Use retry, skip, compensate or abandon";
    }
}

/// Periodic work of this crate.
pub fn reconcilers() -> Vec<flow::Reconciler> {
    vec![booking::reconciler()]
}

pub fn module() -> Module {
    let mut routes = Vec::new();
    for resource in [
        &order::PRODUCT_ORDER,
        &cancel::CANCEL_PRODUCT_ORDER,
        &service_order::SERVICE_ORDER,
        &service_order::CANCEL_SERVICE_ORDER,
    ] {
        routes.extend(tmf::routes(resource));
    }
    routes.extend(desk::routes());
    routes.extend(track::routes());
    routes.extend(cancel::routes());
    routes.extend(change::routes());
    routes.extend(acceptance::routes());
    routes.extend(booking::routes());
    routes.extend(verbs::routes());
    routes.extend(fallout::routes());
    Module {
        name: "ordering",
        routes,
        migrations: const {
            &[
                Migration::new("ordering", 1, include_str!("../migrations/0001_ordering.sql")),
                Migration::new("ordering", 2, include_str!("../migrations/0002_business.sql")),
                Migration::new("ordering", 3, include_str!("../migrations/0003_order_business.sql")),
                Migration::new("ordering", 8, include_str!("../migrations/0008_never_barred.sql")),
            ]
        },
        problems: problems::ALL,
        permissions: const {
            &[
                READ,
                CREATE,
                CANCEL,
                HOLD,
                URGE,
                AMEND,
                SUSPEND,
                CHANGE,
                CLOSE,
                TRANSFER,
                REFUND,
                LOCKS,
                FALLOUT_READ,
                FALLOUT_ACT,
            ]
        },
        ..Module::default()
    }
}
