//! The relation graph (客户关系图): the customer, those around it, and those around them; with products and accounts of the one
//! in the middle. Two statements for the customers, however many there are.

use crate::{audience, view::social};
use http::{Answer, Ctx, Reply, axum::extract::Path};
use kernel::{Lang, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::Tx;

/// A graph larger than this is no picture any more.
const MOST: i64 = 80;

pub(crate) async fn graph(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let lang = ctx.lang;
    let depth = ctx.parameter("depth").and_then(|d| d.parse::<usize>().ok()).unwrap_or(2).clamp(1, 3);
    let graph = ctx
        .read(move |tx| {
            let verified = crate::verified(tx, &id)?;
            let audience = audience::resolve(tx.actor(), None, verified)?;
            let mut graph = draw(tx, &id, depth, lang)?;
            if audience.name == "hotlineUnverified" {
                // A caller nobody has verified is told of nobody else.
                graph = json!({"centre": id, "nodes": [], "edges": [], "more": false});
            }
            Ok(graph)
        })
        .await?;
    Ok(Reply::ok(&graph))
}

fn draw(tx: &mut Tx<'_>, id: &str, depth: usize, lang: Lang) -> Result<Value> {
    let centre = customer::summary(tx, id)?;
    let mut nodes: BTreeMap<String, Value> = BTreeMap::new();
    let mut edges: Vec<customer::Edge> = Vec::new();
    let node = |id: &str, name: &str, kind: &str, grade: &str, level: usize| json!({"id": id, "type": "customer", "name": name, "kind": kind, "grade": grade, "level": level});
    nodes.insert(id.to_owned(), node(id, &centre.name, &centre.kind, &centre.grade, 0));
    let mut rim = vec![id.to_owned()];
    let mut more = false;
    for level in 1..=depth {
        let (found, ends) = customer::edges_of(tx, &rim, MOST * 2)?;
        rim.clear();
        for end in ends {
            if nodes.contains_key(&end.id) {
                continue;
            }
            if nodes.len() as i64 >= MOST {
                more = true;
                continue;
            }
            nodes.insert(end.id.clone(), node(&end.id, &end.name, &end.kind, &end.grade, level));
            rim.push(end.id);
        }
        for edge in found {
            if !edges.contains(&edge) && nodes.contains_key(&edge.from) && nodes.contains_key(&edge.to) {
                edges.push(edge);
            }
        }
        if rim.is_empty() {
            break;
        }
    }
    let mut drawn: Vec<Value> = edges
        .iter()
        .map(|e| json!({"from": e.from, "to": e.to, "type": e.kind, "title": social::relation_name(&e.kind, lang)}))
        .collect();
    let mut all: Vec<Value> = nodes.into_values().collect();
    own(tx, id, lang, &mut all, &mut drawn)?;
    Ok(json!({"centre": id, "nodes": all, "edges": drawn, "more": more}))
}

/// Accounts and products of the customer in the middle: what pays for what.
fn own(tx: &mut Tx<'_>, id: &str, lang: Lang, nodes: &mut Vec<Value>, edges: &mut Vec<Value>) -> Result<()> {
    let say = |zh: &str, en: &str| if lang == Lang::En { en.to_owned() } else { zh.to_owned() };
    let accounts = billing::accounts_of(tx, id)?;
    for account in &accounts {
        nodes.push(json!({"id": account.id, "type": "account", "name": account.account_no, "level": 1}));
        edges.push(json!({"from": id, "to": account.id, "type": "account", "title": say("账户", "Account")}));
    }
    let held = inventory::products::held_by(tx, id, 40)?;
    for product in held.iter().map(|d| social::product(&d.body)) {
        if !matches!(product["status"].as_str(), Some("active" | "suspended" | "pendingActive")) {
            continue;
        }
        let number = product["number"].as_str().map(|n| format!(" {n}")).unwrap_or_default();
        let name = format!("{}{number}", product["name"].as_str().unwrap_or(""));
        nodes.push(json!({"id": product["id"], "type": "product", "family": product["family"], "name": name, "status": product["status"], "level": 1}));
        let payer = product["accountId"].as_str().filter(|a| accounts.iter().any(|known| known.id == **a));
        let (from, title) = match payer {
            Some(account) => (json!(account), say("付费", "Pays")),
            None => (json!(id), say("持有", "Holds")),
        };
        edges.push(json!({"from": from, "to": product["id"], "type": "product", "title": title}));
    }
    Ok(())
}
