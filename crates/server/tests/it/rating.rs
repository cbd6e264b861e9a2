//! Rating: plans designed by one and put into force by another; allowances shared, used up and never below zero; a change in
//! mid-month; what everybody may and may not see; why a figure is what it is.

use crate::billing::{customer, hall, proven, started, tell};
use billing::{Collaboration, CollaborationKind as Kind};
use kernel::{Cycle, Timestamp};
use testkit::{TestApp, Value, both_databases, json};
use usage::Incoming;

const PLANS: &str = "/api/v1/rating/plans";
const GB: u64 = 1 << 30;

fn plan(name: &str, price: u64) -> Value {
    json!({
        "name": name, "nameEn": name,
        "allowances": [{"id": "voice", "name": "通话", "when": {"kinds": ["call"]}, "unitSize": 60, "amount": 10, "shared": true}],
        "rules": [
            {"id": "call", "name": "通话", "nameEn": "Calls", "when": {"kinds": ["call"]}, "unitSize": 60,
             "tiers": [{"from": 0, "priceMilliFen": price}, {"from": 5, "priceMilliFen": price / 2}]},
            {"id": "data", "name": "流量", "nameEn": "Data", "when": {"kinds": ["data"]}, "unitSize": GB, "round": "cycle",
             "tiers": [{"from": 0, "priceMilliFen": 300_000}], "tax": "valueAdded"},
        ],
    })
}

fn call(number: &str, at: &str, seconds: u64, id: &str) -> Incoming {
    Incoming {
        number: usage::normalise(number),
        product_id: String::new(),
        at: Timestamp::parse(at).unwrap(),
        kind: usage::Kind::Call,
        direction: usage::Direction::Out,
        amount: seconds,
        peer: "+8613711112222".into(),
        place: String::new(),
        fee_fen: 0,
        id: id.into(),
    }
}

async fn used(t: &TestApp, batch: Vec<Incoming>) {
    let fates = t.write(move |tx| usage::take(tx, &batch)).await;
    assert!(fates.iter().all(|f| matches!(f, usage::Fate::Taken { .. })), "{fates:?}");
}

/// A line of this customer with a number, charged since the first of the month.
async fn line(t: &TestApp, customer: &str, product: &str, number: &str, offering: &str) {
    let mut fact = started(customer, &format!("o-{product}"), product, offering, "2026-11-01T00:00:00+08:00");
    fact.number = number.into();
    tell(t, fact).await;
}

fn fact(kind: Kind, customer: &str, product: &str, order: &str, at: &str, old: Value, new: Value) -> Collaboration {
    let mut fact = started(customer, order, product, "of-mobile-59", at);
    (fact.kind, fact.old, fact.new) = (kind, old, new);
    fact
}

async fn in_force(t: &TestApp, id: &str, plan: Value, offering: &str) {
    t.post(PLANS, json!({"id": id, "plan": plan, "validFrom": "2026-11-01"})).await.created();
    t.named("approver").post(&format!("{PLANS}/{id}/versions/1/activate"), json!({})).await.ok();
    t.put(&format!("{PLANS}/{id}/offerings"), json!({"offerings": [offering]})).await.no_content();
}

async fn balance(t: &TestApp, number: &str) -> Value {
    t.get(&format!("/api/v1/rating/balance?number={number}")).await.ok()
}

#[both_databases]
async fn a_plan_is_written_by_one_and_put_into_force_by_another_and_then_never_changes(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let mut wrong = plan("一", 15_000);
    wrong["rules"][0]["tiers"] = json!([{"from": 3, "priceMilliFen": 1}]);
    let before = t.digest().await;
    let refused = t.post(PLANS, json!({"id": "one", "plan": wrong})).await.refused(422, "rating.plan_invalid");
    assert_eq!(refused["path"], "rules[0].tiers");
    before.assert_unchanged(&t.digest().await);
    let made = t.post(PLANS, json!({"id": "one", "plan": plan("一", 15_000)})).await.created();
    assert_eq!((&made["state"], &made["version"]), (&json!("draft"), &json!(1)));
    t.post(PLANS, json!({"id": "one", "plan": plan("一", 15_000)})).await.refused(409, "duplicate");
    let version = format!("{PLANS}/one/versions/1");
    t.put(&version, json!({"plan": plan("一", 20_000)})).if_match(9).await.refused(412, "precondition.failed");
    t.put(&version, json!({"plan": plan("一", 20_000)})).if_match(1).await.ok();
    t.post(&format!("{version}/activate"), json!({})).await.refused(403, "rating.same_person");
    t.put(&format!("{PLANS}/one/offerings"), json!({"offerings": ["of-mobile-59"]}))
        .await
        .refused(409, "rating.plan_state");
    let other = t.named("approver");
    assert_eq!(other.post(&format!("{version}/activate"), json!({})).await.ok()["state"], "active");
    t.put(&version, json!({"plan": plan("一", 1)})).await.refused(409, "rating.plan_state");
    t.delete(&version).await.refused(409, "rating.plan_state");
    // A further version lives beside it; only one draft at a time.
    t.post(&format!("{PLANS}/one/versions"), json!({"plan": plan("二", 1)})).await.created();
    t.post(&format!("{PLANS}/one/versions"), json!({"plan": plan("二", 1)})).await.refused(409, "rating.plan_draft");
    t.delete(&format!("{PLANS}/one/versions/2")).await.no_content();
    assert_eq!(t.get(&format!("{PLANS}/one")).await.ok()["versions"].as_array().unwrap().len(), 1);
    assert_eq!(other.post(&format!("{version}/retire"), json!({})).await.ok()["state"], "retired");
}

#[both_databases]
async fn the_bench_rates_a_draft_and_stores_nothing(t: TestApp) {
    let before = t.digest().await;
    let ask = json!({
        "cycle": "2026-11", "share": true,
        "plans": [{"plan": plan("一", 10_000), "member": "A"}, {"plan": {"name": "裸", "rules": [
            {"id": "call", "name": "通话", "when": {"kinds": ["call"]}, "unitSize": 60, "tiers": [{"from": 0, "priceMilliFen": 5_000}]}]}, "member": "B"}],
        "records": [
            {"at": "2026-11-02T08:00:00+08:00", "kind": "call", "amount": 540, "peer": "13900139000", "member": "B"},
            {"at": "2026-11-03T08:00:00+08:00", "kind": "call", "amount": 480, "peer": "13900139000", "member": "A"},
            {"at": "2026-11-04T08:00:00+08:00", "kind": "call", "amount": 60, "peer": "110", "member": "B"},
        ],
    });
    let answer = t.post("/api/v1/rating/bench", ask).await.ok();
    // Nine of ten minutes went to B; A pays seven: five at 10 fen and two at 5.
    assert_eq!(
        (&answer["members"][0]["totalFen"], &answer["members"][1]["totalFen"]),
        (&json!(60), &json!(0)),
        "{answer:#}"
    );
    let step = &answer["members"][0]["steps"][0];
    assert_eq!((&step["used"][0]["amount"], &step["used"][0]["leftAfter"]), (&json!(60), &json!(0)));
    assert_eq!(
        step["tiers"],
        json!([{"from": 0, "units": 5, "priceMilliFen": 10_000}, {"from": 5, "units": 2, "priceMilliFen": 5_000}])
    );
    before.assert_unchanged(&t.digest().await);
    let mut huge = plan("一", 1_000_000_000);
    huge["rules"][0]["unitSize"] = json!(1);
    let many: Vec<Value> =
        (1..=9).map(|d| json!({"at": format!("2026-11-0{d}"), "kind": "call", "amount": 1u64 << 50})).collect();
    let ask = json!({"cycle": "2026-11", "plans": [{"plan": huge}], "records": many});
    t.post("/api/v1/rating/bench", ask).await.refused(422, "rating.overflow");
}

#[both_databases]
async fn a_shared_allowance_is_used_in_the_order_of_events_and_a_change_of_plan_splits_the_month(t: TestApp) {
    let (one, two) = (customer(&t).await, customer(&t).await);
    in_force(&t, "family", plan("家庭", 10_000), "of-mobile-59").await;
    line(&t, &one, "p1", "13900138001", "of-mobile-59").await;
    line(&t, &two, "p2", "13900138002", "of-mobile-129").await;
    let join = json!({"groupProductId": "g1"});
    for (product, who) in [("p1", &one), ("p2", &two)] {
        let at = "2026-11-02T00:00:00+08:00";
        tell(
            &t,
            fact(
                Kind::GroupMember,
                who,
                product,
                &format!("j-{product}"),
                at,
                json!({"groupProductId": null}),
                join.clone(),
            ),
        )
        .await;
    }
    // p2 has 500 minutes of its own and needs nothing; p1 uses 12 of 10 minutes.
    used(&t, vec![call("13900138001", "2026-11-05T10:00:00+08:00", 720, "a")]).await;
    let now = balance(&t, "13900138001").await;
    assert_eq!((&now["totalFen"], &now["allowances"][0]["left"]), (&json!(20), &json!(0)), "{now:#}");
    // What comes late but happened before counts first: the other's call took from its own minutes, ours is the same.
    used(
        &t,
        vec![
            call("13900138001", "2026-11-04T10:00:00+08:00", 60, "b"),
            call("13900138002", "2026-11-04T09:00:00+08:00", 60, "c"),
        ],
    )
    .await;
    assert_eq!(balance(&t, "13900138001").await["totalFen"], 30);
    assert_eq!(balance(&t, "13900138002").await["totalFen"], 0);
    let before = t
        .write(|tx| {
            let holder = one_of(tx, "p1")?;
            let account = billing::account_of(tx, &holder)?.id;
            rating::usage_lines(tx, &account, month())
        })
        .await;
    // Plan change on the 16th: from then on another plan, with what it includes.
    let change = fact(
        Kind::ChangeTariff,
        &one,
        "p1",
        "change",
        "2026-11-16T00:00:00+08:00",
        json!({"offeringId": "of-mobile-59"}),
        json!({"offeringId": "of-mobile-129"}),
    );
    let id = tell(&t, change).await;
    used(&t, vec![call("13900138001", "2026-11-17T10:00:00+08:00", 600, "d")]).await;
    let after = balance(&t, "13900138001").await;
    assert_eq!(after["totalFen"], 30, "{after:#}");
    assert_eq!(after["plans"].as_array().unwrap().len(), 2);
    for allowance in after["allowances"].as_array().unwrap() {
        assert!(allowance["left"].as_i64().unwrap() >= 0, "{allowance}");
    }
    let voice: Vec<&Value> = after["allowances"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|a| a["kinds"] == json!(["call"]) && a["shared"] == false)
        .collect();
    assert_eq!(voice[0]["total"], 250 * 60, "15 of 30 days of 500 minutes");
    // Each line's steps add up to the line.
    let trace = t.get("/api/v1/rating/trace?number=13900138001&rule=call").await.ok();
    let milli: i64 = trace.as_array().unwrap().iter().map(|s| s["amountMilliFen"].as_i64().unwrap()).sum();
    assert_eq!(milli, 30_000, "{trace:#}");
    // Taken back, it is as it was; the call since then is rated by the plan that goes on.
    t.write(move |tx| billing::take_back(tx, "change").map(drop)).await;
    t.settle().await;
    let back = balance(&t, "13900138001").await;
    assert_eq!(back["plans"].as_array().unwrap().len(), 1, "{id} {back:#}");
    assert_eq!(back["totalFen"], 30 + 20 + 8 * 5, "two more at 10, eight at 5");
    assert!(!before.is_empty());
    proven(&t).await;
}

fn month() -> Cycle {
    Cycle::month_of(kernel::Date::parse("2026-11-01").unwrap())
}

fn one_of(tx: &mut store::Tx<'_>, product: &str) -> kernel::Result<String> {
    Ok(usage::service_of(tx, product)?.map(|s| s.customer_id).unwrap_or_default())
}

#[both_databases]
async fn a_new_holder_begins_with_a_whole_allowance_and_sees_nothing_of_the_former(t: TestApp) {
    let (one, two) = (customer(&t).await, customer(&t).await);
    in_force(&t, "plain", plan("一", 10_000), "of-mobile-59").await;
    line(&t, &one, "p1", "13900138001", "of-mobile-59").await;
    used(&t, vec![call("13900138001", "2026-11-05T10:00:00+08:00", 720, "a")]).await;
    let at = "2026-11-10T00:00:00+08:00";
    tell(&t, fact(Kind::Transfer, &one, "p1", "move", at, json!({"customerId": one}), json!({"customerId": two})))
        .await;
    used(&t, vec![call("13900138001", "2026-11-12T10:00:00+08:00", 660, "b")]).await;
    let now = balance(&t, "13900138001").await;
    assert_eq!((&now["customerId"], &now["totalFen"]), (&json!(two), &json!(10)), "{now:#}");
    let trace = t.get("/api/v1/rating/trace?number=13900138001").await.ok();
    assert_eq!(trace.as_array().unwrap().len(), 1, "{trace}");
    let charged = t
        .write(move |tx| {
            let (old, new) = (billing::account_of(tx, &one)?.id, billing::account_of(tx, &two)?.id);
            let sum = |lines: Vec<rating::UsageLine>| lines.iter().map(|l| l.amount.in_fen()).collect::<Vec<_>>();
            Ok((sum(rating::charges(tx, &old, month())?), sum(rating::charges(tx, &new, month())?)))
        })
        .await;
    assert_eq!(charged, (vec![20], vec![10]));
    // Out of sight is not there.
    let far = t.as_scope("/cn/44/4402");
    far.get("/api/v1/rating/balance?number=13900138001").await.refused(404, "rating.no_service");
    t.get("/api/v1/rating/balance?number=13900138099").await.refused(404, "rating.no_service");
    assert!(hall().as_str().starts_with("/cn/44/4401"));
}

#[both_databases]
async fn tables_say_where_they_come_from_and_a_change_is_rated_at_once(t: TestApp) {
    let one = customer(&t).await;
    line(&t, &one, "p1", "13900138001", "of-mobile-59").await;
    let mut far = call("13900138001", "2026-11-05T10:00:00+08:00", 60, "a");
    far.peer = "96110".into();
    used(&t, vec![far]).await;
    let tables = t.get("/api/v1/rating/tables").await.ok();
    for name in ["destination", "free", "band", "zone", "tax", "default"] {
        assert!(
            tables[name].as_array().unwrap().iter().all(|row| !row["source"].as_str().unwrap().is_empty()),
            "{name}"
        );
    }
    let rule = |v: &Value| v[0]["ruleId"].clone();
    let trace = "/api/v1/rating/trace?number=13900138001";
    assert_eq!(rule(&t.get(trace).await.ok()), "call");
    let row = json!({"key": "96110", "name": "反诈预警", "nameEn": "Fraud prevention", "source": "公安部"});
    t.put("/api/v1/rating/tables/free", json!({"key": "96110", "name": "x"})).await.refused(400, "field.missing");
    t.put("/api/v1/rating/tables/free", row).await.no_content();
    assert_eq!(rule(&t.get(trace).await.ok()), "free");
    t.as_scope("/cn/44")
        .put("/api/v1/rating/tables/free", json!({"key": "96111", "name": "x", "source": "x"}))
        .await
        .refused(404, "not_found");
}

#[both_databases]
async fn other_systems_ask_what_is_left_and_are_answered_within_their_scope(t: TestApp) {
    const QUERY: &str = "/tmf-api/usageConsumption/v4/queryUsageConsumption";
    t.write(catalog::ensure_demo).await;
    in_force(&t, "asked", plan("问", 15_000), "of-mobile-59").await;
    let who = customer(&t).await;
    line(&t, &who, "p-asked", "13900001677", "of-mobile-59").await;
    used(&t, vec![call("13900001677", "2026-11-05T09:00:00+08:00", 181, "a")]).await;

    let asked = json!({"relatedParty": [{"id": who, "role": "customer", "@referredType": "Customer"}]});
    let answer = t.post(QUERY, asked.clone()).await.created();
    let told = &answer["usageConsumption"][0];
    assert_eq!(told["product"][0]["id"], "p-asked");
    let bucket = &told["bucketRefOrValue"][0];
    assert_eq!(
        (&bucket["remainingValue"], &bucket["isShared"]),
        (&json!({"amount": 6, "units": "minute"}), &json!(true))
    );
    let again: Value = t.get(&format!("{QUERY}/{}", answer["id"].as_str().unwrap())).await.ok();
    assert_eq!(again["usageConsumption"], answer["usageConsumption"], "what was told is kept");
    let by_number =
        t.post(QUERY, json!({"searchCriteria": {"logicalResource": [{"id": "13900001677"}]}})).await.created();
    assert_eq!(by_number["usageConsumption"][0]["bucketRefOrValue"][0]["remainingValue"]["amount"], 6);
    t.post(QUERY, json!({"product": [{"id": "nobody"}]})).await.refused(404, "rating.no_service");
    t.post(QUERY, json!({"product": "p-asked"})).await.refused(400, "field.missing");
    t.delete(&format!("{QUERY}/{}", answer["id"].as_str().unwrap())).await.no_content();
    t.get(&format!("{QUERY}/{}", answer["id"].as_str().unwrap())).await.refused(404, "not_found");
}
