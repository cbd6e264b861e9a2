//! Serving: opens the store, starts what runs beside the requests, answers until told to stop.

use super::{Done, ServeArgs, problems};
use crate::health;
use axum::serve::ListenerExt;
use http::{App, Module, Options, build_router};
use kernel::{Actor, Clock, Env, Problem, Result, Timestamp, codes};
use std::{
    net::{SocketAddr, TcpListener, ToSocketAddrs},
    process::ExitCode,
    time::Duration,
};
use store::Db;
use tokio::{signal::unix::SignalKind, task::JoinSet};
use tracing_subscriber::EnvFilter;

/// The disk failed and what it holds is unknown (`EX_IOERR`): whoever watches the process should start it again.
const DISK_FAILED: u8 = 74;
/// Requests under way when the server is told to stop get this long.
const GRACE: Duration = Duration::from_secs(10);
/// … and the background work this long.
const GRACE_BESIDE: Duration = Duration::from_secs(1);

pub fn run(args: &ServeArgs) -> Done {
    log();
    let listener = bind(args)?;
    let _held = args.place.hold()?;
    let (db, modules) = args.place.open(env(args)?)?;
    with_store(args, listener, db, modules)
}

/// Serves a store that is open already.
pub fn with_store(args: &ServeArgs, listener: TcpListener, db: Db, modules: Vec<Module>) -> Done {
    args.radius.apply(&db)?;
    super::identity::prepare(&db, &args.place);
    args.southbound.apply(&db, &args.place.data)?;
    args.pricing.apply(&db)?;
    args.messages.apply(&db)?;
    let link = db.write_blocking(Actor::system(), access::setup_link)?;
    let address = listener.local_addr().map_err(|e| Problem::new(&problems::LISTEN).because(e))?;
    let own = format!("http://{address}");
    db.write_blocking(Actor::system(), move |tx| portability::simulator::connect(tx, &own))?;
    let options = Options {
        callback_hosts: args.allow_callback.clone(),
        secure_cookies: args.secure_cookies,
        ..Options::default()
    };
    let app = App::new(db, Box::new(access::Auth::new(&modules)), options, &modules);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Problem::internal)?;
    runtime.spawn(args.backups.clone().run(app.db().clone()));
    let code = runtime.block_on(serve(app, modules, listener, || {
        if let Some(token) = &link {
            println!("还没有管理员，请在 24 小时内打开 / No administrator yet; within 24 hours open: http://{address}/setup/{token}");
        }
        println!("listening on http://{address}");
        println!("ready http://{address}");
    }));
    runtime.shutdown_timeout(GRACE_BESIDE);
    code
}

async fn serve(app: App, modules: Vec<Module>, listener: TcpListener, ready: impl FnOnce()) -> Done {
    health::recorder();
    let mut beside = JoinSet::new();
    let mut running = Vec::new();
    for work in modules.iter().flat_map(|m| &m.background) {
        let (name, body) = (work.name, (work.run)(app.clone()));
        running.push(name);
        beside.spawn(async move {
            body.await;
            name
        });
    }
    let router = build_router(&app, modules);
    listener.set_nonblocking(true).map_err(Problem::internal)?;
    let listener = tokio::net::TcpListener::from_std(listener).map_err(Problem::internal)?.tap_io(|stream| {
        let _ = stream.set_nodelay(true); // only slower without
    });
    let stopping = app.clone();
    let server = axum::serve(listener, router).with_graceful_shutdown(async move { stopping.stopped().await });
    let server = tokio::spawn(server.into_future());
    ready();
    let (code, grace) = tokio::select! {
        () = told_to_stop() => (ExitCode::SUCCESS, GRACE),
        () = disk_failed(&app) => {
            eprintln!("磁盘写入失败，服务停止 / the disk failed: stopping so that nothing unsaved is acknowledged");
            // Nothing can be saved any more: only the answers under way are worth waiting for.
            (ExitCode::from(DISK_FAILED), Duration::from_millis(500))
        }
    };
    app.stop();
    let _ = tokio::time::timeout(grace, server).await; // a reader that never ends must not hold the process
    // What runs beside is durable: whatever does not end by itself goes on at the next start.
    let ended = async {
        while let Some(done) = beside.join_next().await {
            running.retain(|name| done.as_ref().ok() != Some(name));
        }
    };
    if tokio::time::timeout(grace.min(GRACE_BESIDE), ended).await.is_err() {
        tracing::info!(?running, "cut short");
    }
    tracing::info!("stopped");
    Ok(code)
}

async fn told_to_stop() {
    let on = |kind| tokio::signal::unix::signal(kind);
    match (on(SignalKind::terminate()), on(SignalKind::interrupt())) {
        (Ok(mut term), Ok(mut interrupt)) => tokio::select! {
            _ = term.recv() => {}
            _ = interrupt.recv() => {}
        },
        _ => std::future::pending().await,
    }
}

async fn disk_failed(app: &App) {
    while app.db().healthy() {
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

/// Takes the port before the store is opened: a second server on it fails at once.
pub fn bind(args: &ServeArgs) -> Result<TcpListener> {
    let refused = |e: std::io::Error| Problem::new(&problems::LISTEN).with("value", &args.listen).because(e);
    let addresses: Vec<SocketAddr> = args.listen.to_socket_addrs().map_err(refused)?.collect();
    if !args.allow_remote && addresses.iter().any(|a| !a.ip().is_loopback()) {
        return Err(Problem::new(&problems::REMOTE).with("value", &args.listen));
    }
    TcpListener::bind(&addresses[..]).map_err(refused)
}

pub fn env(args: &ServeArgs) -> Result<Env> {
    match &args.clock {
        None => Ok(Env::system()),
        Some(text) => {
            let at = Timestamp::parse(text).map_err(|_| Problem::new(&codes::TIME_INVALID).with("value", text))?;
            Ok(Env::at(Clock::fixed(at)))
        }
    }
}

/// Logs go to the standard error; `YITAI_LOG=debug` says more.
pub fn log() {
    let filter = EnvFilter::try_from_env("YITAI_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let _ = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init(); // a test may have its own
}
