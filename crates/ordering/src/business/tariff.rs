//! What products cost before and after, as billing prices it: shared by the businesses that change an offering.

use crate::acceptance::{Case, Change};
use billing::{PriceAsk, PriceItem, Quote};
use catalog::Offering;
use http::tmf::Document;
use kernel::{Money, Result};
use serde_json::{Value, json};
use store::Tx;

/// The offering a product is on, and the version it was sold under.
pub fn offering_of(product: &Document) -> (String, Option<i64>) {
    let of = product.body.get("productOffering");
    let id = of.and_then(|o| o["id"].as_str()).unwrap_or("").to_owned();
    (id, of.and_then(|o| o["version"].as_i64()))
}

/// What one item costs when it starts with the case's day.
pub fn priced(tx: &mut Tx<'_>, case: &Case, offering: &Offering, product: Option<&str>) -> Result<Quote> {
    let item = PriceItem {
        offering_id: offering.id.clone(),
        version: Some(offering.version),
        quantity: 1,
        product_id: product.map(str::to_owned),
        ..PriceItem::default()
    };
    let customer_id = Some(case.target.customer.id.clone());
    billing::price(tx, &PriceAsk { customer_id, at: case.at.date(), items: vec![item] })
}

/// What a product costs a month as it is.
pub fn monthly(tx: &mut Tx<'_>, case: &Case, product: &Document) -> Result<Money> {
    let (id, version) = offering_of(product);
    if id.is_empty() || product.body.get("soldIn").is_some_and(|s| !s.is_null()) {
        return Ok(Money::ZERO); // the bundle is charged as a whole
    }
    let offering = catalog::offering_at(tx, &id, version)?;
    Ok(priced(tx, case, &offering, None)?.monthly)
}

/// The attributes of a product on an offering.
pub fn attributes(offering: &Offering) -> Value {
    let recurring = offering.prices.iter().find(|p| p.kind == catalog::PriceKind::Recurring);
    let prices: Vec<Value> = offering
        .prices
        .iter()
        .map(|p| {
            json!({"name": p.name, "priceType": p.kind.as_str(), "productOfferingPrice": {"id": p.id},
                   "price": {"taxIncludedAmount": p.amount.to_tmf()}})
        })
        .collect();
    json!({
        "name": offering.name, "productOffering": {"id": offering.id, "name": offering.name, "version": offering.version},
        "monthlyFeeFen": recurring.map_or(Money::ZERO, |p| p.amount), "productPrice": prices,
    })
}

/// Puts the one-time charges of a quote into the preview.
pub fn charges(change: &mut Change, quote: &Quote) {
    for line in quote.items.iter().flat_map(|i| &i.lines).filter(|l| l.kind == billing::ChargeKind::OneTime) {
        change.charge(&line.name, line.amount, "oneTime");
    }
}
