//! Drafts as a desk lists them, looks at them again, and takes them over.

use crate::{READ, SHOPPING_CART, WRITE, document, order};
use http::{
    Access, Answer, Ctx, Reply, Route,
    axum::extract::Path,
    tmf::{self, Document},
};
use kernel::{Lang, Result};
use serde_json::{Value, json};
use store::{Filter, Row, Tx};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/carts", Access::Needs(READ), list)
            .doc("Drafts that can go on, the newest first")
            .parameter("customerId", "drafts of one customer")
            .parameter("mine", "true: only those one works on")
            .parameter("q", "beginning of the customer's name"),
        Route::get("/api/v1/carts/{id}", Access::Needs(READ), one).doc("A draft, and what stands in its way by now"),
        Route::post("/api/v1/carts/{id}/take", Access::Needs(WRITE), take).doc("Go on with somebody else's draft"),
    ]
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let get = |name: &str| ctx.parameter(name).unwrap_or_default();
    let (customer, mine, q) = (get("customerId"), get("mine") == "true", get("q"));
    let lang = ctx.lang;
    let rows = ctx
        .read(move |tx| {
            let mut filter = Filter::default();
            filter.scope("org", tx.actor());
            filter.and("status = 'active'".to_owned());
            let now = filter.bind(tx.now());
            filter.and(format!("(valid_to IS NULL OR valid_to > {now})"));
            if !customer.is_empty() {
                filter.equal("customer_id", customer.as_str());
            }
            if mine {
                let own = tx.actor().id.to_string();
                filter.equal("operator", own.as_str());
            }
            if !q.is_empty() {
                let (from, to) = (filter.bind(q.as_str()), filter.bind(format!("{q}\u{10ffff}")));
                filter.and(format!("customer_name >= {from} AND customer_name < {to}"));
            }
            let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
            let text = format!(
                "SELECT id, version, org, created_at, updated_at, body FROM shopping_cart{} \
                 ORDER BY updated_at DESC, id DESC LIMIT {limit} OFFSET {offset}",
                filter.to_where()
            );
            let rows = tx.query(&text, &filter.binds)?;
            rows.iter().map(|row| listed(tx, row, lang)).collect::<Result<Vec<Value>>>()
        })
        .await?;
    Ok(Reply::ok(&rows))
}

/// A row; `stale` says of which offerings the sale is over.
fn listed(tx: &mut Tx<'_>, row: &Row, lang: Lang) -> Result<Value> {
    let body = row.json(5);
    let Some(doc) = body.as_object() else { return Ok(Value::Null) };
    let mut stale = Vec::new();
    for item in order::items(doc) {
        let Some(id) = item["productOffering"]["id"].as_str() else { continue };
        let now = tx.now();
        if let Err(problem) = catalog::offering(tx, id).and_then(|o| o.sellable(now)) {
            stale.push(json!({"itemId": item["id"], "offeringId": id, "code": problem.code.id, "reason": problem.reason(lang)}));
        }
    }
    let names: Vec<&str> = order::items(doc).filter_map(|i| i["productOffering"]["name"].as_str()).collect();
    Ok(json!({
        "id": row.str(0), "label": doc.get("label").and_then(Value::as_str).unwrap_or(&names.join("、")),
        "customerId": order::customer_of(doc), "customerName": doc["customerName"], "operator": doc["operatorName"],
        "mine": doc["operator"] == *tx.actor().id, "org": row.str(2), "orgName": access::org_name(tx, row.str(2))?,
        "createdAt": row.time(3), "updatedAt": row.time(4), "validTo": document::valid_to(doc),
        "itemCount": order::items(doc).count(), "items": names, "totalFen": doc["dueNowFen"], "step": doc.get("step"),
        "stale": stale,
    }))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    let view = ctx
        .read(move |tx| {
            let doc = tmf::load(tx, &SHOPPING_CART, &id)?;
            let problems = standing_in_the_way(tx, &doc, lang)?;
            Ok(json!({"cart": doc.to_value(), "version": doc.version, "problems": problems}))
        })
        .await?;
    Ok(Reply::ok(&view))
}

/// Every reason why the cart could not be ordered as it stands, as the catalogue knows them.
fn standing_in_the_way(tx: &mut Tx<'_>, doc: &Document, lang: Lang) -> Result<Vec<Value>> {
    let Some(ask) = document::ask(tx, &doc.body) else { return Ok(Vec::new()) };
    let Some(customer) = order::customer_of(&doc.body) else { return Ok(Vec::new()) };
    let subject = ordering::subject(tx, customer)?;
    let asked: Vec<catalog::Ask> = ask
        .items
        .into_iter()
        .map(|i| catalog::Ask {
            offering_id: i.offering_id,
            version: i.version,
            selection: i.selection,
            quantity: i.quantity,
        })
        .collect();
    let found = catalog::why_not(tx, &subject, &asked)?;
    let shown = found.iter().map(|w| {
        let (reason, message) = match lang {
            Lang::Zh => (&w.zh, &w.hint_zh),
            Lang::En => (&w.en, &w.hint_en),
        };
        json!({"offeringId": w.offering_id, "code": w.code, "reason": reason, "message": message})
    });
    Ok(shown.collect())
}

/// Whoever worked on it is refused from now on and sees by whom; the audit chain keeps both.
async fn take(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    let shown = ctx
        .write(move |tx| {
            let mut doc = document::lock(tx, &id)?;
            let before = doc.body.clone();
            document::hold(&mut doc.body, tx.actor());
            document::workable(tx, &doc.body)?;
            if before.get("operator") != doc.body.get("operator") {
                let line = json!({"at": tx.now(), "from": before.get("operatorName"), "to": &*tx.actor().name});
                match doc.body.get_mut("takenOver") {
                    Some(Value::Array(all)) => all.push(line),
                    _ => drop(doc.body.insert("takenOver".into(), json!([line]))),
                }
                tmf::save(tx, &SHOPPING_CART, &before, &mut doc)?;
            }
            let problems = standing_in_the_way(tx, &doc, lang)?;
            Ok(json!({"cart": doc.to_value(), "version": doc.version, "problems": problems}))
        })
        .await?;
    Ok(Reply::ok(&shown))
}
