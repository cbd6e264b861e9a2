//! Demonstration data: believable, repeatable, and found like any other.

use testkit::{TestApp, both_databases};

fn seed(t: &TestApp, customers: u64) {
    let db = t.db().clone();
    let done = std::thread::spawn(move || {
        let mut last = 0;
        server::seed::run(&db, customers, 7, &mut |n| last = n).map(|()| last)
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
