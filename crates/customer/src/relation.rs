//! Relations between customers: group, branch, member, key person, household, guarantor. They are stated in one customer's
//! document (`relatedParty`) and found from both ends.

use crate::summary::Relation;
use http::tmf::Document;
use kernel::Result;
use serde_json::{Map, Value};
use std::collections::{BTreeSet, HashMap};
use store::{Filter, Tx, params, sql};

sql! {
    PUT = "INSERT INTO customer_relation (customer_id, related_id, kind, org) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    CUT = "DELETE FROM customer_relation WHERE customer_id = $1";
    NEAR = "SELECT r.kind, c.id, c.name, c.org, 1 AS stated FROM customer_relation r JOIN customer c ON c.id = r.related_id \
            WHERE r.customer_id = $1 \
            UNION ALL \
            SELECT r.kind, c.id, c.name, c.org, 0 AS stated FROM customer_relation r JOIN customer c ON c.id = r.customer_id \
            WHERE r.related_id = $1";
}

/// `(kind, customer)` as the document names them.
fn stated(body: &Map<String, Value>) -> BTreeSet<(String, String)> {
    let parties = body.get("relatedParty").and_then(Value::as_array).into_iter().flatten();
    parties
        .filter(|p| p.get("@referredType").and_then(Value::as_str) == Some("Customer"))
        .filter_map(|p| Some((p.get("role")?.as_str()?.to_owned(), p.get("id")?.as_str()?.to_owned())))
        .collect()
}

/// Keeps the table as the document says.
pub(crate) fn follow(tx: &mut Tx<'_>, before: Option<&Map<String, Value>>, doc: &Document) -> Result<()> {
    let (old, new) = (before.map(stated).unwrap_or_default(), stated(&doc.body));
    if old == new {
        return Ok(());
    }
    tx.execute(&CUT, params![doc.id])?;
    new.iter().try_for_each(|(kind, other)| tx.execute(&PUT, params![doc.id, other, kind, doc.org]).map(drop))
}

pub(crate) fn forget(tx: &mut Tx<'_>, customer_id: &str) -> Result<()> {
    tx.execute(&CUT, params![customer_id]).map(drop)
}

/// What a relation is called from the other end.
fn turned(kind: &str) -> &str {
    match kind {
        "group" | "parent" => "member",
        "branch" => "group",
        "member" => "group",
        "guarantor" => "guaranteed",
        "keyPerson" => "keyPersonOf",
        other => other,
    }
}

/// Those who stand in a relation to the customer, from either end. One out of the actor's scope appears by the name the
/// document gives, where the document names it; from the far end it does not appear.
pub(crate) fn around(tx: &mut Tx<'_>, doc: &Document) -> Result<Vec<Relation>> {
    let rows = tx.query(&NEAR, params![doc.id])?;
    let mut found: HashMap<(String, String), Relation> = HashMap::new();
    let mut order = Vec::new();
    let mut keep = |relation: Relation| {
        let key = (relation.kind.clone(), relation.customer_id.clone());
        if found.insert(key.clone(), relation).is_none() {
            order.push(key);
        }
    };
    for row in rows.iter().filter(|r| r.int(4) == 1 && tx.actor().sees(r.str(3))) {
        keep(Relation { kind: row.text(0), customer_id: row.text(1), name: row.text(2) });
    }
    let named = doc.body.get("relatedParty").and_then(Value::as_array).cloned().unwrap_or_default();
    for party in named.iter().filter(|p| p.get("@referredType").and_then(Value::as_str) == Some("Customer")) {
        let text = |name: &str| party.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let known = rows
            .iter()
            .any(|r| r.int(4) == 1 && r.str(0) == text("role") && r.str(1) == text("id") && tx.actor().sees(r.str(3)));
        if !known {
            keep(Relation { kind: text("role"), customer_id: text("id"), name: text("name") });
        }
    }
    for row in rows.iter().filter(|r| r.int(4) == 0 && tx.actor().sees(r.str(3))) {
        keep(Relation { kind: turned(row.str(0)).to_owned(), customer_id: row.text(1), name: row.text(2) });
    }
    Ok(order.into_iter().filter_map(|key| found.remove(&key)).collect())
}

/// An edge of the relation graph, as it is stated.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    pub from: String,
    pub to: String,
    pub kind: String,
}

/// A customer in the graph.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphNode {
    pub id: String,
    pub name: String,
    pub kind: String,
    pub grade: String,
}

/// The relations that touch any of `ids`, and the customers at their ends, as far as the actor sees them. One statement,
/// however many customers.
pub fn edges_of(tx: &mut Tx<'_>, ids: &[String], most: i64) -> Result<(Vec<Edge>, Vec<GraphNode>)> {
    if ids.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let mut filter = Filter::default();
    let wanted: Vec<String> = ids.iter().map(|id| filter.bind(id.as_str())).collect();
    let list = wanted.join(", ");
    let limit = filter.bind(most);
    let body = |alias: &str, name: &str| format!("{{json_text:{alias}.body:{name}}}");
    let text = format!(
        "SELECT r.customer_id, r.related_id, r.kind, a.name, a.org, {}, {}, b.name, b.org, {}, {} FROM customer_relation r \
         JOIN customer a ON a.id = r.customer_id JOIN customer b ON b.id = r.related_id \
         WHERE r.customer_id IN ({list}) OR r.related_id IN ({list}) LIMIT {limit}",
        body("a", "kind"),
        body("a", "grade"),
        body("b", "kind"),
        body("b", "grade"),
    );
    let (mut edges, mut nodes) = (Vec::new(), Vec::new());
    for row in tx.query(&text, &filter.binds)? {
        if !tx.actor().sees(row.str(4)) || !tx.actor().sees(row.str(8)) {
            continue;
        }
        edges.push(Edge { from: row.text(0), to: row.text(1), kind: row.text(2) });
        let node = |id: usize, name: usize, kind: usize| GraphNode {
            id: row.text(id),
            name: row.text(name),
            kind: row.opt_text(kind).unwrap_or_default(),
            grade: row.opt_text(kind + 1).unwrap_or_default(),
        };
        nodes.push(node(0, 3, 5));
        nodes.push(node(1, 7, 9));
    }
    nodes.sort_by(|a, b| a.id.cmp(&b.id));
    nodes.dedup_by(|a, b| a.id == b.id);
    Ok((edges, nodes))
}

#[cfg(test)]
mod tests {
    use super::{stated, turned};
    use serde_json::{Value, json};

    #[test]
    fn only_customers_are_relations() {
        let Value::Object(body) = json!({"relatedParty": [
            {"role": "household", "id": "c2", "@referredType": "Customer"},
            {"role": "accountManager", "id": "s1", "@referredType": "Staff"},
            {"role": "household", "id": "c2", "@referredType": "Customer"},
            {"id": "c3", "@referredType": "Customer"},
        ]}) else {
            panic!()
        };
        assert_eq!(stated(&body).into_iter().collect::<Vec<_>>(), [("household".to_owned(), "c2".to_owned())]);
    }

    #[test]
    fn a_relation_has_a_name_from_either_end() {
        assert_eq!(turned("group"), "member");
        assert_eq!(turned("branch"), "group");
        assert_eq!(turned("household"), "household");
        assert_eq!(turned("guarantor"), "guaranteed");
    }
}
