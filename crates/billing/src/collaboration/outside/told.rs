//! What was told on a day, for the comparison with a billing system: the key fields of each order, as both sides know them.

use super::super::{State, Verb, lock};
use kernel::{Result, Timestamp};
use serde::{Deserialize, Serialize};
use store::{Row, Tx, params, sql};

/// One order by its key fields.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Told {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub order_no: String,
    pub product_id: String,
    pub offering_id: String,
    pub number: String,
    pub effective_from: Timestamp,
    /// `done`, `open` or `ended` without having been done.
    pub state: String,
}

macro_rules! columns {
    () => {
        "id, kind, order_no, product_id, offering_id, number, effective_from, state"
    };
}
sql! {
    OURS = concat!("SELECT ", columns!(), ", org FROM collaboration WHERE system = $1 AND created_at >= $2 AND created_at < $3 \
                    AND id > $4 AND sender = '' AND attempts > 0 ORDER BY id LIMIT 2000");
    THEIRS = concat!("SELECT ", columns!(), " FROM collaboration WHERE sender = $1 AND created_at >= $2 AND created_at < $3 \
                      AND id > $4 ORDER BY id LIMIT 2000");
    KNOWN = concat!("SELECT ", columns!(), ", org FROM collaboration WHERE id = $1 AND system = $2");
    /// What the embedded one says it did: the effect it kept, or that it took one back.
    EMBEDDED = "SELECT c.id, c.kind, c.order_no, c.product_id, c.offering_id, c.number, c.effective_from, c.state, e.collaboration_id, \
                c.content, s.state FROM collaboration c LEFT JOIN collaboration_effect e ON e.collaboration_id = c.id \
                LEFT JOIN subscription s ON s.product_id = c.product_id \
                WHERE c.system = '' AND c.created_at >= $1 AND c.created_at < $2 AND c.id > $3 AND c.state = 'succeeded' \
                ORDER BY c.id LIMIT 2000";
}

fn word(state: &str) -> &'static str {
    match state {
        "succeeded" => "done",
        "closed" => "ended",
        _ => "open",
    }
}

fn read(row: &Row) -> Told {
    Told {
        id: row.text(0),
        kind: row.text(1),
        order_no: row.text(2),
        product_id: row.text(3),
        offering_id: row.text(4),
        number: row.text(5),
        effective_from: row.time(6),
        state: word(row.str(7)).to_owned(),
    }
}

/// What we told a system between two moments, after `after` by id, a page at a time.
pub fn told_on(tx: &mut Tx<'_>, system: &str, from: Timestamp, to: Timestamp, after: &str) -> Result<Vec<Told>> {
    Ok(tx.query(&OURS, params![system, from, to, after])?.iter().map(read).collect())
}

/// One order that we told a system, whenever that was.
pub fn told_once(tx: &mut Tx<'_>, system: &str, id: &str) -> Result<Option<Told>> {
    Ok(tx.query_opt(&KNOWN, params![id, system])?.map(|r| read(&r)))
}

/// What a sender told us, under its own ids.
pub fn charged_here(tx: &mut Tx<'_>, sender: &str, from: Timestamp, to: Timestamp, after: &str) -> Result<Vec<Told>> {
    let prefix = format!("{sender}/");
    let after = if after.is_empty() { String::new() } else { format!("{prefix}{after}") };
    let rows = tx.query(&THEIRS, params![sender, from, to, after])?;
    let own = |row: &Row| {
        let told = read(row);
        Told { id: told.id.strip_prefix(&prefix).unwrap_or(&told.id).to_owned(), ..told }
    };
    Ok(rows.iter().map(own).collect())
}

/// An order that the embedded part says it has done, with what is wrong about it: nothing was kept of it, or what it started is
/// not charged.
pub fn embedded_on(
    tx: &mut Tx<'_>,
    from: Timestamp,
    to: Timestamp,
    after: &str,
) -> Result<Vec<(Told, Option<&'static str>)>> {
    let rows = tx.query(&EMBEDDED, params![from, to, after])?;
    Ok(rows
        .iter()
        .map(|row| {
            let inverse = row.json(9)["undoes"].is_string();
            let wrong = if !inverse && row.opt_text(8).is_none() {
                Some("noEffect")
            } else if !inverse && row.str(1) == "start" && row.opt_text(10).is_none() {
                Some("notCharged")
            } else {
                None
            };
            (read(row), wrong)
        })
        .collect())
}

/// Tells an order again under its id: to a system that does not have it, or has it otherwise.
pub fn retell(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<()> {
    let mut order = lock(tx, id)?;
    let verb = if order.state == State::Succeeded { Verb::Retell } else { Verb::Resend };
    order.attempts = 0;
    let now = tx.now();
    order.step(tx, verb, now, None, reason)
}
