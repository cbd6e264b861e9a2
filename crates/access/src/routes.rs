//! The routes of this crate.

mod administration;
mod audit;
mod first;
mod login;

use crate::permissions::{AUDIT_READ, LIMIT_MANAGE, ORGANIZATION_MANAGE, STAFF_MANAGE, STAFF_READ, TOKEN_MANAGE};
use http::{
    Access::{LoggedIn, Needs, Public},
    Route,
};
use serde_json::json;

pub fn all() -> Vec<Route> {
    let account = json!({"login": "li.na", "name": "李娜", "password": "…"});
    let staff = json!({
        "login": "li.na", "name": "李娜", "org": "/cn/44/4401/h001", "scope": "/cn/44/4401/h001", "roles": ["clerk"], "password": "…",
    });
    vec![
        Route::post("/api/v1/session", Public, login::begin)
            .doc("Log in with a password; sets the session cookie")
            .body(json!({"login": "clerk", "password": "…"})),
        Route::get("/api/v1/session", LoggedIn, login::show).doc("Who is logged in, with rights and CSRF token"),
        Route::delete("/api/v1/session", LoggedIn, login::end).doc("Log out"),
        Route::post("/api/v1/session/password", LoggedIn, login::change_password)
            .doc("Change one's own password; other sessions end")
            .body(json!({"old": "…", "new": "…"})),
        Route::get("/api/v1/setup/{token}", Public, first::show).doc("Is this set-up link good?"),
        Route::post("/api/v1/setup/{token}", Public, first::finish).doc("Make the first administrator").body(account),
        Route::get("/api/v1/staff", Needs(STAFF_READ), administration::list_staff).doc("List staff of one's scope"),
        Route::post("/api/v1/staff", Needs(STAFF_MANAGE), administration::create_staff)
            .doc("Add a member of staff")
            .body(staff),
        Route::patch("/api/v1/staff/{id}", Needs(STAFF_MANAGE), administration::change_staff)
            .doc("Change somebody: place, roles, status, password")
            .body(json!({"status": "disabled"})),
        Route::get("/api/v1/roles", LoggedIn, administration::list_roles).doc("Roles and what they give"),
        Route::get("/api/v1/organizations", LoggedIn, administration::organizations)
            .doc("The organisation tree, as far as one sees it"),
        Route::post("/api/v1/organizations", Needs(ORGANIZATION_MANAGE), administration::create_organization)
            .doc("Add an organisation below one that is seen")
            .body(json!({"path": "/cn/44/4401/h009", "name": "体育西路营业厅"})),
        Route::get("/api/v1/tokens", Needs(TOKEN_MANAGE), administration::list_tokens)
            .doc("API tokens, without their text"),
        Route::post("/api/v1/tokens", Needs(TOKEN_MANAGE), administration::create_token)
            .doc("Make an API token; the text is shown once")
            .body(json!({"name": "billing gateway", "role": "api", "org": "/cn", "expiresAt": null})),
        Route::delete("/api/v1/tokens/{id}", Needs(TOKEN_MANAGE), administration::revoke_token).doc("End an API token"),
        Route::get("/api/v1/limits", Needs(LIMIT_MANAGE), administration::list_limits)
            .doc("Log-in limits and their sources"),
        Route::put("/api/v1/limits/{name}", Needs(LIMIT_MANAGE), administration::set_limit)
            .doc("Set a log-in limit")
            .body(json!({"value": 5, "source": "…"})),
        Route::get("/api/v1/audit", Needs(AUDIT_READ), audit::list)
            .doc("Who did what")
            .parameter("subject", "id of the record")
            .parameter("actor", "id of who did it")
            .parameter("action", "what was done")
            .parameter("offset", "rows to skip")
            .parameter("limit", "rows to return, at most 200"),
    ]
}
