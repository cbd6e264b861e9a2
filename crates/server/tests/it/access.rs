//! Coming in: passwords, locks, sessions, tokens, the first administrator; and what nobody may hand out.

use access::{NewStaff, Password};
use kernel::OrgPath;
use testkit::{Client, TestApp, Value, both_databases, json};

const GOOD: &str = "gT7#kq-92Lm";

async fn hire(t: &TestApp, login: &str, role: &str, org: &str, scope: &str) {
    let env = t.db().env().clone();
    let new = NewStaff {
        login: login.into(),
        name: login.into(),
        org: OrgPath::parse(org).unwrap(),
        scope: OrgPath::parse(scope).unwrap(),
        roles: vec![role.into()],
        password: Password::new(&env, GOOD, login, 10).unwrap(),
    };
    t.write(move |tx| access::create_staff(tx, new.clone())).await;
}

async fn attempt(t: &TestApp, login: &str, password: &str) -> testkit::Response {
    t.anonymous().post("/api/v1/session", json!({"login": login, "password": password})).await
}

/// A client with the cookie and the CSRF token of a fresh log-in.
async fn log_in(t: &TestApp, login: &str) -> (Client, Value) {
    let response = attempt(t, login, GOOD).await;
    let body = response.ok();
    let cookie = response.header("set-cookie").unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    let pair = cookie.split(';').next().unwrap();
    let client = t.anonymous().with_header("cookie", pair).with_header("x-csrf-token", body["csrf"].as_str().unwrap());
    (client, body)
}

#[both_databases]
async fn a_clerk_logs_in_sees_who_she_is_and_logs_out(t: TestApp) {
    hire(&t, "li.na", "clerk", "/cn/44/4401/h001", "/cn/44/4401").await;
    let (clerk, body) = log_in(&t, "li.na").await;
    assert_eq!(body["staff"]["orgName"], "天河路营业厅");
    assert_eq!(body["roles"], json!(["clerk"]));
    let rights: Vec<&str> = body["permissions"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
    assert!(rights.contains(&"customer.read") && !rights.contains(&"staff.manage"), "{rights:?}");
    assert_eq!(clerk.get("/api/v1/session").await.ok()["csrf"], body["csrf"]);
    clerk.delete("/api/v1/session").await.no_content();
    clerk.get("/api/v1/session").await.refused(401, "auth.required");
    // Neither the cookie nor the password lies in the store.
    assert_eq!(t.count("SELECT COUNT(*) FROM staff WHERE password_hash NOT LIKE '$argon2id$%'").await, 0);
}

#[both_databases]
async fn a_session_cannot_be_used_from_another_site(t: TestApp) {
    hire(&t, "li.na", "admin", "/cn", "/cn").await;
    let (admin, _) = log_in(&t, "li.na").await;
    let ask = json!({"path": "/cn/44/4402", "name": "深圳市"});
    let before = t.digest().await;
    admin.post("/api/v1/organizations", ask.clone()).header("x-csrf-token", "guess").await.refused(403, "auth.csrf");
    let plain =
        admin.post("/api/v1/organizations", ask.clone()).raw("path=/cn/44/4402", "application/x-www-form-urlencoded");
    plain.await.refused(415, "body.media_type");
    before.assert_unchanged(&t.digest().await);
    admin.post("/api/v1/organizations", ask).await.created();
}

#[both_databases]
async fn too_many_failures_lock_the_login_for_a_while_whether_or_not_it_exists(t: TestApp) {
    hire(&t, "li.na", "clerk", "/cn/44/4401/h001", "/cn/44/4401").await;
    for login in ["li.na", "nobody"] {
        for _ in 0..5 {
            attempt(&t, login, "wrong password").await.refused(401, "auth.failed");
        }
        let body = attempt(&t, login, GOOD).await.refused(423, "auth.locked");
        assert!(body["reason"].as_str().unwrap().contains("15"), "{body}");
    }
    t.advance(15 * 60 + 1);
    attempt(&t, "nobody", GOOD).await.refused(401, "auth.failed");
    attempt(&t, "LI.NA", GOOD).await.ok();
    assert!(t.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'session.locked'").await == 1);
}

#[both_databases]
async fn limits_are_data_with_a_source(t: TestApp) {
    hire(&t, "li.na", "clerk", "/cn/44/4401/h001", "/cn/44/4401").await;
    let limits = t.get("/api/v1/limits").await.ok();
    assert!(limits.as_array().unwrap().iter().all(|l| !l["source"].as_str().unwrap().is_empty()));
    t.put("/api/v1/limits/login.failures", json!({"value": 1, "source": "test"})).await.refused(422, "limit.invalid");
    t.put("/api/v1/limits/login.failures", json!({"value": 4, "source": " "})).await.refused(422, "limit.invalid");
    t.as_scope("/cn/44")
        .put("/api/v1/limits/login.failures", json!({"value": 4, "source": "x"}))
        .await
        .refused(404, "not_found");
    t.put("/api/v1/limits/login.failures", json!({"value": 3, "source": "集团信息安全部 2026-11 号文"})).await.ok();
    for _ in 0..3 {
        attempt(&t, "li.na", "wrong password").await.refused(401, "auth.failed");
    }
    attempt(&t, "li.na", GOOD).await.refused(423, "auth.locked");
}

#[both_databases]
async fn a_session_ends_by_idleness_and_by_age(t: TestApp) {
    hire(&t, "li.na", "clerk", "/cn/44/4401/h001", "/cn/44/4401").await;
    let (idle, _) = log_in(&t, "li.na").await;
    t.advance(61 * 60);
    idle.get("/api/v1/session").await.refused(401, "auth.required");
    let (busy, _) = log_in(&t, "li.na").await;
    for _ in 0..23 {
        t.advance(30 * 60);
        busy.get("/api/v1/session").await.ok();
    }
    t.advance(31 * 60);
    busy.get("/api/v1/session").await.refused(401, "auth.required");
}

#[both_databases]
async fn a_new_password_is_good_and_ends_the_other_sessions(t: TestApp) {
    hire(&t, "li.na", "clerk", "/cn/44/4401/h001", "/cn/44/4401").await;
    let (here, _) = log_in(&t, "li.na").await;
    let (elsewhere, _) = log_in(&t, "li.na").await;
    let change = |old: &str, new: &str| here.post("/api/v1/session/password", json!({"old": old, "new": new}));
    for weak in ["short", "password123", "Woaini5201314", "li.na-1234"] {
        change(GOOD, weak).await.refused(422, "auth.password_weak");
    }
    change("not mine at all", "龙井茶配桂花糕真不错呀").await.refused(401, "auth.failed");
    change(GOOD, "龙井茶配桂花糕真不错呀").await.no_content();
    here.get("/api/v1/session").await.ok();
    elsewhere.get("/api/v1/session").await.refused(401, "auth.required");
    attempt(&t, "li.na", GOOD).await.refused(401, "auth.failed");
    attempt(&t, "li.na", "龙井茶配桂花糕真不错呀").await.ok();
}

#[both_databases]
async fn nobody_hands_out_more_than_they_hold(t: TestApp) {
    hire(&t, "boss", "admin", "/cn", "/cn").await;
    let ask = |login: &str, role: &str, org: &str, scope: &str| json!({"login": login, "name": "张伟", "org": org, "scope": scope, "roles": [role], "password": GOOD});
    // The administrator of one province.
    let province = t.as_scope("/cn/44");
    let before = t.digest().await;
    province.post("/api/v1/staff", ask("a.a", "clerk", "/cn/31", "/cn/31")).await.refused(403, "role.too_wide");
    province.post("/api/v1/staff", ask("a.a", "clerk", "/cn/44", "/cn")).await.refused(403, "role.too_wide");
    let weak = t.with_permissions(&["staff.manage", "staff.read"]).as_scope("/cn/44");
    weak.post("/api/v1/staff", ask("a.a", "admin", "/cn/44", "/cn/44")).await.refused(403, "role.too_wide");
    weak.post("/api/v1/tokens", json!({"name": "x", "role": "api"})).await.refused(403, "auth.forbidden");
    let boss = t.get("/api/v1/staff").await.ok()[0]["id"].as_str().unwrap().to_owned();
    province
        .patch(&format!("/api/v1/staff/{boss}"), json!({"password": "another-Good-1x"}))
        .await
        .refused(404, "not_found");
    before.assert_unchanged(&t.digest().await);
    let made = province.post("/api/v1/staff", ask("z.w", "clerk", "/cn/44/4401", "/cn/44/4401")).await.created();
    province
        .post("/api/v1/staff", ask("Z.W", "clerk", "/cn/44/4401", "/cn/44/4401"))
        .await
        .refused(409, "staff.login_taken");
    let (clerk, _) = log_in(&t, "z.w").await;
    let address = format!("/api/v1/staff/{}", made["id"].as_str().unwrap());
    province.patch(&address, json!({"status": "disabled"})).if_match(7).await.refused(412, "precondition.failed");
    province.patch(&address, json!({"status": "disabled"})).if_match(1).await.ok();
    clerk.get("/api/v1/session").await.refused(401, "auth.required");
    attempt(&t, "z.w", GOOD).await.refused(401, "auth.failed");
}

#[both_databases]
async fn a_machine_comes_in_with_a_token_until_it_is_revoked(t: TestApp) {
    let made =
        t.post("/api/v1/tokens", json!({"name": "billing gateway", "role": "api", "org": "/cn/44"})).await.created();
    let text = made["token"].as_str().unwrap();
    assert!(text.starts_with("yt_") && text.len() > 60);
    let machine = t.anonymous().with_header("authorization", &format!("Bearer {text}"));
    let session = machine.get("/api/v1/session").await.ok();
    assert_eq!(session["staff"]["scope"], "/cn/44");
    assert_eq!(session["csrf"], Value::Null);
    let id = made["id"].as_str().unwrap();
    t.as_scope("/cn/31").delete(&format!("/api/v1/tokens/{id}")).await.refused(404, "not_found");
    t.delete(&format!("/api/v1/tokens/{id}")).await.no_content();
    machine.get("/api/v1/session").await.refused(401, "auth.required");
    t.anonymous()
        .with_header("authorization", "Bearer yt_guess")
        .get("/api/v1/session")
        .await
        .refused(401, "auth.required");
    // The text is nowhere in the store.
    let text = text.to_owned();
    let kept = t.db().read(kernel::Actor::system(), move |tx| {
        tx.query(&"SELECT 1 FROM api_token WHERE token_hash = $1".to_owned(), store::params![text])
    });
    assert!(kept.await.unwrap().is_empty());
}

#[both_databases]
async fn the_first_administrator_is_made_once_with_the_printed_link(t: TestApp) {
    let token = t.write(access::setup_link).await.unwrap();
    let nobody = t.anonymous();
    let address = format!("/api/v1/setup/{token}");
    nobody.get("/api/v1/setup/0000").await.refused(404, "setup.invalid");
    assert_eq!(nobody.get(&address).await.ok()["valid"], true);
    let ask = |password: &str| json!({"login": "root", "name": "管理员", "password": password});
    let before = t.digest().await;
    nobody.post(&address, ask("password123")).await.refused(422, "auth.password_weak");
    before.assert_unchanged(&t.digest().await);
    nobody.post(&address, ask(GOOD)).await.created();
    nobody.post(&address, ask(GOOD)).await.refused(404, "setup.invalid");
    nobody.get(&address).await.refused(404, "setup.invalid");
    let (root, body) = log_in(&t, "root").await;
    assert_eq!(body["staff"]["scope"], "/cn");
    root.get("/api/v1/staff").await.ok();
    assert!(t.write(access::setup_link).await.is_none(), "no link once there is staff");
}

#[both_databases]
async fn roles_name_only_rights_that_exist(t: TestApp) {
    let all = t.app().permissions();
    let matched = |pattern: &str| {
        let (head, tail) = pattern.split_once('*').unwrap_or((pattern, ""));
        all.iter().any(|p| {
            if pattern.contains('*') { p.name.starts_with(head) && p.name.ends_with(tail) } else { p.name == pattern }
        })
    };
    let patterns =
        access::roles().iter().flat_map(|r| r.permissions.iter().map(move |p| (r.name.as_str(), p.as_str())));
    let unknown: Vec<_> = patterns.filter(|(_, p)| !matched(p)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[both_databases]
async fn roles_and_who_has_them_are_told_and_given_by_tmf672(t: TestApp) {
    const BASE: &str = "/tmf-api/rolesAndPermissionsManagement/v4";
    let roles = t.get(&format!("{BASE}/userRole")).await.ok();
    let clerk = roles.as_array().unwrap().iter().find(|r| r["involvementRole"] == "clerk").unwrap().clone();
    assert!(
        clerk["entitlement"].as_array().unwrap().iter().any(|e| e["function"] == "order" && e["action"] == "create")
    );
    assert_eq!(t.get(clerk["href"].as_str().unwrap()).await.ok()["id"], "clerk");
    t.get(&format!("{BASE}/userRole/emperor")).await.refused(404, "not_found");
    hire(&t, "li.na", "clerk", "/cn/44/4401/h001", "/cn/44/4401").await;
    let held = t.get(&format!("{BASE}/permission")).await.ok()[0].clone();
    assert_eq!(held["assetUserRole"][0]["userRole"]["id"], "clerk");
    let give =
        |role: &str| json!({"user": {"id": held["id"]}, "validFor": {}, "assetUserRole": [{"userRole": {"id": role}}]});
    let before = t.digest().await;
    t.as_role("cityadmin")
        .as_scope("/cn/44/4401")
        .post(&format!("{BASE}/permission"), give("admin"))
        .await
        .refused(403, "role.too_wide");
    t.post(&format!("{BASE}/permission"), json!({"user": {"id": held["id"]}})).await.refused(400, "field.missing");
    t.post(&format!("{BASE}/permission"), give("emperor")).await.refused(422, "role.unknown");
    before.assert_unchanged(&t.digest().await);
    let given = t.post(&format!("{BASE}/permission"), give("agent")).await.created();
    assert_eq!(given["assetUserRole"].as_array().unwrap().len(), 2);
    t.as_scope("/cn/99")
        .get(&format!("{BASE}/permission/{}", held["id"].as_str().unwrap()))
        .await
        .refused(404, "not_found");
}
