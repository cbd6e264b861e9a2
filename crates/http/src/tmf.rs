//! The TMF630 dialect: one description of a document resource gives its five operations, the same everywhere.
//!
//! A document table has the columns `id, version, org, created_at, updated_at, body` and, for what queries and constraints
//! need, further columns projected from the body ([`Rules::columns`]). The body is what the client sent, unknown
//! attributes included, plus `id`, `href` and `@type`.

mod document;
mod filter;
mod list;
mod patch;
mod resource;
mod routes;

pub use document::{
    Document, delete, delete_silently, get, insert, insert_rows, insert_silently, load, lock, publish, row, save,
    save_silently,
};
pub use filter::{Column, Kind};
pub use list::{Listing, select};
pub use resource::{Api, Ops, Rendered, Resource, Rules, Unruled};
pub use routes::routes;
