//! Messages late, twice, never and out of order; processes that die; answers that get lost.

use super::{BASE, THEIRS, behave, bring, line, lines, next_hour, owner, port_in, port_out, shop, sound, theirs};
use crate::{
    journeys::{act, open_fallout},
    numbers::state,
    ordering::{finish, order_state, place},
};
use kernel::OrgPath;
use portability::{centre::Submission, simulator::memory};
use std::{
    future::Future,
    pin::pin,
    task::{Context, Poll, Waker},
};
use testkit::{Client, TestApp, Value, both_databases, json};

async fn centre(t: &TestApp) -> Client {
    let token = t.write(|tx| access::create_token(tx, "npc", &OrgPath::root())).await;
    t.anonymous().with_header("authorization", &format!("Bearer {token}"))
}

#[both_databases]
async fn notices_that_never_come_are_asked_for(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, json!({"donorSeconds": 0, "noticeLoseNext": 1000})).await;
    theirs(&t, THEIRS, "654321").await;
    let order = bring(&t, &customer, THEIRS, "654321").await;
    finish(&t).await;
    assert_eq!(port_in(&t, THEIRS).await["state"], "accepted");
    next_hour(&t).await;
    next_hour(&t).await;
    assert_eq!(
        (order_state(&t, &order).await.as_str(), t.count("SELECT COUNT(*) FROM port_notice").await),
        ("completed", 0)
    );
    sound(&t).await;
}

#[both_databases]
async fn a_silent_donor_is_put_before_a_person_who_may_go_on_waiting(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, json!({"donorSilent": true})).await;
    theirs(&t, THEIRS, "654321").await;
    let order = bring(&t, &customer, THEIRS, "654321").await;
    finish(&t).await;
    assert_eq!((port_in(&t, THEIRS).await["state"].as_str(), open_fallout(&t).await.len()), (Some("requested"), 0));
    t.advance(3_600);
    finish(&t).await;
    assert_eq!(open_fallout(&t).await[0]["error"]["code"], "port.donor_silent");
    behave(&t, json!({"donorSilent": false, "donorSeconds": 0})).await;
    finish(&t).await;
    act(&t, "retry").await;
    finish(&t).await;
    assert_eq!(port_in(&t, THEIRS).await["state"], "accepted");
    next_hour(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
}

#[both_databases]
async fn a_refusing_donor_and_everything_twice(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, json!({"donorSeconds": 0, "donorRefuseNext": 1, "noticeTwice": true})).await;
    theirs(&t, THEIRS, "654321").await;
    let order = bring(&t, &customer, THEIRS, "654321").await;
    finish(&t).await;
    let port = port_in(&t, THEIRS).await;
    assert_eq!((&port["state"], &port["reasons"][0]["code"]), (&json!("refused"), &json!("port.arrears")));
    theirs(&t, THEIRS, "654322").await;
    t.post(&format!("{BASE}/port-ins/{}/code", port["id"].as_str().unwrap()), json!({"code": "654322"})).await.ok();
    finish(&t).await;
    next_hour(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    assert_eq!(t.count("SELECT COUNT(*) FROM product WHERE number = '18600001111' AND live = 1").await, 1);
    sound(&t).await;
}

#[both_databases]
async fn a_request_whose_answer_is_lost_is_asked_about_and_made_once(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, json!({"donorSeconds": 0, "loseAnswerNext": 1})).await;
    theirs(&t, THEIRS, "654321").await;
    let order = bring(&t, &customer, THEIRS, "654321").await;
    finish(&t).await;
    next_hour(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    assert_eq!(t.count("SELECT COUNT(*) FROM npc_request").await, 1);
}

#[both_databases]
async fn a_cancellation_that_overtakes_its_request_wins(t: TestApp) {
    let customer = shop(&t).await;
    theirs(&t, THEIRS, "654321").await;
    let submission = Submission::by_code("late.1.1", THEIRS, "001", "4401", "654321", super::CERTIFICATE);
    t.write(|tx| memory::cancel(tx, "late.1.1", THEIRS)).await;
    let status = t.write(move |tx| memory::submit(tx, &submission)).await.0;
    assert_eq!(status.state.text(), "cancelled", "it came late, and stays undone");
    // As donor likewise: the cancellation comes before the ask.
    let product = line(&t, &customer, "13900138100").await;
    let centre = centre(&t).await;
    let notice = json!({"noticeId": "n1", "requestId": "x.1", "kind": "cancelled", "revision": 4, "number": "13900138100", "recipient": "002", "donor": "001"});
    assert_eq!(centre.post(&format!("{BASE}/centre/notices"), notice.clone()).await.ok()["outcome"], "taken");
    assert_eq!(centre.post(&format!("{BASE}/centre/notices"), notice).await.ok()["outcome"], "taken");
    let ask = json!({"requestId": "x.1", "number": "13900138100", "recipient": "002", "network": "4401", "certificateDigest": "?"});
    assert_eq!(centre.post(&format!("{BASE}/centre/asks"), ask).await.ok()["accepted"], false);
    assert_eq!((state(&t, "13900138100").await.as_str(), product.is_empty()), ("inUse", false));
}

#[both_databases]
async fn old_notices_change_nothing_whatever_they_say(t: TestApp) {
    let customer = shop(&t).await;
    theirs(&t, THEIRS, "654321").await;
    let order = bring(&t, &customer, THEIRS, "654321").await;
    next_hour(&t).await;
    next_hour(&t).await;
    assert_eq!(order_state(&t, &order).await, "completed");
    let id = port_in(&t, THEIRS).await["id"].as_str().unwrap().to_owned();
    let request = t.get(&format!("{BASE}/port-ins/{id}")).await.ok()["requestId"].clone();
    let centre = centre(&t).await;
    // Late ones, and one that claims to be newer but cannot follow.
    for (n, (kind, revision)) in
        [("accepted", 2), ("pending", 1), ("refused", 2), ("cancelled", 1), ("cancelled", 99), ("refused", 99)]
            .iter()
            .enumerate()
    {
        let notice = json!({"noticeId": format!("late-{n}"), "requestId": request, "kind": kind, "revision": revision, "number": THEIRS, "recipient": "001", "donor": "003"});
        assert_eq!(
            centre.post(&format!("{BASE}/centre/notices"), notice).await.ok()["outcome"],
            "known",
            "{kind} {revision}"
        );
    }
    finish(&t).await;
    assert_eq!((port_in(&t, THEIRS).await["state"].as_str(), lines(&t, THEIRS).await), (Some("effective"), 1));
    sound(&t).await;
}

/// Drives a round of background work so many polls far and lets it go, as a killed process does.
async fn cut_after(t: &TestApp, polls: usize) {
    let mut work = pin!(async {
        loop {
            let _ = store::sequence(t.db()).await;
            let _ = flow::round(t.app()).await;
            tokio::task::yield_now().await;
        }
    });
    for _ in 0..polls {
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Pending = Future::poll(work.as_mut(), &mut context);
        tokio::time::sleep(std::time::Duration::from_millis(3)).await;
    }
}

#[both_databases]
async fn a_process_killed_anywhere_leaves_one_owner_and_goes_on(t: TestApp) {
    let customer = shop(&t).await;
    behave(&t, json!({"donorSeconds": 0, "noticeTwice": true})).await;
    for (n, polls) in [1_usize, 3, 6, 11, 19].into_iter().enumerate() {
        let number = format!("1860000{:04}", 2_000 + n);
        theirs(&t, &number, "654321").await;
        let given = [("number", number.as_str()), ("portInCode", "654321")];
        let order = place(&t, &customer, "of-mobile-59", &given).await;
        cut_after(&t, polls).await;
        sound(&t).await;
        t.advance(61); // its lease has run out
        cut_after(&t, polls).await;
        sound(&t).await;
        t.advance(61);
        finish(&t).await; // asked for by now, within the hour of its code
        t.advance(3_600);
        cut_after(&t, polls).await;
        sound(&t).await;
        t.advance(61);
        next_hour(&t).await;
        assert_eq!(
            (order_state(&t, &order).await.as_str(), lines(&t, &number).await),
            ("completed", 1),
            "cut after {polls}"
        );
        assert_eq!(owner(&t, &number).await, "001");
    }
    assert_eq!(t.count("SELECT COUNT(*) FROM port_in WHERE state <> 'effective'").await, 0);
}

#[both_databases]
async fn an_effective_notice_out_of_the_blue_takes_the_number_away_at_once(t: TestApp) {
    let customer = shop(&t).await;
    let product = line(&t, &customer, "13900138101").await;
    let code = super::outbound::code(&t, "13900138101").await;
    behave(&t, json!({"noticeLoseNext": 1000})).await;
    let request = super::asks(&t, "13900138101", &code, "4401").await;
    finish(&t).await;
    assert_eq!(port_out(&t, "13900138101").await["state"], "accepted");
    t.advance(3_600);
    // The notice of effect comes first and alone.
    let status = t
        .write({
            let request = request.clone();
            move |tx| Ok(tx.query_one(&format!("SELECT revision FROM npc_request WHERE id = '{request}'"), &[])?.int(0))
        })
        .await;
    let centre = centre(&t).await;
    let notice = json!({"noticeId": "n-e", "requestId": request, "kind": "effective", "revision": status + 1, "number": "13900138101", "recipient": "002", "donor": "001", "effectiveAt": t.now()});
    centre.post(&format!("{BASE}/centre/notices"), notice).await.ok();
    assert_eq!(
        (state(&t, "13900138101").await.as_str(), port_out(&t, "13900138101").await["state"].as_str()),
        ("portedOut", Some("effective"))
    );
    finish(&t).await;
    finish(&t).await;
    let shown: Value = port_out(&t, "13900138101").await;
    assert_eq!((shown["state"].as_str(), lines(&t, "13900138101").await), (Some("closed"), 0), "{shown}");
    assert_eq!(t.get(&format!("/tmf-api/productInventory/v4/product/{product}")).await.ok()["status"], "terminated");
}
