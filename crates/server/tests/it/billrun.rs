//! The bill run: at the end of a cycle every account with services gets exactly one bill, whatever happens meanwhile.

mod adjusted;
mod carried;
mod faults;
mod paper;
mod taxed;

use crate::billing::{customer, hall, pay, proven, started, tell};
use billing::{Collaboration, CollaborationKind as Kind, cycle};
use kernel::{Cycle, Date};
use testkit::{TestApp, Value, both_databases, json};

pub fn month(text: &str) -> Cycle {
    Cycle::month_of(Date::parse(text).unwrap())
}

/// The clock stands at this time of the operator's day.
pub fn until(t: &TestApp, time: &str) {
    let to = kernel::Timestamp::parse(time).unwrap();
    t.advance(to.seconds_since(t.now()));
}

pub async fn run(t: &TestApp, cycle: Cycle) -> cycle::Run {
    cycle::run_now(t.app(), cycle).await.unwrap()
}

/// The account's own cycle bill of a month: what it comes to.
pub async fn billed(t: &TestApp, customer_id: &str, month: &str) -> Vec<i64> {
    let (customer, month) = (customer_id.to_owned(), format!("{month}-01"));
    t.write(move |tx| {
        let sql =
            "SELECT amount_fen FROM bill WHERE customer_id = $1 AND period_start = $2 AND kind = 'cycle' ORDER BY id"
                .to_owned();
        Ok(tx.query(&sql, store::params![customer, month])?.iter().map(|r| r.int(0)).collect())
    })
    .await
}

/// A fact about a product that is charged already.
pub fn fact(kind: Kind, customer: &str, product: &str, order: &str, at: &str, new: Value) -> Collaboration {
    let mut fact = started(customer, order, product, "of-mobile-129", at);
    fact.kind = kind;
    fact.old = json!({});
    fact.new = new;
    fact
}

/// A customer with a mobile line of 129 yuan since this day.
pub async fn line(t: &TestApp, from: &str) -> String {
    let customer = customer(t).await;
    tell(t, started(&customer, &format!("o-{customer}"), &format!("p-{customer}"), "of-mobile-129", from)).await;
    customer
}

#[both_databases]
async fn every_account_gets_one_bill_a_month_and_the_first_month_is_not_charged_twice(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    let early = t.post("/api/v1/billing/runs", json!({"cycle": "2026-11"})).await;
    early.refused(422, "bill_run.early");
    until(&t, "2026-12-01T01:00:00+08:00");
    t.settle().await;
    assert_eq!(billed(&t, &one, "2026-11").await, [0; 0], "not before the set hour");
    until(&t, "2026-12-01T02:00:00+08:00");
    t.settle().await;
    assert_eq!(billed(&t, &one, "2026-11").await, [0], "the first bill has charged November; a zero bill says so");
    // A clock that jumps over two ends makes both, in turn, with a leap day ahead.
    until(&t, "2027-02-02T09:00:00+08:00");
    t.settle().await;
    assert_eq!(billed(&t, &one, "2026-12").await, [12_900]);
    assert_eq!(billed(&t, &one, "2027-01").await, [12_900]);
    let before = t.digest().await;
    for month_again in ["2026-11-01", "2026-12-01", "2027-01-01"] {
        run(&t, month(month_again)).await;
    }
    before.assert_unchanged(&t.digest().await);
    until(&t, "2028-03-01T03:00:00+08:00");
    t.settle().await;
    assert_eq!(billed(&t, &one, "2028-02").await, [12_900], "29 days");
    let months = t.count("SELECT COUNT(DISTINCT period_start) FROM bill WHERE kind = 'cycle'").await;
    assert_eq!(months, t.count("SELECT COUNT(*) FROM bill WHERE kind = 'cycle'").await);
    proven(&t).await;
}

#[both_databases]
async fn what_was_paid_in_advance_pays_the_bill_at_once(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    pay(&t, &one, 20_000).await; // 38.70 of it pay the first bill
    until(&t, "2027-01-01T05:00:00+08:00");
    t.settle().await;
    assert_eq!(billed(&t, &one, "2026-12").await, [12_900]);
    assert_eq!(t.count("SELECT CAST(SUM(remaining_fen) AS BIGINT) FROM bill").await, 0);
    assert_eq!(crate::billing::balance(&t, &one).await, 20_000 - 3_870 - 12_900);
    proven(&t).await;
}

#[both_databases]
async fn a_change_of_tariff_a_rest_and_an_end_are_charged_by_days(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    let product = format!("p-{one}");
    until(&t, "2026-12-16T10:00:00+08:00");
    let new = json!({"offeringId": "of-mobile-59"});
    tell(&t, fact(Kind::ChangeTariff, &one, &product, "change", "2026-12-16T10:00:00+08:00", new)).await;
    until(&t, "2027-01-11T10:00:00+08:00");
    t.settle().await;
    // 15 days at 129, 15 at 59: the 31st day of the month is free
    assert_eq!(billed(&t, &one, "2026-12").await, [6_450 + 2_950]);
    tell(&t, fact(Kind::Suspend, &one, &product, "rest", "2027-01-11T10:00:00+08:00", json!({"reason": "customer"})))
        .await;
    until(&t, "2027-03-11T10:00:00+08:00");
    t.settle().await;
    assert_eq!(billed(&t, &one, "2027-01").await, [1_967], "ten days; the fee of the rest was billed when it began");
    assert_eq!(billed(&t, &one, "2027-02").await, [500]);
    tell(&t, fact(Kind::Resume, &one, &product, "back", "2027-03-11T10:00:00+08:00", json!({"reason": "customer"})))
        .await;
    until(&t, "2027-03-21T10:00:00+08:00");
    tell(&t, fact(Kind::Stop, &one, &product, "end", "2027-03-21T10:00:00+08:00", json!({"earlyTerminationFen": 0})))
        .await;
    until(&t, "2027-05-01T10:00:00+08:00");
    t.settle().await;
    // ten days of rest at 12/365 a day, ten of service
    assert_eq!(billed(&t, &one, "2027-03").await, [164 + 1_967]);
    assert_eq!(billed(&t, &one, "2027-04").await, [0; 0], "nothing held, no bill");
    proven(&t).await;
}

#[both_databases]
async fn owner_and_payers_see_the_same_division(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    let boss = t
        .write(|tx| {
            let mut new = customer::NewCustomer::person("王总");
            new.org = Some(hall());
            customer::create(tx, &new).map(|c| c.id)
        })
        .await;
    let payer = {
        let boss = boss.clone();
        t.write(move |tx| billing::account_of(tx, &boss)).await
    };
    let new = json!({"relations": [{"accountId": payer.id, "scope": "all", "percent": 60, "limitFen": 5_000}]});
    tell(&t, fact(Kind::ChangePayer, &one, &format!("p-{one}"), "payer", &t.now().to_string(), new)).await;
    until(&t, "2027-01-02T10:00:00+08:00");
    t.settle().await;
    assert_eq!(billed(&t, &one, "2026-12").await, [7_900]);
    assert_eq!(billed(&t, &boss, "2026-12").await, [5_000]);
    proven(&t).await;
}

#[both_databases]
async fn each_day_is_paid_by_whose_the_product_was(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    let two = t
        .write(|tx| {
            let mut new = customer::NewCustomer::person("李梅");
            new.org = Some(hall());
            customer::create(tx, &new).map(|c| c.id)
        })
        .await;
    until(&t, "2026-12-11T10:00:00+08:00");
    let new = json!({"customerId": two});
    tell(&t, fact(Kind::Transfer, &one, &format!("p-{one}"), "move", "2026-12-11T10:00:00+08:00", new)).await;
    until(&t, "2027-01-02T10:00:00+08:00");
    t.settle().await;
    assert_eq!(billed(&t, &one, "2026-12").await, [4_300], "ten days");
    assert_eq!(billed(&t, &two, "2026-12").await, [8_600], "twenty; the 31st is free");
    proven(&t).await;
}
