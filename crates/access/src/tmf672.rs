//! TMF672: roles and who has them, for machines that keep the staff of several systems.
//!
//! A `userRole` is one of our roles with its rights as entitlements (data of this build: read only). A `permission` is a
//! member of staff with their roles and the place these hold for; making one gives somebody who is known further roles,
//! under the same rule as on the page: nobody hands out more than they hold.

use crate::{
    permissions::{STAFF_MANAGE, STAFF_READ},
    problems, role,
    staff::{self, Staff, StaffChange},
};
use axum::extract::Path;
use http::{Access, Answer, Body, Ctx, Reply, Route};
use kernel::{OrgPath, Perm, Problem, Result};
use serde_json::{Value, json};

const BASE: &str = "/tmf-api/rolesAndPermissionsManagement/v4";

pub fn routes() -> Vec<Route> {
    vec![
        Route::get(format!("{BASE}/userRole"), Access::Needs(STAFF_READ), roles)
            .doc("Roles with their entitlements (TMF672)")
            .parameter("involvementRole", "the role's name"),
        Route::get(format!("{BASE}/userRole/{{id}}"), Access::Needs(STAFF_READ), one_role).doc("One role (TMF672)"),
        Route::get(format!("{BASE}/permission"), Access::Needs(STAFF_READ), permissions)
            .doc("Who has which roles where (TMF672)")
            .parameter("user.id", "one member of staff")
            .parameter("limit", "at most 500"),
        Route::get(format!("{BASE}/permission/{{id}}"), Access::Needs(STAFF_READ), one_permission)
            .doc("What one member of staff may do (TMF672)"),
        Route::post(format!("{BASE}/permission"), Access::Needs(STAFF_MANAGE), grant)
            .doc("Give a member of staff roles (TMF672)")
            .body(json!({"user": {"id": "…"}, "validFor": {}, "assetUserRole": [{"userRole": {"id": "clerk"}, "manageableAsset": {"id": "/cn/44/4401"}}]})),
    ]
}

fn href(kind: &str, id: &str) -> String {
    format!("{BASE}/{kind}/{id}")
}

/// A role as TMF672 has it: each right is an action on a function.
fn user_role(role: &role::Role, all: &[Perm]) -> Value {
    let entitlement: Vec<Value> = role::permissions_of(&[&role.name], all)
        .iter()
        .map(|right| {
            let (function, action) = right.split_once('.').unwrap_or((right, "use"));
            json!({"id": right, "function": function, "action": action, "@type": "Entitlement"})
        })
        .collect();
    json!({
        "id": role.name, "href": href("userRole", &role.name), "involvementRole": role.name, "title": role.title,
        "entitlement": entitlement, "@type": "UserRole",
    })
}

async fn roles(ctx: Ctx) -> Answer {
    let wanted = ctx.parameter("involvementRole");
    let all = ctx.app.permissions();
    let named = role::roles().iter().filter(|r| wanted.as_ref().is_none_or(|w| *w == r.name));
    let rows: Vec<Value> = named.map(|r| user_role(r, all)).collect();
    Ok(Reply::ok(&rows).header("x-total-count", rows.len().to_string()))
}

async fn one_role(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let role = role::find(&id).map_err(|_| Problem::not_found())?;
    Ok(Reply::ok(&user_role(role, ctx.app.permissions())))
}

/// A member of staff as a permission: the user, the roles with the place they hold for.
fn permission(staff: &Staff) -> Value {
    let roles: Vec<Value> = staff
        .roles
        .iter()
        .map(|name| {
            json!({
                "userRole": {"id": name, "href": href("userRole", name)},
                "manageableAsset": {"id": staff.scope, "entityType": "OrganizationUnit"}, "@type": "AssetUserRole",
            })
        })
        .collect();
    json!({
        "id": staff.id, "href": href("permission", &staff.id), "description": staff.name,
        "user": {"id": staff.id, "name": staff.name, "role": "staff", "@referredType": "Staff"},
        "assetUserRole": roles, "validFor": {}, "status": if staff.active { "active" } else { "disabled" }, "@type": "Permission",
    })
}

async fn permissions(ctx: Ctx) -> Answer {
    let (user, paging) = (ctx.parameter("user.id"), ctx.paging(100, 500)?);
    let found = ctx.read(move |tx| match &user {
        Some(id) => {
            let one = staff::by_id(tx, id)?;
            Ok(one.filter(|s| tx.actor().sees(s.org.as_str())).into_iter().collect())
        }
        None => staff::list(tx, paging.offset, paging.limit),
    });
    let rows: Vec<Value> = found.await?.iter().map(permission).collect();
    Ok(Reply::ok(&rows))
}

async fn one_permission(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let staff = ctx.read(move |tx| {
        let staff = staff::by_id(tx, &id)?.ok_or_else(Problem::not_found)?;
        tx.must_see(staff.org.as_str())?;
        Ok(staff)
    });
    Ok(Reply::ok(&permission(&staff.await?)))
}

/// The roles that a permission names, and the one place they hold for.
fn asked(body: &Value) -> Result<(String, Vec<String>, Option<OrgPath>)> {
    let user = body["user"]["id"].as_str().ok_or_else(|| Problem::missing("user.id"))?.to_owned();
    if !body["validFor"].is_object() {
        return Err(Problem::missing("validFor"));
    }
    let all = body["assetUserRole"].as_array().filter(|a| !a.is_empty());
    let all = all.ok_or_else(|| Problem::missing("assetUserRole"))?;
    let mut roles = Vec::new();
    let mut place: Option<OrgPath> = None;
    for one in all {
        let name = one["userRole"]["id"].as_str().ok_or_else(|| Problem::missing("assetUserRole.userRole.id"))?;
        role::find(name)?;
        roles.push(name.to_owned());
        if let Some(text) = one["manageableAsset"]["id"].as_str() {
            let org = OrgPath::parse(text)?;
            if place.as_ref().is_some_and(|p| *p != org) {
                return Err(Problem::new(&problems::ONE_SCOPE).field("assetUserRole.manageableAsset.id"));
            }
            place = Some(org);
        }
    }
    Ok((user, roles, place))
}

/// Adds roles to those somebody has.
async fn grant(ctx: Ctx, body: Body<Value>) -> Answer {
    let (user, roles, place) = asked(&body.value)?;
    let (app, key) = (ctx.app.clone(), user.clone());
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let known = staff::by_id(tx, &key)?;
        let known = known.ok_or_else(|| Problem::unknown_reference("user.id", &key))?;
        let mut all = known.roles.clone();
        all.extend(roles.iter().filter(|r| !known.roles.contains(r)).cloned());
        let change = StaffChange { roles: Some(all), scope: place.clone(), ..StaffChange::default() };
        let staff = staff::change(tx, &app, &key, |_| Ok(()), &change)?;
        Ok(Reply::created(&href("permission", &staff.id), &permission(&staff)))
    });
    let reply = reply.await?;
    ctx.app.auth().forget(&user);
    Ok(reply)
}
