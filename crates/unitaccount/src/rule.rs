//! Allocation by itself every month: a fixed amount or up to the quota, for everybody or a group, exactly once a month.
//!
//! The batch of a rule and month is unique, so a rule that runs twice, in two processes or after a crash, moves money once. A
//! clock that jumps over months catches up with the last of them only: nobody wants three months' money at once.

use crate::{
    allocate::{Kind, Much},
    batch::{self, Batch, Item},
    group,
    member::{self, State},
    movement, problems, unit,
    unit::Unit,
};
use http::App;
use kernel::{Actor, Date, Money, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ask {
    pub name: String,
    pub group_id: Option<String>,
    /// `fixed` or `toLimit`.
    pub how: String,
    pub amount_fen: i64,
    pub day_of_month: i64,
    pub collect_first: bool,
    pub state: Option<String>,
}

macro_rules! columns {
    () => {
        "id, version, unit_id, name, group_id, how, amount_fen, day_of_month, collect_first, state, next_on, last_batch"
    };
}
sql! {
    LIST = concat!("SELECT ", columns!(), " FROM unit_rule WHERE unit_id = $1 ORDER BY id");
    ONE = concat!("SELECT ", columns!(), " FROM unit_rule WHERE id = $1 {for_update}");
    INSERT = "INSERT INTO unit_rule (id, version, unit_id, org, name, group_id, how, amount_fen, day_of_month, collect_first, state, next_on, \
              created_at, updated_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, 'active', $10, $11, $11)";
    SAVE = "UPDATE unit_rule SET version = version + 1, name = $3, group_id = $4, how = $5, amount_fen = $6, day_of_month = $7, \
            collect_first = $8, state = $9, next_on = $10, updated_at = $11 WHERE id = $1 AND version = $2";
    DUE = "SELECT id FROM unit_rule WHERE state = 'active' AND next_on <= $1 ORDER BY next_on, id LIMIT 200";
    RAN = "UPDATE unit_rule SET version = version + 1, next_on = $3, last_batch = $4, updated_at = $5 WHERE id = $1 AND version = $2";
}

fn to_json(r: &Row) -> Value {
    json!({
        "id": r.str(0), "version": r.int(1), "name": r.str(3), "groupId": r.opt_text(4), "how": r.str(5), "amountFen": r.int(6),
        "dayOfMonth": r.int(7), "collectFirst": r.flag(8), "state": r.str(9), "nextOn": r.str(10), "lastBatch": r.opt_text(11),
    })
}

pub fn list(tx: &mut Tx<'_>, unit_id: &str) -> Result<Vec<Value>> {
    Ok(tx.query(&LIST, params![unit_id])?.iter().map(to_json).collect())
}

fn checked(tx: &mut Tx<'_>, unit: &Unit, ask: &Ask) -> Result<()> {
    if !(1..=40).contains(&ask.name.trim().chars().count()) {
        return Err(Problem::invalid("name", "1–40"));
    }
    if !(1..=28).contains(&ask.day_of_month) {
        return Err(Problem::invalid("dayOfMonth", "1–28"));
    }
    match ask.how.as_str() {
        "fixed" => movement::believable(tx, Money::fen(ask.amount_fen))?,
        "toLimit" if ask.amount_fen == 0 => {}
        "toLimit" => return Err(Problem::invalid("amountFen", "0")),
        _ => return Err(Problem::invalid("how", "fixed | toLimit")),
    }
    if let Some(id) = &ask.group_id {
        group::group(tx, &unit.id, id).map_err(|_| Problem::unknown_reference("groupId", id))?;
    }
    Ok(())
}

/// The first day on or after `from` that is this day of a month.
fn next_on(from: Date, day: i64) -> Result<Date> {
    let day = i8::try_from(day.clamp(1, 28)).unwrap_or(1);
    let this = Date::new(from.year(), from.month(), day)?;
    Ok(if this >= from { this } else { this.plus_months(1) })
}

pub fn add(tx: &mut Tx<'_>, unit: &Unit, ask: &Ask) -> Result<Value> {
    checked(tx, unit, ask)?;
    let id = tx.new_id::<Ask>().into_string();
    let first = next_on(tx.now().date().plus_days(1), ask.day_of_month)?.to_string();
    tx.execute(
        &INSERT,
        params![
            id,
            unit.id,
            unit.org,
            ask.name.trim(),
            ask.group_id,
            ask.how,
            ask.amount_fen,
            ask.day_of_month,
            ask.collect_first,
            first,
            tx.now()
        ],
    )?;
    let event = Event::new("UnitRuleCreateEvent", "unitRule", &id, 1, &unit.org);
    tx.emit(event.topic(format!("unit:{}", unit.id)).audit(json!({"amountFen": ask.amount_fen, "how": ask.how})))?;
    Ok(to_json(&tx.query_one(&ONE, params![id])?))
}

pub fn change(tx: &mut Tx<'_>, unit: &Unit, id: &str, ask: &Ask) -> Result<Value> {
    let row = tx.query_one(&ONE, params![id])?;
    if row.str(2) != unit.id {
        return Err(Problem::not_found());
    }
    checked(tx, unit, ask)?;
    let state = ask.state.clone().unwrap_or_else(|| row.text(9));
    if !["active", "stopped"].contains(&state.as_str()) {
        return Err(Problem::invalid("state", "active | stopped"));
    }
    let next = next_on(tx.now().date().plus_days(1), ask.day_of_month)?.to_string();
    tx.execute_versioned(
        &SAVE,
        params![
            id,
            row.int(1),
            ask.name.trim(),
            ask.group_id,
            ask.how,
            ask.amount_fen,
            ask.day_of_month,
            ask.collect_first,
            state,
            next,
            tx.now()
        ],
    )?;
    let event = Event::new("UnitRuleAttributeValueChangeEvent", "unitRule", id, row.int(1) + 1, &unit.org);
    tx.emit(event.topic(format!("unit:{}", unit.id)).audit(json!({"state": state})))?;
    Ok(to_json(&tx.query_one(&ONE, params![id])?))
}

/// Runs the rules whose day has come, each in a transaction of its own.
pub async fn round(app: App) -> Result<()> {
    let due = app.db().read(Actor::system(), |tx| {
        let today = tx.now().date().to_string();
        Ok(tx.query(&DUE, params![today])?.iter().map(|r| r.text(0)).collect::<Vec<_>>())
    });
    for id in due.await? {
        let again = id.clone();
        if let Err(problem) = app.db().write(Actor::system(), move |tx| run(tx, &again)).await {
            tracing::warn!(rule = id, %problem, "a unit's rule of allocation failed; trying again");
        }
    }
    Ok(())
}

fn run(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let Some(row) = tx.query_opt(&ONE, params![id])? else { return Ok(()) };
    let today = tx.now().date();
    if row.str(9) != "active" || row.str(10) > today.to_string().as_str() {
        return Ok(());
    }
    let unit = unit::lock(tx, row.str(2))?;
    let period = today.to_string()[..7].to_owned();
    let mut batch_id = row.opt_text(11);
    if unit.must_be_active().is_ok() {
        batch_id = allocate(tx, &unit, &row, &period)?.or(batch_id);
    }
    let next = next_on(today.first_of_month().plus_months(1), row.int(7))?.to_string();
    tx.execute_versioned(&RAN, params![id, row.int(1), next, batch_id, tx.now()])
}

fn allocate(tx: &mut Tx<'_>, unit: &Unit, row: &Row, period: &str) -> Result<Option<String>> {
    let group_id = row.opt_text(4);
    let members = member::of_unit(tx, &unit.id, false)?;
    let theirs: Vec<_> = members
        .into_iter()
        .filter(|m| m.state == State::Active && group_id.as_ref().is_none_or(|g| m.group_id.as_ref() == Some(g)))
        .collect();
    if theirs.is_empty() {
        return Ok(None);
    }
    let items = |much: Much| -> Vec<Item> {
        let one = |(line, m): (i64, &member::Member)| Item {
            line,
            text: m.identifier.clone(),
            whom: m.id.clone(),
            much: Ok(much),
        };
        (1..).zip(&theirs).map(one).collect()
    };
    let name = row.text(3);
    let make =
        |kind, rule, items| Batch { kind, whole: false, source: "rule", rule, note: name.clone(), again: true, items };
    if row.flag(8) {
        let first = make(Kind::Collect, Some((format!("{}/collect", row.str(0)), period.to_owned())), items(Much::All));
        batch::run(tx, &unit.id, &first)?;
    }
    let much = if row.str(5) == "fixed" { Much::Fixed(row.money(6)) } else { Much::ToQuota };
    let done = batch::run(tx, &unit.id, &make(Kind::Allocate, Some((row.text(0), period.to_owned())), items(much)))?;
    if done.refused.iter().any(|r| r.code == problems::SHORT.id) {
        unit.publish(tx, "Short", json!({"rule": row.str(0), "refused": done.refused.len()}))?;
    }
    Ok(Some(done.id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_day_of_a_rule_is_never_in_the_past_and_at_most_a_month_ahead() {
        let date = |text: &str| Date::parse(text).unwrap();
        for (from, day, next) in [
            ("2026-11-22", 22, "2026-11-22"),
            ("2026-11-23", 22, "2026-12-22"),
            ("2026-12-31", 1, "2027-01-01"),
            ("2028-02-29", 28, "2028-03-28"),
        ] {
            assert_eq!(next_on(date(from), day).unwrap(), date(next));
        }
    }
}
