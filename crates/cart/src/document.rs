//! TMF663 shopping carts as documents, with what a desk needs besides: `label`, `step`, `operator`, `selection` and
//! `discounts` on the items, and where the draft became an order `orderId`.

use crate::{READ, WRITE, order, problems};
use billing::PriceAsk;
use http::tmf::{self, Api, Column, Document, Kind, Ops, Resource, Rules};
use kernel::{Actor, ActorKind, OrgPath, Problem, Result, Timestamp, codes};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx, params, sql};

static API: Api = Api { base: "/tmf-api/shoppingCart/v4", aliases: &[] };

pub static SHOPPING_CART: Resource = Resource {
    api: &API,
    name: "shoppingCart",
    type_name: "ShoppingCart",
    table: "shopping_cart",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "status", column: "status", kind: Kind::Text },
    ],
    mandatory: &[],
    ops: Ops::ALL,
    read: READ,
    write: WRITE,
    rules: &CartRules,
};

struct CartRules;

/// What only the system writes.
const OWN: [&str; 6] = ["status", "operator", "operatorName", "customerName", "orderId", "takenOver"];

sql! {
    SETTING = "SELECT value FROM cart_setting WHERE name = $1";
}

fn setting(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    Ok(tx.query_one(&SETTING, params![name])?.int(0))
}

impl Rules for CartRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        OWN.iter().for_each(|name| drop(doc.remove(*name)));
        doc.insert("status".into(), json!("active"));
        hold(doc, tx.actor());
        for name in ["cartItem", "relatedParty", "contactMedium"] {
            doc.entry(name).or_insert_with(|| json!([]));
        }
        let now = tx.now();
        if doc.get("validFor").is_none_or(Value::is_null) {
            let end = now.plus_seconds(setting(tx, "cart.days")? * 86_400);
            doc.insert("validFor".into(), json!({"startDateTime": now, "endDateTime": end}));
        }
        complete(tx, doc)?;
        Ok(tx.actor().org.clone())
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        workable(tx, before)?;
        if let Some(name) = OWN.iter().find(|n| before.get(**n) != after.get(**n)) {
            return Err(Problem::new(&codes::FIELD_READONLY).field(name));
        }
        let end = tx.now().plus_seconds(setting(tx, "cart.days")? * 86_400);
        if before.get("validFor") == after.get("validFor") {
            after.insert("validFor".into(), json!({"startDateTime": tx.now(), "endDateTime": end}));
        }
        complete(tx, after)
    }
    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        match doc.text("status") {
            "active" => held(&doc.body, tx.actor()),
            _ => Err(Problem::new(&problems::CLOSED).with("order", doc.text("orderId"))),
        }
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str);
        vec![
            ("status", text("status").unwrap_or("active").to_value()),
            ("customer_id", order::customer_of(doc).map(str::to_owned).to_value()),
            ("customer_name", text("customerName").unwrap_or("").to_value()),
            ("operator", text("operator").unwrap_or("").to_value()),
            ("valid_to", valid_to(doc).to_value()),
            ("order_id", text("orderId").map(str::to_owned).to_value()),
        ]
    }
    fn topic(&self, doc: &Map<String, Value>) -> Option<String> {
        Some(format!("cart:{}", doc.get("id")?.as_str()?))
    }
}

pub fn valid_to(doc: &Map<String, Value>) -> Option<Timestamp> {
    Timestamp::parse(doc.get("validFor")?["endDateTime"].as_str()?).ok()
}

/// The cart is this person's now.
pub fn hold(doc: &mut Map<String, Value>, actor: &Actor) {
    doc.insert("operator".into(), json!(&*actor.id));
    doc.insert("operatorName".into(), json!(&*actor.name));
}

/// One person at a time: who was taken over learns of it with the next save. Machines act for whoever asks them.
fn held(doc: &Map<String, Value>, actor: &Actor) -> Result<()> {
    let operator = doc.get("operator").and_then(Value::as_str).unwrap_or("");
    if actor.kind != ActorKind::Staff || operator.is_empty() || *operator == *actor.id {
        return Ok(());
    }
    let name = doc.get("operatorName").and_then(Value::as_str).unwrap_or(operator);
    Err(Problem::new(&problems::HELD).with("operator", name))
}

/// Active, in time, and in this person's hands.
pub fn workable(tx: &Tx<'_>, doc: &Map<String, Value>) -> Result<()> {
    let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
    if text("status") != "active" {
        return Err(Problem::new(&problems::CLOSED).with("order", text("orderId")));
    }
    if valid_to(doc).is_some_and(|end| end <= tx.now()) {
        return Err(Problem::new(&problems::EXPIRED));
    }
    held(doc, tx.actor())
}

/// Checks the items and brings names and prices up to date.
fn complete(tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<()> {
    for name in ["cartItem", "relatedParty"] {
        if !doc.get(name).is_some_and(Value::is_array) {
            return Err(Problem::invalid(name, "array"));
        }
    }
    let name = match order::customer_of(doc).map(str::to_owned) {
        None => String::new(),
        Some(id) => {
            let found = customer::summary(tx, &id);
            found
                .map_err(
                    |p| if p.is(&codes::NOT_FOUND) { Problem::unknown_reference("relatedParty.id", &id) } else { p },
                )?
                .name
        }
    };
    doc.insert("customerName".into(), json!(name));
    let most = setting(tx, "cart.max_items")?;
    let items = doc.get_mut("cartItem").and_then(Value::as_array_mut);
    for (n, item) in items.into_iter().flatten().enumerate() {
        if i64::try_from(n).unwrap_or(i64::MAX) >= most {
            return Err(Problem::new(&problems::TOO_MANY).with("most", &most.to_string()));
        }
        line(tx, n, item)?;
    }
    price(tx, doc)
}

fn line(tx: &mut Tx<'_>, n: usize, item: &mut Value) -> Result<()> {
    let Some(item) = item.as_object_mut() else { return Err(Problem::invalid("cartItem", "object")) };
    item.entry("id").or_insert_with(|| json!((n + 1).to_string()));
    item.entry("action").or_insert_with(|| json!("add"));
    item.entry("quantity").or_insert_with(|| json!(1));
    item.entry("status").or_insert_with(|| json!("active"));
    if !item["quantity"].as_i64().is_some_and(|q| (1..=1_000).contains(&q)) {
        return Err(Problem::invalid("cartItem.quantity", "1–1000"));
    }
    let offering = item.get("productOffering").cloned().unwrap_or(Value::Null);
    let foreign = offering["href"].as_str().is_some_and(|h| h.starts_with("http"));
    let Some(id) = offering["id"].as_str().filter(|_| !foreign) else { return Ok(()) };
    let known = catalog::offering(tx, id)?;
    item["productOffering"]["name"] = json!(known.name);
    Ok(())
}

/// What the cart would cost if it were ordered today. Nothing where it cannot be priced yet: that is told when it is checked.
fn price(tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<()> {
    let quote = match ask(tx, doc) {
        Some(ask) => match billing::price(tx, &ask) {
            Ok(quote) => Some(quote),
            Err(problem) if problem.is(&billing::problems::PRICING_PENDING) => return Err(problem),
            Err(_) => None,
        },
        None => None,
    };
    let total =
        |kind: &str, amount: kernel::Money| json!({"priceType": kind, "price": {"taxIncludedAmount": amount.to_tmf()}});
    let (prices, due) = match &quote {
        Some(q) => (
            json!([total("oneTime", q.one_time), total("firstMonth", q.first_month), total("recurring", q.monthly)]),
            json!(q.due_now),
        ),
        None => (json!([]), Value::Null),
    };
    doc.insert("cartTotalPrice".into(), prices);
    doc.insert("dueNowFen".into(), due);
    Ok(())
}

/// The items as pricing is asked for them; `None` where there are none of ours.
pub fn ask(tx: &Tx<'_>, doc: &Map<String, Value>) -> Option<PriceAsk> {
    let items: Vec<Value> = order::items(doc)
        .filter_map(|i| {
            let id = i["productOffering"]["id"].as_str()?;
            Some(json!({
                "offeringId": id, "quantity": i["quantity"].as_i64().unwrap_or(1),
                "selection": i.get("selection").cloned().unwrap_or(json!([])),
                "discounts": i.get("discounts").cloned().unwrap_or(json!([])),
            }))
        })
        .collect();
    if items.is_empty() {
        return None;
    }
    let ask = json!({"customerId": order::customer_of(doc), "at": tx.now().date(), "items": items});
    serde_json::from_value(ask).ok()
}

/// Loads a cart for changing it outside the generic routes.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Document> {
    tmf::lock(tx, &SHOPPING_CART, id)
}
