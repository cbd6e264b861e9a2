//! API tokens from the command line: how the first machine gets in.

use super::{Done, Place};
use kernel::{Actor, OrgPath};
use std::process::ExitCode;

pub fn create(place: &Place, role: &str, org: &str) -> Done {
    let (db, _) = place.open(kernel::Env::system())?;
    let (role, org) = (role.to_owned(), OrgPath::parse(org)?);
    let text = db.write_blocking(Actor::system(), move |tx| access::create_token(tx, &role, &org))?;
    println!("{text}");
    Ok(ExitCode::SUCCESS)
}
