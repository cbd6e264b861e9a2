//! Cards: loading money onto them (圈存), what they say they hold (卡内信息), and making card and house agree (同步卡数据).
//!
//! Loading moves money from what is at hand to the card's own book at once; it is pending until the card says that it has it.
//! A card tells its own spendings when it is read: each has a number, and is booked once. What then still differs is a
//! difference that a person repairs.

use crate::{
    member::{self, Member},
    movement, problems,
    spend::{self, Ask},
    unit,
    unit::Unit,
};
use billing::{
    books::{self, Subject},
    ledger::Kind,
};
use kernel::{Money, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

sql! {
    LOAD = "INSERT INTO unit_load (id, unit_id, member_id, amount_fen, state, at, updated_at) VALUES ($1, $2, $3, $4, 'pending', $5, $5)";
    LOADS = "SELECT id, amount_fen, state, at, updated_at FROM unit_load WHERE member_id = $1 ORDER BY id DESC LIMIT 50";
    ONE_LOAD = "SELECT amount_fen, state, member_id FROM unit_load WHERE id = $1 AND unit_id = $2 {for_update}";
    PENDING = "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM unit_load WHERE member_id = $1 AND state = 'pending'";
    WRITTEN = "UPDATE unit_load SET state = 'done', updated_at = $2 WHERE member_id = $1 AND state = 'pending'";
    CANCELLED = "UPDATE unit_load SET state = 'cancelled', updated_at = $2 WHERE id = $1 AND state = 'pending'";
    KNOWN = "SELECT amount_fen, member_id FROM unit_consumption WHERE unit_id = $1 AND reference = $2";
    DIFFER = "INSERT INTO unit_difference (id, unit_id, org, member_id, house_fen, card_fen, state, remedy, reason, operator_name, at) \
              VALUES ($1, $2, $3, $4, $5, $6, 'open', '', '', $7, $8) ON CONFLICT DO NOTHING";
    AGREES = "UPDATE unit_difference SET state = 'repaired', remedy = 'agrees', done_at = $2 WHERE member_id = $1 AND state = 'open'";
    ENDED = "UPDATE unit_difference SET state = 'repaired', remedy = 'house', done_at = $2 WHERE member_id = $1 AND state = 'open'";
    DIFFERENCES = "SELECT d.id, d.member_id, m.identifier, m.name, d.house_fen, d.card_fen, d.state, d.remedy, d.reason, d.operator_name, \
                   d.at, d.done_at FROM unit_difference d JOIN unit_member m ON m.id = d.member_id WHERE d.unit_id = $1 \
                   ORDER BY d.state, d.id DESC LIMIT 200";
    DIFFERENCE = "SELECT member_id, state FROM unit_difference WHERE id = $1 AND unit_id = $2 {for_update}";
    REPAIRED = "UPDATE unit_difference SET state = 'repaired', remedy = $2, reason = $3, operator_name = $4, done_at = $5 \
                WHERE id = $1 AND state = 'open'";
}

/// Puts money at hand onto the card's book.
pub fn load(tx: &mut Tx<'_>, unit: &Unit, id: &str, amount: Money) -> Result<Member> {
    unit.must_be_active()?;
    let mut card = member::lock(tx, &unit.id, id)?;
    card.must_be_active()?;
    movement::believable(tx, amount)?;
    let held = card.held(tx)?;
    if held.reserve < amount {
        let problem = Problem::new(&problems::MEMBER_SHORT).with("available", &held.reserve.to_string());
        return Err(problem.with("needed", &amount.to_string()));
    }
    let loaded = card.loaded_book(tx, unit)?;
    let load = tx.new_id::<Member>().into_string();
    tx.execute(&LOAD, params![load, unit.id, card.id, amount, tx.now()])?;
    between(tx, unit, &card, (&card.book_id, &loaded), amount, ("load", &load))?;
    card.publish(tx, "Load", json!({"amountFen": amount}))?;
    Ok(card)
}

fn between(
    tx: &mut Tx<'_>,
    unit: &Unit,
    card: &Member,
    (from, to): (&str, &str),
    amount: Money,
    (kind, id): (&'static str, &str),
) -> Result<()> {
    let subject = Subject::new("unitLoad", "unitLoad", id);
    let txn = books::transfer(tx, (&card.account_id, from), (&card.account_id, to), amount, subject)?;
    let moved = movement::New { kind, amount, txn: &txn, ..Default::default() };
    movement::write(tx, unit, Some(card), &moved).map(drop)
}

/// Takes a load back that the card has not got yet.
pub fn cancel_load(tx: &mut Tx<'_>, unit: &Unit, id: &str) -> Result<Member> {
    let row = tx.query_one(&ONE_LOAD, params![id, unit.id])?;
    let card = member::lock(tx, &unit.id, row.str(2))?;
    card.must_be_active()?;
    if tx.execute(&CANCELLED, params![id, tx.now()])? != 1 {
        return Err(Problem::new(&problems::LOAD_STATE).with("state", row.str(1)));
    }
    let Some(loaded) = card.loaded_book_id.clone() else { return Err(Problem::not_found()) };
    between(tx, unit, &card, (&loaded, &card.book_id), row.money(0), ("unload", id))?;
    card.publish(tx, "Unload", json!({"amountFen": row.int(0)}))?;
    Ok(card)
}

/// The card gives money back to what is at hand (退圈): it says itself that it has it no more, by the next synchronisation.
pub fn unload(tx: &mut Tx<'_>, unit: &Unit, id: &str, amount: Money) -> Result<Member> {
    unit.must_be_active()?;
    let mut card = member::lock(tx, &unit.id, id)?;
    card.must_be_active()?;
    movement::believable(tx, amount)?;
    let free = card.held(tx)?.loaded.plus(pending(tx, id)?.negated())?;
    let Some(loaded) = card.loaded_book_id.clone().filter(|_| free >= amount) else {
        let problem = Problem::new(&problems::MEMBER_SHORT).with("available", &free.to_string());
        return Err(problem.with("needed", &amount.to_string()));
    };
    let own = card.id.clone();
    between(tx, unit, &card, (&loaded, &card.book_id), amount, ("unload", &own))?;
    // The terminal that unloads has the card in it: what it holds is known.
    card.card = card.card.map(|c| Money::fen(c.in_fen().saturating_sub(amount.in_fen())));
    card.save(tx)?;
    card.publish(tx, "Unload", json!({"amountFen": amount}))?;
    Ok(card)
}

/// What is on its way to the card.
pub fn pending(tx: &mut Tx<'_>, id: &str) -> Result<Money> {
    Ok(tx.query_one(&PENDING, params![id])?.money(0))
}

/// A lost card's open difference ends with its replacement: what the house said was moved.
pub fn end_differences(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    tx.execute(&ENDED, params![id, tx.now()])?;
    tx.execute(&WRITTEN, params![id, tx.now()]).map(drop)
}

/// What is in the card as far as house and card know.
pub fn query(tx: &mut Tx<'_>, unit_id: &str, id: &str) -> Result<Value> {
    let card = member::member(tx, unit_id, id)?;
    let held = card.held(tx)?;
    let pending = pending(tx, id)?.in_fen();
    let one = |r: &Row| json!({"id": r.str(0), "amountFen": r.int(1), "state": r.str(2), "at": r.time(3), "updatedAt": r.time(4)});
    let loads: Vec<Value> = tx.query(&LOADS, params![id])?.iter().map(one).collect();
    Ok(json!({
        "memberId": card.id, "identifier": card.identifier, "state": card.state, "reserveFen": held.reserve, "loadedFen": held.loaded,
        "pendingFen": pending, "cardFen": card.card, "cardSeq": card.card_seq, "cardAt": card.card_at, "loads": loads,
        "agrees": card.card.map(|c| c.in_fen() + pending == held.loaded.in_fen() || c == held.loaded),
    }))
}

/// What a card says of itself.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Said {
    pub balance_fen: Option<i64>,
    /// The number of its last transaction.
    #[serde(default)]
    pub seq: i64,
    #[serde(default)]
    pub transactions: Vec<Offline>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Offline {
    pub seq: i64,
    pub amount_fen: i64,
    pub at: Timestamp,
    #[serde(default)]
    pub place: String,
}

/// Makes house and card agree: books the card's own spendings once each, confirms loads, and names what still differs.
/// Spendings that were made on the card before a report of loss are booked after it as well: the card had paid them.
pub fn sync(tx: &mut Tx<'_>, unit_id: &str, id: &str, said: &Said) -> Result<Value> {
    let unit = unit::unit(tx, unit_id)?;
    let mut card = member::lock(tx, unit_id, id)?;
    if card.kind != "card" {
        return Err(Problem::new(&problems::CARD_ONLY));
    }
    let balance = said.balance_fen.filter(|n| *n >= 0).ok_or_else(|| Problem::missing("balanceFen"))?;
    if said.transactions.len() > 1_000 || said.seq < 0 {
        return Err(Problem::invalid("transactions", "≤ 1000"));
    }
    let lost = card.lost_at;
    let frozen = lost.is_some();
    if frozen {
        card.set_books(tx, books::BookState::Active)?;
    }
    let (mut booked, mut late) = (0, 0);
    for offline in &said.transactions {
        if lost.is_some_and(|at| offline.at >= at) {
            late += 1; // spent after the report: the place that took it bears it
            continue;
        }
        booked += i64::from(book_offline(tx, &unit, &card, offline)?);
    }
    if frozen {
        card.set_books(tx, books::BookState::Frozen)?;
    }
    let held = card.held(tx)?;
    if booked > 0 && held.loaded < pending(tx, id)? {
        // The card spent of what was thought to be on its way: it had got it.
        tx.execute(&WRITTEN, params![id, tx.now()])?;
    }
    let pending = pending(tx, id)?;
    let house = held.loaded.in_fen();
    let state = if balance == house {
        if pending > Money::ZERO { "loaded" } else { "agrees" }
    } else if balance + pending.in_fen() == house {
        "toWrite"
    } else {
        "differs"
    };
    match state {
        "loaded" | "agrees" => {
            tx.execute(&WRITTEN, params![id, tx.now()])?;
            tx.execute(&AGREES, params![id, tx.now()])?;
        }
        "differs" => {
            let difference = tx.new_id::<Member>().into_string();
            let by = tx.actor().name.to_string();
            tx.execute(&DIFFER, params![difference, unit.id, unit.org, id, house, balance, by, tx.now()])?;
        }
        _ => {}
    }
    card.card = Some(Money::fen(balance));
    card.card_seq = said.seq.max(card.card_seq);
    card.card_at = Some(tx.now());
    card.save(tx)?;
    card.publish(tx, "Sync", json!({"state": state, "cardFen": balance, "houseFen": house, "booked": booked}))?;
    Ok(
        json!({"state": state, "houseFen": house, "cardFen": balance, "pendingFen": pending, "booked": booked, "afterLoss": late}),
    )
}

/// True where it was new.
fn book_offline(tx: &mut Tx<'_>, unit: &Unit, card: &Member, offline: &Offline) -> Result<bool> {
    let reference = format!("{}#{}", card.identifier, offline.seq);
    let amount = Money::fen(offline.amount_fen);
    if let Some(row) = tx.query_opt(&KNOWN, params![unit.id, reference])? {
        if row.money(0) != amount {
            return Err(Problem::new(&problems::CARD_SEQ).with("value", &offline.seq.to_string()));
        }
        return Ok(false);
    }
    movement::believable(tx, amount)?;
    if offline.at > tx.now().plus_seconds(600) {
        return Err(Problem::invalid("transactions.at", "≤ now"));
    }
    let ask = Ask {
        amount_fen: Some(offline.amount_fen),
        reference,
        kind: "offline".to_owned(),
        place: offline.place.clone(),
        from: spend::OFFLINE.to_owned(),
    };
    spend::take(tx, unit, card, amount, &ask, offline.at)?;
    Ok(true)
}

pub fn differences(tx: &mut Tx<'_>, unit_id: &str) -> Result<Vec<Value>> {
    let one = |r: &Row| {
        json!({
            "id": r.str(0), "memberId": r.str(1), "identifier": r.str(2), "name": r.str(3), "houseFen": r.int(4), "cardFen": r.int(5),
            "state": r.str(6), "remedy": r.str(7), "reason": r.str(8), "operator": r.str(9), "at": r.time(10), "doneAt": r.opt_time(11),
        })
    };
    Ok(tx.query(&DIFFERENCES, params![unit_id])?.iter().map(one).collect())
}

/// Repairs a difference. `card`: the house follows the card, by a new entry to revenue or from the unit; `house`: the card is
/// written anew by the terminal, which the next synchronisation will show.
pub fn repair(tx: &mut Tx<'_>, unit: &Unit, id: &str, remedy: &str, reason: &str) -> Result<()> {
    let row = tx.query_one(&DIFFERENCE, params![id, unit.id])?;
    if reason.trim().is_empty() || reason.chars().count() > 300 {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let mut card = member::lock(tx, &unit.id, row.str(0))?;
    if row.str(1) != "open" {
        return Err(Problem::new(&problems::DIFFERENCE_STATE));
    }
    let house = card.held(tx)?.loaded;
    let on_card = card.card.unwrap_or(house);
    match remedy {
        "card" => follow_card(tx, unit, &mut card, (house, on_card), (id, reason.trim()))?,
        "house" => card.card = Some(house),
        _ => return Err(Problem::invalid("remedy", "card | house")),
    }
    card.save(tx)?;
    let by = tx.actor().name.to_string();
    if tx.execute(&REPAIRED, params![id, remedy, reason.trim(), by, tx.now()])? != 1 {
        return Err(Problem::new(&problems::DIFFERENCE_STATE));
    }
    tx.execute(&WRITTEN, params![card.id, tx.now()])?;
    card.publish(
        tx,
        "Repair",
        json!({"remedy": remedy, "reason": reason.trim(), "houseFen": house, "cardFen": on_card}),
    )
}

fn follow_card(
    tx: &mut Tx<'_>,
    unit: &Unit,
    card: &mut Member,
    (house, on_card): (Money, Money),
    (id, reason): (&str, &str),
) -> Result<()> {
    let loaded = card.loaded_book(tx, unit)?;
    let change = on_card.plus(house.negated())?;
    let subject = Subject::new("unitRepair", "unitDifference", id);
    let txn = if change < Money::ZERO {
        // Spent on the card without a record of it.
        books::withdraw(tx, &card.account_id, &loaded, change.negated(), (Kind::Revenue, &card.account_id), subject)?
    } else if change > Money::ZERO {
        let available = unit.balance(tx)?;
        if available < change {
            let problem = Problem::new(&problems::SHORT).with("available", &available.to_string());
            return Err(problem.with("needed", &change.to_string()));
        }
        books::transfer(tx, (&unit.account_id, books::GENERAL), (&card.account_id, &loaded), change, subject)?
    } else {
        return Ok(());
    };
    let moved = movement::New { kind: "repair", amount: change, txn: &txn, note: reason, ..Default::default() };
    movement::write(tx, unit, Some(card), &moved).map(drop)
}
