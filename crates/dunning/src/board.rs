//! What the board shows: how many cases stand at each step and what they come to, by age, and what is late.

use crate::{
    case::{self, COLUMNS, Case},
    credit,
    decide::{Debt, Next, next},
    law::{Book, Law},
    policy, task,
};
use kernel::{Money, Result};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Filter, Tx};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Column {
    step: String,
    count: i64,
    #[serde(rename = "amountFen")]
    amount: Money,
    held: i64,
}

/// Upper ends of the ages in days overdue.
const AGES: [(&str, i64); 5] = [("d30", 30), ("d60", 60), ("d90", 90), ("d180", 180), ("older", 36_500)];

pub fn board(tx: &mut Tx<'_>) -> Result<Value> {
    let today = tx.now().date();
    let scoped = |tx: &Tx<'_>| {
        let mut filter = Filter::default();
        filter.and("state = 'open'".to_owned());
        filter.scope("org", tx.actor());
        filter
    };
    let filter = scoped(tx);
    let text = format!(
        "SELECT step, COUNT(*), CAST(SUM(overdue_fen) AS BIGINT), CAST(SUM(CASE WHEN hold <> '' THEN 1 ELSE 0 END) AS BIGINT) \
         FROM dunning_case{} GROUP BY step",
        filter.to_where()
    );
    let columns: Vec<Column> = tx
        .query(&text, &filter.binds)?
        .iter()
        .map(|r| Column { step: r.text(0), count: r.int(1), amount: r.money(2), held: r.int(3) })
        .collect();
    let mut ages = Vec::new();
    let mut newer = today;
    for (age, days) in AGES {
        let mut filter = scoped(tx);
        let oldest = today.plus_days(-i32::try_from(days).unwrap_or(0));
        let (from, to) = (filter.bind(oldest.to_string()), filter.bind(newer.to_string()));
        filter.and(format!("oldest_due >= {from} AND oldest_due < {to}"));
        let text = format!(
            "SELECT COUNT(*), CAST(COALESCE(SUM(overdue_fen), 0) AS BIGINT) FROM dunning_case{}",
            filter.to_where()
        );
        let row = tx.query_one(&text, &filter.binds)?;
        ages.push(json!({"age": age, "count": row.int(0), "amountFen": row.money(1)}));
        newer = oldest;
    }
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let now = filter.bind(tx.now());
    filter.and("restore_by IS NOT NULL AND restored_at IS NULL".to_owned());
    let text = format!(
        "SELECT COUNT(*), CAST(COALESCE(SUM(CASE WHEN restore_by < {now} THEN 1 ELSE 0 END), 0) AS BIGINT) FROM dunning_case{}",
        filter.to_where()
    );
    let restoring = tx.query_one(&text, &filter.binds)?;
    let tasks = task::list(tx, "live", false, 500)?.len();
    Ok(json!({
        "columns": columns, "ages": ages, "tasks": tasks,
        "restoring": restoring.int(0), "restoringLate": restoring.int(1),
    }))
}

/// Which cases a list shows; empty for all.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    pub state: String,
    pub step: String,
    pub customer: String,
    pub policy: String,
    pub held: bool,
    pub restoring: bool,
    pub min_fen: i64,
    pub offset: i64,
    pub limit: i64,
}

/// Cases within the actor's scope, the largest debts first, and how many there are.
pub fn cases(tx: &mut Tx<'_>, wanted: &Wanted) -> Result<(Vec<Value>, i64)> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let equal = [
        ("state", &wanted.state),
        ("step", &wanted.step),
        ("customer_id", &wanted.customer),
        ("policy_id", &wanted.policy),
    ];
    for (column, value) in equal.into_iter().filter(|(_, v)| !v.is_empty()) {
        filter.equal(column, value.as_str());
    }
    if wanted.held {
        filter.and("hold <> ''".to_owned());
    }
    if wanted.restoring {
        filter.and("restore_by IS NOT NULL AND restored_at IS NULL".to_owned());
    }
    if wanted.min_fen > 0 {
        let least = filter.bind(wanted.min_fen);
        filter.and(format!("overdue_fen >= {least}"));
    }
    let condition = filter.to_where();
    let total = tx.query_one(&format!("SELECT COUNT(*) FROM dunning_case{condition}"), &filter.binds)?.int(0);
    let (limit, offset) = (filter.bind(wanted.limit), filter.bind(wanted.offset));
    let text = format!(
        "SELECT {COLUMNS} FROM dunning_case{condition} ORDER BY overdue_fen DESC, id LIMIT {limit} OFFSET {offset}"
    );
    let found: Vec<Case> = tx.query(&text, &filter.binds)?.iter().map(case::read).collect::<Result<_>>()?;
    let book = Book::open(tx)?;
    let shown = found.iter().map(|c| shown(tx, c, &book)).collect::<Result<_>>()?;
    Ok((shown, total))
}

/// A case with whose it is and what comes next.
pub fn shown(tx: &mut Tx<'_>, case: &Case, book: &Book) -> Result<Value> {
    let mut value = serde_json::to_value(case).unwrap_or(Value::Null);
    let customer = customer::summary(tx, &case.customer_id).ok();
    value["customerName"] = json!(customer.as_ref().map(|c| c.name.as_str()));
    value["customerNo"] = json!(customer.as_ref().map(|c| c.customer_no.as_str()));
    value["grade"] = json!(customer.as_ref().map(|c| c.grade.as_str()));
    value["accountNo"] = json!(billing::account(tx, &case.account_id).ok().map(|a| a.account_no));
    value["daysOverdue"] = json!(tx.now().date().days_since(case.oldest_due));
    value["next"] = json!(coming(tx, case, &book.at(&case.org)?)?);
    Ok(value)
}

fn coming(tx: &mut Tx<'_>, case: &Case, law: &Law) -> Result<Option<Next>> {
    if !case.is_open() {
        return Ok(None);
    }
    let policy = policy::version(tx, &case.policy_id, case.policy_version)?;
    let allowed = credit::of(tx, &case.account_id)?.allowed(tx.now().date());
    let debt = Debt { amount: case.overdue, oldest_due: case.oldest_due, allowed };
    Ok(next(case, &policy, law, &debt))
}

/// One case whole: its policy, what happened, what people decided, its credit.
pub fn whole(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let case = case::one(tx, id)?;
    let book = Book::open(tx)?;
    let mut value = shown(tx, &case, &book)?;
    let policy = policy::version(tx, &case.policy_id, case.policy_version)?;
    let named = policy::all(tx)?.into_iter().find(|k| k.id == case.policy_id);
    value["policy"] = json!({"name": named.as_ref().map(|k| &k.name), "nameEn": named.as_ref().map(|k| &k.name_en),
                             "version": case.policy_version, "steps": policy.steps, "keyAccount": policy.key_account});
    value["history"] = json!(case::history(tx, id)?);
    value["tasks"] = json!(task::of_case(tx, id)?);
    value["credit"] = json!(credit::of(tx, &case.account_id)?);
    value["creditChanges"] = json!(credit::changes(tx, &case.account_id)?);
    Ok(value)
}
