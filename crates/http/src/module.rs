//! What a crate contributes to the system.

use crate::App;
use axum::{
    handler::Handler,
    http::Method,
    routing::{MethodFilter, MethodRouter, on},
};
use futures_util::future::BoxFuture;
use kernel::{Code, Perm};
use serde_json::Value;
use store::Migration;

/// Registered once, in `server`'s list of modules: reading that list is reading the system.
#[derive(Default)]
pub struct Module {
    pub name: &'static str,
    pub routes: Vec<Route>,
    pub migrations: &'static [Migration],
    pub problems: &'static [&'static Code],
    pub permissions: &'static [Perm],
    pub background: Vec<Background>,
    pub checks: Vec<Check>,
    /// What can fetch from outside what an operation was refused for.
    pub answers: Vec<Fetch>,
}

/// Every right that the modules declare or ask for, each once.
pub fn permissions(modules: &[Module]) -> Vec<Perm> {
    let asked = modules.iter().flat_map(|m| &m.routes).filter_map(|route| match route.info.access {
        Access::Needs(perm) => Some(perm),
        Access::Public | Access::LoggedIn => None,
    });
    let mut all: Vec<Perm> = modules.iter().flat_map(|m| m.permissions).copied().chain(asked).collect();
    all.sort_by_key(|p| p.name);
    all.dedup_by_key(|p| p.name);
    all
}

/// One thing that must hold in a sound store; `yitai check` runs them all.
#[derive(Clone, Copy)]
pub struct Check {
    pub name: &'static str,
    /// Returns what is wrong, one line each; empty where all is well.
    pub run: fn(&mut store::Tx<'_>) -> kernel::Result<Vec<String>>,
}

/// Work that runs beside the requests for as long as the server does: sequencer, saga runner, deliveries.
pub struct Background {
    pub name: &'static str,
    pub run: fn(App) -> BoxFuture<'static, ()>,
}

/// A transaction waits for no network: an operation that needs to know something from outside is refused with `code`, the
/// answer is fetched, and the operation runs again.
#[derive(Clone, Copy)]
pub struct Fetch {
    pub code: &'static Code,
    pub run: fn(App, kernel::Problem) -> BoxFuture<'static, kernel::Result<()>>,
}

/// Who may call a route.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Access {
    /// Anybody: log-in, health.
    Public,
    /// Anybody who is logged in.
    LoggedIn,
    Needs(Perm),
}

/// A route without its handler: for the API description and the tests that walk all routes.
#[derive(Clone, Debug)]
pub struct RouteInfo {
    pub method: Method,
    pub path: String,
    pub access: Access,
    pub summary: String,
    pub tag: String,
    /// Query parameters worth naming, as `(name, meaning)`.
    pub parameters: Vec<(&'static str, &'static str)>,
    /// An example or JSON schema of the body, where there is one.
    pub body: Option<Value>,
    /// The document resource behind the route, where there is one.
    pub resource: Option<&'static crate::tmf::Resource>,
}

pub struct Route {
    pub info: RouteInfo,
    pub handler: MethodRouter<App>,
}

impl Route {
    pub fn new<H, T>(method: Method, path: impl Into<String>, access: Access, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let path = path.into();
        let filter = MethodFilter::try_from(method.clone()).unwrap_or(MethodFilter::TRACE);
        let tag = path.split('/').find(|p| !matches!(*p, "" | "api" | "v1" | "tmf-api")).unwrap_or("").to_owned();
        let info = RouteInfo {
            method,
            path,
            access,
            summary: String::new(),
            tag,
            parameters: Vec::new(),
            body: None,
            resource: None,
        };
        Self { info, handler: on(filter, handler) }
    }
    pub fn get<H: Handler<T, App>, T: 'static>(path: impl Into<String>, access: Access, handler: H) -> Self {
        Self::new(Method::GET, path, access, handler)
    }
    pub fn post<H: Handler<T, App>, T: 'static>(path: impl Into<String>, access: Access, handler: H) -> Self {
        Self::new(Method::POST, path, access, handler)
    }
    pub fn put<H: Handler<T, App>, T: 'static>(path: impl Into<String>, access: Access, handler: H) -> Self {
        Self::new(Method::PUT, path, access, handler)
    }
    pub fn patch<H: Handler<T, App>, T: 'static>(path: impl Into<String>, access: Access, handler: H) -> Self {
        Self::new(Method::PATCH, path, access, handler)
    }
    pub fn delete<H: Handler<T, App>, T: 'static>(path: impl Into<String>, access: Access, handler: H) -> Self {
        Self::new(Method::DELETE, path, access, handler)
    }
    /// One line that says what the route does.
    pub fn doc(mut self, summary: impl Into<String>) -> Self {
        self.info.summary = summary.into();
        self
    }
    pub fn parameter(mut self, name: &'static str, meaning: &'static str) -> Self {
        self.info.parameters.push((name, meaning));
        self
    }
    /// An example body, shown in the API description.
    pub fn body(mut self, example: Value) -> Self {
        self.info.body = Some(example);
        self
    }
}
