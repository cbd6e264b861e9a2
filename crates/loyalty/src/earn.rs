//! Earning, exactly once: what a source (a bill, an event) has given so far is compared with what it should have given, and
//! the difference is written.
//!
//! So the same news told twice, late or in another order changes nothing, and a reversal takes back what had been given.
//! What cannot be taken back because it was spent is owed where the settings say so; otherwise the source keeps it, and it is
//! tried again with the next news of that source.

use crate::{
    ledger::{self, Kind, Move},
    lots::{self, Lot},
    member::{self, Member},
    problems, program, settings,
};
use billing::BillFact;
use kernel::{Problem, Result, Timestamp};
use store::{Tx, params, sql};

sql! {
    SOURCE = "SELECT member_id, year, points, fingerprint FROM points_source WHERE source = $1 {for_update}";
    KEEP = "INSERT INTO points_source (source, member_id, year, points, fingerprint, updated_at) VALUES ($1, $2, $3, $4, $5, $6) \
            ON CONFLICT (source) DO UPDATE SET points = excluded.points, \
            fingerprint = excluded.fingerprint, updated_at = excluded.updated_at";
}

struct Source {
    member_id: String,
    year: i64,
    points: i64,
    fingerprint: String,
}

fn source(tx: &mut Tx<'_>, key: &str) -> Result<Option<Source>> {
    let row = tx.query_opt(&SOURCE, params![key])?;
    Ok(row.map(|r| Source { member_id: r.text(0), year: r.int(1), points: r.int(2), fingerprint: r.text(3) }))
}

fn keep(tx: &mut Tx<'_>, key: &str, source: &Source) -> Result<()> {
    let Source { member_id, year, points, fingerprint } = source;
    tx.execute(&KEEP, params![key, member_id, year, points, fingerprint, tx.now()]).map(drop)
}

/// Brings what a bill has given in line with how it stands. True where something was written. `told` is when the news came:
/// what was paid before the customer joined earns nothing.
pub fn for_bill(tx: &mut Tx<'_>, bill: &BillFact, told: Timestamp) -> Result<bool> {
    let key = format!("bill:{}", bill.id);
    let paid = bill.remaining.is_zero() && bill.amount.in_fen() > 0;
    let today = tx.now().date();
    let Some((found, new)) = member_for(tx, bill, paid)? else { return Ok(false) };
    let known = source(tx, &key)?;
    if known.is_none() && !new && told < found.since {
        return Ok(false);
    }
    let id = known.as_ref().map_or(&found.id, |k| &k.member_id);
    let member = member::lock(tx, id)?;
    // While it stays paid, what a bill has given by the rates of its day stays as it was.
    let stands = format!("{}:{}", if paid { "paid" } else { "open" }, bill.amount.in_fen());
    let mut at = known.unwrap_or_else(|| Source {
        member_id: member.id.clone(),
        year: i64::from(today.year()),
        points: 0,
        fingerprint: String::new(),
    });
    if at.fingerprint == stands && (paid || at.points == 0) {
        return Ok(false);
    }
    let wanted = if paid && member.may_earn() {
        let own = bill.amount.plus(bill.by_points.negated())?;
        program::points_for(&program::rates(tx, "billPaid", today)?, own.in_fen())
    } else {
        0
    };
    if wanted == 0 && at.points == 0 && at.fingerprint.is_empty() {
        return Ok(false);
    }
    at.fingerprint = stands;
    let change = wanted - at.points;
    at.points += move_points(tx, &member, change, at.year, ("customerBill", &bill.id), &bill.bill_no)?;
    keep(tx, &key, &at)?;
    Ok(change != 0)
}

/// Whose points a bill touches, and whether they joined just now; a customer who never joined has none.
fn member_for(tx: &mut Tx<'_>, bill: &BillFact, paid: bool) -> Result<Option<(Member, bool)>> {
    if let Some(found) = member::of_customer(tx, &bill.customer_id)? {
        return Ok(Some((found, false)));
    }
    if !paid || bill.customer_id.is_empty() || !settings::AUTOMATIC.is_on(tx)? {
        return Ok(None);
    }
    member::enrol(tx, &bill.customer_id).map(|made| Some((made, true)))
}

/// An event of another part of the house or another system, such as a consumption; `amount_fen` may be 0. Told twice it is
/// taken once; told again with other content it is refused. Returns the points it has given.
pub fn for_event(tx: &mut Tx<'_>, event: &str, id: &str, customer_id: &str, amount_fen: i64) -> Result<i64> {
    let Some(found) = member::of_customer(tx, customer_id)? else { return Ok(0) };
    let member = member::lock(tx, &found.id)?;
    let key = format!("{event}:{id}");
    let fingerprint = format!("{customer_id} {amount_fen}");
    if let Some(known) = source(tx, &key)? {
        if known.fingerprint != fingerprint {
            return Err(Problem::new(&problems::EVENT_CHANGED).with("value", id));
        }
        return Ok(known.points);
    }
    let today = tx.now().date();
    let year = i64::from(today.year());
    let rates = program::rates(tx, event, today)?;
    let points = if member.may_earn() { program::points_for(&rates, amount_fen) } else { 0 };
    let given = move_points(tx, &member, points, year, ("loyaltyEvent", id), event)?;
    keep(tx, &key, &Source { member_id: member.id.clone(), year, points: given, fingerprint })?;
    Ok(given)
}

/// Takes back what an event has given: the event itself was undone. Nothing happens where it had given nothing.
pub fn undo_event(tx: &mut Tx<'_>, event: &str, id: &str) -> Result<()> {
    let key = format!("{event}:{id}");
    let Some(mut at) = source(tx, &key)? else { return Ok(()) };
    if at.points == 0 {
        return Ok(());
    }
    let member = member::lock(tx, &at.member_id)?;
    at.points += move_points(tx, &member, -at.points, at.year, ("loyaltyEvent", id), event)?;
    keep(tx, &key, &at)
}

/// Gives (positive) or takes back (negative); returns what it came to.
pub(crate) fn move_points(
    tx: &mut Tx<'_>,
    member: &Member,
    change: i64,
    year: i64,
    subject: (&'static str, &str),
    note: &str,
) -> Result<i64> {
    if change == 0 {
        return Ok(0);
    }
    if change > 0 {
        // What is owed is paid back first.
        let back = change.min(ledger::owed(tx, &member.id)?);
        let parts = vec![Lot { year, points: change - back }];
        ledger::post(tx, member, &Move { kind: Kind::Earn, subject, note, parts, owed: back })?;
        return Ok(change);
    }
    let all = ledger::lots(tx, &member.id)?;
    let taken = lots::take_back(&all, -change, year);
    let got: i64 = taken.iter().map(|l| l.points).sum();
    let short = -change - got;
    let owed = if short > 0 && settings::MAY_OWE.is_on(tx)? { -short } else { 0 };
    if got == 0 && owed == 0 {
        return Ok(0);
    }
    let parts = taken.iter().map(|l| Lot { year: l.year, points: -l.points }).collect();
    ledger::post(tx, member, &Move { kind: Kind::TakeBack, subject, note, parts, owed })?;
    Ok(owed - got)
}
