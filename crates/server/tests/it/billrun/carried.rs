//! What is left of an allowance that carries over is there in the next cycle, first in line, and ends with it.

use super::{fact, month, run, until};
use crate::billing::{customer, proven, started, tell};
use billing::{CollaborationKind as Kind, cycle};
use kernel::Timestamp;
use testkit::{TestApp, Value, both_databases, json};
use usage::Incoming;

const PLANS: &str = "/api/v1/rating/plans";
const MB: u64 = 1 << 20;
const NUMBER: &str = "13900138001";

/// 1000 MB a month; what is left is good for `cycles` more, and further use costs a fen a MB.
async fn plan(t: &TestApp, cycles: u8) {
    t.write(catalog::ensure_demo).await;
    let plan = json!({
        "name": "结转", "nameEn": "Rollover",
        "allowances": [{"id": "data", "name": "国内流量", "nameEn": "Data", "when": {"kinds": ["data"]}, "unitSize": MB, "amount": 1_000, "carryOver": cycles}],
        "rules": [{"id": "data", "name": "流量", "nameEn": "Data", "when": {"kinds": ["data"]}, "unitSize": MB, "round": "cycle",
                   "tiers": [{"from": 0, "priceMilliFen": 1_000}], "tax": "valueAdded"}],
    });
    t.post(PLANS, json!({"id": "roll", "plan": plan, "validFrom": "2026-11-01"})).await.created();
    t.named("approver").post(&format!("{PLANS}/roll/versions/1/activate"), json!({})).await.ok();
    t.put(&format!("{PLANS}/roll/offerings"), json!({"offerings": ["of-mobile-129"]})).await.no_content();
    // Runs are started by the story.
    t.write(|tx| {
        let sql = "UPDATE billing_setting SET value = CASE name WHEN 'bill_run.batch' THEN 1 ELSE 0 END \
                   WHERE name IN ('bill_run.batch', 'bill_run.auto')";
        tx.execute(&sql.to_owned(), &[])
    })
    .await;
}

async fn line(t: &TestApp) -> String {
    let who = customer(t).await;
    let mut fact = started(&who, "o1", "p1", "of-mobile-129", "2026-11-01T00:00:00+08:00");
    fact.number = NUMBER.into();
    tell(t, fact).await;
    who
}

async fn used(t: &TestApp, at: &str, mb: u64) {
    let one = Incoming {
        number: usage::normalise(NUMBER),
        product_id: String::new(),
        at: Timestamp::parse(at).unwrap(),
        kind: usage::Kind::Data,
        direction: usage::Direction::Out,
        amount: mb * MB,
        peer: "cmnet".into(),
        place: String::new(),
        fee_fen: 0,
        id: at.into(),
    };
    let fates = t.write(move |tx| usage::take(tx, std::slice::from_ref(&one))).await;
    assert!(matches!(fates[0], usage::Fate::Taken { .. }), "{fates:?}");
}

/// Total, used, left and carried over, in MB; and what was charged.
async fn data(t: &TestApp, cycle: &str) -> ((i64, i64, i64, i64), i64) {
    let now = t.get(&format!("/api/v1/rating/balance?number={NUMBER}&cycle={cycle}")).await.ok();
    let one = |name: &str| now["allowances"][0][name].as_i64().unwrap() / MB as i64;
    ((one("total"), one("used"), one("left"), one("carried")), now["totalFen"].as_i64().unwrap())
}

#[both_databases]
async fn what_is_left_of_one_month_is_used_first_in_the_next_and_ends_with_it(t: TestApp) {
    plan(&t, 1).await;
    line(&t).await;
    used(&t, "2026-11-10T10:00:00+08:00", 400).await;
    until(&t, "2026-12-05T10:00:00+08:00");
    // Before the run, rating looks back by itself; after it, it reads what the run wrote. Both say the same.
    let before = data(&t, "2026-12").await;
    assert_eq!(before, ((1_600, 0, 1_600, 600), 0));
    run(&t, month("2026-11-01")).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM rate_carry").await, 1);
    assert_eq!(data(&t, "2026-12").await, before);

    used(&t, "2026-12-05T09:00:00+08:00", 700).await;
    assert_eq!(data(&t, "2026-12").await, ((1_600, 700, 900, 600), 0));
    let trace = t.get(&format!("/api/v1/rating/trace?number={NUMBER}&cycle=2026-12")).await.ok();
    let took: Vec<(bool, i64)> = trace[0]["used"]
        .as_array()
        .unwrap()
        .iter()
        .map(|u| (u["carried"].as_bool().unwrap(), u["amount"].as_i64().unwrap() / MB as i64))
        .collect();
    assert_eq!(took, [(true, 600), (false, 100)], "what was carried over is used first");

    // December leaves 900 of its own; of November nothing is left to carry further.
    until(&t, "2027-01-05T10:00:00+08:00");
    run(&t, month("2026-12-01")).await;
    assert_eq!(data(&t, "2027-01").await, ((1_900, 0, 1_900, 900), 0));
    // Untouched for a month: those 900 end with January, its own 1000 go on.
    until(&t, "2027-02-05T10:00:00+08:00");
    run(&t, month("2027-01-01")).await;
    assert_eq!(data(&t, "2027-02").await, ((2_000, 0, 2_000, 1_000), 0));
    // Used up with what was carried, and 50 beyond it are charged; then nothing goes over, and a row says so.
    used(&t, "2027-02-04T10:00:00+08:00", 2_050).await;
    assert_eq!(data(&t, "2027-02").await, ((2_000, 2_000, 0, 1_000), 50));
    until(&t, "2027-03-05T10:00:00+08:00");
    run(&t, month("2027-02-01")).await;
    assert_eq!(data(&t, "2027-03").await, ((1_000, 0, 1_000, 0), 0));
    // A record of November that comes now belongs to March: what was carried stays as it was billed.
    used(&t, "2026-11-20T10:00:00+08:00", 100).await;
    assert_eq!(data(&t, "2026-12").await.0, (1_600, 700, 900, 600));
    assert_eq!(data(&t, "2027-03").await.0, (1_000, 100, 900, 0));
    proven(&t).await;
}

#[both_databases]
async fn a_run_that_is_cut_and_run_again_carries_once(t: TestApp) {
    plan(&t, 2).await;
    line(&t).await;
    used(&t, "2026-11-10T10:00:00+08:00", 400).await;
    until(&t, "2026-12-05T10:00:00+08:00");
    let november = month("2026-11-01");
    t.write(move |tx| cycle::start(tx, november)).await;
    for _ in 0..30 {
        cycle::drive(t.app(), november, Some(1)).await.unwrap();
        let bills = t.count("SELECT COUNT(*) FROM bill WHERE kind = 'cycle'").await;
        assert_eq!(t.count("SELECT COUNT(*) FROM rate_carry").await, bills, "written with the bill or not at all");
        if t.write(move |tx| cycle::run(tx, november)).await.state == cycle::State::Done {
            break;
        }
    }
    let before = t.digest().await;
    run(&t, november).await;
    before.assert_unchanged(&t.digest().await);
    assert_eq!(data(&t, "2026-12").await.0, (1_600, 0, 1_600, 600));
    // Good for two cycles: what December leaves of it is there in January beside December's own, and gone in February.
    used(&t, "2026-12-05T09:00:00+08:00", 200).await;
    until(&t, "2027-01-05T10:00:00+08:00");
    run(&t, month("2026-12-01")).await;
    assert_eq!(data(&t, "2027-01").await.0, (2_400, 0, 2_400, 1_400));
    until(&t, "2027-02-05T10:00:00+08:00");
    run(&t, month("2027-01-01")).await;
    assert_eq!(data(&t, "2027-02").await.0, (3_000, 0, 3_000, 2_000), "of December and January");
    proven(&t).await;
}

#[both_databases]
async fn a_plan_that_ends_carries_nothing_on(t: TestApp) {
    plan(&t, 1).await;
    let who = line(&t).await;
    used(&t, "2026-11-10T10:00:00+08:00", 400).await;
    until(&t, "2026-11-30T10:00:00+08:00");
    let new = json!({"offeringId": "of-mobile-59"});
    tell(&t, fact(Kind::ChangeTariff, &who, "p1", "change", "2026-12-01T00:00:00+08:00", new)).await;
    until(&t, "2026-12-05T10:00:00+08:00");
    run(&t, month("2026-11-01")).await;
    assert_eq!(t.count("SELECT COUNT(*) FROM rate_carry").await, 0);
    let now: Value = t.get(&format!("/api/v1/rating/balance?number={NUMBER}&cycle=2026-12")).await.ok();
    let all = now["allowances"].as_array().unwrap();
    assert!(all.iter().all(|a| a["carried"] == 0), "{now:#}");
}
