//! What runs in the network for the first of those who hold something, and a few lines that are suspended.

use super::Sample;
use http::tmf::Document;
use inventory::{
    products::{self, Status},
    services::{self, Planned},
};
use kernel::{Actor, Result};
use store::{Db, Tx};

/// Customers whose products get services: enough to look at, few enough for a large store.
const MOST: usize = 500;
/// One broadband line in so many is suspended.
const SUSPENDED: usize = 8;

pub(super) fn run(db: &Db, samples: &[Sample]) -> Result<()> {
    let customers: Vec<String> = samples.iter().take(MOST).map(|s| s.id.clone()).collect();
    db.write_blocking(Actor::system(), move |tx| {
        let mut held: Vec<Document> = Vec::new();
        for customer in &customers {
            held.extend(products::of_customer(tx, customer)?);
        }
        suspend(tx, &mut held)?;
        let mut made: Vec<(&Document, Vec<Planned>)> = Vec::new();
        for product in &held {
            made.push((product, plan(tx, product)?));
        }
        services::create(tx, &made)
    })
}

/// Suspends some broadband lines. The last of them and a working telephone come last: who looks at the newest services
/// meets both families in both states.
fn suspend(tx: &mut Tx<'_>, held: &mut Vec<Document>) -> Result<()> {
    let broadband: Vec<usize> = (0..held.len()).filter(|&i| held[i].text("family") == "broadband").collect();
    for &i in broadband.iter().rev().step_by(SUSPENDED) {
        held[i] = products::set_status(tx, &held[i].id, Status::Suspended)?;
    }
    for family in ["broadband", "mobile"] {
        if let Some(i) = held.iter().rposition(|p| p.text("family") == family) {
            let last = held.remove(i);
            held.push(last);
        }
    }
    Ok(())
}

/// Nothing for what was sold by contract and is in no catalogue.
fn plan(tx: &mut Tx<'_>, product: &Document) -> Result<Vec<Planned>> {
    let Some(offering) = product.body.get("productOffering").and_then(|o| o["id"].as_str()) else {
        return Ok(Vec::new());
    };
    let offering = catalog::offering(tx, offering)?;
    let planned = catalog::decompose(tx, &offering, &[])?;
    Ok(planned.iter().flat_map(|p| &p.cfs).map(Planned::from).collect())
}
