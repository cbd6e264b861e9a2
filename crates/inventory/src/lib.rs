//! What customers hold and what it runs on: products (TMF637), services (TMF638), resources (TMF639), the pool of
//! telephone numbers and the ports of the access network.
//!
//! Invariants: a number serves at most one live product and a live product's number is in use or suspended; a number is
//! given to one order at a time (conditional updates on its row); a port carries one product.

mod check;
pub mod numbers;
pub mod ports;
pub mod products;
pub mod resources;
pub mod services;

use http::{Module, tmf};
use kernel::Perm;
use store::Migration;

pub const READ: Perm = Perm { name: "inventory.read", zh: "查看产品与资源", en: "See products and resources" };
pub const WRITE: Perm =
    Perm { name: "inventory.write", zh: "维护产品与资源资料", en: "Maintain products and resources" };
pub const NUMBER_READ: Perm = Perm { name: "number.read", zh: "查询号码", en: "Search numbers" };
pub const NUMBER_LOCK: Perm = Perm { name: "number.lock", zh: "预占号码", en: "Lock numbers" };

/// Error codes of this crate.
pub mod problems {
    kernel::codes! {
        NUMBER_TAKEN = "number.taken", 409, "号码 {number} 已被占用", "The number {number} is taken", "请另选号码", "Pick another number";
        NUMBER_UNKNOWN = "number.unknown", 404, "号码 {number} 不在可售号码池中", "The number {number} is not in the pool", "请从号码池选号", "Pick a number from the pool";
        LOCK_EXPIRED = "number.lock_expired", 409, "号码 {number} 的预占已过期", "The lock on number {number} has expired", "请重新预占该号码或另选号码", "Lock the number again or pick another";
        LOCK_FOREIGN = "number.lock_token", 409, "号码 {number} 的预占凭证无效或已使用", "The lock token of number {number} is not valid or was used already", "请重新选号", "Pick the number again";
        NUMBER_STATE = "number.state", 409, "号码 {number} 当前状态为 {state}，不能{action}", "The number {number} is {state}: {action} is not possible", "请刷新后再试", "Reload and try again";
        PATTERN_INVALID = "number.pattern", 400, "选号条件 {value} 无效", "The number pattern {value} is not valid", "例如 *888*、1390013*、*AAA、*ABCD", "For example *888*, 1390013*, *AAA, *ABCD";
        PRODUCT_STATE = "product.state", 409, "产品当前状态为 {from}，不能变为 {to}", "The product is {from} and cannot become {to}", "请刷新后再试", "Reload and try again";
        NO_PORT = "port.none", 409, "该区域没有空闲端口", "There is no free port in this area", "请联系资源部门扩容或改派", "Ask the resource department for capacity";
        RANGE_INVALID = "number.range", 400, "号段 {value} 无效", "The number range {value} is not valid", "起止号码须同长且不超过一百万个", "Both ends need the same length, at most a million numbers";
    }
}

/// Periodic work of this crate, run by `flow`.
pub const EXPIRY: (&str, i64) = ("inventory.number_expiry", 15);

pub fn module() -> Module {
    let mut routes = numbers::routes();
    for resource in [&products::PRODUCT, &services::SERVICE, &resources::RESOURCE] {
        routes.extend(tmf::routes(resource));
    }
    Module {
        name: "inventory",
        routes,
        migrations: const { &[Migration::new("inventory", 1, include_str!("../migrations/0001_inventory.sql"))] },
        problems: problems::ALL,
        permissions: const { &[READ, WRITE, NUMBER_READ, NUMBER_LOCK] },
        checks: check::ALL.to_vec(),
        ..Module::default()
    }
}
