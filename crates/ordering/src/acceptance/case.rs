//! One ask for one business, read and looked up: what all checks and plans work on.

use super::Effective;
use crate::{
    business::{Business, Level},
    order::customer_id,
};
use customer::Summary;
use http::tmf::Document;
use inventory::products::{self, characteristic};
use kernel::{Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::Tx;

/// As it comes from a page or a machine.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ask {
    pub business: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    pub values: Map<String, Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effective_date: Option<String>,
    pub reason: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub verification_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy_verification_id: Option<String>,
    /// What the customer was told and agreed to, such as `earlyTermination`.
    pub confirmations: Vec<String>,
    /// The salesperson who gets the credit (发展人).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub developer: Option<String>,
}

/// What a business is asked for: a product and its customer, or a customer alone.
#[derive(Clone, Debug)]
pub struct Target {
    pub customer: Summary,
    pub product: Option<Document>,
}

impl Target {
    pub fn of_product(tx: &mut Tx<'_>, id: &str) -> Result<Self> {
        let product = products::get(tx, id)?;
        let customer = customer::summary(tx, customer_id(&product.body))?;
        Ok(Self { customer, product: Some(product) })
    }
    pub fn of_customer(tx: &mut Tx<'_>, id: &str) -> Result<Self> {
        Ok(Self { customer: customer::summary(tx, id)?, product: None })
    }
    pub fn family(&self) -> &str {
        self.product.as_ref().map_or("", |p| p.text("family"))
    }
    /// The text of a characteristic of the product.
    pub fn characteristic(&self, name: &str) -> Option<String> {
        characteristic(&self.product.as_ref()?.body, name)
    }
}

#[derive(Clone, Debug)]
pub struct Case {
    pub business: Business,
    pub target: Target,
    pub ask: Ask,
    pub effective: Effective,
    /// When it takes effect.
    pub at: Timestamp,
    /// The order that is being carried out, when a booked one is looked at again on its day.
    pub order_id: Option<String>,
}

impl Case {
    /// Reads an ask. What is wrong with the ask itself (no such business, product or mode) is told alone; nothing else can be
    /// checked then.
    pub fn read(tx: &mut Tx<'_>, ask: Ask) -> Result<Self> {
        let business = Business::parse(&ask.business)?;
        let spec = business.spec();
        let unknown = |field: &'static str, id: &str| {
            let id = id.to_owned();
            move |p: Problem| if p.is(&kernel::codes::NOT_FOUND) { Problem::unknown_reference(field, &id) } else { p }
        };
        let target = match (spec.level, &ask.product_id, &ask.customer_id) {
            (Level::Product, Some(id), _) => Target::of_product(tx, id).map_err(unknown("productId", id))?,
            (Level::Product, None, _) => return Err(Problem::missing("productId")),
            (Level::Customer, _, Some(id)) => Target::of_customer(tx, id).map_err(unknown("customerId", id))?,
            (Level::Customer, Some(id), None) => {
                let of = Target::of_product(tx, id).map_err(unknown("productId", id))?;
                Target { product: None, ..of }
            }
            (Level::Customer, None, None) => return Err(Problem::missing("customerId")),
        };
        let effective = match ask.effective.as_deref().filter(|e| !e.is_empty()) {
            Some(text) => Effective::parse(text)?,
            None => spec.effective[0],
        };
        if !spec.effective.contains(&effective) {
            let names: Vec<&str> = spec.effective.iter().map(|e| e.name()).collect();
            return Err(Problem::invalid("effective", &names.join(" | ")));
        }
        let at = effective.at(tx.now(), ask.effective_date.as_deref())?;
        Ok(Self { business, target, ask, effective, at, order_id: None })
    }

    /// The product it is about. A business about products always has one.
    pub fn product(&self) -> Result<&Document> {
        self.target.product.as_ref().ok_or_else(|| Problem::missing("productId"))
    }
    pub fn product_id(&self) -> Result<&str> {
        self.product().map(|p| p.id.as_str())
    }
    pub fn text(&self, name: &str) -> &str {
        self.ask.values.get(name).and_then(Value::as_str).map_or("", str::trim)
    }
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.text(name)).filter(|t| !t.is_empty())
    }
    pub fn flag(&self, name: &str) -> bool {
        self.ask.values.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
    pub fn fen(&self, name: &str) -> i64 {
        self.ask.values.get(name).and_then(Value::as_i64).unwrap_or(0)
    }
    pub fn list(&self, name: &str) -> Vec<String> {
        let all = self.ask.values.get(name).and_then(Value::as_array).into_iter().flatten();
        all.filter_map(Value::as_str).map(str::to_owned).collect()
    }
    pub fn confirmed(&self, what: &str) -> bool {
        self.ask.confirmations.iter().any(|c| c == what)
    }
    /// It waits for its day.
    pub fn booked(&self, now: Timestamp) -> bool {
        self.at > now
    }
}
