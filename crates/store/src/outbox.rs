//! Events: written with the change, given a position after it, read in that order by everybody.

use crate::{Db, Row, Tx, params, sql};
use kernel::{Actor, OrgPath, Result, Timestamp};
use serde_json::{Value as Json, json};

/// Something that happened to a record. `event_type` is the TM Forum event name where there is one.
#[derive(Clone, Debug)]
pub struct Event {
    pub event_type: String,
    pub subject_type: &'static str,
    pub subject_id: String,
    /// The subject's version after the change: events of one subject are delivered in this order.
    pub version: i64,
    pub org: OrgPath,
    /// What a live page subscribes to, such as `order:ID`; empty for none.
    pub topic: String,
    /// The body of the event as published, such as `{"productOrder": {…}}`.
    pub payload: Json,
    /// What the audit chain keeps; small, and free of personal data in clear.
    pub audit: Json,
}

impl Event {
    pub fn new(
        event_type: impl Into<String>,
        subject_type: &'static str,
        subject_id: &str,
        version: i64,
        org: &OrgPath,
    ) -> Self {
        Self {
            event_type: event_type.into(),
            subject_type,
            subject_id: subject_id.to_owned(),
            version,
            org: org.clone(),
            topic: String::new(),
            payload: json!({}),
            audit: json!({}),
        }
    }
    pub fn topic(self, topic: impl Into<String>) -> Self {
        Self { topic: topic.into(), ..self }
    }
    pub fn payload(self, payload: Json) -> Self {
        Self { payload, ..self }
    }
    pub fn audit(self, audit: Json) -> Self {
        Self { audit, ..self }
    }
}

/// An event with its place in the common order.
#[derive(Clone, Debug)]
pub struct Delivered {
    pub position: i64,
    pub id: String,
    pub event_type: String,
    pub subject_type: String,
    pub subject_id: String,
    pub version: i64,
    pub org: String,
    pub topic: String,
    pub actor: String,
    pub at: Timestamp,
    pub payload: Json,
}

sql! {
    INSERT = "INSERT INTO outbox (id, event_type, subject_type, subject_id, subject_version, org, topic, actor, at, payload) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    WAITING = "SELECT id FROM outbox WHERE position IS NULL ORDER BY subject_version, id LIMIT $1 {skip_locked}";
    LAST = "SELECT COALESCE(MAX(position), 0) FROM outbox";
    PLACE = "UPDATE outbox SET position = $2 WHERE id = $1";
    AFTER = "SELECT position, id, event_type, subject_type, subject_id, subject_version, org, topic, actor, at, payload \
             FROM outbox WHERE position > $1 ORDER BY position LIMIT $2";
    HEADLINES = "SELECT position, id, event_type, subject_type, subject_id, subject_version, org, topic, actor, at, CAST('{}' AS TEXT) \
                 FROM outbox WHERE position > $1 ORDER BY position LIMIT $2";
    DROP_CURSOR = "DELETE FROM outbox_cursor WHERE consumer = $1";
    LOCK_CURSOR = "SELECT position FROM outbox_cursor WHERE consumer = $1 {for_update}";
    START_CURSOR = "INSERT INTO outbox_cursor (consumer, position, updated_at) VALUES ($1, $2, $3) ON CONFLICT (consumer) DO NOTHING";
    MOVE_CURSOR = "UPDATE outbox_cursor SET position = $2, updated_at = $3 WHERE consumer = $1";
}

impl Tx<'_> {
    /// Publishes an event and leaves its trace in the audit chain, both with this transaction.
    pub fn emit(&mut self, event: Event) -> Result<()> {
        self.announce(&event)?;
        self.audit(&event.event_type, event.subject_type, &event.subject_id, &event.org, &event.audit)
    }
    /// Publishes an event about what the system itself does and records elsewhere already, such as a step of a saga:
    /// live pages follow it, the audit chain does not repeat it.
    pub fn announce(&mut self, event: &Event) -> Result<()> {
        let id = self.new_id::<Event>();
        self.execute(
            &INSERT,
            params![
                id,
                event.event_type,
                event.subject_type,
                event.subject_id,
                event.version,
                event.org,
                event.topic,
                &*self.actor.id,
                self.now,
                event.payload
            ],
        )?;
        self.emitted = true;
        Ok(())
    }
}

/// Gives positions to committed events that have none yet; one sequencer runs at a time (the cursor row is its lock).
/// Within a batch the events of one subject are in the order of its versions. Returns how many were placed.
pub async fn sequence(db: &Db) -> Result<usize> {
    const BATCH: i64 = 2_000;
    db.write(Actor::system(), |tx| {
        if tx.query_opt(&LOCK_CURSOR, params!["sequencer"])?.is_none() {
            tx.execute(&START_CURSOR, params!["sequencer", 0i64, tx.now()])?;
            tx.query_one(&LOCK_CURSOR, params!["sequencer"])?;
        }
        let waiting = tx.query(&WAITING, params![BATCH])?;
        if waiting.is_empty() {
            return Ok(0);
        }
        let last = tx.query_one(&LAST, params![])?.int(0);
        for (position, row) in (last + 1..).zip(&waiting) {
            tx.execute(&PLACE, params![row.str(0), position])?;
        }
        Ok(waiting.len())
    })
    .await
}

/// Events after `position`, in order, at most `limit`.
pub fn events_after(tx: &mut Tx<'_>, position: i64, limit: i64) -> Result<Vec<Delivered>> {
    Ok(tx.query(&AFTER, params![position, limit])?.iter().map(delivered).collect())
}

/// Like [`events_after`] without the payloads: for those who only want to know that something happened.
pub fn headlines_after(tx: &mut Tx<'_>, position: i64, limit: i64) -> Result<Vec<Delivered>> {
    Ok(tx.query(&HEADLINES, params![position, limit])?.iter().map(delivered).collect())
}

pub fn last_position(tx: &mut Tx<'_>) -> Result<i64> {
    Ok(tx.query_one(&LAST, params![])?.int(0))
}

impl Tx<'_> {
    /// Where a consumer of events stands; it starts at `start` when it is new. Locks the cursor.
    pub fn cursor(&mut self, consumer: &str, start: i64) -> Result<i64> {
        if let Some(row) = self.query_opt(&LOCK_CURSOR, params![consumer])? {
            return Ok(row.int(0));
        }
        self.execute(&START_CURSOR, params![consumer, start, self.now])?;
        Ok(self.query_one(&LOCK_CURSOR, params![consumer])?.int(0))
    }
    /// Forgets a consumer that is gone.
    pub fn drop_cursor(&mut self, consumer: &str) -> Result<()> {
        self.execute(&DROP_CURSOR, params![consumer]).map(drop)
    }
    pub fn move_cursor(&mut self, consumer: &str, position: i64) -> Result<()> {
        self.execute(&MOVE_CURSOR, params![consumer, position, self.now]).map(drop)
    }
}

fn delivered(row: &Row) -> Delivered {
    Delivered {
        position: row.int(0),
        id: row.text(1),
        event_type: row.text(2),
        subject_type: row.text(3),
        subject_id: row.text(4),
        version: row.int(5),
        org: row.text(6),
        topic: row.text(7),
        actor: row.text(8),
        at: row.time(9),
        payload: row.json(10),
    }
}
