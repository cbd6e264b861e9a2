//! The proof of the points ledger: every transaction sums to zero, what is kept equals its entries, no year is below zero and
//! nobody is owed, statements follow on each other, and payments with points agree with what was burnt for them.

use kernel::Result;
use store::{Tx, params, sql};

sql! {
    UNEVEN = "SELECT txn_id, CAST(SUM(points) AS BIGINT) FROM points_entry GROUP BY txn_id HAVING SUM(points) <> 0 ORDER BY txn_id LIMIT 20";
    KEPT = "SELECT k.owner, k.year, k.points, CAST(COALESCE((SELECT SUM(e.points) FROM points_entry e WHERE e.owner = k.owner AND \
            e.year = k.year), 0) AS BIGINT) FROM points_kept k ORDER BY k.owner, k.year";
    UNKEPT = "SELECT e.owner, e.year FROM points_entry e WHERE e.owner <> 'pool' AND NOT EXISTS (SELECT 1 FROM points_kept k \
              WHERE k.owner = e.owner AND k.year = e.year) GROUP BY e.owner, e.year ORDER BY e.owner LIMIT 20";
    STEPS = "SELECT member_id, id, opening, points, closing FROM points_txn ORDER BY member_id, step";
    BURNT = "SELECT p.payment_id FROM points_payment p JOIN points_txn t ON t.id = p.txn_id WHERE t.points <> -p.points \
             ORDER BY p.payment_id LIMIT 20";
}

/// What is wrong, one line each.
pub fn check(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for row in tx.query(&UNEVEN, params![])? {
        findings.push(format!("points transaction {} sums to {}", row.str(0), row.int(1)));
    }
    tx.each(&KEPT, params![], |row| {
        let (owner, year, kept, sum) = (row.str(0), row.int(1), row.int(2), row.int(3));
        if kept != sum {
            findings.push(format!("points of {owner} of {year} are kept as {kept}, their entries sum to {sum}"));
        }
        if if owner.starts_with("owed:") { kept > 0 } else { kept < 0 } {
            findings.push(format!("points of {owner} of {year} stand at {kept}"));
        }
        Ok(())
    })?;
    for row in tx.query(&UNKEPT, params![])? {
        findings.push(format!("points of {} of {} are not kept", row.str(0), row.int(1)));
    }
    let mut last: Option<(String, i64)> = None;
    tx.each(&STEPS, params![], |row| {
        let (member, id, opening, points, closing) = (row.text(0), row.text(1), row.int(2), row.int(3), row.int(4));
        let before = last.as_ref().filter(|(m, _)| *m == member).map_or(0, |(_, closing)| *closing);
        if opening != before || opening + points != closing {
            findings
                .push(format!("points transaction {id} goes from {opening} by {points} to {closing} after {before}"));
        }
        last = Some((member, closing));
        Ok(())
    })?;
    for row in tx.query(&BURNT, params![])? {
        findings.push(format!("the points burnt for payment {} are not those it was paid with", row.str(0)));
    }
    Ok(findings)
}
