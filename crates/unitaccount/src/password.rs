//! The unit's own password, which allocation, collection and loading ask for once it is set (R-CPC-05, 15).
//!
//! It is checked outside of the transaction, as hashing takes tens of milliseconds; several wrong ones in a row lock it.

use crate::{problems, settings, unit};
use access::{Password, verify_password};
use http::Ctx;
use kernel::{Problem, Result};
use serde_json::json;
use store::{Tx, params, sql};

/// Shorter than a login's: it is asked for beside one.
const LEAST: i64 = 8;

sql! {
    HASH = "SELECT password_hash, locked_until FROM unit_account WHERE id = $1";
    SET = "UPDATE unit_account SET password_hash = $2, password_at = $3, failed = 0, locked_until = NULL, version = version + 1, \
           updated_at = $3 WHERE id = $1";
    FAILED = "UPDATE unit_account SET failed = failed + 1 WHERE id = $1 RETURNING failed";
    LOCK = "UPDATE unit_account SET failed = 0, locked_until = $2 WHERE id = $1";
    RIGHT = "UPDATE unit_account SET failed = 0, locked_until = NULL WHERE id = $1 AND failed > 0";
}

/// Passes where the unit has no password, or this is it.
pub async fn check(ctx: &Ctx, unit_id: &str, given: &str) -> Result<()> {
    let id = unit_id.to_owned();
    let kept = ctx
        .read(move |tx| {
            unit::unit(tx, &id)?;
            let row = tx.query_one(&HASH, params![id])?;
            let locked = row.opt_time(1).filter(|until| *until > tx.now());
            Ok((row.opt_text(0), locked))
        })
        .await?;
    let (hash, locked) = kept;
    let Some(hash) = hash else { return Ok(()) };
    if let Some(until) = locked {
        return Err(Problem::new(&problems::PASSWORD_LOCKED).field("password").with("value", &until.to_string()));
    }
    if given.is_empty() {
        return Err(Problem::new(&problems::PASSWORD_NEEDED).field("password"));
    }
    if given.chars().count() <= 128 && verify_password(given, Some(hash)).await? {
        let id = unit_id.to_owned();
        return ctx.write(move |tx| tx.execute(&RIGHT, params![id]).map(drop)).await;
    }
    let id = unit_id.to_owned();
    ctx.write(move |tx| wrong(tx, &id)).await?;
    Err(Problem::new(&problems::PASSWORD_WRONG).field("password"))
}

fn wrong(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let failed = tx.query_one(&FAILED, params![id])?.int(0);
    if failed >= settings::TRIES.number(tx)? {
        let until = tx.now().plus_seconds(settings::LOCK_MINUTES.number(tx)? * 60);
        tx.execute(&LOCK, params![id, until])?;
        let unit = unit::unit(tx, id)?;
        unit.publish(tx, "PasswordLock", json!({"until": until}))?;
    }
    Ok(())
}

/// Makes a password that passes the rules; outside of transactions.
pub async fn make(ctx: &Ctx, unit_id: &str, text: &str) -> Result<Password> {
    let id = unit_id.to_owned();
    let unit_no = ctx.read(move |tx| Ok(unit::unit(tx, &id)?.unit_no)).await?;
    Password::make(ctx.app.db().env(), text, &unit_no, LEAST).await
}

pub fn set(tx: &mut Tx<'_>, unit_id: &str, password: &Password, reset: bool) -> Result<()> {
    let unit = unit::lock(tx, unit_id)?;
    tx.execute(&SET, params![unit_id, password.as_hash(), tx.now()])?;
    let unit = unit::Unit { version: unit.version + 1, ..unit };
    unit.publish(tx, "PasswordChange", json!({"reset": reset}))
}
