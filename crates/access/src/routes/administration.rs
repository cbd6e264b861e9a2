//! Staff, roles, the organisation tree, API tokens and limits.

use crate::{
    NewStaff, NewToken, Password,
    limit::{self, PASSWORD_LENGTH},
    organization, role, session,
    staff::{self, StaffChange},
    token,
};
use axum::extract::Path;
use http::{Answer, Body, Ctx, Reply};
use kernel::{OrgPath, Problem, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

pub async fn list_staff(ctx: Ctx) -> Answer {
    let page = ctx.paging(100, 500)?;
    let rows = ctx.read(move |tx| staff::list(tx, page.offset, page.limit)).await?;
    Ok(Reply::ok(&rows.iter().map(staff::Staff::to_json).collect::<Vec<_>>()))
}

#[derive(Deserialize)]
pub struct StaffAsk {
    login: String,
    name: String,
    org: OrgPath,
    scope: Option<OrgPath>,
    roles: Vec<String>,
    password: String,
}

pub async fn create_staff(ctx: Ctx, Body { value, fingerprint, .. }: Body<StaffAsk>) -> Answer {
    let StaffAsk { login, name, org, scope, roles, password } = value;
    let scope = scope.unwrap_or_else(|| org.clone());
    roles.iter().try_for_each(|r| role::find(r).map(drop))?;
    staff::may_grant(&ctx.app, &ctx.actor, &roles, &[&org, &scope])?;
    let login = staff::parse_login(&login)?;
    let length = ctx.peek(|tx| PASSWORD_LENGTH.get(tx)).await?;
    let password = Password::make(ctx.app.db().env(), &password, &login, length).await?;
    let new = NewStaff { login, name, org, scope, roles, password };
    let reply = ctx.create(&fingerprint, move |tx| {
        let id = staff::create_staff(tx, new.clone())?;
        let made = staff::by_id(tx, &id)?.ok_or_else(Problem::not_found)?;
        Ok(Reply::created(&format!("/api/v1/staff/{id}"), &made.to_json()).etag(made.version))
    });
    Ok(reply.await?)
}

#[derive(Deserialize)]
pub struct StaffPatch {
    name: Option<String>,
    org: Option<OrgPath>,
    scope: Option<OrgPath>,
    roles: Option<Vec<String>>,
    status: Option<String>,
    password: Option<String>,
}

pub async fn change_staff(ctx: Ctx, Path(id): Path<String>, Body { value, .. }: Body<StaffPatch>) -> Answer {
    let StaffPatch { name, org, scope, roles, status, password } = value;
    let active = match status.as_deref() {
        None => None,
        Some("active") => Some(true),
        Some("disabled") => Some(false),
        Some(_) => return Err(Problem::invalid("status", "active, disabled").into()),
    };
    let key = id.clone();
    let known = ctx.peek(move |tx| {
        let staff = staff::by_id(tx, &key)?.ok_or_else(Problem::not_found)?;
        tx.must_see(staff.org.as_str())?;
        Ok((staff, PASSWORD_LENGTH.get(tx)?))
    });
    let (known, length) = known.await?;
    staff::may_grant(&ctx.app, &ctx.actor, &known.roles, &[&known.org, &known.scope])?;
    let password = match password {
        Some(text) => Some(Password::make(ctx.app.db().env(), &text, &known.login, length).await?),
        None => None,
    };
    // Whoever loses rights, place or password logs in again with what is left.
    let ends = active == Some(false) || password.is_some();
    let change = StaffChange { name, org, scope, roles, active, password };
    let (app, key, keep) = (ctx.app.clone(), id.clone(), ctx.session.to_string());
    let if_match = ctx.if_match.clone();
    let changed = ctx.write(move |tx| {
        let check = |version| http::check_version(if_match.as_deref(), version);
        let staff = staff::change(tx, &app, &key, check, &change)?;
        if ends {
            session::end_others(tx, &key, &keep)?;
        }
        if !staff.active {
            http::hub::forget_owner(tx, &key)?;
        }
        Ok(staff)
    });
    let staff = changed.await?;
    ctx.app.auth().forget(&id);
    Ok(Reply::ok(&staff.to_json()).etag(staff.version))
}

pub async fn list_roles(ctx: Ctx) -> Answer {
    let all = ctx.app.permissions();
    let one = |r: &role::Role| json!({"name": r.name, "title": r.title, "permissions": role::permissions_of(&[&r.name], all)});
    Ok(Reply::ok(&role::roles().iter().map(one).collect::<Vec<_>>()))
}

pub async fn organizations(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(organization::tree).await?))
}

#[derive(Deserialize)]
pub struct OrganizationAsk {
    path: OrgPath,
    name: String,
}

pub async fn create_organization(ctx: Ctx, Body { value, fingerprint, .. }: Body<OrganizationAsk>) -> Answer {
    let reply =
        ctx.create(&fingerprint, move |tx| Ok(Reply::json(201, &organization::create(tx, &value.path, &value.name)?)));
    Ok(reply.await?)
}

pub async fn list_tokens(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(token::list).await?))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TokenAsk {
    name: String,
    role: String,
    org: Option<OrgPath>,
    expires_at: Option<Timestamp>,
}

pub async fn create_token(ctx: Ctx, Body { value, .. }: Body<TokenAsk>) -> Answer {
    let TokenAsk { name, role, org, expires_at } = value;
    let org = org.unwrap_or_else(|| ctx.actor.scope.clone());
    if name.trim().is_empty() || name.chars().count() > 100 {
        return Err(Problem::invalid("name", "1–100").into());
    }
    role::find(&role)?;
    staff::may_grant(&ctx.app, &ctx.actor, std::slice::from_ref(&role), &[&org])?;
    let new = NewToken { name, role, org, expires_at };
    // Not kept under an Idempotency-Key: the answer holds a secret.
    let (id, text) = ctx.write(move |tx| token::issue_token(tx, &new)).await?;
    Ok(Reply::created(&format!("/api/v1/tokens/{id}"), &json!({"id": id, "token": text})))
}

pub async fn revoke_token(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let key = id.clone();
    ctx.write(move |tx| token::revoke(tx, &key)).await?;
    ctx.app.auth().forget(&id);
    Ok(Reply::no_content())
}

pub async fn list_limits(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(limit::list).await?))
}

#[derive(Deserialize)]
pub struct LimitAsk {
    value: i64,
    source: String,
}

pub async fn set_limit(ctx: Ctx, Path(name): Path<String>, Body { value, .. }: Body<LimitAsk>) -> Answer {
    // Limits hold for everybody, so only who sees everything may set them.
    if !ctx.actor.scope.is_root() {
        return Err(Problem::not_found().into());
    }
    let limit = limit::ALL.iter().find(|l| l.name == name).copied().ok_or_else(Problem::not_found)?;
    let list = ctx.write(move |tx| limit.set(tx, value.value, &value.source).and_then(|()| limit::list(tx))).await?;
    let one = list.into_iter().find(|l| l["name"] == limit.name).unwrap_or(Value::Null);
    Ok(Reply::ok(&one))
}
