//! TMF637 products: what a customer holds. Made pending by an order, active when its activation is done.

mod change;
mod held;
pub mod locks;
mod status;

pub use change::{change, live_of_family, members_of, set_attributes, set_characteristics};
pub use held::held_by;
pub use status::Status;

use crate::{READ, WRITE};
use http::tmf::{self, Api, Column, Document, Kind, Ops, Resource, Rules};
use kernel::{Money, OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx, params, sql};

static API: Api = Api { base: "/tmf-api/productInventory/v4", aliases: &["/tmf-api/productInventoryManagement/v4"] };

pub static PRODUCT: Resource = Resource {
    api: &API,
    name: "product",
    type_name: "Product",
    table: "product",
    columns: &[Column { attribute: "status", column: "status", kind: Kind::Text }],
    mandatory: &[],
    ops: Ops { create: true, patch: true, delete: false },
    read: READ,
    write: WRITE,
    rules: &ProductRules,
};

struct ProductRules;

impl Rules for ProductRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let status = doc.get("status").and_then(Value::as_str).unwrap_or("created");
        let status = Status::parse(status)?;
        doc.insert("status".into(), json!(status.text()));
        for name in ["productCharacteristic", "productPrice", "relatedParty"] {
            let list = doc.entry(name).or_insert_with(|| json!([]));
            if !list.is_array() {
                return Err(Problem::invalid(name, "array"));
            }
        }
        for name in ["billingAccount", "productOffering"] {
            doc.entry(name).or_insert(Value::Null);
        }
        Ok(tx.actor().org.clone())
    }
    fn change(&self, _: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        let text = |doc: &Map<String, Value>| doc.get("status").and_then(Value::as_str).unwrap_or("").to_owned();
        if text(before) != text(after) {
            Status::parse(&text(before))?.to(Status::parse(&text(after))?)?;
        }
        if characteristic(before, "number") != characteristic(after, "number") {
            return Err(Problem::new(&kernel::codes::FIELD_READONLY).field("productCharacteristic.number"));
        }
        Ok(())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
        let customer = doc.get("relatedParty").and_then(Value::as_array).and_then(|parties| {
            parties.iter().find(|p| p["role"] == "customer" || p["@referredType"] == "Customer")?["id"].as_str()
        });
        let offering = doc.get("productOffering").and_then(|o| o["id"].as_str());
        let live = Status::parse(text("status")).is_ok_and(Status::live);
        vec![
            ("status", text("status").to_value()),
            ("customer_id", customer.unwrap_or("").to_value()),
            ("offering_id", offering.unwrap_or("").to_value()),
            ("order_id", doc.get("orderId").and_then(Value::as_str).map(str::to_owned).to_value()),
            ("number", characteristic(doc, "number").to_value()),
            ("live", live.to_value()),
            ("group_id", group_of(doc).to_value()),
        ]
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("status") == after.get("status") { vec![] } else { vec!["StateChange"] }
    }
}

/// The group that a product is a member of.
fn group_of(doc: &Map<String, Value>) -> Option<String> {
    let relations = doc.get("productRelationship")?.as_array()?;
    let group = relations.iter().find(|r| r["relationshipType"] == "memberOf")?;
    group["product"]["id"].as_str().map(str::to_owned)
}

/// The text of a characteristic of a product's body.
pub fn characteristic(doc: &Map<String, Value>, name: &str) -> Option<String> {
    let all = doc.get("productCharacteristic")?.as_array()?;
    match &all.iter().find(|c| c["name"] == name)?["value"] {
        Value::String(s) => Some(s.clone()),
        Value::Null => None,
        other => Some(other.to_string()),
    }
}

/// A product to be made by an order.
#[derive(Clone, Debug)]
pub struct NewProduct {
    pub name: String,
    pub family: String,
    pub offering_id: String,
    pub offering_name: String,
    pub customer_id: String,
    pub account_id: Option<String>,
    pub order_id: String,
    pub order_no: String,
    pub item_id: String,
    pub org: OrgPath,
    pub status: Status,
    pub monthly_fee: Money,
    /// As `(name, value)`; `number` is the telephone number.
    pub characteristics: Vec<(String, Value)>,
    /// The price as quoted (TMF637 `productPrice`).
    pub prices: Vec<Value>,
    /// A password in clear, kept sealed and apart from the product.
    pub secret: Option<String>,
    /// The bundle it was sold in: its offering and its order item.
    pub sold_in: Option<(String, String)>,
}

sql! {
    OF_CUSTOMER = "SELECT id FROM product WHERE customer_id = $1 ORDER BY created_at DESC, id DESC LIMIT 500";
    OF_ORDER = "SELECT id FROM product WHERE order_id = $1 ORDER BY id";
    KEEP_SECRET = "INSERT INTO product_secret (product_id, sealed) VALUES ($1, $2)";
    SECRET = "SELECT sealed FROM product_secret WHERE product_id = $1";
    BY_NUMBER = "SELECT id FROM product WHERE number = $1 AND live = 1";
}

/// Makes a product; returns its id.
pub fn create(tx: &mut Tx<'_>, new: NewProduct) -> Result<String> {
    let id = tx.new_id::<Document>().into_string();
    let characteristics: Vec<Value> =
        new.characteristics.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let mut body = json!({
        "id": id,
        "href": PRODUCT.href(&id),
        "@type": "Product",
        "name": new.name,
        "status": new.status.text(),
        "family": new.family,
        "isBundle": false,
        "orderDate": tx.now(),
        "productOffering": {"id": new.offering_id, "name": new.offering_name},
        "billingAccount": new.account_id.map(|id| json!({"id": id})),
        "relatedParty": [{"id": new.customer_id, "role": "customer", "@referredType": "Customer"}],
        "productCharacteristic": characteristics,
        "productPrice": new.prices,
        "productOrderItem": [{"productOrderId": new.order_id, "orderItemId": new.item_id}],
        "orderId": new.order_id,
        "orderNo": new.order_no,
        "monthlyFeeFen": new.monthly_fee,
    });
    if let Some((offering, item)) = new.sold_in {
        body["soldIn"] = json!({"offeringId": offering, "itemId": item});
    }
    let Value::Object(body) = body else { return Err(Problem::internal("a product is an object")) };
    let doc = Document { id, version: 1, org: new.org, created_at: tx.now(), body };
    tmf::insert_silently(tx, &PRODUCT, &doc)?;
    tmf::publish(tx, &PRODUCT, &doc, "Create")?;
    if let Some(secret) = new.secret {
        let sealed = tx.vault().seal(&secret)?;
        tx.execute(&KEEP_SECRET, params![doc.id, sealed])?;
    }
    Ok(doc.id)
}

/// Moves a product to another state (409 where that cannot be) and notes start and end. Setting the state it has is fine.
pub fn set_status(tx: &mut Tx<'_>, id: &str, status: Status) -> Result<Document> {
    let mut doc = tmf::lock(tx, &PRODUCT, id)?;
    let from = Status::parse(doc.text("status"))?;
    if from == status {
        return Ok(doc);
    }
    from.to(status)?;
    let before = doc.body.clone();
    doc.set("status", status.text());
    match status {
        Status::Active if !before.contains_key("startDate") => doc.set("startDate", json!(tx.now())),
        Status::Terminated | Status::Cancelled | Status::Aborted => doc.set("terminationDate", json!(tx.now())),
        _ => {}
    }
    tmf::save(tx, &PRODUCT, &before, &mut doc)?;
    Ok(doc)
}

/// The product works: active from now, with the number of the order that made it.
pub fn open(tx: &mut Tx<'_>, id: &str, order_no: &str) -> Result<Document> {
    let mut doc = tmf::lock(tx, &PRODUCT, id)?;
    let from = Status::parse(doc.text("status"))?;
    if from == Status::Active {
        return Ok(doc);
    }
    from.to(Status::Active)?;
    let before = doc.body.clone();
    let now = json!(tx.now());
    doc.set("status", Status::Active.text());
    doc.set("startDate", now);
    doc.set("orderNo", order_no);
    tmf::save(tx, &PRODUCT, &before, &mut doc)?;
    Ok(doc)
}

/// Takes an activation back that is compensated: an active product goes back to waiting for it.
pub fn unset_active(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let doc = tmf::lock(tx, &PRODUCT, id)?;
    if doc.text("status") == "active" { set_status(tx, id, Status::PendingActive).map(drop) } else { Ok(()) }
}

/// Sets or replaces one characteristic.
pub fn set_characteristic(tx: &mut Tx<'_>, id: &str, name: &str, value: Value) -> Result<()> {
    let mut doc = tmf::lock(tx, &PRODUCT, id)?;
    let before = doc.body.clone();
    if let Some(Value::Array(all)) = doc.body.get_mut("productCharacteristic") {
        all.retain(|c| c["name"] != name);
        all.push(json!({"name": name, "value": value}));
    }
    tmf::save(tx, &PRODUCT, &before, &mut doc)
}

pub fn get(tx: &mut Tx<'_>, id: &str) -> Result<Document> {
    tmf::load(tx, &PRODUCT, id)
}

/// The password kept for a product that the actor may see, in clear: for the network, and for people only with a trace.
pub fn secret(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>> {
    get(tx, id)?;
    let row = tx.query_opt(&SECRET, params![id])?;
    row.map(|r| tx.vault().open_sealed(r.str(0))).transpose()
}

/// What a customer holds or held, newest first.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Document>> {
    documents(tx, &OF_CUSTOMER, customer_id)
}

pub fn of_order(tx: &mut Tx<'_>, order_id: &str) -> Result<Vec<Document>> {
    documents(tx, &OF_ORDER, order_id)
}

/// The live product on a number.
pub fn by_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<Document>> {
    Ok(documents(tx, &BY_NUMBER, number)?.into_iter().next())
}

fn documents(tx: &mut Tx<'_>, sql: &'static store::Sql, key: &str) -> Result<Vec<Document>> {
    let rows = tx.query(sql, params![key])?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        found.extend(tmf::get(tx, &PRODUCT, row.str(0))?);
    }
    Ok(found)
}
