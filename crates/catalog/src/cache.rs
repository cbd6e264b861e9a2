//! What is held in memory of the catalogue: it is read by every order and changed a few times a day.
//!
//! A stamp in the database is renewed with every change, inside the changing transaction. Whoever reads compares it first,
//! so a change made by another process is seen at once, and what a rolled-back transaction had cached is never used.

use crate::{Offering, PlannedProduct};
use kernel::Result;
use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};
use store::{Tx, params, sql};

sql! {
    STAMP = "SELECT stamp FROM catalog_stamp WHERE id = 1";
    RENEW = "INSERT INTO catalog_stamp (id, stamp) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET stamp = excluded.stamp";
}

#[derive(Default)]
struct Cache(RwLock<Held>);

#[derive(Default)]
struct Held {
    stamp: String,
    offerings: HashMap<String, Arc<Offering>>,
    former: HashMap<(String, i64), Arc<Offering>>,
    plans: HashMap<String, Arc<Vec<PlannedProduct>>>,
}

/// Former versions and plans held at most; they are cheap to make again.
const MOST: usize = 10_000;

/// A reader that has compared the stamp.
pub(crate) struct Reader {
    cache: Arc<Cache>,
    stamp: String,
}

pub(crate) fn reader(tx: &mut Tx<'_>) -> Result<Reader> {
    let stamp = tx.query_opt(&STAMP, params![])?.map_or_else(String::new, |row| row.text(0));
    Ok(Reader { cache: tx.memory(), stamp })
}

/// Makes everything that is held stale, once this transaction stands.
pub(crate) fn renew(tx: &mut Tx<'_>) -> Result<()> {
    let stamp = tx.new_id::<Cache>();
    tx.execute(&RENEW, params![stamp]).map(drop)
}

impl Reader {
    pub fn offering(&self, id: &str) -> Option<Arc<Offering>> {
        self.look(|held| held.offerings.get(id).cloned())
    }
    pub fn plan(&self, id: &str) -> Option<Arc<Vec<PlannedProduct>>> {
        self.look(|held| held.plans.get(id).cloned())
    }
    pub fn keep_offering(&self, offering: &Arc<Offering>) {
        self.keep(|held| drop(held.offerings.insert(offering.id.clone(), Arc::clone(offering))));
    }
    pub fn former(&self, id: &str, version: i64) -> Option<Arc<Offering>> {
        self.look(|held| held.former.get(&(id.to_owned(), version)).cloned())
    }
    pub fn keep_former(&self, offering: &Offering) {
        self.keep(|held| {
            if held.former.len() >= MOST {
                held.former.clear();
            }
            held.former.insert((offering.id.clone(), offering.version), Arc::new(offering.clone()));
        });
    }
    pub fn keep_plan(&self, key: &str, plan: &[PlannedProduct]) {
        self.keep(|held| {
            if held.plans.len() >= MOST {
                held.plans.clear();
            }
            held.plans.insert(key.to_owned(), Arc::new(plan.to_vec()));
        });
    }
    fn look<R>(&self, find: impl FnOnce(&Held) -> Option<R>) -> Option<R> {
        let held = self.cache.0.read().unwrap_or_else(PoisonError::into_inner);
        if held.stamp == self.stamp { find(&held) } else { None }
    }
    fn keep(&self, insert: impl FnOnce(&mut Held)) {
        let mut held = self.cache.0.write().unwrap_or_else(PoisonError::into_inner);
        if held.stamp != self.stamp {
            *held = Held { stamp: self.stamp.clone(), ..Held::default() };
        }
        insert(&mut held);
    }
}
