//! Money: charges that are huge, balances that run out, credit that is used, books that end.

use super::{texts, told};
use crate::{
    billing::{hall, pay, started, tell},
    billrun::until,
};
use billing::{
    books::{self, BookKind, NewBook, Subject},
    cycle,
    ledger::Kind,
};
use kernel::Money;
use testkit::{TestApp, both_databases, json};
use usage::Incoming;

const NUMBER: &str = "13900138011";

/// A customer of this manager, with a mobile line since November.
async fn line(t: &TestApp, manager: &'static str) -> String {
    let who = t
        .write(move |tx| {
            catalog::ensure_demo(tx)?;
            let mut new = customer::NewCustomer::person("张伟");
            new.org = Some(hall());
            new.manager = Some(manager.to_owned());
            customer::create(tx, &new).map(|c| c.id)
        })
        .await;
    let mut fact = started(&who, "o1", "p1", "of-mobile-59", "2026-11-01T00:00:00+08:00");
    fact.number = NUMBER.into();
    tell(t, fact).await;
    who
}

async fn account(t: &TestApp, customer: &str) -> String {
    let id = customer.to_owned();
    t.write(move |tx| billing::account_of(tx, &id).map(|a| a.id)).await
}

/// Content bought for so much.
async fn content(t: &TestApp, at: &str, fen: u64) {
    let one = Incoming {
        number: usage::normalise(NUMBER),
        product_id: String::new(),
        at: kernel::Timestamp::parse(at).unwrap(),
        kind: usage::Kind::Content,
        direction: usage::Direction::Out,
        amount: 1,
        peer: "game".into(),
        place: String::new(),
        fee_fen: fen as _,
        id: format!("{at}-{fen}"),
    };
    let fates = t.write(move |tx| usage::take(tx, std::slice::from_ref(&one))).await;
    assert!(matches!(fates[0], usage::Fate::Taken { .. }), "{fates:?}");
    t.settle().await;
}

#[both_databases]
async fn a_huge_charge_is_told_to_the_customer_while_it_grows_and_stands_on_the_managers_list(t: TestApp) {
    let who = line(&t, "boss").await;
    for day in ["2026-12-02", "2027-01-02", "2027-02-02"] {
        until(&t, &format!("{day}T10:00:00+08:00"));
        t.settle().await;
    }
    // 295 yuan are five times the 59 of the months before and not more; a fen on top is.
    content(&t, "2027-02-01T09:00:00+08:00", 29_500).await;
    assert_eq!(cycle::sweep(t.app()).await.unwrap(), 0);
    content(&t, "2027-02-01T10:00:00+08:00", 1).await;
    assert_eq!(cycle::sweep(t.app()).await.unwrap(), 1);
    t.settle().await;
    let all = told(&t, "charge.huge").await;
    assert_eq!(all.len(), 1);
    assert!(all[0].0.ends_with(NUMBER) && all[0].1.contains("295.01元") && all[0].1.contains("59.00元"), "{all:?}");
    // Once a cycle, however much more it becomes.
    content(&t, "2027-02-01T11:00:00+08:00", 50_000).await;
    assert_eq!(cycle::sweep(t.app()).await.unwrap(), 0);
    t.settle().await;
    assert_eq!(told(&t, "charge.huge").await.len(), 1);
    // Who looks after the customer finds it among their own, others do not.
    let list = "/api/v1/billing/huge-charges?state=open";
    let mine = t.named("boss").get(&format!("{list}&mine=true")).await.ok();
    assert_eq!((&mine["items"][0]["customerId"], &mine["items"][0]["managerName"]), (&json!(who), &json!("boss")));
    assert_eq!(t.named("other").get(&format!("{list}&mine=true")).await.ok()["items"], json!([]));
    assert_eq!(t.named("other").get(list).await.ok()["items"].as_array().unwrap().len(), 1);
    // The bill of the month is huge, too: told once more, as a bill.
    until(&t, "2027-03-02T10:00:00+08:00");
    t.settle().await;
    assert_eq!(told(&t, "charge.huge").await.len(), 2);
}

#[both_databases]
async fn a_balance_that_runs_out_is_told_once_a_week_and_a_fuller_one_is_not(t: TestApp) {
    let who = line(&t, "boss").await;
    let owed = t.count("SELECT CAST(SUM(remaining_fen) AS BIGINT) FROM bill").await;
    pay(&t, &who, owed + 1_200).await;
    t.advance(7 * 3_600);
    t.settle().await;
    assert!(told(&t, "balance.low").await.is_empty(), "12 yuan are enough");
    let account = account(&t, &who).await;
    t.write(move |tx| {
        let new = NewBook::new(&account, BookKind::Special, "专款", "");
        let book = books::open(tx, &new)?.id;
        let subject = || Subject::new("adjust", "test", &book);
        let (from, to) = ((account.as_str(), "general"), (account.as_str(), book.as_str()));
        books::transfer(tx, from, to, Money::fen(300), subject()).map(drop)
    })
    .await;
    for _ in 0..3 {
        t.advance(7 * 3_600);
        t.settle().await;
    }
    let low = texts(&t, "balance.low").await;
    assert!(low.len() == 1 && low[0].contains("9.00元"), "{low:?}");
}

#[both_databases]
async fn credit_that_is_nearly_used_is_told_before_anything_is_barred(t: TestApp) {
    let who = line(&t, "boss").await;
    let account = account(&t, &who).await;
    let path = format!("/api/v1/dunning/credit/{account}");
    t.put(&path, json!({"kind": "controlled", "limitFen": 20_000, "reason": "老客户"})).await.ok();
    // 59 yuan are billed and unpaid.
    content(&t, "2026-11-05T09:00:00+08:00", 10_000).await;
    assert!(told(&t, "credit.near").await.is_empty(), "159 of 200");
    content(&t, "2026-11-06T09:00:00+08:00", 200).await;
    content(&t, "2026-11-07T09:00:00+08:00", 200).await;
    let near = texts(&t, "credit.near").await;
    assert!(near.len() == 1 && near[0].contains("80%") && near[0].contains("161.00元"), "{near:?}");
    content(&t, "2026-11-08T09:00:00+08:00", 9_000).await;
    content(&t, "2026-11-09T09:00:00+08:00", 9_000).await;
    let all = texts(&t, "credit.near").await;
    assert!(all.len() == 2 && all[1].contains("126%") && all[1].contains("200.00元"), "{all:?}");
    // An account out of control has no limit to come near to.
    t.put(&path, json!({"kind": "uncontrolled", "reason": "托收大客户"})).await.ok();
    until(&t, "2026-12-05T09:00:00+08:00");
    content(&t, "2026-12-05T08:00:00+08:00", 90_000).await;
    assert_eq!(texts(&t, "credit.near").await.len(), 2);
}

#[both_databases]
async fn a_book_about_to_end_is_told_with_its_day_and_an_empty_one_is_not(t: TestApp) {
    let who = line(&t, "boss").await;
    let account = account(&t, &who).await;
    t.write(move |tx| {
        for (name, fen) in [("赠款", 4_000), ("空", 0)] {
            let mut new = NewBook::new(&account, BookKind::Gift, name, "");
            new.expires = Some(tx.now().date().plus_days(5));
            // What it may not pay for stays on it.
            new.scope = books::Scope { kinds: vec!["usage".into()], ..books::Scope::default() };
            let book = books::open(tx, &new)?;
            if fen > 0 {
                let subject = Subject::new("adjust", "test", &book.id);
                books::deposit(tx, &account, &book.id, Money::fen(fen), (Kind::Adjustment, &account), subject)?;
            }
        }
        Ok(())
    })
    .await;
    let day = t.now().date().plus_days(5).to_string();
    for _ in 0..3 {
        t.write(books::sweep).await;
        t.settle().await;
    }
    let ending = texts(&t, "book.expiring").await;
    assert_eq!(ending.len(), 1, "{ending:?}");
    assert!(ending[0].contains("40.00元") && ending[0].contains(&day), "{ending:?}");
}
