//! Points: earned once, spent once, and never out of thin air.

use crate::billing::{HALL, balance, bill, customer, hall, pay, proven, router_bill};
use kernel::{Clock, Env, Money, Timestamp};
use testkit::{TestApp, Value, both_databases, json};

/// The points ledger proves itself.
async fn even(t: &TestApp) {
    let findings = t.write(loyalty::check).await;
    assert!(findings.is_empty(), "{findings:#?}");
    proven(t).await;
}

async fn member(t: &TestApp) -> String {
    let id = customer(t).await;
    t.in_org(HALL).post(&format!("/api/v1/customers/{id}/points/enrol"), json!({})).await.created();
    id
}

async fn points(t: &TestApp, id: &str) -> Value {
    t.get(&format!("/api/v1/customers/{id}/points")).await.ok()
}

async fn has(t: &TestApp, id: &str) -> i64 {
    t.settle().await;
    points(t, id).await["balance"].as_i64().unwrap()
}

#[both_databases]
async fn a_paid_bill_earns_once_and_a_reversal_takes_it_back(t: TestApp) {
    let id = member(&t).await;
    router_bill(&t, &id, "o1").await;
    assert_eq!(has(&t, &id).await, 0, "an open bill earns nothing");
    let paid = pay(&t, &id, 19_900).await;
    assert_eq!(has(&t, &id).await, 199);
    t.settle().await;
    assert_eq!(has(&t, &id).await, 199, "told again it is the same");
    let path = format!("/api/v1/counter/payments/{}/reverse", paid["id"].as_str().unwrap());
    t.post(&path, json!({"reason": "收错"})).await.created();
    assert_eq!(has(&t, &id).await, 0);
    pay(&t, &id, 19_900).await;
    assert_eq!(has(&t, &id).await, 199, "paid again it earns again");
    let lines = t.get(&format!("/api/v1/customers/{id}/points/transactions")).await;
    let kinds: Vec<String> =
        lines.ok().as_array().unwrap().iter().map(|l| l["kind"].as_str().unwrap().to_owned()).collect();
    assert_eq!(kinds, ["earn", "takeBack", "earn"]);
    even(&t).await;
}

#[both_databases]
async fn who_has_not_joined_earns_nothing_unless_the_programme_says_so(t: TestApp) {
    let id = customer(&t).await;
    router_bill(&t, &id, "o1").await;
    pay(&t, &id, 19_900).await;
    t.settle().await;
    assert!(points(&t, &id).await["member"].is_null());
    t.put("/api/v1/points/settings/enrol.automatic", json!({"value": 1})).await.no_content();
    t.put("/api/v1/points/settings/enrol.automatic", json!({"value": 2})).await.refused(400, "field.invalid");
    router_bill(&t, &id, "o2").await;
    pay(&t, &id, 19_900).await;
    assert_eq!(has(&t, &id).await, 199);
    let before = t.digest().await;
    t.post(&format!("/api/v1/customers/{id}/points/enrol"), json!({})).await.refused(409, "points.member_already");
    before.assert_unchanged(&t.digest().await);
    even(&t).await;
}

#[both_databases]
async fn what_was_paid_before_joining_earns_nothing_however_late_the_news(t: TestApp) {
    let id = customer(&t).await;
    let bill = router_bill(&t, &id, "o1").await;
    pay(&t, &id, 19_900).await;
    t.advance(60);
    t.in_org(HALL).post(&format!("/api/v1/customers/{id}/points/enrol"), json!({})).await.created();
    assert_eq!(has(&t, &id).await, 0, "the news came after joining, the payment before");
    assert_eq!(crate::billing::bill(&t, &bill).await["remainingFen"], 0);
    t.advance(60);
    router_bill(&t, &id, "o2").await;
    pay(&t, &id, 19_900).await;
    assert_eq!(has(&t, &id).await, 199);
    even(&t).await;
}

#[both_databases]
async fn points_pay_a_bill_and_come_back_when_that_is_reversed(t: TestApp) {
    let id = member(&t).await;
    router_bill(&t, &id, "o1").await;
    pay(&t, &id, 19_900).await;
    t.settle().await;
    let second = router_bill(&t, &id, "o2").await;
    let path = format!("/api/v1/customers/{id}/points/pay");
    let before = t.digest().await;
    t.post(&path, json!({"amountFen": 200})).await.refused(409, "points.short");
    t.post(&path, json!({"amountFen": 50})).await.refused(422, "points.amount");
    t.post(&path, json!({"amountFen": -100})).await.refused(422, "points.amount");
    t.post(&path, json!({})).await.refused(400, "field.missing");
    before.assert_unchanged(&t.digest().await);

    let call = || t.post(&path, json!({"amountFen": 150})).key("points-1");
    let paid = call().await.created();
    assert_eq!(call().await.created(), paid, "the same request is done once");
    assert_eq!((paid["points"].as_i64(), has(&t, &id).await), (Some(150), 49));
    assert_eq!(bill(&t, &second).await["remainingFen"], 19_750);

    // The rest in cash: what points paid earns no points.
    pay(&t, &id, 19_750).await;
    assert_eq!(has(&t, &id).await, 49 + 197);
    let payment = paid["payment"]["id"].as_str().unwrap();
    t.post(&format!("/api/v1/counter/payments/{payment}/reverse"), json!({"reason": "客户改主意"})).await.created();
    // The points are back; the bill is open again, so what it had earned is not.
    assert_eq!(has(&t, &id).await, 49 + 150);
    assert_eq!(bill(&t, &second).await["remainingFen"], 150);
    even(&t).await;
}

#[both_databases]
async fn what_was_spent_cannot_be_taken_back_below_zero_and_is_owed_only_where_that_is_set(t: TestApp) {
    for owes in [0, 1] {
        t.put("/api/v1/points/settings/takeback.may_owe", json!({"value": owes})).await.no_content();
        let id = member(&t).await;
        let bill_of = |n: i64| format!("o{owes}{n}");
        router_bill(&t, &id, &bill_of(1)).await;
        let paid = pay(&t, &id, 19_900).await;
        t.settle().await;
        t.post(&format!("/api/v1/customers/{id}/points/adjust"), json!({"points": -150, "reason": "兑换线下活动"}))
            .await
            .created();
        let path = format!("/api/v1/counter/payments/{}/reverse", paid["id"].as_str().unwrap());
        t.post(&path, json!({"reason": "收错"})).await.created();
        t.settle().await;
        let stands = points(&t, &id).await;
        let wanted = if owes == 1 { (-150, 150) } else { (0, 0) };
        assert_eq!((stands["balance"].as_i64().unwrap(), stands["owed"].as_i64().unwrap()), wanted);
        assert_eq!(stands["available"], 0);
        pay(&t, &id, 19_900).await;
        assert_eq!(has(&t, &id).await, 49, "either way nobody gains by reversing");
        even(&t).await;
    }
}

#[both_databases]
async fn points_end_with_their_year_after_a_reminder_even_if_the_clock_jumps(t: TestApp) {
    let id = member(&t).await;
    router_bill(&t, &id, "o1").await;
    pay(&t, &id, 19_900).await;
    assert_eq!(has(&t, &id).await, 199);
    let shown = points(&t, &id).await;
    assert_eq!(shown["years"][0]["lastDay"], "2028-12-31");
    // To the leap day of 2028: nothing yet.
    t.advance(Timestamp::parse("2028-02-29").unwrap().seconds_since(t.now()));
    assert_eq!(has(&t, &id).await, 199);
    t.advance(Timestamp::parse("2028-12-20").unwrap().seconds_since(t.now()));
    assert_eq!(has(&t, &id).await, 199);
    assert_eq!(t.count("SELECT COUNT(*) FROM points_reminder").await, 1);
    // A jump over the end, and over the next reconciliation as well.
    t.advance(200 * 86_400);
    assert_eq!(has(&t, &id).await, 0);
    assert_eq!(t.count("SELECT COUNT(*) FROM points_txn WHERE kind = 'expire'").await, 1);
    even(&t).await;
}

#[both_databases]
async fn a_gift_costs_points_and_stock_and_returns_both(t: TestApp) {
    let id = member(&t).await;
    let give = json!({"points": 1_000, "reason": "开户活动"});
    t.post(&format!("/api/v1/customers/{id}/points/adjust"), give).await.created();
    let gift = t
        .post("/api/v1/catalog/gifts", json!({"name": "雨伞", "nameEn": "Umbrella", "points": 400, "stock": 2}))
        .await
        .created();
    let gift = gift["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/customers/{id}/points/redeem");
    let ask = |n: i64| json!({"giftId": gift, "quantity": n});
    let before = t.digest().await;
    t.post(&path, ask(3)).await.refused(409, "gift.stock");
    t.post(&path, ask(0)).await.refused(400, "field.invalid");
    t.post(&path, json!({"giftId": "none"})).await.refused(422, "reference.unknown");
    before.assert_unchanged(&t.digest().await);
    let done = t.post(&path, ask(2)).await.created();
    assert_eq!(has(&t, &id).await, 200);
    let redemption = format!("/api/v1/points/redemptions/{}/cancel", done["id"].as_str().unwrap());
    t.post(&redemption, json!({})).await.refused(422, "points.reason_needed");
    t.post(&redemption, json!({"reason": "缺损"})).await.no_content();
    t.post(&redemption, json!({"reason": "缺损"})).await.refused(409, "redemption.state");
    assert_eq!(has(&t, &id).await, 1_000);
    let gifts = t.get("/api/v1/catalog/gifts").await.ok();
    assert_eq!(gifts[0]["stock"], 2);
    even(&t).await;
}

#[both_databases]
async fn two_payments_at_once_never_spend_the_same_points(t: TestApp) {
    let id = member(&t).await;
    t.post(&format!("/api/v1/customers/{id}/points/adjust"), json!({"points": 500, "reason": "测试"})).await.created();
    let db = t.db().clone();
    let works: Vec<_> = (0..8)
        .map(|_| {
            let (db, id) = (db.clone(), id.clone());
            std::thread::spawn(move || {
                db.write_blocking(kernel::Actor::system_at(hall()), move |tx| {
                    let ask = loyalty::Pay {
                        customer_id: id.clone(),
                        account_id: None,
                        amount: Money::fen(200),
                        note: String::new(),
                    };
                    loyalty::pay(tx, &ask).map(drop)
                })
                .is_ok()
            })
        })
        .collect();
    let done = works.into_iter().filter_map(|w| w.join().ok()).filter(|ok| *ok).count();
    assert_eq!(done, 2);
    assert_eq!((has(&t, &id).await, balance(&t, &id).await), (100, 400));
    even(&t).await;
}

#[both_databases]
async fn tmf658_shows_programme_rules_members_accounts_and_transactions(t: TestApp) {
    let base = "/tmf-api/loyaltyManagement/v1";
    let programs = t.get(&format!("{base}/loyaltyProgramProductSpec")).await.ok();
    assert_eq!(programs[0]["id"], "lp-points");
    let rules = format!("{base}/loyaltyProgramProductSpec/lp-points/loyaltyRule");
    let bad = json!({"commonName": "x", "earn": {"event": "survey", "points": 0, "perFen": 0}});
    t.post(&rules, bad).await.refused(400, "field.invalid");
    let rule = json!({"commonName": "答卷", "earn": {"event": "survey", "points": 20, "perFen": 0}});
    let rule = t.post(&rules, rule).await.created();
    assert_eq!(t.get(&rules).await.ok().as_array().unwrap().len(), 3);
    t.get(rule["href"].as_str().unwrap()).await.ok();
    let id = customer(&t).await;
    let made = t
        .post(&format!("{base}/loyaltyProgramMember"), json!({"name": "张伟", "customer": {"id": id}, "vip": true}))
        .await
        .created();
    let member = made["id"].as_str().unwrap().to_owned();
    assert_eq!((made["vip"].as_bool(), made["status"].as_str()), (Some(true), Some("active")));
    let event = |n: i64| json!({"eventId": "s-1", "eventType": "survey", "loyaltyProgramMember": {"id": member}, "amount": {"unit": "CNY", "value": n}});
    t.post(&format!("{base}/loyaltyEvent"), event(1)).await.created();
    t.post(&format!("{base}/loyaltyEvent"), event(1)).await.created();
    t.post(&format!("{base}/loyaltyEvent"), event(2)).await.refused(409, "points.event_changed");
    assert_eq!(has(&t, &id).await, 20, "an event is taken once");
    let account = format!("{base}/loyaltyAccount/{member}/loyaltyBalance");
    let balances = t.get(&account).await.ok();
    assert_eq!(balances[0]["quantity"], json!({"unit": "points", "balance": 20}));
    let burn = format!("{account}/{}/loyaltyBurn", balances[0]["id"].as_str().unwrap());
    t.post(&burn, json!({"quantity": 21})).await.refused(409, "points.short");
    let burnt = t.post(&burn, json!({"quantity": 5, "description": "换礼"})).await.created();
    assert_eq!((&burnt["openingBalance"], &burnt["closingBalance"]), (&json!(20), &json!(15)));
    t.get(burnt["href"].as_str().unwrap()).await.ok();
    t.get(&burn).await.ok();
    t.delete(&format!("{base}/loyaltyProgramMember/{member}")).await.refused(409, "loyalty.in_use");
    t.patch(&format!("{base}/loyaltyProgramMember/{member}"), json!({"status": "ended"}))
        .await
        .refused(409, "points.member_holds");
    even(&t).await;
}

/// A naive member: one number, and what each bill has given.
#[both_databases]
async fn random_work_agrees_with_a_naive_model(t: TestApp) {
    let env = Env::seeded(Clock::fixed(Timestamp::from_micros(0)), 5);
    let below = |n: u64| {
        let mut bytes = [0; 8];
        env.random(&mut bytes);
        u64::from_le_bytes(bytes) % n
    };
    let id = member(&t).await;
    let (mut model, mut open): (i64, Vec<(String, i64)>) = (0, Vec::new());
    for step in 0..40 {
        match below(6) {
            0 | 1 => {
                router_bill(&t, &id, &format!("r{step}")).await;
                let paid = pay(&t, &id, 19_900).await;
                open.push((paid["id"].as_str().unwrap().to_owned(), 199));
                model += 199;
            }
            2 if !open.is_empty() => {
                let (payment, gave) = open.swap_remove(below(open.len() as u64) as usize);
                let path = format!("/api/v1/counter/payments/{payment}/reverse");
                t.post(&path, json!({"reason": "随机"})).await.created();
                model = (model - gave).max(0);
                // A later payment pays this bill again: settle it now so that the model stays simple.
                let paid = pay(&t, &id, 19_900).await;
                t.settle().await;
                let stands = points(&t, &id).await["balance"].as_i64().unwrap();
                assert!(stands <= model + 199 && stands >= 0, "step {step}");
                model = stands;
                open.push((paid["id"].as_str().unwrap().to_owned(), 199));
            }
            3 => {
                let n = 1 + below(150) as i64;
                let call = t
                    .post(&format!("/api/v1/customers/{id}/points/adjust"), json!({"points": -n, "reason": "随机"}))
                    .await;
                if n > model {
                    call.refused(409, "points.short");
                } else {
                    call.created();
                    model -= n;
                }
            }
            _ => {
                let n = 1 + below(50) as i64;
                t.post(&format!("/api/v1/customers/{id}/points/adjust"), json!({"points": n, "reason": "随机"}))
                    .await
                    .created();
                model += n;
            }
        }
        assert_eq!(has(&t, &id).await, model, "step {step}");
    }
    even(&t).await;
}
