//! Launches over HTTP.

use super::{Draft, Launch, State, check, compare, draft, preview};
use crate::resources::{APPROVE, LAUNCH, PRODUCT_OFFERING, READ};
use axum::extract::Path;
use http::{Access, Answer, Body, Ctx, Reply, Route, tmf};
use kernel::{Problem, Result, codes};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Filter, Tx};

pub(crate) fn routes() -> Vec<Route> {
    let (reads, designs, approves) = (Access::Needs(READ), Access::Needs(LAUNCH), Access::Needs(APPROVE));
    vec![
        Route::get("/api/v1/catalog/launches", reads, list)
            .doc("Launches, the last changed first")
            .parameter("state", "draft, submitted, approved, live, refused or blocked; several with commas")
            .parameter("mine", "true: only my own")
            .parameter("q", "words in the name"),
        Route::post("/api/v1/catalog/launches", designs, create).doc("Begin a launch"),
        Route::post("/api/v1/catalog/launches/check", designs, check_only).doc("Check a design without storing it"),
        Route::get("/api/v1/catalog/launches/{id}", reads, one).doc("One launch with all objections to it"),
        Route::put("/api/v1/catalog/launches/{id}", designs, change).doc("Store another design"),
        Route::delete("/api/v1/catalog/launches/{id}", designs, delete).doc("Throw a draft away"),
        Route::post("/api/v1/catalog/launches/{id}/submit", designs, submit).doc("Submit for approval"),
        Route::post("/api/v1/catalog/launches/{id}/withdraw", designs, withdraw).doc("Take back what is not live yet"),
        Route::post("/api/v1/catalog/launches/{id}/approve", approves, approve)
            .doc("Approve: it goes on sale, or becomes the next version on its day"),
        Route::post("/api/v1/catalog/launches/{id}/refuse", approves, refuse).doc("Refuse with a reason"),
        Route::get("/api/v1/catalog/offerings/{id}/design", reads, design)
            .doc("The design of an offering, to change or to copy")
            .parameter("version", "of a former version"),
        Route::get("/api/v1/catalog/offerings/{id}/compare", reads, compare_versions)
            .doc("What differs between two versions")
            .parameter("from", "version; the one before where it is not given")
            .parameter("to", "version; the current one where it is not given"),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    design: Draft,
    /// The offering it changes.
    #[serde(default)]
    changes: Option<String>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Note {
    note: String,
    /// The version that was looked at.
    version: Option<i64>,
}

fn brief(launch: &Launch) -> Value {
    json!({
        "id": launch.id, "version": launch.version, "org": launch.org, "state": launch.state.as_str(),
        "name": launch.draft.name, "family": launch.draft.family, "offeringId": launch.offering_id,
        "isChange": launch.base_version.is_some() && launch.state != State::Live,
        "createdBy": launch.created_by, "createdByName": launch.created_by_name, "createdAt": launch.created_at,
        "updatedAt": launch.updated_at, "submittedAt": launch.submitted_at, "decidedByName": launch.decided_by_name,
        "decidedAt": launch.decided_at, "effectiveAt": launch.effective_at, "note": launch.note, "problem": launch.problem,
        "monthlyFen": launch.draft.prices.iter().filter(|p| p.kind == "recurring").map(preview::monthly).sum::<i64>(),
    })
}

fn full(tx: &mut Tx<'_>, launch: &Launch) -> Result<Value> {
    let mut body = brief(launch);
    body["design"] = json!(launch.draft);
    let open = launch.state != State::Live;
    let changes = launch.offering_id.as_deref().filter(|_| open);
    body["problems"] = match open {
        true => json!(check::check(tx, &launch.draft, &launch.org, changes)?),
        false => json!([]),
    };
    body["preview"] = preview::preview(tx, &launch.draft)?;
    body["differences"] = match changes {
        Some(id) => match preview::former(tx, id)? {
            Some(former) => json!(compare::compare(&former, &launch.draft)?),
            None => json!([]),
        },
        None => json!([]),
    };
    Ok(body)
}

fn answer(tx: &mut Tx<'_>, status: u16, launch: &Launch) -> Result<Reply> {
    let body = full(tx, launch)?;
    Ok(Reply::json(status, &body).etag(launch.version))
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(20, 200)?;
    let mut filter = Filter::default();
    filter.scope("org", &ctx.actor);
    if let Some(states) = ctx.parameter("state") {
        let wanted: Vec<String> = states
            .split(',')
            .map(|s| State::parse(s).map(|s| filter.bind(s.as_str())))
            .collect::<Result<_>>()
            .map_err(|_| Problem::new(&codes::QUERY_INVALID).with("detail", "state"))?;
        filter.and(format!("state IN ({})", wanted.join(", ")));
    }
    if ctx.parameter("mine").as_deref() == Some("true") {
        filter.equal("created_by", &*ctx.actor.id);
    }
    for word in ctx.parameter("q").iter().flat_map(|q| q.split_whitespace()).take(8) {
        let bind = filter.bind(crate::desk::pattern(word));
        filter.and(format!("LOWER(name) LIKE {bind} ESCAPE '!'"));
    }
    let (rows, total) = ctx
        .read(move |tx| {
            let condition = filter.to_where();
            let total = tx.query_one(&format!("SELECT COUNT(*) FROM catalog_launch{condition}"), &filter.binds)?.int(0);
            let mut page = filter.clone();
            let (limit, offset) = (page.bind(paging.limit), page.bind(paging.offset));
            let text = format!(
                "SELECT id, version, org, created_at, updated_at, state, name, family, offering_id, base_version, created_by, \
                 created_by_name, changed_by, submitted_at, decided_by, decided_by_name, decided_at, effective_at, note, problem, body \
                 FROM catalog_launch{condition} ORDER BY updated_at DESC, id LIMIT {limit} OFFSET {offset}"
            );
            let rows = tx.query(&text, &page.binds)?;
            let rows = rows.iter().map(|r| super::read(r).map(|l| brief(&l))).collect::<Result<Vec<Value>>>()?;
            Ok((rows, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn create(ctx: Ctx, body: Body<Asked>) -> Answer {
    let asked = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let launch = super::create(tx, asked.design.clone(), asked.changes.clone())?;
        answer(tx, 201, &launch)
    });
    Ok(reply.await?)
}

async fn check_only(ctx: Ctx, body: Body<Asked>) -> Answer {
    let asked = body.value;
    let body = ctx
        .read(move |tx| {
            let mut design = asked.design.clone();
            let org = tx.actor().org.clone();
            super::at_home(&mut design, &org);
            draft::name_parts(tx, &mut design)?;
            let problems = check::check(tx, &design, &org, asked.changes.as_deref())?;
            Ok(json!({"problems": problems, "preview": preview::preview(tx, &design)?}))
        })
        .await?;
    Ok(Reply::ok(&body))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let reply = ctx.read(move |tx| {
        let launch = super::load(tx, &id)?;
        answer(tx, 200, &launch)
    });
    Ok(reply.await?)
}

async fn change(ctx: Ctx, Path(id): Path<String>, body: Body<Asked>) -> Answer {
    let (asked, wanted) = (body.value, ctx.if_match.clone());
    let reply = ctx.write(move |tx| {
        let mut launch = super::load(tx, &id)?;
        http::check_version(wanted.as_deref(), launch.version)?;
        super::change(tx, &mut launch, asked.design.clone())?;
        answer(tx, 200, &launch)
    });
    Ok(reply.await?)
}

async fn delete(ctx: Ctx, Path(id): Path<String>) -> Answer {
    ctx.write(move |tx| {
        let launch = super::load(tx, &id)?;
        super::delete(tx, &launch)
    })
    .await?;
    Ok(Reply::no_content())
}

/// A step of a launch: refuses where somebody changed it after the caller had looked.
async fn step(
    ctx: Ctx,
    id: String,
    body: Body<Note>,
    take: fn(&mut Tx<'_>, &mut Launch, &str) -> Result<()>,
) -> Answer {
    let (note, wanted) = (body.value, ctx.if_match.clone());
    if note.note.chars().count() > 500 {
        return Err(Problem::invalid("note", "> 500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let mut launch = super::load(tx, &id)?;
        http::check_version(wanted.as_deref(), launch.version)?;
        if note.version.is_some_and(|v| v != launch.version) {
            return Err(Problem::new(&codes::CONFLICT));
        }
        take(tx, &mut launch, note.note.trim())?;
        answer(tx, 200, &launch)
    });
    Ok(reply.await?)
}

async fn submit(ctx: Ctx, Path(id): Path<String>, body: Body<Note>) -> Answer {
    step(ctx, id, body, super::submit).await
}

async fn withdraw(ctx: Ctx, Path(id): Path<String>, body: Body<Note>) -> Answer {
    step(ctx, id, body, |tx, launch, _| super::withdraw(tx, launch)).await
}

async fn approve(ctx: Ctx, Path(id): Path<String>, body: Body<Note>) -> Answer {
    step(ctx, id, body, super::approve).await
}

async fn refuse(ctx: Ctx, Path(id): Path<String>, body: Body<Note>) -> Answer {
    step(ctx, id, body, super::refuse).await
}

fn number(ctx: &Ctx, name: &str) -> Result<Option<i64>> {
    let invalid = |_| Problem::new(&codes::QUERY_INVALID).with("detail", name);
    ctx.parameter(name).map(|t| t.parse::<i64>().map_err(invalid)).transpose()
}

async fn design(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let wanted = number(&ctx, "version")?;
    let body = ctx
        .read(move |tx| {
            let doc = tmf::load(tx, &PRODUCT_OFFERING, &id)?;
            let version = wanted.unwrap_or(doc.version);
            let design = compare::version(tx, &id, version)?;
            let own = tx.actor().sees(doc.org.as_str());
            Ok(json!({"offeringId": id, "version": version, "status": doc.text("lifecycleStatus"), "design": design, "changeable": own}))
        })
        .await?;
    Ok(Reply::ok(&body))
}

async fn compare_versions(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let (from, to) = (number(&ctx, "from")?, number(&ctx, "to")?);
    let body = ctx
        .read(move |tx| {
            let to = to.unwrap_or(tmf::load(tx, &PRODUCT_OFFERING, &id)?.version);
            let from = from.unwrap_or((to - 1).max(1));
            let (before, after) = (compare::version(tx, &id, from)?, compare::version(tx, &id, to)?);
            compare::compare(&before, &after)
        })
        .await?;
    Ok(Reply::ok(&body))
}
