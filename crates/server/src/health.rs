//! Is the process well: `/healthz` for whoever restarts it, `/metrics` for whoever watches it.

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use http::{Access::Public, Answer, App, Background, Ctx, Module, Reply, Route};
use kernel::{Actor, Problem, codes};
use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusHandle};
use serde_json::json;
use std::{sync::OnceLock, time::Duration};
use store::Engine;

pub fn module() -> Module {
    Module {
        name: "health",
        routes: vec![
            Route::get("/healthz", Public, healthz).doc("Ready to serve?"),
            Route::get("/metrics", Public, figures).doc("Figures in the Prometheus text format"),
        ],
        background: vec![Background { name: "metrics", run: |app| Box::pin(keep_folding(app)) }],
        ..Module::default()
    }
}

async fn healthz(ctx: Ctx) -> Answer {
    let db = ctx.app.db();
    if !db.healthy() || ctx.app.is_stopping() {
        return Err(Problem::new(&codes::UNAVAILABLE).into());
    }
    db.peek(Actor::system(), store::last_position).await.map_err(|p| Problem::new(&codes::UNAVAILABLE).because(p))?;
    let engine = match db.engine() {
        Engine::Sqlite => "sqlite",
        Engine::Postgres => "postgres",
    };
    Ok(Reply::ok(&json!({"status": "ready", "engine": engine, "version": env!("CARGO_PKG_VERSION")})))
}

static RECORDER: OnceLock<Option<PrometheusHandle>> = OnceLock::new();

/// The recorder is one for the process, whatever applications run in it.
pub fn recorder() -> Option<&'static PrometheusHandle> {
    const SECONDS: [f64; 12] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 5.0];
    const SIZES: [f64; 8] = [1.0, 2.0, 5.0, 10.0, 25.0, 50.0, 100.0, 500.0];
    let make = || {
        let builder = PrometheusBuilder::new().set_buckets_for_metric(Matcher::Suffix("_seconds".into()), &SECONDS);
        let builder = builder.and_then(|b| b.set_buckets_for_metric(Matcher::Suffix("_size".into()), &SIZES));
        builder.ok()?.install_recorder().ok()
    };
    RECORDER.get_or_init(make).as_ref()
}

async fn figures(ctx: Ctx) -> Response {
    let mut text = recorder().map(PrometheusHandle::render).unwrap_or_default();
    let up = i32::from(ctx.app.db().healthy());
    text.push_str(&format!("# TYPE store_healthy gauge\nstore_healthy {up}\n"));
    let kind = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, kind)], text).into_response()
}

/// Samples pile up until they are folded into their buckets.
async fn keep_folding(app: App) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(5)) => {}
            () = app.stopped() => return,
        }
        if let Some(recorder) = recorder() {
            recorder.run_upkeep();
        }
    }
}
