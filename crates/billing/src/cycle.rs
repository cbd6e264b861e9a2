//! The bill run (出账): at the end of a cycle every account with services gets exactly one bill.
//!
//! [`reckon`] is the pure part: what a product costs in a cycle. [`gather`] reads what it needs for many accounts at once,
//! [`batch`] makes bills of it in one transaction with the mark of how far the run is, [`drive`] goes on until it is done,
//! and can be killed anywhere. [`clock`] says which cycles are due. The usage of a cycle is closed before its first bill,
//! so that what comes late goes to the next one, with a note.
//!
//! An account that has services and nothing to pay gets a bill of zero, settled at once: its customer can see that the
//! month was looked at, and the next run knows it too.

mod alert;
mod batch;
mod clock;
mod day;
mod days;
mod drive;
mod gather;
pub(crate) mod note;
mod reckon;
mod routes;
mod run;
mod used;
mod watch;

pub use crate::bill::Ready;
pub use day::bill_cycle_of;
pub(crate) use day::keep as keep_day;
pub(crate) use day::of_account as day_of;
pub(crate) use drive::background;
pub use drive::{drive, round, run_now};
pub(crate) use note::Note;
pub(crate) use routes::{parse, routes};
pub(crate) use run::is_going;
pub use run::{Run, State, run, runs, set_stopped, start};
pub(crate) use watch::background as watching;
pub use watch::{look_at, sweep};
