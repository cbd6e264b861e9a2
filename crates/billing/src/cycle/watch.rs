//! Huge charges while a cycle still runs: what an account's usage costs so far is held against the mean of its months, so
//! that a customer is told before the bill. Goes through the accounts by and by; an account is told of once a cycle.

use super::alert::{self, Found, Rule};
use http::App;
use kernel::{Actor, Cycle, Money, OrgPath, Result};
use std::{collections::BTreeMap, time::Duration};
use store::{Tx, params, sql};

sql! {
    NEXT = "SELECT id, customer_id, org FROM billing_account WHERE id > $1 ORDER BY id LIMIT $2";
    BEFORE = "SELECT SUBSTR(period_start, 1, 7), amount_fen FROM bill WHERE account_id = $1 AND period_start >= $2 AND period_start < $3";
}

/// Accounts looked at before the others get their turn.
const BATCH: i64 = 500;
const EVERY: Duration = Duration::from_secs(6 * 3_600);

/// A charge so far that is huge.
struct Huge {
    account_id: String,
    customer_id: String,
    org: OrgPath,
    cycle: Cycle,
    amount: Money,
    mean: Money,
}

/// Looks at the accounts after `after`; what is huge, and the last account looked at.
fn look(tx: &mut Tx<'_>, after: &str) -> Result<(Vec<Huge>, Option<String>)> {
    let rule = Rule::read(tx)?;
    let (now, mut huge, mut last) = (tx.now(), Vec::new(), None);
    for row in tx.query(&NEXT, params![after, BATCH])? {
        let id = row.text(0);
        last = Some(id.clone());
        let amount = rating::so_far(tx, &id, now)?;
        if amount < rule.least {
            continue;
        }
        let cycle = super::bill_cycle_of(tx, &id)?;
        let months = i32::try_from(rule.months).unwrap_or(0).clamp(0, 24);
        let oldest = cycle.first().plus_months(-months).to_string();
        let mut sums: BTreeMap<String, Money> = BTreeMap::new();
        for bill in tx.query(&BEFORE, params![id, oldest, cycle.first().to_string()])? {
            let sum = sums.entry(bill.text(0)).or_default();
            *sum = sum.plus(bill.money(1))?;
        }
        let before: Vec<Money> = sums.into_values().collect();
        if let Some(mean) = rule.exceeded(amount, &before)? {
            let (customer_id, org) = (row.opt_text(1).unwrap_or_default(), OrgPath::parse(row.str(2))?);
            huge.push(Huge { account_id: id, customer_id, org, cycle, amount, mean });
        }
    }
    Ok((huge, last))
}

/// Goes through all accounts once; says how many were found.
pub async fn sweep(app: &App) -> Result<usize> {
    let (mut after, mut found) = (String::new(), 0);
    while !app.is_stopping() {
        let from = after.clone();
        let (huge, last) = app.db().read(Actor::system(), move |tx| look(tx, &from)).await?;
        for one in huge {
            let told = app.db().write(Actor::system(), move |tx| {
                let found = Found {
                    account_id: &one.account_id,
                    customer_id: &one.customer_id,
                    org: &one.org,
                    cycle: one.cycle,
                    source: "soFar",
                    bill_id: None,
                    amount: one.amount,
                    mean: one.mean,
                };
                alert::raise(tx, &found)
            });
            found += usize::from(told.await?);
        }
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    Ok(found)
}

/// Beside the requests, a few times a day.
pub async fn background(app: App) {
    loop {
        tokio::select! {
            () = app.stopped() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Err(problem) = sweep(&app).await {
            tracing::warn!(%problem, "looking for huge charges");
        }
    }
}
