//! A hall's day on its way up, and down again.

use super::{DAY, short_day, sound, take};
use crate::billing::customer;
use testkit::{TestApp, Value, both_databases, json};

async fn sheet_of_yesterday(t: &TestApp) -> String {
    t.advance(DAY);
    t.settle().await;
    let sheets = t.get("/api/v1/cashier/sheets").await.ok();
    assert_eq!(sheets.as_array().unwrap().len(), 1, "{sheets}");
    sheets[0]["id"].as_str().unwrap().to_owned()
}

fn slip(method: &str, number: &str, fen: i64, code: &str) -> Value {
    json!({"method": method, "bank": "工商银行天河支行", "number": number, "amountFen": fen, "slipDay": "2026-11-23",
           "auditCode": code, "carriedBy": "李娜", "witness": "王志强"})
}

#[both_databases]
async fn a_day_climbs_level_by_level_and_each_is_another_person(t: TestApp) {
    short_day(&t, "cashier").await;
    let id = sheet_of_yesterday(&t).await;
    let path = format!("/api/v1/cashier/sheets/{id}");
    let (hall, city, province) = (t.named("hall"), t.named("city"), t.named("province"));
    let sheet = hall.get(&path).await.ok();
    assert_eq!((sheet["state"].clone(), sheet["takenFen"].clone()), (json!("hall"), json!(25_000)));
    assert_eq!(sheet["differenceFen"], json!(-100));
    let code = sheet["auditCode"].as_str().unwrap().to_owned();

    // Slips: strictly from the bank's paper, each once, cash by two persons and with the day's code.
    let slips = format!("{path}/slips");
    hall.post(&slips, slip("cash", "A1", 19_900, "wrong")).await.refused(422, "slip.audit_code");
    let mut alone = slip("cash", "A1", 19_900, &code);
    alone["witness"] = json!("李娜");
    hall.post(&slips, alone).await.refused(422, "slip.two_persons");
    hall.post(&slips, slip("points", "A1", 100, &code)).await.refused(400, "field.invalid");
    hall.post(&slips, slip("cash", "A1", -5, &code)).await.refused(400, "field.invalid");
    hall.post(&slips, slip("cash", "A1", 19_000, &code)).await.created();
    hall.post(&slips, slip("cash", "A1", 19_000, &code)).await.refused(409, "slip.known");
    hall.post(&slips, slip("transfer", "B1", 5_000, "")).await.created();
    let before = t.digest().await;
    let refused = hall.post(&format!("{path}/pass"), json!({})).await.refused(409, "audit.slips_differ");
    assert!(refused["reason"].as_str().unwrap().contains("199.00"), "{refused}");
    before.assert_unchanged(&t.digest().await);
    let wrong = hall.get(&path).await.ok()["slips"][0]["id"].as_str().unwrap().to_owned();
    hall.post(&format!("/api/v1/cashier/slips/{wrong}/withdraw"), json!({"reason": "金额录错"})).await.ok();
    hall.post(&slips, slip("cash", "A1", 19_900, &code)).await.created();

    // Each cashier and each slip; a difference needs a finding.
    t.named("cashier").post(&format!("{path}/check"), json!({"ok": true})).await.refused(403, "audit.own_takings");
    hall.post(&format!("{path}/pass"), json!({})).await.refused(409, "audit.unchecked");
    let checked = hall.post(&format!("{path}/check"), json!({"ok": true})).await.ok();
    assert_eq!(checked["drawers"][0]["checks"], json!([]), "a drawer that was off is not waved through");
    let shift = checked["drawers"][0]["shiftId"].clone();
    let item = |note: &str| json!({"itemType": "shift", "itemId": shift, "ok": true, "note": note});
    hall.post(&format!("{path}/check"), item("")).await.ok();
    hall.post(&format!("{path}/pass"), json!({})).await.refused(409, "audit.difference_note");
    hall.post(&format!("{path}/check"), item("已核对小票，找零错误")).await.ok();
    let passed = hall.post(&format!("{path}/pass"), json!({})).await.ok();
    assert_eq!((passed["state"].clone(), passed["methods"][0]["missingFen"].clone()), (json!("city"), json!(0)));
    sound(&t).await;

    // The city: another person, on the third day, item by item.
    hall.post(&format!("{path}/pass"), json!({})).await.refused(403, "audit.other_level");
    city.post(&format!("{path}/check"), json!({"ok": true})).await.ok();
    city.post(&format!("{path}/check"), item("原因属实")).await.ok();
    city.post(&format!("{path}/pass"), json!({})).await.refused(409, "audit.too_early");
    t.advance(DAY);
    city.post(&format!("{path}/return"), json!({})).await.refused(422, "audit.reason_needed");
    let back = city.post(&format!("{path}/return"), json!({"note": "转账回单金额不清"})).await.ok();
    assert_eq!((back["state"].clone(), back["round"].clone()), (json!("hall"), json!(2)));
    assert_eq!(back["methods"][0]["dueFen"], json!(19_900), "the drawers hold their money again");
    sound(&t).await;
    hall.post(&format!("{path}/pass"), json!({})).await.refused(409, "audit.unchecked");
    for (who, next) in [(&hall, "city"), (&city, "province"), (&province, "passed")] {
        who.post(&format!("{path}/check"), json!({"ok": true})).await.ok();
        who.post(&format!("{path}/check"), item("复核无误")).await.ok();
        let turned = who.post(&format!("{path}/pass"), json!({})).await.ok();
        assert_eq!(turned["state"], json!(next));
    }
    province.post(&format!("{path}/return"), json!({"note": "x"})).await.refused(409, "audit.state");
    let steps = t.get(&path).await.ok()["steps"].as_array().unwrap().len();
    assert_eq!(steps, 5);
    assert_eq!(t.get("/api/v1/cashier/watch").await.ok()["sheets"], json!([]));
    sound(&t).await;
}

#[both_databases]
async fn days_pass_in_their_order_and_an_open_drawer_stops_them(t: TestApp) {
    let id = customer(&t).await;
    let clerk = t.named("cashier");
    take(&clerk, &id, 10_000, "cash").await;
    t.advance(DAY);
    let other = t.named("second");
    take(&other, &id, 7_000, "card").await;
    let counted = json!({"countedFen": {"card": 7_000}});
    other.post("/api/v1/counter/shift/close", counted).await.ok();
    t.advance(DAY);
    t.settle().await;
    let watch = t.get("/api/v1/cashier/watch").await.ok();
    assert_eq!(watch["openShifts"][0]["openShifts"], json!(1), "{watch}");
    let sheets = watch["sheets"].as_array().unwrap().clone();
    assert_eq!(sheets.len(), 2);
    let (first, second) = (sheets[0]["id"].as_str().unwrap(), sheets[1]["id"].as_str().unwrap());
    let auditor = t.named("auditor");
    let pass = |id: &str| format!("/api/v1/cashier/sheets/{id}/pass");
    auditor.post(&pass(first), json!({})).await.refused(409, "audit.shifts_open");
    let late = auditor.post(&pass(second), json!({})).await.refused(409, "audit.earlier_open");
    assert!(late["others"].as_array().unwrap().len() >= 2, "every obstacle is told at once: {late}");

    // Somebody else counts the drawer of a cashier who is away, and says why.
    let shift = auditor.get(&format!("/api/v1/cashier/sheets/{first}")).await.ok()["drawers"][0]["shiftId"].clone();
    let close = format!("/api/v1/counter/shifts/{}/close", shift.as_str().unwrap());
    let counted = json!({"countedFen": {"cash": 10_000}});
    auditor.post(&close, counted.clone()).await.refused(400, "field.missing");
    clerk.post(&close, json!({"countedFen": {"cash": 10_000}, "reason": "x"})).await.refused(409, "shift.own");
    let closed = auditor.post(&close, json!({"countedFen": {"cash": 10_000}, "reason": "收款员请假"})).await.ok();
    assert_eq!(closed["closedBy"], json!("auditor"));
    auditor.post(&close, json!({"countedFen": {"cash": 1}, "reason": "x"})).await.refused(409, "shift.none");
    auditor.post(&pass(first), json!({})).await.refused(409, "audit.slips_differ");
    sound(&t).await;
}

#[both_databases]
async fn cash_above_the_limit_is_told_once_an_evening(t: TestApp) {
    let id = customer(&t).await;
    take(&t.named("cashier"), &id, 150_000, "cash").await;
    let cash = t.get("/api/v1/cashier/cash").await.ok();
    assert_eq!((cash[0]["onHandFen"].clone(), cash[0]["limitFen"].clone()), (json!(150_000), json!(100_000)));
    assert_eq!(cash[0]["overFen"], json!(50_000));
    while t.now().hour() < 20 {
        t.advance(1_800);
    }
    t.settle().await;
    t.advance(1_200);
    t.settle().await;
    assert_eq!(t.count("SELECT COUNT(*) FROM cash_alert").await, 1);
}

#[both_databases]
async fn a_day_is_compared_and_its_difference_explained(t: TestApp) {
    short_day(&t, "cashier").await;
    let day = t.now().date().to_string();
    let ran = t.post("/api/v1/money-checks/run", json!({"day": day})).await.ok();
    assert_eq!(ran["differences"], json!(1), "{ran}");
    t.post("/api/v1/money-checks/run", json!({"day": day})).await.ok();
    let open = t.get("/api/v1/money-checks?state=open").await.ok();
    assert_eq!(open.as_array().unwrap().len(), 1);
    assert_eq!((open[0]["kind"].clone(), open[0]["differenceFen"].clone()), (json!("count"), json!(-100)));
    let explain = format!("/api/v1/money-checks/{}/explain", open[0]["id"].as_str().unwrap());
    t.post(&explain, json!({})).await.refused(422, "moneycheck.reason_needed");
    t.post(&explain, json!({"reason": "找零多付，收款员已补"})).await.ok();
    t.post(&explain, json!({"reason": "again"})).await.refused(409, "moneycheck.state");
    // The next run finds the same and leaves it explained.
    t.post("/api/v1/money-checks/run", json!({"day": day})).await.ok();
    assert_eq!(t.get("/api/v1/money-checks?state=explained").await.ok().as_array().unwrap().len(), 1);
}
