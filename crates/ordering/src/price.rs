//! What a cart costs and whether it may be ordered: everything that speaks against it at once, each beside its item.

use crate::CREATE;
use billing::{PriceAsk, PriceItem, Quote};
use catalog::{Ask, Granted, WhyNot};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Date, Lang, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;

pub fn routes() -> Vec<Route> {
    vec![
        quote_route(),
        Route::get("/api/v1/customers/{id}/offerings/why-not", Access::Needs(CREATE), why_not)
            .doc("Why a customer may not have offerings, each looked at by itself beside what is held and in the cart")
            .parameter("ids", "offerings, separated by commas, 100 at most")
            .parameter("cart", "offerings in the cart already, separated by commas"),
    ]
}

/// Each reason against each offering; an offering without reasons may be had.
async fn why_not(ctx: Ctx, Path(customer): Path<String>) -> Answer {
    let list = |name: &str| -> Vec<String> {
        let text = ctx.parameter(name).unwrap_or_default();
        text.split(',').filter(|t| !t.is_empty()).take(100).map(str::to_owned).collect()
    };
    let (ids, cart) = (list("ids"), list("cart"));
    let plain = |id: &String| Ask { offering_id: id.clone(), version: None, selection: Vec::new(), quantity: 1 };
    let found = ctx.read(move |tx| {
        let subject = crate::subject(tx, &customer)?;
        let mut asks: Vec<Ask> = cart.iter().map(plain).collect();
        let mut found: Vec<WhyNot> = Vec::new();
        for id in &ids {
            asks.push(plain(id));
            // What the cart lacks by itself is no reason against this one.
            let reasons = catalog::why_not(tx, &subject, &asks)?;
            found.extend(reasons.into_iter().filter(|w| w.offering_id == *id));
            asks.pop();
        }
        Ok(found)
    });
    Ok(Reply::ok(&found.await?))
}

fn quote_route() -> Route {
    Route::post("/api/v1/orders/price", Access::Needs(CREATE), price)
        .doc("What an order would cost, and whether it may be placed")
        .body(json!({"customerId": "…", "effectiveDate": "2026-12-01", "items": [{
            "offeringId": "…", "quantity": 1, "selection": [{"offeringId": "…", "quantity": 1}],
            "discounts": [{"discountId": "…"}, {"percent": 10, "months": 12, "reason": "…", "requestId": "…"}],
        }]}))
}

#[derive(Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Cart {
    customer_id: Option<String>,
    /// The day from which it is charged; today where nothing is said.
    effective_date: Option<Date>,
    items: Vec<PriceItem>,
}

/// What a discount by hand asks for, as the catalogue's limits see it. Discounts that the catalogue gives by itself need
/// nobody's authority.
pub fn granted(item: &PriceItem, customer_id: &str) -> Vec<Granted> {
    let by_hand = item.discounts.iter().filter(|d| d.granted());
    by_hand
        .map(|d| Granted {
            offering_id: item.offering_id.clone(),
            customer_id: customer_id.to_owned(),
            percent: d.percent.unwrap_or(0),
            fen_month: d.amount.map_or(0, kernel::Money::in_fen),
            months: d.months.unwrap_or(0),
            request_id: d.request_id.clone(),
        })
        .collect()
}

async fn price(ctx: Ctx, body: Body<Cart>) -> Answer {
    let (lang, ask) = (ctx.lang, body.value);
    let answer = ctx.read(move |tx| quoted(tx, &ask, lang));
    Ok(Reply::ok(&answer.await?))
}

fn quoted(tx: &mut Tx<'_>, cart: &Cart, lang: Lang) -> Result<Value> {
    let (mut problems, mut known) = (Vec::new(), Vec::new());
    let mut add = |offering: &str, p: &Problem| {
        let field = p.params.iter().find(|(n, _)| *n == "field").map(|(_, v)| v.clone());
        problems.push(json!({
            "offeringId": offering, "code": p.code.id, "reason": p.reason(lang), "message": p.help(lang), "field": field,
            "mayGrant": p.extra.as_ref().and_then(|e| e.get("mayGrant").cloned()),
        }));
    };
    let today = tx.now().date();
    let at = cart.effective_date.unwrap_or(today);
    if at < today || at > today.plus_months(12) {
        return Err(Problem::invalid("effectiveDate", &format!("{today} – {}", today.plus_months(12))));
    }
    for item in &cart.items {
        match catalog::offering_at(tx, &item.offering_id, item.version) {
            Ok(_) => known.push(item.clone()),
            Err(p) if p.code.status >= 500 => return Err(p),
            Err(p) => add(&item.offering_id, &p),
        }
    }
    let why_not = match &cart.customer_id {
        Some(customer) => {
            for item in &known {
                for granted in granted(item, customer) {
                    match catalog::check_granted(tx, &granted) {
                        Err(p) if p.code.status >= 500 => return Err(p),
                        Err(p) => add(&item.offering_id, &p),
                        Ok(()) => {}
                    }
                }
            }
            let subject = crate::subject(tx, customer)?;
            let asks: Vec<Ask> = known.iter().map(asked).collect();
            catalog::why_not(tx, &subject, &asks)?
        }
        None => alone(tx, &known)?,
    };
    let ask = PriceAsk { customer_id: cart.customer_id.clone(), at, items: known };
    let quote = match billing::price(tx, &ask) {
        Ok(quote) => quote,
        // A discount that cannot be had is the clerk's to correct: the rest of the cart is priced without it.
        Err(p) if p.code.id.starts_with("discount.") => {
            add("", &p);
            let mut plain = ask.clone();
            plain.items.iter_mut().for_each(|i| i.discounts.clear());
            billing::price(tx, &plain)?
        }
        Err(p) => return Err(p),
    };
    Ok(shown(&quote, problems, &why_not, lang))
}

fn asked(item: &PriceItem) -> Ask {
    Ask {
        offering_id: item.offering_id.clone(),
        version: item.version,
        selection: item.selection.clone(),
        quantity: item.quantity,
    }
}

/// Without a customer only what the offering says of itself.
fn alone(tx: &mut Tx<'_>, items: &[PriceItem]) -> Result<Vec<WhyNot>> {
    let mut found = Vec::new();
    for item in items {
        let offering = catalog::offering_at(tx, &item.offering_id, item.version)?;
        let checked = offering.sellable(tx.now()).and_then(|()| offering.resolve(&item.selection).map(drop));
        match checked.and_then(|()| catalog::decompose(tx, &offering, &item.selection).map(drop)) {
            Err(p) if p.code.status >= 500 => return Err(p),
            Err(p) => found.push(WhyNot::new(&offering.id, &p)),
            Ok(()) => {}
        }
    }
    Ok(found)
}

fn shown(quote: &Quote, mut problems: Vec<Value>, why_not: &[WhyNot], lang: Lang) -> Value {
    for why in why_not {
        problems.push(json!({
            "offeringId": why.offering_id, "code": why.code, "reason": why.reason(lang), "message": why.hint(lang),
        }));
    }
    let mut answer = serde_json::to_value(quote).unwrap_or_default();
    answer["eligible"] = json!(problems.is_empty());
    answer["problems"] = json!(problems);
    answer["whyNot"] = json!(why_not);
    answer["discounts"] = json!(quote.items.iter().flat_map(|i| &i.discounts).collect::<Vec<_>>());
    answer
}
