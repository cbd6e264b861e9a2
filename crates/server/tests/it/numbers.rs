//! Numbers: searched, locked, given to one customer only, and given back.

mod keeping;

use inventory::{numbers, products};
use kernel::OrgPath;
use testkit::{TestApp, Value, both_databases, json};

/// A thousand numbers of the city.
pub async fn pool(t: &TestApp) {
    let added =
        t.write(|tx| numbers::add_range(tx, "13900138000", "13900138999", &OrgPath::parse("/cn/44/4401")?)).await;
    assert_eq!(added, 1_000);
}

pub async fn lock(t: &testkit::Client, number: &str) -> String {
    let lock = t.post(&format!("/api/v1/numbers/{number}/lock"), json!({})).await.ok();
    lock["lockToken"].as_str().unwrap().to_owned()
}

pub async fn state(t: &TestApp, number: &str) -> String {
    let number = number.to_owned();
    let sql = "SELECT state FROM number_pool WHERE number = $1".to_owned();
    t.write(move |tx| Ok(tx.query_one(&sql, store::params![number])?.text(0))).await
}

async fn found(t: &TestApp, query: &str) -> Vec<String> {
    let rows = t.get(&format!("/api/v1/numbers?{query}")).await.ok();
    rows.as_array().unwrap().iter().map(|r| r["number"].as_str().unwrap().to_owned()).collect()
}

#[both_databases]
async fn a_clerk_finds_fine_numbers_by_pattern(t: TestApp) {
    pool(&t).await;
    assert_eq!(found(&t, "pattern=1390013812*&limit=3").await, ["13900138120", "13900138121", "13900138122"]);
    assert_eq!(found(&t, "pattern=*8888").await, ["13900138888"]);
    assert_eq!(found(&t, "pattern=*8888*").await, ["13900138888"]);
    let triples = found(&t, "pattern=*AAA&limit=200").await;
    assert_eq!(triples.len(), 10, "000 to 999: {triples:?}");
    assert!(triples.contains(&"13900138888".to_owned()));
    assert_eq!(found(&t, "pattern=*ABC&limit=200").await.len(), 8, "012 to 789");
    assert_eq!(
        found(&t, "pattern=*AABB").await,
        [
            "13900138800",
            "13900138811",
            "13900138822",
            "13900138833",
            "13900138844",
            "13900138855",
            "13900138866",
            "13900138877",
            "13900138899"
        ]
    );
    let premium = t.get("/api/v1/numbers?class=premium").await.ok();
    assert_eq!((&premium[0]["number"], &premium[0]["minSpendFen"]), (&json!("13900138888"), &json!(16_800)));
    assert_eq!(premium[0]["display"], "139 0013 8888");
    t.get("/api/v1/numbers?pattern=*AXB").await.refused(400, "number.pattern");
}

#[both_databases]
async fn every_kind_of_pattern_is_found_in_every_area(t: TestApp) {
    pool(&t).await;
    t.write(|tx| {
        numbers::add_range(tx, "13512340000", "13512340999", &OrgPath::parse("/cn/44/4401/h001")?)?;
        numbers::add_range(tx, "18844440000", "18844449999", &OrgPath::parse("/cn/32/3201")?)
    })
    .await;
    let hall = t.as_scope("/cn/44/4401/h001");
    for (pattern, whole, own) in [
        ("1351234088?", 10, 10),
        ("*0138*", 200, 200),
        ("*12340*", 200, 200),
        ("188????8888", 1, 0),
        ("*4444*", 200, 0),
        ("*DCBA", 8, 1),
        ("*44440001", 1, 0),
        ("*AAAAA", 1, 0),
    ] {
        let all = found(&t, &format!("pattern={pattern}&limit=200")).await;
        let some = found_by(&hall, &format!("pattern={pattern}&limit=200")).await;
        assert_eq!((all.len().min(200), some.len()), (whole, own), "{pattern}: {:?}", all.first());
        assert!(all.is_sorted(), "{pattern}");
    }
    t.get("/api/v1/numbers?pattern=135*0888").await.refused(400, "number.pattern");
    let lucky = found(&t, "pattern=188*&no4=true&limit=50").await;
    assert!(lucky.is_empty(), "the head has fours: {lucky:?}");
    let lucky = found(&t, "pattern=139*&no4=true&class=normal&limit=200").await;
    assert!(lucky.len() == 200 && lucky.iter().all(|n| !n.contains('4')));
}

/// As `found`, by somebody else.
async fn found_by(who: &testkit::Client, query: &str) -> Vec<String> {
    let rows = who.get(&format!("/api/v1/numbers?{query}")).await.ok();
    rows.as_array().unwrap().iter().map(|r| r["number"].as_str().unwrap().to_owned()).collect()
}

#[both_databases]
async fn a_hall_sells_its_citys_numbers_and_no_other_citys(t: TestApp) {
    pool(&t).await;
    let hall = t.as_scope("/cn/44/4401/h001");
    assert_eq!(hall.get("/api/v1/numbers?limit=1").await.ok().as_array().unwrap().len(), 1);
    let elsewhere = t.as_scope("/cn/44/4403/h001");
    assert!(elsewhere.get("/api/v1/numbers").await.ok().as_array().unwrap().is_empty());
    elsewhere.post("/api/v1/numbers/13900138000/lock", json!({})).await.refused(404, "number.unknown");
}

#[both_databases]
async fn of_two_clerks_one_gets_the_number(t: TestApp) {
    pool(&t).await;
    let mut wins = 0;
    let mut tries = Vec::new();
    for n in 0..8 {
        let clerk = t.named(&format!("clerk-{n}"));
        tries.push(tokio::spawn(async move { clerk.post("/api/v1/numbers/13900138888/lock", json!({})).await }));
    }
    for one in tries {
        let answer = one.await.unwrap();
        match answer.status.as_u16() {
            200 => wins += 1,
            _ => drop(answer.refused(409, "number.taken")),
        }
    }
    assert_eq!(wins, 1);
}

#[both_databases]
async fn a_lock_ends_by_itself_and_can_be_given_back(t: TestApp) {
    pool(&t).await;
    let number = "13900138001";
    lock(&t, number).await;
    t.named("other").delete(&format!("/api/v1/numbers/{number}/lock")).await.no_content();
    assert_eq!(state(&t, number).await, "locked", "only its owner gives a lock back");
    t.delete(&format!("/api/v1/numbers/{number}/lock")).await.no_content();
    assert_eq!(state(&t, number).await, "available");

    lock(&t, number).await;
    t.advance(599);
    t.named("other").post(&format!("/api/v1/numbers/{number}/lock"), json!({})).await.refused(409, "number.taken");
    t.advance(1);
    lock(&t, number).await; // at once, without waiting for the tidying
    t.advance(601);
    t.settle().await;
    assert_eq!(state(&t, number).await, "available", "tidied up");
}

#[both_databases]
async fn a_reservation_uses_the_lock_up(t: TestApp) {
    pool(&t).await;
    let number = "13900138002";
    let token = lock(&t, number).await;
    let reserve = |token: Option<String>, order: &'static str| {
        t.try_write(move |tx| numbers::reserve(tx, number, token.as_deref(), order))
    };
    let wrong = reserve(Some("another token".into()), "o1").await.unwrap_err();
    assert_eq!(wrong.code.id, "number.lock_token");
    reserve(Some(token.clone()), "o1").await.unwrap();
    assert_eq!(reserve(Some(token), "o2").await.unwrap_err().code.id, "number.taken");
    assert_eq!(reserve(None, "o3").await.unwrap_err().code.id, "number.taken");
    let expired = lock(&t, "13900138003").await;
    t.advance(601);
    let late = t.try_write(move |tx| numbers::reserve(tx, "13900138003", Some(&expired), "o4")).await;
    assert_eq!(late.unwrap_err().code.id, "number.lock_expired");
}

#[both_databases]
async fn a_number_given_up_rests_before_it_is_sold_again(t: TestApp) {
    pool(&t).await;
    let number = "13900138004";
    t.write(move |tx| {
        numbers::reserve(tx, number, None, "o")?;
        numbers::assign(tx, number, "p")?;
        numbers::release(tx, number)
    })
    .await;
    assert_eq!(state(&t, number).await, "quarantine");
    t.advance(90 * 86_400 - 1);
    t.settle().await;
    t.post(&format!("/api/v1/numbers/{number}/lock"), json!({})).await.refused(409, "number.taken");
    t.advance(16);
    t.settle().await;
    lock(&t, number).await;
}

#[both_databases]
async fn the_check_notices_a_number_without_its_product(t: TestApp) {
    pool(&t).await;
    let run = || async {
        let checks: Vec<_> = t.app().checks().to_vec();
        t.write(move |tx| {
            let mut all = Vec::new();
            for check in &checks {
                all.extend((check.run)(tx)?);
            }
            Ok(all)
        })
        .await
    };
    assert_eq!(run().await, Vec::<String>::new());
    t.write(|tx| {
        numbers::reserve(tx, "13900138005", None, "o")?;
        numbers::assign(tx, "13900138005", "nobody")
    })
    .await;
    assert_eq!(run().await, ["number 13900138005 is inUse without a live product"]);
}

#[both_databases]
async fn resources_services_and_products_speak_tmf(t: TestApp) {
    let resource = t
        .post("/tmf-api/resourceInventoryManagement/v4/resource", json!({"name": "RouterXX", "@type": "Resource"}))
        .await
        .created();
    let found = t.get("/tmf-api/resourceInventoryManagement/v4/resource?name=RouterXX").await.ok();
    assert_eq!(found[0]["id"], resource["id"]);
    let own = json!({"id": "sim-1", "href": "/x", "name": "SIM 1"});
    assert_eq!(t.post("/tmf-api/resourceInventory/v4/resource", own).await.created()["id"], "sim-1");

    let service = json!({"serviceSpecification": {"id": "cfs45"}, "state": "active"});
    let made = t.post("/tmf-api/serviceInventory/v4/service", service).await.created();
    assert_eq!((&made["state"], made["serviceDate"].is_string()), (&json!("active"), true));
    t.post("/tmf-api/serviceInventory/v4/service", json!({"state": "weird", "serviceSpecification": {"id": "x"}}))
        .await
        .refused(400, "field.invalid");

    let product: Value =
        t.post("/tmf-api/productInventory/v4/product", json!({"name": "old line", "status": "active"})).await.created();
    for key in [
        "billingAccount",
        "href",
        "id",
        "productCharacteristic",
        "productOffering",
        "productPrice",
        "relatedParty",
        "status",
    ] {
        assert!(product.as_object().unwrap().contains_key(key), "{key}");
    }
    let path = format!("/tmf-api/productInventoryManagement/v4/product/{}", product["id"].as_str().unwrap());
    assert_eq!(t.patch(&path, json!({"status": "suspended"})).await.ok()["status"], "suspended");
    t.patch(&path, json!({"status": "created"})).await.refused(409, "product.state");
    assert_eq!(products::PRODUCT.name, "product");
}
