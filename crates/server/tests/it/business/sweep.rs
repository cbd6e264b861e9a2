//! The sweep that every business goes through: cancelled after each of its steps, refused by each system it speaks to, cut off at each
//! place where its process could die, and taken back twice. Afterwards everything is as it was before.

use super::{ground::Ground, picture::Picture};
use crate::{
    journeys::{act, behave, open_fallout},
    ordering::{finish, order_state, track},
};
use testkit::{TestApp, Value, json};

/// Rounds that no business needs.
const MOST: usize = 40;

async fn place(t: &TestApp, ask: &Value) -> String {
    t.post("/api/v1/businesses", ask.clone()).await.created()["orderId"].as_str().unwrap().to_owned()
}

/// One small piece of background work: the order's steps, then billing's part.
async fn nudge(t: &TestApp, n: usize) {
    if n.is_multiple_of(2) {
        flow::round(t.app()).await.unwrap();
    } else {
        billing::round(t.app()).await.unwrap();
    }
}

async fn cancelled(t: &TestApp, order: &str) -> bool {
    let answer = t.post(&format!("/api/v1/orders/{order}/cancel"), json!({"reason": "扫描"})).await;
    if answer.status == 409 {
        return false;
    }
    answer.expect(202);
    finish(t).await;
    let seen = track(t, order).await;
    assert_eq!(seen["order"]["state"], "cancelled", "{seen:#}");
    let told = seen["collaboration"].as_array().unwrap();
    assert!(told.iter().all(|c| c["error"].is_null()), "billing took everything back: {told:#?}");
    true
}

/// Cancels after 0, 1, 2 … pieces of work, until the order is completed before.
pub async fn cancel_after_each_step(ground: &Ground, ask: &Value) {
    let t = &ground.t;
    let before = Picture::take(t).await;
    for steps in 0..MOST {
        let order = place(t, ask).await;
        for n in 0..steps {
            nudge(t, n).await;
        }
        if !cancelled(t, &order).await {
            finish(t).await;
            assert_eq!(order_state(t, &order).await, "completed", "what is too late to cancel is done");
            ground.sound().await;
            return;
        }
        before.assert_same(&Picture::take(t).await, &format!("{} cancelled after {steps}", ask["business"]));
        taken_back_again(t, &order).await;
        before.assert_same(&Picture::take(t).await, &format!("{} taken back twice", ask["business"]));
        ground.sound().await;
    }
    panic!("{ask}: never completed");
}

/// Every undo once more: nothing happens.
async fn taken_back_again(t: &TestApp, order: &str) {
    use ordering::acceptance::effects::{self, Stage};
    let id = order.to_owned();
    t.write(move |tx| {
        effects::undo(tx, &id, Stage::Main)?;
        effects::undo(tx, &id, Stage::First)?;
        ordering::steps::take_facts_back(tx, &id)
    })
    .await;
    finish(t).await;
}

/// Lets each system that the business speaks to refuse it for good; a person then has it undone.
pub async fn refused_by_each_system(ground: &Ground, ask: &Value) {
    let t = &ground.t;
    let before = Picture::take(t).await;
    let order = place(t, ask).await;
    let steps = track(t, &order).await["steps"].as_array().unwrap().clone();
    assert!(cancelled(t, &order).await);
    let mut targets: Vec<String> = steps.iter().map(|s| s["target"].as_str().unwrap().to_owned()).collect();
    targets.sort();
    targets.dedup();
    targets.retain(|t| !matches!(t.as_str(), "ordering" | "inventory" | "billing" | "manual"));
    for target in targets {
        behave(t, &target, json!({"failNext": 1})).await;
        let order = place(t, ask).await;
        finish(t).await;
        let open = open_fallout(t).await;
        assert_eq!((open.len(), &open[0]["target"]), (1, &json!(target)), "{open:?}");
        act(t, "compensate").await;
        finish(t).await;
        assert_eq!(order_state(t, &order).await, "cancelled");
        before.assert_same(&Picture::take(t).await, &format!("{} refused by {target}", ask["business"]));
        // An effect without an answer: asked about, then undone.
        behave(t, &target, json!({"loseNext": 1})).await;
        let order = place(t, ask).await;
        flow::round(t.app()).await.unwrap();
        flow::round(t.app()).await.unwrap();
        if cancelled(t, &order).await {
            before.assert_same(&Picture::take(t).await, &format!("{} lost by {target}", ask["business"]));
        }
        behave(t, &target, json!({})).await;
    }
}

/// Drops the background work at each of its waiting points, as a killed process would; the next process takes it up.
pub async fn cut_at_each_persist(ground: &Ground, ask: &Value) {
    let t = &ground.t;
    let before = Picture::take(t).await;
    for polls in [1, 2, 3, 5, 8, 12, 17, 23, 30] {
        let order = place(t, ask).await;
        for _ in 0..3 {
            polled(flow::round(t.app()), polls).await;
            t.advance(31); // the lease of the dead process runs out
        }
        let undone = cancelled(t, &order).await;
        if undone {
            before.assert_same(&Picture::take(t).await, &format!("{} cut after {polls} polls", ask["business"]));
        } else {
            finish(t).await;
            assert_eq!(order_state(t, &order).await, "completed");
            return;
        }
    }
}

/// Polls a piece of work so many times and drops it.
async fn polled<F: Future>(work: F, times: usize) {
    let mut work = std::pin::pin!(work);
    for _ in 0..times {
        let done = std::future::poll_fn(|cx| std::task::Poll::Ready(work.as_mut().poll(cx).is_ready())).await;
        if done {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
    }
}

/// All of it. The business is done in the end.
pub async fn sweep(ground: &Ground, ask: &Value) {
    refused_by_each_system(ground, ask).await;
    cut_at_each_persist(ground, ask).await;
    // A cut that came too late has done it: then there is nothing more to cancel.
    let again = ground.t.post("/api/v1/businesses/check", ask.clone()).await.ok();
    if again["problems"].as_array().unwrap().is_empty() {
        cancel_after_each_step(ground, ask).await;
    }
}
