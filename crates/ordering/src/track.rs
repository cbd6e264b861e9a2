//! One order with everything that is known of its progress.

use crate::{PRODUCT_ORDER, READ, acceptance::effects, booking, business::Business, desk, verbs};
use flow::{Saga, Step, StepState};
use http::{Access, Answer, Ctx, Reply, Route, axum::extract::Path, tmf};
use kernel::{Lang, Problem, Result};
use serde_json::{Value, json};
use store::Tx;

pub fn routes() -> Vec<Route> {
    vec![Route::get("/api/v1/orders/{id}/track", Access::Needs(READ), route).doc("An order's progress, step by step")]
}

async fn route(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    let view = ctx.read(move |tx| view(tx, &id, lang)).await?;
    Ok(Reply::ok(&view))
}

pub fn view(tx: &mut Tx<'_>, id: &str, lang: Lang) -> Result<Value> {
    let order = tmf::load(tx, &PRODUCT_ORDER, id)?;
    let saga = flow::saga::of_subject(tx, id)?;
    let mut row = serde_json::to_value(desk::row(tx, id)?).map_err(Problem::internal)?;
    let items: Vec<&Value> = flat(order.body.get("productOrderItem").unwrap_or(&Value::Null));
    row["items"] = items.iter().map(|i| item(i)).collect();
    if let Ok(business) = Business::parse(order.text("business")) {
        let spec = business.spec();
        row["businessTitle"] = json!({"zh-CN": spec.zh, "en": spec.en});
    }
    row["developer"] = order.body.get("developer").cloned().unwrap_or(Value::Null);
    let steps = saga.as_ref().map_or(&[][..], |s| s.plan.steps.as_slice());
    let bill = billing::bill_of_order(tx, id)?;
    let bill =
        bill.map(|b| json!({"id": b.id, "billNo": b.bill_no, "amountFen": b.amount, "remainingFen": b.remaining}));
    Ok(json!({
        "order": row,
        "saga": saga.as_ref().map(|s| json!({"id": s.id, "state": s.state(), "version": s.revision})),
        "tree": tree(steps, &items),
        "steps": saga.as_ref().map_or_else(Vec::new, |s| shown(s, lang)),
        "history": history(order.body.get("history").unwrap_or(&Value::Null), lang),
        "bill": bill,
        "booking": booking::of_order(tx, id, lang)?,
        "verbs": verbs::verbs(tx, &order, lang)?,
        "amendable": verbs::amendable(tx, &order, saga.as_ref())?,
        "effects": effects::of_order(tx, id)?,
        "collaboration": billing::collaboration_state(tx, id)?,
    }))
}

fn history(lines: &Value, lang: Lang) -> Vec<Value> {
    let shown = |line: &Value| {
        let what = if lang == Lang::En { line["whatEn"].as_str() } else { None };
        json!({"at": line["at"], "what": what.or(line["what"].as_str()), "operator": line["operator"]})
    };
    lines.as_array().into_iter().flatten().map(shown).collect()
}

/// Items and the items nested in them.
fn flat(items: &Value) -> Vec<&Value> {
    let mut all = Vec::new();
    for item in items.as_array().into_iter().flatten() {
        all.push(item);
        all.extend(flat(&item["productOrderItem"]));
    }
    all
}

fn item(item: &Value) -> Value {
    json!({
        "id": item["id"], "action": item["action"], "offering": item["productOffering"]["name"].as_str().or(item["productOffering"]["id"].as_str()),
        "family": item["family"], "state": item["state"], "productId": item["product"]["id"],
        "characteristics": item["product"]["productCharacteristic"].as_array().map_or(&[][..], Vec::as_slice),
    })
}

fn shown(saga: &Saga, lang: Lang) -> Vec<Value> {
    let shown = |(i, s): (usize, &Step)| {
        let after: Vec<String> = s.after.iter().map(usize::to_string).collect();
        let pick = |zh: &str, en: &str| if lang == Lang::En { en.to_owned() } else { zh.to_owned() };
        let error = s.error.as_ref().filter(|_| s.state != StepState::Done);
        json!({
            "id": i.to_string(), "seq": i, "name": s.input["task"].as_str().unwrap_or(&s.name), "title": pick(&s.zh, &s.en),
            "target": s.target, "itemId": s.input["item"], "after": after, "state": s.state, "attempts": s.attempts,
            "startedAt": s.started_at, "endedAt": s.ended_at,
            "error": error.map(|e| json!({"code": e.code, "reason": pick(&e.zh, &e.en)})),
        })
    };
    saga.plan.steps.iter().enumerate().map(shown).collect()
}

/// Item → CFS → RFS → the steps that belong there.
fn tree(steps: &[Step], items: &[&Value]) -> Vec<Value> {
    let mut tree: Vec<Value> = Vec::new();
    for (i, step) in steps.iter().enumerate() {
        let (Some(item), Some(cfs), Some(rfs)) =
            (step.input["item"].as_str(), step.input["cfs"].as_str(), step.input["rfs"].as_str())
        else {
            continue;
        };
        let product = items.iter().find(|x| x["id"] == item).map_or(&Value::Null, |x| &x["productOffering"]["name"]);
        let branch = entry(&mut tree, "item", item, || json!({"item": item, "product": product, "cfs": []}));
        let Some(all) = branch["cfs"].as_array_mut() else { continue };
        let branch = entry(all, "name", cfs, || json!({"name": cfs, "rfs": []}));
        let Some(all) = branch["rfs"].as_array_mut() else { continue };
        let branch = entry(all, "name", rfs, || json!({"name": rfs, "tasks": []}));
        if let Some(tasks) = branch["tasks"].as_array_mut() {
            tasks.push(json!(i.to_string()));
        }
    }
    tree
}

/// The element whose `key` is `value`, made when it is not there.
fn entry<'a>(list: &'a mut Vec<Value>, key: &str, value: &str, make: impl FnOnce() -> Value) -> &'a mut Value {
    let at = list.iter().position(|v| v[key] == value).unwrap_or_else(|| {
        list.push(make());
        list.len() - 1
    });
    &mut list[at]
}
