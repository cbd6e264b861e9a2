//! The simulated network's settings, and the password of a broadband account.

use crate::{
    ACCESS_REVEAL, NETWORK_READ, NETWORK_WRITE,
    simulator::{Behaviour, behaviours, set_behaviours},
};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use inventory::products::{self, characteristic};
use kernel::{OrgPath, Problem};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Event;

#[derive(Serialize, Deserialize)]
struct Targets {
    targets: Vec<Behaviour>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/network/simulator", Access::Needs(NETWORK_READ), show)
            .doc("How the built-in network behaves"),
        Route::put("/api/v1/network/simulator", Access::Needs(NETWORK_WRITE), set)
            .doc("Delays and failures of the built-in network")
            .body(json!({"targets": [{"target": "olt", "delayMs": 0, "failRate": 0, "failNext": 1, "stuck": false}]})),
        Route::post("/api/v1/products/{id}/access", Access::Needs(ACCESS_REVEAL), reveal)
            .doc("Account and password of a broadband line, for the customer; audited")
            .body(json!({"reason": "客户忘记密码"})),
    ]
}

async fn show(ctx: Ctx) -> Answer {
    let targets = ctx.read(behaviours).await?;
    Ok(Reply::ok(&Targets { targets }))
}

async fn set(ctx: Ctx, body: Body<Targets>) -> Answer {
    let targets = body.value.targets;
    let targets = ctx
        .write(move |tx| {
            set_behaviours(tx, &targets)?;
            tx.emit(Event::new("NetworkSimulatorChangeEvent", "networkSimulator", "simulator", 1, &OrgPath::root()))?;
            behaviours(tx)
        })
        .await?;
    Ok(Reply::ok(&Targets { targets }))
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
