//! The house itself: what holds for every module.

mod guards;
mod statements;
