//! Plans over HTTP: designed by one, put into force by another.

use super::{
    Plan, check, import,
    versions::{self, Origin, State, Verb},
};
use crate::{problems, tables::tables};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{OrgPath, Perm, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

pub const READ: Perm = Perm { name: "rating.read", zh: "查看资费方案", en: "See rate plans" };
pub const WRITE: Perm = Perm { name: "rating.write", zh: "编制资费方案", en: "Design rate plans" };
pub const ACTIVATE: Perm = Perm { name: "rating.activate", zh: "启用资费方案", en: "Put rate plans into force" };

sql! {
    ONE = "SELECT id, version, row_version, state, origin, name, name_en, note, body, valid_from, retired_at, created_at, created_by_name, \
           changed_at, changed_by, changed_by_name, activated_at, activated_by_name, \
           (SELECT COUNT(*) FROM rate_assignment a WHERE a.plan_id = p.id AND a.plan_version = p.version AND a.voided_at IS NULL AND a.to_at IS NULL) \
           FROM rate_plan p WHERE id = $1 AND version = $2";
    VERSIONS = "SELECT id, version, row_version, state, origin, name, name_en, note, body, valid_from, retired_at, created_at, created_by_name, \
                changed_at, changed_by, changed_by_name, activated_at, activated_by_name, \
                (SELECT COUNT(*) FROM rate_assignment a WHERE a.plan_id = p.id AND a.plan_version = p.version AND a.voided_at IS NULL AND a.to_at IS NULL) \
                FROM rate_plan p WHERE id = $1 ORDER BY version DESC";
    LOCK = "SELECT state, row_version, changed_by FROM rate_plan WHERE id = $1 AND version = $2 {for_update}";
    CHANGE = "UPDATE rate_plan SET row_version = row_version + 1, name = $3, name_en = $4, note = $5, body = $6, valid_from = $7, changed_at = $8, \
              changed_by = $9, changed_by_name = $10 WHERE id = $1 AND version = $2 AND state = 'draft'";
    DELETE = "DELETE FROM rate_plan WHERE id = $1 AND version = $2 AND state = 'draft'";
    ACTIVE = "UPDATE rate_plan SET row_version = row_version + 1, state = 'active', activated_at = $3, activated_by = $4, \
              activated_by_name = $5 WHERE id = $1 AND version = $2 AND state = 'draft'";
    RETIRED = "UPDATE rate_plan SET row_version = row_version + 1, state = 'retired', retired_at = $3 \
               WHERE id = $1 AND version = $2 AND state = 'active'";
    DRAFT_OF = "SELECT version FROM rate_plan WHERE id = $1 AND state = 'draft'";
}

pub fn routes() -> Vec<Route> {
    let (reads, writes, activates) = (Access::Needs(READ), Access::Needs(WRITE), Access::Needs(ACTIVATE));
    vec![
        Route::get("/api/v1/rating/plans", reads, list)
            .doc("Rate plans, each by its newest version")
            .parameter("q", "a part of the name or id")
            .parameter("state", "draft, active or retired")
            .parameter("origin", "own, import or derived"),
        Route::post("/api/v1/rating/plans", writes, create).doc("A new plan, as a draft").body(json!({
            "id": "surf", "validFrom": "2026-12-01", "note": "", "plan": {"name": "畅游", "rules": [{"id": "call", "name": "通话",
            "when": {"kinds": ["call"]}, "unitSize": 60, "tiers": [{"from": 0, "priceMilliFen": 15000}]}]},
        })),
        Route::post("/api/v1/rating/plans/import", writes, import::import)
            .doc("Plans out of a CSV file, as drafts")
            .parameter("dry", "1: only tell what would come")
            .parameter("validFrom", "from when products may be rated by them; now where nothing is said"),
        Route::get("/api/v1/rating/plans/{id}", reads, one).doc("A plan with all its versions"),
        Route::post("/api/v1/rating/plans/{id}/versions", writes, next).doc("A further version, as a draft"),
        Route::put("/api/v1/rating/plans/{id}/versions/{version}", writes, change).doc("Change a draft"),
        Route::delete("/api/v1/rating/plans/{id}/versions/{version}", writes, delete).doc("Delete a draft"),
        Route::post("/api/v1/rating/plans/{id}/versions/{version}/activate", activates, activate)
            .doc("Put a draft into force: by another than who wrote it"),
        Route::post("/api/v1/rating/plans/{id}/versions/{version}/retire", activates, retire)
            .doc("Nobody new is rated by it"),
        Route::put("/api/v1/rating/plans/{id}/offerings", activates, bind).doc("The offerings that the plan rates"),
    ]
}

fn shown(r: &Row) -> Value {
    json!({
        "id": r.str(0), "version": r.int(1), "rowVersion": r.int(2), "state": r.str(3), "origin": r.str(4), "name": r.str(5),
        "nameEn": r.str(6), "note": r.str(7), "plan": r.json(8), "validFrom": r.time(9), "retiredAt": r.opt_time(10),
        "createdAt": r.time(11), "createdByName": r.str(12), "changedAt": r.time(13), "changedBy": r.str(14),
        "changedByName": r.str(15), "activatedAt": r.opt_time(16), "activatedByName": r.opt_text(17), "products": r.int(18),
    })
}

fn load(tx: &mut Tx<'_>, id: &str, version: i64) -> Result<Value> {
    let unknown = || Problem::new(&problems::PLAN_UNKNOWN).with("id", id).with("version", &version.to_string());
    Ok(shown(&tx.query_opt(&ONE, params![id, version])?.ok_or_else(unknown)?))
}

fn tell(tx: &mut Tx<'_>, what: &str, id: &str, version: i64) -> Result<()> {
    let plan = load(tx, id, version)?;
    let audit = json!({"version": version, "state": plan["state"], "name": plan["name"]});
    let event = Event::new(what, "ratePlan", id, version, &OrgPath::root()).audit(audit);
    tx.emit(
        event
            .payload(json!({"ratePlan": {"id": id, "version": version, "state": plan["state"], "name": plan["name"]}})),
    )
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let mut filter = Filter::default();
    for (name, column) in [("state", "state"), ("origin", "origin")] {
        if let Some(value) = ctx.parameter(name) {
            filter.equal(column, value);
        }
    }
    let wanted = ctx.parameter("q").map(|q| q.trim().to_lowercase()).filter(|q| !q.is_empty());
    let (rows, total) = ctx
        .read(move |tx| {
            let condition = filter.to_where();
            let text = format!(
                "SELECT id, version, state, origin, name, name_en, valid_from, changed_at, changed_by_name, row_version FROM rate_plan \
                 {condition} ORDER BY changed_at DESC, id, version DESC LIMIT 5000"
            );
            let mut seen = std::collections::BTreeSet::new();
            let mut all = Vec::new();
            for r in tx.query(&text, &filter.binds)? {
                let hit = |q: &String| [0, 4, 5].iter().any(|i| r.str(*i).to_lowercase().contains(q.as_str()));
                if !wanted.as_ref().is_none_or(hit) || !seen.insert(r.text(0)) {
                    continue;
                }
                all.push(json!({
                    "id": r.str(0), "version": r.int(1), "state": r.str(2), "origin": r.str(3), "name": r.str(4), "nameEn": r.str(5),
                    "validFrom": r.time(6), "changedAt": r.time(7), "changedByName": r.str(8),
                }));
            }
            let total = all.len();
            let page = |n: i64| usize::try_from(n).unwrap_or(usize::MAX);
            Ok((all.into_iter().skip(page(paging.offset)).take(page(paging.limit)).collect::<Vec<_>>(), total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let body = ctx
        .read(move |tx| {
            let rows = tx.query(&VERSIONS, params![id])?;
            let all: Vec<Value> = rows.iter().map(shown).collect();
            let Some(newest) = all.first() else {
                return Err(Problem::new(&problems::PLAN_UNKNOWN).with("id", &id).with("version", "–"));
            };
            let offerings = versions::bound_to(tx, &id)?;
            let mut named = Vec::new();
            for offering in offerings {
                let name = catalog::held(tx, &offering).map(|o| o.name.clone()).unwrap_or_default();
                named.push(json!({"id": offering, "name": name}));
            }
            Ok(json!({"id": id, "name": newest["name"], "nameEn": newest["nameEn"], "versions": all, "offerings": named}))
        })
        .await?;
    Ok(Reply::ok(&body))
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Draft {
    #[serde(default)]
    id: Option<String>,
    plan: Plan,
    #[serde(default)]
    valid_from: Option<Timestamp>,
    #[serde(default)]
    note: String,
}

impl Draft {
    fn checked(&self) -> Result<()> {
        if self.note.chars().count() > 500 { Err(Problem::invalid("note", "0–500")) } else { Ok(()) }
    }
}

/// Ids of people's own plans: those with a colon are derived.
pub(super) fn id_of(text: &str) -> Result<String> {
    let id = text.trim().to_lowercase();
    let fits =
        (1..=40).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    if fits { Ok(id) } else { Err(Problem::invalid("id", "a–z, 0–9, -; 1–40")) }
}

async fn create(ctx: Ctx, body: Body<Draft>) -> Answer {
    let draft = body.value;
    draft.checked()?;
    let id = id_of(draft.id.as_deref().ok_or_else(|| Problem::missing("id"))?)?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        check(&draft.plan, &*tables(tx)?)?;
        if versions::latest(tx, &id)?.is_some() {
            return Err(Problem::new(&kernel::codes::DUPLICATE).with("value", &id));
        }
        let from = draft.valid_from.unwrap_or(tx.now());
        if !versions::insert(tx, (&id, 1), (State::Draft, Origin::Own), &draft.plan, (draft.note.trim(), from))? {
            return Err(Problem::new(&kernel::codes::DUPLICATE).with("value", &id));
        }
        tell(tx, "RatePlanCreateEvent", &id, 1)?;
        Ok(Reply::created(&format!("/api/v1/rating/plans/{id}"), &load(tx, &id, 1)?))
    });
    Ok(reply.await?)
}

async fn next(ctx: Ctx, Path(id): Path<String>, body: Body<Draft>) -> Answer {
    let draft = body.value;
    draft.checked()?;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        check(&draft.plan, &*tables(tx)?)?;
        let unknown = || Problem::new(&problems::PLAN_UNKNOWN).with("id", &id).with("version", "–");
        let latest = versions::latest(tx, &id)?.ok_or_else(unknown)?;
        if let Some(row) = tx.query_opt(&DRAFT_OF, params![id])? {
            return Err(Problem::new(&problems::PLAN_DRAFT).with("version", &row.int(0).to_string()));
        }
        let version = latest.version + 1;
        let from = draft.valid_from.unwrap_or(tx.now());
        if !versions::insert(tx, (&id, version), (State::Draft, Origin::Own), &draft.plan, (draft.note.trim(), from))? {
            return Err(Problem::new(&kernel::codes::CONFLICT));
        }
        tell(tx, "RatePlanCreateEvent", &id, version)?;
        Ok(Reply::created(&format!("/api/v1/rating/plans/{id}"), &load(tx, &id, version)?))
    });
    Ok(reply.await?)
}

struct Locked {
    row_version: i64,
    changed_by: String,
}

fn lock(tx: &mut Tx<'_>, id: &str, version: i64, verb: Verb) -> Result<Locked> {
    let unknown = || Problem::new(&problems::PLAN_UNKNOWN).with("id", id).with("version", &version.to_string());
    let row = tx.query_opt(&LOCK, params![id, version])?.ok_or_else(unknown)?;
    State::parse(row.str(0))?.after(verb)?;
    Ok(Locked { row_version: row.int(1), changed_by: row.text(2) })
}

fn conflict(touched: u64) -> Result<()> {
    if touched == 1 { Ok(()) } else { Err(Problem::new(&kernel::codes::CONFLICT)) }
}

async fn change(ctx: Ctx, Path((id, version)): Path<(String, i64)>, body: Body<Draft>) -> Answer {
    let (draft, if_match) = (body.value, ctx.if_match.clone());
    draft.checked()?;
    let shown = ctx
        .write(move |tx| {
            let locked = lock(tx, &id, version, Verb::Change)?;
            http::check_version(if_match.as_deref(), locked.row_version)?;
            check(&draft.plan, &*tables(tx)?)?;
            let (actor, now) = (tx.actor().clone(), tx.now());
            let stored = serde_json::to_value(&draft.plan).map_err(Problem::internal)?;
            let from = draft.valid_from.unwrap_or(now);
            let binds = params![
                id,
                version,
                draft.plan.name,
                draft.plan.name_en,
                draft.note.trim(),
                stored,
                from,
                now,
                &*actor.id,
                &*actor.name
            ];
            conflict(tx.execute(&CHANGE, binds)?)?;
            tell(tx, "RatePlanAttributeValueChangeEvent", &id, version)?;
            load(tx, &id, version)
        })
        .await?;
    Ok(Reply::ok(&shown))
}

async fn delete(ctx: Ctx, Path((id, version)): Path<(String, i64)>) -> Answer {
    ctx.write(move |tx| {
        lock(tx, &id, version, Verb::Delete)?;
        tell(tx, "RatePlanDeleteEvent", &id, version)?;
        conflict(tx.execute(&DELETE, params![id, version])?)
    })
    .await?;
    Ok(Reply::no_content())
}

async fn activate(ctx: Ctx, Path((id, version)): Path<(String, i64)>) -> Answer {
    let shown = ctx
        .write(move |tx| {
            let locked = lock(tx, &id, version, Verb::Activate)?;
            let (actor, now) = (tx.actor().clone(), tx.now());
            if locked.changed_by == *actor.id {
                return Err(Problem::new(&problems::PLAN_SAME_PERSON));
            }
            // Tables may have changed since it was written.
            check(&versions::plan(tx, &id, version)?.plan, &*tables(tx)?)?;
            conflict(tx.execute(&ACTIVE, params![id, version, now, &*actor.id, &*actor.name])?)?;
            tell(tx, "RatePlanStateChangeEvent", &id, version)?;
            load(tx, &id, version)
        })
        .await?;
    Ok(Reply::ok(&shown))
}

async fn retire(ctx: Ctx, Path((id, version)): Path<(String, i64)>) -> Answer {
    let shown = ctx
        .write(move |tx| {
            lock(tx, &id, version, Verb::Retire)?;
            let now = tx.now();
            conflict(tx.execute(&RETIRED, params![id, version, now])?)?;
            tell(tx, "RatePlanStateChangeEvent", &id, version)?;
            load(tx, &id, version)
        })
        .await?;
    Ok(Reply::ok(&shown))
}

#[derive(Deserialize)]
struct Offerings {
    offerings: Vec<String>,
}

/// From now on; products that have begun keep what rates them.
async fn bind(ctx: Ctx, Path(id): Path<String>, body: Body<Offerings>) -> Answer {
    let wanted = body.value.offerings;
    if wanted.len() > 500 {
        return Err(Problem::invalid("offerings", "0–500").into());
    }
    ctx.write(move |tx| {
        let unknown = || Problem::new(&problems::PLAN_UNKNOWN).with("id", &id).with("version", "–");
        let newest = versions::latest(tx, &id)?.ok_or_else(unknown)?;
        let now = tx.now();
        if !wanted.is_empty() && versions::in_force(tx, &id, now)?.is_none() {
            return Err(Problem::new(&problems::PLAN_STATE).with("state", newest.state.name()));
        }
        for offering in &wanted {
            catalog::held(tx, offering)?;
        }
        for was in versions::bound_to(tx, &id)? {
            if !wanted.contains(&was) {
                versions::bind(tx, &was, None)?;
            }
        }
        for offering in &wanted {
            versions::bind(tx, offering, Some(&id))?;
        }
        tell(tx, "RatePlanAttributeValueChangeEvent", &id, newest.version)
    })
    .await?;
    Ok(Reply::no_content())
}
