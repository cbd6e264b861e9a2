//! What a client asks for, read out of a TMF622 body before anything is decided.

use crate::problems;
use kernel::{Problem, Result};
use serde_json::{Map, Value};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    Add,
    Modify,
    Delete,
    NoChange,
}

impl Action {
    fn parse(text: &str) -> Result<Self> {
        match text {
            "add" => Ok(Self::Add),
            "modify" => Ok(Self::Modify),
            "delete" => Ok(Self::Delete),
            "noChange" => Ok(Self::NoChange),
            other => Err(Problem::invalid("productOrderItem.action", other)),
        }
    }
}

#[derive(Clone, Debug)]
pub struct Item {
    pub id: String,
    pub action: Action,
    pub quantity: i64,
    pub offering: Option<Offering>,
    pub product_id: Option<String>,
    /// The business an item with action `modify` asks for (an extension of ours).
    pub business: Option<String>,
    pub characteristics: Vec<(String, Value)>,
    /// What was picked inside a bundle (an extension of ours); empty for what the bundle proposes.
    pub selection: catalog::Selection,
    /// Discounts picked or granted (an extension of ours).
    pub discounts: Vec<billing::Discount>,
}

/// The offering an item names.
#[derive(Clone, Debug)]
pub struct Offering {
    pub id: String,
    /// The version the draft was made with; the current one where nothing is said.
    pub version: Option<i64>,
    /// Its address lies in another system.
    pub foreign: bool,
}

#[derive(Clone, Debug)]
pub struct Asked {
    pub items: Vec<Item>,
    pub customer: Option<String>,
    pub account: Option<String>,
}

/// More items in one order are several orders.
const MOST_ITEMS: usize = 100;

pub fn read(doc: &Map<String, Value>) -> Result<Asked> {
    let items =
        doc.get("productOrderItem").and_then(Value::as_array).ok_or_else(|| Problem::missing("productOrderItem"))?;
    if items.is_empty() {
        return Err(Problem::missing("productOrderItem"));
    }
    if items.len() > MOST_ITEMS {
        return Err(Problem::new(&problems::TOO_MANY).with("detail", &format!("productOrderItem > {MOST_ITEMS}")));
    }
    let parties = doc.get("relatedParty").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let customer = parties
        .iter()
        .find(|p| p["role"] == "customer" || p["@referredType"] == "Customer")
        .and_then(|p| p["id"].as_str())
        .map(str::to_owned);
    let account = doc.get("billingAccount").and_then(|a| a["id"].as_str()).map(str::to_owned);
    Ok(Asked { items: items.iter().enumerate().map(|(n, i)| item(n, i)).collect::<Result<_>>()?, customer, account })
}

fn item(n: usize, value: &Value) -> Result<Item> {
    let object = value.as_object().ok_or_else(|| Problem::invalid("productOrderItem", "object"))?;
    let id = match &value["id"] {
        Value::String(s) => s.clone(),
        Value::Null => (n + 1).to_string(),
        other => other.to_string(),
    };
    let action = Action::parse(
        object.get("action").and_then(Value::as_str).ok_or_else(|| Problem::missing("productOrderItem.action"))?,
    )?;
    let quantity = match &value["quantity"] {
        Value::Null => 1,
        other => {
            other.as_i64().filter(|q| *q >= 1).ok_or_else(|| Problem::invalid("productOrderItem.quantity", "≥ 1"))?
        }
    };
    let offering = value["productOffering"]["id"].as_str().map(|id| {
        let href = value["productOffering"]["href"].as_str().unwrap_or("");
        let version = value["productOffering"]["version"].as_i64();
        Offering { id: id.to_owned(), version, foreign: href.starts_with("http://") || href.starts_with("https://") }
    });
    let mut characteristics = named(&value["product"]["productCharacteristic"]);
    for nested in value["productOrderItem"].as_array().into_iter().flatten() {
        characteristics.extend(named(&nested["product"]["productCharacteristic"]));
    }
    let product_id = value["product"]["id"].as_str().map(str::to_owned);
    let business = value["business"].as_str().map(str::to_owned);
    let selection = match &value["selection"] {
        Value::Null => Vec::new(),
        list => serde_json::from_value(list.clone()).map_err(|e| Problem::invalid("selection", &e.to_string()))?,
    };
    let discounts = billing::discounts_in(&value["discounts"])?;
    Ok(Item { id, action, quantity, offering, product_id, business, characteristics, selection, discounts })
}

fn named(list: &Value) -> Vec<(String, Value)> {
    let all = list.as_array().into_iter().flatten();
    all.filter_map(|c| Some((c["name"].as_str()?.to_owned(), c["value"].clone()))).collect()
}
