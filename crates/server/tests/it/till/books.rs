//! What is paid in advance is used in order, for what it is meant for, as long as it lasts.

use super::{DAY, account, on_books};
use crate::billing::{balance, bill, customer, pay, proven, router_bill};
use billing::books::{self, BookKind, BookState, NewBook, Scope, Subject};
use billing::ledger::Kind;
use kernel::Money;
use testkit::{TestApp, both_databases, json};

/// A book with money on it.
async fn opened(
    t: &TestApp,
    account: &str,
    kind: BookKind,
    name: &str,
    fen: i64,
    days: Option<i32>,
    scope: Scope,
) -> String {
    let (account, name) = (account.to_owned(), name.to_owned());
    t.write(move |tx| {
        let mut new = NewBook::new(&account, kind, &name, "");
        new.scope = scope.clone();
        new.expires = days.map(|n| tx.now().date().plus_days(n));
        let book = books::open(tx, &new)?;
        let subject = Subject::new("adjust", "test", &book.id);
        books::deposit(tx, &account, &book.id, Money::fen(fen), (Kind::Adjustment, &account), subject)?;
        Ok(book.id)
    })
    .await
}

#[both_databases]
async fn the_book_that_ends_first_pays_first_then_special_then_gift_then_general(t: TestApp) {
    let customer = customer(&t).await;
    let account = account(&t, &customer).await;
    pay(&t, &customer, 30_000).await;
    opened(&t, &account, BookKind::Gift, "赠款", 4_000, None, Scope::default()).await;
    opened(&t, &account, BookKind::Special, "专款", 3_000, None, Scope::default()).await;
    opened(&t, &account, BookKind::Gift, "快到期", 2_000, Some(10), Scope::default()).await;
    let mine = Scope { kinds: vec!["recurring".into()], ..Scope::default() };
    opened(&t, &account, BookKind::Special, "只付月租", 9_000, Some(5), mine).await;
    let view = t.get(&format!("/api/v1/accounts/{account}/books")).await.ok();
    let order: Vec<&str> = view["books"].as_array().unwrap().iter().map(|b| b["name"].as_str().unwrap()).collect();
    assert_eq!(order, ["只付月租", "快到期", "专款", "赠款", "普通账本"]);
    assert_eq!(balance(&t, &customer).await, 48_000);

    // A router is no monthly fee: the book for those stays whole. 199 = 20 + 30 + 40 + 109.
    let id = router_bill(&t, &customer, "o1").await;
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(0));
    assert_eq!(on_books(&t, &account).await, [("只付月租".to_owned(), 9_000), ("普通账本".to_owned(), 19_100)]);
    proven(&t).await;
}

#[both_databases]
async fn a_book_that_ends_is_lost_when_it_was_a_gift_and_kept_when_it_was_paid(t: TestApp) {
    let customer = customer(&t).await;
    let account = account(&t, &customer).await;
    let gift = opened(&t, &account, BookKind::Gift, "赠款", 4_000, Some(3), Scope::default()).await;
    opened(&t, &account, BookKind::Special, "专款", 3_000, Some(3), Scope::default()).await;
    t.write(books::sweep).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM outbox WHERE event_type = 'BucketExpiryReminderEvent'").await, 2);
    t.write(books::sweep).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM outbox WHERE event_type = 'BucketExpiryReminderEvent'").await, 2);
    assert_eq!(balance(&t, &customer).await, 7_000);
    // On its last day it still pays; the day after it is gone.
    t.advance(3 * DAY);
    t.write(books::sweep).await;
    assert_eq!(balance(&t, &customer).await, 7_000);
    t.advance(DAY);
    t.write(books::sweep).await;
    assert_eq!(on_books(&t, &account).await, [("普通账本".to_owned(), 3_000)]);
    proven(&t).await;
    let refused = {
        let (account, gift) = (account.clone(), gift.clone());
        t.try_write(move |tx| {
            let subject = Subject::new("adjust", "test", "x");
            books::deposit(tx, &account, &gift, Money::fen(1), (Kind::Adjustment, "x"), subject)
        })
        .await
    };
    assert!(refused.unwrap_err().is(&billing::problems::BOOK_STATE));
}

#[both_databases]
async fn a_frozen_book_pays_nothing_and_nothing_becomes_refundable_by_moving_it(t: TestApp) {
    let customer = customer(&t).await;
    let account = account(&t, &customer).await;
    let gift = opened(&t, &account, BookKind::Gift, "赠款", 4_000, None, Scope::default()).await;
    let special = opened(&t, &account, BookKind::Special, "专款", 5_000, None, Scope::default()).await;
    let path = format!("/api/v1/accounts/{account}/books/{special}");
    t.post(&format!("{path}/freeze"), json!({"reason": ""})).await.refused(400, "field.invalid");
    assert_eq!(t.post(&format!("{path}/freeze"), json!({"reason": "挂失"})).await.ok()["state"], json!("frozen"));
    let before = t.digest().await;
    let ask = |to: &str, fen: i64| json!({"toBook": to, "amountFen": fen, "reason": "客户要求"});
    t.post(&format!("{path}/transfer"), ask("general", 1)).await.refused(409, "book.state");
    let path = format!("/api/v1/accounts/{account}/books/{gift}");
    t.post(&format!("{path}/transfer"), ask("general", 1_000)).await.refused(409, "refund.book");
    t.post(&format!("{path}/transfer"), ask(&gift, 1_000)).await.refused(400, "field.invalid");
    let general = format!("/api/v1/accounts/{account}/books/general/transfer");
    t.post(&general, ask(&gift, -1)).await.refused(422, "payment.amount");
    t.post(&format!("{path}/close"), json!({"reason": "x"})).await.refused(409, "book.state");
    before.assert_unchanged(&t.digest().await);
    let id = router_bill(&t, &customer, "o1").await;
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(15_900));
    assert_eq!(on_books(&t, &account).await, [("专款".to_owned(), 5_000)]);
    // Freed, it is moved, and what comes to the general book pays.
    let path = format!("/api/v1/accounts/{account}/books/{special}");
    t.post(&format!("{path}/free"), json!({"reason": "解挂"})).await.ok();
    t.post(&format!("{path}/transfer"), ask("general", 2_000)).await.created();
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(10_900));
    let entries = t.get(&format!("{path}/entries")).await.ok();
    assert_eq!(entries.as_array().unwrap().len(), 3, "{entries}");
    proven(&t).await;
    let closed = {
        let (account, special) = (account.clone(), special.clone());
        t.write(move |tx| books::set_state(tx, &account, &special, BookState::Closed)).await
    };
    assert_eq!(closed.state, BookState::Closed);
}

#[both_databases]
async fn prepaying_for_a_campaign_gives_a_gift_that_goes_with_the_payment(t: TestApp) {
    let customer = customer(&t).await;
    let account = account(&t, &customer).await;
    let new = json!({"name": "预存100送20", "nameEn": "Pay 100 get 20", "minFen": 10_000, "giftFen": 2_000, "giftMonths": 12});
    let campaign = t.post("/api/v1/counter/campaigns", new).await.created();
    let ask = |fen: i64| {
        json!({
            "items": [{"customerId": customer, "amountFen": fen, "campaignId": campaign["id"]}],
            "tenders": [{"method": "card", "amountFen": fen}],
        })
    };
    let before = t.digest().await;
    t.post("/api/v1/counter/checkouts", ask(9_999)).await.refused(422, "campaign.short");
    before.assert_unchanged(&t.digest().await);
    let made = t.post("/api/v1/counter/checkouts", ask(10_000)).await.created();
    assert_eq!(made["payments"][0]["giftFen"], json!(2_000));
    assert_eq!(balance(&t, &customer).await, 12_000);
    // The gift is used first: taking the payment back takes it from the bill again.
    let id = router_bill(&t, &customer, "o1").await;
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(7_900));
    let path = format!("/api/v1/counter/payments/{}/reverse", made["payments"][0]["id"].as_str().unwrap());
    t.post(&path, json!({"reason": "收错"})).await.created();
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(19_900));
    assert_eq!(on_books(&t, &account).await, []);
    proven(&t).await;
}

#[both_databases]
async fn a_campaign_is_written_put_in_force_and_stopped(t: TestApp) {
    let customer = customer(&t).await;
    let base = "/api/v1/counter/campaigns";
    let new = json!({"name": "预存50送5", "minFen": 5_000, "giftFen": 500, "draft": true});
    let made = t.post(base, new).await.created();
    assert_eq!((&made["state"], &made["turnedBy"]), (&json!("draft"), &json!("")));
    let verb = |verb: &str| format!("{base}/{}/{verb}", made["id"].as_str().unwrap());
    let ask = json!({
        "items": [{"customerId": customer, "amountFen": 5_000, "campaignId": made["id"]}],
        "tenders": [{"method": "card", "amountFen": 5_000}],
    });
    let runs = async || t.get(base).await.ok().as_array().unwrap().len();
    let before = t.digest().await;
    t.post("/api/v1/counter/checkouts", ask.clone()).await.refused(422, "reference.unknown");
    t.post(&verb("stop"), json!({"reason": " "})).await.refused(400, "field.invalid");
    t.post(&verb("fly"), json!({})).await.refused(404, "not_found");
    t.as_role("clerk").post(&verb("start"), json!({})).await.refused(403, "auth.forbidden");
    assert_eq!(
        (runs().await, t.get(&format!("{base}?state=all")).await.ok()[0]["id"].clone()),
        (0, made["id"].clone())
    );
    t.get(&format!("{base}?state=some")).await.refused(400, "field.invalid");
    before.assert_unchanged(&t.digest().await);
    let started = t.post(&verb("start"), json!({})).await.ok();
    assert_eq!((&started["state"], runs().await), (&json!("inForce"), 1));
    t.post(&verb("start"), json!({})).await.refused(409, "campaign.state");
    t.post("/api/v1/counter/checkouts", ask.clone()).await.created();
    assert_eq!(balance(&t, &customer).await, 5_500);
    let stopped = t.post(&verb("stop"), json!({"reason": "预算用完"})).await.ok();
    assert_eq!((&stopped["state"], &stopped["reason"], runs().await), (&json!("stopped"), &json!("预算用完"), 0));
    t.post("/api/v1/counter/checkouts", ask).await.refused(422, "reference.unknown");
    assert_eq!(balance(&t, &customer).await, 5_500, "what was given stays");
    // One whose last day has passed is not put in force again.
    let old = json!({"name": "旧活动", "minFen": 1, "giftFen": 1, "validFrom": "2020-01-01", "validTo": "2020-02-01", "draft": true});
    let old = t.post(base, old).await.created();
    let path = format!("{base}/{}/start", old["id"].as_str().unwrap());
    t.post(&path, json!({})).await.refused(409, "campaign.over");
    proven(&t).await;
}
