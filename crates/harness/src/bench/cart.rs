//! Eligibility and price of a cart of five items, as the sell page asks with every change of the cart: rules over cart and
//! held products, discounts across products, contract and the lines of the first bill.

use super::{
    Line, World, facts,
    load::{Load, Measured},
};
use crate::{
    Done,
    client::{Client, request},
};
use serde_json::json;
use std::time::Duration;

/// Clerks who change a cart at the same moment.
const CONNECTIONS: usize = 4;
/// A mobile line, broadband, television at half price beside it, films at half price for three months, and data.
const ITEMS: [&str; 5] = ["of-mobile-129", "of-broadband-300", "of-iptv-4k", "of-content-film", "of-option-data-10g"];

pub fn measure(world: &World) -> Done<Line> {
    let server = world.setup.start()?;
    let ids = facts::customer_ids(world)?;
    if ids.is_empty() {
        return Err("the store holds no customers".to_owned());
    }
    let items: Vec<_> = ITEMS.iter().map(|id| json!({"offeringId": id, "quantity": 1})).collect();
    let body = move |id: &str| json!({"customerId": id, "items": items}).to_string();
    let path = "/api/v1/orders/price";
    let mut client = Client::new(server.address, &world.token);
    let first = serde_json::from_str(&body(&ids[0])).map_err(|e| e.to_string())?;
    let sample = client.post(path, "cart-sample", &first).map_err(|e| e.to_string())?.json();
    let priced = sample["items"].as_array().map_or(0, Vec::len);
    if priced != ITEMS.len() {
        return Err(format!("{priced} of {} items were priced: {sample}", ITEMS.len()));
    }
    let reasons = sample["problems"].as_array().map_or(0, Vec::len);
    let discounts = sample["discounts"].as_array().map_or(0, Vec::len);
    let token = world.token.clone();
    let load = Load {
        address: server.address,
        server: server.pid(),
        connections: CONNECTIONS,
        warm_up: Duration::from_secs(2),
        duration: Duration::from_secs(8),
        request: Box::new(move |n| request("POST", path, &token, &[], &body(&ids[n % ids.len()]))),
        wanted: 200,
    };
    let Measured { rate, p50_ms, p99_ms, server_us, client_us, busy } = load.run()?;
    drop(server);
    let note = format!(
        "{CONNECTIONS} connections, each request another customer; {priced} items, {discounts} discounts, {reasons} reasons against; \
         server {server_us:.0} µs CPU a request, client {client_us:.0} µs; {busy:.2} of 2 cores used"
    );
    Ok(Line { name: "cart", rate, p50_ms: Some(p50_ms), p99_ms: Some(p99_ms), bare_rate: None, note })
}
