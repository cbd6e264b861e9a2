//! bench
use crate::{Done, args::Args};
pub fn run(_: &Args) -> Done {
    Ok(())
}
