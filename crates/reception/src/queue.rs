//! Tickets of walk-in visitors: taken at the machine, called to a counter, served, and the board that shows it.
//!
//! ```text
//! waiting → called → serving → done
//!    ↑        ├→ noShow ┄(back in time)┄→ waiting
//!    └────────┴─ transfer
//! waiting → cancelled | lapsed (the hall has closed)
//! ```
//! Invariants: a ticket is called by one counter (a conditional update on its row); a counter has one visitor at a time (a
//! unique index); who goes before others is called as if having come earlier, so nobody waits for ever.

mod board;
mod counter;
mod kind;
mod routes;
mod state;
mod statistics;
mod ticket;

pub use routes::routes;
pub use state::{Change, TicketState};
pub use ticket::close_days;

use crate::problems;
use kernel::{OrgPath, Perm, Problem, Result};
use serde_json::json;
use store::{Event, Tx};

pub const TAKE: Perm = Perm { name: "queue.take", zh: "取号", en: "Take tickets" };
pub const SERVE: Perm = Perm { name: "queue.serve", zh: "叫号", en: "Call tickets" };
pub const BOARD: Perm = Perm { name: "queue.board", zh: "查看叫号屏", en: "See the waiting board" };
pub const READ: Perm = Perm { name: "queue.read", zh: "查看排队统计", en: "See the figures of queues" };

/// The hall a request is about: the one it names, or the actor's own. A hall is a place below a city.
pub fn hall(tx: &Tx<'_>, named: Option<&str>) -> Result<OrgPath> {
    let org = match named {
        Some(text) => {
            let org = OrgPath::parse(text)?;
            tx.must_see(org.as_str())?;
            org
        }
        None => tx.actor().org.clone(),
    };
    match org.as_str().matches('/').count() {
        4.. => Ok(org),
        _ => Err(Problem::new(&problems::NO_HALL)),
    }
}

/// The day's queue of a hall has changed: boards and counters look again.
fn changed(tx: &mut Tx<'_>, org: &OrgPath, ticket: &str, version: i64, what: &str) -> Result<()> {
    let event = Event::new("QueueChangeEvent", "board", ticket, version, org)
        .topic(format!("queue:{org}"))
        .payload(json!({"queue": {"ticket": ticket, "what": what}}))
        .audit(json!({"what": what}));
    tx.announce(&event)
}
