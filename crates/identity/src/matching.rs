//! The matching itself, without a database: what a record says about a person, when two records speak of the same one, and
//! which records together are one customer.
//!
//! Rows become fixed-size [`Features`] of hashes and normalised letters; [`blocks`] say which records are worth comparing;
//! [`score`] compares two and says why; [`cluster`] joins what is certain, guarded against chains; [`engine`] does it for
//! millions out of files, with both cores and bounded memory.

pub mod blocks;
pub mod cluster;
pub mod engine;
pub mod features;
pub mod score;
pub mod text;
