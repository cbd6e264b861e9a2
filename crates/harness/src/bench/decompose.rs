//! What an order of mobile, broadband and television is broken down into: products, services, tasks in their order, and the
//! system for each task. Asked through the API, so the server's CPU of a request is an upper bound for what an order pays.

use super::{
    Line, World,
    load::{Load, Measured},
};
use crate::{
    Done,
    client::{Client, request},
};
use std::time::Duration;

const CONNECTIONS: usize = 2;
const PATH: &str = "/api/v1/network/rules/of-fusion-169?purpose=add&org=/cn/44/4401/h001";

pub fn measure(world: &World) -> Done<Line> {
    let server = world.setup.start()?;
    let mut client = Client::new(server.address, &world.token);
    let sample = client.get(PATH).map_err(|e| e.to_string())?.json();
    let products = sample["products"].as_array().map_or(&[][..], Vec::as_slice);
    let tasks: usize = products.iter().filter_map(|p| p["work"]["add"].as_array()).map(Vec::len).sum();
    if products.len() < 3 || tasks == 0 {
        return Err(format!("no triple play: {sample}"));
    }
    let count = products.len();
    let token = world.token.clone();
    let load = Load {
        address: server.address,
        server: server.pid(),
        connections: CONNECTIONS,
        warm_up: Duration::from_secs(2),
        duration: Duration::from_secs(8),
        request: Box::new(move |_| request("GET", PATH, &token, &[], "")),
        wanted: 200,
    };
    let Measured { rate, p50_ms, p99_ms, server_us, client_us, busy } = load.run()?;
    drop(server);
    let note = format!(
        "{count} products, {tasks} tasks, each with its system; server {server_us:.0} µs CPU a request (wanted: at most 2,000), \
         client {client_us:.0} µs; {busy:.2} of 2 cores used"
    );
    Ok(Line { name: "decompose", rate, p50_ms: Some(p50_ms), p99_ms: Some(p99_ms), bare_rate: None, note })
}
