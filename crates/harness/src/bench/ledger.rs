//! The proof of the ledger over so many entries: a ledger of its own is written past the server (transactions of two
//! entries over as many accounts as customers are asked for, fifty entries an account), then `yitai check` reads it.

use super::{Line, per_second};
use crate::{
    Done,
    args::{Args, Engine},
    server::{Setup, fresh},
};
use postgres::NoTls;
use std::{
    path::Path,
    time::{Duration, Instant},
};

/// Transactions an account; each has two entries.
const EACH: usize = 25;

pub fn proof(args: &Args, dir: &Path) -> Done<Line> {
    let data = dir.join(format!("ledger-{}-{}", args.engine.name(), args.customers));
    fresh(&data)?;
    let database_url = super::commands::separate(args, "yitai_ledger")?;
    let setup = Setup { program: args.server.clone(), data, database_url, extra: Vec::new() };
    setup.tell(&["seed", "--customers", "0", "--seed", "1"])?;
    // The store without the ledger: what of the check is not the proof.
    let began = Instant::now();
    setup.tell(&["check"])?;
    let empty = began.elapsed();
    let accounts = args.customers;
    write(args.engine, &setup, accounts)?;
    let entries = accounts * EACH * 2;
    let began = Instant::now();
    setup.tell(&["check"])?;
    let took = began.elapsed();
    let proof = took.saturating_sub(empty).max(Duration::from_millis(1));
    Ok(Line {
        name: "ledger_proof",
        rate: per_second(entries, proof),
        p50_ms: None,
        p99_ms: None,
        bare_rate: None,
        note: format!("{entries} entries of {accounts} accounts proven in {:.1} s", took.as_secs_f64()),
    })
}

/// Deposits by transfer: what each account has paid in advance is the sum of its entries. One account after the other, as
/// time would have it.
fn write(engine: Engine, setup: &Setup, accounts: usize) -> Done {
    let series = |to: usize| match engine {
        Engine::Sqlite => format!(
            "(WITH RECURSIVE s(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM s WHERE n + 1 < {to}) SELECT n FROM s)"
        ),
        Engine::Postgres => format!("(SELECT generate_series(0, {to} - 1)::BIGINT AS n) s"),
    };
    let pad = |prefix: &str, n: &str| match engine {
        Engine::Sqlite => format!("printf('{prefix}%020d', {n})"),
        Engine::Postgres => format!("('{prefix}' || lpad(({n})::TEXT, 20, '0'))"),
    };
    let all = accounts * EACH;
    let (txn, owner) = (pad("t", "n"), pad("a", &format!("n % {accounts}")));
    let statements = [
        format!(
            "INSERT INTO ledger_txn (id, at, kind, subject_type, subject_id, shift_id, org, operator) \
             SELECT {txn}, n, 'payment', 'bench', {txn}, NULL, '/cn', 'bench' FROM {}",
            series(all)
        ),
        format!(
            "INSERT INTO ledger_entry (txn_id, seq, kind, owner, book, amount_fen) \
             SELECT {txn}, 0, 'transfer', 'bench', 'general', 100 + n % 7 FROM {} ",
            series(all)
        ),
        format!(
            "INSERT INTO ledger_entry (txn_id, seq, kind, owner, book, amount_fen) \
             SELECT {txn}, 1, 'balance', {owner}, 'general', -100 - n % 7 FROM {} ",
            series(all)
        ),
        "INSERT INTO ledger_balance (owner, kind, book, amount_fen, version, updated_at) \
         SELECT owner, kind, book, SUM(amount_fen), 1, 0 FROM ledger_entry WHERE kind = 'balance' GROUP BY owner, kind, book"
            .to_owned(),
    ];
    match (engine, &setup.database_url) {
        (Engine::Postgres, Some(url)) => {
            let mut client = postgres::Client::connect(url, NoTls).map_err(|e| e.to_string())?;
            statements.iter().try_for_each(|sql| client.batch_execute(sql)).map_err(|e| e.to_string())
        }
        _ => {
            let conn = rusqlite::Connection::open(setup.data.join("yitai.db")).map_err(|e| e.to_string())?;
            conn.execute_batch("PRAGMA synchronous = OFF; PRAGMA cache_size = -400000").map_err(|e| e.to_string())?;
            statements.iter().try_for_each(|sql| conn.execute_batch(sql)).map_err(|e| e.to_string())
        }
    }
}
