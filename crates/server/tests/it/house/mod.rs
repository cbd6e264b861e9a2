//! The house itself: what holds for every module.

mod faults;
mod guards;
mod scope;
mod statements;
