//! The older ways to change a product that works: the routes that suspend and resume, and TMF622 items with action `modify` or
//! `delete`. All lead to the businesses.

use crate::{
    READ, SUSPEND, acceptance,
    acceptance::{Ask, lock},
    ask::{Action, Asked},
    business::Business,
    capture, problems,
};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use inventory::products::{self, Status};
use kernel::{OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::Tx;

/// What happens to a product in a step `turn-product` of an order placed before there were businesses.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    Suspend,
    Resume,
    Terminate,
}

impl Turn {
    pub fn verb(self) -> &'static str {
        match self {
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::Terminate => "deactivate",
        }
    }
    pub fn parse(verb: &str) -> Option<Self> {
        [Self::Suspend, Self::Resume, Self::Terminate].into_iter().find(|t| t.verb() == verb)
    }
    pub fn to(self) -> Status {
        match self {
            Self::Suspend => Status::Suspended,
            Self::Resume => Status::Active,
            Self::Terminate => Status::Terminated,
        }
    }
}

pub fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    for business in [Business::Suspend, Business::Resume] {
        let path = format!("/api/v1/products/{{id}}/{}", business.name());
        let placing = move |ctx: Ctx, Path(id): Path<String>, body: Body<Why>| place(ctx, id, body, business);
        let orders = move |ctx: Ctx, Path(id): Path<String>| current(ctx, id);
        let title = business.spec().en;
        routes.push(
            Route::post(&path, Access::Needs(SUSPEND), placing)
                .doc(format!("{title} a product by a change order"))
                .body(json!({"reason": "客户报停"})),
        );
        routes
            .push(Route::get(&path, Access::Needs(READ), orders).doc("The order in transit that changes the product"));
    }
    routes
}

#[derive(Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

async fn place(ctx: Ctx, id: String, body: Body<Why>, business: Business) -> Answer {
    let reason = body.value.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        products::get(tx, &id)?; // 404 as ever, and not a reference that is unknown
        let ask = Ask {
            business: business.name().to_owned(),
            product_id: Some(id.clone()),
            reason: reason.clone(),
            ..Ask::default()
        };
        let placed = acceptance::place(tx, ask)?;
        Ok(Reply::json(202, &json!({"orderId": placed.order_id, "orderNo": placed.order_no})))
    });
    Ok(reply.await?)
}

async fn current(ctx: Ctx, id: String) -> Answer {
    let order = ctx
        .peek(move |tx| {
            products::get(tx, &id)?;
            Ok(lock::holder(tx, &id, lock::EXCLUSIVE)?.map(|h| h.order_id))
        })
        .await?;
    Ok(Reply::ok(&json!({"orderId": order})))
}

/// A TMF622 order that changes or ends a product: the business it names, with its characteristics as values.
pub fn placed_by_tmf(tx: &mut Tx<'_>, asked: &Asked, id: &str, doc: &mut Map<String, Value>) -> Result<OrgPath> {
    let unsupported = |value: &str| Problem::new(&problems::ACTION_UNSUPPORTED).with("value", value);
    let [item] = asked.items.as_slice() else { return Err(unsupported("modify / delete + …")) };
    let business = match (item.action, &item.business) {
        (_, Some(business)) => business.clone(),
        (Action::Delete, None) => Business::Close.name().to_owned(),
        _ => return Err(unsupported("modify").field("productOrderItem.business")),
    };
    let customer = asked.customer.clone().ok_or_else(|| Problem::new(&problems::CUSTOMER_MISSING))?;
    if let Some(product) = &item.product_id {
        let unknown = || Problem::unknown_reference("productOrderItem.product.id", product);
        let found = products::get(tx, product).map_err(|_| unknown())?;
        if crate::order::customer_id(&found.body) != customer {
            return Err(unknown());
        }
    }
    let mut values: Map<String, Value> = item.characteristics.iter().cloned().collect();
    if let Some(offering) = &item.offering
        && item.action == Action::Modify
    {
        values.entry("offering").or_insert_with(|| json!(offering.id));
    }
    let text = |name: &str| doc.get(name).and_then(Value::as_str).map(str::to_owned);
    let noted = doc.get("note").and_then(|n| n[0]["text"].as_str()).map(str::to_owned);
    let day = text("requestedStartDate").and_then(|t| kernel::Timestamp::parse(&t).ok()).filter(|t| *t > tx.now());
    let ask = Ask {
        business,
        product_id: item.product_id.clone(),
        customer_id: Some(customer),
        values,
        effective: day.map(|_| "date".to_owned()).or_else(|| text("effective")),
        effective_date: day.map(|d| d.date().to_string()),
        reason: noted.or_else(|| text("reason")).or_else(|| text("description")).unwrap_or_else(|| "TMF622".to_owned()),
        verification_id: text("verificationId"),
        proxy_verification_id: text("proxyVerificationId"),
        confirmations: doc
            .get("confirmations")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(|c| c.as_str().map(str::to_owned))
            .collect(),
        developer: text("developer"),
    };
    let org = acceptance::fill(tx, ask, id, doc)?;
    capture::number(tx, doc, &org)?;
    Ok(org)
}
