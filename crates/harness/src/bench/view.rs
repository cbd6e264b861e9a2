//! The unified view whole, as a hall asks for it: all four attribute groups of a customer with their services and a year of bills.
//!
//! `view` opens customers whose opening is on record already today, as a desk does all day long; `view_first` opens each for
//! the first time, which writes the visit and its audit entry before it is answered.

use super::{
    Line, World, facts,
    load::{Load, Measured},
};
use crate::{
    Done,
    client::{Client, request},
};
use std::time::Duration;

/// Clerks at work at once.
const CONNECTIONS: usize = 16;
/// Customers that are opened again and again.
const OPEN: usize = 2_000;

pub fn measure(world: &World, name: &'static str) -> Done<Line> {
    let server = world.setup.start()?;
    let ids = facts::customer_ids(world)?;
    if ids.is_empty() {
        return Err("the store holds no customers".to_owned());
    }
    let path = |id: &str| format!("/api/v1/customers/{id}/view");
    let mut client = Client::new(server.address, &world.token);
    let sample = client.get(&path(&ids[0])).map_err(|e| e.to_string())?;
    let bytes = sample.body.len();
    let view = sample.json();
    let held = |list: &str| view[list].as_array().map_or(0, Vec::len);
    let of =
        format!("{bytes} bytes, {} products, {} bills, {} payments", held("products"), held("bills"), held("payments"));
    // Spread over the whole store, not over its newest corner.
    let step = (ids.len() / OPEN).max(1);
    let chosen: Vec<String> = if name == "view" { ids.iter().step_by(step).take(OPEN).cloned().collect() } else { ids };
    if name == "view" {
        for id in &chosen {
            client.get(&path(id)).map_err(|e| e.to_string())?;
        }
    }
    let token = world.token.clone();
    let load = Load {
        address: server.address,
        server: server.pid(),
        connections: CONNECTIONS,
        warm_up: Duration::from_secs(2),
        duration: Duration::from_secs(8),
        request: Box::new(move |n| request("GET", &path(&chosen[n % chosen.len()]), &token, &[], "")),
        wanted: 200,
    };
    let Measured { rate, p50_ms, p99_ms, server_us, client_us, busy } = load.run()?;
    drop(server);
    let note = format!(
        "{CONNECTIONS} connections; {of}; server {server_us:.0} µs CPU a request, client {client_us:.0} µs; {busy:.2} of 2 cores used"
    );
    Ok(Line { name, rate, p50_ms: Some(p50_ms), p99_ms: Some(p99_ms), bare_rate: None, note })
}
