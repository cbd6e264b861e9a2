//! Drawers as the hall's auditors see them: what each took by business and method, what it still holds by the ledger, and
//! its money on the way to the bank.
//!
//! What a drawer holds is never a figure of its own: it is the sum of the ledger's entries it owns. Banking moves exactly
//! that, so a drawer whose slips were accepted holds nothing, and taking the acceptance back gives it everything again.

use super::shift::{self, Shift};
use crate::{
    ledger::{self, Entry, Kind, Posting},
    payment::Method,
};
use kernel::{Date, Money, OrgPath, Problem, Result};
use std::collections::BTreeMap;
use store::{Tx, params, sql};

/// What a shift took for one kind of business by one method.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cell {
    /// `payment`, `prepay`, `lateFee`, `reversal`, `refund`, …
    pub business: String,
    pub method: String,
    pub count: i64,
    pub amount: Money,
}

/// A shift of a hall with what was counted.
#[derive(Clone, Debug)]
pub struct Drawer {
    pub shift: Shift,
    /// Method, what the system expected, what was counted.
    pub counts: Vec<(String, Money, Money)>,
    pub cells: Vec<Cell>,
}

/// Money that a drawer holds by the ledger.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Held {
    pub shift_id: String,
    pub day: String,
    pub method: Method,
    pub amount: Money,
}

/// Drawers older than this are not asked for what they hold: their sheets were passed long ago.
const DAYS: i32 = 14;

sql! {
    // A payment is split by what it was put to: bills, late fees, or money in advance.
    MATRIX = "SELECT CASE WHEN t.kind = 'payment' AND o.kind IN ('balance', 'adjustment') THEN 'prepay' \
              WHEN t.kind = 'payment' AND o.kind = 'lateFee' THEN 'lateFee' ELSE t.kind END AS business, m.kind, COUNT(DISTINCT t.id), \
              CAST(-SUM(o.amount_fen) AS BIGINT) FROM ledger_txn t \
              JOIN ledger_entry m ON m.txn_id = t.id \
              AND m.kind IN ('cash', 'card', 'cheque', 'transfer', 'qr', 'collection', 'rechargeCard', 'points') \
              JOIN ledger_entry o ON o.txn_id = t.id \
              AND o.kind NOT IN ('cash', 'card', 'cheque', 'transfer', 'qr', 'collection', 'rechargeCard', 'points') \
              WHERE t.shift_id = $1 AND t.kind <> 'overShort' GROUP BY 1, 2 ORDER BY 1, 2";
    HELD = "SELECT s.id, s.day, e.kind, CAST(SUM(e.amount_fen) AS BIGINT) FROM shift s JOIN ledger_entry e ON e.owner = s.id \
            WHERE s.org = $1 AND s.day >= $2 AND s.day <= $3 AND e.kind IN ('cash', 'card', 'cheque', 'transfer', 'qr') \
            GROUP BY s.id, s.day, e.kind HAVING SUM(e.amount_fen) <> 0 ORDER BY s.id, e.kind";
    BANKED = "SELECT e.kind, e.owner, CAST(SUM(e.amount_fen) AS BIGINT) FROM ledger_txn t JOIN ledger_entry e ON e.txn_id = t.id \
              WHERE t.subject_id = $1 AND t.subject_type = 'auditSheet' GROUP BY e.kind, e.owner HAVING SUM(e.amount_fen) <> 0";
    HALLS = "SELECT org, day, COUNT(*), CAST(SUM(CASE WHEN state = 'open' THEN 1 ELSE 0 END) AS BIGINT) FROM shift \
             WHERE day >= $1 AND day <= $2 GROUP BY org, day ORDER BY day, org";
}

pub fn matrix(tx: &mut Tx<'_>, shift_id: &str) -> Result<Vec<Cell>> {
    let rows = tx.query(&MATRIX, params![shift_id])?;
    let cell = |r: &store::Row| Cell { business: r.text(0), method: r.text(1), count: r.int(2), amount: r.money(3) };
    Ok(rows.iter().map(cell).collect())
}

/// The drawers of a hall on a day.
pub fn drawers(tx: &mut Tx<'_>, hall: &OrgPath, day: &str) -> Result<Vec<Drawer>> {
    let shifts = shift::of_hall(tx, hall, day)?;
    shifts
        .into_iter()
        .map(|shift| Ok(Drawer { counts: shift::counts(tx, &shift.id)?, cells: matrix(tx, &shift.id)?, shift }))
        .collect()
}

/// What the drawers of a hall hold up to and including a day: only what is paid by something that a bank takes.
pub fn held(tx: &mut Tx<'_>, hall: &OrgPath, until: Date) -> Result<Vec<Held>> {
    let from = until.plus_days(-DAYS).to_string();
    let rows = tx.query(&HELD, params![hall, from, until.to_string()])?;
    rows.iter()
        .map(|r| {
            let method = Method::parse(r.str(2)).map_err(Problem::internal)?;
            Ok(Held { shift_id: r.text(0), day: r.text(1), method, amount: r.money(3) })
        })
        .collect()
}

/// What the actor's open shift should come to by each method; nothing without a shift.
pub fn current(tx: &mut Tx<'_>) -> Result<Vec<(String, Money)>> {
    let Some(shift) = shift::current(tx)? else { return Ok(Vec::new()) };
    Ok(shift::expected(tx, &shift)?.into_iter().map(|(method, sum)| (method.to_owned(), sum)).collect())
}

/// Counts and closes the actor's shift.
pub fn close(tx: &mut Tx<'_>, counted: &BTreeMap<String, Money>, reason: &str) -> Result<Shift> {
    shift::close(tx, counted, reason)
}

/// Halls and days with shifts: how many, and how many of them are open.
pub fn halls(tx: &mut Tx<'_>, from: Date, until: Date) -> Result<Vec<(OrgPath, String, i64, i64)>> {
    let rows = tx.query(&HALLS, params![from.to_string(), until.to_string()])?;
    rows.iter().map(|r| Ok((OrgPath::parse(r.str(0))?, r.text(1), r.int(2), r.int(3)))).collect()
}

/// Moves money out of drawers to the bank, on behalf of an audit sheet.
pub fn bank(tx: &mut Tx<'_>, hall: &OrgPath, sheet_id: &str, held: &[Held]) -> Result<()> {
    let mut total = Money::ZERO;
    let mut entries = Vec::with_capacity(held.len() + 1);
    for h in held {
        total = total.plus(h.amount)?;
        entries.push(Entry::new(h.method.account(), &h.shift_id, h.amount.negated()));
    }
    entries.push(Entry::new(Kind::Bank, sheet_id, total));
    post(tx, "banked", hall, sheet_id, entries)
}

/// Gives the drawers back what the sheet had moved to the bank, by a new transaction.
pub fn unbank(tx: &mut Tx<'_>, hall: &OrgPath, sheet_id: &str) -> Result<()> {
    let mut entries = Vec::new();
    for row in tx.query(&BANKED, params![sheet_id])? {
        let kind = Kind::ALL.into_iter().find(|k| k.name() == row.str(0));
        let kind = kind.ok_or_else(|| Problem::internal(format!("ledger kind {}", row.str(0))))?;
        entries.push(Entry::new(kind, row.str(1), row.money(2).negated()));
    }
    if entries.is_empty() { Ok(()) } else { post(tx, "unbanked", hall, sheet_id, entries) }
}

fn post(tx: &mut Tx<'_>, kind: &'static str, org: &OrgPath, sheet_id: &str, entries: Vec<Entry>) -> Result<()> {
    let posting = Posting { kind, subject_type: "auditSheet", subject_id: sheet_id, shift_id: None, org, entries };
    ledger::post(tx, posting).map(drop)
}

/// What the documents of a day say and what the ledger says, by the place of the drawer and method. Payments without a
/// drawer (machines, bank files) stand at the place of their account.
pub struct Sides {
    pub org: OrgPath,
    pub method: String,
    pub has_drawer: bool,
    pub documents: Money,
    pub ledger: Money,
    pub count: i64,
}

sql! {
    SIDES = "SELECT COALESCE(s.org, p.org), p.method, CASE WHEN p.shift_id IS NULL THEN 0 ELSE 1 END, COUNT(*), \
             CAST(SUM(p.amount_fen) AS BIGINT), CAST(SUM((SELECT COALESCE(SUM(e.amount_fen), 0) FROM ledger_txn t \
             JOIN ledger_entry e ON e.txn_id = t.id WHERE t.subject_id = p.id AND t.kind IN ('payment', 'reversal') AND e.kind = p.method)) AS BIGINT) \
             FROM payment p LEFT JOIN shift s ON s.id = p.shift_id WHERE p.day = $1 AND p.status <> 'pending' GROUP BY 1, 2, 3";
    ON_BANK = "SELECT CAST(COALESCE(SUM(e.amount_fen), 0) AS BIGINT) FROM ledger_txn t JOIN ledger_entry e ON e.txn_id = t.id \
               WHERE t.subject_id = $1 AND t.subject_type = 'auditSheet' AND e.kind = 'bank'";
}

pub fn sides(tx: &mut Tx<'_>, day: &str) -> Result<Vec<Sides>> {
    let rows = tx.query(&SIDES, params![day])?;
    rows.iter()
        .map(|r| {
            Ok(Sides {
                org: OrgPath::parse(r.str(0))?,
                method: r.text(1),
                has_drawer: r.int(2) == 1,
                count: r.int(3),
                documents: r.money(4),
                ledger: r.money(5),
            })
        })
        .collect()
}

/// What an audit sheet has brought to the bank, by the ledger.
pub fn on_bank(tx: &mut Tx<'_>, sheet_id: &str) -> Result<Money> {
    Ok(tx.query_one(&ON_BANK, params![sheet_id])?.money(0))
}
