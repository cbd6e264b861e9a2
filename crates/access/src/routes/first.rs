//! The set-up link of an empty store.

use crate::{Password, limit, setup, staff};
use axum::extract::Path;
use http::{Answer, Body, Ctx, Reply};
use kernel::Actor;
use serde::Deserialize;
use serde_json::json;

pub async fn show(ctx: Ctx, Path(token): Path<String>) -> Answer {
    ctx.peek(move |tx| setup::check(tx, &token)).await?;
    Ok(Reply::ok(&json!({"valid": true})))
}

#[derive(Deserialize)]
pub struct Account {
    login: String,
    name: String,
    password: String,
}

pub async fn finish(ctx: Ctx, Path(token): Path<String>, Body { value, .. }: Body<Account>) -> Answer {
    let Account { login, name, password } = value;
    let known = token.clone();
    // The link is checked before the costly hash: whoever has none cannot make us work.
    let length = ctx.peek(move |tx| setup::check(tx, &known).and_then(|()| limit::PASSWORD_LENGTH.get(tx))).await?;
    let login = staff::parse_login(&login)?;
    let password = Password::make(ctx.app.db().env(), &password, &login, length).await?;
    let made = ctx.app.db().write(Actor::system(), move |tx| setup::finish(tx, &token, &login, &name, &password));
    let id = made.await?;
    Ok(Reply::created(&format!("/api/v1/staff/{id}"), &json!({"id": id})))
}
