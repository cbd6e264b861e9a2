//! Numbers that somebody outside demands: data with a source, changed by the operator without a new build.

use crate::problems;
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::{Tx, params, sql};

/// A limit with its built-in value.
#[derive(Debug)]
pub struct Limit {
    pub name: &'static str,
    pub value: i64,
    pub min: i64,
    pub max: i64,
    pub source: &'static str,
}

const ROUNDS: &str = "GB/T 22239-2019 8.1.4.1 b) asks for a limit on failed log-ins; the number is the operator's";
const IDLE: &str = "GB/T 22239-2019 8.1.4.1 b) asks that an idle session ends; the number is the operator's";

pub static FAILURES: Limit = Limit { name: "login.failures", value: 5, min: 3, max: 100, source: ROUNDS };
pub static LOCK_MINUTES: Limit = Limit { name: "login.lock_minutes", value: 15, min: 1, max: 1440, source: ROUNDS };
pub static IDLE_MINUTES: Limit = Limit { name: "session.idle_minutes", value: 60, min: 5, max: 1440, source: IDLE };
pub static SESSION_HOURS: Limit =
    Limit { name: "session.hours", value: 12, min: 1, max: 168, source: "one shift; the operator's own choice" };
pub static PASSWORD_LENGTH: Limit = Limit {
    name: "password.length",
    value: 10,
    min: 8,
    max: 64,
    source: "NIST SP 800-63B-4 3.1.1.2 asks for at least 8, or 15 where nothing else is checked; the number is the operator's",
};

pub static ALL: [&Limit; 5] = [&FAILURES, &LOCK_MINUTES, &IDLE_MINUTES, &SESSION_HOURS, &PASSWORD_LENGTH];

sql! {
    GET = "SELECT value FROM access_limit WHERE name = $1";
    LIST = "SELECT name, value, source FROM access_limit";
    SET = "INSERT INTO access_limit (name, value, source, updated_at) VALUES ($1, $2, $3, $4) \
           ON CONFLICT (name) DO UPDATE SET value = excluded.value, source = excluded.source, updated_at = excluded.updated_at";
}

impl Limit {
    pub fn get(&self, tx: &mut Tx<'_>) -> Result<i64> {
        Ok(tx.query_opt(&GET, params![self.name])?.map_or(self.value, |row| row.int(0)))
    }
    pub fn set(&self, tx: &mut Tx<'_>, value: i64, source: &str) -> Result<()> {
        if !(self.min..=self.max).contains(&value) || source.trim().is_empty() {
            let problem = Problem::new(&problems::LIMIT_INVALID);
            return Err(problem.with("min", &self.min.to_string()).with("max", &self.max.to_string()));
        }
        let before = self.get(tx)?;
        tx.execute(&SET, params![self.name, value, source, tx.now()])?;
        let detail = json!({"from": before, "to": value, "source": source});
        tx.audit("limit.set", "limit", self.name, &kernel::OrgPath::root(), &detail)
    }
}

/// Every limit as it stands.
pub fn list(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let set = tx.query(&LIST, params![])?;
    let one = |limit: &&Limit| {
        let own = set.iter().find(|row| row.str(0) == limit.name);
        json!({
            "name": limit.name, "value": own.map_or(limit.value, |r| r.int(1)), "default": limit.value,
            "min": limit.min, "max": limit.max, "source": own.map_or(limit.source, |r| r.str(2)),
        })
    };
    Ok(ALL.iter().map(one).collect())
}
