//! Payment relations (付费关系): who pays for a product besides its own account.
//!
//! The relations of a product are asked in the order of their priority. Each takes its share of what its scope covers, up
//! to its limit for one bill; what nobody takes stays with the product's own account. The own bill shows every charge and
//! takes off what others pay, so that customer and payer both see where each fen goes.

use crate::{
    account,
    bill::NewLine,
    pricing::{ChargeKind, Line},
    problems,
};
use kernel::{Date, Money, OrgPath, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Row, Tx, params, sql};

/// One payer of a product.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Relation {
    pub account_id: String,
    /// The smallest is asked first.
    #[serde(default = "first")]
    pub priority: i64,
    /// `all`, `recurring` or `oneTime`.
    #[serde(default = "all")]
    pub scope: String,
    #[serde(default = "whole")]
    pub percent: i64,
    /// At most this on one bill.
    #[serde(default, rename = "limitFen", skip_serializing_if = "Option::is_none")]
    pub limit: Option<Money>,
}

const fn first() -> i64 {
    1
}
fn all() -> String {
    "all".to_owned()
}
const fn whole() -> i64 {
    100
}

/// Where a product's charges go.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Payer {
    /// The product's own account: it pays what nobody else does.
    pub account_id: String,
    pub others: Vec<Relation>,
}

sql! {
    OF_PRODUCT = "SELECT account_id, priority, scope, percent, limit_fen, id FROM payment_relation \
                  WHERE product_id = $1 AND valid_from <= $2 AND valid_to IS NULL ORDER BY priority, id";
    INSERT = "INSERT INTO payment_relation (id, org, product_id, account_id, customer_id, priority, scope, percent, limit_fen, \
              valid_from, collaboration_id, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    END_ALL = "UPDATE payment_relation SET valid_to = $2 WHERE product_id = $1 AND valid_to IS NULL";
    OF_ACCOUNT = "SELECT product_id, priority, scope, percent, limit_fen FROM payment_relation \
                  WHERE account_id = $1 AND valid_to IS NULL ORDER BY product_id, priority, id";
    MOVE = "UPDATE payment_relation SET account_id = $2 WHERE account_id = $1 AND valid_to IS NULL";
}

fn read(row: &Row) -> Relation {
    Relation {
        account_id: row.text(0),
        priority: row.int(1),
        scope: row.text(2),
        percent: row.int(3),
        limit: row.opt_int(4).map(Money::fen),
    }
}

/// The payers of a product besides its own account, in the order they are asked.
pub fn of_product(tx: &mut Tx<'_>, product_id: &str) -> Result<Vec<Relation>> {
    let today = tx.now().date().to_string();
    Ok(tx.query(&OF_PRODUCT, params![product_id, today])?.iter().map(read).collect())
}

/// The products that an account pays for although they are not its own.
pub fn paid_by(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<String>> {
    Ok(tx.query(&OF_ACCOUNT, params![account_id])?.iter().map(|r| r.text(0)).collect())
}

/// Replaces the payers of a product from `day` on; returns those before.
pub fn set(
    tx: &mut Tx<'_>,
    org: &OrgPath,
    product: (&str, &str),
    relations: &[Relation],
    day: Date,
    collaboration_id: &str,
) -> Result<Vec<Relation>> {
    check(tx, relations)?;
    let before = of_product(tx, product.0)?;
    tx.execute(&END_ALL, params![product.0, day.to_string()])?;
    for r in relations {
        let id = tx.new_id::<Relation>();
        tx.execute(
            &INSERT,
            params![
                id,
                org,
                product.0,
                r.account_id,
                product.1,
                r.priority,
                r.scope,
                r.percent,
                r.limit,
                day.to_string(),
                collaboration_id,
                tx.now()
            ],
        )?;
    }
    Ok(before)
}

/// Everything an account pays for others goes to another account.
pub fn move_all(tx: &mut Tx<'_>, from: &str, to: &str) -> Result<u64> {
    tx.execute(&MOVE, params![from, to])
}

/// Accounts that exist and are open, and shares that make sense.
fn check(tx: &mut Tx<'_>, relations: &[Relation]) -> Result<()> {
    let refused = |detail: &str| Problem::new(&problems::RELATION_INVALID).with("detail", detail);
    if relations.len() > 10 {
        return Err(refused("> 10"));
    }
    for r in relations {
        if !(1..=100).contains(&r.percent) || !matches!(r.scope.as_str(), "all" | "recurring" | "oneTime") {
            return Err(refused(&format!("{} {}%", r.scope, r.percent)));
        }
        if r.limit.is_some_and(|l| l <= Money::ZERO) || !(1..=99).contains(&r.priority) {
            return Err(refused(&format!("{:?} {}", r.limit, r.priority)));
        }
        account::must_be_open(tx, &r.account_id)?;
    }
    Ok(())
}

/// The relations of a document written by a client.
pub fn read_all(value: &Value) -> Result<Vec<Relation>> {
    let list = if value.is_null() { Value::Array(Vec::new()) } else { value.clone() };
    serde_json::from_value(list).map_err(|e| Problem::invalid("relations", &e.to_string()))
}

/// Lines for one account.
pub struct Share {
    pub account_id: String,
    pub lines: Vec<NewLine>,
}

fn concerns(scope: &str, line: &Line) -> bool {
    match scope {
        "recurring" => line.kind == ChargeKind::Recurring,
        "oneTime" => line.kind == ChargeKind::OneTime,
        _ => true,
    }
}

/// Distributes the lines of one product over its payers; the own account comes first.
pub fn distribute(own: &str, lines: Vec<NewLine>, relations: &[Relation]) -> Result<Vec<Share>> {
    let mut shares = vec![Share { account_id: own.to_owned(), lines }];
    for relation in relations.iter().filter(|r| r.account_id != own) {
        let Some(mine) = shares.first_mut() else { break };
        let covered = mine.lines.iter().filter(|l| concerns(&relation.scope, &l.line));
        let sum = covered.clone().try_fold(Money::ZERO, |sum, l| sum.plus(l.line.amount))?;
        let part = sum.prorated(relation.percent, 100);
        let part = relation.limit.map_or(part, |limit| part.min(limit));
        let Some(sample) = covered.max_by_key(|l| l.line.amount).filter(|_| part > Money::ZERO).cloned() else {
            continue;
        };
        let line = |name: &str, amount: Money| NewLine {
            line: Line {
                name: name.to_owned(),
                amount,
                days: None,
                note: format!("{}%", relation.percent),
                note_en: format!("{}%", relation.percent),
                monthly: Money::ZERO,
                ..sample.line.clone()
            },
            ..sample.clone()
        };
        mine.lines.push(line("他人代付", part.negated()));
        let paid = line("代付", part);
        match shares.iter_mut().find(|s| s.account_id == relation.account_id) {
            Some(share) => share.lines.push(paid),
            None => shares.push(Share { account_id: relation.account_id.clone(), lines: vec![paid] }),
        }
    }
    Ok(shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(kind: ChargeKind, fen: i64) -> NewLine {
        let day = Date::parse("2026-11-22").unwrap();
        let line = Line {
            name: "l".into(),
            kind,
            amount: Money::fen(fen),
            days: None,
            note: String::new(),
            note_en: String::new(),
            monthly: Money::ZERO,
            from: day,
            to: day,
        };
        let product = || "p".to_owned();
        NewLine { subscription_id: product(), product_id: product(), product_name: product(), number: product(), line }
    }

    fn relation(account: &str, scope: &str, percent: i64, limit: Option<i64>) -> Relation {
        Relation { account_id: account.into(), priority: 1, scope: scope.into(), percent, limit: limit.map(Money::fen) }
    }

    fn sums(lines: Vec<NewLine>, relations: &[Relation]) -> Vec<(String, i64)> {
        let shares = distribute("own", lines, relations).unwrap();
        shares.iter().map(|s| (s.account_id.clone(), s.lines.iter().map(|l| l.line.amount.in_fen()).sum())).collect()
    }

    #[test]
    fn payers_take_their_share_in_turn_and_nothing_is_lost() {
        let lines = || vec![line(ChargeKind::Recurring, 9_999), line(ChargeKind::OneTime, 5_000)];
        let half = relation("boss", "recurring", 50, None);
        let rest = relation("mother", "all", 100, Some(3_000));
        assert_eq!(
            sums(lines(), &[half.clone(), rest.clone()]),
            [("own".into(), 6_999), ("boss".into(), 5_000), ("mother".into(), 3_000)]
        );
        assert_eq!(sums(lines(), &[rest, relation("own", "all", 100, None)]).len(), 2);
        assert_eq!(sums(lines(), &[relation("boss", "all", 100, None)]), [("own".into(), 0), ("boss".into(), 14_999)]);
        assert_eq!(sums(vec![], &[half]), [("own".into(), 0)]);
    }
}
