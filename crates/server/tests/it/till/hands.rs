//! Many hands at one balance: whatever the order, the ledger is right and no fen is there twice.

use super::account;
use crate::billing::{balance, customer, proven, router_bill};
use testkit::{TestApp, Value, both_databases, json};

async fn at_once(calls: Vec<testkit::Call>) -> Vec<(u16, Value)> {
    let tasks: Vec<_> = calls.into_iter().map(|call| tokio::spawn(async move { call.send().await })).collect();
    let mut answers = Vec::new();
    for task in tasks {
        let response = task.await.unwrap();
        answers.push((response.status.as_u16(), response.json()));
    }
    answers
}

#[both_databases]
async fn refunds_payments_and_reversals_at_once_never_give_out_more_than_came_in(t: TestApp) {
    let customer = customer(&t).await;
    let account = account(&t, &customer).await;
    for order in ["o1", "o2"] {
        router_bill(&t, &customer, order).await;
    }
    let pay = |who: usize, fen: i64| {
        let ask = json!({"items": [{"customerId": customer, "amountFen": fen}], "tenders": [{"method": "card", "amountFen": fen - 100}, {"method": "cash", "amountFen": 100}]});
        t.named(&format!("clerk{who}")).post("/api/v1/counter/checkouts", ask)
    };
    let first = pay(0, 50_000).await.created();
    let mut calls = Vec::new();
    for i in 0..6 {
        calls.push(pay(i, 7_000 + 10 * i as i64));
        let back = json!({"accountId": account, "amountFen": 4_000, "method": "card", "reason": "客户要求"});
        calls.push(t.named(&format!("clerk{i}")).post("/api/v1/counter/refunds", back));
        let batch = first["batchId"].as_str().unwrap();
        calls.push(
            t.named("clerk0").post(&format!("/api/v1/counter/checkouts/{batch}/reverse"), json!({"reason": "收错"})),
        );
    }
    let answers = at_once(calls).await;
    assert!(answers.iter().all(|(s, _)| matches!(s, 201 | 404 | 409)), "{answers:?}");
    let reversed = answers
        .iter()
        .filter(|(s, a)| *s == 201 && a["payments"][0]["amountFen"].as_i64().is_some_and(|fen| fen < 0))
        .count();
    assert!(reversed <= 1, "{answers:?}");
    // In less out is what the bills got and what is on the balance.
    let in_hand =
        t.count("SELECT CAST(SUM(amount_fen) AS BIGINT) FROM ledger_entry WHERE kind IN ('cash', 'card')").await;
    let open = t.count("SELECT CAST(SUM(remaining_fen) AS BIGINT) FROM bill").await;
    assert_eq!(in_hand, 2 * 19_900 - open + balance(&t, &customer).await);
    assert_eq!(t.get("/api/v1/counter/receipt-log").await.ok()["gaps"], json!([]));
    proven(&t).await;
}

#[both_databases]
async fn two_transfers_of_one_book_move_it_once(t: TestApp) {
    let customer = customer(&t).await;
    let account = account(&t, &customer).await;
    let other = t
        .write({
            let customer = customer.clone();
            move |tx| billing::open_account(tx, &customer, "家庭")
        })
        .await;
    crate::billing::pay(&t, &customer, 10_000).await;
    let path = format!("/api/v1/accounts/{account}/books/general/transfer");
    let ask = json!({"toAccountId": other.id, "toBook": "general", "amountFen": 6_000, "reason": "分账"});
    let answers = at_once((0..6).map(|_| t.post(&path, ask.clone())).collect()).await;
    assert_eq!(answers.iter().filter(|(s, _)| *s == 201).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|(s, a)| *s == 201 || a["code"] == json!("balance.short")), "{answers:?}");
    // Both ways at once: nobody waits for the other for ever.
    let back = format!("/api/v1/accounts/{}/books/general/transfer", other.id);
    let to = |id: &str| json!({"toAccountId": id, "toBook": "general", "amountFen": 10, "reason": "来回"});
    let mut calls = Vec::new();
    for _ in 0..8 {
        calls.push(t.post(&path, to(&other.id)));
        calls.push(t.post(&back, to(&account)));
    }
    let answers = at_once(calls).await;
    assert!(answers.iter().all(|(s, _)| *s == 201), "{answers:?}");
    assert_eq!(balance(&t, &customer).await, 10_000);
    proven(&t).await;
}

#[both_databases]
async fn a_cheque_is_cleared_or_bounced_or_reversed_but_only_one_of_them(t: TestApp) {
    let customer = customer(&t).await;
    let ask = json!({"customerId": customer, "amountFen": 9_000, "method": "cheque", "reference": "CQ"});
    let paid = t.post("/api/v1/counter/payments", ask).await.created();
    let id = paid["id"].as_str().unwrap();
    let mut calls = Vec::new();
    for _ in 0..3 {
        calls.push(t.post(&format!("/api/v1/counter/clearing/{id}/clear"), json!({})));
        calls.push(t.post(&format!("/api/v1/counter/clearing/{id}/bounce"), json!({"reason": "退票"})));
        calls.push(t.post(&format!("/api/v1/counter/payments/{id}/reverse"), json!({"reason": "收错"})));
    }
    let answers = at_once(calls).await;
    assert_eq!(answers.iter().filter(|(s, _)| *s < 300).count(), 1, "{answers:?}");
    assert!(matches!(balance(&t, &customer).await, 0 | 9_000));
    proven(&t).await;
}
