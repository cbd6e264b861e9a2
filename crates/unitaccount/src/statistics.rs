//! A unit in figures: what its home page shows, and what moved by month, day, kind, member and group.

use crate::{
    member::{self, State},
    spend,
    unit::Unit,
};
use kernel::{Date, Money, Result};
use serde_json::{Value, json};
use store::{Filter, Row, Tx, params, sql};

sql! {
    MONTHS = "SELECT substr(day, 1, 7), kind, COUNT(*), CAST(SUM(amount_fen) AS BIGINT) FROM unit_movement \
              WHERE unit_id = $1 AND day >= $2 AND day <= $3 GROUP BY substr(day, 1, 7), kind ORDER BY 1, 2";
    DAYS = "SELECT day, CAST(SUM(-amount_fen) AS BIGINT) FROM unit_movement WHERE unit_id = $1 AND day >= $2 AND day <= $3 \
            AND kind IN ('spend', 'settle', 'reverse') GROUP BY day ORDER BY day";
    BY_MEMBER = "SELECT v.member_id, m.identifier, m.name, CAST(SUM(-v.amount_fen) AS BIGINT), COUNT(*) FROM unit_movement v \
                 JOIN unit_member m ON m.id = v.member_id WHERE v.unit_id = $1 AND v.day >= $2 AND v.day <= $3 \
                 AND v.kind IN ('spend', 'settle', 'reverse') GROUP BY v.member_id, m.identifier, m.name ORDER BY 4 DESC, 2 LIMIT 20";
    BY_GROUP = "SELECT g.id, g.name, CAST(SUM(-v.amount_fen) AS BIGINT), COUNT(*) FROM unit_movement v \
                LEFT JOIN unit_group g ON g.id = v.group_id WHERE v.unit_id = $1 AND v.day >= $2 AND v.day <= $3 \
                AND v.kind IN ('spend', 'settle', 'reverse') GROUP BY g.id, g.name ORDER BY 3 DESC, 2";
    OPEN_DIFFERENCES = "SELECT COUNT(*) FROM unit_difference WHERE unit_id = $1 AND state = 'open'";
}

/// What the home page of a unit shows (R-CPC-06): the three places of the money, members by state, this month.
pub fn home(tx: &mut Tx<'_>, unit: &Unit) -> Result<Value> {
    let balance = unit.balance(tx)?;
    let (mut reserve, mut loaded) = (Money::ZERO, Money::ZERO);
    let members = member::of_unit(tx, &unit.id, false)?;
    for member in &members {
        let held = member.held(tx)?;
        (reserve, loaded) = (reserve.plus(held.reserve)?, loaded.plus(held.loaded)?);
    }
    let of = |state: State| members.iter().filter(|m| m.state == state).count();
    let customer = customer::summary(tx, &unit.customer_id)?;
    let account = billing::account(tx, &unit.account_id)?;
    let points = match loyalty::of_customer(tx, &unit.customer_id)? {
        Some(member) => json!(loyalty::balance(tx, &member.id)?),
        None => Value::Null,
    };
    let mut home = unit.to_json(balance);
    home["customerName"] = json!(customer.name);
    home["accountNo"] = json!(account.account_no);
    home["places"] = json!({"unitFen": balance, "reserveFen": reserve, "loadedFen": loaded});
    home["members"] = json!({"active": of(State::Active), "lost": of(State::Lost), "suspended": of(State::Suspended)});
    home["differences"] = json!(tx.query_one(&OPEN_DIFFERENCES, params![unit.id])?.int(0));
    home["points"] = points;
    Ok(home)
}

/// Members with what they hold and what they spent.
pub fn members(tx: &mut Tx<'_>, unit_id: &str, ever: bool) -> Result<Vec<Value>> {
    let mut rows = Vec::new();
    for member in member::of_unit(tx, unit_id, ever)? {
        let held = member.held(tx)?;
        let (day, month) = spend::so_far(tx, &member.id)?;
        let mut row = member.to_json(held);
        row["spentDayFen"] = json!(day);
        row["spentMonthFen"] = json!(month);
        rows.push(row);
    }
    Ok(rows)
}

/// What moved between two days (R-CPC-11).
pub fn statistics(tx: &mut Tx<'_>, unit_id: &str, from: Date, until: Date) -> Result<Value> {
    let (from, until) = (from.to_string(), until.to_string());
    let days = params![unit_id, from, until];
    let month = |r: &Row| json!({"month": r.str(0), "kind": r.str(1), "count": r.int(2), "amountFen": r.int(3)});
    let day = |r: &Row| json!({"day": r.str(0), "amountFen": r.int(1)});
    let who = |r: &Row| json!({"memberId": r.str(0), "identifier": r.str(1), "name": r.str(2), "amountFen": r.int(3), "count": r.int(4)});
    let group =
        |r: &Row| json!({"groupId": r.opt_text(0), "name": r.opt_text(1), "amountFen": r.int(2), "count": r.int(3)});
    let months: Vec<Value> = tx.query(&MONTHS, days)?.iter().map(month).collect();
    let by_day: Vec<Value> = tx.query(&DAYS, days)?.iter().map(day).collect();
    let by_member: Vec<Value> = tx.query(&BY_MEMBER, days)?.iter().map(who).collect();
    let by_group: Vec<Value> = tx.query(&BY_GROUP, days)?.iter().map(group).collect();
    Ok(
        json!({"from": from, "until": until, "months": months, "days": by_day, "members": by_member, "groups": by_group}),
    )
}

/// Spendings of a unit, newest first (R-CPC-09), and how many there are and what they come to.
pub fn consumptions(
    tx: &mut Tx<'_>,
    unit_id: &str,
    member: &str,
    days: (Date, Date),
    paging: http::Paging,
) -> Result<(Vec<Value>, i64, i64)> {
    let mut filter = Filter::default();
    filter.equal("c.unit_id", unit_id);
    if !member.is_empty() {
        filter.equal("c.member_id", member);
    }
    let (from, until) = (filter.bind(days.0.to_string()), filter.bind(days.1.to_string()));
    filter.and(format!("c.day >= {from} AND c.day <= {until}"));
    let place = filter.to_where();
    let sums = tx.query_one(
        &format!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN c.state = 'done' THEN c.amount_fen ELSE 0 END), 0) AS BIGINT) \
             FROM unit_consumption c{place}"
        ),
        &filter.binds,
    )?;
    let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
    let text = format!(
        "SELECT c.id, c.member_id, m.identifier, m.name, c.reference, c.amount_fen, c.from_loaded_fen, c.kind, c.place, c.at, c.state, \
         c.points, c.reason FROM unit_consumption c JOIN unit_member m ON m.id = c.member_id{place} ORDER BY c.id DESC \
         LIMIT {limit} OFFSET {offset}"
    );
    let one = |r: &Row| {
        json!({
            "id": r.str(0), "memberId": r.str(1), "identifier": r.str(2), "name": r.str(3), "reference": r.str(4), "amountFen": r.int(5),
            "fromLoadedFen": r.int(6), "kind": r.str(7), "place": r.str(8), "at": r.time(9), "state": r.str(10), "points": r.int(11),
            "reason": r.str(12),
        })
    };
    let rows = tx.query(&text, &filter.binds)?;
    Ok((rows.iter().map(one).collect(), sums.int(0), sums.int(1)))
}
