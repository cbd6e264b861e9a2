//! 携号转入: a sale in which the customer brings the number (see `capture`: characteristics `number` and `portInCode`).

use super::{Business, Level, Spec};
use crate::problems;
use kernel::Problem;

pub static SPEC: Spec = Spec {
    level: Level::Customer,
    listed: false,
    perm: crate::CREATE,
    ..Spec::new(Business::PortIn, "携号转入", "Port in", |_, _| Err(Problem::new(&problems::A_SALE)))
};
