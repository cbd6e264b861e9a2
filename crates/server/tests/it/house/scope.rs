//! What belongs elsewhere does not exist: every route that takes an id, asked from another province.

use http::axum::http::Method;
use std::collections::{BTreeMap, BTreeSet};
use testkit::{TestApp, Value, both_databases};

/// Own routes name their records otherwise than the TM Forum lists that show them.
const KNOWN_AS: [(&str, &str); 5] = [
    ("customers", "customer"),
    ("orders", "productOrder"),
    ("products", "product"),
    ("bills", "customerBill"),
    ("tickets", "troubleTicket"),
];

/// The ids of some records by the last segment of the list that shows them.
async fn records(t: &TestApp) -> BTreeMap<String, BTreeSet<String>> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for route in t.app().routes() {
        if route.method != Method::GET || route.path.contains('{') || route.path.ends_with("/events") {
            continue;
        }
        let response = t.get(&route.path).await;
        let Ok(Value::Array(rows)) = serde_json::from_str(&response.body) else { continue };
        let name = route.path.rsplit('/').next().unwrap_or("").to_owned();
        let ids = rows.iter().filter_map(|row| row["id"].as_str()).take(2).map(str::to_owned);
        found.entry(name).or_default().extend(ids);
    }
    for (own, listed) in KNOWN_AS {
        let ids = found.get(listed).cloned().unwrap_or_default();
        found.entry(own.to_owned()).or_default().extend(ids);
    }
    found
}

/// Routes after which the whole store is looked at: looking costs more than asking.
const AT_A_TIME: usize = 40;

#[both_databases]
async fn nothing_is_seen_or_changed_from_another_province(t: TestApp) {
    let db = t.db().clone();
    let seeded = tokio::task::spawn_blocking(move || server::seed::run(&db, 12, 7, 0, &mut |_| ()));
    seeded.await.unwrap().unwrap();
    t.settle().await;
    let foreign = t.as_scope("/cn/99").named("stranger");
    let records = records(&t).await;
    let mut before = t.digest().await;
    let (mut asked, mut wrong, mut tried) = (0, Vec::new(), Vec::new());
    for route in t.app().routes() {
        let segments: Vec<&str> = route.path.split('/').collect();
        let Some(at) = segments.iter().position(|s| s.starts_with('{')) else { continue };
        let Some(ids) = records.get(segments[at - 1]) else { continue };
        if route.access == http::Access::Public || segments.iter().filter(|s| s.starts_with('{')).count() > 1 {
            continue;
        }
        // The catalogue is kept for everybody; nobody elsewhere may change it.
        let shared = route.resource.is_some_and(|r| r.rules.shared())
            || route.path.starts_with("/api/v1/catalog/")
            || route.path.starts_with("/api/v1/rating/plans")
            || route.path.starts_with("/api/v1/dunning/policies")
            || route.path.contains("/userRole");
        for id in ids {
            // What a route demands beside the id is given, so that the id is what it stumbles over.
            let path = route.path.replace(segments[at], &id.replace('/', "%2F")) + "?field=phone&reason=test";
            let response = foreign.call(route.method.clone(), &path).raw("{}", "application/json").await;
            asked += 1;
            let status = response.status.as_u16();
            let fine =
                if route.method == Method::GET { status == 404 || (shared && status == 200) } else { status >= 400 };
            if !fine {
                wrong.push(format!("{} {path} answered {status}", route.method));
            }
        }
        tried.push(format!("{} {}", route.method, route.path));
        if tried.len() >= AT_A_TIME {
            let after = t.digest().await;
            wrong.extend(
                before.changes(&after).into_iter().map(|change| format!("{change} changed by one of {tried:?}")),
            );
            (before, tried) = (after, Vec::new());
        }
    }
    let after = t.digest().await;
    wrong.extend(before.changes(&after).into_iter().map(|change| format!("{change} changed by one of {tried:?}")));
    assert!(asked > 50, "only {asked} requests: the records were not found");
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
}

#[both_databases]
async fn no_list_shows_what_belongs_to_another_province(t: TestApp) {
    let db = t.db().clone();
    let seeded = tokio::task::spawn_blocking(move || server::seed::run(&db, 12, 7, 0, &mut |_| ()));
    seeded.await.unwrap().unwrap();
    t.settle().await;
    let foreign = t.as_scope("/cn/99").named("stranger");
    let mut wrong = Vec::new();
    for route in t.app().routes() {
        // Roles, rate plans, the steps of credit control and its passes, like the catalogue, are the same for everybody.
        let shared = route.resource.is_some_and(|r| r.rules.shared())
            || route.path.ends_with("/userRole")
            || ["/api/v1/rating/plans", "/api/v1/dunning/policies", "/api/v1/dunning/sweeps"]
                .contains(&route.path.as_str());
        if route.method != Method::GET || route.path.contains('{') || route.path.ends_with("/events") || shared {
            continue;
        }
        let all: BTreeSet<String> = ids(&t.get(&route.path).await.body);
        let seen: Vec<String> = ids(&foreign.get(&route.path).await.body).intersection(&all).cloned().collect();
        if !seen.is_empty() && !route.path.contains("/catalog/") {
            wrong.push(format!("{} shows {} of {}: {:?}", route.path, seen.len(), all.len(), seen.first()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn ids(body: &str) -> BTreeSet<String> {
    let Ok(Value::Array(rows)) = serde_json::from_str(body) else { return BTreeSet::new() };
    rows.iter().filter_map(|row| row["id"].as_str()).map(str::to_owned).collect()
}
