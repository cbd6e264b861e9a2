//! Prices for another system: the other end of the seam.

use super::{PriceAsk, compute};
use crate::perms;
use http::{Access, Answer, Body, Ctx, Reply, Route};
use serde_json::json;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/pricing/quotes", Access::Needs(perms::PRICING), quote)
            .doc("What items cost when they start on a day, with discounts and what is to be charged from then on")
            .body(
                json!({"at": "2026-11-22", "items": [{"offeringId": "of-mobile-129", "quantity": 1, "discounts": []}]}),
            ),
    ]
}

/// Always our own computation: two systems that ask each other would never come to an end.
async fn quote(ctx: Ctx, body: Body<PriceAsk>) -> Answer {
    let ask = body.value;
    Ok(Reply::ok(&ctx.read(move |tx| compute(tx, &ask)).await?))
}
