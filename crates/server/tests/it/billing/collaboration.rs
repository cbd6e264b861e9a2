//! From a working product to a bill, exactly once.

use super::{balance, bill, customer, in_bundle, proven, started, tell};
use billing::{CollaborationKind, CollaborationOrderState as State};
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn several_products_of_one_order_give_one_bill_however_often_it_is_told(t: TestApp) {
    let customer = customer(&t).await;
    let parts = [("p-mobile", "part-mobile"), ("p-broadband", "part-broadband"), ("p-iptv", "part-iptv")];
    let facts: Vec<_> = parts
        .iter()
        .map(|(product, offering)| {
            let mut fact =
                in_bundle(started(&customer, "o1", product, offering, "2026-11-22T10:00:00+08:00"), "of-fusion-169");
            fact.number = if *product == "p-mobile" { "13900138123".into() } else { String::new() };
            fact
        })
        .collect();
    // Every product is told three times, the second time at once with the first.
    for fact in facts.iter().chain(&facts).chain(&facts) {
        let fact = fact.clone();
        t.write(move |tx| billing::collaborate(tx, fact.clone())).await;
    }
    let (one, two) = tokio::join!(billing::round(t.app()), billing::round(t.app()));
    one.unwrap();
    two.unwrap();
    for fact in facts.clone() {
        tell(&t, fact).await;
    }

    // The bundle is charged once, as a whole: 100 to install and 169 ÷ 30 × 9 days; its components are free within it.
    assert_eq!(t.count("SELECT COUNT(*) FROM bill").await, 1);
    let row = t.write(|tx| billing::bill_of_order(tx, "o1")).await.unwrap();
    let shown = bill(&t, &row.id).await;
    assert_eq!(shown["amountFen"], json!(10_000 + 5_070));
    assert_eq!(shown["remainingFen"], shown["amountFen"]);
    assert_eq!(shown["customerName"], json!("张伟"));
    assert_eq!(shown["period"], json!({"start": "2026-11-01", "end": "2026-11-30"}));
    assert_eq!(shown["dueDate"], json!("2026-12-22"));
    let lines = shown["lines"].as_array().unwrap();
    assert_eq!(lines.len(), 2, "{lines:?}");
    let part = lines.iter().find(|l| l["type"] == "recurring").unwrap();
    assert_eq!((part["days"].clone(), part["amountFen"].clone()), (json!(9), json!(5_070)));
    assert!(part["note"].as_str().unwrap().contains("÷ 30 × 9 天"), "{part}");

    let states = t.write(|tx| billing::collaboration_state(tx, "o1")).await;
    assert_eq!(states.len(), 3);
    assert!(states.iter().all(|s| s.state == State::Succeeded && s.ack_at.is_some() && s.attempts == 1));
    assert!(states.iter().all(|s| s.bill_id.as_deref() == Some(&*row.id)));
    assert_eq!(t.count("SELECT COUNT(*) FROM subscription").await, 4);
    proven(&t).await;

    // The customer is found under the new number and the new account.
    let account = t.get("/api/v1/counter/dues?q=13900138123").await.ok();
    assert_eq!(account["customer"]["id"], json!(customer));
    assert_eq!(account["totalDueFen"], json!(15_070));
    let account_no = account["accounts"][0]["accountNo"].as_str().unwrap();
    let by_account = t.get(&format!("/api/v1/counter/dues?q={account_no}")).await.ok();
    assert_eq!(by_account["customer"]["id"], json!(customer));
    let found = t.write(|tx| customer::find(tx, "13900138123", 5)).await;
    assert_eq!(found[0].customer.id, customer);
}

#[both_databases]
async fn a_part_month_is_charged_by_the_day(t: TestApp) {
    let customer = customer(&t).await;
    // of-mobile-59: 59 yuan a month.
    for (from, days, fen) in [
        ("2026-11-01T00:00:00+08:00", None, 5_900),
        ("2026-11-16T08:00:00+08:00", Some(15), 2_950),
        ("2026-11-30T23:59:59+08:00", Some(1), 197),
        ("2026-12-01T00:00:00+08:00", None, 5_900),
        ("2026-12-02T00:00:00+08:00", Some(30), 5_900),
        ("2026-12-31T12:00:00+08:00", Some(1), 197),
        ("2027-02-16T12:00:00+08:00", Some(13), 2_557),
        ("2028-02-16T12:00:00+08:00", Some(14), 2_753),
        ("2028-02-29T23:59:59+08:00", Some(1), 197),
        // The last second of the month in China is still the day before in Greenwich.
        ("2027-03-31T16:30:00Z", None, 5_900),
    ] {
        tell(&t, started(&customer, from, &format!("p{from}"), "of-mobile-59", from)).await;
        let order = from.to_owned();
        let row = t.write(move |tx| billing::bill_of_order(tx, &order)).await.unwrap();
        let shown = bill(&t, &row.id).await;
        assert_eq!(shown["amountFen"], json!(fen), "{from}");
        assert_eq!(shown["lines"][0]["days"], json!(days), "{from}");
    }
    proven(&t).await;
}

#[both_databases]
async fn one_time_yearly_and_monthly_charges_of_an_order_add_up_to_its_quote(t: TestApp) {
    let customer = customer(&t).await;
    let offerings = ["of-mobile-129", "of-broadband-1000-year", "of-device-router"];
    let quote = t
        .write(move |tx| {
            let items: Vec<(String, i64)> = offerings.iter().map(|o| ((*o).to_owned(), 1)).collect();
            billing::price(tx, &billing::PriceAsk::plain(&items, tx.now().date()))
        })
        .await;
    assert_eq!(quote.one_time.in_fen(), 10_000 + 19_900);
    assert_eq!(quote.first_month.in_fen(), 3_870 + 96_000);
    assert_eq!(quote.monthly.in_fen(), 12_900);
    for offering in offerings {
        tell(&t, started(&customer, "o1", &format!("p-{offering}"), offering, &t.now().to_string())).await;
    }
    let row = t.write(|tx| billing::bill_of_order(tx, "o1")).await.unwrap();
    assert_eq!(row.amount, quote.due_now);
    assert_eq!(t.count("SELECT COUNT(*) FROM bill").await, 1);
    proven(&t).await;
}

#[both_databases]
async fn what_cannot_be_charged_is_tried_again_then_given_to_a_person(t: TestApp) {
    let customer = customer(&t).await;
    let id = tell(&t, started(&customer, "o1", "p1", "of-nowhere", "2026-11-22")).await;
    let before = t.digest().await;
    let state = || async { t.write(|tx| billing::collaboration_state(tx, "o1")).await.remove(0) };
    let failed = state().await;
    assert_eq!((failed.state, failed.attempts), (State::Failed, 1));
    assert!(failed.error.is_some());
    // Not before its time.
    t.settle().await;
    assert_eq!(state().await.attempts, 1);
    before.assert_unchanged(&t.digest().await);
    for attempts in 2..=5 {
        t.advance(3_600);
        t.settle().await;
        assert_eq!(state().await.attempts, attempts);
    }
    assert_eq!(state().await.state, State::Manual);
    t.advance(86_400);
    t.settle().await;
    assert_eq!(state().await.attempts, 5);
    assert_eq!(t.count("SELECT COUNT(*) FROM bill").await, 0);
    assert_eq!(t.count("SELECT COUNT(*) FROM subscription").await, 0);

    // Resent by a person: tried at once, and given up again in the same way.
    let manual = t.get("/api/v1/collaboration?state=manual").await.ok();
    assert_eq!(manual[0]["id"], json!(id));
    t.post(&format!("/api/v1/collaboration/{id}/resend"), json!({"reason": ""})).await.refused(400, "field.invalid");
    t.post(&format!("/api/v1/collaboration/{id}/resend"), json!({"reason": "资费已补录"})).await.ok();
    t.settle().await;
    assert_eq!(state().await.state, State::Failed);
    t.post(&format!("/api/v1/collaboration/{id}/close"), json!({"reason": "x"}))
        .await
        .refused(409, "collaboration.state");
    for _ in 0..5 {
        t.advance(3_600);
        t.settle().await;
    }
    t.post(&format!("/api/v1/collaboration/{id}/close"), json!({"reason": "已在计费侧处理"})).await.ok();
    assert!(state().await.state.is_done());
    let history = t.get(&format!("/api/v1/collaboration/{id}")).await.ok();
    let states: Vec<&str> =
        history["history"].as_array().unwrap().iter().map(|h| h["state"].as_str().unwrap()).collect();
    assert_eq!(states[..4], ["waiting", "sent", "received", "failed"]);
    assert_eq!(states.last(), Some(&"closed"));
}

#[both_databases]
async fn the_same_id_with_another_content_is_refused(t: TestApp) {
    let customer = customer(&t).await;
    tell(&t, started(&customer, "o1", "p1", "of-mobile-59", "2026-11-22")).await;
    let other = started(&customer, "o1", "p1", "of-mobile-129", "2026-11-22");
    let refused = t.try_write(move |tx| billing::collaborate(tx, other.clone())).await.unwrap_err();
    assert_eq!(refused.code.id, "collaboration.conflict");
    assert_eq!(t.count("SELECT COUNT(*) FROM collaboration").await, 1);
}

#[both_databases]
async fn suspension_resumption_and_termination_change_what_is_charged(t: TestApp) {
    let customer = customer(&t).await;
    tell(&t, started(&customer, "o1", "p1", "of-mobile-59", "2026-11-22")).await;
    let change = |order: &str, kind| {
        let mut fact = started(&customer, order, "p1", "of-mobile-59", "2026-11-25");
        fact.kind = kind;
        fact
    };
    let suspended = "SELECT COUNT(*) FROM subscription WHERE state = 'suspended'";
    tell(&t, change("o2", CollaborationKind::Suspend)).await;
    assert_eq!(t.count(suspended).await, 1);
    tell(&t, change("o3", CollaborationKind::Resume)).await;
    assert_eq!(t.count(suspended).await, 0);
    tell(&t, change("o4", CollaborationKind::Stop)).await;
    assert_eq!(
        t.count("SELECT COUNT(*) FROM subscription WHERE state = 'terminated' AND charged_to = '2026-11-25'").await,
        1
    );
    assert_eq!(t.count("SELECT COUNT(*) FROM subscription_change").await, 4);
    // What is gone cannot be resumed: that order waits, the others are done.
    tell(&t, change("o5", CollaborationKind::Resume)).await;
    let state = t.write(|tx| billing::collaboration_state(tx, "o5")).await.remove(0);
    assert_eq!(state.state, State::Failed);
    assert_eq!(state.error.unwrap()["code"], json!("subscription.state"));
    assert_eq!(t.count("SELECT COUNT(*) FROM bill").await, 1);
    assert_eq!(balance(&t, &customer).await, 0);
}
