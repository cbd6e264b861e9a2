//! The system under test.

use crate::{
    auth::{Actors, TestAuth},
    client::Client,
    digest::Digest,
    place::{DATABASE_URL, Place},
};
use http::{App, Authenticate, Module, Options, axum::Router, build_router};
use kernel::{Actor, ActorKind, Clock, Env, OrgPath, Perm, Result, Timestamp};
use std::{collections::BTreeSet, future::Future, net::SocketAddr, ops::Deref, path::Path, sync::Arc};
use store::{Db, Engine, Migration, Tx};

/// What is under test. The test binary says so once, in `crate::system()`; this crate cannot know the modules.
#[derive(Clone, Copy)]
pub struct System {
    pub modules: fn() -> Vec<Module>,
    /// The real authentication, asked for requests of [`Client::anonymous`] and those with a real cookie or token.
    pub auth: fn(&[Module]) -> Option<Box<dyn Authenticate>>,
    /// The rights of a role out of all there are, for [`Client::as_role`].
    pub permissions_of: fn(role: &str, all: &[Perm]) -> BTreeSet<String>,
    /// One round of the background work (sagas, jobs, deliveries); says how much it did, so that 0 means quiet.
    pub round: fn(App) -> http::BoxFuture<'static, Result<usize>>,
    /// Records that every story may count on: the organisation tree.
    pub prepare: fn(&mut Tx<'_>) -> Result<()>,
}

pub(crate) struct Shared {
    pub system: System,
    pub router: Router,
    pub actors: Actors,
    app: App,
    pub permissions: Vec<Perm>,
}

impl Shared {
    /// A clerk's place with every right there is.
    pub fn everything(&self) -> Actor {
        Actor {
            kind: ActorKind::Staff,
            id: "tester".into(),
            name: "测试员".into(),
            org: OrgPath::parse("/cn/44/4401/h001").expect("an organisation path"),
            scope: OrgPath::root(),
            permissions: Arc::new(self.permissions.iter().map(|p| p.name.to_owned()).collect()),
            roles: ["admin".to_owned()].into(),
            channel: None,
        }
    }
}

/// One whole application with its own records. It is also a [`Client`] that holds every right and sees everything.
#[derive(Clone)]
pub struct TestApp {
    client: Client,
    dir: Arc<Path>,
    database_url: Option<Arc<str>>,
}

impl Deref for TestApp {
    type Target = Client;
    fn deref(&self) -> &Client {
        &self.client
    }
}

/// The morning on which every story begins.
const BEGIN: &str = "2026-11-22T10:00:00+08:00";

pub(crate) fn begin() -> Timestamp {
    Timestamp::parse(BEGIN).expect("a time")
}

/// The tables of the whole system.
fn migrations(modules: &[Module]) -> Vec<Migration> {
    let mut all = store::MIGRATIONS.to_vec();
    all.extend(modules.iter().flat_map(|m| m.migrations));
    all
}

/// Tells one story on one engine. Called by `#[both_databases]`.
pub fn run<F, R>(engine: Engine, system: fn() -> System, story: F)
where
    F: FnOnce(TestApp) -> R,
    R: Future<Output = ()>,
{
    let system = system();
    let modules = (system.modules)();
    let Some(place) = Place::make(engine, &migrations(&modules)) else {
        println!("skipped: no PostgreSQL (run through cargo xtask test, or set {DATABASE_URL})");
        return;
    };
    // The store blocks while it opens, and PostgreSQL's driver has a runtime of its own: both before ours starts.
    let app = TestApp::open(&place, system, modules);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    runtime.block_on(story(app));
    drop(runtime); // ends background tasks, and with them the last handles to the store
}

/// A second application beside the one of the story, with records of its own: another server to talk to.
pub struct Beside {
    app: Option<TestApp>,
    /// Gone after the application.
    place: Option<Place>,
}

impl Beside {
    pub fn app(&self) -> &TestApp {
        self.app.as_ref().expect("kept until it is dropped")
    }
}

impl Drop for Beside {
    fn drop(&mut self) {
        let (app, place) = (self.app.take(), self.place.take());
        // A store ends blocking, which the thread of the story must not.
        let _ = std::thread::spawn(move || drop((app, place))).join();
    }
}

impl TestApp {
    /// Another application of the same build, on SQLite.
    pub fn beside(&self) -> Beside {
        let system = self.shared().system;
        let made = std::thread::spawn(move || {
            let place = Place::make(Engine::Sqlite, &[]).expect("SQLite is always at hand");
            (Self::open(&place, system, (system.modules)()), place)
        });
        let (app, place) = made.join().expect("a second application");
        Beside { app: Some(app), place: Some(place) }
    }
    fn open(place: &Place, system: System, modules: Vec<Module>) -> Self {
        let env = Env::seeded(Clock::fixed(begin()), 1);
        let db = Db::open(&place.config(), env, &migrations(&modules)).expect("a fresh database");
        let prepare = system.prepare;
        db.write_blocking(Actor::system(), prepare).expect("the records every story counts on");
        let actors = Actors::default();
        let auth = TestAuth { actors: actors.clone(), real: (system.auth)(&modules) };
        let options = Options { callback_hosts: vec!["127.0.0.1".into()], ..Options::default() };
        let app = App::new(db, Box::new(auth), options, &modules);
        let declared = modules.iter().flat_map(|m| m.permissions).copied();
        let asked = app.routes().iter().filter_map(|r| match r.access {
            http::Access::Needs(perm) => Some(perm),
            _ => None,
        });
        let permissions = declared.chain(asked).collect();
        let router = build_router(&app, modules);
        let shared = Arc::new(Shared { system, router, actors, app, permissions });
        let everything = shared.everything();
        Self {
            client: Client::new(shared, Some(everything)),
            dir: place.dir().into(),
            database_url: place.database_url().map(Into::into),
        }
    }

    fn shared(&self) -> &Arc<Shared> {
        &self.client.shared
    }
    pub fn app(&self) -> &App {
        &self.shared().app
    }
    pub fn db(&self) -> &Db {
        self.app().db()
    }
    pub fn engine(&self) -> Engine {
        self.db().engine()
    }
    /// A directory of this test's own, for files it makes.
    pub fn dir(&self) -> &Path {
        &self.dir
    }
    /// Where its records are, on PostgreSQL; further options may be added to its end.
    pub fn database_url(&self) -> Option<&str> {
        self.database_url.as_deref()
    }
    pub fn now(&self) -> Timestamp {
        self.db().env().now()
    }
    /// Moves the clock, and does not run what became due: that is [`settle`](Self::settle).
    pub fn advance(&self, seconds: i64) {
        self.db().env().clock().advance(seconds);
    }

    /// Runs an operation as the system, past the web side: for what a story needs and no route gives.
    pub async fn write<R, F>(&self, operation: F) -> R
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        self.try_write(operation).await.unwrap_or_else(|p| panic!("{p:?}"))
    }
    pub async fn try_write<R, F>(&self, operation: F) -> Result<R>
    where
        F: FnMut(&mut Tx<'_>) -> Result<R> + Send + 'static,
        R: Send + 'static,
    {
        self.db().write(Actor::system_at(self.actor().org), operation).await
    }
    /// The first column of the first row of a count or sum, in the common dialect.
    pub async fn count(&self, sql: &str) -> i64 {
        let sql = sql.to_owned();
        let counted = self.db().read(Actor::system(), move |tx| Ok(tx.query_one(&sql, &[])?.int(0))).await;
        counted.unwrap_or_else(|p| panic!("{p:?}"))
    }

    /// Runs everything that goes on in the background until there is nothing left to do at this time of the clock.
    pub async fn settle(&self) {
        for _ in 0..500 {
            let placed = store::sequence(self.db()).await.expect("the sequencer");
            let done = (self.shared().system.round)(self.app().clone()).await.expect("a round of background work");
            if placed + done == 0 {
                return;
            }
        }
        panic!("the background work does not come to rest");
    }
    /// Starts what a server runs beside the requests, for stories about live pages and deliveries.
    pub fn start_background(&self) {
        for work in (self.shared().system.modules)().into_iter().flat_map(|m| m.background) {
            tokio::spawn((work.run)(self.app().clone()));
        }
    }
    /// Serves on a free port of the loopback interface, for what only a socket shows.
    pub async fn listen(&self) -> SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let router = self.shared().router.clone();
        tokio::spawn(async move { http::axum::serve(listener, router).await });
        address
    }

    pub async fn digest(&self) -> Digest {
        Digest::take(self.db()).await
    }
}
