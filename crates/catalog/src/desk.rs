//! (placed below)
use store::Tx;
pub struct Found;
pub fn find(_: &mut Tx<'_>, _: &str, _: i64) -> kernel::Result<Vec<Found>> { Ok(vec![]) }
pub(crate) fn routes() -> Vec<http::Route> { vec![] }
