//! Many hands at one bill.

use super::{balance, bill, customer, pay, proven, router_bill};
use testkit::{TestApp, Value, both_databases, json};

/// Runs all calls at the same time, each on a task of its own, and returns what they answered.
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
async fn two_clerks_at_one_bill_never_pay_it_twice(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let ask = json!({"customerId": customer, "amountFen": 19_900, "method": "cash"});
    let calls = (0..8).map(|i| t.named(&format!("clerk{i}")).post("/api/v1/counter/payments", ask.clone())).collect();
    let answers = at_once(calls).await;
    assert!(answers.iter().all(|(status, _)| *status == 201), "{answers:?}");
    let sum = |name: &str| answers.iter().map(|(_, a)| a[name].as_i64().unwrap()).sum::<i64>();
    assert_eq!(sum("toBalanceFen"), 7 * 19_900);
    let applied: Vec<i64> = answers
        .iter()
        .flat_map(|(_, a)| a["applied"].as_array().unwrap().iter().map(|x| x["amountFen"].as_i64().unwrap()))
        .collect();
    assert_eq!(applied, [19_900]);
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(0));
    assert_eq!(balance(&t, &customer).await, 7 * 19_900);
    // Eight receipts of one hall, numbered 1 to 8.
    let mut numbers: Vec<&str> = answers.iter().map(|(_, a)| a["receiptNo"].as_str().unwrap()).collect();
    numbers.sort_unstable();
    let wanted: Vec<String> = (1..=8).map(|n| format!("R-4401-h001-20261122-{n:06}")).collect();
    assert_eq!(numbers, wanted);
    proven(&t).await;
}

#[both_databases]
async fn paying_and_reversing_at_once_leaves_the_books_right(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let first = pay(&t, &customer, 15_000).await;
    let path = format!("/api/v1/counter/payments/{}/reverse", first["id"].as_str().unwrap());
    let ask = |fen: i64| json!({"customerId": customer, "amountFen": fen, "method": "transfer"});
    let mut calls = vec![];
    for i in 0..3 {
        calls.push(t.named(&format!("clerk{i}")).post("/api/v1/counter/payments", ask(10_000)));
        calls.push(t.named(&format!("supervisor{i}")).post(&path, json!({"reason": "收错"})));
    }
    let answers = at_once(calls).await;
    let reversed: Vec<&Value> =
        answers.iter().filter(|(s, a)| *s == 201 && a["amountFen"].as_i64() < Some(0)).map(|(_, a)| a).collect();
    assert_eq!(reversed.len(), 1, "{answers:?}");
    let refused =
        answers.iter().filter(|(s, _)| *s == 409).all(|(_, a)| a["code"] == json!("payment.already_reversed"));
    assert!(refused, "{answers:?}");
    assert_eq!(answers.iter().filter(|(s, _)| *s == 201).count(), 4);
    // 30,000 in by transfer: the bill took what it needed, the rest is on the balance.
    let left = bill(&t, &id).await["remainingFen"].as_i64().unwrap();
    assert_eq!(30_000, 19_900 - left + balance(&t, &customer).await);
    proven(&t).await;
}

#[both_databases]
async fn a_shift_is_closed_while_money_comes_in_and_nothing_is_lost_between(t: TestApp) {
    let customer = customer(&t).await;
    pay(&t, &customer, 1_000).await;
    let ask = json!({"customerId": customer, "amountFen": 1_000, "method": "cash"});
    let mut calls: Vec<_> = (0..10).map(|_| t.post("/api/v1/counter/payments", ask.clone())).collect();
    calls.insert(5, t.post("/api/v1/counter/shift/close", json!({"countedFen": {"cash": 1_000}, "reason": "交接"})));
    let answers = at_once(calls).await;
    let taken = 1 + answers.iter().filter(|(s, _)| *s == 201).count() as i64;
    assert_eq!(balance(&t, &customer).await, taken * 1_000);
    let closed = answers.iter().find(|(s, _)| *s == 200).map(|(_, a)| a).unwrap();
    // Whatever was booked lies in the closed shift: it expected exactly that.
    assert_eq!(closed["counted"][0]["systemFen"], json!(taken * 1_000));
    assert!(answers.iter().all(|(s, a)| *s < 300 || a["code"] == json!("shift.closed")), "{answers:?}");
    proven(&t).await;
}

#[both_databases]
async fn the_first_accounts_of_a_customer_are_one(t: TestApp) {
    let customer = customer(&t).await;
    let ask = json!({"customerId": customer, "amountFen": 500, "method": "cash"});
    let calls = (0..8).map(|i| t.named(&format!("clerk{i}")).post("/api/v1/counter/payments", ask.clone())).collect();
    let answers = at_once(calls).await;
    assert!(answers.iter().all(|(status, _)| *status == 201), "{answers:?}");
    assert_eq!(t.count("SELECT COUNT(*) FROM billing_account").await, 1);
    assert_eq!(balance(&t, &customer).await, 4_000);
    proven(&t).await;
}
