//! The statement, its trace, its print and its paper.

use super::{line, until};
use crate::billing::proven;
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn one_bill_shows_every_account_and_every_line_can_be_traced(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    let second = {
        let one = one.clone();
        t.write(move |tx| billing::open_account(tx, &one, "宽带账户")).await
    };
    let mut broadband = crate::billing::started(&one, "o-2", "p-2", "of-broadband-300", "2026-11-22T10:00:00+08:00");
    broadband.account_id = Some(second.id.clone());
    crate::billing::tell(&t, broadband).await;
    until(&t, "2027-01-02T10:00:00+08:00");
    t.settle().await;
    let path = format!("/api/v1/customers/{one}/statement");
    let view = t.get(&path).await.ok();
    assert_eq!(view["cycle"], "2026-12");
    let accounts = view["accounts"].as_array().unwrap();
    assert_eq!(accounts.len(), 2, "{view}");
    let lines: i64 = accounts
        .iter()
        .flat_map(|a| a["products"].as_array().unwrap())
        .flat_map(|p| p["lines"].as_array().unwrap())
        .map(|l| l["amountFen"].as_i64().unwrap())
        .sum();
    assert_eq!(view["totalFen"], lines);
    let kinds: i64 = view["byKind"].as_object().unwrap().values().map(|v| v.as_i64().unwrap()).sum();
    assert_eq!(kinds, lines);
    let november = t.get(&format!("{path}?cycle=2026-11")).await.ok();
    assert!(november["totalFen"].as_i64().unwrap() > 0 && november["first"] == "2026-11-01");
    let first = &accounts[0]["products"][0]["lines"][0];
    let trace =
        t.get(&format!("/api/v1/bills/{}/lines/{}/trace", first["billId"].as_str().unwrap(), first["seq"])).await.ok();
    assert_eq!(trace["amountFen"], first["amountFen"]);
    assert!(
        trace["note"].as_str().unwrap().starts_with("整月")
            && trace["noteEn"].as_str().unwrap().starts_with("whole month")
    );
    for bad in ["2026", "2026-13", "2026-11-31", "x"] {
        t.get(&format!("{path}?cycle={bad}")).await.refused(400, "field.invalid");
    }
    t.get("/api/v1/customers/nobody/statement").await.refused(404, "not_found");
    proven(&t).await;
}

#[both_databases]
async fn printing_sets_the_flag_of_each_bill_once(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    until(&t, "2027-01-02T10:00:00+08:00");
    t.settle().await;
    let path = format!("/api/v1/customers/{one}/statement");
    assert!(t.get(&path).await.ok()["printedAt"].is_null());
    let first = t.post(&format!("{path}/print"), json!({"cycle": "2026-12"})).await.ok();
    assert_eq!((first["bills"].as_i64(), first["first"].as_i64()), (Some(1), Some(1)));
    let at = t.get(&path).await.ok()["printedAt"].clone();
    assert!(at.is_string());
    t.advance(60);
    let again = t.post(&format!("{path}/print"), json!({"cycle": "2026-12"})).await.ok();
    assert_eq!(again["first"], 0);
    assert_eq!(t.get(&path).await.ok()["printedAt"], at, "the flag keeps the first print");
    assert_eq!(t.count("SELECT COUNT(*) FROM bill_print").await, 2);
    assert_eq!(t.count("SELECT COUNT(*) FROM outbox WHERE event_type = 'CustomerBillPrintedEvent'").await, 1);
    t.post(&format!("{path}/print"), json!({"cycle": "2026-10"})).await.refused(404, "not_found");
    let bill = t.get(&path).await.ok()["accounts"][0]["bills"][0]["id"].as_str().unwrap().to_owned();
    let shown = t.post(&format!("/api/v1/bills/{bill}/print"), json!({})).await.ok();
    assert_eq!((shown["first"].as_bool(), shown["prints"].as_array().unwrap().len()), (Some(false), 3));
}

#[both_databases]
async fn bills_and_statements_come_as_pdf_in_both_languages(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    until(&t, "2027-01-02T10:00:00+08:00");
    t.settle().await;
    let bill = t.get(&format!("/api/v1/customers/{one}/statement")).await.ok()["accounts"][0]["bills"][0]["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for lang in ["zh", "en"] {
        for path in [
            format!("/api/v1/bills/{bill}/pdf?lang={lang}"),
            format!("/api/v1/customers/{one}/statement.pdf?cycle=2026-12&lang={lang}"),
        ] {
            let answer = t.get(&path).await;
            assert_eq!(answer.status, 200, "{path}");
            assert_eq!(answer.header("content-type"), Some("application/pdf"));
        }
    }
    t.get(&format!("/api/v1/bills/{bill}/pdf?lang=fr")).await.refused(400, "field.invalid");
}

#[both_databases]
async fn tmf_shows_small_bills_whole_and_finds_them_by_what_they_show(t: TestApp) {
    let one = line(&t, "2026-11-22T10:00:00+08:00").await;
    until(&t, "2027-01-02T10:00:00+08:00");
    t.settle().await;
    let base = "/tmf-api/customerBillManagement/v4";
    let all = t.get(&format!("{base}/customerBill")).await.ok();
    let bill = all
        .as_array()
        .unwrap()
        .iter()
        .find(|b| b["runType"] == "onCycle" && b["amountDue"]["value"] == 129.0)
        .unwrap()
        .clone();
    for name in
        ["id", "href", "billNo", "state", "billDate", "paymentDueDate", "billingPeriod", "amountDue", "relatedParty"]
    {
        assert!(!bill[name].is_null(), "{name}: {bill}");
    }
    let id = bill["id"].as_str().unwrap();
    assert_eq!(t.get(&format!("{base}/customerBill/{id}")).await.ok(), bill);
    for query in [
        format!("id={id}"),
        format!("billNo={}", bill["billNo"].as_str().unwrap()),
        format!("relatedParty.id={one}&amountDue.value=129.00&runType=onCycle"),
        format!("billDate={}&relatedParty.id={one}", bill["billDate"].as_str().unwrap()),
        format!("amountDue.value.gt=100&relatedParty.id={one}"),
    ] {
        let found = t.get(&format!("{base}/customerBill?{query}")).await.ok();
        assert!(found.as_array().unwrap().iter().any(|b| b["id"] == id), "{query}");
    }
    let change = json!({"state": "onHold", "x-note": "核对中"});
    let held = t.patch(&format!("{base}/customerBill/{id}"), change).await.ok();
    assert_eq!((held["state"].as_str(), held["x-note"].as_str()), (Some("onHold"), Some("核对中")));
    t.patch(&format!("{base}/customerBill/{id}"), json!({"billNo": "x"})).await.refused(400, "field.readonly");
    let again = t.get(&format!("{base}/customerBill/{id}")).await.ok();
    assert_eq!((again["x-note"].as_str(), again["amountDue"]["value"].as_f64()), (Some("核对中"), Some(129.0)));
    assert!(
        t.count(&format!("SELECT LENGTH(CAST(body AS TEXT)) FROM bill WHERE id = '{id}'")).await < 60,
        "only what a client added is kept"
    );
    let rates = t.get(&format!("{base}/appliedCustomerBillingRate?bill.id={id}")).await.ok();
    let rate = &rates[0];
    assert_eq!((rate["taxIncludedAmount"]["value"].as_f64(), rate["bill"]["id"].as_str()), (Some(129.0), Some(id)));
    let rate_id = rate["id"].as_str().unwrap();
    assert_eq!(t.get(&format!("{base}/appliedCustomerBillingRate/{rate_id}")).await.ok(), *rate);
    t.get(&format!("{base}/appliedCustomerBillingRate/{id}-99")).await.refused(404, "not_found");
    t.get(&format!("{base}/appliedCustomerBillingRate/nothing")).await.refused(404, "not_found");
}
