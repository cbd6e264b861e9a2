//! What a machine does not decide: key accounts, write-offs.

use super::{barred, case, days, owing, step};
use crate::{
    billing::{pay, proven},
    ordering::finish,
};
use testkit::{TestApp, Value, both_databases, json};

async fn graded(t: &TestApp, customer: &str) {
    t.patch(&format!("/tmf-api/customerManagement/v4/customer/{customer}"), json!({"grade": "diamond"})).await.ok();
}

async fn task(t: &TestApp) -> Value {
    t.get("/api/v1/dunning/tasks").await.ok()[0].clone()
}

#[both_databases]
async fn a_key_account_is_barred_by_its_manager_and_a_second_person_only(t: TestApp) {
    let customer = owing(&t).await;
    graded(&t, &customer).await;
    for n in [40, 15, 25] {
        days(&t, n).await;
    }
    let open = task(&t).await;
    assert_eq!((&open["step"], &open["state"]), (&json!("barOutgoing"), &json!("open")));
    days(&t, 30).await;
    assert_eq!((step(&t, &customer).await.as_str(), barred(&t).await), ("remind", 0), "nothing happens by itself");
    let path = format!("/api/v1/dunning/tasks/{}", open["id"].as_str().unwrap());
    t.post(&format!("{path}/decide"), json!({"approve": true})).await.refused(409, "dunning.task_state");
    let manager = t.named("manager-1");
    manager.post(&format!("{path}/propose"), json!({"proposal": "proceed", "reason": "多次联系未果"})).await.ok();
    manager.post(&format!("{path}/decide"), json!({"approve": true})).await.refused(403, "dunning.own_proposal");
    t.named("supervisor").post(&format!("{path}/decide"), json!({"approve": true})).await.ok();
    finish(&t).await;
    assert_eq!((step(&t, &customer).await.as_str(), barred(&t).await), ("barOutgoing", 1));
}

#[both_databases]
async fn a_manager_may_have_it_wait_and_a_refusal_comes_again_the_next_day(t: TestApp) {
    let customer = owing(&t).await;
    graded(&t, &customer).await;
    for n in [40, 15, 25] {
        days(&t, n).await;
    }
    let path = format!("/api/v1/dunning/tasks/{}", task(&t).await["id"].as_str().unwrap());
    let until = t.now().date().plus_days(20).to_string();
    let ask = json!({"proposal": "defer", "until": until, "reason": "已约定付款日"});
    t.named("manager-1").post(&format!("{path}/propose"), ask).await.ok();
    t.named("supervisor").post(&format!("{path}/decide"), json!({"approve": true})).await.ok();
    assert_eq!(case(&t, &customer).await["holdUntil"], until);
    days(&t, 20).await;
    assert_eq!(task(&t).await, Value::Null);
    days(&t, 1).await;
    let again = task(&t).await;
    assert_eq!(again["state"], "open");
    let path = format!("/api/v1/dunning/tasks/{}", again["id"].as_str().unwrap());
    let ask = json!({"proposal": "proceed", "reason": "未付"});
    t.named("manager-1").post(&format!("{path}/propose"), ask).await.ok();
    let no = json!({"approve": false, "reason": "再联系一次"});
    t.named("supervisor").post(&format!("{path}/decide"), no).await.ok();
    assert_eq!(task(&t).await, Value::Null);
    days(&t, 1).await;
    assert_eq!(task(&t).await["state"], "open");
    // Paid: nobody has to decide any more.
    pay(&t, &customer, 100_000).await;
    finish(&t).await;
    assert_eq!(task(&t).await, Value::Null);
}

#[both_databases]
async fn a_debt_is_given_up_by_two_people_and_taken_up_when_it_is_paid_after_all(t: TestApp) {
    let customer = owing(&t).await;
    for n in [40, 10, 12, 8, 14, 45, 30, 365] {
        days(&t, n).await;
    }
    let owed = case(&t, &customer).await["overdueFen"].as_i64().unwrap();
    let path = format!("/api/v1/dunning/tasks/{}", task(&t).await["id"].as_str().unwrap());
    t.named("supervisor").post(&format!("{path}/decide"), json!({"approve": true})).await.ok();
    finish(&t).await;
    proven(&t).await;
    let closed = case(&t, &customer).await;
    assert_eq!((&closed["state"], &closed["closeReason"]), (&json!("closed"), &json!("writtenOff")));
    let bad = "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM ledger_entry WHERE kind = 'badDebt'";
    assert_eq!(t.count(bad).await, owed);
    assert_eq!(t.count("SELECT CAST(COALESCE(SUM(remaining_fen), 0) AS BIGINT) FROM bill").await, 0);

    // The bill says what became of it: a write-off, not a payment, and what it names can be looked at.
    let bills =
        t.get(&format!("/tmf-api/customerBillManagement/v4/customerBill?relatedParty.id={customer}")).await.ok();
    let bill = bills.as_array().unwrap().iter().find(|b| b["appliedPayment"][0].is_object()).unwrap().clone();
    let applied = &bill["appliedPayment"][0];
    assert_eq!((&applied["@type"], &applied["payment"]), (&json!("WriteOffApplied"), &Value::Null), "{applied:#}");
    let named = t.get(applied["writeOff"]["href"].as_str().unwrap()).await.ok();
    assert_eq!((&named["id"], &named["state"]), (&applied["writeOff"]["id"], &json!("written")));
    let shown = t.get(&format!("/api/v1/bills/{}", bill["id"].as_str().unwrap())).await.ok();
    assert_eq!((&shown["payments"][0]["source"], &shown["payments"][0]["id"]), (&json!("writeOff"), &Value::Null));

    // Part of it is paid after all: as much is taken up again and paid.
    pay(&t, &customer, 1_000).await;
    finish(&t).await;
    proven(&t).await;
    let kept = t.get("/api/v1/dunning/write-offs").await.ok()[0].clone();
    let recovered = kept["recoveredFen"].as_i64().unwrap();
    assert!(recovered > 0 && recovered <= 1_000, "{kept:#}");
    assert_eq!(t.count(bad).await, owed - recovered);
    let id = kept["id"].as_str().unwrap();
    t.post(&format!("/api/v1/dunning/write-offs/{id}/reinstate"), json!({"reason": "客户愿意缴清"})).await.ok();
    finish(&t).await;
    proven(&t).await;
    assert_eq!(t.count(bad).await, 0);
    t.post(&format!("/api/v1/dunning/write-offs/{id}/reinstate"), json!({"reason": "x"}))
        .await
        .refused(409, "dunning.recovered");
}
