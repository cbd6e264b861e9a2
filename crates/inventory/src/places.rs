//! Addresses (TMF673), sites (TMF674), and what can be had at an address (TMF645).

mod address;
mod coverage;
mod qualification;
mod routes;
mod site;

pub use address::{ADDRESS, VALIDATION, add as add_address, find};
pub use coverage::{Alternative, Coverage, Qualification, Why, cover, qualify};
pub use qualification::{CHECK, QUERY};
pub(crate) use routes::routes;
pub use site::SITE;
