//! Points in figures: a customer's picture, and what an organisation gave and took by month.

use crate::{ledger, lots, member::Member, settings};
use kernel::{Date, Result};
use serde_json::{Value, json};
use store::{Filter, Tx, params, sql};

sql! {
    BY_MONTH = "SELECT substr(day, 1, 7), kind, COUNT(*), CAST(SUM(points) AS BIGINT) FROM points_txn \
                WHERE member_id = $1 AND day >= $2 AND day <= $3 GROUP BY substr(day, 1, 7), kind ORDER BY 1, 2";
}

/// What a member has: balance, years with their last days, worth in money, this year's earnings.
pub fn picture(tx: &mut Tx<'_>, member: &Member) -> Result<Value> {
    let (all, owed) = (ledger::lots(tx, &member.id)?, ledger::owed(tx, &member.id)?);
    let (years, today) = (settings::YEARS.number(tx)?, tx.now().date());
    let rate = settings::POINTS_PER_YUAN.number(tx)?;
    let available = (lots::available(&all, years, today) - owed).max(0);
    let mut by_year = Vec::new();
    for lot in all.iter().filter(|l| l.points > 0) {
        let last = lots::last_day(lot.year, years)?;
        by_year
            .push(json!({"year": lot.year, "points": lot.points, "lastDay": last, "daysLeft": last.days_since(today)}));
    }
    Ok(json!({
        "member": {"id": member.id, "state": member.state, "joined": member.joined, "name": member.name},
        "balance": all.iter().map(|l| l.points).sum::<i64>() - owed,
        "available": available, "owed": owed, "worthFen": lots::worth(available, rate), "pointsPerYuan": rate,
        "leastPoints": settings::LEAST_POINTS.number(tx)?, "years": by_year,
    }))
}

/// A member's points by month and kind between two days.
pub fn of_member(tx: &mut Tx<'_>, member_id: &str, from: Date, until: Date) -> Result<Vec<Value>> {
    let rows = tx.query(&BY_MONTH, params![member_id, from.to_string(), until.to_string()])?;
    let one = |r: &store::Row| json!({"month": r.str(0), "kind": r.str(1), "count": r.int(2), "points": r.int(3)});
    Ok(rows.iter().map(one).collect())
}

/// What was given and taken within the actor's scope, by month and kind, and what stands out.
pub fn of_scope(tx: &mut Tx<'_>, from: Date, until: Date) -> Result<Value> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let (from, until) = (filter.bind(from.to_string()), filter.bind(until.to_string()));
    filter.and(format!("day >= {from} AND day <= {until}"));
    let text = format!(
        "SELECT substr(day, 1, 7), kind, COUNT(*), CAST(SUM(points) AS BIGINT) FROM points_txn{} GROUP BY substr(day, 1, 7), kind \
         ORDER BY 1, 2",
        filter.to_where()
    );
    let months: Vec<Value> = tx
        .query(&text, &filter.binds)?
        .iter()
        .map(|r| json!({"month": r.str(0), "kind": r.str(1), "count": r.int(2), "points": r.int(3)}))
        .collect();
    let mut members = Filter::default();
    members.scope("m.org", tx.actor());
    let text = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN m.state = 'active' THEN 1 ELSE 0 END), 0) AS BIGINT) FROM loyalty_member m{}",
        members.to_where()
    );
    let count = tx.query_one(&text, &members.binds)?;
    let text = format!(
        "SELECT k.year, CAST(SUM(k.points) AS BIGINT) FROM points_kept k JOIN loyalty_member m ON m.id = k.owner{} \
         GROUP BY k.year ORDER BY k.year",
        members.to_where()
    );
    let outstanding: Vec<Value> =
        tx.query(&text, &members.binds)?.iter().map(|r| json!({"year": r.int(0), "points": r.int(1)})).collect();
    let rate = settings::POINTS_PER_YUAN.number(tx)?;
    let sum: i64 = outstanding.iter().filter_map(|o| o["points"].as_i64()).sum();
    Ok(json!({
        "months": months, "members": count.int(0), "active": count.int(1), "outstanding": outstanding,
        "outstandingPoints": sum, "outstandingFen": lots::worth(sum, rate),
    }))
}
