//! Tickets of walk-in visitors: taken, called once, moved on, shown and counted.

use testkit::{Client, TestApp, Value, both_databases, json};

const BASE: &str = "/api/v1/queue";

async fn take(t: &Client, kind: &str, priority: &str) -> Value {
    t.post(&format!("{BASE}/tickets"), json!({"kind": kind, "priority": priority})).await.created()
}

/// A member of staff at a counter.
async fn sits(t: &TestApp, who: &str, counter: &str, kinds: &[&str]) -> Client {
    let client = t.as_role("clerk").named(who);
    client.post(&format!("{BASE}/counters"), json!({"counter": counter, "kinds": kinds})).await.ok();
    client
}

async fn next(client: &Client) -> Value {
    client.post(&format!("{BASE}/counter/next"), json!({})).await.ok()["current"].clone()
}

async fn act(client: &Client, ticket: &Value, action: &str, body: Value) -> testkit::Response {
    client.post(&format!("{BASE}/tickets/{}/{action}", ticket["id"].as_str().unwrap()), body).await
}

#[both_databases]
async fn a_visitor_takes_a_ticket_is_called_served_and_counted(t: TestApp) {
    let machine = t.as_role("kiosk").named("machine");
    let first = take(&machine, "business", "").await;
    assert_eq!((&first["label"], &first["ahead"]), (&json!("A001"), &json!(0)));
    let second = take(&machine, "business", "").await;
    assert_eq!(
        (&second["label"], &second["ahead"], &second["expectedMinutes"]),
        (&json!("A002"), &json!(1), &json!(10))
    );
    assert_eq!(take(&machine, "payment", "").await["label"], "B001", "each kind counts for itself");
    let clerk = sits(&t, "li.na", "3", &["business"]).await;
    t.advance(120);
    let current = next(&clerk).await;
    assert_eq!(
        (&current["label"], &current["counter"], &current["state"]),
        (&json!("A001"), &json!("3"), &json!("called"))
    );
    let board = machine.get(&format!("{BASE}/board")).await.ok();
    assert_eq!((&board["called"][0]["label"], &board["waiting"]), (&json!("A001"), &json!(2)));
    clerk.post(&format!("{BASE}/counter/next"), json!({})).await.refused(409, "queue.busy");
    clerk.post(&format!("{BASE}/counter/close"), json!({})).await.refused(409, "queue.busy");
    act(&clerk, &current, "recall", json!({})).await.ok();
    act(&clerk, &current, "serve", json!({})).await.ok();
    act(&clerk, &current, "skip", json!({})).await.refused(409, "queue.state");
    t.advance(300);
    act(&clerk, &current, "finish", json!({})).await.ok();
    act(&clerk, &current, "finish", json!({})).await.refused(409, "queue.state");
    let figures = clerk.get(&format!("{BASE}/statistics")).await.ok();
    assert_eq!((&figures["total"]["tickets"], &figures["total"]["served"]), (&json!(3), &json!(1)));
    assert_eq!((&figures["total"]["waitAverage"], &figures["total"]["serviceAverage"]), (&json!(120), &json!(300)));
    assert_eq!(figures["halls"][0]["name"], "天河路营业厅");
    clerk.get(&format!("{BASE}/statistics?from=2026-01-01&to=2026-11-22")).await.refused(400, "field.invalid");
    t.as_scope("/cn/99").get(&format!("{BASE}/board?hall=/cn/44/4401/h001")).await.refused(404, "not_found");
}

#[both_databases]
async fn two_counters_never_call_the_same_ticket(t: TestApp) {
    for _ in 0..12 {
        take(&t, "business", "").await;
    }
    let mut desks = Vec::new();
    for n in 0..6 {
        desks.push(sits(&t, &format!("clerk-{n}"), &n.to_string(), &["business"]).await);
    }
    for _ in 0..2 {
        let mut calls = Vec::new();
        for desk in &desks {
            let desk = desk.clone();
            calls.push(tokio::spawn(async move { next(&desk).await }));
        }
        let mut called = Vec::new();
        for (call, desk) in calls.into_iter().zip(&desks) {
            let ticket = call.await.unwrap();
            act(desk, &ticket, "finish", json!({})).await.ok();
            called.push(ticket["label"].as_str().unwrap().to_owned());
        }
        called.sort();
        called.dedup();
        assert_eq!(called.len(), 6, "{called:?}");
    }
    desks[0].post(&format!("{BASE}/counter/next"), json!({})).await.refused(404, "queue.empty");
    assert_eq!(t.count("SELECT COUNT(*) FROM queue_ticket WHERE state = 'done'").await, 12);
}

#[both_databases]
async fn who_goes_before_others_is_called_first_and_nobody_waits_for_ever(t: TestApp) {
    take(&t, "business", "").await; // A001
    t.advance(60);
    take(&t, "business", "elderly").await; // A002 counts as half an hour earlier
    t.advance(40 * 60);
    take(&t, "business", "elderly").await; // A003: A001 has waited longer by now
    let clerk = sits(&t, "li.na", "1", &[]).await;
    let mut order = Vec::new();
    for _ in 0..3 {
        let ticket = next(&clerk).await;
        act(&clerk, &ticket, "finish", json!({})).await.ok();
        order.push(ticket["label"].clone());
    }
    assert_eq!(order, [json!("A002"), json!("A001"), json!("A003")]);
    let before = t.digest().await;
    t.post(&format!("{BASE}/tickets"), json!({"kind": "business", "priority": "vip"}))
        .await
        .refused(422, "queue.priority");
    t.post(&format!("{BASE}/tickets"), json!({"kind": "dance"})).await.refused(422, "queue.kind");
    t.in_org("/cn/44/4401")
        .post(&format!("{BASE}/tickets"), json!({"kind": "business"}))
        .await
        .refused(422, "queue.no_hall");
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn missed_transferred_and_left_over(t: TestApp) {
    take(&t, "business", "").await;
    take(&t, "business", "").await;
    let clerk = sits(&t, "li.na", "1", &["business"]).await;
    let other = sits(&t, "wang", "2", &["care"]).await;
    let missed = next(&clerk).await;
    act(&other, &missed, "finish", json!({})).await.refused(409, "queue.not_yours");
    act(&clerk, &missed, "skip", json!({})).await.ok();
    let moved = next(&clerk).await;
    act(&clerk, &moved, "transfer", json!({"kind": "care", "counter": "2"})).await.ok();
    clerk.post(&format!("{BASE}/counter/next"), json!({})).await.refused(404, "queue.empty");
    assert_eq!(next(&other).await["label"], moved["label"]);
    act(&clerk, &missed, "return", json!({})).await.ok();
    assert_eq!(next(&clerk).await["label"], missed["label"], "it keeps its place in the line");
    act(&clerk, &missed, "skip", json!({})).await.ok();
    t.advance(61 * 60);
    act(&clerk, &missed, "return", json!({})).await.refused(409, "queue.too_late");
    // The counter of one is not taken by another on the same day; the next day starts afresh.
    let third = t.as_role("clerk").named("zhao");
    third.post(&format!("{BASE}/counters"), json!({"counter": "1"})).await.refused(409, "queue.counter_taken");
    third.post(&format!("{BASE}/counter/next"), json!({})).await.refused(409, "queue.not_at_counter");
    t.advance(20 * 3_600);
    t.settle().await;
    assert_eq!(t.count("SELECT COUNT(*) FROM queue_ticket WHERE state = 'lapsed'").await, 2);
    third.post(&format!("{BASE}/counters"), json!({"counter": "1"})).await.ok();
    assert_eq!(take(&t, "business", "").await["label"], "A001", "a new day, a new count");
}

#[both_databases]
async fn a_graded_customer_is_found_by_number_and_nobody_is_told(t: TestApp) {
    let customer = t
        .write(|tx| {
            let mut new = customer::NewCustomer::person("刘洋");
            new.org = Some(kernel::OrgPath::parse("/cn/44/4401/h001")?);
            new.grade = Some("gold".into());
            new.phones = vec![kernel::Phone::parse("13912345678")?];
            customer::create(tx, &new).map(|c| c.id)
        })
        .await;
    take(&t, "business", "").await;
    let machine = t.as_role("kiosk").named("machine");
    let taken =
        machine.post(&format!("{BASE}/tickets"), json!({"kind": "business", "phone": "13912345678"})).await.created();
    assert_eq!((&taken["priority"], &taken["ahead"]), (&json!("none"), &json!(0)), "the machine tells nobody who came");
    assert!(!taken.to_string().contains(&customer));
    let clerk = sits(&t, "li.na", "1", &[]).await;
    let current = next(&clerk).await;
    assert_eq!((&current["label"], &current["customerId"]), (&taken["label"], &json!(customer)));
    machine.get("/api/v1/customers").await.refused(403, "auth.forbidden");
}
