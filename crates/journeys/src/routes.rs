//! The password of a broadband account.

use crate::ACCESS_REVEAL;
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use inventory::products::{self, characteristic};
use kernel::Problem;
use serde::Deserialize;
use serde_json::json;

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/products/{id}/access", Access::Needs(ACCESS_REVEAL), reveal)
            .doc("Account and password of a broadband line, for the customer; audited")
            .body(json!({"reason": "客户忘记密码"})),
    ]
}

#[derive(Deserialize)]
struct Ask {
    #[serde(default)]
    reason: String,
}

async fn reveal(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    let reason = body.value.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason").into());
    }
    let answer = ctx
        .write(move |tx| {
            let product = products::get(tx, &id)?;
            let account = characteristic(&product.body, "broadbandAccount").ok_or_else(Problem::not_found)?;
            let password = products::secret(tx, &id)?.ok_or_else(Problem::not_found)?;
            tx.audit("product.accessRevealed", "product", &id, &product.org, &json!({"reason": reason}))?;
            Ok(json!({"account": account, "password": password}))
        })
        .await?;
    Ok(Reply::ok(&answer))
}
