//! Orders: captured, checked, decomposed and started in one transaction; tracked, cancelled, finished.
//!
//! A product order (TMF622) is what the customer asked for; its service order (TMF641) is what has to be done; the saga
//! named [`SAGA`] does it, with handlers in `journeys`. Invariants: an order that was answered is durable with its
//! reservation, products and saga, or nothing of it exists; an order's state moves only through [`State::after`]; one order
//! at a time changes a product.

mod ask;
mod cancel;
mod capture;
mod change;
mod desk;
mod fallout;
mod order;
mod plan;
mod service_order;
mod state;
pub mod steps;
mod track;

pub use change::Turn;
pub use desk::{OrderRow, by_hour, count_since, find, in_transit, of_customer, recent};
pub use order::PRODUCT_ORDER;
pub use service_order::SERVICE_ORDER;
pub use state::{Event, State};

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
pub const FALLOUT_READ: Perm = Perm { name: "fallout.read", zh: "查看异常单", en: "See fallout" };
pub const FALLOUT_ACT: Perm = Perm { name: "fallout.act", zh: "处理异常单", en: "Deal with fallout" };

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        ORDER_STATE = "order.state", 409, "订单状态为 {from}，不能{verb}", "The order is {from}: {verb} is not possible", "请刷新订单后再试", "Reload the order and try again";
        CUSTOMER_MISSING = "order.customer_missing", 400, "订单没有指明客户", "The order names no customer", "请在 relatedParty 中以 role=customer 给出客户", "Name the customer in relatedParty with role customer";
        NEED_MISSING = "order.need_missing", 422, "{offering} 缺少 {field}", "{offering} needs {field}", "请补充后重新提交", "Add it and submit again";
        ACTION_UNSUPPORTED = "order.action_unsupported", 422, "暂不支持动作 {value}", "The action {value} is not supported", "请使用 add，或 delete（指明产品）；停复机请用产品页", "Use add, or delete with a product; suspend and resume from the product";
        TOO_MANY = "order.too_many", 422, "订单内容过多：{detail}", "The order is too large: {detail}", "请拆分为多个订单", "Split it into several orders";
        IN_TRANSIT = "order.in_transit", 409, "该产品有在途订单", "An order for this product is in transit", "请等待其竣工或先撤单", "Wait until it is completed, or cancel it first";
        FOREIGN = "order.foreign_offering", 422, "商品 {value} 属于外部系统，需人工处理", "The offering {value} belongs to another system; a person has to deal with it", "请人工办理后选择“跳过”，或撤单", "Do it by hand, then skip; or cancel";
        BILLING_REFUSED = "order.billing_refused", 409, "计费协作单未成功：{detail}", "Billing did not accept the collaboration order: {detail}", "请在协作单页面处理后重试", "Deal with the collaboration order, then retry";
        VERB_UNKNOWN = "fallout.verb_unknown", 404, "没有操作 {value}", "There is no action {value}", "可用：retry、skip、compensate、abandon", "Use retry, skip, compensate or abandon";
    }
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
    routes.extend(fallout::routes());
    Module {
        name: "ordering",
        routes,
        migrations: const { &[Migration::new("ordering", 1, include_str!("../migrations/0001_ordering.sql"))] },
        problems: problems::ALL,
        permissions: const { &[READ, CREATE, CANCEL, SUSPEND, FALLOUT_READ, FALLOUT_ACT] },
        ..Module::default()
    }
}
