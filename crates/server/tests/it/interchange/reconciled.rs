//! The daily comparison with billing systems.

use super::outside::{broadband, other, route, together};
use crate::ordering::shop;
use testkit::{TestApp, Value, both_databases, json};

const RUNS: &str = "/api/v1/interchange/reconciliations";
const DIFFERENCES: &str = "/api/v1/interchange/differences";

async fn compare(t: &TestApp, system: &str) -> Value {
    let day = t.now().date().to_string();
    t.post(RUNS, json!({"system": system, "day": day})).await.ok()
}

async fn open(t: &TestApp, system: &str) -> Vec<Value> {
    let all = t.get(&format!("{DIFFERENCES}?system={system}&state=open")).await.ok();
    all.as_array().unwrap().clone()
}

fn of(difference: &Value, reason: &str) -> Value {
    json!({"system": difference["system"], "day": difference["day"], "orderId": difference["orderId"], "reason": reason})
}

#[both_databases]
async fn what_one_side_lacks_is_listed_told_again_and_settled(t: TestApp) {
    let customer = shop(&t).await;
    let (beside, url, token) = other(&t).await;
    route(&t, &url, &token).await;
    for _ in 0..3 {
        broadband(&t, &customer).await;
    }
    together(&t, beside.app()).await;
    let run = compare(&t, "fixed").await;
    assert_eq!(
        (&run["state"], &run["ours"], &run["theirs"], &run["differing"]),
        (&json!("done"), &json!(3), &json!(3), &json!(0)),
        "{run:#}"
    );
    // There: one is lost altogether with its charge, one stands with another number. Here: one was never told.
    let ids = t.get("/api/v1/collaboration?system=fixed").await.ok();
    let ids: Vec<String> = ids.as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap().to_owned()).collect();
    let (lost, other_number) = (ids[0].clone(), ids[1].clone());
    let product = ids[0].split(':').nth(1).unwrap().to_owned();
    beside
        .app()
        .write(move |tx| {
            for text in [
                format!("DELETE FROM collaboration_effect WHERE collaboration_id LIKE '%{lost}'"),
                format!("DELETE FROM collaboration_history WHERE collaboration_id LIKE '%{lost}'"),
                format!("DELETE FROM collaboration WHERE id LIKE '%{lost}'"),
                format!("DELETE FROM subscription WHERE product_id = '{product}'"),
                format!("UPDATE collaboration SET number = '8' WHERE id LIKE '%{other_number}'"),
                "INSERT INTO collaboration (id, version, org, kind, state, order_id, order_no, customer_id, product_id, offering_id, \
                 number, effective_from, content, attempts, next_at, created_at, updated_at, system, sender) SELECT 'api/oX:pX:stop', \
                 1, org, 'stop', state, 'api/oX', order_no, customer_id, 'pX', offering_id, number, effective_from, content, 1, 0, \
                 created_at, updated_at, '', 'api' FROM collaboration LIMIT 1"
                    .to_owned(),
            ] {
                tx.execute(&text, &[])?;
            }
            Ok(())
        })
        .await;
    let run = compare(&t, "fixed").await;
    assert_eq!((&run["ours"], &run["theirs"], &run["differing"]), (&json!(3), &json!(3), &json!(3)), "{run:#}");
    let found = open(&t, "fixed").await;
    let mut what: Vec<&str> = found.iter().map(|d| d["what"].as_str().unwrap()).collect();
    what.sort_unstable();
    assert_eq!(what, ["different", "missingHere", "missingThere"]);
    let by = |what: &str| found.iter().find(|d| d["what"] == what).unwrap().clone();
    assert_eq!(by("different")["theirs"]["number"], "8");

    // What they lack is told again under its id; what we lack is for a person.
    let before = t.digest().await;
    t.post(&format!("{DIFFERENCES}/retell"), of(&by("missingHere"), "x")).await.refused(409, "reconcile.not_to_retell");
    t.post(&format!("{DIFFERENCES}/handle"), of(&by("missingHere"), " ")).await.refused(400, "reason.missing");
    let nobody = json!({"system": "fixed", "day": "2020-01-01", "orderId": "x", "reason": "x"});
    t.post(&format!("{DIFFERENCES}/handle"), nobody).await.refused(404, "not_found");
    before.assert_unchanged(&t.digest().await);
    t.post(&format!("{DIFFERENCES}/retell"), of(&by("missingThere"), "补发")).await.ok();
    t.post(&format!("{DIFFERENCES}/handle"), of(&by("missingHere"), "对方测试数据")).await.ok();
    t.post(&format!("{DIFFERENCES}/handle"), of(&by("missingHere"), "again"))
        .await
        .refused(409, "reconcile.difference_state");
    together(&t, beside.app()).await;
    assert_eq!(beside.app().count("SELECT COUNT(*) FROM subscription WHERE state = 'active'").await, 3);
    let run = compare(&t, "fixed").await;
    assert_eq!(run["differing"], 1, "the one with another number: {run:#}");
    let settled = t.get(&format!("{DIFFERENCES}?state=settled")).await.ok();
    assert_eq!(settled[0]["what"], "missingThere");
    let handled = t.get(&format!("{DIFFERENCES}?state=handled")).await.ok();
    assert_eq!(handled[0]["reason"], "对方测试数据", "what a person has dealt with does not come back");
    assert_eq!(open(&t.clone(), "fixed").await.len(), 1);
}

#[both_databases]
async fn every_system_is_compared_each_morning_and_one_that_is_away_an_hour_later(t: TestApp) {
    let customer = shop(&t).await;
    let (beside, url, token) = other(&t).await;
    route(&t, &url, &token).await;
    broadband(&t, &customer).await;
    together(&t, beside.app()).await;
    route(&t, "http://127.0.0.1:9", &token).await;
    t.advance(86_400);
    t.settle().await;
    let day = t.now().date().plus_days(-1).to_string();
    let of_day = |runs: Value, system: &str| {
        runs.as_array().unwrap().iter().find(|r| r["day"] == day.as_str() && r["system"] == system).cloned().unwrap()
    };
    let runs = t.get(RUNS).await.ok();
    let failed = of_day(runs.clone(), "fixed");
    assert_eq!(failed["state"], "failed");
    assert!(failed["error"]["en"].as_str().unwrap().contains("does not answer"), "{failed:#}");
    assert_eq!(of_day(runs, "embedded")["state"], "done");
    route(&t, &url, &token).await;
    t.advance(3_700);
    t.settle().await;
    let run = of_day(t.get(RUNS).await.ok(), "fixed");
    assert_eq!((&run["state"], &run["ours"], &run["differing"]), (&json!("done"), &json!(1), &json!(0)), "{run:#}");
    t.post(RUNS, json!({"system": "fixed", "day": "2030-01-01"})).await.refused(422, "reconcile.day_ahead");
    t.post(RUNS, json!({"system": "nobody", "day": day})).await.refused(409, "billing_system.off");
}

#[both_databases]
async fn the_embedded_system_is_compared_with_what_it_kept(t: TestApp) {
    let g = crate::business::ground::Ground::new(&t).await;
    let run = compare(&t, "embedded").await;
    assert_eq!((&run["ours"], &run["differing"]), (&json!(1), &json!(0)));
    t.write(|tx| tx.execute(&"DELETE FROM collaboration_effect".to_owned(), &[]).map(drop)).await;
    let run = compare(&t, "embedded").await;
    assert_eq!((&run["theirs"], &run["differing"]), (&json!(0), &json!(1)), "{run:#}");
    let found = open(&t, "embedded").await;
    assert_eq!((&found[0]["what"], &found[0]["theirs"]["state"]), (&json!("missingThere"), &json!("noEffect")));
    assert_eq!(found[0]["ours"]["productId"], json!(g.line));
}
