//! Every kind of fact: done once, and put back exactly.

use super::{balance, customer, hall, pay, proven, started, tell};
use billing::{Collaboration, CollaborationKind as Kind, CollaborationOrderState as State};
use testkit::{TestApp, Value, both_databases, json};

/// Everything that charging stands on, as one text: what an inverse has to restore.
async fn standing(t: &TestApp) -> String {
    t.write(|tx| {
        let mut all = String::new();
        for sql in [
            "SELECT product_id || '|' || state || '|' || account_id || '|' || customer_id || '|' || offering_id || '|' || name || '|' || \
             number || '|' || COALESCE(charged_to, '-') FROM subscription WHERE charged_to IS NULL OR charged_to > charged_from ORDER BY product_id",
            "SELECT s.product_id || '|' || c.name || '|' || CAST(c.amount_fen AS TEXT) FROM subscription_charge c \
             JOIN subscription s ON s.id = c.subscription_id WHERE c.charged_to IS NULL AND s.state <> 'terminated' ORDER BY 1",
            "SELECT product_id || '|' || account_id || '|' || scope FROM payment_relation WHERE valid_to IS NULL ORDER BY 1",
            "SELECT product_id || '|' || offering_id || '|' || ends FROM contract WHERE state = 'running' ORDER BY 1",
            "SELECT owner || '|' || kind || '|' || CAST(amount_fen AS TEXT) FROM ledger_balance WHERE amount_fen <> 0 ORDER BY 1",
            "SELECT customer_id || '|' || account_id FROM default_account ORDER BY 1",
            "SELECT product_id || '|' || name FROM subscription_discount WHERE valid_to IS NULL OR valid_to > '0001-01-01' ORDER BY 1",
        ] {
            for row in tx.query(&sql.to_owned(), &[])? {
                all.push_str(row.str(0));
                all.push('\n');
            }
        }
        Ok(all)
    })
    .await
}

fn fact(kind: Kind, customer: &str, product: &str, old: Value, new: Value, t: &TestApp) -> Collaboration {
    let mut fact = started(customer, "change", product, "of-mobile-129", &t.now().to_string());
    fact.kind = kind;
    fact.old = old;
    fact.new = new;
    fact
}

#[both_databases]
async fn every_kind_is_done_once_and_its_inverse_leaves_no_residue(t: TestApp) {
    let one = customer(&t).await;
    let two = t
        .write(|tx| {
            let mut new = customer::NewCustomer::person("李梅");
            new.org = Some(hall());
            customer::create(tx, &new).map(|c| c.id)
        })
        .await;
    let mut first = started(&one, "o1", "p1", "of-mobile-129", "2026-11-22T10:00:00+08:00");
    first.number = "13900138123".into();
    tell(&t, first).await;
    pay(&t, &one, 50_000).await;
    let (account, second, other) = {
        let (one, two) = (one.clone(), two.clone());
        t.write(move |tx| {
            let own = billing::account_of(tx, &one)?;
            let second = billing::open_account(tx, &one, "孩子的账户")?;
            Ok((own, second, billing::account_of(tx, &two)?))
        })
        .await
    };
    let before = standing(&t).await;
    let fees = json!([{"name": "手续费", "amountFen": 1_000}]);
    let sweep: Vec<(Kind, &str, Value, Value)> = vec![
        (Kind::Stop, "p1", json!({}), json!({"earlyTerminationFen": 3_000, "fees": fees})),
        (Kind::Suspend, "p1", json!({}), json!({"reason": "customer"})),
        (
            Kind::ChangeTariff,
            "p1",
            json!({"offeringId": "of-mobile-129"}),
            json!({"offeringId": "of-mobile-59", "fees": fees}),
        ),
        (Kind::Transfer, "p1", json!({"customerId": one}), json!({"customerId": two})),
        (Kind::Rename, &one, json!({"name": "张伟"}), json!({"name": "张炜"})),
        (Kind::ChangeNumber, "p1", json!({"number": "13900138123"}), json!({"number": "13900138999", "fees": fees})),
        (Kind::ChangePayer, "p1", json!({"accountId": account.id}), json!({"accountId": second.id})),
        (Kind::ChangePayer, "p1", json!({}), json!({"relations": [{"accountId": other.id, "percent": 30}]})),
        (Kind::GroupMember, "p1", json!({}), json!({"accountId": other.id, "scope": "recurring", "limitFen": 2_000})),
        (Kind::MergeAccounts, &account.id, json!({"accountId": account.id}), json!({"accountId": second.id})),
        (Kind::SplitAccount, "p1", json!({"accountId": account.id}), json!({"accountId": second.id})),
        (Kind::Refund, &account.id, json!({}), json!({"accountId": account.id, "amountFen": 1_234})),
        (Kind::Contract, "p1", json!({}), json!({"months": 36})),
        (Kind::Discount, "p1", json!({}), json!({"discounts": [{"percent": 10, "months": 6, "reason": "挽留"}]})),
        (Kind::Start, "p9", json!({}), json!({"discounts": [{"percent": 10, "reason": "新客"}]})),
    ];
    for (n, (kind, subject, old, new)) in sweep.into_iter().enumerate() {
        let order = format!("change-{n}");
        let mut told = fact(kind, &one, subject, old, new, &t);
        told.order_id.clone_from(&order);
        if kind == Kind::Start {
            told.number = "13900138777".into();
        }
        // Told three times, done once.
        for _ in 0..3 {
            let told = told.clone();
            t.write(move |tx| billing::collaborate(tx, told.clone())).await;
        }
        t.settle().await;
        let id = order.clone();
        let states = t.write(move |tx| billing::collaboration_state(tx, &id)).await;
        assert_eq!(states.len(), 1, "{kind:?}");
        assert_eq!(states[0].state, State::Succeeded, "{kind:?}: {:?}", states[0].error);
        let done = standing(&t).await;
        assert!(done != before || kind == Kind::Rename, "{kind:?} changed nothing");
        proven(&t).await;
        // Taken back three times, put back once.
        for _ in 0..3 {
            let order = order.clone();
            t.write(move |tx| billing::take_back(tx, &order)).await;
            t.settle().await;
        }
        assert_eq!(standing(&t).await, before, "{kind:?} left a residue");
        proven(&t).await;
        let id = order.clone();
        let states = t.write(move |tx| billing::collaboration_state(tx, &id)).await;
        assert!(states.len() == 2 && states.iter().all(|s| s.state.is_done()), "{kind:?}: {states:?}");
    }
}

#[both_databases]
async fn what_was_not_done_yet_is_closed_unsent(t: TestApp) {
    let one = customer(&t).await;
    tell(&t, started(&one, "o1", "p1", "of-mobile-129", &t.now().to_string())).await;
    let before = standing(&t).await;
    let told = fact(Kind::ChangeNumber, &one, "p1", json!({}), json!({"number": "13900138999"}), &t);
    t.write(move |tx| billing::collaborate(tx, told.clone())).await;
    t.write(|tx| billing::take_back(tx, "change")).await;
    t.settle().await;
    assert_eq!(standing(&t).await, before);
    let states = t.write(|tx| billing::collaboration_state(tx, "change")).await;
    assert!(states.len() == 1 && states[0].state == State::Closed && states[0].attempts == 0);
}

#[both_databases]
async fn one_id_never_stands_for_two_facts(t: TestApp) {
    let one = customer(&t).await;
    tell(&t, started(&one, "o1", "p1", "of-mobile-129", &t.now().to_string())).await;
    let told = fact(Kind::ChangeNumber, &one, "p1", json!({}), json!({"number": "13900138999"}), &t);
    let mut other = told.clone();
    other.new = json!({"number": "13900138000"});
    t.write(move |tx| billing::collaborate(tx, told.clone())).await;
    let refused = t.try_write(move |tx| billing::collaborate(tx, other.clone())).await.unwrap_err();
    assert_eq!(refused.code.id, "collaboration.conflict");
}

#[both_databases]
async fn what_was_changed_again_is_left_to_a_person(t: TestApp) {
    let one = customer(&t).await;
    tell(&t, started(&one, "o1", "p1", "of-mobile-129", &t.now().to_string())).await;
    let mut first = fact(Kind::ChangeNumber, &one, "p1", json!({}), json!({"number": "13900138999"}), &t);
    first.order_id = "a".into();
    tell(&t, first.clone()).await;
    first.order_id = "b".into();
    first.new = json!({"number": "13900138000"});
    tell(&t, first).await;
    t.write(|tx| billing::take_back(tx, "a")).await;
    for _ in 0..8 {
        t.settle().await;
        t.advance(3_600);
    }
    let states = t.write(|tx| billing::collaboration_state(tx, "a")).await;
    let undo = states.iter().find(|s| s.id.ends_with(":undo")).unwrap();
    assert_eq!(undo.state, State::Manual);
    assert_eq!(undo.error.as_ref().unwrap()["code"], json!("collaboration.changed_since"));
    proven(&t).await;
}

#[both_databases]
async fn a_voluntary_suspension_costs_five_yuan_a_month_the_first_by_days(t: TestApp) {
    let one = customer(&t).await;
    tell(&t, started(&one, "o1", "p1", "of-mobile-129", &t.now().to_string())).await;
    tell(&t, fact(Kind::Suspend, &one, "p1", json!({}), json!({"reason": "customer"}), &t)).await;
    // 22–30 November are nine days: 5 × 12 ÷ 365 × 9 = 1.48 yuan.
    assert_eq!(t.count("SELECT amount_fen FROM bill WHERE origin = 'change'").await, 148);
    let mut loss = fact(Kind::Suspend, &one, "p2", json!({}), json!({"reason": "loss"}), &t);
    loss.order_id = "loss".into();
    tell(&t, started(&one, "o2", "p2", "of-mobile-59", &t.now().to_string())).await;
    tell(&t, loss).await;
    assert_eq!(
        t.count("SELECT COUNT(*) FROM bill WHERE origin = 'loss'").await,
        0,
        "a loss is no voluntary suspension"
    );
    proven(&t).await;
}

#[both_databases]
async fn merged_accounts_owe_and_hold_what_both_did(t: TestApp) {
    let one = customer(&t).await;
    tell(&t, started(&one, "o1", "p1", "of-mobile-129", &t.now().to_string())).await;
    let (own, second) = {
        let one = one.clone();
        t.write(move |tx| Ok((billing::account_of(tx, &one)?, billing::open_account(tx, &one, "第二账户")?))).await
    };
    let mut beside = started(&one, "o2", "p2", "of-mobile-59", &t.now().to_string());
    beside.account_id = Some(second.id.clone());
    tell(&t, beside).await;
    let owed = t.count("SELECT CAST(SUM(remaining_fen) AS BIGINT) FROM bill").await;
    let merge =
        fact(Kind::MergeAccounts, &one, &own.id, json!({"accountId": own.id}), json!({"accountId": second.id}), &t);
    tell(&t, merge).await;
    assert_eq!(t.count("SELECT CAST(SUM(remaining_fen) AS BIGINT) FROM bill").await, owed);
    assert_eq!(t.count("SELECT COUNT(DISTINCT account_id) FROM bill").await, 1);
    let history = t.get(&format!("/api/v1/accounts/{}/changes", own.id)).await.ok();
    assert_eq!(history[0]["kind"], json!("mergedInto"));
    // What is charged from now on goes to the survivor, also by name of the customer's default account.
    let now = {
        let one = one.clone();
        t.write(move |tx| billing::account_of(tx, &one)).await
    };
    assert_eq!(now.id, second.id);
    let again = {
        let (a, b) = (own.id.clone(), second.id.clone());
        t.try_write(move |tx| billing::mergeable(tx, &a, &b)).await
    };
    assert_eq!(again.unwrap_err().code.id, "account.closed");
    pay(&t, &one, owed).await;
    assert_eq!(t.count("SELECT CAST(SUM(remaining_fen) AS BIGINT) FROM bill").await, 0);
    t.write(|tx| billing::take_back(tx, "change")).await;
    t.settle().await;
    proven(&t).await;
}

#[both_databases]
async fn a_refund_waits_for_the_counter_and_is_final_once_handed_over(t: TestApp) {
    let one = customer(&t).await;
    pay(&t, &one, 10_000).await;
    let account = {
        let one = one.clone();
        t.write(move |tx| billing::account_of(tx, &one)).await
    };
    let mut too_much = fact(Kind::Refund, &one, &account.id, json!({}), json!({"amountFen": 10_001}), &t);
    too_much.order_id = "much".into();
    tell(&t, too_much).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM payout").await, 0);
    tell(&t, fact(Kind::Refund, &one, &account.id, json!({}), json!({"amountFen": 4_000}), &t)).await;
    assert_eq!(balance(&t, &one).await, 6_000);
    let open = t.get(&format!("/api/v1/counter/payouts?customerId={one}&state=open")).await.ok();
    let id = open[0]["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/counter/payouts/{id}/pay");
    let paid = t.post(&path, json!({"method": "cash"})).key("k1").await.ok();
    assert_eq!((paid["state"].clone(), paid["amountFen"].clone()), (json!("paid"), json!(4_000)));
    assert_eq!(
        t.post(&path, json!({"method": "cash"})).key("k1").await.ok(),
        paid,
        "the same press gives the same answer"
    );
    t.post(&path, json!({"method": "cash"})).await.refused(409, "payout.state");
    t.write(|tx| billing::take_back(tx, "change")).await;
    for _ in 0..8 {
        t.settle().await;
        t.advance(3_600);
    }
    let states = t.write(|tx| billing::collaboration_state(tx, "change")).await;
    assert!(states.iter().any(|s| s.state == State::Manual), "money handed over is not taken back by a program");
    assert_eq!(balance(&t, &one).await, 6_000);
    proven(&t).await;
}
