//! Usage: what was used under which number, taken in by file or stream, kept for good, looked up in a moment (TMF635).
//!
//! * [`service`](mod@service) tells whose a record is; [`records`] is the one way to read, for rating as for the detail
//!   of a number.
//! * Records are not rows but lie packed in blocks, sorted by service
//!   ([ADR 0020](../../../docs/adr/0020-usage-in-blocks.md)). Rating happens when it is asked for, so a record that comes
//!   late, twice or out of order cannot leave a wrong sum behind.

mod block;
mod cycles;
mod filter;
mod incoming;
pub mod problems;
mod read;
mod record;
mod service;
mod settings;
mod take;

pub use cycles::{close_cycle, closed_at, is_closed};
pub use incoming::{Incoming, Texts};
pub use read::records;
pub use record::{Direction, Kind, Record};
pub use service::{
    Holding, NewService, Service, ServiceKey, close_service, holdings, move_org, move_service, normalise, open_service,
    reassign, renumber, reopen_service, service, service_of, services_of_account, services_of_customer,
    services_of_product, set_cycle_day,
};
pub use take::{Fate, take};

use http::Module;
use store::Migration;

const MIGRATIONS: &[Migration] = &[Migration::new("usage", 1, include_str!("../migrations/0001_usage.sql"))];

pub fn module() -> Module {
    Module { name: "usage", migrations: MIGRATIONS, problems: problems::ALL, ..Module::default() }
}
