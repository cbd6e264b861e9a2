//! Bills and ledger transactions, added up in the order of their ids.
//!
//! A portion is summed by a reader, then written with the cursor: whoever finds the cursor elsewhere has lost the race and
//! writes nothing. Ids are given before their commit, so the newest seconds are left for the next round.

use super::{keep::Sums, system};
use kernel::{Date, Money, Result};
use std::{
    collections::HashMap,
    time::{Duration, Instant},
};
use store::{Db, Row, Sql, Tx, params, sql};

/// Bills or transactions a portion.
const PORTION: i64 = 5_000;
const LONGEST_REST: Duration = Duration::from_secs(1);
/// How old a row is before it is counted, beside others who write.
pub const SETTLED_SECONDS: i64 = 20;

sql! {
    POSITION = "SELECT position FROM figure_state WHERE name = $1";
    BEGIN = "INSERT INTO figure_state (name, position, at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
    MOVE = "UPDATE figure_state SET position = $2, at = $3 WHERE name = $1 AND position = $4";
    SEEN = "INSERT INTO figure_state (name, position, at) VALUES ($1, '', $2) ON CONFLICT (name) DO UPDATE SET at = excluded.at";
    BILLS_UNTIL = "SELECT id FROM (SELECT id, created_at FROM bill WHERE id > $1 ORDER BY id LIMIT $2) AS portion \
                   WHERE created_at <= $3 ORDER BY id DESC LIMIT 1";
    BILLS = "SELECT b.org, SUBSTR(b.period_start, 1, 7), COALESCE(s.offering_id, ''), l.kind, CAST(SUM(l.amount_fen) AS BIGINT), COUNT(*) \
             FROM bill b JOIN bill_line l ON l.bill_id = b.id LEFT JOIN subscription s ON s.id = l.subscription_id \
             WHERE b.id > $1 AND b.id <= $2 GROUP BY 1, 2, 3, 4";
    BILL_COUNT = "SELECT org, SUBSTR(period_start, 1, 7), CAST(SUM(amount_fen) AS BIGINT), COUNT(*) FROM bill \
                  WHERE id > $1 AND id <= $2 GROUP BY 1, 2";
    LEDGER_UNTIL = "SELECT id FROM (SELECT id, at FROM ledger_txn WHERE id > $1 ORDER BY id LIMIT $2) AS portion \
                    WHERE at <= $3 ORDER BY id DESC LIMIT 1";
    // Days of the operator's zone, eight hours ahead.
    LEDGER = "SELECT t.org, (t.at + 28800000000) / 86400000000, e.kind, COALESCE(k.kind, 'general'), t.kind, \
              CAST(SUM(e.amount_fen) AS BIGINT), COUNT(*) FROM ledger_txn t JOIN ledger_entry e ON e.txn_id = t.id \
              LEFT JOIN balance_book k ON k.id = e.book AND e.kind = 'balance' WHERE t.id > $1 AND t.id <= $2 GROUP BY 1, 2, 3, 4, 5";
}

struct Stream {
    name: &'static str,
    until: &'static Sql,
    sum: fn(&mut Tx<'_>, &str, &str) -> Result<Sums>,
}

/// Adds up what has come since; returns when there is no more.
pub fn run(db: &Db, settled: i64, stopping: &dyn Fn() -> bool) -> Result<()> {
    let streams = [
        Stream { name: "bills", until: &BILLS_UNTIL, sum: bills },
        Stream { name: "ledger", until: &LEDGER_UNTIL, sum: ledger },
    ];
    for stream in streams {
        let name = stream.name;
        db.write_blocking(system(), move |tx| tx.execute(&BEGIN, params![name, "", tx.now()]).map(drop))?;
        loop {
            let begun = Instant::now();
            if stopping() || !portion(db, &stream, settled)? {
                break;
            }
            // Half of the time is left to people: figures may be late, they may not.
            std::thread::sleep(begun.elapsed().min(LONGEST_REST));
        }
        db.write_blocking(system(), move |tx| tx.execute(&SEEN, params!["streams", tx.now()]).map(drop))?;
    }
    Ok(())
}

/// One portion; false when nothing was left.
fn portion(db: &Db, stream: &Stream, settled: i64) -> Result<bool> {
    let (name, until, sum) = (stream.name, stream.until, stream.sum);
    let found = db.read_blocking(system(), move |tx| {
        let from = tx.query_one(&POSITION, params![name])?.text(0);
        let settled = tx.now().plus_seconds(-settled);
        let Some(to) = tx.query_opt(until, params![from, PORTION, settled])?.map(|r| r.text(0)) else {
            return Ok(None);
        };
        let sums = sum(tx, &from, &to)?;
        Ok(Some((from, to, sums)))
    })?;
    let Some((from, to, sums)) = found else { return Ok(false) };
    db.write_blocking(system(), move |tx| {
        if tx.execute(&MOVE, params![name, to, tx.now(), from])? == 1 { sums.store(tx) } else { Ok(()) }
    })?;
    Ok(true)
}

fn bills(tx: &mut Tx<'_>, from: &str, to: &str) -> Result<Sums> {
    let mut sums = Sums::default();
    let mut families: HashMap<String, String> = HashMap::new();
    for r in tx.query(&BILLS, params![from, to])? {
        let family = family_of(tx, &mut families, r.str(2));
        sums.add("billed", r.str(0), (r.str(1), &family, r.str(3)), r.money(4), r.int(5))?;
    }
    for r in tx.query(&BILL_COUNT, params![from, to])? {
        sums.add("bills", r.str(0), (r.str(1), "", ""), r.money(2), r.int(3))?;
    }
    Ok(sums)
}

/// The family of an offering; `other` for what has none.
pub(super) fn family_of(tx: &mut Tx<'_>, known: &mut HashMap<String, String>, offering: &str) -> String {
    if offering.is_empty() {
        return "other".to_owned();
    }
    if let Some(family) = known.get(offering) {
        return family.clone();
    }
    let family = catalog::held(tx, offering).map_or("other", |o| o.family.as_str()).to_owned();
    known.insert(offering.to_owned(), family.clone());
    family
}

fn ledger(tx: &mut Tx<'_>, from: &str, to: &str) -> Result<Sums> {
    let mut sums = Sums::default();
    let epoch = Date::new(1970, 1, 1)?;
    for r in tx.query(&LEDGER, params![from, to])? {
        let day = epoch.plus_days(i32::try_from(r.int(1)).unwrap_or(0)).to_string();
        sums.add("ledger", r.str(0), (&day, &part(&r), r.str(4)), r.money(5), r.int(6))?;
    }
    Ok(sums)
}

/// Balances are told apart by the kind of their book.
fn part(r: &Row) -> String {
    if r.str(2) == "balance" { format!("balance.{}", r.str(3)) } else { r.text(2) }
}

/// When the streams were last brought up to date.
pub fn as_of(tx: &mut Tx<'_>) -> Result<Option<kernel::Timestamp>> {
    sql! { AS_OF = "SELECT at FROM figure_state WHERE name = 'streams'"; }
    Ok(tx.query_opt(&AS_OF, params![])?.map(|r| r.time(0)))
}

/// The sum of kept bills and of the bills themselves, for the proof that they agree.
pub fn proof(tx: &mut Tx<'_>) -> Result<Option<(Money, Money)>> {
    sql! {
        KEPT = "SELECT CAST(COALESCE(SUM(fen), 0) AS BIGINT) FROM figure_sum WHERE figure = 'bills' AND org = '/cn'";
        REAL = "SELECT CAST(COALESCE(SUM(amount_fen), 0) AS BIGINT) FROM bill WHERE id <= $1 AND org >= '/cn'";
    }
    let Some(position) = tx.query_opt(&POSITION, params!["bills"])?.map(|r| r.text(0)) else { return Ok(None) };
    let kept = tx.query_one(&KEPT, params![])?.money(0);
    Ok(Some((kept, tx.query_one(&REAL, params![position])?.money(0))))
}
