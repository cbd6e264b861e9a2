//! Late fees, many at once, many ways at once.

use super::{DAY, account, checkout, on_books};
use crate::billing::{balance, bill, customer, pay, proven, router_bill};
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn a_late_bill_is_paid_with_its_fee_and_a_part_of_it_with_a_part(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let dues = |customer: String| format!("/api/v1/counter/dues?customerId={customer}");
    assert_eq!(t.get(&dues(customer.clone())).await.ok()["toPayFen"], json!(19_900));
    t.advance(30 * DAY);
    assert_eq!(t.get(&dues(customer.clone())).await.ok()["lateFeeFen"], json!(0), "on the due day nothing is late");
    t.advance(10 * DAY);
    let due = t.get(&dues(customer.clone())).await.ok();
    assert_eq!((due["totalDueFen"].clone(), due["lateFeeFen"].clone()), (json!(19_900), json!(597)));
    assert_eq!(due["accounts"][0]["bills"][0]["lateDays"], json!(10));

    let half = pay(&t, &customer, 10_300).await;
    assert_eq!(half["applied"][0]["amountFen"], json!(10_000));
    assert_eq!((half["lateFeeFen"].clone(), half["toBalanceFen"].clone()), (json!(300), json!(0)));
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(9_900));
    let rest = pay(&t, &customer, 10_197).await;
    assert_eq!((rest["lateFeeFen"].clone(), rest["toBalanceFen"].clone()), (json!(297), json!(0)));
    assert_eq!(bill(&t, &id).await["state"], json!("settled"));
    proven(&t).await;

    // Undone, the bill is unpaid and the fee is owed again, as if nothing had been.
    let path = format!("/api/v1/counter/payments/{}/reverse", rest["id"].as_str().unwrap());
    let undone = t.post(&path, json!({"reason": "收错"})).await.created();
    assert_eq!(undone["lateFeeFen"], json!(-297));
    let due = t.get(&dues(customer.clone())).await.ok();
    assert_eq!((due["totalDueFen"].clone(), due["lateFeeFen"].clone()), (json!(9_900), json!(297)));
    proven(&t).await;

    // Forgiven up to today by somebody who may; from tomorrow it grows again.
    let waive = format!("/api/v1/bills/{id}/late-fee/waive");
    let before = t.digest().await;
    t.as_role("clerk").post(&waive, json!({"reason": "x"})).await.refused(403, "auth.forbidden");
    t.post(&waive, json!({"reason": " "})).await.refused(400, "field.invalid");
    before.assert_unchanged(&t.digest().await);
    assert_eq!(t.post(&waive, json!({"reason": "账单送达延误"})).await.created()["waivedFen"], json!(297));
    assert_eq!(t.get(&dues(customer.clone())).await.ok()["lateFeeFen"], json!(0));
    t.post(&waive, json!({"reason": "x"})).await.refused(409, "late_fee.nothing");
    t.post("/api/v1/counter/shift/close", json!({"countedFen": {"cash": 10_300}})).await;
    t.advance(2 * DAY);
    assert_eq!(t.get(&dues(customer)).await.ok()["lateFeeFen"], json!(59));
}

#[both_databases]
async fn money_that_comes_to_the_balance_late_pays_the_fee_too(t: TestApp) {
    let customer = customer(&t).await;
    let account = account(&t, &customer).await;
    let id = router_bill(&t, &customer, "o1").await;
    t.advance(40 * DAY);
    // 100 yuan by the interface: as much of the bill as they reach with its fee.
    let topup = json!({"amount": {"amount": 100, "units": "CNY"}, "bucket": {"id": format!("general-{account}")}});
    let made = t.post("/tmf-api/prepayBalanceManagement/v4/topupBalance", topup).await.created();
    assert_eq!(made["status"], json!("confirmed"));
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(19_900 - 9_709));
    assert_eq!(balance(&t, &customer).await, 0);
    proven(&t).await;
}

#[both_databases]
async fn several_customers_pay_by_several_methods_in_one_go_or_not_at_all(t: TestApp) {
    let (one, two) = (customer(&t).await, customer(&t).await);
    let (first, second) = (router_bill(&t, &one, "o1").await, router_bill(&t, &two, "o2").await);
    let before = t.digest().await;
    for (ask, status, code) in [
        (checkout(&[(&one, 19_900), (&two, 19_900)], &[("cash", 30_000)]), 422, "checkout.sum"),
        (checkout(&[(&one, 19_900), ("nobody", 100)], &[("cash", 20_000)]), 404, "not_found"),
        (checkout(&[(&one, 100), (&two, -100)], &[("cash", 100)]), 422, "payment.amount"),
        (checkout(&[(&one, i64::MAX), (&two, i64::MAX)], &[("cash", 100)]), 422, "payment.amount"),
        (checkout(&[(&one, 100)], &[("points", 100)]), 422, "payment.method_counter"),
        (checkout(&[(&one, 100)], &[("collection", 100)]), 422, "payment.method_counter"),
        (checkout(&[(&one, 100)], &[("gold", 100)]), 400, "payment.method"),
        (checkout(&[], &[("cash", 100)]), 400, "field.invalid"),
        (checkout(&[("", 100)], &[("cash", 100)]), 400, "field.missing"),
    ] {
        t.post("/api/v1/counter/checkouts", ask).await.refused(status, code);
    }
    before.assert_unchanged(&t.digest().await);

    let mut ask = checkout(&[(&one, 19_900), (&two, 20_100)], &[("card", 15_000), ("cash", 25_000)]);
    ask["tenders"][1]["tenderedFen"] = json!(30_000);
    let made = t.post("/api/v1/counter/checkouts", ask.clone()).key("k1").await.created();
    assert_eq!(t.post("/api/v1/counter/checkouts", ask).key("k1").await.created(), made, "sent twice, taken once");
    let parts: Vec<(&str, i64)> = made["payments"]
        .as_array()
        .unwrap()
        .iter()
        .map(|p| (p["method"].as_str().unwrap(), p["amountFen"].as_i64().unwrap()))
        .collect();
    assert_eq!(parts, [("card", 15_000), ("cash", 4_900), ("cash", 20_100)]);
    assert_eq!((made["changeFen"].clone(), made["totalFen"].clone()), (json!(5_000), json!(40_000)));
    for id in [&first, &second] {
        assert_eq!(bill(&t, id).await["state"], json!("settled"));
    }
    assert_eq!(balance(&t, &two).await, 200);
    let shift = t.get("/api/v1/counter/shift").await.ok();
    assert_eq!(
        (shift["expectedFen"]["cash"].clone(), shift["expectedFen"]["card"].clone()),
        (json!(25_000), json!(15_000))
    );

    // All of it goes back in one.
    let batch = made["batchId"].as_str().unwrap();
    let back = t.post(&format!("/api/v1/counter/checkouts/{batch}/reverse"), json!({"reason": "收错"})).await.created();
    assert_eq!(back["payments"].as_array().unwrap().len(), 3);
    assert_eq!(bill(&t, &first).await["remainingFen"], json!(19_900));
    assert_eq!(balance(&t, &two).await, 0);
    t.post(&format!("/api/v1/counter/checkouts/{batch}/reverse"), json!({"reason": "再来"}))
        .await
        .refused(404, "not_found");
    proven(&t).await;
}

#[both_databases]
async fn change_that_no_coin_is_there_for_stays_on_the_balance(t: TestApp) {
    t.write(|tx| {
        store::sql! { SET = "UPDATE billing_setting SET value = 10 WHERE name = 'payment.change_unit_fen'"; }
        tx.execute(&SET, &[]).map(drop)
    })
    .await;
    let customer = customer(&t).await;
    let ask = json!({"customerId": customer, "amountFen": 9_987, "method": "cash", "tenderedFen": 10_000});
    let made = t.post("/api/v1/counter/payments", ask).await.created();
    assert_eq!((made["changeFen"].clone(), made["amountFen"].clone()), (json!(10), json!(9_990)));
    assert_eq!(balance(&t, &customer).await, 9_990);
    proven(&t).await;
}

#[both_databases]
async fn a_cheque_waits_for_the_bank_and_one_that_bounces_is_taken_back(t: TestApp) {
    let customer = customer(&t).await;
    let id = router_bill(&t, &customer, "o1").await;
    let ask = json!({"customerId": customer, "amountFen": 19_900, "method": "cheque", "reference": "CQ-1"});
    let one = t.post("/api/v1/counter/payments", ask.clone()).await.created();
    let waiting = t.get("/api/v1/counter/clearing?state=waiting").await.ok();
    assert_eq!((waiting[0]["paymentId"].clone(), waiting[0]["reference"].clone()), (one["id"].clone(), json!("CQ-1")));
    let path = format!("/api/v1/counter/clearing/{}", one["id"].as_str().unwrap());
    t.as_role("clerk").post(&format!("{path}/clear"), json!({})).await.refused(403, "auth.forbidden");
    t.post(&format!("{path}/bounce"), json!({"reason": "存款不足"})).await.created();
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(19_900));
    t.post(&format!("{path}/clear"), json!({})).await.refused(409, "clearing.state");
    // The next one is paid by the bank: it no longer lies in the drawer, and the counter does not give it back.
    let two = t.post("/api/v1/counter/payments", ask).await.created();
    let path = format!("/api/v1/counter/clearing/{}", two["id"].as_str().unwrap());
    assert_eq!(t.post(&format!("{path}/clear"), json!({})).await.ok()["state"], json!("cleared"));
    let before = t.digest().await;
    let reverse = format!("/api/v1/counter/payments/{}/reverse", two["id"].as_str().unwrap());
    t.post(&reverse, json!({"reason": "x"})).await.refused(409, "clearing.cleared");
    before.assert_unchanged(&t.digest().await);
    proven(&t).await;
}

#[both_databases]
async fn a_security_deposit_is_no_balance_and_goes_back_or_against_a_debt(t: TestApp) {
    let customer = customer(&t).await;
    let ask = |fen: i64, purpose: &str| json!({"customerId": customer, "amountFen": fen, "method": "cash", "purpose": purpose});
    let before = t.digest().await;
    t.post("/api/v1/counter/deposits", ask(0, "国际漫游")).await.refused(422, "payment.amount");
    t.post("/api/v1/counter/deposits", ask(100, " ")).await.refused(400, "field.invalid");
    before.assert_unchanged(&t.digest().await);
    let roaming = t.post("/api/v1/counter/deposits", ask(50_000, "国际漫游")).await.created();
    let device = t.post("/api/v1/counter/deposits", ask(20_000, "终端")).await.created();
    assert_eq!(balance(&t, &customer).await, 0);
    let id = router_bill(&t, &customer, "o1").await;
    assert_eq!(bill(&t, &id).await["remainingFen"], json!(19_900), "a security deposit pays no bill by itself");
    let path =
        |d: &testkit::Value, verb: &str| format!("/api/v1/counter/deposits/{}/{verb}", d["id"].as_str().unwrap());
    t.post(&path(&roaming, "return"), json!({"method": "card"})).await.refused(409, "refund.method");
    assert_eq!(t.post(&path(&roaming, "return"), json!({"method": "cash"})).await.ok()["state"], json!("returned"));
    t.post(&path(&roaming, "return"), json!({"method": "cash"})).await.refused(409, "deposit.state");
    t.post(&path(&device, "apply"), json!({})).await.ok();
    assert_eq!(bill(&t, &id).await["state"], json!("settled"));
    assert_eq!(on_books(&t, &account(&t, &customer).await).await, [("普通账本".to_owned(), 100)]);
    assert_eq!(t.get("/api/v1/counter/shift").await.ok()["expectedCashFen"], json!(20_000));
    proven(&t).await;
}
