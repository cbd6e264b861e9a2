//! The running application: what handlers share, and the router made from the modules.

use crate::{Access, Audience, Check, Fetch, Module, RouteInfo, guard};
use axum::{Router, extract::Request, http::HeaderMap, middleware};
use kernel::{Actor, Code, Lang, Perm, Result};
use std::{future::Future, pin::Pin, sync::Arc};
use store::{Db, Delivered};
use tokio::sync::{broadcast, watch};
use tower::util::MapRequest;

/// Shared by all requests. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    db: Db,
    auth: Box<dyn Authenticate>,
    options: Options,
    audience: Audience,
    routes: Vec<RouteInfo>,
    permissions: Vec<Perm>,
    problems: Vec<&'static Code>,
    checks: Vec<Check>,
    answers: Vec<Fetch>,
    stop: watch::Sender<bool>,
    /// Events as they get their position, for live pages.
    events: broadcast::Sender<Arc<Delivered>>,
}

/// What an operator sets.
#[derive(Clone, Debug)]
pub struct Options {
    /// Largest JSON body in bytes, but for routes that take files.
    pub body_limit: usize,
    /// Hosts or networks that webhooks may reach although they are private (tests: `127.0.0.1`).
    pub callback_hosts: Vec<String>,
    /// Cookies are marked `Secure` (behind TLS).
    pub secure_cookies: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { body_limit: 1 << 20, callback_hosts: Vec::new(), secure_cookies: false }
    }
}

/// Who is calling, as found from the request's credentials.
#[derive(Clone, Debug)]
pub struct Caller {
    pub actor: Actor,
    /// What `X-CSRF-Token` must carry on unsafe methods; none for API tokens, which no browser sends by itself.
    pub csrf: Option<Arc<str>>,
    /// The session or token behind the caller.
    pub session: Arc<str>,
}

/// Finds the caller of a request. Implemented by `access`.
pub trait Authenticate: Send + Sync + 'static {
    /// `None`: no credentials, or none that are valid any more.
    fn authenticate<'a>(
        &'a self,
        db: &'a Db,
        headers: &'a HeaderMap,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>>> + Send + 'a>>;
    /// Forgets what is cached of a session, token or staff member.
    fn forget(&self, id: &str);
}

impl App {
    pub fn new(db: Db, auth: Box<dyn Authenticate>, options: Options, modules: &[Module]) -> Self {
        let routes: Vec<RouteInfo> = modules.iter().flat_map(|m| m.routes.iter().map(|r| r.info.clone())).collect();
        let own = kernel::codes::ALL.iter().chain(crate::problems::ALL);
        Self(Arc::new(Inner {
            db,
            auth,
            options,
            audience: Audience::of(&routes),
            routes,
            permissions: crate::permissions(modules),
            problems: own.chain(modules.iter().flat_map(|m| m.problems)).copied().collect(),
            checks: modules.iter().flat_map(|m| m.checks.iter().copied()).collect(),
            answers: modules.iter().flat_map(|m| m.answers.iter().copied()).collect(),
            stop: watch::Sender::new(false),
            events: broadcast::channel(4096).0,
        }))
    }
    pub fn db(&self) -> &Db {
        &self.0.db
    }
    pub fn auth(&self) -> &dyn Authenticate {
        &*self.0.auth
    }
    pub fn options(&self) -> &Options {
        &self.0.options
    }
    /// Every route of every module: the source of `/openapi.json` and of the walk that tests their guards.
    pub fn routes(&self) -> &[RouteInfo] {
        &self.0.routes
    }
    /// Who gets to know of which event.
    pub fn audience(&self) -> &Audience {
        &self.0.audience
    }
    /// Every right that some module declares.
    pub fn permissions(&self) -> &[Perm] {
        &self.0.permissions
    }
    /// Every error code.
    pub fn problems(&self) -> &[&'static Code] {
        &self.0.problems
    }
    /// What must hold in a sound store.
    pub fn checks(&self) -> &[Check] {
        &self.0.checks
    }
    /// What fetches the answer that an operation was refused for, where something does.
    pub(crate) fn answers(&self, refused: &kernel::Problem) -> Option<Fetch> {
        self.0.answers.iter().find(|f| refused.is(f.code)).copied()
    }
    /// Ends the background work and the live streams; requests under way are finished.
    pub fn stop(&self) {
        self.0.stop.send_replace(true);
    }
    /// Resolves once [`stop`](Self::stop) was called.
    pub async fn stopped(&self) {
        let _ = self.0.stop.subscribe().wait_for(|stop| *stop).await; // the sender lives as long as we do
    }
    pub fn is_stopping(&self) -> bool {
        *self.0.stop.borrow()
    }
    pub fn events(&self) -> &broadcast::Sender<Arc<Delivered>> {
        &self.0.events
    }
}

/// The router of all modules, each route behind its guard.
pub fn build_router(app: &App, modules: Vec<Module>) -> Router {
    let mut router = Router::new();
    for route in modules.into_iter().flat_map(|m| m.routes) {
        let access = route.info.access;
        let layer = middleware::from_fn_with_state((app.clone(), access), guard::guard);
        let handler = route.handler.route_layer(layer);
        router = router.route(&route.info.path, handler);
    }
    let fallback_guard = (app.clone(), Access::Public);
    let router = router
        .fallback(guard::unknown)
        .method_not_allowed_fallback(guard::method_not_allowed)
        .layer(middleware::from_fn_with_state(fallback_guard, guard::render))
        .with_state(app.clone());
    // `/service/` is `/service`: some TM Forum clients always send the slash.
    Router::new().fallback_service(MapRequest::new(router, trim_slash))
}

fn trim_slash(mut request: Request) -> Request {
    let uri = request.uri();
    let trimmed = uri.path().trim_end_matches('/');
    if trimmed.len() < uri.path().len() && !trimmed.is_empty() {
        let text = uri.query().map_or_else(|| trimmed.to_owned(), |query| format!("{trimmed}?{query}"));
        if let Ok(uri) = text.parse() {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// The language of a request.
pub(crate) fn language(headers: &HeaderMap) -> Lang {
    headers.get("accept-language").and_then(|v| v.to_str().ok()).map(Lang::accept).unwrap_or_default()
}
