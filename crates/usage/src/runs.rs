//! Runs: records in the order of the services, written as blocks.

use crate::{Record, block, block::Packer, read::number};
use kernel::{Cycle, Result};
use store::{Tx, Value, params, sql};

sql! {
    ADD_RUN = "INSERT INTO usage_run (id, cycle, state, records, blocks, bytes, min_at, max_at, created_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

/// Writes records, in order, as a run of `cycle`.
pub(crate) fn write_run(tx: &mut Tx<'_>, cycle: Cycle, records: impl Iterator<Item = Record>) -> Result<()> {
    let mut packer = Packer::new(cycle.first().start());
    let mut blocks = Vec::new();
    for r in records {
        blocks.extend(packer.push(&r));
    }
    blocks.extend(packer.finish());
    let run = new_run(tx);
    let of = Totals::of(&blocks);
    insert_blocks(tx, run, 0, &blocks)?;
    add_run(tx, run, number(cycle), "live", &of)
}

/// A number that no run ever had: one that was rolled back must not come again, for what is remembered of it.
pub(crate) fn new_run(tx: &Tx<'_>) -> i64 {
    let mut bytes = [0; 8];
    tx.env().random(&mut bytes);
    (u64::from_le_bytes(bytes) >> 1).cast_signed()
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Totals {
    pub records: i64,
    pub blocks: i64,
    pub bytes: i64,
    pub min_at: i64,
    pub max_at: i64,
}

impl Totals {
    pub const NONE: Self = Self { records: 0, blocks: 0, bytes: 0, min_at: i64::MAX, max_at: i64::MIN };

    pub fn of(blocks: &[block::Block]) -> Self {
        blocks.iter().fold(Self::NONE, |t, b| Self {
            records: t.records + b.records,
            blocks: t.blocks + 1,
            bytes: t.bytes + b.body.len() as i64,
            min_at: t.min_at.min(b.min_at),
            max_at: t.max_at.max(b.max_at),
        })
    }
}

pub(crate) fn add_run(tx: &mut Tx<'_>, run: i64, cycle: i64, state: &str, of: &Totals) -> Result<()> {
    let now = tx.now();
    tx.execute(&ADD_RUN, params![run, cycle, state, of.records, of.blocks, of.bytes, of.min_at, of.max_at, now])
        .map(drop)
}

pub(crate) fn insert_blocks(tx: &mut Tx<'_>, run: i64, first: i64, blocks: &[block::Block]) -> Result<()> {
    const INTO: &str = "usage_block (run, last_key, first_key, no, records, min_at, max_at, checksum, body)";
    let mut values: Vec<Value> = Vec::with_capacity(blocks.len() * 9);
    for (no, b) in (first..).zip(blocks) {
        values.extend([run, b.last_key, b.first_key, no, b.records, b.min_at, b.max_at, b.checksum].map(Value::Int));
        values.push(Value::Blob(b.body.clone()));
    }
    tx.insert_rows(INTO, 9, &values, "").map(drop)
}
