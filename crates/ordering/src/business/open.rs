//! 新装 / 开户: a sale. It is taken as a cart or a TMF622 order (see `capture`), not as an action on something that is there.

use super::{Business, Level, Spec};
use crate::problems;
use kernel::Problem;

pub static SPEC: Spec = Spec {
    level: Level::Customer,
    listed: false,
    perm: crate::CREATE,
    ..Spec::new(Business::Open, "新装", "Open", |_, _| Err(Problem::new(&problems::A_SALE)))
};
