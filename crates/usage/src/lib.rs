//! Usage: what was used under which number, taken in by file or stream, kept for good, looked up in a moment (TMF635).
//!
//! * [`service`](mod@service) tells whose a record is; [`records`] is the one way to read, for rating as for the detail
//!   of a number.
//! * Records are not rows but lie packed in blocks, sorted by service
//!   ([ADR 0020](../../../docs/adr/0020-usage-in-blocks.md)). Rating happens when it is asked for, so a record that comes
//!   late, twice or out of order cannot leave a wrong sum behind.
//! * [`take()`] is the one way in, for files, streams and documents: each record once, into an open cycle, or refused with a
//!   reason; those that may have a service later wait in the error pool.

mod background;
mod block;
mod cycles;
mod detail;
mod files;
mod filter;
mod incoming;
mod merge;
pub mod problems;
mod read;
mod record;
mod retention;
mod routes;
mod runs;
mod service;
mod settings;
mod stream;
mod suspense;
mod take;
mod tmf;
mod touched;

pub use background::{compact_now, jobs, reconcilers};
pub use cycles::{close_cycle, closed_at, is_closed};
pub use detail::{Priced, Prices, Wanted, page, use_prices};
pub use files::{FileState, NewFile, begin, digest, import, use_directory};
pub use incoming::{Incoming, Texts};
pub use read::records;
pub use record::{Direction, Kind, Record};
pub use service::sample as sample_services;
pub use service::{
    Holding, NewService, Service, ServiceKey, close_service, holdings, move_org, move_service, normalise, open_service,
    reassign, renumber, reopen_service, service, service_of, services_of_account, services_of_customer,
    services_of_product, set_cycle_day,
};
pub use take::{Fate, take};
pub use tmf::{USAGE, USAGE_SPECIFICATION};
pub use touched::{Touched, looked_at, touched};

use http::Module;
use kernel::Perm;
use store::Migration;

pub const READ: Perm = Perm { name: "usage.read", zh: "查询话单", en: "See usage" };
pub const PEER: Perm =
    Perm { name: "usage.peer", zh: "查看话单的完整对端号码", en: "See whole numbers of the other side" };
pub const INTAKE: Perm = Perm { name: "usage.intake", zh: "导入话单", en: "Take usage in" };
pub const POOL: Perm = Perm { name: "usage.pool", zh: "处理错单", en: "Deal with the error pool of usage" };
pub const SETTINGS: Perm = Perm { name: "usage.settings", zh: "设置话单规则", en: "Set limits of usage" };

const MIGRATIONS: &[Migration] = &[
    Migration::new("usage", 1, include_str!("../migrations/0001_usage.sql")),
    Migration::new("usage", 2, include_str!("../migrations/0002_touched.sql")),
];

pub fn module() -> Module {
    let mut routes = routes::routes();
    routes.extend(http::tmf::routes(&USAGE));
    routes.extend(http::tmf::routes(&USAGE_SPECIFICATION));
    Module {
        name: "usage",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: &[READ, PEER, INTAKE, POOL, SETTINGS],
        checks: vec![background::CHECK],
        ..Module::default()
    }
}
