//! Taking usage in: whose it is, whether it can be, whether it is there already, and into which cycle it counts; then one
//! new run of blocks a cycle, in the caller's transaction.
//!
//! Two intakes of one cycle follow each other (they touch its row), so the exact check for duplicates sees everything that
//! was taken before. On which side of a closing an intake falls is decided by the same row.

use crate::{
    Incoming, Kind, Record, ServiceKey, block, cycles,
    filter::{Filters, fingerprint},
    problems,
    read::{cycle_of, number},
    runs::write_run,
    settings, touched,
};
use kernel::{Code, Cycle, Problem, Result, Timestamp};
use std::collections::{BTreeSet, HashMap, HashSet};
use store::{Db, Tx, Value, params, sql};

/// What became of a record.
#[derive(Clone, Debug)]
pub enum Fate {
    Taken {
        service: ServiceKey,
        /// The cycle that it counts in.
        cycle: Cycle,
        /// Its own cycle was closed already.
        late: bool,
    },
    Refused(Problem),
}

impl Fate {
    fn refused(code: &'static Code, value: impl ToString) -> Self {
        Self::Refused(Problem::new(code).with("value", &value.to_string()))
    }
    pub fn code(&self) -> Option<&'static Code> {
        match self {
            Self::Taken { .. } => None,
            Self::Refused(problem) => Some(problem.code),
        }
    }
}

sql! {
    RUNS = "SELECT id FROM usage_run WHERE cycle = $1 AND state = 'live'";
    BLOCKS = "SELECT body, checksum FROM usage_block WHERE run = $1 ORDER BY last_key, first_key, no";
    OVERLAPPING = "SELECT b.body, b.checksum FROM usage_run r CROSS JOIN usage_block b \
                   WHERE r.cycle = $1 AND r.state = 'live' AND b.run = r.id AND b.last_key >= $2 AND b.first_key <= $3";
}

/// One holding of a number or of a product.
#[derive(Clone, Copy)]
struct Held {
    from: i64,
    to: i64,
    key: i64,
    day: i8,
}

/// Services are looked up so many at once.
const AT_ONCE: usize = 300;
/// So few records do not make a cycle's set of ids worth its while.
const FEW: usize = 64;
const SECOND: i64 = 1_000_000;

/// Loads the sets of ids of these cycles beside the writer, so that [`take`] need not.
pub(crate) fn warm(db: &Db, cycles: &BTreeSet<i64>) -> Result<()> {
    let filters = db.memory::<Filters>();
    for cycle in cycles.iter().copied().filter(|c| !filters.loaded(*c)) {
        db.read_blocking(kernel::Actor::system(), move |tx| catch_up(tx, cycle))?;
    }
    Ok(())
}

/// The natural months of these records: nearly always the cycles that they fall into.
pub(crate) fn months(batch: &[Incoming]) -> BTreeSet<i64> {
    batch.iter().map(|r| number(Cycle::month_of(r.at.date()))).collect()
}

/// Takes a batch in and tells the fate of each record, in the order given.
pub fn take(tx: &mut Tx<'_>, batch: &[Incoming]) -> Result<Vec<Fate>> {
    let now = tx.now();
    let latest = now.plus_seconds(settings::FUTURE_MINUTES.get(tx)? * 60);
    let earliest = settings::oldest_kept(tx)?;
    let held = holders(tx, batch)?;
    let mut fates: Vec<Option<Fate>> = vec![None; batch.len()];
    let mut placed: Vec<Placed> = Vec::with_capacity(batch.len());
    let mut own = Days::default();
    for (i, r) in batch.iter().enumerate() {
        let known = held.of(r);
        let fate = match find(known, r.at.micros()) {
            _ if r.at > latest => Err(Fate::refused(&problems::FUTURE, r.at)),
            _ if r.at < earliest => Err(Fate::refused(&problems::TOO_OLD, r.at)),
            Ok(found) => Ok(found),
            Err(code) => Err(Fate::refused(code, if r.number.is_empty() { &r.product_id } else { &r.number })),
        };
        match fate {
            Ok(found) => {
                let cycle = own.cycle(r.at, found.day);
                placed.push(Placed { cycle, own: cycle, key: found.key, i });
            }
            Err(refused) => fates[i] = Some(refused),
        }
    }
    let open = enter(tx, placed.iter().map(|p| p.own).collect())?;
    for p in &mut placed {
        p.cycle = open.get(&p.own).copied().unwrap_or(p.own);
    }
    drop_duplicates(tx, batch, &mut placed, &mut fates)?;
    placed.sort_unstable_by(|a, b| {
        let (x, y) = (&batch[a.i], &batch[b.i]);
        (a.cycle, a.key, x.at, &x.id).cmp(&(b.cycle, b.key, y.at, &y.id))
    });
    let mut news = BTreeSet::new();
    for run in placed.chunk_by(|a, b| a.cycle == b.cycle) {
        let cycle = cycle_of(run[0].cycle)?;
        if cycle.next().first().start() > now {
            news.extend(run.chunk_by(|a, b| a.key == b.key).map(|same| same[0].key));
        }
        write_run(tx, cycle, run.iter().map(|p| record(&batch[p.i], p)))?;
        for p in run {
            fates[p.i] = Some(Fate::Taken { service: ServiceKey(p.key), cycle, late: p.cycle != p.own });
        }
    }
    touched::add(tx, &news)?;
    Ok(fates.into_iter().map(|f| f.unwrap_or_else(|| Fate::refused(&problems::ROW, ""))).collect())
}

/// A record with its service and the cycle it counts in; `own` is the one that it was used in.
struct Placed {
    cycle: i64,
    own: i64,
    key: i64,
    i: usize,
}

fn record(r: &Incoming, placed: &Placed) -> Record {
    Record {
        service: ServiceKey(placed.key),
        at: r.at,
        kind: r.kind,
        direction: r.direction,
        amount: if r.kind == Kind::Content { r.amount.max(1) } else { r.amount },
        peer: r.peer.clone(),
        place: r.place.clone(),
        fee_fen: r.fee_fen,
        id: r.id.clone(),
        late: placed.cycle != placed.own,
        removed: false,
    }
}

/// The cycle of a day, remembered: batches have few days.
#[derive(Default)]
struct Days(HashMap<(i64, i8), i64>);

impl Days {
    fn cycle(&mut self, at: Timestamp, day: i8) -> i64 {
        // China Standard Time, as the calendar in `kernel` has it.
        let local_day = (at.micros() + 8 * 3_600 * SECOND).div_euclid(86_400 * SECOND);
        *self.0.entry((local_day, day)).or_insert_with(|| number(Cycle::containing(at.date(), day)))
    }
}

#[derive(Default)]
struct Holders {
    by_number: HashMap<String, Vec<Held>>,
    by_product: HashMap<String, Vec<Held>>,
}

impl Holders {
    fn of(&self, r: &Incoming) -> &[Held] {
        let found = match r.product_id.as_str() {
            "" => self.by_number.get(&r.number),
            product => self.by_product.get(product),
        };
        found.map_or(&[], Vec::as_slice)
    }
}

/// Whose a record of this time is. Reports are cut to the second, so one from within the second in which a service began
/// is its.
fn find(held: &[Held], at: i64) -> std::result::Result<Held, &'static Code> {
    let exact = held.iter().find(|h| h.from <= at && at < h.to);
    let cut = || held.iter().find(|h| h.from.div_euclid(SECOND) * SECOND <= at && at < h.to);
    match exact.or_else(cut) {
        Some(found) => Ok(*found),
        None if held.is_empty() => Err(&problems::UNKNOWN_SERVICE),
        None if held.iter().any(|h| h.to <= at) => Err(&problems::CLOSED_SERVICE),
        None => Err(&problems::BEFORE_START),
    }
}

fn holders(tx: &mut Tx<'_>, batch: &[Incoming]) -> Result<Holders> {
    let mut numbers: Vec<&str> = batch.iter().filter(|r| r.product_id.is_empty()).map(|r| r.number.as_str()).collect();
    let mut products: Vec<&str> = batch.iter().map(|r| r.product_id.as_str()).filter(|p| !p.is_empty()).collect();
    numbers.sort_unstable();
    numbers.dedup();
    products.sort_unstable();
    products.dedup();
    const BY_NUMBER: &str = "SELECT n.number, n.from_at, n.to_at, n.service_key, s.cycle_day, s.org FROM usage_number n \
                             JOIN usage_service s ON s.service_key = n.service_key WHERE n.number IN";
    const BY_PRODUCT: &str = "SELECT s.product_id, s.from_at, s.to_at, s.service_key, s.cycle_day, s.org FROM usage_service s WHERE s.product_id IN";
    Ok(Holders { by_number: look_up(tx, BY_NUMBER, &numbers)?, by_product: look_up(tx, BY_PRODUCT, &products)? })
}

fn look_up(tx: &mut Tx<'_>, select: &str, names: &[&str]) -> Result<HashMap<String, Vec<Held>>> {
    let mut found: HashMap<String, Vec<Held>> = HashMap::with_capacity(names.len());
    let scope = tx.actor().scope.clone();
    for chunk in names.chunks(AT_ONCE) {
        let binds: Vec<String> = (1..=AT_ONCE).map(|n| format!("${n}")).collect();
        // One text for all: the last name fills what a short chunk leaves.
        let text = format!("{select} ({})", binds.join(", "));
        let mut values: Vec<Value> = chunk.iter().map(|n| Value::Text((*n).to_owned())).collect();
        let last = values.last().cloned().unwrap_or(Value::Null);
        values.resize(AT_ONCE, last);
        tx.each(&text, &values, |r| {
            if scope.contains_text(r.str(5)) {
                let held = Held {
                    from: r.int(1),
                    to: r.opt_int(2).unwrap_or(i64::MAX),
                    key: r.int(3),
                    day: i8::try_from(r.int(4)).unwrap_or(1),
                };
                match found.get_mut(r.str(0)) {
                    Some(all) => all.push(held),
                    None => drop(found.insert(r.text(0), vec![held])),
                }
            }
            Ok(())
        })?;
    }
    Ok(found)
}

/// Enters the cycles in their order, each replaced by the next where it is closed: `own → the one that it counts in`.
fn enter(tx: &mut Tx<'_>, own: BTreeSet<i64>) -> Result<HashMap<i64, i64>> {
    let mut waiting: BTreeSet<i64> = own.clone();
    let mut next: HashMap<i64, Option<i64>> = HashMap::new();
    while let Some(first) = waiting.pop_first() {
        let cycle = cycle_of(first)?;
        if cycles::enter(tx, cycle)? {
            next.insert(first, None);
        } else {
            let later = number(cycle.next());
            next.insert(first, Some(later));
            waiting.insert(later);
        }
    }
    Ok(own
        .into_iter()
        .map(|cycle| {
            let mut at = cycle;
            while let Some(Some(later)) = next.get(&at) {
                at = *later;
            }
            (cycle, at)
        })
        .collect())
}

/// Takes out what the batch says twice, and what is there already.
fn drop_duplicates(
    tx: &mut Tx<'_>,
    batch: &[Incoming],
    placed: &mut Vec<Placed>,
    fates: &mut [Option<Fate>],
) -> Result<()> {
    let id = |p: &Placed| batch[p.i].id.as_str();
    placed.sort_unstable_by(|a, b| (a.cycle, a.key, id(a), a.i).cmp(&(b.cycle, b.key, id(b), b.i)));
    let mut double: HashSet<usize> = HashSet::new();
    for same in placed.chunk_by(|a, b| (a.cycle, a.key, id(a)) == (b.cycle, b.key, id(b))) {
        double.extend(same.iter().skip(1).map(|p| p.i));
    }
    for of_cycle in placed.chunk_by(|a, b| a.cycle == b.cycle) {
        let cycle = of_cycle[0].cycle;
        let on_time: Vec<&Placed> = of_cycle.iter().filter(|p| p.own == p.cycle).collect();
        let suspects = suspects(tx, cycle, &on_time, batch)?;
        mark(tx, cycle, &suspects, batch, &mut double)?;
        // A late record may have come in its own time, or late already, in any cycle up to this one.
        let mut late: Vec<&Placed> = of_cycle.iter().filter(|p| p.own != p.cycle).collect();
        late.sort_unstable_by_key(|p| p.own);
        for same in late.chunk_by(|a, b| a.own == b.own) {
            let mut at = cycle_of(same[0].own)?;
            while number(at) <= cycle {
                mark(tx, number(at), same, batch, &mut double)?;
                at = at.next();
            }
        }
    }
    placed.retain(|p| !double.contains(&p.i));
    for i in double {
        fates[i] = Some(Fate::refused(&problems::DUPLICATE, &batch[i].id));
    }
    Ok(())
}

/// Those of `placed` that may be in the cycle already.
fn suspects<'p>(tx: &mut Tx<'_>, cycle: i64, placed: &[&'p Placed], batch: &[Incoming]) -> Result<Vec<&'p Placed>> {
    let filters = tx.memory::<Filters>();
    if placed.len() <= FEW && !filters.loaded(cycle) {
        return Ok(placed.to_vec());
    }
    catch_up(tx, cycle)?;
    let perhaps = |p: &&&Placed| {
        let print = fingerprint(p.key, &batch[p.i].id);
        filters.with_known(cycle, |of| of.perhaps(print)).unwrap_or(true)
    };
    Ok(placed.iter().filter(perhaps).copied().collect())
}

/// Puts the ids of runs that are not in the cycle's set yet into it.
fn catch_up(tx: &mut Tx<'_>, cycle: i64) -> Result<()> {
    let filters = tx.memory::<Filters>();
    let runs: Vec<i64> = tx.query(&RUNS, params![cycle])?.iter().map(|r| r.int(0)).collect();
    let new: Vec<i64> = filters.with(cycle, |of| runs.into_iter().filter(|run| !of.has_run(*run)).collect());
    for run in new {
        let mut prints = Vec::new();
        tx.each(&BLOCKS, params![run], |row| {
            let Value::Blob(body) = row.value(0) else { return Ok(()) };
            block::unpack(body, row.int(1), |_| true, |r| prints.push(fingerprint(r.service.0, &r.id)))
        })?;
        filters.with(cycle, |of| {
            if !of.has_run(run) {
                of.add_run(run, prints);
            }
        });
    }
    Ok(())
}

/// Looks the suspects up exactly and marks those that are there.
fn mark(
    tx: &mut Tx<'_>,
    cycle: i64,
    suspects: &[&Placed],
    batch: &[Incoming],
    double: &mut HashSet<usize>,
) -> Result<()> {
    let mut keys: Vec<i64> = suspects.iter().map(|p| p.key).collect();
    keys.sort_unstable();
    keys.dedup();
    let mut ids: HashMap<(i64, &str), Vec<usize>> = HashMap::with_capacity(suspects.len());
    for p in suspects {
        ids.entry((p.key, batch[p.i].id.as_str())).or_default().push(p.i);
    }
    let near = if keys.len() > FEW { i64::MAX } else { 1_000 };
    for group in keys.chunk_by(|a, b| b - a < near) {
        let (Some(first), Some(last)) = (group.first(), group.last()) else { continue };
        tx.each(&OVERLAPPING, params![cycle, *first, *last], |row| {
            let Value::Blob(body) = row.value(0) else { return Ok(()) };
            block::unpack(
                body,
                row.int(1),
                |key| group.binary_search(&key).is_ok(),
                |r| {
                    double.extend(ids.get(&(r.service.0, r.id.as_str())).into_iter().flatten());
                },
            )
        })?;
    }
    Ok(())
}
