//! Huge charges while a cycle still runs: what an account's usage costs so far is held against the mean of its months, so
//! that a customer is told before the bill. Goes through the accounts by and by; an account is told of once a cycle.

use super::alert::{self, Found, Rule};
use crate::account;
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
    let (mut huge, mut last) = (Vec::new(), None);
    for row in tx.query(&NEXT, params![after, BATCH])? {
        last = Some(row.text(0));
        let (customer_id, org) = (row.opt_text(1).unwrap_or_default(), OrgPath::parse(row.str(2))?);
        huge.extend(one(tx, &rule, &row.text(0), customer_id, org)?);
    }
    Ok((huge, last))
}

/// What an account's usage costs so far, where that is huge.
fn one(tx: &mut Tx<'_>, rule: &Rule, account_id: &str, customer_id: String, org: OrgPath) -> Result<Option<Huge>> {
    let amount = rating::so_far(tx, account_id, tx.now())?;
    if amount < rule.least {
        return Ok(None);
    }
    let cycle = super::bill_cycle_of(tx, account_id)?;
    let months = i32::try_from(rule.months).unwrap_or(0).clamp(0, 24);
    let oldest = cycle.first().plus_months(-months).to_string();
    let mut sums: BTreeMap<String, Money> = BTreeMap::new();
    for bill in tx.query(&BEFORE, params![account_id, oldest, cycle.first().to_string()])? {
        let sum = sums.entry(bill.text(0)).or_default();
        *sum = sum.plus(bill.money(1))?;
    }
    let before: Vec<Money> = sums.into_values().collect();
    let mean = rule.exceeded(amount, &before)?;
    Ok(mean.map(|mean| Huge { account_id: account_id.to_owned(), customer_id, org, cycle, amount, mean }))
}

/// Looks at one account now, without waiting for its turn; true where it is told of.
pub fn look_at(tx: &mut Tx<'_>, account_id: &str) -> Result<bool> {
    let (account, rule) = (account::account(tx, account_id)?, Rule::read(tx)?);
    let found = one(tx, &rule, account_id, account.customer_id, account.org)?;
    found.map_or(Ok(false), |huge| huge.raise(tx))
}

impl Huge {
    fn raise(&self, tx: &mut Tx<'_>) -> Result<bool> {
        let found = Found {
            account_id: &self.account_id,
            customer_id: &self.customer_id,
            org: &self.org,
            cycle: self.cycle,
            source: "soFar",
            bill_id: None,
            amount: self.amount,
            mean: self.mean,
        };
        alert::raise(tx, &found)
    }
}

/// Goes through all accounts once; says how many were found.
pub async fn sweep(app: &App) -> Result<usize> {
    let (mut after, mut found) = (String::new(), 0);
    while !app.is_stopping() {
        let from = after.clone();
        let (huge, last) = app.db().read(Actor::system(), move |tx| look(tx, &from)).await?;
        for one in huge {
            found += usize::from(app.db().write(Actor::system(), move |tx| one.raise(tx)).await?);
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
