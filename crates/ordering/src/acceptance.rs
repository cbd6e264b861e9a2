//! Taking a business in (受理): the same way for all of them.
//!
//! ```text
//! ask → case → fields, checks (all at once) → change planned → order with locks and effects → saga
//! ```
//! A business file says what it checks and what it changes ([`Change`]); everything else is here: reading the ask
//! ([`case`]), the checks that several share ([`checks`]), dates ([`effective`]), locks on products ([`lock`]), the records
//! that an order changes with what they were before ([`effects`]), the saga's steps ([`steps`]), and placing the order
//! ([`place`]).

mod actions;
mod case;
mod change;
pub mod checks;
mod effective;
pub mod effects;
mod field;
pub mod handlers;
pub mod lock;
mod network;
mod place;
mod preview;
mod routes;
mod steps;

pub use case::{Ask, Case, Target};
pub use change::{Call, Change, Fact, Made};
pub use checks::{Check, Problems};
pub use effective::Effective;
pub use effects::Effect;
pub use field::{Choice, Field, FieldKind};
pub use place::{Placed, case_of, fill, place, start};
pub use preview::{examine, state_titles};
pub use routes::routes;

use kernel::{Lang, Problem};
use serde_json::{Value, json};

/// A problem as it is stored: in both languages.
pub fn problem_json(problem: &Problem) -> Value {
    json!({
        "code": problem.code.id,
        "reason": {"zh-CN": problem.reason(Lang::Zh), "en": problem.reason(Lang::En)},
        "message": {"zh-CN": problem.help(Lang::Zh), "en": problem.help(Lang::En)},
    })
}
