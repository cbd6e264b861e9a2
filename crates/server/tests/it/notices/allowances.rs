//! Allowances: told at 80 % and when they are gone.

use super::{stream, texts, told};
use crate::{
    billing::{customer, started, tell},
    messages,
};
use billing::CollaborationKind as Kind;
use testkit::{TestApp, Value, both_databases, json};

const PLANS: &str = "/api/v1/rating/plans";
const MB: u64 = 1 << 20;
const ONE: &str = "13900138011";
const TWO: &str = "13900138012";

/// 100 MB and 10 minutes a month; `with` changes the allowance of data.
async fn plan(t: &TestApp, with: Value) {
    t.write(catalog::ensure_demo).await;
    let mut data = json!({"id": "data", "name": "国内流量", "nameEn": "Data", "when": {"kinds": ["data"]}, "unitSize": MB, "amount": 100});
    for (name, value) in with.as_object().unwrap() {
        data[name] = value.clone();
    }
    let plan = json!({
        "name": "畅享59", "nameEn": "Enjoy 59",
        "allowances": [data, {"id": "voice", "name": "国内通话", "nameEn": "Calls", "when": {"kinds": ["call"]}, "unitSize": 60, "amount": 10}],
        "rules": [
            {"id": "call", "name": "通话", "nameEn": "Calls", "when": {"kinds": ["call"]}, "unitSize": 60, "tiers": [{"from": 0, "priceMilliFen": 15_000}]},
            {"id": "data", "name": "流量", "nameEn": "Data", "when": {"kinds": ["data"]}, "unitSize": MB, "round": "cycle", "tiers": [{"from": 0, "priceMilliFen": 1_000}]},
        ],
    });
    t.post(PLANS, json!({"id": "enjoy", "plan": plan, "validFrom": "2026-11-01"})).await.created();
    t.named("approver").post(&format!("{PLANS}/enjoy/versions/1/activate"), json!({})).await.ok();
    t.put(&format!("{PLANS}/enjoy/offerings"), json!({"offerings": ["of-mobile-59"]})).await.no_content();
}

async fn line(t: &TestApp, number: &str, offering: &str) -> String {
    let who = customer(t).await;
    let mut fact = started(&who, &format!("o-{number}"), &format!("p-{number}"), offering, "2026-11-01T00:00:00+08:00");
    fact.number = number.into();
    tell(t, fact).await;
    who
}

fn data(number: &str, mb: u64, id: &str, at: &str) -> Value {
    json!({"number": number, "at": at, "kind": "data", "amount": mb * MB, "id": id})
}

#[both_databases]
async fn who_has_used_much_of_an_allowance_is_told_once_a_threshold_and_cycle(t: TestApp) {
    plan(&t, json!({})).await;
    line(&t, ONE, "of-mobile-59").await;
    stream(&t, &[data(ONE, 79, "a", "2026-11-05T10:00:00+08:00")]).await;
    assert!(told(&t, "allowance.near").await.is_empty(), "79 %");
    stream(&t, &[data(ONE, 6, "b", "2026-11-06T10:00:00+08:00")]).await;
    let near = told(&t, "allowance.near").await;
    assert_eq!(near.len(), 1);
    assert!(near[0].0.ends_with(ONE), "{near:?}");
    let text = &near[0].1;
    assert!(text.contains("畅享59 · 国内流量") && text.contains("85%") && text.contains("15MB"), "{text}");
    assert!(!text.contains(ONE), "the number is masked: {text}");
    // More of the same, the sweep again, another record: nothing new.
    stream(&t, &[data(ONE, 5, "c", "2026-11-07T10:00:00+08:00")]).await;
    dunning::allowances(t.app()).await.unwrap();
    t.settle().await;
    assert_eq!(texts(&t, "allowance.near").await.len(), 1);
    assert_eq!(t.count("SELECT COUNT(*) FROM usage_touched").await, 0, "what was looked at is not looked at again");
    // Gone, and further use beyond it.
    stream(&t, &[data(ONE, 20, "d", "2026-11-08T10:00:00+08:00")]).await;
    stream(&t, &[data(ONE, 20, "e", "2026-11-09T10:00:00+08:00")]).await;
    assert_eq!((texts(&t, "allowance.near").await.len(), texts(&t, "allowance.gone").await.len()), (1, 1));
    assert_eq!(t.count("SELECT COUNT(*) FROM outbox WHERE event_type = 'AllowanceNearCreateEvent'").await, 2);
    // Another allowance is another matter: nine of ten minutes.
    let call = json!({"number": ONE, "at": "2026-11-10T10:00:00+08:00", "kind": "call", "amount": 535, "id": "v", "peer": "13711112222"});
    stream(&t, &[call]).await;
    let near = texts(&t, "allowance.near").await;
    assert!(near.len() == 2 && near[1].contains("国内通话") && near[1].contains("1分钟"), "{near:?}");
    // The next cycle begins anew; what crosses both thresholds at once is told by the higher.
    crate::billrun::until(&t, "2026-12-03T10:00:00+08:00");
    stream(&t, &[data(ONE, 150, "f", "2026-12-02T10:00:00+08:00")]).await;
    assert_eq!((texts(&t, "allowance.near").await.len(), texts(&t, "allowance.gone").await.len()), (2, 2));
}

#[both_databases]
async fn the_reminder_goes_out_to_the_message_centre_whoever_refused_other_messages(t: TestApp) {
    let Some(servers) = messages::servers() else { return };
    servers.connect(&t);
    plan(&t, json!({})).await;
    let who = line(&t, ONE, "of-mobile-59").await;
    let wish = json!({"number": ONE, "business": false, "marketing": false, "lang": "en"});
    t.put(&format!("/api/v1/customers/{who}/message-preference"), wish).await.ok();
    stream(&t, &[data(ONE, 90, "a", "2026-11-05T10:00:00+08:00")]).await;
    messages::until(&t, "the reminder", async || {
        let all = servers.all("sm");
        let text = |s: &Value| s["text"].as_str().unwrap_or("").to_owned();
        all.iter().any(|s| text(s).contains("90% of “Enjoy 59 · Data” is used, 10MB left"))
    })
    .await;
    assert_eq!(servers.all("sm").len(), 1);
}

#[both_databases]
async fn of_a_shared_allowance_are_told_whose_it_is_and_who_uses_it(t: TestApp) {
    plan(&t, json!({"shared": true})).await;
    // The second line has nothing of its own; the third shares and uses nothing.
    for (number, offering) in [(ONE, "of-mobile-59"), (TWO, "of-mobile-59"), ("13900138013", "of-mobile-59")] {
        let who = line(&t, number, offering).await;
        let at = "2026-11-02T00:00:00+08:00";
        let mut join = started(&who, &format!("j-{number}"), &format!("p-{number}"), offering, at);
        (join.kind, join.old, join.new) =
            (Kind::GroupMember, json!({"groupProductId": null}), json!({"groupProductId": "g1"}));
        tell(&t, join).await;
    }
    // 250 MB by one line: its own pool first, then the others'; two are gone, the third is not near.
    stream(&t, &[data(TWO, 250, "a", "2026-11-05T10:00:00+08:00")]).await;
    let mut gone: Vec<String> = told(&t, "allowance.gone").await.into_iter().map(|(n, _)| n).collect();
    gone.sort();
    // Two of the three pools: their owners, and the one who used them (once each).
    let used_up = t.count("SELECT COUNT(DISTINCT allowance) FROM dunning_allowance").await;
    assert_eq!(used_up, 2);
    assert_eq!(gone.iter().filter(|n| n.ends_with(TWO)).count(), 2, "{gone:?}");
    assert_eq!(gone.len(), 3, "{gone:?}");
    stream(&t, &[data(TWO, 1, "b", "2026-11-06T10:00:00+08:00")]).await;
    assert_eq!(told(&t, "allowance.gone").await.len(), 3);
    // Another comes to use the last one: its owner is told, and both who used it.
    stream(&t, &[data(ONE, 40, "c", "2026-11-07T10:00:00+08:00")]).await;
    let near: Vec<String> = told(&t, "allowance.near").await.into_iter().map(|(n, _)| n).collect();
    assert_eq!(near.len(), 3, "{near:?}");
}

#[both_databases]
async fn an_allowance_that_slows_down_says_so_and_nothing_is_charged(t: TestApp) {
    plan(&t, json!({"mayGoNegative": true})).await;
    line(&t, ONE, "of-mobile-59").await;
    stream(&t, &[data(ONE, 130, "a", "2026-11-05T10:00:00+08:00")]).await;
    let slow = texts(&t, "allowance.slow").await;
    assert!(slow.len() == 1 && slow[0].contains("降低速率"), "{slow:?}");
    assert!(told(&t, "allowance.gone").await.is_empty());
}
