//! Spending a member's money: directly, once for each reference, or for the member's bills; within the limits.
//!
//! The member's row is locked before anything is looked at, as a report of loss does: so no spending is committed after the
//! report, whichever way the two race.

use crate::{
    card,
    member::{self, Member},
    movement, problems, unit,
    unit::Unit,
};
use billing::{
    books::{self, Subject},
    ledger::Kind,
};
use kernel::{Money, Problem, Result, Timestamp, codes};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

/// What is spent.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ask {
    pub amount_fen: Option<i64>,
    /// Of the place that takes it, once in a unit.
    #[serde(default)]
    pub reference: String,
    #[serde(default)]
    pub kind: String,
    #[serde(default)]
    pub place: String,
    /// `reserve` (what is at hand, as nothing says otherwise), `loaded` (the terminal writes the card), or `any`: the card first.
    #[serde(default)]
    pub from: String,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Consumption {
    pub id: String,
    pub member_id: String,
    pub reference: String,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    #[serde(rename = "fromLoadedFen")]
    pub from_loaded: Money,
    pub kind: String,
    pub place: String,
    pub at: Timestamp,
    pub state: String,
    pub points: i64,
    pub reason: String,
    #[serde(skip)]
    day: String,
}

macro_rules! columns {
    () => {
        "id, member_id, reference, amount_fen, from_loaded_fen, kind, place, at, state, points, reason, day"
    };
}
sql! {
    KNOWN = concat!("SELECT ", columns!(), " FROM unit_consumption WHERE unit_id = $1 AND reference = $2");
    LOCK = concat!("SELECT ", columns!(), " FROM unit_consumption WHERE id = $1 AND unit_id = $2 {for_update}");
    INSERT = "INSERT INTO unit_consumption (id, unit_id, member_id, org, reference, amount_fen, from_loaded_fen, kind, place, at, day, \
              txn_id, state, points, reason, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 'done', $13, '', $14) \
              ON CONFLICT DO NOTHING";
    REVERSED = "UPDATE unit_consumption SET state = 'reversed', reason = $2 WHERE id = $1 AND state = 'done'";
    SPENT = "SELECT amount_fen FROM unit_spent WHERE member_id = $1 AND period = $2";
    ADD = "INSERT INTO unit_spent (member_id, period, amount_fen) VALUES ($1, $2, $3) ON CONFLICT (member_id, period) \
           DO UPDATE SET amount_fen = unit_spent.amount_fen + excluded.amount_fen";
}

/// Spent on the card itself, told when it was read.
pub(crate) const OFFLINE: &str = "offline";

fn read(r: &Row) -> Consumption {
    Consumption {
        id: r.text(0),
        member_id: r.text(1),
        reference: r.text(2),
        amount: r.money(3),
        from_loaded: r.money(4),
        kind: r.text(5),
        place: r.text(6),
        at: r.time(7),
        state: r.text(8),
        points: r.int(9),
        reason: r.text(10),
        day: r.text(11),
    }
}

/// The two periods that a day counts in.
fn periods(day: &str) -> [String; 2] {
    [format!("D{day}"), format!("M{}", &day[..7])]
}

fn spent(tx: &mut Tx<'_>, member_id: &str, period: &str) -> Result<Money> {
    Ok(tx.query_opt(&SPENT, params![member_id, period])?.map_or(Money::ZERO, |r| r.money(0)))
}

/// What the member spent today and this month.
pub fn so_far(tx: &mut Tx<'_>, member_id: &str) -> Result<(Money, Money)> {
    let [day, month] = periods(&tx.now().date().to_string());
    Ok((spent(tx, member_id, &day)?, spent(tx, member_id, &month)?))
}

fn count(tx: &mut Tx<'_>, member_id: &str, day: &str, amount: Money) -> Result<()> {
    for period in periods(day) {
        tx.execute(&ADD, params![member_id, period, amount])?;
    }
    Ok(())
}

/// Refuses what goes above a limit.
fn within(tx: &mut Tx<'_>, member: &Member, amount: Money) -> Result<()> {
    if let Some(limit) = member.once.filter(|l| amount > *l) {
        return Err(Problem::new(&problems::LIMIT_ONCE).with("limit", &limit.to_string()));
    }
    let (day, month) = so_far(tx, &member.id)?;
    for (limit, used, code) in [(member.day, day, &problems::LIMIT_DAY), (member.month, month, &problems::LIMIT_MONTH)]
    {
        let Some(limit) = limit else { continue };
        if used.plus(amount)? > limit {
            return Err(Problem::new(code).with("limit", &limit.to_string()).with("used", &used.to_string()));
        }
    }
    Ok(())
}

/// What the limits leave for one more spending.
fn room(tx: &mut Tx<'_>, member: &Member) -> Result<Money> {
    let (day, month) = so_far(tx, &member.id)?;
    let mut room = member.once.unwrap_or(Money::fen(i64::MAX));
    for (limit, used) in [(member.day, day), (member.month, month)] {
        if let Some(limit) = limit {
            room = room.min(limit.plus(used.negated())?);
        }
    }
    Ok(room)
}

/// Spends a member's money once for a reference; told again it gets the first answer.
pub fn spend(tx: &mut Tx<'_>, unit_id: &str, member_id: &str, ask: &Ask) -> Result<Consumption> {
    let unit = unit::unit(tx, unit_id)?;
    let mut member = member::lock(tx, unit_id, member_id)?;
    let amount = Money::fen(ask.amount_fen.ok_or_else(|| Problem::missing("amountFen"))?);
    let reference = ask.reference.trim();
    if reference.is_empty() || reference.len() > 64 {
        return Err(Problem::invalid("reference", "1–64"));
    }
    if ask.place.chars().count() > 100 || ask.kind.len() > 32 {
        return Err(Problem::invalid("place", "≤ 100"));
    }
    if let Some(row) = tx.query_opt(&KNOWN, params![unit_id, reference])? {
        let known = read(&row);
        if known.member_id == member_id && known.amount == amount {
            return Ok(known);
        }
        return Err(Problem::new(&problems::REFERENCE).with("value", reference));
    }
    unit.must_be_active()?;
    member.must_be_active()?;
    movement::believable(tx, amount)?;
    within(tx, &member, amount)?;
    if ask.from == OFFLINE {
        return Err(Problem::invalid("from", "any | loaded | reserve"));
    }
    let now = tx.now();
    let done = take(tx, &unit, &member, amount, ask, now)?;
    if let Some(on_card) = member.card.filter(|_| done.from_loaded > Money::ZERO) {
        member.card = Some(on_card.plus(done.from_loaded.negated())?);
        member.save(tx)?;
    }
    Ok(done)
}

/// Moves the money and writes it down. The member is locked; limits have been looked at.
pub(crate) fn take(
    tx: &mut Tx<'_>,
    unit: &Unit,
    member: &Member,
    amount: Money,
    ask: &Ask,
    at: Timestamp,
) -> Result<Consumption> {
    let held = member.held(tx)?;
    // What is on its way to the card cannot be spent from it; what the card itself has spent, it had.
    let on_card = held.loaded.plus(card::pending(tx, &member.id)?.negated())?.max(Money::ZERO);
    let (on_card, use_reserve) = match ask.from.as_str() {
        "any" => (on_card, true),
        "loaded" => (on_card, false),
        "" | "reserve" => (Money::ZERO, true),
        OFFLINE => (held.loaded, false),
        _ => return Err(Problem::invalid("from", "any | loaded | reserve")),
    };
    let loaded = amount.min(on_card);
    let rest = amount.plus(loaded.negated())?;
    let available = loaded.plus(if use_reserve { held.reserve } else { Money::ZERO })?;
    if rest > Money::ZERO && (!use_reserve || held.reserve < rest) {
        let problem = Problem::new(&problems::MEMBER_SHORT).with("available", &available.to_string());
        return Err(problem.with("needed", &amount.to_string()));
    }
    let id = tx.new_id::<Consumption>().into_string();
    let subject = Subject::new("unitSpend", "unitConsumption", &id);
    let mut txn = String::new();
    for (book, part) in [(member.loaded_book_id.as_deref(), loaded), (Some(member.book_id.as_str()), rest)] {
        let Some(book) = book.filter(|_| part > Money::ZERO) else { continue };
        txn = books::withdraw(tx, &member.account_id, book, part, (Kind::Revenue, &member.account_id), subject)?;
    }
    let day = at.date().to_string();
    let points = loyalty::for_event(tx, "consumption", &id, &unit.customer_id, amount.in_fen())?;
    let kind = if ask.kind.is_empty() { "consumption" } else { ask.kind.as_str() };
    let (reference, place) = (ask.reference.trim(), ask.place.trim());
    let made = tx.execute(
        &INSERT,
        params![
            id,
            unit.id,
            member.id,
            unit.org,
            reference,
            amount,
            loaded,
            kind,
            place,
            at,
            day,
            txn,
            points,
            tx.now()
        ],
    )?;
    if made != 1 {
        return Err(Problem::new(&codes::CONFLICT));
    }
    count(tx, &member.id, &day, amount)?;
    let moved = movement::New {
        kind: "spend",
        amount: amount.negated(),
        txn: &txn,
        reference,
        place,
        note: kind,
        ..Default::default()
    };
    movement::write(tx, unit, Some(member), &moved)?;
    let event = Event::new("UnitConsumptionCreateEvent", "unitConsumption", &id, 1, &unit.org)
        .topic(format!("unit:{}", unit.id))
        .payload(
            json!({"unitConsumption": {"id": id, "memberId": member.id, "amountFen": amount, "reference": reference}}),
        )
        .audit(json!({"memberId": member.id, "amountFen": amount, "reference": reference}));
    tx.emit(event)?;
    Ok(Consumption {
        id,
        member_id: member.id.clone(),
        reference: reference.to_owned(),
        amount,
        from_loaded: loaded,
        kind: kind.to_owned(),
        place: place.to_owned(),
        at,
        state: "done".to_owned(),
        points,
        reason: String::new(),
        day,
    })
}

/// Takes a spending back by a new record: the money returns to the books it came from, the limits and points as well.
pub fn reverse(tx: &mut Tx<'_>, unit_id: &str, id: &str, reason: &str) -> Result<Consumption> {
    let unit = unit::unit(tx, unit_id)?;
    let row = tx.query_one(&LOCK, params![id, unit_id])?;
    let mut known = read(&row);
    if reason.trim().is_empty() || reason.chars().count() > 300 {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let member = member::lock(tx, unit_id, &known.member_id)?;
    if tx.execute(&REVERSED, params![id, reason.trim()])? != 1 {
        return Err(Problem::new(&problems::CONSUMPTION_STATE));
    }
    let subject = Subject::new("unitReverse", "unitConsumption", id);
    let rest = known.amount.plus(known.from_loaded.negated())?;
    let mut txn = String::new();
    // The card itself cannot be written from here: what came from it returns to what is at hand.
    for part in [known.from_loaded, rest] {
        if part > Money::ZERO {
            txn = books::deposit(
                tx,
                &member.account_id,
                &member.book_id,
                part,
                (Kind::Revenue, &member.account_id),
                subject,
            )?;
        }
    }
    count(tx, &member.id, &known.day, known.amount.negated())?;
    loyalty::undo_event(tx, "consumption", id)?;
    let moved = movement::New {
        kind: "reverse",
        amount: known.amount,
        txn: &txn,
        reference: &known.reference,
        place: &known.place,
        note: reason.trim(),
        ..Default::default()
    };
    movement::write(tx, &unit, Some(&member), &moved)?;
    let event = Event::new("UnitConsumptionReverseEvent", "unitConsumption", id, 2, &unit.org)
        .topic(format!("unit:{unit_id}"))
        .audit(json!({"amountFen": known.amount, "reason": reason.trim()}));
    tx.emit(event)?;
    (known.state, known.reason) = ("reversed".to_owned(), reason.trim().to_owned());
    Ok(known)
}

/// Pays the member's open bills from what is at hand, as far as its limits let it. Returns what it came to.
pub fn pay_bills(tx: &mut Tx<'_>, unit_id: &str, member_id: &str) -> Result<Money> {
    let unit = unit::unit(tx, unit_id)?;
    let member = member::lock(tx, unit_id, member_id)?;
    let mut sum = Money::ZERO;
    if unit.must_be_active().is_err() || member.must_be_active().is_err() || !member.pays_bills {
        return Ok(sum);
    }
    let most = room(tx, &member)?;
    if most <= Money::ZERO {
        return Ok(sum);
    }
    let today = tx.now().date().to_string();
    for paid in books::settle_from(tx, &member.account_id, &member.book_id, most)? {
        sum = sum.plus(paid.taken)?;
        count(tx, &member.id, &today, paid.taken)?;
        let moved = movement::New {
            kind: "settle",
            amount: paid.taken.negated(),
            reference: &paid.bill_no,
            txn: &paid.bill_id,
            ..Default::default()
        };
        movement::write(tx, &unit, Some(&member), &moved)?;
    }
    if sum > Money::ZERO {
        member.publish(tx, "BillsPaid", json!({"amountFen": sum}))?;
    }
    Ok(sum)
}

sql! {
    CARRY = "INSERT INTO unit_spent (member_id, period, amount_fen) SELECT $2, period, amount_fen FROM unit_spent WHERE member_id = $1";
}

/// What a lost member spent counts for the one that takes its place.
pub(crate) fn carry_over(tx: &mut Tx<'_>, from: &str, to: &str) -> Result<()> {
    tx.execute(&CARRY, params![from, to]).map(drop)
}
