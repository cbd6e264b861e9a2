//! Billing systems outside this process: the same collaboration orders over HTTP, beside the embedded one.
//!
//! ```text
//! waiting ─POST {url}/api/v1/collaboration/inbox─→ sent ─acknowledged─→ received ─asked, or called back─→ succeeded | failed
//! ```
//! The id is the key: said twice it is done once, so whatever is not known to have arrived is told again. Our own server can be
//! the system that others tell ([`inbox`]). What an order took back is told too, and the receiver keeps a late forward from
//! being done after its inverse.

mod admin;
mod answer;
mod client;
mod deliver;
mod inbox;
mod route;
mod system;
mod told;

pub use admin::routes;
pub use client::{Heard, call, send};
pub use deliver::{outside_due, reach};
pub use route::{of_customer, of_fact};
pub use system::{Address, address_to, answered_at, enabled, system_of};
pub use told::{Told, charged_here, embedded_on, retell, told_on, told_once};
