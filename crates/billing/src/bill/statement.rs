//! One bill a customer (一单清): everything that a month came to, over accounts and products, down to the usage of a line
//! and the rule that priced it.

use super::{Bill, bill_columns, from_row, lines_of, print};
use crate::{account, ledger, tax};
use kernel::{Cycle, Date, Money, Problem, Result};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use store::{Tx, params, sql};

sql! {
    OF_MONTH = concat!("SELECT ", bill_columns!(), ", printed_at FROM bill WHERE customer_id = $1 AND period_start >= $2 AND period_start <= $3 \
                ORDER BY account_id, period_start, id");
    BEFORE = "SELECT CAST(COALESCE(SUM(remaining_fen), 0) AS BIGINT) FROM bill WHERE customer_id = $1 AND period_start < $2 \
              AND remaining_fen > 0";
    MONTHS = "SELECT SUBSTR(period_start, 1, 7), CAST(SUM(amount_fen) AS BIGINT) FROM bill WHERE customer_id = $1 \
              AND period_start >= $2 AND period_start <= $3 GROUP BY SUBSTR(period_start, 1, 7) ORDER BY 1";
    LATEST = "SELECT MAX(period_start) FROM bill WHERE customer_id = $1";
}

/// The month that a customer is shown first: the newest that has a bill.
pub fn latest(tx: &mut Tx<'_>, customer_id: &str) -> Result<Cycle> {
    let newest = tx.query_one(&LATEST, params![customer_id])?.opt_text(0);
    Ok(Cycle::month_of(match newest {
        Some(day) => Date::parse(&day)?,
        None => tx.now().date(),
    }))
}

/// The bills of a month, by account and age, with when each was first printed.
pub(super) fn bills(tx: &mut Tx<'_>, customer_id: &str, cycle: Cycle) -> Result<Vec<(Bill, Value)>> {
    let binds = params![customer_id, cycle.first().to_string(), cycle.last().to_string()];
    tx.query(&OF_MONTH, binds)?.iter().map(|row| Ok((from_row(row)?, json!(row.opt_time(18))))).collect()
}

/// The statement of a customer for a natural month.
pub fn statement(tx: &mut Tx<'_>, customer_id: &str, cycle: Cycle) -> Result<Value> {
    let customer = customer::summary(tx, customer_id)?;
    let (first, last) = (cycle.first(), cycle.last());
    let found = bills(tx, customer_id, cycle)?;
    let mut accounts: Vec<Value> = Vec::new();
    let (mut total, mut due) = (Money::ZERO, Money::ZERO);
    let mut kinds: BTreeMap<String, Money> = BTreeMap::new();
    let mut taxed: BTreeMap<String, Money> = BTreeMap::new();
    // Of lines that have no category of their own.
    let mut of: BTreeMap<String, String> = BTreeMap::new();
    let mut rest = found.as_slice();
    while let Some((bill, _)) = rest.first() {
        let n = rest.iter().take_while(|(b, _)| b.account_id == bill.account_id).count();
        let (mine, others) = rest.split_at(n);
        rest = others;
        let account = account::account(tx, &mine[0].0.account_id)?;
        let (mut amount, mut remaining) = (Money::ZERO, Money::ZERO);
        let (mut bills, mut products) = (Vec::new(), Vec::<Map<String, Value>>::new());
        for (bill, printed) in mine {
            amount = amount.plus(bill.amount)?;
            remaining = remaining.plus(bill.remaining)?;
            bills.push(json!({
                "id": bill.id, "billNo": bill.bill_no, "kind": bill.kind, "amountFen": bill.amount,
                "remainingFen": bill.remaining, "state": bill.state, "dueDate": bill.due_date, "printedAt": printed,
                "period": {"start": bill.period_start, "end": bill.period_end}, "billDate": bill.bill_date,
            }));
            for mut line in lines_of(tx, &bill.id)?.as_array().cloned().unwrap_or_default() {
                line["billId"] = json!(bill.id);
                let fen = Money::fen(line["amountFen"].as_i64().unwrap_or(0));
                let kind = kinds.entry(line["type"].as_str().unwrap_or("").to_owned()).or_default();
                *kind = kind.plus(fen)?;
                let product = line["productId"].as_str().unwrap_or("").to_owned();
                let kept = line["tax"].as_str().unwrap_or("").to_owned();
                let category = match of.get(&product) {
                    Some(known) if kept.is_empty() => known.clone(),
                    Some(_) | None => tax::of_line(tx, &kept, &product)?,
                };
                if kept.is_empty() {
                    of.insert(product, category.clone());
                }
                line["tax"] = json!(category);
                let tax = taxed.entry(category).or_default();
                *tax = tax.plus(fen)?;
                place(&mut products, line, fen)?;
            }
        }
        total = total.plus(amount)?;
        due = due.plus(remaining)?;
        accounts.push(json!({
            "id": account.id, "accountNo": account.account_no, "name": account.name, "amountFen": amount,
            "remainingFen": remaining, "balanceFen": account.balance, "bills": bills, "products": products,
        }));
    }
    let mut taxes = Vec::new();
    for (category, amount) in &taxed {
        let mut told = tax::told(tx, category, *amount, last)?;
        told["amountFen"] = json!(amount);
        taxes.push(told);
    }
    let mut balance = Money::ZERO;
    for account in account::accounts_of(tx, customer_id)? {
        balance = balance.plus(ledger::deposit(tx, &account.id)?)?;
    }
    let before = tx.query_one(&BEFORE, params![customer_id, first.to_string()])?.money(0);
    let trend = trend(tx, customer_id, cycle)?;
    let printed = print::flag(&found.iter().map(|(_, at)| at.clone()).collect::<Vec<_>>());
    Ok(json!({
        "customerId": customer_id, "customerName": customer.name, "cycle": cycle.label(), "first": first, "last": last,
        "totalFen": total, "dueFen": due, "paidFen": total.plus(due.negated())?, "beforeFen": before, "balanceFen": balance,
        "byKind": kinds, "taxes": taxes, "trend": trend, "accounts": accounts, "printedAt": printed,
    }))
}

/// Puts a line under its product; what belongs to none comes under the account itself.
fn place(products: &mut Vec<Map<String, Value>>, line: Value, fen: Money) -> Result<()> {
    let id = &line["productId"];
    let at = match products.iter().position(|p| &p["productId"] == id) {
        Some(at) => at,
        None => {
            let head = json!({
                "productId": id, "name": line["product"], "number": line["number"], "amountFen": 0, "lines": [],
            });
            let Value::Object(head) = head else { return Err(Problem::internal("a product of a statement")) };
            products.push(head);
            products.len() - 1
        }
    };
    let product = &mut products[at];
    let sum = Money::fen(product["amountFen"].as_i64().unwrap_or(0)).plus(fen)?;
    product.insert("amountFen".into(), json!(sum));
    if let Some(lines) = product.get_mut("lines").and_then(Value::as_array_mut) {
        lines.push(line);
    }
    Ok(())
}

/// What this month and the five before came to.
fn trend(tx: &mut Tx<'_>, customer_id: &str, cycle: Cycle) -> Result<Vec<Value>> {
    let oldest = cycle.first().plus_months(-5);
    let rows = tx.query(&MONTHS, params![customer_id, oldest.to_string(), cycle.last().to_string()])?;
    let sums: BTreeMap<String, i64> = rows.iter().map(|r| (r.text(0), r.int(1))).collect();
    let month = |n: i32| {
        let label = Cycle::month_of(oldest.plus_months(n)).label();
        json!({"month": label, "amountFen": sums.get(&label).copied().unwrap_or(0)})
    };
    Ok((0..6).map(month).collect())
}
