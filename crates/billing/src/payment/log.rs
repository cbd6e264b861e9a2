//! The daily log of receipts (发票日记): what range of numbers a hall used, by whom, what is void, and whether one is missing.

use kernel::{Money, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Filter, Row, Tx};

fn line(row: &Row) -> Value {
    let void = row
        .opt_text(12)
        .map(|reason| json!({"reason": reason, "replacedBy": row.opt_text(13), "by": row.opt_text(14)}));
    let printed = row.int(15);
    json!({
        "hall": row.str(0), "seq": row.int(1), "receiptNo": row.str(2), "subjectType": row.str(3), "subjectId": row.str(4),
        "at": row.time(5), "amountFen": row.int(6), "operatorId": row.str(7), "operator": row.str(8), "method": row.str(9),
        "kind": kind(row), "printed": printed, "void": void,
    })
}

/// What the number was given for.
fn kind(row: &Row) -> &'static str {
    match (row.str(3), row.opt_text(10).is_some()) {
        ("payment", true) => "reversal",
        ("payment", false) => "payment",
        ("refund", _) => "refund",
        ("payout", _) => "payout",
        ("deposit", _) => "deposit",
        ("depositReturn", _) => "depositReturn",
        _ => "other",
    }
}

/// The numbers of a day in the actor's scope: the lines asked for, and totals of all of them.
pub fn of_day(tx: &mut Tx<'_>, day: &str, operator: Option<&str>, offset: i64, limit: i64) -> Result<(Value, i64)> {
    let mut filter = Filter::default();
    filter.equal("r.day", day);
    filter.scope("r.hall", tx.actor());
    let mut everybody = filter;
    let gaps = gaps(tx, &everybody)?;
    let clerks = clerks(tx, &everybody)?;
    if let Some(operator) = operator {
        everybody.equal("r.operator", operator);
    }
    let condition = everybody.to_where();
    let total = tx.query_one(&format!("SELECT COUNT(*) FROM receipt r{condition}"), &everybody.binds)?.int(0);
    let (limit, offset) = (everybody.bind(limit), everybody.bind(offset));
    let text = format!(
        "SELECT r.hall, r.seq, r.receipt_no, r.subject_type, r.subject_id, r.at, r.amount_fen, r.operator, r.operator_name, \
         r.method, p.reverses, p.status, v.reason, v.replaced_by, v.operator_name, \
         (SELECT COUNT(*) FROM receipt_print t WHERE t.receipt_no = r.receipt_no AND t.outcome = 'printed') \
         FROM receipt r LEFT JOIN payment p ON p.id = r.subject_id LEFT JOIN receipt_void v ON v.receipt_no = r.receipt_no\
         {condition} ORDER BY r.hall, r.seq DESC LIMIT {limit} OFFSET {offset}"
    );
    let rows: Vec<Value> = tx.query(&text, &everybody.binds)?.iter().map(line).collect();
    Ok((json!({"day": day, "receipts": rows, "clerks": clerks, "gaps": gaps}), total))
}

/// Numbers that are missing, with the hall and where. There are none as long as the program alone writes.
fn gaps(tx: &mut Tx<'_>, filter: &Filter) -> Result<Vec<Value>> {
    let text = format!(
        "SELECT r.hall, CAST(COUNT(*) AS BIGINT), CAST(MIN(r.seq) AS BIGINT), CAST(MAX(r.seq) AS BIGINT) FROM receipt r{} \
         GROUP BY r.hall ORDER BY r.hall",
        filter.to_where()
    );
    let mut gaps = Vec::new();
    for row in tx.query(&text, &filter.binds)? {
        let missing = row.int(3) - row.int(1);
        if missing != 0 {
            gaps.push(json!({"hall": row.str(0), "missing": missing, "from": 1, "to": row.int(3)}));
        }
    }
    Ok(gaps)
}

/// What each clerk used: how many, from which number to which, void ones, money in and out.
fn clerks(tx: &mut Tx<'_>, filter: &Filter) -> Result<Vec<Value>> {
    let text = format!(
        "SELECT r.operator, r.operator_name, r.hall, r.receipt_no, r.amount_fen, v.receipt_no FROM receipt r \
         LEFT JOIN receipt_void v ON v.receipt_no = r.receipt_no{} ORDER BY r.hall, r.seq",
        filter.to_where()
    );
    #[derive(Default)]
    struct Used {
        name: String,
        count: i64,
        first: String,
        last: String,
        void: i64,
        money_in: i64,
        money_out: i64,
    }
    let mut clerks: BTreeMap<(String, String), Used> = BTreeMap::new();
    tx.each(&text, &filter.binds, |row| {
        let used = clerks.entry((row.text(2), row.text(0))).or_default();
        used.name = row.text(1);
        used.count += 1;
        if used.first.is_empty() {
            used.first = row.text(3);
        }
        used.last = row.text(3);
        // A replaced number stands for no money: its replacement does.
        if row.is_null(5) {
            let amount = row.int(4);
            used.money_in = used.money_in.saturating_add(amount.max(0));
            used.money_out = used.money_out.saturating_add(amount.min(0));
        } else {
            used.void += 1;
        }
        Ok(())
    })?;
    Ok(clerks
        .into_iter()
        .map(|((hall, id), u)| {
            json!({
                "hall": hall, "operatorId": id, "operator": u.name, "count": u.count, "first": u.first, "last": u.last, "void": u.void,
                "inFen": Money::fen(u.money_in), "outFen": Money::fen(u.money_out),
            })
        })
        .collect())
}
