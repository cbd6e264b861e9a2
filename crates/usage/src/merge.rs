//! Compaction: runs of about one size become one run of the next, so that few blocks hold what a service used in a cycle.
//!
//! 1. The sources are claimed for a while (`merger`, `merging_until`), and the new run is there as `building`: nobody reads it.
//! 2. Blocks are written to it, some at a time, so that nobody waits long for the writer.
//! 3. One transaction makes it live and the sources dead. Before it only the sources are read, after it only the new run.
//! 4. Dead runs are taken away, some blocks at a time.
//!
//! A process may die anywhere: a claim that has run out is taken up by the next, a run whose builder is gone is dead.

use crate::{
    Record, block,
    block::Packer,
    filter::Filters,
    read::cycle_of,
    runs::{Totals, add_run, insert_blocks, new_run},
};
use kernel::{Actor, Problem, Result, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use store::{Db, Tx, params, sql};

/// So many runs of a size are merged, and at most so many at once.
const FAN_IN: usize = 8;
const MOST: usize = 16;
const MOST_OF_A_CYCLE: usize = 32;
/// Records of the smallest size; each further one holds eight times as many.
const SMALLEST: i64 = 1_024;
const LEASE_SECONDS: i64 = 600;
/// Blocks a transaction.
const WRITE: usize = 64;
const DELETE: i64 = 256;
const READ: i64 = 4;

sql! {
    FREE = "SELECT cycle, id, records, blocks FROM usage_run WHERE state = 'live' AND (merging_until IS NULL OR merging_until < $1) ORDER BY cycle, id";
    CLOSED = "SELECT cycle FROM usage_cycle WHERE closed_at IS NOT NULL";
    CLAIM = "UPDATE usage_run SET merger = $2, merging_until = $3 WHERE id = $1 AND state = 'live' AND (merging_until IS NULL OR merging_until < $4)";
    PROLONG = "UPDATE usage_run SET merging_until = $2 WHERE merger = $1 AND state IN ('live', 'building')";
    MARK = "UPDATE usage_run SET merger = $2, merging_until = $3 WHERE id = $1";
    KILL = "UPDATE usage_run SET state = 'dead' WHERE merger = $1 AND state = 'live'";
    BORN = "UPDATE usage_run SET state = 'live', merger = NULL, merging_until = NULL, records = $2, blocks = $3, bytes = $4, min_at = $5, max_at = $6 \
            WHERE id = $1 AND state = 'building'";
    ABANDONED = "UPDATE usage_run SET state = 'dead' WHERE state = 'building' AND merging_until < $1";
    GIVE_UP = "UPDATE usage_run SET state = 'dead' WHERE id = $1 AND state = 'building'";
    FREE_AGAIN = "UPDATE usage_run SET merger = NULL, merging_until = NULL WHERE merger = $1 AND state = 'live'";
    NEXT = "SELECT body, checksum, last_key, first_key, no FROM usage_block WHERE run = $1 AND (last_key, first_key, no) > ($2, $3, $4) \
            ORDER BY last_key, first_key, no LIMIT $5";
    DEAD = "SELECT id FROM usage_run WHERE state = 'dead' LIMIT 1";
    SOME = "DELETE FROM usage_block WHERE run = $1 AND no IN (SELECT no FROM usage_block WHERE run = $1 LIMIT $2)";
    GONE = "DELETE FROM usage_run WHERE id = $1 AND state = 'dead'";
}

fn tier(records: i64) -> u32 {
    let mut size = SMALLEST;
    let mut tier = 0;
    while records > size {
        size *= FAN_IN as i64;
        tier += 1;
    }
    tier
}

/// Which runs to merge next: the smallest size of which there are enough; else all runs of a cycle that is closed or over.
/// What comes late to a month that is over waits until there is enough of it, or each file would write the month anew.
fn choose(tx: &mut Tx<'_>) -> Result<Option<(i64, Vec<i64>)>> {
    let now = tx.now();
    let closed: Vec<i64> = tx.query(&CLOSED, params![])?.iter().map(|r| r.int(0)).collect();
    let mut sizes: BTreeMap<(u32, i64), Vec<i64>> = BTreeMap::new();
    let mut cycles: BTreeMap<i64, Vec<(i64, i64)>> = BTreeMap::new();
    tx.each(&FREE, params![now], |r| {
        let (cycle, run, records) = (r.int(0), r.int(1), r.int(2));
        sizes.entry((tier(records), cycle)).or_default().push(run);
        cycles.entry(cycle).or_default().push((run, records));
        Ok(())
    })?;
    if let Some(((_, cycle), runs)) = sizes.into_iter().find(|(_, runs)| runs.len() >= FAN_IN) {
        return Ok(Some((cycle, runs.into_iter().take(MOST).collect())));
    }
    for (cycle, runs) in cycles.into_iter().filter(|(_, runs)| runs.len() > 1) {
        let largest = runs.iter().map(|r| r.1).max().unwrap_or(0);
        let beside = runs.iter().map(|r| r.1).sum::<i64>() - largest;
        let over = cycle_of(cycle)?.next().first().start() <= now && beside.saturating_mul(FAN_IN as i64) >= largest;
        if closed.contains(&cycle) || over {
            return Ok(Some((cycle, runs.into_iter().map(|r| r.0).take(MOST_OF_A_CYCLE).collect())));
        }
    }
    Ok(None)
}

/// Merges once where there is something to merge, and takes dead runs away; true where anything was done. Blocks.
pub(crate) fn once(db: &Db) -> Result<bool> {
    let abandoned = db.write_blocking(Actor::system(), |tx| {
        let now = tx.now();
        tx.execute(&ABANDONED, params![now])
    })?;
    let swept = sweep(db)?;
    let Some((cycle, sources)) = db.read_blocking(Actor::system(), choose)? else {
        return Ok(abandoned > 0 || swept);
    };
    merge(db, cycle, &sources)?;
    sweep(db)?;
    Ok(true)
}

/// What one merge goes by.
#[derive(Clone)]
struct Work {
    run: i64,
    cycle: i64,
    merger: String,
    sources: Vec<i64>,
}

fn merge(db: &Db, cycle: i64, sources: &[i64]) -> Result<()> {
    let wanted = sources.to_vec();
    let claimed = db.write_blocking(Actor::system(), move |tx| claim(tx, cycle, &wanted))?;
    let Some(work) = claimed else { return Ok(()) }; // another process merges them
    let totals = match build(db, &work) {
        Ok(totals) => totals,
        Err(problem) => {
            let work = work.clone();
            db.write_blocking(Actor::system(), move |tx| {
                tx.execute(&GIVE_UP, params![work.run])?;
                tx.execute(&FREE_AGAIN, params![work.merger]).map(drop)
            })?;
            return Err(problem);
        }
    };
    let flip = work.clone();
    let stands = db.write_blocking(Actor::system(), move |tx| {
        if tx.execute(&KILL, params![flip.merger])? != flip.sources.len() as u64 {
            return Err(Problem::new(&kernel::codes::CONFLICT)); // the claim ran out and somebody else has them
        }
        let of = &totals;
        let binds = params![flip.run, of.records, of.blocks, of.bytes, of.min_at, of.max_at];
        match tx.execute(&BORN, binds)? {
            1 => Ok(()),
            _ => Err(Problem::new(&kernel::codes::CONFLICT)),
        }
    });
    match stands {
        Ok(()) => {
            db.memory::<Filters>().merged(cycle, &work.sources, work.run);
            Ok(())
        }
        Err(problem) if problem.is(&kernel::codes::CONFLICT) => {
            let run = work.run;
            db.write_blocking(Actor::system(), move |tx| tx.execute(&GIVE_UP, params![run]).map(drop))
        }
        Err(problem) => Err(problem),
    }
}

fn claim(tx: &mut Tx<'_>, cycle: i64, sources: &[i64]) -> Result<Option<Work>> {
    let now = tx.now();
    let merger = tx.new_id::<Work>().into_string();
    let until = now.plus_seconds(LEASE_SECONDS);
    let mut held = 0;
    for run in sources {
        held += tx.execute(&CLAIM, params![*run, merger, until, now])?;
    }
    if held != sources.len() as u64 {
        tx.execute(&FREE_AGAIN, params![merger])?;
        return Ok(None);
    }
    let run = new_run(tx);
    add_run(tx, run, cycle, "building", &Totals::NONE)?;
    tx.execute(&MARK, params![run, format!("{merger}/to"), until])?;
    Ok(Some(Work { run, cycle, merger, sources: sources.to_vec() }))
}

/// One source, read some blocks at a time.
struct Cursor {
    run: i64,
    records: VecDeque<Record>,
    at: (i64, i64, i64),
    ended: bool,
}

impl Cursor {
    /// Makes sure that the next record is at hand, if there is one.
    fn fill(&mut self, db: &Db) -> Result<()> {
        if self.ended || !self.records.is_empty() {
            return Ok(());
        }
        let (run, at) = (self.run, self.at);
        let (records, at, blocks) = db.read_blocking(Actor::system(), move |tx| {
            let (mut records, mut to, mut blocks) = (VecDeque::new(), at, 0);
            tx.each(&NEXT, params![run, at.0, at.1, at.2, READ], |row| {
                let store::Value::Blob(body) = row.value(0) else { return Ok(()) };
                (to, blocks) = ((row.int(2), row.int(3), row.int(4)), blocks + 1);
                block::unpack(body, row.int(1), |_| true, |r| records.push_back(r))
            })?;
            Ok((records, to, blocks))
        })?;
        (self.records, self.at, self.ended) = (records, at, blocks < READ);
        Ok(())
    }
    /// The next record if it is of this service.
    fn next_of(&mut self, key: i64) -> Option<Record> {
        if self.records.front()?.service.0 == key { self.records.pop_front() } else { None }
    }
}

/// Writes the new run's blocks.
fn build(db: &Db, work: &Work) -> Result<Totals> {
    let cycle = cycle_of(work.cycle)?;
    let before = (i64::MIN, i64::MIN, i64::MIN);
    let mut cursors: Vec<Cursor> = work
        .sources
        .iter()
        .map(|run| Cursor { run: *run, records: VecDeque::new(), at: before, ended: false })
        .collect();
    let mut packer = Packer::new(cycle.first().start());
    let (mut ready, mut totals) = (Vec::new(), Totals::NONE);
    loop {
        for cursor in &mut cursors {
            cursor.fill(db)?;
        }
        let Some(key) = cursors.iter().filter_map(|c| c.records.front()).map(|r| r.service.0).min() else { break };
        let mut of_service = Vec::new();
        for cursor in &mut cursors {
            loop {
                while let Some(record) = cursor.next_of(key) {
                    of_service.push(record);
                }
                if cursor.ended || !cursor.records.is_empty() {
                    break;
                }
                cursor.fill(db)?; // a service may go on in the next block
            }
        }
        for record in fold(of_service) {
            ready.extend(packer.push(&record));
        }
        if ready.len() >= WRITE {
            write(db, work, std::mem::take(&mut ready), &mut totals)?;
        }
    }
    ready.extend(packer.finish());
    write(db, work, ready, &mut totals)?;
    Ok(totals)
}

/// One service's records of all sources in order, each id once; of one that was taken back only the mark stays, so that
/// its id is known for ever.
fn fold(mut records: Vec<Record>) -> Vec<Record> {
    records.sort_by(|a, b| (&a.id, !a.removed, a.at).cmp(&(&b.id, !b.removed, b.at)));
    records.dedup_by(|b, a| a.id == b.id);
    records.sort_by(|a, b| (a.at, &a.id).cmp(&(b.at, &b.id)));
    records
}

fn write(db: &Db, work: &Work, blocks: Vec<block::Block>, totals: &mut Totals) -> Result<()> {
    let of = Totals::of(&blocks);
    let (first, work, blocks) = (totals.blocks, work.clone(), std::sync::Arc::new(blocks));
    db.load_blocking(Actor::system(), move |tx| {
        let until: Timestamp = tx.now().plus_seconds(LEASE_SECONDS);
        tx.execute(&PROLONG, params![work.merger, until])?;
        tx.execute(&PROLONG, params![format!("{}/to", work.merger), until])?;
        insert_blocks(tx, work.run, first, &blocks)
    })?;
    totals.records += of.records;
    totals.blocks += of.blocks;
    totals.bytes += of.bytes;
    (totals.min_at, totals.max_at) = (totals.min_at.min(of.min_at), totals.max_at.max(of.max_at));
    Ok(())
}

/// Takes the blocks of dead runs away.
fn sweep(db: &Db) -> Result<bool> {
    let mut any = false;
    loop {
        let more = db.write_blocking(Actor::system(), |tx| {
            let Some(row) = tx.query_opt(&DEAD, params![])? else { return Ok(false) };
            if tx.execute(&SOME, params![row.int(0), DELETE])? == 0 {
                tx.execute(&GONE, params![row.int(0)])?;
            }
            Ok(true)
        })?;
        if !more {
            return Ok(any);
        }
        any = true;
    }
}
