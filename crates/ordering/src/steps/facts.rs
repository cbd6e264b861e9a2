//! The facts that a business tells billing. Taking them back is billing's own: it knows what it has done of them.

use crate::{PRODUCT_ORDER, order::customer_id};
use billing::{Bundle, Collaboration, CollaborationKind};
use http::tmf::{self, Document};
use inventory::products::{self, characteristic};
use kernel::{OrgPath, Result, Timestamp};
use serde_json::{Value, json};
use store::Tx;

/// Tells the order's facts. Products that the order made are started.
pub fn tell(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    let order = tmf::load(tx, &PRODUCT_ORDER, order_id)?;
    for product in products::of_order(tx, order_id)? {
        if product.text("status") == "active" {
            let mut new = json!({"pricing": crate::sale::pricing_of(&order.body, &product.body)});
            // An option is charged and rated with the line it relies on.
            if let Some(line) = relies_on(&product) {
                new["reliesOn"] = json!(line);
            }
            say(tx, &order, CollaborationKind::Start, &product, json!({}), new)?;
        }
    }
    for fact in order.body.get("facts").and_then(Value::as_array).into_iter().flatten() {
        let subject = fact["subject"].as_str().unwrap_or("");
        let kind = CollaborationKind::parse(fact["kind"].as_str().unwrap_or(""))?;
        let (old, new) = (fact["old"].clone(), fact["new"].clone());
        match kind {
            CollaborationKind::Rename | CollaborationKind::MergeAccounts | CollaborationKind::Refund => {
                say_of_customer(tx, &order, kind, subject, old, new)?;
            }
            _ => {
                let product = products::get(tx, subject)?;
                say(tx, &order, kind, &product, old, new)?;
            }
        }
    }
    Ok(())
}

fn relies_on(product: &Document) -> Option<&str> {
    let all = product.body.get("productRelationship").and_then(Value::as_array)?;
    all.iter().find(|r| r["relationshipType"] == "reliesOn")?["product"]["id"].as_str()
}

fn effective(tx: &Tx<'_>, order: &Document) -> Timestamp {
    Timestamp::parse(order.text("requestedStartDate")).unwrap_or(tx.now())
}

/// A fact about a product.
pub fn say(
    tx: &mut Tx<'_>,
    order: &Document,
    kind: CollaborationKind,
    product: &Document,
    old: Value,
    new: Value,
) -> Result<()> {
    let body = &product.body;
    let text = |outer: &str, name: &str| body.get(outer).and_then(|o| o[name].as_str()).map(str::to_owned);
    let number = characteristic(body, "number").or(characteristic(body, "broadbandAccount")).unwrap_or_default();
    let bundle = text("soldIn", "offeringId").zip(text("soldIn", "itemId"));
    let fact = Collaboration {
        kind,
        order_id: order.id.clone(),
        order_no: order.text("orderNo").to_owned(),
        customer_id: customer_id(body).to_owned(),
        account_id: text("billingAccount", "id"),
        product_id: product.id.clone(),
        offering_id: text("productOffering", "id").unwrap_or_default(),
        offering_version: body.get("productOffering").and_then(|o| o["version"].as_i64()),
        bundle: bundle.map(|(offering_id, item_id)| Bundle { offering_id, item_id }),
        number,
        effective_from: effective(tx, order),
        org: product.org.clone(),
        old,
        new,
    };
    billing::collaborate(tx, fact).map(drop)
}

/// A fact about an account or the customer as such.
fn say_of_customer(
    tx: &mut Tx<'_>,
    order: &Document,
    kind: CollaborationKind,
    subject: &str,
    old: Value,
    new: Value,
) -> Result<()> {
    let fact = Collaboration {
        kind,
        order_id: order.id.clone(),
        order_no: order.text("orderNo").to_owned(),
        customer_id: customer_id(&order.body).to_owned(),
        account_id: new["accountId"].as_str().map(str::to_owned),
        product_id: subject.to_owned(),
        offering_id: String::new(),
        offering_version: None,
        bundle: None,
        number: String::new(),
        effective_from: effective(tx, order),
        org: OrgPath::parse(order.org.as_str())?,
        old,
        new,
    };
    billing::collaborate(tx, fact).map(drop)
}
