//! Killed, stopped, doubled, overtaken: still one bill an account and cycle, and every figure as without the fault.

use super::{billed, line, month, run, until};
use crate::billing::{customer, hall, pay, proven, started, tell};
use billing::{CollaborationKind as Kind, cycle};
use testkit::{TestApp, both_databases, json};

/// Nine customers with a line each.
async fn nine(t: &TestApp) -> Vec<String> {
    let mut all = Vec::new();
    for n in 0..9 {
        let id = t
            .write(move |tx| {
                catalog::ensure_demo(tx)?;
                let mut new = customer::NewCustomer::person(format!("客户{n}"));
                new.org = Some(hall());
                customer::create(tx, &new).map(|c| c.id)
            })
            .await;
        tell(t, started(&id, &format!("o{n}"), &format!("p{n}"), "of-mobile-129", "2026-11-22T10:00:00+08:00")).await;
        all.push(id);
    }
    t.write(|tx| {
        let sql = "UPDATE billing_setting SET value = CASE name WHEN 'bill_run.batch' THEN 2 ELSE 0 END \
                   WHERE name IN ('bill_run.batch', 'bill_run.auto')";
        tx.execute(&sql.to_owned(), &[])
    })
    .await;
    until(t, "2027-01-01T08:00:00+08:00");
    all
}

#[both_databases]
async fn a_run_that_is_cut_after_every_step_goes_on_and_makes_each_bill_once(t: TestApp) {
    let all = nine(&t).await;
    let december = month("2026-12-01");
    t.write(move |tx| cycle::start(tx, december)).await;
    let mut steps = 0;
    loop {
        // One transaction, then the process is gone; what it knew is gone with it.
        cycle::drive(t.app(), december, Some(1)).await.unwrap();
        proven(&t).await;
        let doubles = t
            .count("SELECT COUNT(*) FROM (SELECT account_id FROM bill WHERE kind = 'cycle' GROUP BY account_id, period_start HAVING COUNT(*) > 1) d")
            .await;
        assert_eq!(doubles, 0);
        let now = t.write(move |tx| cycle::run(tx, december)).await;
        assert_eq!(
            now.billed,
            t.count("SELECT COUNT(*) FROM bill WHERE kind = 'cycle'").await,
            "the mark tells the truth"
        );
        assert_eq!(now.amount.in_fen(), now.billed * 12_900);
        steps += 1;
        if now.state == cycle::State::Done {
            break;
        }
        assert!(steps < 30, "it never ends");
    }
    assert!(steps >= 7, "planned, collected, five batches: {steps}");
    for id in &all {
        assert_eq!(billed(&t, id, "2026-12").await, [12_900]);
    }
    assert_eq!(t.count("SELECT COUNT(*) FROM bill WHERE kind = 'cycle'").await, 9);
}

#[both_databases]
async fn two_runs_at_once_share_the_work(t: TestApp) {
    let all = nine(&t).await;
    let december = month("2026-12-01");
    t.write(move |tx| cycle::start(tx, december)).await;
    let (a, b, c) = tokio::join!(run(&t, december), run(&t, december), run(&t, december));
    let _ = (a, b, c);
    let end = run(&t, december).await;
    assert_eq!((end.state, end.billed, end.seen), (cycle::State::Done, 9, end.accounts));
    for id in &all {
        assert_eq!(billed(&t, id, "2026-12").await, [12_900]);
    }
    proven(&t).await;
}

#[both_databases]
async fn a_run_is_stopped_and_resumed_and_frozen_business_waits(t: TestApp) {
    nine(&t).await;
    let path = "/api/v1/billing/runs";
    t.post(path, json!({"cycle": "2026-12"})).await.created();
    let december = month("2026-12-01");
    cycle::drive(t.app(), december, Some(4)).await.unwrap();
    let today = t.now().date();
    assert_eq!(t.write(move |tx| billing::freeze(tx, today)).await, Some(today), "transfers rest while bills are made");
    let stopped = t.post(&format!("{path}/2026-12/stop"), json!({"reason": "核对资费"})).await.ok();
    assert_eq!(stopped["stopped"], true);
    let before = t.count("SELECT COUNT(*) FROM bill WHERE kind = 'cycle'").await;
    t.settle().await;
    assert_eq!(t.count("SELECT COUNT(*) FROM bill WHERE kind = 'cycle'").await, before);
    t.post(&format!("{path}/2026-12/resume"), json!({"reason": "资费无误"})).await.ok();
    t.settle().await;
    let done = t.get(&format!("{path}/2026-12")).await.ok();
    assert_eq!((done["state"].as_str(), done["billed"].as_i64()), (Some("done"), Some(9)));
    assert_eq!(t.write(move |tx| billing::freeze(tx, today)).await, None);
    t.post(&format!("{path}/2026-12/stop"), json!({"reason": "太晚"})).await.refused(409, "bill_run.state");
    proven(&t).await;
}

#[both_databases]
async fn changes_and_payments_during_the_run_lose_nothing(t: TestApp) {
    let all = nine(&t).await;
    let december = month("2026-12-01");
    t.write(move |tx| cycle::start(tx, december)).await;
    cycle::drive(t.app(), december, Some(3)).await.unwrap();
    // The last customer pays, another ends the account's only line today, a third changes the tariff backdated.
    pay(&t, &all[8], 50_000).await;
    let none = json!({"earlyTerminationFen": 0});
    let other = json!({"offeringId": "of-mobile-59"});
    for told in [
        super::fact(Kind::Stop, &all[7], "p7", "end", "2027-01-01T08:00:00+08:00", none),
        super::fact(Kind::ChangeTariff, &all[6], "p6", "back", "2026-12-16T08:00:00+08:00", other),
    ] {
        t.write(move |tx| {
            let id = billing::collaborate(tx, told.clone())?;
            billing::deliver(tx, &id)
        })
        .await;
    }
    assert_eq!(t.write(move |tx| cycle::run(tx, december)).await.state, cycle::State::Billing);
    run(&t, december).await;
    assert_eq!(billed(&t, &all[8], "2026-12").await, [12_900]);
    assert_eq!(billed(&t, &all[7], "2026-12").await, [12_900], "December was used in full");
    assert_eq!(billed(&t, &all[6], "2026-12").await, [9_400], "what is known when the account is billed");
    proven(&t).await;
}

#[both_databases]
async fn an_account_that_cannot_be_billed_is_put_aside_and_tried_again(t: TestApp) {
    let all = nine(&t).await;
    let absurd = "UPDATE subscription_charge SET amount_fen = 9223372036854775000 WHERE price_id = (SELECT MAX(price_id) \
                  FROM subscription_charge WHERE months = 1) AND subscription_id IN (SELECT id FROM subscription WHERE product_id = 'p4')";
    t.write(|tx| {
        tx.execute(&absurd.to_owned(), &[])?;
        let twice = "INSERT INTO subscription_charge (subscription_id, seq, price_id, name, kind, amount_fen, months, charged_from) \
                     SELECT subscription_id, seq + 50, 'x', 'x', kind, amount_fen, months, charged_from FROM subscription_charge \
                     WHERE amount_fen = 9223372036854775000";
        tx.execute(&twice.to_owned(), &[])
    })
    .await;
    let done = run(&t, month("2026-12-01")).await;
    assert_eq!((done.billed, done.failed), (8, 1));
    assert!(billed(&t, &all[4], "2026-12").await.is_empty());
    let failures = t.get("/api/v1/billing/runs/2026-12/failures").await.ok();
    assert_eq!(failures[0]["code"], "money.invalid", "{failures}");
    t.write(|tx| {
        let mend = "UPDATE subscription_charge SET amount_fen = 12900 WHERE amount_fen = 9223372036854775000 AND price_id <> 'x'";
        tx.execute(&mend.to_owned(), &[])?;
        tx.execute(&"UPDATE subscription_charge SET amount_fen = 100 WHERE price_id = 'x'".to_owned(), &[])
    })
    .await;
    let account = failures[0]["accountId"].as_str().unwrap();
    t.post(&format!("/api/v1/billing/runs/2026-12/failures/{account}/retry"), json!({})).await.ok();
    assert_eq!(billed(&t, &all[4], "2026-12").await, [13_000]);
    let again = run(&t, month("2026-12-01")).await;
    assert_eq!((again.billed, again.failed), (9, 0));
    proven(&t).await;
}

#[both_databases]
async fn another_cycle_than_the_month_begins_where_the_first_bill_ended(t: TestApp) {
    let one = customer(&t).await;
    let spec = json!({"name": "每月15日", "billingDateShift": 14, "frequency": "monthly"});
    let spec = t.post("/tmf-api/accountManagement/v4/billingCycleSpecification", spec).await.created();
    let account = {
        let one = one.clone();
        t.write(move |tx| billing::account_of(tx, &one)).await
    };
    let path = format!("/tmf-api/accountManagement/v4/billingAccount/{}", account.id);
    let change = json!({"billStructure": {"cycleSpecification": {"id": spec["id"]}}});
    t.patch(&path, change.clone()).await.ok();
    tell(&t, started(&one, "o1", "p1", "of-mobile-129", "2026-11-22T10:00:00+08:00")).await;
    until(&t, "2026-12-15T03:00:00+08:00");
    t.settle().await;
    let bills = t.count("SELECT amount_fen FROM bill WHERE kind = 'cycle' AND period_start = '2026-11-15' AND period_end = '2026-12-14'").await;
    assert_eq!(bills, 6_020, "1 to 14 December at a thirtieth of 129 yuan a day");
    let back = json!({"billStructure": {"cycleSpecification": {"id": "natural-month"}}});
    t.patch(&path, back).await.refused(409, "account.cycle_fixed");
    until(&t, "2027-01-15T03:00:00+08:00");
    t.settle().await;
    assert_eq!(
        t.count("SELECT amount_fen FROM bill WHERE kind = 'cycle' AND period_start = '2026-12-15'").await,
        12_900
    );
    assert_eq!(t.count("SELECT COUNT(*) FROM bill WHERE kind = 'cycle'").await, 2);
    proven(&t).await;
}

#[both_databases]
async fn a_bill_more_than_five_times_the_mean_is_told_once(t: TestApp) {
    let one = line(&t, "2026-08-22T10:00:00+08:00").await;
    for (day, n) in [("2026-12-02", 1), ("2027-01-02", 2), ("2027-02-02", 3)] {
        until(&t, &format!("{day}T10:00:00+08:00"));
        t.settle().await;
        assert_eq!(t.count("SELECT COUNT(*) FROM bill WHERE kind = 'cycle'").await, n);
    }
    assert_eq!(t.count("SELECT COUNT(*) FROM huge_charge").await, 0);
    let new = json!({"offeringId": "of-mobile-129", "pricing": {"charges": [{"offeringId": "of-mobile-129", "priceId": "x", "name": "月费", "amountFen": 100_000, "months": 1}]}});
    tell(&t, super::fact(Kind::ChangeTariff, &one, &format!("p-{one}"), "huge", "2027-02-02T10:00:00+08:00", new))
        .await;
    until(&t, "2027-03-02T10:00:00+08:00");
    t.settle().await;
    let alerts = t.get("/api/v1/billing/huge-charges").await.ok();
    assert_eq!(alerts["items"].as_array().unwrap().len(), 1, "{alerts}");
    assert!(alerts["items"][0]["amountFen"].as_i64().unwrap() > 5 * alerts["items"][0]["meanFen"].as_i64().unwrap());
    let id = alerts["items"][0]["id"].as_str().unwrap();
    t.post(&format!("/api/v1/billing/huge-charges/{id}/handle"), json!({"note": ""}))
        .await
        .refused(400, "field.missing");
    let handled =
        t.post(&format!("/api/v1/billing/huge-charges/{id}/handle"), json!({"note": "已电话告知客户"})).await.ok();
    assert_eq!(handled["state"], "handled");
    t.post(&format!("/api/v1/billing/huge-charges/{id}/handle"), json!({"note": "再次"}))
        .await
        .refused(409, "huge_charge.handled");
}
