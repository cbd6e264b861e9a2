//! Keeping the pool: numbers for a customer, ranges from a file, rest and recycling, numbers that come and go.

use super::{lock, pool, state};
use crate::billing::customer;
use inventory::numbers;
use testkit::{TestApp, both_databases, json};

#[both_databases]
async fn a_number_kept_for_a_customer_is_sold_to_nobody_else(t: TestApp) {
    pool(&t).await;
    let (own, other) = (customer(&t).await, customer(&t).await);
    let path = "/api/v1/numbers/13900138777/reservation";
    let kept = t.post(path, json!({"customerId": own, "days": 3})).await.ok();
    assert!(kept["keptUntil"].is_string());
    assert_eq!(t.get("/api/v1/numbers/13900138777").await.ok()["customer"]["id"], own);
    let before = t.digest().await;
    t.post(path, json!({"customerId": other, "days": 3})).await.refused(409, "number.taken");
    t.post("/api/v1/numbers/13900138777/lock", json!({})).await.refused(409, "number.taken");
    t.post(path, json!({"customerId": own, "days": 99})).await.refused(400, "field.invalid");
    before.assert_unchanged(&t.digest().await);
    // For its customer it is sold like any other, and falls back to being kept where the sale is not made.
    let mine = format!("/api/v1/numbers/13900138777/lock?customerId={own}");
    t.post(&mine, json!({})).await.ok();
    t.delete("/api/v1/numbers/13900138777/lock").await.no_content();
    assert_eq!(state(&t, "13900138777").await, "reserved");
    let token = t.post(&mine, json!({})).await.ok()["lockToken"].as_str().unwrap().to_owned();
    t.write(move |tx| numbers::reserve(tx, "13900138777", Some(&token), "o1")).await;
    t.write(|tx| numbers::release(tx, "13900138777")).await;
    assert_eq!(t.get("/api/v1/numbers/13900138777").await.ok()["customer"]["id"], own, "the order was cancelled");
    t.advance(3 * 86_400 + 1);
    t.settle().await;
    assert_eq!(state(&t, "13900138777").await, "available");
    lock(&t, "13900138777").await;
}

#[both_databases]
async fn of_two_clerks_who_keep_a_number_one_gets_it(t: TestApp) {
    pool(&t).await;
    let mut customers = Vec::new();
    for _ in 0..6 {
        customers.push(customer(&t).await);
    }
    let tries: Vec<_> = customers
        .into_iter()
        .map(|customer| {
            let clerk = t.named(&format!("clerk-{customer}"));
            tokio::spawn(async move {
                let body = json!({"customerId": customer, "days": 1});
                clerk.post("/api/v1/numbers/13900138666/reservation", body).await.status.as_u16()
            })
        })
        .collect();
    let mut answers = Vec::new();
    for one in tries {
        answers.push(one.await.unwrap());
    }
    assert_eq!(answers.iter().filter(|s| **s == 200).count(), 1, "{answers:?}");
    assert!(answers.iter().all(|s| [200, 409].contains(s)));
}

const RANGES: &str = "起始号码,结束号码,组织,等级\n13700000000,13700024999,/cn/44/4401,\n13700030000,13700029999,,\n\
                      13700040000,13700040009,/cn/99/9901,\n13700050000,13700050099,/cn/44/4401,premium\n13700060000,13700060001,,nosuch\n";

#[both_databases]
async fn a_file_of_ranges_is_taken_in_once_and_its_bad_rows_come_back(t: TestApp) {
    let upload =
        || t.call(http::axum::http::Method::POST, "/api/v1/numbers/imports?name=ranges.csv").raw(RANGES, "text/csv");
    let id = upload().await.expect(202)["id"].as_str().unwrap().to_owned();
    while inventory::run_import(t.app()).await.unwrap() {}
    let done = t.get(&format!("/api/v1/inventory-imports/{id}")).await.ok();
    assert_eq!(
        (&done["state"], &done["added"], &done["refused"]),
        (&json!("done"), &json!(25_100), &json!(3)),
        "{done}"
    );
    let errors = t.get(&format!("/api/v1/inventory-imports/{id}/errors")).await;
    assert!(
        errors.body.contains("number.range") && errors.body.contains("/cn/99/9901") && errors.body.contains("nosuch")
    );
    let premium = t.get("/api/v1/numbers?class=premium&pattern=1370005*&limit=200").await.ok();
    assert_eq!(premium.as_array().unwrap().len(), 100, "the class the row names");
    let before = t.digest().await.rows("number_pool");
    let again = upload().await.expect(202)["id"].as_str().unwrap().to_owned();
    while inventory::run_import(t.app()).await.unwrap() {}
    let done = t.get(&format!("/api/v1/inventory-imports/{again}")).await.ok();
    assert_eq!((&done["added"], &done["same"]), (&json!(0), &json!(25_100)));
    assert_eq!(t.digest().await.rows("number_pool"), before, "the same file twice changes nothing");
    t.call(http::axum::http::Method::POST, "/api/v1/numbers/imports")
        .raw("a,b\n1,2\n", "text/csv")
        .await
        .refused(400, "import.column");
}

#[both_databases]
async fn an_import_that_was_stopped_goes_on_where_it_was(t: TestApp) {
    let upload = t.call(http::axum::http::Method::POST, "/api/v1/numbers/imports").raw(RANGES, "text/csv");
    let id = upload.await.expect(202)["id"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/inventory-imports/{id}");
    assert_eq!(t.post(&format!("{path}/stop"), json!({})).await.ok()["state"], "stopped");
    assert!(!inventory::run_import(t.app()).await.unwrap(), "nothing waits");
    assert_eq!(t.post(&format!("{path}/resume"), json!({})).await.ok()["state"], "queued");
    while inventory::run_import(t.app()).await.unwrap() {}
    assert_eq!(t.get(&path).await.ok()["added"], 25_100);
    t.post(&format!("{path}/cancel"), json!({})).await.refused(409, "import.inventory_state");
}

#[both_databases]
async fn many_numbers_are_changed_at_once_and_those_that_cannot_be_are_named(t: TestApp) {
    pool(&t).await;
    lock(&t, "13900138003").await;
    let block = json!({"action": "block", "from": "13900138000", "to": "13900138009", "reason": "政企专号"});
    let done = t.post("/api/v1/numbers/bulk", block).await.ok();
    assert_eq!((&done["done"], &done["refused"][0]["number"]), (&json!(9), &json!("13900138003")));
    assert_eq!(state(&t, "13900138001").await, "blocked");
    t.post("/api/v1/numbers/13900138001/lock", json!({})).await.refused(409, "number.taken");
    let listed = t.get("/api/v1/numbers/pool?state=blocked").await.ok();
    assert_eq!(listed["items"].as_array().unwrap().len(), 9);
    let unblock = json!({"action": "unblock", "numbers": ["13900138001"], "reason": "释放"});
    assert_eq!(t.post("/api/v1/numbers/bulk", unblock).await.ok()["done"], 1);
    lock(&t, "13900138001").await;
    let reclass = json!({"action": "reclass", "numbers": ["13900138005"], "class": "premium", "reason": "x"});
    t.post("/api/v1/numbers/bulk", reclass).await.ok();
    assert_eq!(t.get("/api/v1/numbers/13900138005").await.ok()["class"], "premium");
    t.post("/api/v1/numbers/bulk", json!({"action": "block", "numbers": ["1"]})).await.refused(400, "field.missing");
    // Somebody of another city changes none of them.
    let stranger = t.as_scope("/cn/32");
    let try_it = json!({"action": "unblock", "numbers": ["13900138002"], "reason": "x"});
    assert_eq!(stranger.post("/api/v1/numbers/bulk", try_it).await.ok()["done"], 0);
    assert_eq!(state(&t, "13900138002").await, "blocked");
}

#[both_databases]
async fn a_number_rests_as_the_law_says_and_no_setting_goes_below_it(t: TestApp) {
    pool(&t).await;
    t.put("/api/v1/inventory-settings/number.quarantine_days", json!({"value": 30, "source": "x"}))
        .await
        .refused(400, "field.invalid");
    t.put("/api/v1/inventory-settings/number.quarantine_days", json!({"value": 120, "source": "集团〔2026〕3号"}))
        .await
        .no_content();
    t.write(|tx| {
        numbers::reserve(tx, "13900138010", None, "o")?;
        numbers::assign(tx, "13900138010", "p")?;
        numbers::release(tx, "13900138010")
    })
    .await;
    t.advance(119 * 86_400);
    t.settle().await;
    let early = json!({"action": "recycle", "numbers": ["13900138010"], "reason": "急用"});
    assert_eq!(t.post("/api/v1/numbers/bulk", early).await.ok()["done"], 0);
    let longer = json!({"action": "extend", "numbers": ["13900138010"], "days": 10, "reason": "投诉处理中"});
    assert_eq!(t.post("/api/v1/numbers/bulk", longer).await.ok()["done"], 1);
    t.advance(2 * 86_400);
    t.settle().await;
    assert_eq!(state(&t, "13900138010").await, "quarantine");
    t.advance(9 * 86_400);
    t.settle().await;
    assert_eq!(state(&t, "13900138010").await, "available");
}

#[both_databases]
async fn a_ported_number_is_never_sold_as_ours_and_ours_comes_home_to_rest(t: TestApp) {
    pool(&t).await;
    let foreign = "18600000001";
    t.write(move |tx| numbers::admit_ported_from(tx, foreign, "o1", "unicom")).await;
    let twice = t.try_write(move |tx| numbers::admit_ported(tx, foreign, "o2")).await;
    assert_eq!(twice.unwrap_err().code.id, "number.taken");
    t.write(move |tx| numbers::release(tx, foreign)).await;
    assert_eq!(state(&t, foreign).await, "returned", "the order was cancelled");
    t.write(move |tx| {
        numbers::admit_ported(tx, foreign, "o3")?;
        numbers::assign(tx, foreign, "p3")?;
        numbers::release(tx, foreign)
    })
    .await;
    assert_eq!(state(&t, foreign).await, "quarantine");
    t.advance(400 * 86_400);
    t.settle().await;
    assert_eq!(state(&t, foreign).await, "quarantine", "it does not become ours by waiting");
    assert_eq!(t.write(|tx| numbers::foreign_idle(tx, 10)).await, [foreign]);
    t.write(move |tx| numbers::return_home(tx, foreign)).await;
    t.write(move |tx| numbers::return_home(tx, foreign)).await;
    assert_eq!(state(&t, foreign).await, "returned");

    let ours = "13900138020";
    t.write(move |tx| {
        numbers::reserve(tx, ours, None, "o4")?;
        numbers::assign(tx, ours, "p4")?;
        numbers::port_out(tx, ours)
    })
    .await;
    assert_eq!(state(&t, ours).await, "portedOut");
    assert_eq!(
        t.try_write(move |tx| numbers::reserve(tx, ours, None, "o5")).await.unwrap_err().code.id,
        "number.taken"
    );
    t.write(move |tx| numbers::undo_port_out(tx, ours, "p4")).await;
    assert_eq!(state(&t, ours).await, "inUse");
    t.write(move |tx| {
        numbers::port_out(tx, ours)?;
        numbers::come_home(tx, ours)
    })
    .await;
    assert_eq!(state(&t, ours).await, "quarantine");
}

#[both_databases]
async fn a_product_changes_its_number_and_back(t: TestApp) {
    pool(&t).await;
    let (old, new) = ("13900138030", "13900138031");
    t.write(move |tx| {
        numbers::reserve(tx, old, None, "o1")?;
        numbers::assign(tx, old, "p1")?;
        numbers::reserve(tx, new, None, "o2")?;
        numbers::swap(tx, old, new, "p1")
    })
    .await;
    assert_eq!((state(&t, old).await, state(&t, new).await), ("quarantine".to_owned(), "inUse".to_owned()));
    t.write(move |tx| numbers::unswap(tx, old, new, "p1")).await;
    assert_eq!((state(&t, old).await, state(&t, new).await), ("inUse".to_owned(), "reserved".to_owned()));
    let summary = t.get("/api/v1/numbers/summary").await.ok();
    assert_eq!((&summary["total"], &summary["states"]["inUse"]), (&json!(1_000), &json!(1)));
}
