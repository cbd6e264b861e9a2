//! Every route is behind its guard, and a refusal changes nothing.

use testkit::{TestApp, both_databases};

#[both_databases]
async fn an_unknown_address_is_told_in_both_languages(t: TestApp) {
    let before = t.digest().await;
    let body = t.get("/nowhere").english().await.refused(404, "not_found");
    assert_eq!(body["reason"], "No such record");
    let body = t.get("/nowhere").await.refused(404, "not_found");
    assert_eq!(body["reason"], "没有找到该记录");
    before.assert_unchanged(&t.digest().await);
}

/// Fills the place-holders of a path with an id that does not exist.
fn example(path: &str) -> String {
    let filled: Vec<&str> = path.split('/').map(|p| if p.starts_with('{') { "no-such-id" } else { p }).collect();
    filled.join("/")
}

#[both_databases]
async fn no_route_but_the_public_ones_answers_without_login(t: TestApp) {
    let nobody = t.anonymous();
    let before = t.digest().await;
    for route in t.app().routes() {
        if route.access == http::Access::Public {
            continue;
        }
        nobody
            .call(route.method.clone(), &example(&route.path))
            .raw("{}", "application/json")
            .await
            .refused(401, "auth.required");
    }
    before.assert_unchanged(&t.digest().await);
}

#[both_databases]
async fn no_route_answers_to_somebody_without_its_right(t: TestApp) {
    let newcomer = t.with_permissions(&[]);
    let before = t.digest().await;
    for route in t.app().routes() {
        let http::Access::Needs(perm) = route.access else { continue };
        let call = newcomer.call(route.method.clone(), &example(&route.path)).raw("{}", "application/json");
        let body = call.english().await.refused(403, "auth.forbidden");
        assert!(body["reason"].as_str().unwrap().contains(perm.name), "{body}");
    }
    before.assert_unchanged(&t.digest().await);
}
