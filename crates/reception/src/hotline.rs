//! The hotline: a call, the verification of who is calling, what a caller may then have, and its wrapping up.
//!
//! ```text
//! open (none → basic → full) → wrapped
//! ```
//! Invariants: an agent has one open call (a unique index); whoever was not verified learns nothing of the customer beyond
//! what they said themselves; tries are limited in the call and over the day; a call ends with the reason of calling, and
//! stands on the customer's timeline.

mod answer;
mod call;
mod routes;
mod script;
mod verify;

pub use call::{Level, guard, verified};
pub use routes::routes;

use kernel::Perm;

pub const TAKE: Perm = Perm { name: "call.take", zh: "接听热线", en: "Take calls" };
pub const READ: Perm = Perm { name: "call.read", zh: "查看来电记录", en: "See calls" };
pub const SCRIPTS: Perm = Perm { name: "call.scripts", zh: "维护热线话术", en: "Maintain what is said on calls" };
pub const PASSWORD: Perm =
    Perm { name: "customer.service_password", zh: "设置服务密码", en: "Set service passwords" };
