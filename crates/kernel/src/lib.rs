//! The words every crate shares: ids, time, money, who is acting, where they belong, and what went wrong.
//!
//! Nothing here does I/O. Time, ids and randomness come from [`Env`] so that a test runs on a fixed clock and a seed.

mod actor;
mod cycle;
mod env;
mod id;
mod money;
mod org;
mod phone;
mod problem;
mod time;

pub use actor::{Actor, ActorKind, Perm};
pub use cycle::Cycle;
pub use env::{Clock, Env};
pub use id::Id;
pub use money::Money;
pub use org::OrgPath;
pub use phone::{Phone, mask_certificate, mask_phone};
pub use problem::{Code, Lang, Problem, codes};
pub use time::{Date, Timestamp};

/// What every operation returns: a value, or a problem that a person can act on.
pub type Result<T, E = Problem> = std::result::Result<T, E>;
