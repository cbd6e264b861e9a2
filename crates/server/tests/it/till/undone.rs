//! What a reversal opens is paid again from what the customer has left.

use super::{DAY, account, on_books};
use crate::billing::{balance, bill, customer, pay, proven, router_bill};
use testkit::{TestApp, Value, both_databases, json};

fn path(payment: &Value) -> String {
    format!("/api/v1/counter/payments/{}/reverse", payment["id"].as_str().unwrap())
}

async fn reversed(t: &TestApp, payment: &Value) -> Value {
    t.post(&path(payment), json!({"reason": "收错"})).await.created()
}

async fn remaining(t: &TestApp, bill_id: &str) -> i64 {
    bill(t, bill_id).await["remainingFen"].as_i64().unwrap()
}

#[both_databases]
async fn a_bill_that_a_reversal_opens_is_paid_from_the_balance_at_once(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let first = pay(&t, &customer, 19_900).await;
    let advance = pay(&t, &customer, 25_000).await;

    let undone = reversed(&t, &first).await;
    assert_eq!(undone["applied"][0]["amountFen"], json!(-19_900));
    assert_eq!(undone["applied"][0]["remainingFen"], json!(0));
    assert_eq!((undone["settledFen"].clone(), undone["balanceFen"].clone()), (json!(19_900), json!(5_100)));
    let settled = bill(&t, &id).await;
    assert_eq!((settled["state"].clone(), settled["remainingFen"].clone()), (json!("settled"), json!(0)));
    assert_eq!(settled["payments"].as_array().unwrap().len(), 1);
    assert_eq!(settled["payments"][0]["source"], json!("balance"));
    assert_eq!(balance(&t, &customer).await, 5_100);
    // Nothing was rewritten: paid, taken off, paid again.
    assert_eq!(t.count("SELECT COUNT(*) FROM bill_application").await, 3);
    assert_eq!(t.count("SELECT COUNT(*) FROM ledger_txn WHERE kind = 'settle'").await, 1);
    let dues = t.get(&format!("/api/v1/counter/dues?customerId={customer}")).await.ok();
    assert_eq!(dues["totalDueFen"], json!(0));
    proven(&t).await;

    // Without the advance there is nothing left to pay it.
    let undone = reversed(&t, &advance).await;
    assert_eq!((undone["settledFen"].clone(), undone["balanceFen"].clone()), (Value::Null, json!(0)));
    assert_eq!(bill(&t, &id).await["state"], json!("new"));
    assert_eq!(remaining(&t, &id).await, 19_900);
    proven(&t).await;
}

#[both_databases]
async fn a_balance_that_does_not_reach_pays_a_part_and_the_oldest_bill_first(t: TestApp) {
    let customer = customer(&t).await;
    let old = router_bill(&t, &customer, "o1").await;
    t.advance(DAY);
    let new = router_bill(&t, &customer, "o2").await;
    let both = pay(&t, &customer, 39_800).await;
    pay(&t, &customer, 24_900).await;
    reversed(&t, &both).await;
    assert_eq!((remaining(&t, &old).await, remaining(&t, &new).await), (0, 14_900));
    assert_eq!(bill(&t, &new).await["state"], json!("partiallyPaid"));
    assert_eq!(on_books(&t, &account(&t, &customer).await).await, []);
    proven(&t).await;
}

#[both_databases]
async fn a_surplus_that_was_spent_meanwhile_is_gathered_first_and_the_rest_pays(t: TestApp) {
    let customer = customer(&t).await;
    let one = router_bill(&t, &customer, "o1").await;
    let with_surplus = pay(&t, &customer, 29_900).await;
    // The surplus pays half of a second bill, another payment the other half and 21 yuan more.
    let two = router_bill(&t, &customer, "o2").await;
    assert_eq!(remaining(&t, &two).await, 9_900);
    pay(&t, &customer, 12_000).await;
    assert_eq!((remaining(&t, &two).await, balance(&t, &customer).await), (0, 2_100));
    reversed(&t, &with_surplus).await;
    // 120 yuan are all that was paid: every fen of them lies against a bill.
    assert_eq!(remaining(&t, &one).await + remaining(&t, &two).await, 39_800 - 12_000);
    assert_eq!(balance(&t, &customer).await, 0);
    proven(&t).await;

    // Paid out to the customer, it cannot be taken back a second time.
    let advance = pay(&t, &customer, 50_000).await;
    assert_eq!(balance(&t, &customer).await, 50_000 - 27_800);
    let account = account(&t, &customer).await;
    let ask = json!({"accountId": account, "amountFen": 22_200, "method": "cash", "reason": "退预存"});
    t.post("/api/v1/counter/refunds", ask).await.created();
    assert_eq!(balance(&t, &customer).await, 0);
    let before = t.digest().await;
    t.post(&path(&advance), json!({"reason": "收错"})).await.refused(409, "balance.short");
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn a_late_bill_is_paid_again_with_the_fee_of_the_day(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    t.advance(40 * DAY);
    let full = pay(&t, &customer, 20_497).await;
    assert_eq!((full["lateFeeFen"].clone(), full["toBalanceFen"].clone()), (json!(597), json!(0)));
    let advance = pay(&t, &customer, 10_300).await;
    let undone = reversed(&t, &full).await;
    assert_eq!(undone["lateFeeFen"], json!(-597));
    assert_eq!(
        (undone["settledFen"].clone(), undone["applied"][0]["remainingFen"].clone()),
        (json!(10_000), json!(9_900))
    );
    assert_eq!(balance(&t, &customer).await, 0);
    let dues = t.get(&format!("/api/v1/counter/dues?customerId={customer}")).await.ok();
    assert_eq!((dues["totalDueFen"].clone(), dues["lateFeeFen"].clone()), (json!(9_900), json!(297)));
    proven(&t).await;

    // The fee that the balance paid comes back with it.
    reversed(&t, &advance).await;
    assert_eq!((remaining(&t, &id).await, balance(&t, &customer).await), (19_900, 0));
    let dues = t.get(&format!("/api/v1/counter/dues?customerId={customer}")).await.ok();
    assert_eq!((dues["totalDueFen"].clone(), dues["lateFeeFen"].clone()), (json!(19_900), json!(597)));
    proven(&t).await;
}

#[both_databases]
async fn two_reversals_at_once_leave_no_debt_beside_money(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let (one, two) = (pay(&t, &customer, 10_000).await, pay(&t, &customer, 15_000).await);
    pay(&t, &customer, 6_000).await;
    assert_eq!((remaining(&t, &id).await, balance(&t, &customer).await), (0, 11_100));
    let mut calls = Vec::new();
    for (i, payment) in [&one, &two, &one, &two].into_iter().enumerate() {
        calls.push(t.named(&format!("supervisor{i}")).post(&path(payment), json!({"reason": "收错"})));
    }
    let tasks: Vec<_> = calls.into_iter().map(|call| tokio::spawn(async move { call.send().await })).collect();
    let mut made = 0;
    for task in tasks {
        let response = task.await.unwrap();
        match response.status.as_u16() {
            201 => made += 1,
            _ => drop(response.refused(409, "payment.already_reversed")),
        }
    }
    assert_eq!(made, 2, "each of them once");
    assert_eq!((remaining(&t, &id).await, balance(&t, &customer).await), (13_900, 0));
    proven(&t).await;
}
