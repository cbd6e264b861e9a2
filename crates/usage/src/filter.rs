//! Which record ids a cycle may have already: a set that says "certainly not" or "perhaps". It lives in memory, is made
//! out of committed runs alone, and only spares the exact look-up; forgetting it costs time, never a duplicate.

use std::{
    collections::{HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::Mutex,
};

/// 36 bits an id, all of an id within one cache line: about one wrong "perhaps" in a hundred thousand. Each costs a block of
/// every run of the cycle.
const IDS_A_BUCKET: usize = 14;
const BITS: u32 = 7;
const SMALLEST: usize = 1 << 11;
const LARGEST: usize = 1 << 18;
/// What all cycles together may take; the one that was not asked for longest goes first.
const MOST_BYTES: usize = 96 << 20;

struct Layer {
    buckets: Vec<[u64; 8]>,
    ids: usize,
}

/// A growing set: each layer holds twice as many as the one before.
#[derive(Default)]
struct Set {
    layers: Vec<Layer>,
}

pub(crate) fn fingerprint(key: i64, id: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    (key, id).hash(&mut hasher);
    hasher.finish()
}

fn mask(print: u64) -> [u64; 8] {
    let mut bits = print.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut mask = [0u64; 8];
    for _ in 0..BITS {
        mask[(bits >> 6 & 7) as usize] |= 1 << (bits & 63);
        bits >>= 9;
    }
    mask
}

impl Set {
    fn insert(&mut self, print: u64) {
        if self.layers.last().is_none_or(|l| l.ids >= l.buckets.len() * IDS_A_BUCKET) {
            let size = self.layers.last().map_or(SMALLEST, |l| (l.buckets.len() * 2).min(LARGEST));
            self.layers.push(Layer { buckets: vec![[0; 8]; size], ids: 0 });
        }
        let Some(layer) = self.layers.last_mut() else { return };
        let at = (print >> 20) as usize % layer.buckets.len();
        layer.buckets[at].iter_mut().zip(mask(print)).for_each(|(word, bits)| *word |= bits);
        layer.ids += 1;
    }
    fn perhaps(&self, print: u64) -> bool {
        let mask = mask(print);
        self.layers.iter().any(|layer| {
            let bucket = &layer.buckets[(print >> 20) as usize % layer.buckets.len()];
            bucket.iter().zip(mask).all(|(word, bits)| word & bits == bits)
        })
    }
    fn bytes(&self) -> usize {
        self.layers.iter().map(|l| l.buckets.len() * 64).sum()
    }
}

#[derive(Default)]
pub(crate) struct OfCycle {
    set: Set,
    /// The runs whose ids are in the set.
    runs: HashSet<i64>,
    used: u64,
}

impl OfCycle {
    pub fn has_run(&self, run: i64) -> bool {
        self.runs.contains(&run)
    }
    pub fn add_run(&mut self, run: i64, prints: impl IntoIterator<Item = u64>) {
        prints.into_iter().for_each(|p| self.set.insert(p));
        self.runs.insert(run);
    }
    pub fn perhaps(&self, print: u64) -> bool {
        self.set.perhaps(print)
    }
}

/// The sets of one database in this process.
#[derive(Default)]
pub(crate) struct Filters(Mutex<Inner>);

#[derive(Default)]
struct Inner {
    cycles: HashMap<i64, OfCycle>,
    clock: u64,
}

impl Filters {
    /// Works on a cycle's set; `None` where another thread was killed at it and it must be made anew.
    pub fn with<R>(&self, cycle: i64, work: impl FnOnce(&mut OfCycle) -> R) -> R {
        let mut inner = self.0.lock().unwrap_or_else(|poisoned| {
            let mut inner = poisoned.into_inner();
            inner.cycles.clear();
            inner
        });
        inner.clock += 1;
        let now = inner.clock;
        let of = inner.cycles.entry(cycle).or_default();
        of.used = now;
        let result = work(of);
        while inner.cycles.len() > 1 && inner.cycles.values().map(|c| c.set.bytes()).sum::<usize>() > MOST_BYTES {
            let oldest = inner.cycles.iter().min_by_key(|(_, c)| c.used).map(|(cycle, _)| *cycle);
            oldest.and_then(|cycle| inner.cycles.remove(&cycle));
        }
        result
    }
    pub fn loaded(&self, cycle: i64) -> bool {
        self.with_known(cycle, |_| ()).is_some()
    }
    /// Like [`with`](Self::with) for a set that is there; nothing is made.
    pub fn with_known<R>(&self, cycle: i64, work: impl FnOnce(&mut OfCycle) -> R) -> Option<R> {
        let mut inner = self.0.lock().ok()?;
        inner.cycles.get_mut(&cycle).map(work)
    }
    /// The records of `sources` lie in `merged` from now on.
    pub fn merged(&self, cycle: i64, sources: &[i64], merged: i64) {
        self.with_known(cycle, |of| {
            if sources.iter().all(|run| of.runs.contains(run)) {
                of.runs.insert(merged);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_always_found_and_little_else_is() {
        let mut of = OfCycle::default();
        of.add_run(1, (0..300_000).map(|n| fingerprint(n, "x")));
        assert!((0..300_000).all(|n| of.perhaps(fingerprint(n, "x"))));
        let wrong = (0..300_000).filter(|n| of.perhaps(fingerprint(*n, "y"))).count();
        assert!(wrong < 60, "{wrong} of 300,000");
    }
}
