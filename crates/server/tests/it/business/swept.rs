//! Every business, swept (see `sweep`), and what it has changed in the end.

use super::{ground::Ground, sweep::sweep};
use crate::numbers::state;
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn suspend_and_resume(t: TestApp) {
    let g = Ground::new(&t).await;
    sweep(&g, &Ground::ask("suspend", &g.line, json!({}))).await;
    assert_eq!(
        (g.product(&g.line).await["status"].clone(), state(&t, "13900138200").await),
        (json!("suspended"), "suspended".into())
    );
    sweep(&g, &Ground::ask("resume", &g.line, json!({}))).await;
    assert_eq!(
        (g.product(&g.line).await["status"].clone(), state(&t, "13900138200").await),
        (json!("active"), "inUse".into())
    );
}

#[both_databases]
async fn loss_and_card(t: TestApp) {
    let g = Ground::new(&t).await;
    sweep(&g, &Ground::ask("reportLoss", &g.line, json!({}))).await;
    assert_eq!(g.product(&g.line).await["status"], "suspended");
    sweep(&g, &Ground::ask("withdrawLoss", &g.line, json!({}))).await;
    assert_eq!(g.product(&g.line).await["status"], "active");
    g.done("reportLoss", &g.line, json!({})).await;
    let old = g.characteristic(&g.line, "iccid").await;
    sweep(&g, &Ground::ask("replaceSim", &g.line, json!({"simKind": "lost"}))).await;
    let product = g.product(&g.line).await;
    assert_eq!(product["status"], "active", "a lost card that was replaced keeps nothing suspended");
    assert_ne!(g.characteristic(&g.line, "iccid").await, old);
    assert_eq!(t.count("SELECT COUNT(*) FROM product_suspension").await, 0);
}

#[both_databases]
async fn another_plan(t: TestApp) {
    let g = Ground::new(&t).await;
    let ask = Ground::ask("changePlan", &g.line, json!({"offering": "of-mobile-129"}));
    let seen = g.check(&ask).await;
    assert_eq!(
        (&seen["problems"], seen["monthlyBeforeFen"].as_i64() < seen["monthlyAfterFen"].as_i64()),
        (&json!([]), true),
        "{seen:#}"
    );
    sweep(&g, &ask).await;
    let product = g.product(&g.line).await;
    assert_eq!(
        (&product["productOffering"]["id"], &product["name"]),
        (&json!("of-mobile-129"), &json!("畅行5G套餐 129元"))
    );
    assert_eq!(
        t.count("SELECT COUNT(*) FROM subscription WHERE state = 'active' AND offering_id = 'of-mobile-129'").await,
        1
    );
}

#[both_databases]
async fn an_option_comes_and_goes(t: TestApp) {
    let g = Ground::new(&t).await;
    sweep(&g, &Ground::ask("addOption", &g.line, json!({"offering": "of-option-data-10g"}))).await;
    let held = t.get(&format!("/api/v1/products/{}/actions", g.line)).await.ok();
    let remove = held.as_array().unwrap().iter().find(|a| a["business"] == "removeOption").unwrap().clone();
    let option = remove["fields"][0]["choices"][0]["value"].as_str().unwrap().to_owned();
    assert_eq!(g.product(&option).await["productRelationship"][0]["product"]["id"], json!(g.line));
    sweep(&g, &Ground::ask("removeOption", &g.line, json!({"option": option}))).await;
    assert_eq!(
        (&g.product(&option).await["status"], &g.product(&g.line).await["status"]),
        (&json!("terminated"), &json!("active"))
    );
}

#[both_databases]
async fn another_number(t: TestApp) {
    let g = Ground::new(&t).await;
    sweep(&g, &Ground::ask("changeNumber", &g.line, json!({"newNumber": {"number": "13900138201"}}))).await;
    assert_eq!(g.characteristic(&g.line, "number").await, "13900138201");
    assert_eq!((state(&t, "13900138200").await, state(&t, "13900138201").await), ("quarantine".into(), "inUse".into()));
    let found = t.write(|tx| customer::find(tx, "13900138201", 5)).await;
    assert_eq!(found.len(), 1, "the customer is found by the new number");
    assert!(t.write(|tx| customer::find(tx, "13900138200", 5)).await.is_empty());
}

#[both_databases]
async fn a_line_is_closed_with_what_hangs_on_it(t: TestApp) {
    let g = Ground::new(&t).await;
    let option = g.option().await;
    sweep(&g, &Ground::ask("close", &g.line, json!({}))).await;
    assert_eq!(
        (&g.product(&g.line).await["status"], &g.product(&option).await["status"]),
        (&json!("terminated"), &json!("terminated"))
    );
    assert_eq!(state(&t, "13900138200").await, "quarantine");
    assert_eq!(t.count("SELECT COUNT(*) FROM subscription WHERE state <> 'terminated'").await, 0);
    assert_eq!(t.count("SELECT COUNT(*) FROM simulator_subscriber").await, 0);
}

#[both_databases]
async fn a_line_gets_another_holder(t: TestApp) {
    let g = Ground::new(&t).await;
    let option = g.option().await;
    sweep(&g, &Ground::ask("transfer", &g.line, json!({"toCustomer": g.other}))).await;
    for product in [&g.line, &option] {
        assert_eq!(g.product(product).await["relatedParty"][0]["id"], json!(g.other));
    }
    let found = t.write(|tx| customer::find(tx, "13900138200", 5)).await;
    assert_eq!(found[0].customer.id, g.other);
    let other = g.other.clone();
    let charged = format!("SELECT COUNT(*) FROM subscription WHERE state = 'active' AND customer_id = '{other}'");
    assert_eq!(t.count(&charged).await, 2);
}

#[both_databases]
async fn a_line_moves_and_becomes_faster(t: TestApp) {
    let g = Ground::new(&t).await;
    let line = g.at_address("of-broadband-300").await;
    sweep(&g, &Ground::ask("relocate", &line, json!({"installAddress": "体育西路 9 号"}))).await;
    assert_eq!(g.characteristic(&line, "installAddress").await, "体育西路 9 号");
    assert_eq!(t.count("SELECT COUNT(*) FROM access_port WHERE state <> 'available'").await, 1);
    sweep(&g, &Ground::ask("changeSpeed", &line, json!({"offering": "of-broadband-1000-year"}))).await;
    assert_eq!(g.characteristic(&line, "downMbps").await, "1000");
}

#[both_databases]
async fn a_customer_gets_another_name(t: TestApp) {
    let g = Ground::new(&t).await;
    sweep(&g, &g.ask_customer("rename", json!({"newName": "李鸣"}))).await;
    assert_eq!(t.write(|tx| customer::find(tx, "李鸣", 5)).await.len(), 1);
}

#[both_databases]
async fn accounts_are_split_paid_by_others_and_merged(t: TestApp) {
    let g = Ground::new(&t).await;
    let first = g.product(&g.line).await["billingAccount"]["id"].as_str().unwrap().to_owned();
    sweep(&g, &g.ask_customer("splitAccount", json!({"products": [g.line], "accountName": "副账户"}))).await;
    let second = g.product(&g.line).await["billingAccount"]["id"].as_str().unwrap().to_owned();
    assert_ne!(first, second);
    sweep(&g, &Ground::ask("changePayer", &g.line, json!({"account": first}))).await;
    assert_eq!(g.product(&g.line).await["billingAccount"]["id"], json!(first));
    g.done("changePayer", &g.line, json!({"account": second})).await;
    sweep(&g, &g.ask_customer("mergeAccounts", json!({"fromAccount": second, "toAccount": first}))).await;
    assert_eq!(g.product(&g.line).await["billingAccount"]["id"], json!(first));
}

#[both_databases]
async fn products_are_bundled_and_taken_apart(t: TestApp) {
    let g = Ground::new(&t).await;
    let broadband = g.at_address("of-broadband-300").await;
    sweep(&g, &g.ask_customer("bundle", json!({"offering": "of-fusion-99", "products": [g.line, broadband]}))).await;
    assert_eq!(g.product(&g.line).await["soldIn"]["offeringId"], "of-fusion-99");
    // Parts that are sold only inside a bundle need a plan of their own.
    let apart = g.check(&Ground::ask("unbundle", &g.line, json!({}))).await;
    assert!(apart["problems"].as_array().unwrap().iter().all(|p| p["code"] == "business.value_missing"), "{apart:#}");
    let plans = json!({"planMobile": "of-mobile-59", "planBroadband": "of-broadband-300"});
    sweep(&g, &Ground::ask("unbundle", &g.line, plans)).await;
    let line = g.product(&g.line).await;
    assert_eq!((&line["soldIn"], &line["productOffering"]["id"]), (&json!(null), &json!("of-mobile-59")));
}

#[both_databases]
async fn a_line_joins_a_group_and_leaves_it(t: TestApp) {
    let g = Ground::new(&t).await;
    let group = g.plain("of-family-circle").await;
    sweep(&g, &Ground::ask("joinGroup", &g.line, json!({"group": group}))).await;
    assert_eq!(g.product(&g.line).await["productRelationship"][0]["product"]["id"], json!(group));
    g.t.post("/api/v1/businesses", Ground::ask("transfer", &g.line, json!({"toCustomer": g.other})))
        .await
        .refused(409, "business.in_group");
    sweep(&g, &Ground::ask("leaveGroup", &g.line, json!({}))).await;
    assert!(g.product(&g.line).await["productRelationship"].is_null());
}
