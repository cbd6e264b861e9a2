//! The way through the steps and back.

use super::{barred, case, days, owing, pay_all, step, told};
use crate::ordering::finish;
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn a_debt_is_reminded_barred_one_way_then_both_and_paying_sets_the_line_free_at_once(t: TestApp) {
    let customer = owing(&t).await;
    assert_eq!(step(&t, &customer).await, "no case", "nothing is overdue");
    let due = t.count("SELECT COUNT(*) FROM bill WHERE remaining_fen > 0").await;
    assert!(due > 0, "the first bill is not paid");

    // Nothing is skipped: a jump of 60 days makes one step due, and each waits its days after it.
    days(&t, 60).await;
    let first = case(&t, &customer).await;
    assert_eq!((first["step"].as_str().unwrap(), first["stepsDone"].as_i64().unwrap()), ("remind", 1));
    assert_eq!((told(&t, "dunning.remind").await, barred(&t).await), (1, 0));
    days(&t, 1).await;
    assert_eq!(case(&t, &customer).await["stepsDone"], 1, "the next reminder waits its days");
    days(&t, 9).await;
    days(&t, 12).await;
    assert_eq!((step(&t, &customer).await.as_str(), told(&t, "dunning.remind").await), ("remind", 3));
    days(&t, 8).await;
    let barred_out = case(&t, &customer).await;
    assert_eq!((&barred_out["step"], &barred_out["level"]), (&json!("barOutgoing"), &json!("oneWay")));
    assert_eq!((told(&t, "dunning.barOutgoing").await, barred(&t).await), (1, 1));
    days(&t, 14).await;
    assert_eq!((step(&t, &customer).await.as_str(), barred(&t).await), ("barAll", 1));

    pay_all(&t, &customer).await;
    let closed = case(&t, &customer).await;
    assert_eq!((&closed["state"], &closed["closeReason"]), (&json!("closed"), &json!("paid")));
    assert_eq!((barred(&t).await, told(&t, "dunning.restored").await), (0, 1));
    assert!(closed["restoredAt"].is_string() && closed["restoreBy"].is_string(), "{closed:#}");
    let board = t.get("/api/v1/dunning/board").await.ok();
    assert_eq!((&board["restoring"], &board["columns"]), (&json!(0), &json!([])));
}

#[both_databases]
async fn a_payment_taken_back_puts_the_case_where_it_stood(t: TestApp) {
    let customer = owing(&t).await;
    for n in [40, 10, 12, 8] {
        days(&t, n).await;
    }
    assert_eq!((step(&t, &customer).await.as_str(), barred(&t).await), ("barOutgoing", 1));
    let paid = pay_all(&t, &customer).await;
    assert_eq!(barred(&t).await, 0);
    let id = paid["id"].as_str().unwrap();
    t.post(&format!("/api/v1/counter/payments/{id}/reverse"), json!({"reason": "错收"})).await.created();
    finish(&t).await;
    let again = case(&t, &customer).await;
    assert_eq!((&again["state"], &again["step"]), (&json!("open"), &json!("barOutgoing")));
    assert_eq!(barred(&t).await, 1, "barred again: the debt is as old as it was");
    let what: Vec<&str> = again["history"].as_array().unwrap().iter().map(|h| h["what"].as_str().unwrap()).collect();
    assert!(what.contains(&"reopened"), "{what:?}");
}

#[both_databases]
async fn who_pays_nothing_is_noticed_ended_and_the_debt_stays(t: TestApp) {
    let customer = owing(&t).await;
    for n in [40, 10, 12, 8, 14, 45] {
        days(&t, n).await;
    }
    assert_eq!((step(&t, &customer).await.as_str(), told(&t, "dunning.preCancel").await), ("preCancel", 1));
    days(&t, 29).await;
    assert_eq!(step(&t, &customer).await, "preCancel", "60 days after the bar both ways are not over");
    days(&t, 1).await;
    let ended = case(&t, &customer).await;
    assert_eq!((&ended["step"], &ended["level"]), (&json!("terminate"), &json!("ended")));
    assert_eq!(t.count("SELECT COUNT(*) FROM product WHERE status = 'terminated'").await, 1);
    assert!(ended["overdueFen"].as_i64().unwrap() > 0);
    // The last step is for people: nothing is given up by itself.
    days(&t, 365).await;
    let tasks = t.get("/api/v1/dunning/tasks").await.ok();
    assert_eq!((tasks[0]["step"].as_str(), tasks[0]["state"].as_str()), (Some("writeOff"), Some("proposed")));
    assert_eq!(t.count("SELECT COUNT(*) FROM dunning_write_off").await, 0);
}

#[both_databases]
async fn a_sweep_says_what_it_did_and_one_runs_at_a_time(t: TestApp) {
    let customer = owing(&t).await;
    days(&t, 45).await;
    t.post("/api/v1/dunning/sweeps", json!({})).await.expect(202);
    t.post("/api/v1/dunning/sweeps", json!({})).await.refused(409, "dunning.sweep_runs");
    finish(&t).await;
    let sweeps = t.get("/api/v1/dunning/sweeps").await.ok();
    assert_eq!(sweeps[0]["state"], "done");
    assert!(sweeps.as_array().unwrap().iter().any(|s| s["opened"] == 1 && s["stepped"] == 1), "{sweeps:#}");
    assert_eq!(case(&t, &customer).await["stepsDone"], 1, "a second pass on one day does nothing twice");
}
