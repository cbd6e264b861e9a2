//! Logging in and out, and one's own password.

use crate::{Password, limit, organization, password, problems, role, session, staff};
use axum::{Extension, response::IntoResponse};
use http::{Answer, App, Body, Caller, Ctx, Reply};
use kernel::{Actor, ActorKind, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;

#[derive(Deserialize)]
pub struct Credentials {
    login: String,
    password: String,
}

pub async fn begin(ctx: Ctx, Body { value, .. }: Body<Credentials>) -> Answer {
    let login = value.login.trim().to_ascii_lowercase();
    let staff = check(&ctx.app, &login, &value.password).await?;
    let actor = staff.actor(ctx.app.permissions());
    let acting = actor.clone();
    let opened = ctx.app.db().write(acting, move |tx| {
        // Looked up again: the account may have been disabled while the password was being checked.
        let staff = staff::by_id(tx, &staff.id)?.filter(|s| s.active).ok_or_else(|| Problem::new(&problems::FAILED))?;
        let (secret, ends) = session::begin(tx, &staff)?;
        let body = describe(tx, Some((&session::csrf(&secret), ends)))?;
        Ok((secret, ends, body))
    });
    let (secret, ends, body) = opened.await?;
    let seconds = ends.seconds_since(ctx.now());
    Ok(Reply::ok(&body).header("set-cookie", cookie(&ctx.app, &secret, seconds)))
}

/// The member of staff behind a login and password. Takes as long for a login that nobody has.
async fn check(app: &App, login: &str, given: &str) -> Result<staff::Staff> {
    let key = login.to_owned();
    let found = app.db().peek(Actor::system(), move |tx| {
        session::check_lock(tx, &key)?;
        staff::by_login(tx, &key)
    });
    let staff = found.await?.filter(|s| s.active);
    let hash = staff.as_ref().map(|s| s.password_hash.clone());
    if given.len() <= 512 && password::verify(given, hash).await? {
        return staff.ok_or_else(|| Problem::new(&problems::FAILED));
    }
    let key = login.to_owned();
    app.db().write(Actor::system(), move |tx| session::failed(tx, &key, staff.as_ref())).await?;
    Err(Problem::new(&problems::FAILED))
}

fn cookie(app: &App, secret: &str, seconds: i64) -> String {
    let secure = if app.options().secure_cookies { "; Secure" } else { "" };
    format!("{}={secret}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}", session::COOKIE)
}

/// Who is acting, for the pages.
fn describe(tx: &mut Tx<'_>, session: Option<(&str, Timestamp)>) -> Result<Value> {
    let actor = tx.actor().clone();
    let staff = staff::by_id(tx, &actor.id)?;
    let (login, roles) = staff.map_or((actor.name.to_string(), Vec::new()), |s| (s.login, s.roles));
    let org_name = organization::org_name(tx, actor.org.as_str())?;
    Ok(json!({
        "staff": {
            "id": &*actor.id, "login": login, "name": &*actor.name, "org": actor.org, "orgName": org_name, "scope": actor.scope,
        },
        "permissions": actor.permissions.iter().collect::<Vec<_>>(),
        "roles": roles,
        "roleTitles": roles.iter().filter_map(|r| role::find(r).ok()).map(|r| json!(r.title)).collect::<Vec<_>>(),
        "csrf": session.map(|(csrf, _)| csrf),
        "expiresAt": session.map(|(_, ends)| ends),
    }))
}

pub async fn show(ctx: Ctx, Extension(caller): Extension<Caller>) -> Answer {
    let body = ctx.peek(move |tx| {
        let ends = session::find(tx, &caller.session)?.map(|s| s.ends);
        describe(tx, caller.csrf.as_deref().zip(ends))
    });
    Ok(Reply::ok(&body.await?))
}

pub async fn end(ctx: Ctx) -> Answer {
    let (id, staff, org) = (ctx.session.clone(), ctx.actor.id.clone(), ctx.actor.org.clone());
    ctx.write(move |tx| session::end(tx, &id, &staff, &org)).await?;
    ctx.app.auth().forget(&ctx.session);
    Ok(Reply::no_content().header("set-cookie", cookie(&ctx.app, "", 0)))
}

#[derive(Deserialize)]
pub struct PasswordChange {
    old: String,
    new: String,
}

pub async fn change_password(ctx: Ctx, Body { value, .. }: Body<PasswordChange>) -> impl IntoResponse {
    changed(&ctx, value).await.map_err(http::Error)
}

async fn changed(ctx: &Ctx, ask: PasswordChange) -> Result<Reply> {
    if ctx.actor.kind != ActorKind::Staff {
        return Err(Problem::new(&problems::FAILED));
    }
    let id = ctx.actor.id.to_string();
    let (staff, length) = ctx.peek(move |tx| Ok((staff::by_id(tx, &id)?, limit::PASSWORD_LENGTH.get(tx)?))).await?;
    let login = staff.ok_or_else(|| Problem::new(&problems::FAILED))?.login;
    // Guessing the old password counts like a failed log-in: an unattended desk must not give it away.
    check(&ctx.app, &login, &ask.old).await?;
    let password = Password::make(ctx.app.db().env(), &ask.new, &login, length).await?;
    let (id, session) = (ctx.actor.id.to_string(), ctx.session.to_string());
    ctx.write(move |tx| {
        staff::set_password(tx, &id, &password)?;
        session::end_others(tx, &id, &session)
    })
    .await?;
    ctx.app.auth().forget(&ctx.actor.id);
    Ok(Reply::no_content())
}
