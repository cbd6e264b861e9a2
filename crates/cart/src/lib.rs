//! Carts: a sale before it is an order, kept on the server so that it can go on at another desk.
//!
//! A cart belongs to the hall it was begun in and is worked on by one person at a time; another one of the hall takes it
//! over visibly. Submitting makes one order of it, in one transaction: a refused order leaves the cart as it was, and a cart
//! that is an order already answers with that order.
//!
//! ```text
//! active ─submit→ submitted
//! ```
//! A cart whose time has run out stays readable and cannot be submitted; a deleted one is gone.

mod desk;
mod document;
mod order;
mod reassign;
mod submit;

pub use document::SHOPPING_CART;
pub use reassign::reassign;

use http::{Module, tmf};
use kernel::Perm;
use store::Migration;

pub const READ: Perm = Perm { name: "cart.read", zh: "查看草稿", en: "See drafts of sales" };
pub const WRITE: Perm = Perm { name: "cart.write", zh: "受理草稿", en: "Write drafts of sales" };

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        CLOSED = "cart.closed", 409, "该草稿已提交为订单 {order}", "This draft has become the order {order}", "请在订单页面继续", "Go on with the order";
        EXPIRED = "cart.expired", 409, "该草稿已过期", "This draft has run out", "请重新受理", "Begin the sale again";
        HELD = "cart.held", 409, "{operator} 正在办理该草稿", "{operator} is working on this draft", "如需继续，请先接手", "Take it over first to go on with it";
        EMPTY = "cart.empty", 422, "草稿中没有商品", "The draft holds no offering", "请先选择商品", "Choose an offering first";
        CUSTOMER_MISSING = "cart.customer_missing", 422, "草稿没有指明客户", "The draft names no customer", "请先识别或新建客户", "Identify the customer, or enter a new one";
        TOO_MANY = "cart.too_many", 422, "草稿中的商品超过 {most} 项", "The draft holds more than {most} items", "请分成几单", "Make several of it";
        PRICE_CHANGED = "cart.price_changed", 409, "价格已变为 {now} 元，原为 {was} 元", "The price is now {now} yuan instead of {was}", "请向客户说明新价格后再提交", "Tell the customer the new price, then submit again";
    }
}

pub fn module() -> Module {
    let mut routes = tmf::routes(&SHOPPING_CART);
    routes.extend(desk::routes());
    routes.extend(submit::routes());
    Module {
        name: "cart",
        routes,
        migrations: const { &[Migration::new("cart", 1, include_str!("../migrations/0001_cart.sql"))] },
        problems: problems::ALL,
        permissions: const { &[READ, WRITE] },
        ..Module::default()
    }
}
