//! SIM cards and devices: every one a row under its serial number, in a warehouse, with a ledger of what happened to it.
//!
//! An item is given once: each change is a conditional update that names the state it comes from, and a product has one
//! item of a kind (unique index). Items move between warehouses by transfers that two people handle.

mod bulk;
mod counts;
mod items;
mod ledger;
mod levels;
pub(crate) mod picks;
mod routes;
mod serial;
mod state;
pub mod tmf;
mod transfers;
mod warehouses;

pub use bulk::{NewItem, NewWarehouse, stock_up, warehouse_of};
pub use items::{
    Item, bind, free, kept_for, known, of_product, release_order, release_product, replace, reserve, take_back, unbind,
    unreplace,
};
pub(crate) use ledger::{Movement, record};
pub(crate) use levels::levels;
pub(crate) use routes::routes;
pub(crate) use serial::check as check_serial;
pub use serial::{luhn, with_luhn};
pub use state::{ItemState, Kind};
pub use transfers::{Dispatch, Receipt, dispatch, receive};
pub(crate) use warehouses::own as own_warehouse;
pub use warehouses::{Warehouse, ensure as ensure_warehouse, set_minimum};
