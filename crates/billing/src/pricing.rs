//! Pricing: what an offering costs from a given day. The rest of the system knows offerings, not formulas; this module is
//! the only place that turns one into the other, and it can be replaced by an outside billing system (see [`seam`]).
//!
//! A bundle with prices of its own is charged as a whole and its components are free within it; a bundle without prices
//! costs what its components cost.

mod ask;
mod discount;
mod month;
mod outside;
mod quote;
mod reductions;
mod routes;
mod seam;
mod tariff;

pub use ask::{Applies, Discount, PriceAsk, PriceItem, discounts_in};
pub use discount::{Cut, DiscountLine, Reduction, apply as apply_discounts};
pub use month::Part;
pub use outside::Outside;
pub use quote::{Bound, ChargeKind, Declined, Line, Quote, QuoteItem, compute, line};
pub use reductions::reductions;
pub use routes::routes;
pub use seam::{Embedded, Pricing, answer, price, run, use_pricing};
pub use tariff::{Charge, Owned, Tariff, tariff};
