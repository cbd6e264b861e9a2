//! Pricing: what an offering costs from a given day. The rest of the system knows offerings, not formulas; this module is
//! the only place that turns one into the other, and it can be replaced by an outside billing system.
//!
//! A bundle with prices of its own is charged as a whole and its components are free within it; a bundle without prices
//! costs what its components cost.

mod month;
mod quote;
mod tariff;

pub use month::Part;
pub use quote::{ChargeKind, Line, Quote, QuoteItem, line, price};
pub use tariff::{Charge, Tariff, own, tariff};
