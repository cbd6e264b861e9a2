//! Debts given up, by decision of two people, and taken up again when they are paid after all.

use crate::{case::Case, problems};
use kernel::{Money, OrgPath, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Event, Filter, Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct WriteOff {
    pub id: String,
    #[serde(skip)]
    pub version: i64,
    pub org: OrgPath,
    pub case_id: String,
    pub account_id: String,
    pub customer_id: String,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    #[serde(rename = "recoveredFen")]
    pub recovered: Money,
    pub state: String,
    pub reason: String,
    pub asked_by: String,
    pub approved_by: String,
    pub at: Timestamp,
}

sql! {
    OPEN_OF_CUSTOMER = "SELECT id, version, org, case_id, account_id, customer_id, amount_fen, recovered_fen, state, reason, asked_by, approved_by, at \
                        FROM dunning_write_off WHERE customer_id = $1 AND state = 'written' ORDER BY at, id";
    ONE = "SELECT id, version, org, case_id, account_id, customer_id, amount_fen, recovered_fen, state, reason, asked_by, approved_by, at \
           FROM dunning_write_off WHERE id = $1";
    LOCK = "SELECT id, version, org, case_id, account_id, customer_id, amount_fen, recovered_fen, state, reason, asked_by, approved_by, at \
            FROM dunning_write_off WHERE id = $1 {for_update}";
    INSERT = "INSERT INTO dunning_write_off (id, version, org, case_id, account_id, customer_id, amount_fen, recovered_fen, state, reason, \
              asked_by, approved_by, at, updated_at) VALUES ($1, 1, $2, $3, $4, $5, $6, 0, 'written', $7, $8, $9, $10, $10)";
    SAVE = "UPDATE dunning_write_off SET version = version + 1, recovered_fen = $3, state = $4, updated_at = $5 WHERE id = $1 AND version = $2";
}

fn read(row: &Row) -> Result<WriteOff> {
    Ok(WriteOff {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        case_id: row.text(3),
        account_id: row.text(4),
        customer_id: row.text(5),
        amount: row.money(6),
        recovered: row.money(7),
        state: row.text(8),
        reason: row.text(9),
        asked_by: row.text(10),
        approved_by: row.text(11),
        at: row.time(12),
    })
}

/// Gives up what the account of a case owes.
pub fn write(tx: &mut Tx<'_>, case: &Case, reason: &str, asked_by: &str) -> Result<WriteOff> {
    let id = format!("{}{}", billing::WRITE_OFF, tx.new_id::<WriteOff>());
    let amount = billing::write_off(tx, &id, &case.account_id)?;
    let by = tx.actor().name.to_string();
    tx.execute(
        &INSERT,
        params![id, case.org, case.id, case.account_id, case.customer_id, amount, reason, asked_by, by, tx.now()],
    )?;
    let written = read(&tx.query_one(&LOCK, params![id])?)?;
    publish(tx, &written, "Create")?;
    Ok(written)
}

fn publish(tx: &mut Tx<'_>, one: &WriteOff, what: &str) -> Result<()> {
    let event = Event::new(format!("WriteOff{what}Event"), "writeOff", &one.id, one.version, &one.org)
        .topic(format!("customer:{}", one.customer_id));
    tx.emit(event.audit(json!({"amountFen": one.amount, "recoveredFen": one.recovered, "reason": one.reason})))
}

fn take_up(tx: &mut Tx<'_>, id: &str, most: Option<Money>) -> Result<WriteOff> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    let one = read(&row)?;
    if one.state != "written" {
        return Err(Problem::new(&problems::RECOVERED));
    }
    let amount = billing::reinstate(tx, &one.id, &one.account_id, most)?;
    if amount.is_zero() {
        return Err(Problem::new(&problems::RECOVERED));
    }
    let recovered = one.recovered.plus(amount)?;
    let state = if recovered >= one.amount { "recovered" } else { "written" };
    tx.execute_versioned(&SAVE, params![id, one.version, recovered, state, tx.now()])?;
    let one = read(&tx.query_one(&LOCK, params![id])?)?;
    publish(tx, &one, "StateChange")?;
    Ok(one)
}

/// Takes a debt up again, so that it can be paid at the counter.
pub fn reinstate(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<WriteOff> {
    if reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let one = take_up(tx, id, None)?;
    tx.audit("writeOff.reinstated", "writeOff", id, &one.org, &json!({"reason": reason.trim()}))?;
    Ok(one)
}

/// Money came in for somebody whose debt was given up: as much of it as there is money is taken up and paid.
pub fn recover(tx: &mut Tx<'_>, customer_id: &str) -> Result<()> {
    for row in tx.query(&OPEN_OF_CUSTOMER, params![customer_id])? {
        let one = read(&row)?;
        let free = billing::deposit(tx, &one.account_id)?;
        if free <= Money::ZERO {
            continue;
        }
        let left = one.amount.plus(one.recovered.negated())?;
        take_up(tx, &one.id, Some(free.min(left)))?;
    }
    Ok(())
}

pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<WriteOff> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// Debts given up within the actor's scope, newest first.
pub fn list(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<WriteOff>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let limit = filter.bind(limit);
    let text = format!(
        "SELECT id, version, org, case_id, account_id, customer_id, amount_fen, recovered_fen, state, reason, asked_by, approved_by, at \
         FROM dunning_write_off{} ORDER BY at DESC, id DESC LIMIT {limit}",
        filter.to_where()
    );
    tx.query(&text, &filter.binds)?.iter().map(read).collect()
}
