//! API tokens: how machines log in.

use crate::{role, session::hashed};
use kernel::{Actor, ActorKind, OrgPath, Perm, Problem, Result, Timestamp};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Event, Filter, Tx, params, sql};

/// Recognisable in logs and by secret scanners.
pub const PREFIX: &str = "yt_";

#[derive(Clone, Debug)]
pub struct NewToken {
    pub name: String,
    pub role: String,
    pub org: OrgPath,
    pub expires_at: Option<Timestamp>,
}

pub struct Token {
    pub id: String,
    pub name: String,
    pub role: String,
    pub org: OrgPath,
    pub expires_at: Option<Timestamp>,
}

sql! {
    INSERT = "INSERT INTO api_token (id, token_hash, name, role, org, created_by, created_at, expires_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FIND = "SELECT id, name, role, org, expires_at FROM api_token \
            WHERE token_hash = $1 AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > $2)";
    GET = "SELECT name, role, org, revoked_at FROM api_token WHERE id = $1 {for_update}";
    REVOKE = "UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
}

/// A token of `role` that sees `org` and below. The text is shown once and never kept.
pub fn create_token(tx: &mut Tx<'_>, role: &str, org: &OrgPath) -> Result<String> {
    let new = NewToken { name: role.to_owned(), role: role.to_owned(), org: org.clone(), expires_at: None };
    issue_token(tx, &new).map(|(_, text)| text)
}

/// The new token's id and its text.
pub fn issue_token(tx: &mut Tx<'_>, new: &NewToken) -> Result<(String, String)> {
    role::find(&new.role)?;
    let text = format!("{PREFIX}{}", tx.env().random_hex(32));
    let id = tx.new_id::<Token>().into_string();
    let creator = tx.actor().id.clone();
    let NewToken { name, role, org, expires_at } = new;
    tx.execute(&INSERT, params![id, hashed(&text), name, role, org, &*creator, tx.now(), *expires_at])?;
    let detail = json!({"name": name, "role": role});
    tx.emit(
        Event::new("ApiTokenCreateEvent", "tokens", &id, 1, org)
            .payload(json!({"token": detail}))
            .audit(detail.clone()),
    )?;
    Ok((id, text))
}

/// The token with this hash, if it is valid now.
pub fn find(tx: &mut Tx<'_>, hash: &str) -> Result<Option<Token>> {
    let Some(row) = tx.query_opt(&FIND, params![hash, tx.now()])? else { return Ok(None) };
    let org = OrgPath::parse(row.str(3))?;
    Ok(Some(Token { id: row.text(0), name: row.text(1), role: row.text(2), org, expires_at: row.opt_time(4) }))
}

impl Token {
    pub fn actor(&self, all: &[Perm]) -> Actor {
        Actor {
            kind: ActorKind::Token,
            id: self.id.as_str().into(),
            name: self.name.as_str().into(),
            org: self.org.clone(),
            scope: self.org.clone(),
            permissions: Arc::new(role::permissions_of(&[&self.role], all)),
            roles: [self.role.clone()].into(),
            channel: None,
        }
    }
}

/// Ends a token, and the event subscriptions made with it.
pub fn revoke(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let row = tx.query_one(&GET, params![id])?;
    tx.must_see(row.str(2))?;
    if tx.execute(&REVOKE, params![id, tx.now()])? == 0 {
        return Err(Problem::not_found());
    }
    http::hub::forget_owner(tx, id)?;
    let org = OrgPath::parse(row.str(2))?;
    let detail = json!({"name": row.str(0), "role": row.str(1)});
    tx.emit(
        Event::new("ApiTokenDeleteEvent", "tokens", id, 2, &org)
            .payload(json!({"token": detail}))
            .audit(detail.clone()),
    )
}

pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let text = format!(
        "SELECT id, name, role, org, created_by, created_at, expires_at, revoked_at FROM api_token{} ORDER BY id DESC LIMIT 500",
        filter.to_where()
    );
    let one = |row: &store::Row| {
        json!({
            "id": row.str(0), "name": row.str(1), "role": row.str(2), "org": row.str(3), "createdBy": row.str(4),
            "createdAt": row.time(5), "expiresAt": row.opt_time(6), "revokedAt": row.opt_time(7),
        })
    };
    Ok(tx.query(&text, &filter.binds)?.iter().map(one).collect())
}
