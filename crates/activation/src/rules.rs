//! The rules of decomposition, to look at: what an offering becomes, and what an order became.

use crate::{NETWORK_READ, message, route, shared};
use catalog::{PlannedProduct, Purpose};
use flow::Step;
use http::{Access, Answer, Ctx, Reply, Route, axum::extract::Path, tmf};
use inventory::products;
use kernel::{OrgPath, Result};
use serde_json::{Value, json};
use store::Tx;

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/network/rules/{offering}", Access::Needs(NETWORK_READ), rules)
            .doc("What an offering becomes: products, services, tasks of set-up, change and removal, and who does them")
            .parameter("org", "the place for which systems are resolved")
            .parameter("purpose", "only add, delete, or one kind of change"),
        Route::get("/api/v1/orders/{id}/tree", Access::Needs(NETWORK_READ), tree)
            .doc("What an order became: items, services, tasks with their state, system, message and shared things"),
    ]
}

async fn rules(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let org = match ctx.parameter("org") {
        Some(path) => OrgPath::parse(&path)?,
        None => ctx.actor.org.clone(),
    };
    let only = ctx.parameter("purpose");
    let rules = ctx
        .read(move |tx| {
            let offering = catalog::offering(tx, &id)?;
            let planned = planned(tx, &offering)?;
            let products = planned.iter().map(|p| product(tx, p, &org, only.as_deref())).collect::<Result<Vec<Value>>>()?;
            Ok(json!({
                "offering": {"id": offering.id, "name": offering.name, "family": offering.family.as_str(), "version": offering.version},
                "org": org.as_str(), "products": products,
            }))
        })
        .await?;
    Ok(Reply::ok(&rules))
}

fn planned(tx: &mut Tx<'_>, offering: &catalog::Offering) -> Result<Vec<PlannedProduct>> {
    catalog::structure(tx, offering, &catalog::Selection::new())
}

fn product(tx: &mut Tx<'_>, planned: &PlannedProduct, org: &OrgPath, only: Option<&str>) -> Result<Value> {
    let mut purposes = serde_json::Map::new();
    let wanted = |name: &str| only.is_none_or(|o| o == name);
    for (name, purpose) in [("add", Purpose::Add), ("delete", Purpose::Delete)] {
        if wanted(name) {
            purposes.insert(name.to_owned(), list(tx, planned, purpose, org)?);
        }
    }
    for kind in catalog::CHANGES.into_iter().filter(|k| wanted(k)) {
        let named = planned.cfs.iter().flat_map(|c| &c.rfs).flat_map(|r| &r.change);
        if named.flat_map(|c| &c.on).any(|k| k == kind) {
            purposes.insert(kind.to_owned(), list(tx, planned, Purpose::Change(&[kind]), org)?);
        }
    }
    let services: Vec<Value> = planned
        .cfs
        .iter()
        .map(|c| {
            let rfs: Vec<Value> = c
                .rfs
                .iter()
                .map(|r| {
                    let shared = r.shared.as_ref().map(|s| json!({"kind": s.kind, "key": s.key}));
                    json!({"id": r.spec_id, "version": r.version, "name": r.name, "shared": shared})
                })
                .collect();
            json!({"id": c.spec_id, "version": c.version, "name": c.name, "rfs": rfs})
        })
        .collect();
    Ok(json!({
        "offeringId": planned.offering_id, "name": planned.name, "family": planned.family.as_str(),
        "specId": planned.spec_id, "needs": planned.needs, "cfs": services, "work": purposes,
    }))
}

fn list(tx: &mut Tx<'_>, planned: &PlannedProduct, purpose: Purpose<'_>, org: &OrgPath) -> Result<Value> {
    let work = catalog::work(planned, purpose);
    let mut shown = Vec::with_capacity(work.len());
    for (i, piece) in work.iter().enumerate() {
        let own = matches!(piece.target.as_str(), "inventory" | "manual");
        let system =
            if own { piece.target.clone() } else { route::resolve(tx, &piece.target, org, planned.family.as_str())? };
        shown.push(json!({
            "id": i.to_string(), "task": piece.task, "title": {"zh-CN": piece.title_zh, "en": piece.title_en},
            "step": piece.step, "target": piece.target, "cfs": piece.cfs, "rfs": piece.rfs, "rfsId": piece.rfs_spec,
            "detached": piece.detached, "shared": piece.shared.is_some(), "system": system,
            "after": piece.after.iter().map(usize::to_string).collect::<Vec<_>>(),
        }));
    }
    Ok(json!(shown))
}

async fn tree(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let tree = ctx.read(move |tx| order_tree(tx, &id)).await?;
    Ok(Reply::ok(&tree))
}

fn order_tree(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let order = tmf::load(tx, &ordering::PRODUCT_ORDER, id)?;
    let saga = flow::saga::of_subject(tx, id)?;
    let mut items: Vec<Value> = Vec::new();
    let Some(saga) = saga else {
        return Ok(json!({"order": head(&order), "items": items, "steps": []}));
    };
    let mut steps = Vec::new();
    for (i, step) in saga.plan.steps.iter().enumerate() {
        steps.push(shown(tx, &saga, i, step)?);
        let (Some(item), Some(product)) = (step.input["item"].as_str(), step.input["product"].as_str()) else {
            continue;
        };
        let branch = match items.iter().position(|v| v["item"] == item && v["productId"] == product) {
            Some(at) => &mut items[at],
            None => {
                let doc = match products::get(tx, product) {
                    Ok(doc) => Some(doc),
                    Err(p) if p.is(&kernel::codes::NOT_FOUND) => None,
                    Err(p) => return Err(p),
                };
                let mut things = Vec::new();
                if let Some(doc) = &doc {
                    for thing in shared::of_product(tx, doc)? {
                        let users = shared::users(tx, &thing)?;
                        things.push(json!({"kind": thing.kind, "key": thing.key, "users": users}));
                    }
                }
                items.push(json!({
                    "item": item, "productId": product, "name": doc.as_ref().map(|d| d.text("name")),
                    "family": doc.as_ref().map(|d| d.text("family")), "status": doc.as_ref().map(|d| d.text("status")),
                    "shared": things, "cfs": [],
                }));
                let last = items.len() - 1;
                &mut items[last]
            }
        };
        let (Some(cfs), Some(rfs)) = (step.input["cfs"].as_str(), step.input["rfs"].as_str()) else { continue };
        let Some(branch) = named(&mut branch["cfs"], cfs, "rfs") else { continue };
        let Some(branch) = named(&mut branch["rfs"], rfs, "tasks") else { continue };
        if let Some(tasks) = branch["tasks"].as_array_mut() {
            tasks.push(json!(i.to_string()));
        }
    }
    Ok(json!({"order": head(&order), "sagaState": saga.state(), "items": items, "steps": steps}))
}

fn head(order: &tmf::Document) -> Value {
    json!({
        "id": order.id, "orderNo": order.text("orderNo"), "state": order.text("state"),
        "customerName": order.text("customerName"), "description": order.text("description"),
    })
}

/// The branch of this name, made where it is not there.
fn named<'a>(list: &'a mut Value, name: &str, inner: &str) -> Option<&'a mut Value> {
    let all = list.as_array_mut()?;
    let at = match all.iter().position(|v| v["name"] == name) {
        Some(at) => at,
        None => {
            all.push(json!({"name": name, inner: []}));
            all.len() - 1
        }
    };
    all.get_mut(at)
}

fn shown(tx: &mut Tx<'_>, saga: &flow::Saga, i: usize, step: &Step) -> Result<Value> {
    let network = message::make::wish(step, false);
    let mut system = Value::Null;
    let mut carried = Value::Null;
    if let Some(wish) = &network {
        let purpose = if saga.plan.backward { message::Purpose::Undo } else { message::Purpose::Order };
        let id = match message::of_step(tx, &saga.id, i, purpose)? {
            None if saga.plan.backward => message::of_step(tx, &saga.id, i, message::Purpose::Order)?,
            id => id,
        };
        match id {
            Some(id) => {
                let m = message::load(tx, &id)?;
                system = json!(m.system);
                carried = json!({"id": m.id, "state": m.state.text(), "version": m.version});
            }
            None => {
                system = match step.output["adapter"].as_str() {
                    Some(name) => json!(name),
                    None => match message::make::system_of(tx, saga, wish) {
                        Ok(name) => json!(name),
                        Err(p) if p.is(&kernel::codes::NOT_FOUND) => Value::Null,
                        Err(p) => return Err(p),
                    },
                };
            }
        }
    }
    let error = step.error.as_ref().filter(|_| step.state != flow::StepState::Done);
    Ok(json!({
        "id": i.to_string(), "name": step.input["task"].as_str().unwrap_or(&step.name), "step": step.name,
        "title": {"zh-CN": step.zh, "en": step.en}, "target": step.target, "state": step.state,
        "after": step.after.iter().map(usize::to_string).collect::<Vec<_>>(), "attempts": step.attempts,
        "startedAt": step.started_at, "endedAt": step.ended_at, "on": step.input["on"],
        "detached": step.input["detached"], "shared": step.input["shared"], "system": system, "message": carried,
        "error": error.map(|e| json!({"code": e.code, "zh-CN": e.zh, "en": e.en})),
    }))
}
