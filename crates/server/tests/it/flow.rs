//! Work that survives: jobs and sagas after failures and kills.

use crate::{
    journeys::{act, behave, open_fallout},
    ordering::{finish, mobile, order_state, shop, track},
};
use std::time::Duration;
use testkit::{TestApp, both_databases, json};

/// Lets the runner begin and then cuts it off in the middle, as a killed process is.
async fn killed_after(t: &TestApp, millis: u64) {
    let _ = tokio::time::timeout(Duration::from_millis(millis), async {
        loop {
            flow::round(t.app()).await.unwrap();
            tokio::task::yield_now().await;
        }
    })
    .await;
}

#[both_databases]
async fn a_saga_whose_process_was_killed_is_taken_up_again(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, "mobile-hlr", json!({"stuck": true})).await;
    let order = mobile(&t, &customer, "13900138200").await;
    killed_after(&t, 700).await;
    let seen = track(&t, &order).await;
    let hlr = seen["steps"].as_array().unwrap().iter().find(|s| s["target"] == "mobile-hlr").unwrap().clone();
    assert_eq!(hlr["state"], "running", "{seen:#}");
    behave(&t, "mobile-hlr", json!({"stuck": false})).await;
    t.settle().await;
    assert_eq!(order_state(&t, &order).await, "inProgress", "its lease still runs");
    t.advance(61);
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
}

#[both_databases]
async fn an_effect_without_an_answer_is_asked_for_and_not_repeated(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, "mobile-hlr", json!({"loseNext": 1})).await;
    let order = mobile(&t, &customer, "13900138201").await;
    t.settle().await; // the adapter loses patience after some seconds
    let seen = track(&t, &order).await;
    let hlr = seen["steps"].as_array().unwrap().iter().find(|s| s["target"] == "mobile-hlr").unwrap().clone();
    assert_eq!((&hlr["state"], &hlr["error"]["code"]), (&json!("pending"), &json!("network.no_answer")));
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    assert_eq!(t.count("SELECT COUNT(*) FROM simulator_request").await, 2, "one for each of the two systems");
}

#[both_databases]
async fn a_failure_of_a_moment_is_tried_again_by_itself(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, "mobile-hlr", json!({"failRate": 1.0})).await;
    let order = mobile(&t, &customer, "13900138202").await;
    t.settle().await;
    assert_eq!(open_fallout(&t).await.len(), 0);
    behave(&t, "mobile-hlr", json!({"failRate": 0.0})).await;
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");

    behave(&t, "mobile-hlr", json!({"failRate": 1.0})).await;
    let order = mobile(&t, &customer, "13900138203").await;
    finish(&t).await;
    let open = open_fallout(&t).await;
    assert_eq!((open.len(), &open[0]["attempts"]), (1, &json!(4)), "after the last attempt a person has to look");
    behave(&t, "mobile-hlr", json!({"failRate": 0.0})).await;
    act(&t, "retry").await;
    finish(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
}

#[both_databases]
async fn one_poisoned_saga_does_not_stop_the_others(t: TestApp) {
    let customer = shop(&t).await;
    let broken = mobile(&t, &customer, "13900138204").await;
    let unknown = mobile(&t, &customer, "13900138205").await;
    let sound = mobile(&t, &customer, "13900138206").await;
    let (b, u) = (broken.clone(), unknown.clone());
    t.write(move |tx| {
        tx.execute(
            &"UPDATE saga SET steps = '[{\"nonsense\": true}]' WHERE subject_id = $1".to_owned(),
            store::params![b],
        )?;
        tx.execute(&"UPDATE saga SET template_version = 99 WHERE subject_id = $1".to_owned(), store::params![u])
    })
    .await;
    finish(&t).await;
    assert_eq!(order_state(&t, &sound).await, "completed");
    assert_eq!(track(&t, &unknown).await["saga"]["state"], "stuck");
    let mut codes: Vec<String> =
        open_fallout(&t).await.iter().map(|f| f["error"]["code"].as_str().unwrap().to_owned()).collect();
    codes.sort();
    assert_eq!(codes, ["flow.broken", "flow.template_unknown"], "both are put before a person");
    assert_eq!(t.count("SELECT COUNT(*) FROM saga WHERE state = 'stuck'").await, 2);
}

#[both_databases]
async fn a_job_nobody_can_do_ends_dead_and_can_be_revived(t: TestApp) {
    let id = t.write(|tx| flow::jobs::enqueue(tx, "nobody", json!({}), tx.now())).await;
    for pause in [0, 1, 5, 30, 120, 600, 3_600] {
        t.advance(pause);
        assert!(t.write(|tx| flow::jobs::dead(tx, 10)).await.is_empty());
        t.settle().await;
    }
    let dead = t.write(|tx| flow::jobs::dead(tx, 10)).await;
    assert_eq!((dead[0].id.as_str(), dead[0].attempts), (id.as_str(), 7));
    t.write(move |tx| flow::jobs::revive(tx, &id)).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM job WHERE state = 'queued'").await, 1);
}
