//! Orders that change a product which works already: suspend (停机), resume (复机), terminate (拆机).

use crate::{
    READ, SAGA, SAGA_VERSION, SUSPEND,
    ask::Item,
    order::{PRODUCT_ORDER, customer_id, line},
    plan, problems,
};
use flow::NewStep;
use http::{
    Access, Answer, Body, Ctx, Reply, Route,
    axum::extract::Path,
    tmf::{self, Document},
};
use inventory::products::{self, Status};
use kernel::{Problem, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

/// What happens to the product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Turn {
    Suspend,
    Resume,
    Terminate,
}

impl Turn {
    /// What the network is asked for; also the name of the steps.
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
    /// Only what works can be suspended and only what is suspended resumed; an activation still under way is neither.
    fn check(self, from: Status) -> Result<()> {
        let fits = match self {
            Self::Suspend => from == Status::Active,
            Self::Resume => from == Status::Suspended,
            Self::Terminate => matches!(from, Status::Active | Status::Suspended),
        };
        if fits {
            return Ok(());
        }
        let state = Problem::new(&inventory::problems::PRODUCT_STATE);
        Err(state.with("from", from.text()).with("to", self.to().text()))
    }
    fn titles(self) -> (&'static str, &'static str) {
        match self {
            Self::Suspend => ("停机", "Suspend"),
            Self::Resume => ("复机", "Resume"),
            Self::Terminate => ("拆机", "Terminate"),
        }
    }
}

sql! {
    IN_TRANSIT = "SELECT id FROM product_order WHERE changes_product = $1";
}

pub fn routes() -> Vec<Route> {
    let mut routes = Vec::new();
    for turn in [Turn::Suspend, Turn::Resume] {
        let path = format!("/api/v1/products/{{id}}/{}", turn.verb());
        let placing = move |ctx: Ctx, Path(id): Path<String>, body: Body<Ask>| place(ctx, id, body, turn);
        let orders = move |ctx: Ctx, Path(id): Path<String>| current(ctx, id);
        let title = turn.titles().1;
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
struct Ask {
    #[serde(default)]
    reason: String,
}

async fn place(ctx: Ctx, id: String, body: Body<Ask>, turn: Turn) -> Answer {
    let reason = body.value.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let order_id = order(tx, &id, turn, &reason)?;
        Ok(Reply::json(202, &json!({"orderId": order_id})))
    });
    Ok(reply.await?)
}

async fn current(ctx: Ctx, id: String) -> Answer {
    let order = ctx
        .peek(move |tx| {
            products::get(tx, &id)?;
            Ok(tx.query_opt(&IN_TRANSIT, params![id])?.map(|r| r.text(0)))
        })
        .await?;
    Ok(Reply::ok(&json!({"orderId": order})))
}

/// Places the change order of a product; 409 while another one is in transit or where its state does not allow the change.
fn order(tx: &mut Tx<'_>, product_id: &str, turn: Turn, reason: &str) -> Result<String> {
    let product = products::get(tx, product_id)?;
    let customer = customer_id(&product.body).to_owned();
    let (zh, en) = turn.titles();
    let id = tx.new_id::<Document>().into_string();
    let mut body = Map::new();
    for (name, value) in [
        ("id", json!(id)),
        ("href", json!(PRODUCT_ORDER.href(&id))),
        ("@type", json!("ProductOrder")),
        ("state", json!("acknowledged")),
        ("orderDate", json!(tx.now())),
        ("description", json!(format!("{zh}：{}", product.text("name")))),
        ("operator", json!(&*tx.actor().name)),
        ("amountFen", json!(0)),
        ("relatedParty", json!([{"id": customer, "role": "customer", "@referredType": "Customer"}])),
        ("note", json!([{"text": reason, "date": tx.now(), "author": &*tx.actor().name}])),
        ("history", json!([line(tx, (&format!("{zh}受理：{reason}"), &format!("{en} accepted: {reason}")))])),
        (
            "productOrderItem",
            json!([{
                "id": "1", "action": "modify", "quantity": 1, "state": "acknowledged", "family": product.text("family"),
                "productOffering": product.body.get("productOffering"),
                "product": {"id": product_id, "href": products::PRODUCT.href(product_id), "status": turn.to().text()},
            }]),
        ),
    ] {
        body.insert(name.to_owned(), value);
    }
    let steps = turn_steps(tx, &product, "1", turn, &mut body)?;
    body.insert("customerName".into(), json!(customer::summary(tx, &customer).map(|c| c.name).unwrap_or_default()));
    let org = product.org.clone();
    body.insert("orderNo".into(), json!(tx.next_number("P", &org)?));
    let doc = Document { id: id.clone(), version: 1, org: org.clone(), created_at: tx.now(), body };
    tmf::insert_silently(tx, &PRODUCT_ORDER, &doc)?;
    tmf::publish(tx, &PRODUCT_ORDER, &doc, "Create")?;
    flow::saga::start(tx, SAGA, SAGA_VERSION, &id, &org, json!({}), steps)?;
    Ok(id)
}

/// A TMF622 item with action `delete` and a product: termination.
pub fn terminate(tx: &mut Tx<'_>, item: &Item, doc: &mut Map<String, Value>) -> Result<Vec<NewStep>> {
    let id = item.product_id.as_deref().ok_or_else(|| Problem::missing("productOrderItem.product.id"))?;
    let product = products::get(tx, id).map_err(|_| Problem::unknown_reference("productOrderItem.product.id", id))?;
    if customer_id(&product.body) != customer_id(doc) {
        return Err(Problem::unknown_reference("productOrderItem.product.id", id));
    }
    doc.insert("amountFen".into(), json!(0));
    if doc.get("description").and_then(Value::as_str).is_none_or(str::is_empty) {
        doc.insert("description".into(), json!(format!("拆机：{}", product.text("name"))));
    }
    turn_steps(tx, &product, &item.id, Turn::Terminate, doc)
}

fn turn_steps(
    tx: &mut Tx<'_>,
    product: &Document,
    item: &str,
    turn: Turn,
    doc: &mut Map<String, Value>,
) -> Result<Vec<NewStep>> {
    turn.check(Status::parse(product.text("status"))?)?;
    if tx.query_opt(&IN_TRANSIT, params![product.id])?.is_some() {
        return Err(Problem::new(&problems::IN_TRANSIT));
    }
    doc.insert("changesProduct".into(), json!(product.id));
    let offering = product.body.get("productOffering").and_then(|o| o["id"].as_str()).unwrap_or("").to_owned();
    let offering = catalog::offering(tx, &offering)?;
    let planned = catalog::structure(tx, &offering, &[])?;
    let planned = planned.first().ok_or_else(|| Problem::internal("an offering without products"))?;
    Ok(plan::turn(item, &product.id, planned, turn.verb(), turn.titles()))
}
