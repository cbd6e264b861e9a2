//! The composition root: the modules put together, the configuration, the command line.

pub mod cli;
mod health;
pub mod modules;
mod pages;
pub mod seed;
