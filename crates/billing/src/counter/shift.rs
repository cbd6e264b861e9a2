//! The cashier's shift: what is taken is booked into it, then it is counted and locked (轧账).
//!
//! ```text
//! open ─ close(counted) ─→ closed, for good
//! ```
//! A member of staff has one open shift. The first payment of a day opens one without float; once a shift of the day is
//! closed, another begins only on purpose. A shift of an earlier day must be closed before money is taken today. Machines
//! and the system itself have no drawer and no shift.

use super::hand_over;
use crate::{
    ledger::{self, Entry, Kind, Posting},
    payment::Method,
    problems, settings,
};
use kernel::{ActorKind, Money, OrgPath, Problem, Result, Timestamp};
use std::collections::BTreeMap;
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Debug)]
pub struct Shift {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub operator: String,
    pub operator_name: String,
    pub day: String,
    pub is_open: bool,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub float: Money,
    pub difference: Option<Money>,
    pub reason: String,
    /// Who counted it, where that was not the cashier.
    pub closed_by: Option<String>,
}

/// What a shift took by one method or for one kind of business.
#[derive(Clone, Debug)]
pub struct Total {
    pub name: String,
    pub count: i64,
    pub amount: Money,
}

macro_rules! columns {
    () => {
        "id, version, org, operator, operator_name, day, state, opened_at, closed_at, float_fen, difference_fen, reason, closed_by_name"
    };
}

sql! {
    LOCK_OPEN = concat!("SELECT ", columns!(), " FROM shift WHERE operator = $1 AND state = 'open' {for_update}");
    LOCK_ONE = concat!("SELECT ", columns!(), " FROM shift WHERE id = $1 {for_update}");
    OF_HALL = concat!("SELECT ", columns!(), " FROM shift WHERE org = $1 AND day = $2 ORDER BY id LIMIT 500");
    OPEN = concat!("SELECT ", columns!(), " FROM shift WHERE operator = $1 AND state = 'open'");
    LAST = concat!("SELECT ", columns!(), " FROM shift WHERE operator = $1 AND day = $2 ORDER BY id DESC LIMIT 1");
    INSERT = "INSERT INTO shift (id, version, org, operator, operator_name, day, state, opened_at, float_fen, reason) \
              VALUES ($1, 1, $2, $3, $4, $5, 'open', $6, $7, '') ON CONFLICT DO NOTHING";
    CLOSE = "UPDATE shift SET version = version + 1, state = 'closed', closed_at = $3, difference_fen = $4, reason = $5, \
             closed_by = $6, closed_by_name = $7 WHERE id = $1 AND version = $2 AND state = 'open'";
    COUNT = "INSERT INTO shift_count (shift_id, method, system_fen, counted_fen) VALUES ($1, $2, $3, $4)";
    COUNTS = "SELECT method, system_fen, counted_fen FROM shift_count WHERE shift_id = $1 ORDER BY method";
    BY_METHOD = "SELECT e.kind, COUNT(*), CAST(SUM(e.amount_fen) AS BIGINT) FROM ledger_txn t JOIN ledger_entry e ON e.txn_id = t.id \
                 WHERE t.shift_id = $1 AND e.kind IN ('cash', 'card', 'cheque', 'transfer', 'qr', 'collection', 'rechargeCard', 'points') AND t.kind <> 'overShort' GROUP BY e.kind ORDER BY e.kind";
    BY_KIND = "SELECT t.kind, COUNT(*), CAST(SUM(e.amount_fen) AS BIGINT) FROM ledger_txn t JOIN ledger_entry e ON e.txn_id = t.id \
               WHERE t.shift_id = $1 AND e.kind IN ('cash', 'card', 'cheque', 'transfer', 'qr', 'collection', 'rechargeCard', 'points') AND t.kind <> 'overShort' GROUP BY t.kind ORDER BY t.kind";
}

pub fn from_row(row: &Row) -> Result<Shift> {
    Ok(Shift {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        operator: row.text(3),
        operator_name: row.text(4),
        day: row.text(5),
        is_open: row.str(6) == "open",
        opened_at: row.time(7),
        closed_at: row.opt_time(8),
        float: row.money(9),
        difference: row.opt_int(10).map(Money::fen),
        reason: row.text(11),
        closed_by: row.opt_text(12),
    })
}

/// The shift that a booking of now goes into, locked against being closed meanwhile; `None` for callers without a drawer.
pub fn for_booking(tx: &mut Tx<'_>) -> Result<Option<String>> {
    if tx.actor().kind != ActorKind::Staff {
        return Ok(None);
    }
    let operator = tx.actor().id.to_string();
    let today = tx.now().date().to_string();
    let known = tx.query_opt(&LOCK_OPEN, params![operator])?;
    let shift = match known {
        Some(row) => from_row(&row)?,
        None if tx.query_opt(&LAST, params![operator, today])?.is_some() => {
            return Err(Problem::new(&problems::SHIFT_CLOSED));
        }
        None => open(tx, Money::ZERO)?,
    };
    if shift.day == today {
        return Ok(Some(shift.id));
    }
    Err(Problem::new(&problems::SHIFT_PREVIOUS).with("day", &shift.day))
}

/// Opens a shift of today for the actor; where two requests do it at once, both get the same one.
fn open(tx: &mut Tx<'_>, float: Money) -> Result<Shift> {
    let actor = tx.actor().clone();
    let id = tx.new_id::<Shift>().into_string();
    let day = tx.now().date().to_string();
    let made = tx.execute(&INSERT, params![id, actor.org, &*actor.id, &*actor.name, day, tx.now(), float])?;
    let row = tx.query_one(&LOCK_OPEN, params![&*actor.id])?;
    let shift = from_row(&row)?;
    if made == 1 {
        let event = Event::new("ShiftOpenEvent", "shift", &id, 1, &actor.org);
        tx.emit(event)?;
    }
    Ok(shift)
}

/// Opens a shift with a change float.
pub fn begin(tx: &mut Tx<'_>, float: Money) -> Result<Shift> {
    let max = settings::MAX_FLOAT.money(tx)?;
    if float < Money::ZERO || float > max {
        let range = format!("0–{max}");
        return Err(Problem::invalid("floatFen", &range));
    }
    if let Some(shift) = current(tx)? {
        let code =
            if shift.day == tx.now().date().to_string() { &problems::SHIFT_OPEN } else { &problems::SHIFT_PREVIOUS };
        return Err(Problem::new(code).with("day", &shift.day));
    }
    open(tx, float)
}

/// The actor's open shift.
pub fn current(tx: &mut Tx<'_>) -> Result<Option<Shift>> {
    let operator = tx.actor().id.to_string();
    tx.query_opt(&OPEN, params![operator])?.map(|r| from_row(&r)).transpose()
}

/// The shifts of exactly this hall on a day.
pub fn of_hall(tx: &mut Tx<'_>, hall: &OrgPath, day: &str) -> Result<Vec<Shift>> {
    tx.query(&OF_HALL, params![hall, day])?.iter().map(from_row).collect()
}

/// The actor's last shift of today, open or closed.
pub fn last(tx: &mut Tx<'_>) -> Result<Option<Shift>> {
    let operator = tx.actor().id.to_string();
    let today = tx.now().date().to_string();
    tx.query_opt(&LAST, params![operator, today])?.map(|r| from_row(&r)).transpose()
}

fn totals(rows: &[Row]) -> Vec<Total> {
    rows.iter().map(|r| Total { name: r.text(0), count: r.int(1), amount: r.money(2) }).collect()
}

pub fn by_method(tx: &mut Tx<'_>, shift_id: &str) -> Result<Vec<Total>> {
    Ok(totals(&tx.query(&BY_METHOD, params![shift_id])?))
}

pub fn by_kind(tx: &mut Tx<'_>, shift_id: &str) -> Result<Vec<Total>> {
    Ok(totals(&tx.query(&BY_KIND, params![shift_id])?))
}

/// Method, what the system expected, what was counted.
pub fn counts(tx: &mut Tx<'_>, shift_id: &str) -> Result<Vec<(String, Money, Money)>> {
    let rows = tx.query(&COUNTS, params![shift_id])?;
    Ok(rows.iter().map(|r| (r.text(0), r.money(1), r.money(2))).collect())
}

/// What should lie in the drawer, or have come in by a method: the float counts as cash.
pub fn expected(tx: &mut Tx<'_>, shift: &Shift) -> Result<BTreeMap<&'static str, Money>> {
    let taken = by_method(tx, &shift.id)?;
    Method::ALL
        .into_iter()
        .filter_map(|method| {
            let float = if method == Method::Cash { shift.float } else { Money::ZERO };
            let sum = taken.iter().find(|t| t.name == method.name());
            let always = matches!(method, Method::Cash | Method::Transfer);
            (always || sum.is_some()).then(|| Ok((method.name(), sum.map_or(Money::ZERO, |t| t.amount).plus(float)?)))
        })
        .collect()
}

/// Closes the actor's shift with what was counted. A difference needs a reason and is booked as over or short.
pub fn close(tx: &mut Tx<'_>, counted: &BTreeMap<String, Money>, reason: &str) -> Result<Shift> {
    let operator = tx.actor().id.to_string();
    let row = tx.query_opt(&LOCK_OPEN, params![operator])?;
    let shift = from_row(&row.ok_or_else(|| Problem::new(&problems::SHIFT_NONE))?)?;
    settle(tx, shift, counted, reason)
}

/// Closes a shift whose cashier cannot: somebody else counts the drawer, and says why.
pub fn close_for(tx: &mut Tx<'_>, id: &str, counted: &BTreeMap<String, Money>, reason: &str) -> Result<Shift> {
    let row = tx.query_one(&LOCK_ONE, params![id])?;
    tx.must_see(row.str(2))?;
    let shift = from_row(&row)?;
    if !shift.is_open {
        return Err(Problem::new(&problems::SHIFT_NONE));
    }
    if *shift.operator == *tx.actor().id {
        return Err(Problem::new(&problems::SHIFT_OWN));
    }
    if reason.trim().is_empty() {
        return Err(Problem::missing("reason"));
    }
    settle(tx, shift, counted, reason)
}

fn settle(tx: &mut Tx<'_>, shift: Shift, counted: &BTreeMap<String, Money>, reason: &str) -> Result<Shift> {
    if let Some(unknown) = counted.keys().find(|k| Method::ALL.iter().all(|m| m.name() != k.as_str())) {
        return Err(Problem::new(&problems::METHOD_UNKNOWN).field("countedFen").with("value", unknown));
    }
    if hand_over::is_offered(tx, &shift.id)? {
        return Err(Problem::new(&problems::HAND_OVER_OPEN));
    }
    let expected = expected(tx, &shift)?;
    let (mut difference, mut off) = (Money::ZERO, false);
    for method in Method::ALL {
        let name = method.name();
        let system = expected.get(name).copied();
        // Money that is not counted is not there; a card that was made void is nothing to count.
        let uncounted = if method.is_for_counters() { Money::ZERO } else { system.unwrap_or(Money::ZERO) };
        let found = counted.get(name).copied().unwrap_or(uncounted);
        if found < Money::ZERO && method.is_for_counters() && counted.contains_key(name)
            || found > Money::fen(1_000_000_000_000)
        {
            return Err(Problem::invalid("countedFen", name));
        }
        let Some(system) = system.or_else(|| (!found.is_zero()).then_some(Money::ZERO)) else {
            continue;
        };
        let over = found.plus(system.negated())?;
        tx.execute(&COUNT, params![shift.id, name, system, found])?;
        difference = difference.plus(over)?;
        off |= !over.is_zero();
        if !over.is_zero() {
            book_difference(tx, &shift, method, over)?;
        }
    }
    if off && reason.trim().is_empty() {
        return Err(Problem::new(&problems::SHIFT_REASON).field("reason").with("value", &difference.to_string()));
    }
    let other = (*shift.operator != *tx.actor().id).then(|| (tx.actor().id.to_string(), tx.actor().name.to_string()));
    let (by, by_name) = other.unzip();
    let values = params![shift.id, shift.version, tx.now(), difference, reason, by, by_name];
    tx.execute_versioned(&CLOSE, values)?;
    let event = Event::new("ShiftCloseEvent", "shift", &shift.id, shift.version + 1, &shift.org).audit(
        serde_json::json!({"day": shift.day, "differenceFen": difference, "reason": reason, "closedBy": by_name}),
    );
    tx.emit(event)?;
    Ok(Shift {
        is_open: false,
        closed_at: Some(tx.now()),
        difference: Some(difference),
        reason: reason.to_owned(),
        version: shift.version + 1,
        closed_by: by_name,
        ..shift
    })
}

fn book_difference(tx: &mut Tx<'_>, shift: &Shift, method: Method, over: Money) -> Result<()> {
    let entries =
        vec![Entry::new(method.account(), &shift.id, over), Entry::new(Kind::OverShort, &shift.id, over.negated())];
    ledger::post(
        tx,
        Posting {
            kind: "overShort",
            subject_type: "shift",
            subject_id: &shift.id,
            shift_id: Some(&shift.id),
            org: &shift.org,
            entries,
        },
    )
    .map(drop)
}
