//! The first administrator: a one-time link, printed where only the operator reads it. No account has a known password.

use crate::{NewStaff, Password, create_staff, organization, problems, session::hashed, staff};
use kernel::{OrgPath, Problem, Result};
use store::{Tx, params, sql};

const VALID_HOURS: i64 = 24;

sql! {
    FORGET = "DELETE FROM setup_link WHERE used_at IS NULL";
    INSERT = "INSERT INTO setup_link (token_hash, created_at, expires_at) VALUES ($1, $2, $3)";
    FIND = "SELECT 1 FROM setup_link WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
    USE = "UPDATE setup_link SET used_at = $2 WHERE token_hash = $1 AND used_at IS NULL AND expires_at > $2";
}

/// True while nobody could log in.
pub fn setup_needed(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(!staff::any(tx)?)
}

/// A new one-time token where there is no staff yet; earlier ones end.
pub fn setup_link(tx: &mut Tx<'_>) -> Result<Option<String>> {
    if staff::any(tx)? {
        return Ok(None);
    }
    let token = tx.env().random_hex(24);
    tx.execute(&FORGET, params![])?;
    tx.execute(&INSERT, params![hashed(&token), tx.now(), tx.now().plus_seconds(VALID_HOURS * 3600)])?;
    Ok(Some(token))
}

/// Fails with 404 unless the link can be used.
pub fn check(tx: &mut Tx<'_>, token: &str) -> Result<()> {
    let known = tx.query_opt(&FIND, params![hashed(token), tx.now()])?.is_some();
    if known && !staff::any(tx)? { Ok(()) } else { Err(Problem::new(&problems::SETUP_INVALID)) }
}

/// Makes the first administrator, for the whole group.
pub fn finish(tx: &mut Tx<'_>, token: &str, login: &str, name: &str, password: &Password) -> Result<String> {
    check(tx, token)?;
    if tx.execute(&USE, params![hashed(token), tx.now()])? != 1 {
        return Err(Problem::new(&problems::SETUP_INVALID));
    }
    organization::ensure_organizations(tx, &[("/cn", "集团", "group")])?;
    let new = NewStaff {
        login: login.to_owned(),
        name: name.to_owned(),
        org: OrgPath::root(),
        scope: OrgPath::root(),
        roles: vec!["admin".to_owned()],
        password: password.clone(),
    };
    create_staff(tx, new)
}
