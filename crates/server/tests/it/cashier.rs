//! The money behind the counter: drawers, audit levels, bank files, recharge cards, reconciliation and figures.

mod audit;
mod cards;
mod collect;
mod drawers;
mod figures;

use crate::billing::{customer, proven};
use testkit::{Client, TestApp, Value, json};

pub const DAY: i64 = 86_400;

/// Nothing is wrong behind the counter, by the check that `yitai check` runs.
pub async fn sound(t: &TestApp) {
    proven(t).await;
    let check = ::cashier::module().checks[0].run;
    let findings = t.write(check).await;
    assert!(findings.is_empty(), "{findings:#?}");
}

/// A day of one cashier: 200 yuan in cash and 50 by transfer, one yuan short in the drawer.
pub async fn short_day(t: &TestApp, who: &str) {
    let clerk = t.named(who);
    let id = customer(t).await;
    take(&clerk, &id, 20_000, "cash").await;
    take(&clerk, &id, 5_000, "transfer").await;
    let counted = json!({"countedFen": {"cash": 19_900, "transfer": 5_000}, "reason": "找零多付"});
    clerk.post("/api/v1/counter/shift/close", counted).await.ok();
}

pub async fn take(clerk: &Client, customer: &str, fen: i64, method: &str) -> Value {
    let ask = json!({"customerId": customer, "amountFen": fen, "method": method});
    clerk.post("/api/v1/counter/payments", ask).await.created()
}

/// A customer who owes a bill of 199 yuan.
pub async fn debtor(t: &TestApp, order: &str) -> (String, String) {
    let id = customer(t).await;
    crate::billing::router_bill(t, &id, order).await;
    let same = id.clone();
    let account = t.write(move |tx| ::billing::account_of(tx, &same)).await;
    (id, account.id)
}
