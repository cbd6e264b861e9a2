//! On which day an account's cycles begin: its billing cycle specification says so, and it does not change once the account
//! has been billed, because two cycles of different days overlap.

use crate::problems;
use kernel::{Cycle, Problem, Result};
use serde_json::{Map, Value};
use store::{Tx, params, sql};

sql! {
    OF = "SELECT day FROM account_cycle WHERE account_id = $1";
    SPECIFICATION = "SELECT body FROM billing_cycle_specification WHERE id = $1";
    KEEP = "INSERT INTO account_cycle (account_id, day) VALUES ($1, $2) ON CONFLICT (account_id) DO UPDATE SET day = excluded.day";
    DROP_DAY = "DELETE FROM account_cycle WHERE account_id = $1";
    BILLED = "SELECT 1 FROM bill WHERE account_id = $1 LIMIT 1";
}

/// The day of the month on which the account's cycles begin.
pub fn of_account(tx: &mut Tx<'_>, account_id: &str) -> Result<i8> {
    let row = tx.query_opt(&OF, params![account_id])?;
    Ok(row.and_then(|r| i8::try_from(r.int(0)).ok()).unwrap_or(1))
}

/// The account's cycle that today lies in.
pub fn bill_cycle_of(tx: &mut Tx<'_>, account_id: &str) -> Result<Cycle> {
    let (today, day) = (tx.now().date(), of_account(tx, account_id)?);
    Ok(Cycle::containing(today, day))
}

/// The day that a document of an account asks for. A specification shifts it by days against the natural month.
fn asked(tx: &mut Tx<'_>, doc: &Map<String, Value>) -> Result<i64> {
    let id = doc.get("billStructure").and_then(|b| b["cycleSpecification"]["id"].as_str()).unwrap_or("natural-month");
    let Some(row) = tx.query_opt(&SPECIFICATION, params![id])? else { return Ok(1) };
    let shift = row.json(0)["billingDateShift"].as_i64().unwrap_or(0);
    if !(0..i64::from(Cycle::LAST_DAY)).contains(&shift) {
        return Err(Problem::invalid("billStructure.cycleSpecification", "billingDateShift 0–27"));
    }
    Ok(shift + 1)
}

/// Keeps the day of an account as its document says. Refused where the account has bills of another day.
pub fn keep(tx: &mut Tx<'_>, account_id: &str, doc: &Map<String, Value>) -> Result<()> {
    let day = asked(tx, doc)?;
    if i64::from(of_account(tx, account_id)?) == day {
        return Ok(());
    }
    if tx.query_opt(&BILLED, params![account_id])?.is_some() {
        return Err(Problem::new(&problems::CYCLE_FIXED).field("billStructure.cycleSpecification"));
    }
    match day {
        1 => tx.execute(&DROP_DAY, params![account_id])?,
        _ => tx.execute(&KEEP, params![account_id, day])?,
    };
    usage::set_cycle_day(tx, account_id, i8::try_from(day).unwrap_or(1))
}
