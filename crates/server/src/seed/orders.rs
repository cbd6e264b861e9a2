//! How what customers hold came about: the orders, completed on the day the product started.

use super::Sample;
use http::tmf::{self, Document};
use inventory::products::PRODUCT;
use kernel::{Problem, Result, Timestamp};
use ordering::PRODUCT_ORDER;
use serde_json::{Value, json};
use store::Tx;

pub(super) struct Order {
    pub id: String,
    pub order_no: String,
}

/// A past order for one product, as TMF622 shows it. It needs no saga: its work is done.
pub(super) fn completed(
    tx: &mut Tx<'_>,
    sample: &Sample,
    product: &str,
    offering: &str,
    at: Timestamp,
    details: &[(&str, Value)],
) -> Result<Order> {
    let customer = customer::summary(tx, &sample.id)?;
    let offering = catalog::offering(tx, offering)?;
    let quote = billing::price(tx, &billing::PriceAsk::plain(&[(offering.id.clone(), 1)], at.date()))?;
    let id = tx.new_id::<Document>().into_string();
    let order_no = tx.next_number("P", &sample.org)?;
    let done = at.plus_seconds(90).min(tx.now());
    let characteristics: Vec<Value> = details.iter().map(|(n, v)| json!({"name": n, "value": v})).collect();
    let operator = "系统管理员";
    let body = json!({
        "id": id, "href": PRODUCT_ORDER.href(&id), "@type": "ProductOrder", "orderNo": order_no, "state": "completed",
        "orderDate": at, "completionDate": done, "operator": operator, "description": offering.name,
        "customerName": customer.name, "amountFen": quote.due_now, "orderTotalPrice": [],
        "relatedParty": [{
            "id": sample.id, "href": customer::CUSTOMER.href(&sample.id), "role": "customer", "@referredType": "Customer",
        }],
        "history": [
            {"at": at, "what": "受理", "whatEn": "Accepted", "operator": operator},
            {"at": done, "what": "竣工", "whatEn": "Completed", "operator": "系统"},
        ],
        "productOrderItem": [{
            "id": "1", "action": "add", "quantity": 1, "state": "completed", "family": offering.family.as_str(),
            "productOffering": {"id": offering.id, "name": offering.name},
            "product": {
                "id": product, "href": PRODUCT.href(product), "name": offering.name, "productCharacteristic": characteristics,
            },
        }],
    });
    let Value::Object(body) = body else { return Err(Problem::internal("an object literal")) };
    let doc = Document { id: id.clone(), version: 1, org: sample.org.clone(), created_at: at, body };
    tmf::insert_silently(tx, &PRODUCT_ORDER, &doc)?;
    Ok(Order { id, order_no })
}
