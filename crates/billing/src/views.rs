//! What the desk shows of a product's money and of an account's history.

use crate::{account, contract, facts, perms, relation, subscription};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Tx};

pub fn routes() -> Vec<Route> {
    let read = Access::Needs(perms::ACCOUNT_READ);
    vec![
        Route::get("/api/v1/products/{id}/billing", read, product)
            .doc("What a product is charged: charges, discounts, contract, payers, debts"),
        Route::put("/api/v1/products/{id}/payers", Access::Needs(perms::RELATION_WRITE), set_payers)
            .doc("Who pays for a product besides its own account, in the order they are asked")
            .body(json!({
                "relations": [{"accountId": "…", "priority": 1, "scope": "all", "percent": 100, "limitFen": 5000}],
                "reason": "…",
            })),
        Route::get("/api/v1/accounts/{id}/changes", read, changes).doc("What an account was merged with or split from"),
        Route::get("/api/v1/accounts/{id}/pays", read, pays)
            .doc("The products an account pays for although they are not its own"),
        Route::get("/api/v1/customers/{id}/months", read, months)
            .doc("What was billed to a customer month by month, with the product lines it went to")
            .parameter("months", "how many, 12 by default, 36 at most"),
    ]
}

async fn product(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| view(tx, &id)).await?))
}

fn view(tx: &mut Tx<'_>, product_id: &str) -> Result<Value> {
    let s = subscription::look(tx, product_id)?.ok_or_else(Problem::not_found)?;
    tx.must_see(s.org.as_str())?;
    let today = tx.now().date();
    let whole = subscription::bundle_product(&s.order_id, &s.bundle);
    let (mut charges, mut discounts) =
        (subscription::charges_of(tx, &s.id)?, subscription::in_force(tx, product_id, today)?);
    // A part of a bundle that is charged as a whole shows what the whole is charged.
    if charges.is_empty()
        && !s.bundle.is_empty()
        && let Some(whole_of) = subscription::look(tx, &whole)?
    {
        charges = subscription::charges_of(tx, &whole_of.id)?;
        discounts = subscription::in_force(tx, &whole, today)?;
    }
    let account = account::account(tx, &s.account_id)?;
    let mut payers = Vec::new();
    for relation in relation::of_product(tx, product_id)? {
        let payer = account::account(tx, &relation.account_id);
        let (no, name) = payer.map_or_else(|_| (String::new(), String::new()), |a| (a.account_no, a.name));
        let mut shown = serde_json::to_value(&relation).map_err(Problem::internal)?;
        shown["accountNo"] = json!(no);
        shown["accountName"] = json!(name);
        payers.push(shown);
    }
    Ok(json!({
        "productId": product_id, "state": s.state.name(), "offeringId": s.offering_id, "offeringVersion": s.offering_version,
        "from": s.charged_from, "to": s.charged_to, "inBundle": !s.bundle.is_empty(),
        "account": {"id": account.id, "accountNo": account.account_no, "name": account.name},
        "charges": charges, "discounts": discounts, "contract": facts::contract_of(tx, product_id)?,
        "contracts": contract::of_product(tx, product_id)?, "payers": payers,
        "arrears": facts::arrears_of_product(tx, product_id)?,
    }))
}

#[derive(Deserialize)]
struct SetPayers {
    relations: Vec<relation::Relation>,
    #[serde(default)]
    reason: String,
}

async fn set_payers(ctx: Ctx, Path(id): Path<String>, body: Body<SetPayers>) -> Answer {
    let ask = body.value;
    if ask.reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "≤ 500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let mut s = subscription::of_product(tx, &id)?.ok_or_else(Problem::not_found)?;
        tx.must_see(s.org.as_str())?;
        let (day, by) = (tx.now().date(), format!("staff:{}", tx.actor().id));
        subscription::save(tx, &mut s, day, &by)?;
        let before = relation::set(tx, &s.org, (&id, &s.customer_id), &ask.relations, day, &by)?;
        let event = Event::new("PaymentRelationChangeEvent", "subscription", &s.id, s.version, &s.org)
            .topic(format!("customer:{}", s.customer_id))
            .payload(json!({"productId": id, "before": before, "after": ask.relations}))
            .audit(json!({"productId": id, "before": before, "after": ask.relations, "reason": ask.reason}));
        tx.emit(event)?;
        Ok(Reply::ok(&view(tx, &id)?))
    });
    Ok(reply.await?)
}

async fn changes(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let rows = ctx.read(move |tx| {
        account::account(tx, &id)?;
        account::changes(tx, &id)
    });
    Ok(Reply::ok(&rows.await?))
}

async fn pays(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let rows = ctx.read(move |tx| {
        account::account(tx, &id)?;
        relation::paid_by(tx, &id)
    });
    Ok(Reply::ok(&rows.await?))
}

async fn months(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let n = ctx.parameter("months").map_or(Ok(12), |t| t.parse().map_err(|_| Problem::invalid("months", "1–36")))?;
    let rows = ctx.read(move |tx| {
        customer::summary(tx, &id)?;
        facts::months(tx, &id, n)
    });
    Ok(Reply::ok(&rows.await?))
}
