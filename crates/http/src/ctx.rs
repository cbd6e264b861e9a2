//! The context of one request: who, in which language, and the only doors to the records.

use crate::{App, Caller, Error, Reply, app::language, problems};
use axum::{
    extract::{FromRequestParts, RawQuery},
    http::request::Parts,
};
use kernel::{Actor, Lang, Problem, Result, Timestamp, codes};
use serde::de::DeserializeOwned;
use std::{
    convert::Infallible,
    future::Future,
    sync::{Arc, Mutex, PoisonError},
};
use store::Tx;

/// An operation that can be handed over again.
type Operation<R> = Box<dyn FnMut(&mut Tx<'_>) -> Result<R> + Send>;

/// What one request may have to fetch from outside: a price for each of its steps.
const MOST_FETCHES: u32 = 4;

pub struct Ctx {
    pub app: App,
    pub actor: Actor,
    pub lang: Lang,
    /// The session or token behind the actor; empty on public routes.
    pub session: Arc<str>,
    /// The path of the request, without query.
    pub path: String,
    pub query: String,
    pub if_match: Option<String>,
    key: Option<String>,
    method: String,
}

impl FromRequestParts<App> for Ctx {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let header = |name: &str| parts.headers.get(name).and_then(|v| v.to_str().ok()).map(str::to_owned);
        let key = header("idempotency-key");
        if key.as_ref().is_some_and(|k| k.is_empty() || k.len() > 200 || !k.bytes().all(|b| b.is_ascii_graphic())) {
            return Err(Problem::new(&problems::KEY_INVALID).into());
        }
        let caller = parts.extensions.get::<Caller>();
        // A public route acts as nobody: the system's identity without any right to see or do.
        let nobody = || Actor { kind: kernel::ActorKind::Staff, id: "".into(), name: "".into(), ..Actor::system() };
        let mut actor = caller.map_or_else(nobody, |c| c.actor.clone());
        // A machine sells for somebody: the online shop, an agent's system. Staff sell where they sit.
        if actor.kind == kernel::ActorKind::Token {
            actor.channel = header("x-channel").map(|c| c.trim().chars().take(40).collect::<String>().into());
        }
        Ok(Self {
            app: app.clone(),
            actor,
            session: caller.map_or_else(|| "".into(), |c| c.session.clone()),
            lang: language(&parts.headers),
            path: parts.uri.path().to_owned(),
            query: parts.uri.query().unwrap_or("").to_owned(),
            if_match: header("if-match"),
            method: parts.method.to_string(),
            key,
        })
    }
}

impl Ctx {
    pub fn now(&self) -> Timestamp {
        self.app.db().env().now()
    }
    /// Reads on one snapshot.
    pub async fn read<R, F>(&self, operation: F) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        self.again(operation, |op| self.app.db().read(self.actor.clone(), op)).await
    }
    /// A look-up by key (see [`store::Db::peek`]).
    pub async fn peek<R, F>(&self, operation: F) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        self.app.db().peek(self.actor.clone(), operation).await
    }
    /// Changes records; answered when durable.
    pub async fn write<R, F>(&self, operation: F) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        self.again(operation, |op| self.app.db().write(self.actor.clone(), op)).await
    }
    /// Runs an operation; where it needs to know something from outside, that is fetched and it runs again.
    async fn again<R, F, D, W>(&self, operation: F, run: D) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        D: Fn(Operation<R>) -> W,
        W: Future<Output = Result<R>>,
    {
        let operation = Arc::new(Mutex::new(operation));
        let mut fetches = 0;
        loop {
            let same = operation.clone();
            let once = move |tx: &mut Tx<'_>| (same.lock().unwrap_or_else(PoisonError::into_inner))(tx);
            match run(Box::new(once)).await {
                Err(refused) => match self.app.answers(&refused) {
                    Some(fetch) if fetches < MOST_FETCHES => {
                        fetches += 1;
                        (fetch.run)(self.app.clone(), refused).await?;
                    }
                    _ => return Err(refused),
                },
                done => return done,
            }
        }
    }
    /// Like [`write`](Self::write) for a request that creates something: under an `Idempotency-Key` it happens once, and a
    /// repeat gets the first answer.
    pub async fn create<F>(&self, fingerprint: &str, mut operation: F) -> Result<Reply>
    where
        F: FnMut(&mut Tx<'_>) -> Result<Reply> + Send + 'static,
    {
        let Some(key) = self.key.clone() else { return self.write(operation).await };
        let fingerprint = format!("{} {} {fingerprint}", self.method, self.path);
        let (again, same) = (key.clone(), fingerprint.clone());
        let done = self.write(move |tx| {
            if let Some(stored) = tx.replay(&key, &fingerprint)? {
                return Ok(Reply::from_stored(stored));
            }
            let reply = operation(tx)?;
            tx.remember(&key, &fingerprint, &reply.stored())?;
            Ok(reply)
        });
        match done.await {
            // The same request may have been done at the same moment: then what it took is why this one was refused.
            Err(problem) if problem.code.status < 500 => match self.peek(move |tx| tx.replay(&again, &same)).await? {
                Some(stored) => Ok(Reply::from_stored(stored)),
                None => Err(problem),
            },
            done => done,
        }
    }
    /// Fails with 412 where the caller named another version than the record has.
    pub fn check_version(&self, version: i64) -> Result<()> {
        check_version(self.if_match.as_deref(), version)
    }
    /// The decoded query parameters, in order.
    pub fn parameters(&self) -> Vec<(String, String)> {
        url::form_urlencoded::parse(self.query.as_bytes()).into_owned().collect()
    }
    pub fn parameter(&self, name: &str) -> Option<String> {
        self.parameters().into_iter().find(|(n, v)| n == name && !v.is_empty()).map(|(_, v)| v)
    }
    /// `offset` and `limit` of an own list (TMF lists have their own parser).
    pub fn paging(&self, default: i64, max: i64) -> Result<Paging> {
        let number = |name: &str, default: i64, max: i64| match self.parameter(name) {
            None => Ok(default),
            Some(text) => text
                .parse::<i64>()
                .ok()
                .filter(|n| *n >= 0)
                .map(|n| n.min(max))
                .ok_or_else(|| Problem::new(&codes::QUERY_INVALID).with("detail", name)),
        };
        Ok(Paging { offset: number("offset", 0, i64::MAX)?, limit: number("limit", default, max)? })
    }
}

#[derive(Clone, Copy, Debug)]
pub struct Paging {
    pub offset: i64,
    pub limit: i64,
}

/// Fails with 412 where an `If-Match` names another version: `"3"`, `W/"3"`, `3`, `*` and lists of them.
pub fn check_version(if_match: Option<&str>, version: i64) -> Result<()> {
    let Some(text) = if_match else { return Ok(()) };
    let wanted = version.to_string();
    let hit =
        text.split(',').map(|t| t.trim().trim_start_matches("W/").trim_matches('"')).any(|t| t == "*" || t == wanted);
    if hit { Ok(()) } else { Err(Problem::new(&codes::PRECONDITION)) }
}

/// Query parameters parsed into `T`; unknown ones are ignored.
pub struct Query<T>(pub T);

impl<T: DeserializeOwned> FromRequestParts<App> for Query<T> {
    type Rejection = Error;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let raw: Result<RawQuery, Infallible> = RawQuery::from_request_parts(parts, app).await;
        let text = raw.ok().and_then(|RawQuery(q)| q).unwrap_or_default();
        let uri =
            format!("/?{text}").parse().map_err(|_| Problem::new(&codes::QUERY_INVALID).with("detail", "encoding"))?;
        match axum::extract::Query::<T>::try_from_uri(&uri) {
            Ok(axum::extract::Query(value)) => Ok(Self(value)),
            Err(e) => Err(Problem::new(&codes::QUERY_INVALID).with("detail", &e.to_string()).into()),
        }
    }
}
