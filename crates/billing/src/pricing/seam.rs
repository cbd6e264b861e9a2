//! The seam at which another billing system takes the place of this one.
//!
//! Whoever needs a price asks [`price`] inside its transaction. With the embedded pricing that is a computation. With an
//! outside one a transaction cannot wait for a network: it is refused with `pricing.pending`, the answer is fetched
//! outside of every transaction ([`answer`], registered with the HTTP layer), kept for some minutes, and the operation
//! runs again. So no lock is ever held while another system thinks, and what was shown is what is ordered.

use super::{Outside, PriceAsk, Quote, compute};
use crate::{problems, settings};
use http::{App, BoxFuture};
use kernel::{Actor, Problem, Result, Timestamp};
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};
use store::{Db, Tx};

/// Something that knows prices.
pub trait Pricing: Send + Sync + 'static {
    fn quote(&self, db: &Db, ask: PriceAsk) -> BoxFuture<'static, Result<Quote>>;
}

/// The prices of this program's own catalogue.
pub struct Embedded;

impl Pricing for Embedded {
    fn quote(&self, db: &Db, ask: PriceAsk) -> BoxFuture<'static, Result<Quote>> {
        let db = db.clone();
        Box::pin(async move { db.read(Actor::system(), move |tx| compute(tx, &ask)).await })
    }
}

#[derive(Default)]
struct Seam(Mutex<Known>);

#[derive(Default)]
struct Known {
    outside: Option<Arc<Outside>>,
    quotes: HashMap<String, (Timestamp, Quote)>,
}

/// Quotes kept at most; then all are asked for again.
const MOST_KEPT: usize = 10_000;

impl Seam {
    fn with<R>(&self, look: impl FnOnce(&mut Known) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// From now on prices come from there; `None` for our own.
pub fn use_pricing(db: &Db, outside: Option<Outside>) {
    db.memory::<Seam>().with(|known| {
        known.outside = outside.map(Arc::new);
        known.quotes.clear();
    });
}

/// The pricing in use.
fn pricing(db: &Db) -> Arc<dyn Pricing> {
    match db.memory::<Seam>().with(|known| known.outside.clone()) {
        Some(outside) => outside,
        None => Arc::new(Embedded),
    }
}

/// What `ask` costs. Fails with `pricing.pending` where another system has to be asked first.
pub fn price(tx: &mut Tx<'_>, ask: &PriceAsk) -> Result<Quote> {
    let seam = tx.memory::<Seam>();
    if seam.with(|known| known.outside.is_none()) {
        return compute(tx, ask);
    }
    ask.check()?;
    let key = serde_json::to_string(ask).map_err(Problem::internal)?;
    let seconds = settings::QUOTE_SECONDS.number(tx)?;
    let now = tx.now();
    let known = seam.with(|known| known.quotes.get(&key).filter(|(at, _)| now.seconds_since(*at) < seconds).cloned());
    match known {
        Some((_, quote)) => Ok(quote),
        None => Err(Problem::new(&problems::PRICING_PENDING).because(key)),
    }
}

/// Fetches the answer that an operation was refused for; then it may run again.
pub fn answer(app: App, refused: Problem) -> BoxFuture<'static, Result<()>> {
    Box::pin(async move { fetch(app.db(), refused).await })
}

async fn fetch(db: &Db, refused: Problem) -> Result<()> {
    let key = refused.source.unwrap_or_default();
    let ask: PriceAsk = serde_json::from_str(&key).map_err(Problem::internal)?;
    let quote = pricing(db).quote(db, ask).await?;
    let now = db.env().now();
    db.memory::<Seam>().with(|known| {
        if known.quotes.len() >= MOST_KEPT {
            known.quotes.clear();
        }
        known.quotes.insert(key, (now, quote));
    });
    Ok(())
}

/// Runs an operation of the background that may need prices.
pub async fn run<R, F>(db: &Db, actor: Actor, operation: F) -> Result<R>
where
    F: FnMut(&mut Tx<'_>) -> Result<R> + Clone + Send + 'static,
    R: Send + 'static,
{
    for _ in 0..3 {
        match db.write(actor.clone(), operation.clone()).await {
            Err(p) if p.is(&problems::PRICING_PENDING) => fetch(db, p).await?,
            done => return done,
        }
    }
    Err(Problem::new(&problems::PRICING_UNREACHABLE))
}
