//! From the credentials of a request to its actor.

use crate::{session, staff, token};
use http::{Authenticate, Caller, Module, axum::http::HeaderMap};
use kernel::{Actor, Perm, Result, Timestamp};
use std::{
    collections::HashMap,
    future::Future,
    pin::Pin,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use store::{Db, Tx};

/// A revoked right holds for so long at most in another process on the same database; in this one it ends at once.
const KEEP: Duration = Duration::from_secs(3);
const KEEP_AT_MOST: usize = 10_000;
/// The session's last use is written down this often, not with every request.
const SEEN_EVERY_SECONDS: i64 = 60;

/// Sessions by cookie, tokens by `Authorization: Bearer`.
pub struct Auth {
    all: Vec<Perm>,
    recent: Mutex<HashMap<String, Recent>>,
    /// Counts what was forgotten: a look-up that began before must not be kept after.
    forgotten: AtomicU64,
}

struct Recent {
    caller: Caller,
    until: Instant,
    ends: Option<Timestamp>,
}

/// What a request carries.
enum Credential<'h> {
    Session(&'h str),
    Token(&'h str),
}

impl Auth {
    /// `modules` declare the rights that roles are made of.
    pub fn new(modules: &[Module]) -> Self {
        Self { all: http::permissions(modules), recent: Mutex::default(), forgotten: AtomicU64::new(0) }
    }

    fn recent(&self, key: &str, now: Timestamp) -> Option<Caller> {
        let recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let hit = recent.get(key)?;
        let fresh = hit.until > Instant::now() && hit.ends.is_none_or(|ends| ends > now);
        fresh.then(|| hit.caller.clone())
    }
    fn keep(&self, key: String, caller: &Caller, ends: Option<Timestamp>, began: u64) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        if self.forgotten.load(Ordering::Acquire) != began {
            return;
        }
        if recent.len() >= KEEP_AT_MOST {
            recent.clear();
        }
        recent.insert(key, Recent { caller: caller.clone(), until: Instant::now() + KEEP, ends });
    }

    async fn find(&self, db: &Db, headers: &HeaderMap) -> Result<Option<Caller>> {
        let Some(credential) = credential(headers) else { return Ok(None) };
        let (Credential::Session(secret) | Credential::Token(secret)) = credential;
        let key = session::hashed(secret);
        if let Some(caller) = self.recent(&key, db.env().now()) {
            return Ok(Some(caller));
        }
        let began = self.forgotten.load(Ordering::Acquire);
        let found = match credential {
            Credential::Session(secret) => self.by_session(db, &key, secret).await?,
            Credential::Token(_) => self.by_token(db, &key).await?,
        };
        let Some((caller, ends)) = found else { return Ok(None) };
        self.keep(key, &caller, ends, began);
        Ok(Some(caller))
    }

    async fn by_session(&self, db: &Db, key: &str, secret: &str) -> Result<Option<(Caller, Option<Timestamp>)>> {
        let id = key.to_owned();
        let found = db.peek(Actor::system(), move |tx| both(tx, &id)).await?;
        let Some((session, staff)) = found else { return Ok(None) };
        if db.env().now().seconds_since(session.seen_at) >= SEEN_EVERY_SECONDS {
            let id = key.to_owned();
            db.write(Actor::system(), move |tx| session::seen(tx, &id)).await?;
        }
        let caller =
            Caller { actor: staff.actor(&self.all), csrf: Some(session::csrf(secret).into()), session: key.into() };
        Ok(Some((caller, Some(session.ends))))
    }

    async fn by_token(&self, db: &Db, key: &str) -> Result<Option<(Caller, Option<Timestamp>)>> {
        let hash = key.to_owned();
        let found = db.peek(Actor::system(), move |tx| token::find(tx, &hash)).await?;
        Ok(found.map(|token| {
            let ends = token.expires_at;
            (Caller { actor: token.actor(&self.all), csrf: None, session: token.id.into() }, ends)
        }))
    }
}

fn both(tx: &mut Tx<'_>, id: &str) -> Result<Option<(session::Session, staff::Staff)>> {
    let Some(session) = session::find(tx, id)? else { return Ok(None) };
    let staff = staff::by_id(tx, &session.staff_id)?;
    Ok(staff.filter(|s| s.active).map(|s| (session, s)))
}

/// A bearer token goes before a cookie: a request that carries one was not sent by a page.
fn credential(headers: &HeaderMap) -> Option<Credential<'_>> {
    if let Some(header) = headers.get("authorization").and_then(|v| v.to_str().ok()) {
        let (scheme, token) = header.split_once(' ')?;
        return scheme.eq_ignore_ascii_case("bearer").then(|| Credential::Token(token.trim()));
    }
    let cookies = headers.get_all("cookie").iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    let mut pairs = cookies.filter_map(|c| c.trim().split_once('='));
    pairs.find(|(name, _)| *name == session::COOKIE).map(|(_, value)| Credential::Session(value))
}

impl Authenticate for Auth {
    fn authenticate<'a>(
        &'a self,
        db: &'a Db,
        headers: &'a HeaderMap,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>>> + Send + 'a>> {
        Box::pin(self.find(db, headers))
    }
    fn forget(&self, id: &str) {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        self.forgotten.fetch_add(1, Ordering::AcqRel);
        recent.retain(|key, r| key != id && &*r.caller.session != id && &*r.caller.actor.id != id);
    }
}
