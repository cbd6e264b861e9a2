//! The same request twice is done once: the first answer is kept under the caller's key and given again.

use crate::{Tx, params, sql};
use kernel::{Problem, Result, Timestamp, codes};

/// An answer as it was sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    pub status: u16,
    pub headers: String,
    pub body: String,
}

sql! {
    FIND = "SELECT fingerprint, status, headers, body FROM idempotency WHERE actor = $1 AND idempotency_key = $2";
    INSERT = "INSERT INTO idempotency (actor, idempotency_key, fingerprint, status, headers, body, at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
    FORGET = "DELETE FROM idempotency WHERE at < $1";
}

impl Tx<'_> {
    /// The stored answer for this key, if the same request came before. Another request under the key is refused.
    pub fn replay(&mut self, key: &str, fingerprint: &str) -> Result<Option<Stored>> {
        let actor = self.actor.id.clone();
        let Some(row) = self.query_opt(&FIND, params![&*actor, key])? else { return Ok(None) };
        if row.str(0) != fingerprint {
            return Err(Problem::new(&codes::IDEMPOTENCY_REUSED));
        }
        let status = u16::try_from(row.int(1)).unwrap_or(500);
        Ok(Some(Stored { status, headers: row.text(2), body: row.text(3) }))
    }
    /// Keeps the answer. Of two requests at once under one key the second waits, fails here and is run again.
    pub fn remember(&mut self, key: &str, fingerprint: &str, answer: &Stored) -> Result<()> {
        let actor = self.actor.id.clone();
        let done = self
            .execute(&INSERT, params![&*actor, key, fingerprint, answer.status, answer.headers, answer.body, self.now]);
        match done {
            Err(problem) if problem.is(&codes::DUPLICATE) => {
                self.retry = true;
                Err(problem)
            }
            other => other.map(drop),
        }
    }
}

/// Drops answers older than `limit`; returns how many.
pub fn forget_before(tx: &mut Tx<'_>, limit: Timestamp) -> Result<u64> {
    tx.execute(&FORGET, params![limit])
}
