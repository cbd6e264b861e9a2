//! What customers hold: a free pool of numbers in every city, and for the first customers mobile lines, broadband with
//! television, and circuits for organisations, entered through the domains' own operations.

use super::{
    Sample,
    debts::{self, Debtor},
    orders, past,
    places::Places,
    random::Random,
    services,
};
use billing::{Collaboration, CollaborationKind, Method, Take};
use customer::KeyKind;
use http::tmf;
use inventory::{numbers, products::PRODUCT};
use kernel::{Actor, Money, OrgPath, Problem, Result, Timestamp};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use store::{Db, Tx};

/// More customers than these get nothing: a large store is for measuring.
pub(super) const MOST: usize = 2_000;
/// Free numbers a city, and in the city of the demonstration.
const POOL: u64 = 60;
const POOL_HOME: u64 = 1_500;
const HOME: &str = "4401";
const WORKERS: usize = 16;
/// A 155M circuit a month.
const CIRCUIT_FEN: i64 = 680_000;

pub(super) fn fill(
    db: &Db,
    places: &Places,
    seed: u64,
    first: u64,
    customers: u64,
    samples: &[Sample],
) -> Result<Vec<Debtor>> {
    let pools: Vec<(u64, u64, OrgPath)> = (0..)
        .zip(&places.cities)
        .map(|(n, city)| (n, if city.code == HOME { POOL_HOME.max(customers / 10) } else { POOL }, city.org.clone()))
        .collect();
    db.write_blocking(Actor::system(), move |tx| {
        pools.iter().try_for_each(|(n, size, org)| {
            let from = pool_start(*n);
            numbers::add_range(tx, &from.to_string(), &(from + size - 1).to_string(), org).map(drop)
        })
    })?;
    if first > 0 {
        return Ok(Vec::new()); // the numbers below are given once
    }
    let mut by_hall: BTreeMap<&OrgPath, Vec<(u64, Sample)>> = BTreeMap::new();
    for (index, sample) in (0..).zip(samples) {
        by_hall.entry(&sample.org).or_default().push((index, sample.clone()));
    }
    let halls: Vec<(&OrgPath, Vec<(u64, Sample)>)> = by_hall.into_iter().collect();
    // Several at once, so that they share commits.
    let equipped: Result<()> = std::thread::scope(|scope| {
        let workers: Vec<_> = halls
            .chunks(halls.len().div_ceil(WORKERS).max(1))
            .map(|some| {
                scope.spawn(move || some.iter().try_for_each(|(hall, samples)| equip_hall(db, hall, samples, seed)))
            })
            .collect();
        workers
            .into_iter()
            .try_for_each(|w| w.join().map_err(|_| Problem::internal("a worker of the seeding panicked"))?)
    });
    equipped?;
    let debtors = debts::equip(db, samples, customers)?;
    services::run(db, samples)?;
    Ok(debtors)
}

/// As the system in that hall: what is made belongs there.
fn equip_hall(db: &Db, hall: &OrgPath, samples: &[(u64, Sample)], seed: u64) -> Result<()> {
    let samples = samples.to_vec();
    db.write_blocking(Actor::system_at(hall.clone()), move |tx| {
        samples.iter().try_for_each(|(index, sample)| equip(tx, sample, seed, *index))
    })
}

/// The free pool of the city `n` begins here: 199, two digits of the city, six of the number.
fn pool_start(n: u64) -> u64 {
    19_900_000_000 + n * 1_000_000 + 100_000
}

/// Two customers in five hold something.
fn equip(tx: &mut Tx<'_>, sample: &Sample, seed: u64, index: u64) -> Result<()> {
    let mut random = Random::at(seed ^ 0x5eed, index);
    if !random.chance(40) {
        return Ok(());
    }
    // Lines in use lie in a block of their own, apart from the free pools.
    let number = (19_807_000_000 + index).to_string();
    let offering = *random.pick(&["of-mobile-59", "of-mobile-129"]);
    // Some lines are of this month, so that their first bill is due now.
    let fresh = random.chance(25);
    let days = if fresh { random.below(20) } else { 30 + random.below(700) };
    let hours = random.below(8);
    let start = tx.now().plus_seconds(-i64::try_from(days * 24 + hours).unwrap_or(0) * 3_600);
    let mut held = vec![mobile(tx, sample, number, offering, start)?];
    if random.chance(45) {
        let account = format!("gz{:08}", 10_000_000 + index);
        let details = [("account", json!(account)), ("downMbps", json!(300))];
        let offering = "of-broadband-300";
        let line = hold(tx, sample, start, Held::Offering(offering), &details)?;
        let order = orders::completed(tx, sample, &line, offering, start, &details)?;
        customer::add_key(tx, &sample.id, KeyKind::Broadband, &account)?;
        held.push(Line { product: line, order, offering, number: account });
    }
    let circuit = random.chance(4);
    if fresh {
        held.into_iter().try_for_each(|line| charge(tx, sample, line, start))?;
        if random.chance(50) {
            pay(tx, sample, if random.chance(70) { Method::Cash } else { Method::Transfer })?;
        }
        return Ok(());
    }
    let mut past = Vec::new();
    for line in held {
        past.push(past::line(tx, line, start)?);
    }
    if circuit {
        let circuit = format!("GZ-SDH-{:05}NP", 10_000 + index);
        let details = [("circuit", json!(circuit)), ("downMbps", json!(155))];
        let product = hold(tx, sample, start, Held::Circuit, &details)?;
        customer::add_key(tx, &sample.id, KeyKind::Circuit, &circuit)?;
        past.push(past::circuit(product, circuit, start, CIRCUIT_FEN));
    }
    past::carry(tx, sample, &past, start, random.chance(8))
}

/// A mobile line in use since `start`.
pub(super) fn mobile(
    tx: &mut Tx<'_>,
    sample: &Sample,
    number: String,
    offering: &'static str,
    start: Timestamp,
) -> Result<Line> {
    numbers::add_range(tx, &number, &number, &sample.org)?;
    numbers::reserve(tx, &number, None, "seed")?;
    let details = [("number", json!(number))];
    let product = hold(tx, sample, start, Held::Offering(offering), &details)?;
    let order = orders::completed(tx, sample, &product, offering, start, &details)?;
    numbers::assign(tx, &number, &product)?;
    customer::add_key(tx, &sample.id, KeyKind::Number, &number)?;
    Ok(Line { product, order, offering, number })
}

/// A line that a customer holds, and the order it came by.
pub(super) struct Line {
    pub product: String,
    pub order: orders::Order,
    pub offering: &'static str,
    pub number: String,
}

/// The first bill of a line, made at once.
fn charge(tx: &mut Tx<'_>, sample: &Sample, line: Line, start: Timestamp) -> Result<()> {
    let fact = Collaboration {
        kind: CollaborationKind::Start,
        order_id: line.order.id,
        order_no: line.order.order_no,
        customer_id: sample.id.clone(),
        account_id: None,
        product_id: line.product,
        offering_id: line.offering.to_owned(),
        bundle: None,
        number: line.number,
        effective_from: start,
        org: sample.org.clone(),
        offering_version: None,
        old: Value::Null,
        new: Value::Null,
    };
    let id = billing::collaborate(tx, fact)?;
    billing::deliver(tx, &id)
}

/// Pays what is owed, at the counter.
fn pay(tx: &mut Tx<'_>, sample: &Sample, method: Method) -> Result<()> {
    let amount = billing::arrears_of(tx, &sample.id)?.total;
    if amount <= Money::ZERO {
        return Ok(());
    }
    let take = Take {
        customer_id: sample.id.clone(),
        account_id: None,
        amount,
        method,
        tendered: None,
        reference: String::new(),
        note: String::new(),
        extra: Map::new(),
    };
    billing::take(tx, &take).map(drop)
}

#[derive(Clone, Copy)]
enum Held {
    Offering(&'static str),
    /// Sold by contract, not out of the catalogue.
    Circuit,
}

/// An active product, as TMF637 writes it; returns its id.
fn hold(tx: &mut Tx<'_>, sample: &Sample, start: Timestamp, held: Held, details: &[(&str, Value)]) -> Result<String> {
    let (name, family, offering, fee) = match held {
        Held::Offering(id) => {
            let offering = catalog::offering(tx, id)?;
            let monthly = offering.prices.iter().find(|p| p.kind == catalog::PriceKind::Recurring);
            let fee = monthly.map_or(0, |p| p.amount.in_fen() / p.months.max(1));
            let reference = json!({"id": offering.id, "name": offering.name});
            (offering.name, offering.family.as_str(), reference, fee)
        }
        Held::Circuit => ("155M 数字电路".to_owned(), "circuit", Value::Null, CIRCUIT_FEN),
    };
    let characteristics: Vec<Value> =
        details.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
    let href = customer::CUSTOMER.href(&sample.id);
    let body = json!({
        "name": name, "status": "active", "family": family, "isBundle": false, "startDate": start, "productOffering": offering,
        "relatedParty": [{"id": sample.id, "href": href, "role": "customer", "@referredType": "Customer"}],
        "productCharacteristic": characteristics, "productPrice": [], "monthlyFeeFen": fee,
    });
    let Value::Object(body) = body else { return Err(Problem::internal("an object literal")) };
    Ok(tmf::insert(tx, &PRODUCT, body)?.id)
}
