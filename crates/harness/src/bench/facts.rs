//! What the requests ask for, read from the store past the server: ids and telephone numbers spread over all customers.

use super::World;
use crate::{Done, args::Engine};
use postgres::NoTls;

/// The whole answer of a query of text columns.
pub fn texts(world: &World, sql: &str) -> Done<Vec<String>> {
    match world.engine {
        Engine::Sqlite => {
            let conn = rusqlite::Connection::open(world.setup.data.join("yitai.db")).map_err(|e| e.to_string())?;
            let mut statement = conn.prepare(sql).map_err(|e| e.to_string())?;
            let rows = statement.query_map([], |r| r.get(0)).map_err(|e| e.to_string())?;
            rows.collect::<Result<_, _>>().map_err(|e| e.to_string())
        }
        Engine::Postgres => {
            let url = world.setup.database_url.as_deref().unwrap_or_default();
            let mut client = postgres::Client::connect(url, NoTls).map_err(|e| e.to_string())?;
            Ok(client.query(sql, &[]).map_err(|e| e.to_string())?.iter().map(|r| r.get(0)).collect())
        }
    }
}

/// At most `most` of them, spread evenly and then shuffled, so that caches get no help from their order.
pub fn spread(mut all: Vec<String>, most: usize) -> Vec<String> {
    let step = (all.len() / most).max(1);
    all = all.into_iter().step_by(step).take(most).collect();
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    for i in (1..all.len()).rev() {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        all.swap(i, (state % (i as u64 + 1)) as usize);
    }
    all
}

pub fn customer_ids(world: &World) -> Done<Vec<String>> {
    Ok(spread(texts(world, "SELECT id FROM customer")?, 200_000))
}

/// Numbers that find customers.
pub fn phones(world: &World) -> Done<Vec<String>> {
    let all = texts(world, "SELECT key FROM customer_key WHERE kind = 4")?;
    Ok(spread(all.into_iter().filter(|k| k.len() == 11 && k.starts_with('1')).collect(), 200_000))
}
