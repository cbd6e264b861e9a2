//! Addresses at the desk: suggestions while somebody types, coverage, and a clear answer.

use super::{
    address::{self, ADDRESS, VALIDATION},
    coverage::{self, Coverage},
    qualification::{CHECK, QUERY},
    site::SITE,
};
use crate::{PLACE_READ, PLACE_WRITE};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path, tmf};
use kernel::Problem;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Event;

pub(crate) fn routes() -> Vec<Route> {
    let (reads, writes) = (Access::Needs(PLACE_READ), Access::Needs(PLACE_WRITE));
    let mut routes = vec![
        Route::get("/api/v1/addresses", reads, list)
            .doc("Addresses in which every word occurs")
            .parameter("q", "words of the address")
            .parameter("limit", "at most 50"),
        Route::get("/api/v1/addresses/{id}/coverage", reads, show).doc("By what the network reaches an address"),
        Route::put("/api/v1/addresses/{id}/coverage", writes, cover)
            .doc("Note that a technology reaches an address, or why it does not for the moment")
            .body(json!({"technology": "ftth", "device": "OLT-GZ-01", "maxMbps": 1000, "blocked": "", "source": "资源普查"})),
        Route::delete("/api/v1/addresses/{id}/coverage", writes, uncover)
            .doc("A technology does not reach an address any more")
            .parameter("technology", "ftth, lan, adsl, …")
            .parameter("device", "the device it comes from"),
        Route::get("/api/v1/coverage", reads, check)
            .doc("Whether something can be had at an address, why not, and what else")
            .parameter("address", "id or line of the address")
            .parameter("family", "broadband, iptv, fixedVoice, leasedLine, mobile")
            .parameter("mbps", "the speed asked for"),
    ];
    for resource in [&ADDRESS, &VALIDATION, &SITE, &CHECK, &QUERY] {
        routes.extend(tmf::routes(resource));
    }
    routes
}

async fn list(ctx: Ctx) -> Answer {
    let (text, limit) = (ctx.parameter("q").unwrap_or_default(), ctx.paging(20, 50)?.limit);
    let rows = ctx
        .read(move |tx| {
            let found = address::suggest(tx, &text, limit)?;
            let mut rows = Vec::with_capacity(found.len());
            for doc in found {
                let reaches: Vec<Value> = coverage::of_address(tx, &doc.id)?
                    .iter()
                    .map(|c| json!({"technology": c.technology, "maxMbps": c.max_mbps}))
                    .collect();
                let (text, city) = (doc.text("fullAddress"), doc.text("city"));
                rows.push(json!({"id": doc.id, "text": text, "city": city, "org": doc.org, "reachedBy": reaches}));
            }
            Ok(rows)
        })
        .await?;
    Ok(Reply::ok(&rows))
}

fn shown(c: &Coverage) -> Value {
    json!({
        "technology": c.technology, "device": c.device, "maxMbps": c.max_mbps, "blocked": c.blocked, "freePorts": c.free_ports,
    })
}

async fn show(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let rows = ctx
        .read(move |tx| {
            let doc = address::find(tx, &id)?.ok_or_else(Problem::not_found)?;
            coverage::of_address(tx, &doc.id)
        })
        .await?;
    Ok(Reply::ok(&rows.iter().map(shown).collect::<Vec<Value>>()))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Wanted {
    technology: String,
    device: String,
    max_mbps: i64,
    #[serde(default)]
    blocked: String,
    source: String,
}

const TECHNOLOGIES: [&str; 9] = ["ftth", "lan", "adsl", "copper", "fwa", "otn", "sdh", "4g", "5g"];

async fn cover(ctx: Ctx, Path(id): Path<String>, body: Body<Wanted>) -> Answer {
    let wanted = body.value;
    if !TECHNOLOGIES.contains(&wanted.technology.as_str()) {
        return Err(Problem::invalid("technology", &TECHNOLOGIES.join(" | ")).into());
    }
    let device = wanted.device.trim().to_owned();
    if device.is_empty() || device.chars().count() > 60 {
        return Err(Problem::invalid("device", "1–60").into());
    }
    if !(0..=100_000).contains(&wanted.max_mbps) {
        return Err(Problem::invalid("maxMbps", "0–100000").into());
    }
    if wanted.source.trim().is_empty() {
        return Err(Problem::missing("source").into());
    }
    let rows = ctx
        .write(move |tx| {
            let doc = address::find(tx, &id)?.ok_or_else(Problem::not_found)?;
            coverage::must_keep(tx, &doc.org)?;
            let line = Coverage {
                technology: wanted.technology.clone(),
                device: device.clone(),
                max_mbps: wanted.max_mbps,
                blocked: wanted.blocked.trim().to_owned(),
                free_ports: None,
            };
            coverage::cover(tx, &doc.id, &line, wanted.source.trim())?;
            let version = tx.now().micros();
            tx.emit(Event::new("CoverageChangeEvent", "coverage", &doc.id, version, &doc.org).audit(shown(&line)))?;
            coverage::of_address(tx, &doc.id)
        })
        .await?;
    Ok(Reply::ok(&rows.iter().map(shown).collect::<Vec<Value>>()))
}

async fn uncover(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let need = |name: &'static str| ctx.parameter(name).ok_or_else(|| Problem::missing(name));
    let (technology, device) = (need("technology")?, need("device")?);
    ctx.write(move |tx| {
        let doc = address::find(tx, &id)?.ok_or_else(Problem::not_found)?;
        coverage::must_keep(tx, &doc.org)?;
        if coverage::uncover(tx, &doc.id, &technology, &device)? == 0 {
            return Err(Problem::not_found());
        }
        let version = tx.now().micros();
        let detail = json!({"technology": technology, "device": device, "removed": true});
        tx.emit(Event::new("CoverageChangeEvent", "coverage", &doc.id, version, &doc.org).audit(detail))
    })
    .await?;
    Ok(Reply::no_content())
}

async fn check(ctx: Ctx) -> Answer {
    let address = ctx.parameter("address").ok_or_else(|| Problem::missing("address"))?;
    let family = ctx.parameter("family").unwrap_or_else(|| "broadband".to_owned());
    let mbps = match ctx.parameter("mbps") {
        None => 0,
        Some(text) => text.parse().ok().filter(|n| *n >= 0).ok_or_else(|| Problem::invalid("mbps", "0–100000"))?,
    };
    Ok(Reply::ok(&ctx.read(move |tx| coverage::qualify(tx, &address, &family, mbps)).await?))
}
