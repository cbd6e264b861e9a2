//! Log-ins: the count of failures, the lock, the session behind the cookie.

use crate::{limit, problems, staff::Staff};
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};
use store::{Tx, params, sql};

pub const COOKIE: &str = "yitai_session";

sql! {
    FAILURE = "SELECT failures, since, locked_until FROM login_failure WHERE login_key = $1";
    SET_FAILURE = "INSERT INTO login_failure (login_key, failures, since, locked_until) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (login_key) DO UPDATE SET failures = excluded.failures, since = excluded.since, \
                   locked_until = excluded.locked_until";
    CLEAR_FAILURE = "DELETE FROM login_failure WHERE login_key = $1";
    INSERT = "INSERT INTO staff_session (id, staff_id, created_at, seen_at, expires_at) VALUES ($1, $2, $3, $3, $4)";
    FIND = "SELECT staff_id, seen_at, expires_at FROM staff_session WHERE id = $1";
    SEEN = "UPDATE staff_session SET seen_at = $2 WHERE id = $1 AND seen_at < $2";
    END = "DELETE FROM staff_session WHERE id = $1";
    END_OTHERS = "DELETE FROM staff_session WHERE staff_id = $1 AND id <> $2";
    SWEEP_ENDED = "DELETE FROM staff_session WHERE expires_at < $1";
    SWEEP_FAILURES = "DELETE FROM login_failure WHERE since < $1";
}

/// How a secret is kept: its SHA-256. The secrets are 256 random bits, so nothing slower is needed.
pub fn hashed(secret: &str) -> String {
    Sha256::digest(secret).iter().map(|b| format!("{b:02x}")).collect()
}

/// What `X-CSRF-Token` must carry: known to whoever can read our answers, and to nobody else.
pub fn csrf(secret: &str) -> String {
    hashed(&format!("csrf {secret}"))[..32].to_owned()
}

/// Fails with 423 while the login is locked.
pub fn check_lock(tx: &mut Tx<'_>, login: &str) -> Result<()> {
    let until = tx.query_opt(&FAILURE, params![hashed(login)])?.and_then(|row| row.opt_time(2));
    match until {
        Some(until) if until > tx.now() => {
            let minutes = (until.seconds_since(tx.now()) + 59) / 60;
            Err(Problem::new(&problems::LOCKED).with("minutes", &minutes.to_string()))
        }
        _ => Ok(()),
    }
}

/// Counts a failed log-in; locks the login when there were too many.
pub fn failed(tx: &mut Tx<'_>, login: &str, known: Option<&Staff>) -> Result<()> {
    let (allowed, minutes) = (limit::FAILURES.get(tx)?, limit::LOCK_MINUTES.get(tx)?);
    let key = hashed(login);
    let (mut failures, mut since) = (1, tx.now());
    if let Some(row) = tx.query_opt(&FAILURE, params![key])? {
        // Failures count together as long as each came within the lock time of the first.
        let recent = tx.now().seconds_since(row.time(1)) < minutes * 60 && row.is_null(2);
        (failures, since) = if recent { (row.int(0) + 1, row.time(1)) } else { (1, tx.now()) };
    }
    let locked: Option<Timestamp> = (failures >= allowed).then(|| tx.now().plus_seconds(minutes * 60));
    tx.execute(&SET_FAILURE, params![key, failures, since, locked])?;
    let Some(staff) = known else { return Ok(()) };
    let action = if locked.is_some() { "session.locked" } else { "session.refused" };
    tx.audit(action, "staff", &staff.id, &staff.org, &json!({"failures": failures}))
}

/// Opens a session and returns the secret for the cookie, and when it ends.
pub fn begin(tx: &mut Tx<'_>, staff: &Staff) -> Result<(String, Timestamp)> {
    let hours = limit::SESSION_HOURS.get(tx)?;
    let secret = tx.env().random_hex(32);
    let ends = tx.now().plus_seconds(hours * 3600);
    tx.execute(&CLEAR_FAILURE, params![hashed(&staff.login)])?;
    tx.execute(&INSERT, params![hashed(&secret), staff.id, tx.now(), ends])?;
    tx.audit("session.begin", "staff", &staff.id, &staff.org, &json!({}))?;
    Ok((secret, ends))
}

pub struct Session {
    pub staff_id: String,
    pub seen_at: Timestamp,
    pub ends: Timestamp,
}

/// The session, if it has not ended.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<Session>> {
    let Some(row) = tx.query_opt(&FIND, params![id])? else { return Ok(None) };
    let idle = limit::IDLE_MINUTES.get(tx)?;
    let (seen_at, ends) = (row.time(1), row.time(2).min(row.time(1).plus_seconds(idle * 60)));
    Ok((ends > tx.now()).then(|| Session { staff_id: row.text(0), seen_at, ends }))
}

pub fn seen(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    tx.execute(&SEEN, params![id, tx.now()]).map(drop)
}

pub fn end(tx: &mut Tx<'_>, id: &str, staff: &str, org: &OrgPath) -> Result<()> {
    if tx.execute(&END, params![id])? > 0 {
        tx.audit("session.end", "staff", staff, org, &json!({}))?;
    }
    Ok(())
}

/// Ends every session of a person but `keep`.
pub fn end_others(tx: &mut Tx<'_>, staff: &str, keep: &str) -> Result<()> {
    tx.execute(&END_OTHERS, params![staff, keep]).map(drop)
}

/// Drops what has ended.
pub fn sweep(tx: &mut Tx<'_>) -> Result<()> {
    tx.execute(&SWEEP_ENDED, params![tx.now()])?;
    tx.execute(&SWEEP_FAILURES, params![tx.now().plus_seconds(-2 * 86_400)])?;
    Ok(())
}
