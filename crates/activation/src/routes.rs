//! How the built-in systems behave, and what the network knows of a subscriber.

use crate::{
    NETWORK_CALLBACK, NETWORK_READ, NETWORK_WRITE,
    simulator::{self, Behaviour, behaviours, set_behaviours},
    southbound::{memory, receiver},
};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use inventory::products;
use kernel::OrgPath;
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::Event;

#[derive(Serialize, Deserialize)]
struct Targets {
    #[serde(default)]
    targets: Vec<Behaviour>,
    #[serde(default)]
    systems: Vec<memory::Behaviour>,
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/network/simulator", Access::Needs(NETWORK_READ), show)
            .doc("How the built-in network and the built-in activation systems behave"),
        Route::put("/api/v1/network/simulator", Access::Needs(NETWORK_WRITE), set)
            .doc("Delays and failures of the built-in network: late, never, twice, out of order, refused, damaged")
            .body(json!({
                "targets": [{"target": "olt", "delayMs": 0, "failRate": 0, "failNext": 1, "stuck": false}],
                "systems": [{"system": "tmf641", "lateSeconds": 30, "twiceNext": 1}],
            })),
        Route::get("/api/v1/products/{id}/network", Access::Needs(NETWORK_READ), known)
            .doc("What the built-in network knows of a product"),
        Route::post(
            "/tmf-api/serviceOrdering/v4/listener/serviceOrderStateChangeEvent",
            Access::Needs(NETWORK_CALLBACK),
            receiver::route,
        )
        .doc("An activation system reports how a service order stands")
        .body(json!({"eventType": "ServiceOrderStateChangeEvent", "event": {"serviceOrder": {"externalId": "…", "state": "completed"}}})),
    ]
}

async fn show(ctx: Ctx) -> Answer {
    let all = ctx.read(|tx| Ok(Targets { targets: behaviours(tx)?, systems: memory::behaviours(tx)? })).await?;
    Ok(Reply::ok(&all))
}

async fn set(ctx: Ctx, body: Body<Targets>) -> Answer {
    let Targets { targets, systems } = body.value;
    let all = ctx
        .write(move |tx| {
            set_behaviours(tx, &targets)?;
            memory::set_behaviours(tx, &systems)?;
            tx.emit(Event::new("NetworkSimulatorChangeEvent", "networkSimulator", "simulator", 1, &OrgPath::root()))?;
            Ok(Targets { targets: behaviours(tx)?, systems: memory::behaviours(tx)? })
        })
        .await?;
    Ok(Reply::ok(&all))
}

async fn known(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let all = ctx
        .read(move |tx| {
            let product = products::get(tx, &id)?;
            let mut all = simulator::known_as(tx, &id)?;
            for thing in crate::shared::of_product(tx, &product)? {
                all.extend(simulator::known_as(tx, &thing.subscriber())?);
            }
            Ok(all)
        })
        .await?;
    Ok(Reply::ok(&all))
}
