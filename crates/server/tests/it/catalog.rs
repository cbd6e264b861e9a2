//! The catalogue: TMF620 documents, versions, what can be sold and what it decomposes into. The import of published
//! tariffs has stories of its own.

mod launch;
mod sale;
mod tariffs;

use testkit::{TestApp, Value, both_databases, json};

const BASE: &str = "/tmf-api/productCatalogManagement/v4";
const SERVICES: &str = "/tmf-api/serviceCatalogManagement/v4";

fn escaped(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

#[both_databases]
async fn an_offering_is_created_read_found_changed_and_deleted(t: TestApp) {
    let body = json!({"name": "aProductOffering", "x-own": {"kept": [1, 2]}, "productSpecification": {"id": "9881",
        "href": "https://example.org/productSpecification/9881", "version": "1.1", "name": "Robotics999"}});
    let made = t.post(&format!("{BASE}/productOffering"), body).await.created();
    assert_eq!(made["lifecycleStatus"], "In study");
    assert_eq!((&made["isBundle"], &made["x-own"]), (&json!(false), &json!({"kept": [1, 2]})));
    let id = made["id"].as_str().unwrap();
    for (name, value) in [
        ("id", &made["id"]),
        ("lastUpdate", &made["lastUpdate"]),
        ("lifecycleStatus", &made["lifecycleStatus"]),
        ("name", &made["name"]),
    ] {
        let query = format!("{BASE}/productOffering?{name}={}", escaped(value.as_str().unwrap()));
        let rows = t.get(&query).await.ok();
        assert!(rows.as_array().unwrap().iter().any(|r| r["id"] == made["id"]), "{query}");
    }
    let quoted =
        t.get(&format!("{BASE}/productOffering?lastUpdate=%22{}%22", made["lastUpdate"].as_str().unwrap())).await.ok();
    assert_eq!(quoted[0]["id"], made["id"]);

    t.advance(60);
    let changed = t.patch(&format!("{BASE}/productOffering/{id}"), json!({"name": "another"})).await.ok();
    assert_eq!(changed["name"], "another");
    assert_ne!(changed["lastUpdate"], made["lastUpdate"]);
    assert!(
        t.get(&format!("{BASE}/productOffering?lastUpdate={}", made["lastUpdate"].as_str().unwrap()))
            .await
            .ok()
            .as_array()
            .unwrap()
            .is_empty()
    );
    t.delete(&format!("{BASE}/productOffering/{id}")).await.no_content();
    t.get(&format!("{BASE}/productOffering/{id}")).await.refused(404, "not_found");
}

#[both_databases]
async fn every_resource_of_both_catalogues_takes_its_smallest_document(t: TestApp) {
    let named = json!({"name": "n"});
    for (path, body) in [
        (format!("{BASE}/catalog"), named.clone()),
        (format!("{BASE}/category"), named.clone()),
        (format!("{BASE}/productSpecification"), named.clone()),
        (format!("{BASE}/productOffering"), named.clone()),
        (
            format!("{BASE}/productOfferingPrice"),
            json!({"name": "Recurring Charge", "isBundle": false, "priceType": "recurring"}),
        ),
        (format!("{BASE}/importJob"), json!({"url": "https://example.org/in.json"})),
        (format!("{BASE}/exportJob"), json!({"url": "https://example.org/out.json"})),
        (format!("{SERVICES}/serviceSpecification"), named.clone()),
        (format!("{SERVICES}/serviceCandidate"), json!({"name": "n", "serviceSpecification": {"id": "x"}})),
        (format!("{SERVICES}/serviceCategory"), named.clone()),
        (format!("{SERVICES}/serviceCatalog"), named),
        (format!("{SERVICES}/importJob"), json!({"url": "https://example.org/in.json"})),
        (format!("{SERVICES}/exportJob"), json!({"url": "https://example.org/out.json"})),
    ] {
        let made = t.post(&path, body).await.created();
        assert!(made["href"].as_str().unwrap().starts_with(&path), "{made}");
        t.post(&path, json!({"x": 1})).await.refused(400, "field.missing");
        t.delete(&format!("{path}/{}", made["id"].as_str().unwrap())).await.no_content();
    }
}

#[both_databases]
async fn the_life_cycle_goes_step_by_step_and_says_what_may_follow(t: TestApp) {
    let path = format!("{BASE}/productOffering");
    let id = t.post(&path, json!({"name": "试商品"})).await.created()["id"].as_str().unwrap().to_owned();
    let one = format!("{path}/{id}");
    let before = t.digest().await;
    let refused = t.patch(&one, json!({"lifecycleStatus": "Active"})).await.refused(409, "catalog.lifecycle");
    assert!(refused["message"].as_str().unwrap().contains("In design"));
    t.patch(&one, json!({"lifecycleStatus": "在售"})).await.refused(400, "field.invalid");
    assert_eq!(before, t.digest().await, "a refused step leaves nothing behind");
    let own = t.post(&path, json!({"name": "另一拼写", "lifecycleStatus": "In Design"})).await.created();
    assert_eq!(own["lifecycleStatus"], "In Design", "the spelling of the client stays");
    assert_eq!(t.get(&format!("{path}?lifecycleStatus=In%20Design")).await.ok()[0]["id"], own["id"]);
    for status in ["In design", "In test"] {
        assert_eq!(t.patch(&one, json!({"lifecycleStatus": status})).await.ok()["lifecycleStatus"], status);
    }
    t.patch(&one, json!({"lifecycleStatus": "Active"})).await.refused(403, "catalog.same_person");
    let other = t.named("another");
    for (who, status) in [
        (&other, "Active"),
        (&other, "Launched"),
        (&other, "Retired"),
        (&*t, "Launched"),
        (&*t, "Retired"),
        (&*t, "Obsolete"),
    ] {
        assert_eq!(who.patch(&one, json!({"lifecycleStatus": status})).await.ok()["lifecycleStatus"], status);
    }
}

#[both_databases]
async fn every_version_of_an_offering_stays_readable(t: TestApp) {
    let path = format!("{BASE}/productOffering");
    let id = t.post(&path, json!({"name": "第一版"})).await.created()["id"].as_str().unwrap().to_owned();
    t.advance(60);
    t.patch(&format!("{path}/{id}"), json!({"name": "第二版", "description": "新的说明"})).await.ok();
    t.advance(60);
    t.patch(&format!("{path}/{id}"), json!({"name": "第三版"})).await.ok();
    let detail = t.get(&format!("/api/v1/catalog/offerings/{id}")).await.ok();
    let versions = detail["versions"].as_array().unwrap();
    assert_eq!(versions.iter().map(|v| v["version"].as_i64().unwrap()).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(versions[1]["summary"], "name, description");
    assert!(versions[0]["at"].as_str() > versions[1]["at"].as_str());
    let first = t.get(&format!("/api/v1/catalog/offerings/{id}/versions/1")).await.ok();
    assert_eq!((&first["name"], first.get("description")), (&json!("第一版"), None));
    t.get(&format!("/api/v1/catalog/offerings/{id}/versions/9")).await.refused(404, "not_found");
}

#[both_databases]
async fn references_must_exist_and_what_is_in_use_stays(t: TestApp) {
    let (offerings, prices) = (format!("{BASE}/productOffering"), format!("{BASE}/productOfferingPrice"));
    t.post(&offerings, json!({"name": "x", "productOfferingPrice": [{"id": "nowhere"}]}))
        .await
        .refused(422, "reference.unknown");
    t.post(&offerings, json!({"name": "x", "productSpecification": {"id": "nowhere"}}))
        .await
        .refused(422, "reference.unknown");
    t.post(&offerings, json!({"name": "x", "family": "spaceship"})).await.refused(400, "field.invalid");
    let period = json!({"startDateTime": "2026-02-01T00:00:00Z", "endDateTime": "2026-01-01T00:00:00Z"});
    t.post(&offerings, json!({"name": "x", "validFor": period})).await.refused(400, "field.invalid");

    let price = json!({"name": "月费", "priceType": "recurring", "recurringChargePeriodType": "month", "price": {"unit": "CNY", "value": 59}});
    let price = t.post(&prices, price).await.created()["id"].as_str().unwrap().to_owned();
    let offering = t.post(&offerings, json!({"name": "甲", "productOfferingPrice": [{"id": price}]})).await.created();
    assert_eq!(offering["priceSummary"]["text"], "59元/月");
    t.delete(&format!("{prices}/{price}")).await.refused(409, "in_use");

    // A new price reaches the offering that shows it, as a version of its own.
    t.patch(&format!("{prices}/{price}"), json!({"price": {"unit": "CNY", "value": 49.5}})).await.ok();
    let id = offering["id"].as_str().unwrap();
    let row = t.get(&format!("/api/v1/catalog/offerings/{id}")).await.ok();
    assert_eq!((&row["priceFen"], &row["priceText"]), (&json!(4950), &json!("49.50元/月")));
    assert_eq!(row["versions"].as_array().unwrap().len(), 2);

    let bundle = t
        .post(&offerings, json!({"name": "乙", "isBundle": true, "bundledProductOffering": [{"id": id}]}))
        .await
        .created();
    t.delete(&format!("{offerings}/{id}")).await.refused(409, "in_use");
    let inside = json!({"isBundle": true, "bundledProductOffering": [{"id": bundle["id"]}]});
    t.patch(&format!("{offerings}/{id}"), inside).await.refused(422, "offering.bundle_cycle");
    t.delete(&format!("{offerings}/{}", bundle["id"].as_str().unwrap())).await.no_content();
    t.delete(&format!("{offerings}/{id}")).await.no_content();
    t.delete(&format!("{prices}/{price}")).await.no_content();
}

#[both_databases]
async fn an_offering_only_for_customers_who_port_in_is_refused(t: TestApp) {
    let before = t.digest().await;
    for body in [json!({"name": "携号转入专享19元"}), json!({"name": "特惠", "audience": "仅限携入用户"})]
    {
        t.post(&format!("{BASE}/productOffering"), body).await.refused(422, "catalog.port_in_condition");
    }
    assert_eq!(before, t.digest().await);
    t.post(&format!("{BASE}/productOffering"), json!({"name": "特惠", "audience": "携入用户均可办理"})).await.created();
}

#[both_databases]
async fn the_demonstration_offerings_decompose_by_the_rules_held_as_data(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    t.write(catalog::ensure_demo).await; // again, without effect
    let plan = t
        .write(|tx| {
            let offering = catalog::offering(tx, "of-fusion-169")?;
            offering.sellable(tx.now())?;
            catalog::decompose(tx, &offering, &[])
        })
        .await;
    let names: Vec<&str> = plan.iter().map(|p| p.family.as_str()).collect();
    assert_eq!(names, ["mobile", "broadband", "iptv"]);
    assert_eq!(plan[0].needs, ["number"]);
    assert_eq!(plan[1].needs, ["installAddress"]);
    assert_eq!(
        plan[1].characteristics,
        [("downMbps".to_owned(), "1000".to_owned())],
        "the speed comes from the bundle"
    );
    let tasks = |p: &catalog::PlannedProduct| -> Vec<(String, String, Vec<String>)> {
        let rfs = p.cfs.iter().flat_map(|c| &c.rfs);
        rfs.flat_map(|r| &r.tasks).map(|t| (t.name.clone(), t.target.clone(), t.after.clone())).collect()
    };
    let task = |name: &str, target: &str, after: &[&str]| {
        (name.to_owned(), target.to_owned(), after.iter().map(|a| (*a).to_owned()).collect())
    };
    assert_eq!(
        tasks(&plan[1]),
        [
            task("assign-port", "inventory", &[]),
            task("configure-onu", "olt", &["assign-port"]),
            task("create-aaa-account", "radius", &["assign-port"])
        ]
    );
    assert_eq!(
        tasks(&plan[2]),
        [
            task("join-onu", "olt", &[]),
            task("configure-multicast", "olt", &[]),
            task("create-iptv-account", "iptv", &[])
        ]
    );

    // The rules are documents: another template, another plan, with the next order.
    let steps = json!([{"name": "assign-port", "title_zh": "分配端口", "title_en": "Assign", "target": "inventory"},
        {"name": "label-port", "title_zh": "贴标", "title_en": "Label", "target": "inventory", "after": ["assign-port"]}]);
    t.patch(&format!("{SERVICES}/serviceSpecification/rfs-access-port"), json!({"taskTemplate": steps})).await.ok();
    let plan = t.write(|tx| catalog::offering(tx, "of-fusion-169").and_then(|o| catalog::decompose(tx, &o, &[]))).await;
    assert_eq!(plan[1].cfs[0].rfs[0].tasks.len(), 2);
    let wrong = json!([{"name": "a", "target": "inventory", "after": ["nobody"]}]);
    t.patch(&format!("{SERVICES}/serviceSpecification/rfs-access-port"), json!({"taskTemplate": wrong})).await.ok();
    let refused = t
        .try_write(|tx| catalog::offering(tx, "of-fusion-169").and_then(|o| catalog::decompose(tx, &o, &[])))
        .await
        .unwrap_err();
    assert_eq!(refused.code.id, "offering.not_decomposable");
}

#[both_databases]
async fn a_closed_offering_and_a_lone_component_cannot_be_sold(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    for (id, code) in
        [("of-closed-38", "offering.closed"), ("part-iptv", "offering.component_only"), ("nowhere", "offering.unknown")]
    {
        let refused = t.try_write(move |tx| catalog::offering(tx, id)?.sellable(tx.now())).await.unwrap_err();
        assert_eq!(refused.code.id, code);
        assert!(!refused.help(kernel::Lang::Zh).is_empty());
    }
    let row = t.get("/api/v1/catalog/offerings/of-closed-38").await.ok();
    assert_eq!(row["sellable"], false);
    assert!(row["whyNot"].as_str().unwrap().contains("停售"));
    // A component that is closed closes its bundle.
    t.patch(&format!("{BASE}/productOffering/part-iptv"), json!({"lifecycleStatus": "Retired"})).await.ok();
    let refused = t
        .try_write(|tx| catalog::offering(tx, "of-fusion-169").and_then(|o| catalog::decompose(tx, &o, &[])))
        .await
        .unwrap_err();
    assert_eq!(refused.code.id, "offering.closed");
}

#[both_databases]
async fn the_desk_browses_filters_sorts_and_counts(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let all = t.get("/api/v1/catalog/offerings?limit=100").await;
    assert_eq!(all.total(), 32, "components of bundles are not listed");
    let ids = |body: &Value| {
        body.as_array().unwrap().iter().map(|r| r["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let get = async |query: &str| ids(&t.get(&format!("/api/v1/catalog/offerings?{query}")).await.ok());
    let bundles = ["of-fusion-99", "of-family-159", "of-fusion-169", "of-triple-199"];
    assert_eq!(get("family=bundle&sort=price").await, bundles);
    assert_eq!(get("family=bundle&sort=-price").await[0], "of-triple-199");
    assert_eq!(get("family=leasedLine,voip&sort=price").await, ["of-voip-office", "of-line-10m"]);
    assert_eq!(get(&format!("q={}", escaped("融合 169"))).await, ["of-fusion-169"]);
    assert_eq!(get("q=%25").await, Vec::<String>::new(), "a percent sign is a percent sign");
    assert_eq!(get("minPrice=5000&maxPrice=6000&sort=price").await, ["of-mobile-59", "of-broadband-300"]);
    assert_eq!(get("status=Retired").await, ["of-closed-38"]);
    assert_eq!(
        get("family=mobile&sellable=true&sort=price").await,
        ["of-mobile-senior-29", "of-mobile-online-29", "of-mobile-59", "of-mobile-129"]
    );
    assert_eq!(
        get("sort=price&offset=29").await,
        ["of-phone-5g", "of-device-router", "of-consult-lan"],
        "what has no monthly price comes last"
    );
    t.get("/api/v1/catalog/offerings?family=x").await.refused(400, "query.invalid");
    t.get("/api/v1/catalog/offerings?sort=x").await.refused(400, "query.invalid");

    let yearly = t.get("/api/v1/catalog/offerings/of-broadband-1000-year").await.ok();
    assert_eq!((&yearly["priceFen"], &yearly["priceText"]), (&Value::Null, &json!("960元/年")));
    let fusion = t.get("/api/v1/catalog/offerings/of-fusion-169").await.ok();
    assert_eq!(
        fusion["prices"][1],
        json!({"id": "pr-fusion-169-install", "name": "装机调测费", "type": "oneTime", "amountFen": 10000, "period": null})
    );
    assert_eq!((fusion["components"].as_array().unwrap().len(), &fusion["contractMonths"]), (3, &json!(24)));
    assert_eq!(fusion["decomposition"][1]["cfs"][0]["rfs"][2]["tasks"][0]["target"], "radius");

    let summary = t.get("/api/v1/catalog/summary").await.ok();
    assert_eq!(summary["total"], 32);
    let mobile = summary["byFamily"].as_array().unwrap().iter().find(|f| f["family"] == "mobile").unwrap();
    assert_eq!(mobile["count"], 5);
    let banded: i64 = summary["byPriceBand"].as_array().unwrap().iter().map(|b| b["count"].as_i64().unwrap()).sum();
    assert_eq!(banded, 29, "all but what is sold once");
    let found = t.write(|tx| catalog::find(tx, "套餐", 3)).await;
    assert_eq!(found.len(), 3);
}

#[both_databases]
async fn every_hall_reads_the_catalogue_and_few_change_it(t: TestApp) {
    t.write(catalog::ensure_demo).await;
    let hall = t.as_scope("/cn/44/4401/h001").with_permissions(&["catalog.read"]);
    assert_eq!(hall.get(&format!("{BASE}/productOffering/of-mobile-59")).await.ok()["id"], "of-mobile-59");
    assert!(!hall.get(&format!("{BASE}/productOffering")).await.ok().as_array().unwrap().is_empty());
    let before = t.digest().await;
    hall.patch(&format!("{BASE}/productOffering/of-mobile-59"), json!({"name": "x"}))
        .await
        .refused(403, "auth.forbidden");
    let writer = t.as_scope("/cn/31").with_permissions(&["catalog.read", "catalog.write"]);
    writer.patch(&format!("{BASE}/productOffering/of-mobile-59"), json!({"name": "x"})).await.refused(404, "not_found");
    assert_eq!(before, t.digest().await);
}
