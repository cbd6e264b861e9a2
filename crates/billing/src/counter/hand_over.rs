//! Cash that one cashier gives to another in the middle of the day (交接).
//!
//! ```text
//! offered ─┬ accept ──→ accepted   both drawers are booked, in one transaction
//!          ├ refuse ──→ refused
//!          └ withdraw → withdrawn
//! ```
//! Nothing is booked before somebody else says that the notes are there. A drawer with an open offer cannot be closed.

use super::shift;
use crate::{
    ledger::{self, Entry, Kind, Posting},
    problems,
};
use http::{Answer, Body, Ctx, Reply, axum::extract::Path};
use kernel::{Date, Money, OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

macro_rules! columns {
    () => {
        "id, version, org, day, from_shift, from_operator, from_name, to_operator, to_name, cash_fen, state, note, offered_at, answered_at"
    };
}

sql! {
    OFFERED = "SELECT id FROM shift_hand_over WHERE from_shift = $1 AND state = 'offered'";
    LOCK = concat!("SELECT ", columns!(), " FROM shift_hand_over WHERE id = $1 {for_update}");
    INSERT = "INSERT INTO shift_hand_over (id, version, org, day, from_shift, from_operator, from_name, cash_fen, state, note, offered_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, 'offered', $8, $9)";
    ANSWER = "UPDATE shift_hand_over SET version = version + 1, state = $2, to_operator = $3, to_name = $4, to_shift = $5, answered_at = $6 \
              WHERE id = $1 AND state = 'offered'";
}

pub fn is_offered(tx: &mut Tx<'_>, shift_id: &str) -> Result<bool> {
    Ok(tx.query_opt(&OFFERED, params![shift_id])?.is_some())
}

fn row(tx: &Tx<'_>, r: &Row) -> Value {
    let mine = *tx.actor().id == *r.str(5);
    json!({
        "id": r.str(0), "day": r.str(3), "from": r.str(6), "to": r.opt_text(8), "cashFen": r.money(9), "state": r.str(10),
        "note": r.str(11), "offeredAt": r.time(12), "answeredAt": r.opt_time(13), "mine": mine,
    })
}

pub async fn list(ctx: Ctx) -> Answer {
    let day = match ctx.parameter("date") {
        Some(text) => Date::parse(&text)?,
        None => ctx.now().date(),
    };
    let rows = ctx.read(move |tx| {
        let mut filter = Filter::default();
        filter.scope("org", tx.actor());
        filter.equal("org", tx.actor().org.as_str());
        filter.equal("day", day.to_string());
        let text =
            format!("SELECT {} FROM shift_hand_over{} ORDER BY id DESC LIMIT 100", columns!(), filter.to_where());
        let rows = tx.query(&text, &filter.binds)?;
        Ok(rows.iter().map(|r| row(tx, r)).collect::<Vec<Value>>())
    });
    Ok(Reply::ok(&rows.await?))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offer {
    cash_fen: i64,
    #[serde(default)]
    note: String,
}

pub async fn offer(ctx: Ctx, body: Body<Offer>) -> Answer {
    let ask = body.value;
    if ask.note.chars().count() > 200 {
        return Err(Problem::invalid("note", "0–200").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let shift = shift::current(tx)?.ok_or_else(|| Problem::new(&problems::SHIFT_NONE))?;
        if is_offered(tx, &shift.id)? {
            return Err(Problem::new(&problems::HAND_OVER_OPEN));
        }
        let cash = Money::fen(ask.cash_fen);
        let holds = shift::expected(tx, &shift)?.get("cash").copied().unwrap_or(Money::ZERO);
        if cash <= Money::ZERO {
            return Err(Problem::invalid("cashFen", "> 0"));
        }
        if cash > holds {
            return Err(Problem::new(&problems::HAND_OVER_SHORT).field("cashFen").with("value", &holds.to_string()));
        }
        let id = tx.new_id::<Offer>().into_string();
        let (by, name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
        tx.execute(&INSERT, params![id, shift.org, shift.day, shift.id, by, name, cash, ask.note, tx.now()])?;
        told(tx, "ShiftHandOverOfferEvent", &id, 1, &shift.org, cash)?;
        let made = tx.query_one(&LOCK, params![id])?;
        Ok(Reply::json(201, &row(tx, &made)))
    });
    Ok(reply.await?)
}

fn told(tx: &mut Tx<'_>, what: &'static str, id: &str, version: i64, org: &OrgPath, cash: Money) -> Result<()> {
    tx.emit(Event::new(what, "shift", id, version, org).audit(json!({"cashFen": cash})))
}

pub async fn answer(ctx: Ctx, Path((id, verb)): Path<(String, String)>, body: Body<Value>) -> Answer {
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let found = tx.query_one(&LOCK, params![id])?;
        tx.must_see(found.str(2))?;
        let org = OrgPath::parse(found.str(2))?;
        let own = *tx.actor().id == *found.str(5);
        let (state, event) = match verb.as_str() {
            "accept" if own => return Err(Problem::new(&problems::HAND_OVER_SELF)),
            "accept" => ("accepted", "ShiftHandOverAcceptEvent"),
            "refuse" => ("refused", "ShiftHandOverRefuseEvent"),
            "withdraw" if own => ("withdrawn", "ShiftHandOverWithdrawEvent"),
            _ => return Err(Problem::not_found()),
        };
        if found.str(10) != "offered" {
            return Err(Problem::new(&problems::HAND_OVER_STATE));
        }
        let mut into = None;
        if state == "accepted" {
            let to = shift::for_booking(tx)?.ok_or_else(|| Problem::new(&problems::SHIFT_NONE))?;
            book(tx, &id, &org, found.str(4), &to, found.money(9))?;
            into = Some(to);
        }
        let (by, name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
        if tx.execute(&ANSWER, params![id, state, by, name, into, tx.now()])? == 0 {
            return Err(Problem::new(&problems::HAND_OVER_STATE));
        }
        told(tx, event, &id, found.int(1) + 1, &org, found.money(9))?;
        let done = tx.query_one(&LOCK, params![id])?;
        Ok(Reply::ok(&row(tx, &done)))
    });
    Ok(reply.await?)
}

/// Out of one drawer and into the other: a transaction for each shift, so that each day's count stands by itself.
fn book(tx: &mut Tx<'_>, id: &str, org: &OrgPath, from: &str, to: &str, cash: Money) -> Result<()> {
    for (shift_id, amount) in [(from, cash.negated()), (to, cash)] {
        let entries = vec![Entry::new(Kind::Cash, shift_id, amount), Entry::new(Kind::Suspense, id, amount.negated())];
        let posting = Posting {
            kind: "handOver",
            subject_type: "handOver",
            subject_id: id,
            shift_id: Some(shift_id),
            org,
            entries,
        };
        ledger::post(tx, posting)?;
    }
    Ok(())
}
