//! The terms of a sale: what an order may contain, what it costs, and what of that it keeps, so that a change of the
//! catalogue after the customer has agreed changes nothing of it.

use crate::{ask::Item, price::granted, problems};
use billing::{PriceAsk, PriceItem, Quote};
use catalog::{Ask, Offering, Subject};
use kernel::{Date, Problem, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::Tx;

/// An item as billing prices it, pinned to the version that is being sold.
pub fn line(item: &Item, offering: &Offering) -> PriceItem {
    PriceItem {
        offering_id: offering.id.clone(),
        version: Some(offering.version),
        selection: item.selection.clone(),
        quantity: item.quantity,
        discounts: item.discounts.clone(),
        product_id: None,
    }
}

/// May this customer have all of it together? Refuses with every reason.
pub fn may(tx: &mut Tx<'_>, subject: &Subject, sold: &[PriceItem]) -> Result<()> {
    let ask = |i: &PriceItem| Ask {
        offering_id: i.offering_id.clone(),
        version: i.version,
        selection: i.selection.clone(),
        quantity: i.quantity,
    };
    let asks: Vec<Ask> = sold.iter().map(ask).collect();
    let reasons = catalog::why_not(tx, subject, &asks)?;
    let Some(first) = reasons.first() else { return Ok(()) };
    Err(Problem::new(&problems::NOT_ELIGIBLE)
        .with("zh", &first.zh)
        .with("en", &first.en)
        .with("hint_zh", &first.hint_zh)
        .with("hint_en", &first.hint_en)
        .extra("whyNot", json!(reasons)))
}

/// The day on which a sale takes effect (`effective`, `effectiveDate`); one that is not today is kept in the order, whose
/// work then waits for it.
fn begins(tx: &Tx<'_>, doc: &mut Map<String, Value>) -> Result<Date> {
    let today = tx.now().date();
    let text = |name: &str| doc.get(name).and_then(Value::as_str).filter(|t| !t.is_empty());
    let day = match text("effective") {
        None | Some("immediate") => return Ok(today),
        Some("nextDay") => today.plus_days(1),
        Some("nextMonth" | "nextCycle") => today.first_of_month().plus_months(1),
        Some("date") => {
            let asked = text("effectiveDate").ok_or_else(|| Problem::missing("effectiveDate"))?;
            let day = Date::parse(asked).map_err(|p| p.field("effectiveDate"))?;
            if day < today || day > today.plus_months(12) {
                return Err(Problem::new(&problems::EFFECTIVE_DATE).field("effectiveDate").with("value", asked));
            }
            day
        }
        Some(other) => return Err(Problem::invalid("effective", other)),
    };
    if day > today {
        doc.insert("requestedStartDate".into(), json!(day.start()));
        doc.insert("bookedFor".into(), json!(day.start()));
    }
    Ok(day)
}

/// When the work of a booked sale may begin.
pub fn booked_for(tx: &mut Tx<'_>, order_id: &str) -> Result<Option<Timestamp>> {
    let order = http::tmf::load(tx, &crate::PRODUCT_ORDER, order_id)?;
    let at = order.body.get("bookedFor").and_then(Value::as_str).map(Timestamp::parse).transpose()?;
    Ok(at.filter(|at| *at > tx.now()))
}

/// Prices the order and keeps in it what was agreed: version, charges and discounts of each item. Discounts granted by
/// hand are within the authority of whoever sells, or use up the approval they name.
pub fn agree(
    tx: &mut Tx<'_>,
    customer_id: &str,
    order_id: &str,
    sold: Vec<PriceItem>,
    doc: &mut Map<String, Value>,
) -> Result<Quote> {
    for item in &sold {
        for granted in granted(item, customer_id) {
            catalog::use_granted(tx, &granted, order_id)?;
        }
    }
    let at = begins(tx, doc)?;
    let quote = billing::price(tx, &PriceAsk { customer_id: Some(customer_id.to_owned()), at, items: sold })?;
    let items = doc.get_mut("productOrderItem").and_then(Value::as_array_mut);
    let adds = items.into_iter().flatten().filter(|i| i["action"] == "add");
    for (item, priced) in adds.zip(&quote.items) {
        item["pricing"] = priced.pinned();
        item["productOffering"]["version"] = json!(priced.version);
        if !priced.discounts.is_empty() {
            item["itemDiscounts"] = json!(priced.discounts);
        }
        if let Some(contract) = &priced.contract {
            item["contract"] = json!(contract);
        }
    }
    Ok(quote)
}

/// What was agreed for a product: its own terms where a business gave it some, else those of the item it came from.
pub fn pricing_of(order: &Map<String, Value>, product: &Map<String, Value>) -> Value {
    if let Some(own) = product.get("pricing").filter(|p| p.is_object()) {
        return own.clone();
    }
    let bundle = product.get("soldIn").and_then(|s| s["itemId"].as_str());
    let own = product.get("productOrderItem").and_then(|l| l[0]["orderItemId"].as_str().or(l[0]["id"].as_str()));
    let Some(id) = bundle.or(own) else { return Value::Null };
    let items = order.get("productOrderItem").and_then(Value::as_array);
    let root = id.split('.').next().unwrap_or(id);
    let found = items.into_iter().flatten().find(|i| i["id"] == id || i["id"] == root);
    found.map_or(Value::Null, |i| i["pricing"].clone())
}
