//! Demonstration data: believable, repeatable, and found like any other.

use testkit::{TestApp, both_databases};

fn seed(t: &TestApp, customers: u64) {
    seed_with(t, customers, 0);
}

fn seed_with(t: &TestApp, customers: u64, months: u32) {
    let db = t.db().clone();
    let done = std::thread::spawn(move || {
        let mut last = 0;
        server::seed::run(&db, customers, 7, months, &mut |n| last = n).map(|()| last)
    });
    assert_eq!(done.join().unwrap().unwrap(), customers);
}

#[both_databases]
async fn the_demonstration_is_a_whole_small_world(t: TestApp) {
    seed(&t, 150);
    let before = t.digest().await;
    assert_eq!((before.rows("customer"), before.rows("individual") + before.rows("organization")), (150, 150));
    for table in ["product", "bill", "payment", "number_pool"] {
        assert!(before.rows(table) > 0, "{table}");
    }
    let listed = t.get("/api/v1/customers?limit=100").await.ok();
    let phones: Vec<&str> = listed.as_array().unwrap().iter().map(|c| c["phone"].as_str().unwrap()).collect();
    for phone in &phones[..20] {
        let found = t.get(&format!("/api/v1/find?q={phone}")).await.ok();
        assert_eq!(found["customers"].as_array().unwrap().len(), 1, "{phone}");
    }
    let line = t.get("/api/v1/find?q=19807000&limit=1").await.ok();
    let id = line["customers"][0]["id"].as_str().unwrap();
    let view = t.get(&format!("/api/v1/customers/{id}/view")).await.ok();
    assert!(view["products"][0]["number"].as_str().is_some_and(|n| n.starts_with("19807")));
    let services = t.get("/tmf-api/serviceInventory/v4/service").await.ok();
    let brief = |n: usize| (services[n]["category"].clone(), services[n]["state"].clone(), services[n]["name"].clone());
    let (first, second) = (brief(0), brief(1));
    assert_eq!((&first.0, &first.1), (&"CFS".into(), &"active".into()));
    assert_eq!((&second.0, &second.1), (&"CFS".into(), &"inactive".into()), "of a suspended line");
    assert_ne!(first.2, second.2);
    seed(&t, 50);
    assert_eq!(t.digest().await.rows("customer"), 200, "again adds the next of the series");
}

#[both_databases]
async fn a_store_for_measuring_has_services_and_bills_for_everybody_and_its_money_is_right(t: TestApp) {
    seed_with(&t, 120, 12);
    let rows = t.digest().await;
    assert_eq!((rows.rows("customer"), rows.rows("billing_account"), rows.rows("bill")), (120, 120, 120 * 12));
    assert!((240..=360).contains(&rows.rows("product")), "two or three services each: {}", rows.rows("product"));
    let findings = t.db().read(kernel::Actor::system(), billing::check).await.unwrap();
    assert!(findings.is_empty(), "{findings:?}");
    let found = t.get("/api/v1/find?q=17000000007").await.ok();
    let id = found["customers"][0]["id"].as_str().unwrap();
    let view = t.get(&format!("/api/v1/customers/{id}/view")).await.ok();
    assert_eq!(view["bills"].as_array().unwrap().len(), 12);
    assert!(view["products"].as_array().unwrap().len() >= 2);
}
