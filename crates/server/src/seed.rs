//! Demonstration data: a group with provinces, cities and halls, a catalogue, a number pool, believable customers by the
//! thousand or the million, and products for some of them. The same seed gives the same customers.

mod cashier;
mod debts;
mod holdings;
pub mod identity;
mod interchange;
mod orders;
mod past;
mod people;
mod places;
mod portfolio;
mod random;
mod services;
mod stock;
mod units;
mod usage;

pub use debts::MANAGER;

use customer::bulk::{Identities, Load, announce};
use kernel::{Actor, OrgPath, Result, Timestamp};
use people::People;
use places::Places;
use portfolio::{Holdings, Portfolio};
use serde_json::json;
use std::sync::{Arc, mpsc};
use store::{Db, Tx};

/// Customers a transaction.
const BATCH: u64 = 5_000;

/// A customer of the demonstration that may get products.
#[derive(Clone)]
struct Sample {
    id: String,
    org: OrgPath,
}

/// Adds `customers` customers and what they need around them. Run again it adds further customers of the same series.
/// Blocks; `progress` is told how many customers are stored.
///
/// With `months` of history every customer holds services and has that many bills: a store for measuring. Without, the
/// first customers hold something, entered through the domains' own operations: a store for trying.
pub fn run(db: &Db, customers: u64, seed: u64, months: u32, progress: &mut dyn FnMut(u64)) -> Result<()> {
    let places = Places::load()?;
    let nodes = places.organizations();
    let first = db.write_blocking(Actor::system(), move |tx| prepare(tx, &nodes, seed, customers))?;
    let portfolio = match months {
        0 => None,
        months => Some(db.read_blocking(Actor::system(), move |tx| Portfolio::load(tx, months))?),
    };
    let samples = store_customers(db, &places, portfolio.as_ref(), seed, first..first + customers, progress)?;
    stock::fill(db, &places, seed, customers)?;
    let debtors = holdings::fill(db, &places, seed, first, customers, &samples)?;
    let mut samples = samples;
    samples.retain(|s| debtors.iter().all(|d| d.customer_id != s.id));
    usage::fill(db, &samples, seed)?;
    interchange::fill(db, &samples, seed)?;
    cashier::fill(db, &samples, months)?;
    debts::fill(db, debtors)?;
    if first == 0 && months == 0 {
        units::fill(db, &samples)?;
    }
    let detail = json!({"seed": seed, "from": first, "customers": customers});
    db.write_blocking(Actor::system(), move |tx| {
        let id = tx.new_id::<Load>().into_string();
        announce(tx, "CustomerSeedCompleteEvent", &id, &OrgPath::root(), &detail)
    })
}

/// The organisation and the catalogue; returns where the series stands.
fn prepare(tx: &mut Tx<'_>, nodes: &[(String, String, &'static str)], seed: u64, customers: u64) -> Result<u64> {
    let nodes: Vec<(&str, &str, &str)> = nodes.iter().map(|(p, n, k)| (p.as_str(), n.as_str(), *k)).collect();
    access::ensure_organizations(tx, &nodes)?;
    catalog::ensure_defaults(tx)?;
    catalog::ensure_demo(tx)?;
    if customers == 0 {
        return Ok(0);
    }
    let count = i64::try_from(customers).unwrap_or(i64::MAX);
    let first = tx.take_from_series(&format!("seed-{seed}"), count)?;
    Ok(u64::try_from(first - 1).unwrap_or(0))
}

struct Batch {
    load: Load,
    holdings: Holdings,
    samples: Vec<Sample>,
    count: u64,
}

/// Prepared in a thread beside the store's writer; returns the customers that [`holdings`] may use.
fn store_customers(
    db: &Db,
    places: &Places,
    portfolio: Option<&Portfolio>,
    seed: u64,
    range: std::ops::Range<u64>,
    progress: &mut dyn FnMut(u64),
) -> Result<Vec<Sample>> {
    let mut samples = Vec::new();
    let mut done = 0;
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel::<Result<Arc<Batch>>>(1);
        let reader = db.clone();
        scope.spawn(move || {
            let (people, now) = (People::load(), reader.env().now());
            let mut identities = Identities::new(&reader, 1_000);
            let mut from = range.start;
            while from < range.end {
                let to = range.end.min(from + BATCH);
                let batch = make(&reader, (places, &people, portfolio), &mut identities, seed, from..to, now);
                let failed = batch.is_err();
                if send.send(batch.map(Arc::new)).is_err() || failed {
                    return;
                }
                from = to;
            }
        });
        for batch in receive {
            let batch = batch?;
            let shared = batch.clone();
            db.load_blocking(Actor::system(), move |tx| {
                shared.load.store(tx)?;
                shared.holdings.store(tx)
            })?;
            if samples.len() < holdings::MOST {
                samples.extend(batch.samples.iter().cloned());
            }
            done += batch.count;
            progress(done);
        }
        Ok(samples)
    })
}

fn make(
    db: &Db,
    (places, people, portfolio): (&Places, &People, Option<&Portfolio>),
    identities: &mut Identities,
    seed: u64,
    range: std::ops::Range<u64>,
    now: Timestamp,
) -> Result<Batch> {
    let mut batch = Batch {
        load: Load::default(),
        holdings: Holdings::default(),
        samples: Vec::new(),
        count: range.end - range.start,
    };
    for index in range {
        let new = people.customer(places, seed, index, now)?;
        let org = new.org.clone().unwrap_or_else(OrgPath::root);
        let identity = identities.next(&org, None)?;
        batch.load.add(db, &new, &identity, &org, new.created_at.unwrap_or(now))?;
        if let Some(portfolio) = portfolio {
            portfolio.add(db, (&mut batch.load, &mut batch.holdings), &identity, &org, index, now)?;
            continue;
        }
        if batch.samples.len() < holdings::MOST {
            batch.samples.push(Sample { id: identity.id, org });
        }
    }
    batch.load.order();
    Ok(batch)
}
