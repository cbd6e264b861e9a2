//! The seals on the audit chain.
//!
//! Every so often the entries that no checkpoint counts yet get one: a digest over their rows in the order of their
//! ids and over the digest of the checkpoint before, signed with a key that is derived from the master key and never in
//! the database. A row that is altered, removed or slipped in later no longer fits its checkpoint; a checkpoint that is
//! altered no longer fits its signature or its successor.

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier};
use kernel::{Actor, Result, Timestamp};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{Db, Row, Tx, Vault, params, sql};

/// Few enough that other writers hardly wait.
const BATCH: i64 = 400;
/// A transaction may run for a while between its time and its commit; what comes in later than this was not written by us.
const LATE_SECONDS: i64 = 3_600;
/// No more findings than a person would read.
const FINDINGS: usize = 100;

sql! {
    LAST = "SELECT seal, digest FROM audit_checkpoint ORDER BY seal DESC LIMIT 1";
    /// The lock of the sealer: one at a time.
    TURN = "INSERT INTO number_series (name, last) VALUES ('audit-seal', 0) ON CONFLICT (name) DO UPDATE SET last = number_series.last";
    COUNT_UP = "UPDATE number_series SET last = $1 WHERE name = 'audit-seal'";
    REACHED = "SELECT last FROM number_series WHERE name = 'audit-seal'";
    MARK = "UPDATE audit_entry SET seal = $1 WHERE id IN (SELECT id FROM audit_entry WHERE seal IS NULL ORDER BY id LIMIT $2) \
            AND seal IS NULL \
            RETURNING id, at, actor_kind, actor, actor_name, action, subject_type, subject_id, org, detail";
    OPEN = "SELECT 1 FROM audit_entry WHERE seal IS NULL LIMIT 1";
    CHECKPOINT = "INSERT INTO audit_checkpoint (seal, at, entries, digest, previous, signature) VALUES ($1, $2, $3, $4, $5, $6)";
    CHECKPOINTS = "SELECT seal, at, entries, digest, previous, signature FROM audit_checkpoint WHERE seal > $1 ORDER BY seal LIMIT 500";
    SEALED = "SELECT id, at, actor_kind, actor, actor_name, action, subject_type, subject_id, org, detail, seal \
              FROM audit_entry WHERE seal > $1 AND seal <= $2 ORDER BY seal, id";
    STRAY = "SELECT id FROM audit_entry WHERE seal IS NOT NULL AND seal NOT IN (SELECT seal FROM audit_checkpoint) LIMIT 20";
    OPEN_LATE = "SELECT id FROM audit_entry WHERE seal IS NULL AND at < $1 LIMIT 20";
}

/// Seals a batch of open entries; returns how many.
pub async fn seal(db: &Db) -> Result<usize> {
    if db.peek(Actor::system(), |tx| tx.query_opt(&OPEN, params![])).await?.is_none() {
        return Ok(0);
    }
    db.write(Actor::system(), one_checkpoint).await
}

fn one_checkpoint(tx: &mut Tx<'_>) -> Result<usize> {
    tx.execute(&TURN, params![])?;
    let last = tx.query_opt(&LAST, params![])?;
    let (number, previous) = last.map_or((1, String::new()), |row| (row.int(0) + 1, row.text(1)));
    let mut rows = tx.query(&MARK, params![number, BATCH])?;
    if rows.is_empty() {
        return Ok(0);
    }
    rows.sort_by(|a, b| a.str(0).cmp(b.str(0)));
    let mut digest = Chain::after(number, &previous);
    rows.iter().for_each(|row| digest.add(row));
    let digest = digest.finish();
    let entries = rows.len();
    let signature = key(tx.vault()).sign(statement(number, tx.now(), entries as i64, &digest).as_bytes());
    let signature = hex(&signature.to_bytes());
    tx.execute(&CHECKPOINT, params![number, tx.now(), entries, digest, previous, signature])?;
    tx.execute(&COUNT_UP, params![number])?;
    Ok(entries)
}

/// What does not fit, one line each; empty where the chain is whole.
pub fn verify_audit(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let verifying = key(tx.vault()).verifying_key();
    let (mut number, mut previous, mut at) = (0i64, String::new(), Timestamp::from_micros(0));
    loop {
        let checkpoints = tx.query(&CHECKPOINTS, params![number])?;
        let Some(upto) = checkpoints.last().map(|row| row.int(0)) else { break };
        let mut sealed = Sealed::read(tx, number, upto)?;
        for row in &checkpoints {
            let (seal, when, entries) = (row.int(0), row.time(1), row.int(2));
            if seal != number + 1 {
                findings.push(format!("checkpoints {}–{} are missing", number + 1, seal - 1));
            }
            if row.str(4) != previous {
                findings.push(format!("checkpoint {seal} does not continue checkpoint {number}"));
            }
            let signature = unhex(row.str(5)).and_then(|b| Signature::from_slice(&b).ok());
            let signed = statement(seal, when, entries, row.str(3));
            let fits = signature.is_some_and(|s| verifying.verify(signed.as_bytes(), &s).is_ok());
            if !fits {
                findings.push(format!("checkpoint {seal} was altered: its signature does not fit"));
            }
            let (count, digest, late) = sealed.take(seal, row.str(4), at);
            if count != entries {
                findings.push(format!(
                    "checkpoint {seal} counted {entries} entries, there are {count}: entries were removed or added"
                ));
            } else if digest != row.str(3) {
                findings.push(format!("an entry counted into checkpoint {seal} was altered"));
            }
            findings.extend(
                late.into_iter()
                    .map(|id| format!("entry {id} is older than the checkpoint before its own: it was added later")),
            );
            (number, previous, at) = (seal, row.text(3), when);
            if findings.len() > FINDINGS {
                return Ok(findings);
            }
        }
    }
    let reached = tx.query_opt(&REACHED, params![])?.map_or(0, |row| row.int(0));
    if reached > number {
        findings.push(format!("checkpoints {}–{reached} are missing", number + 1));
    }
    for row in tx.query(&STRAY, params![])? {
        findings.push(format!("entry {} names a checkpoint that does not exist", row.str(0)));
    }
    for row in tx.query(&OPEN_LATE, params![at.plus_seconds(-LATE_SECONDS)])? {
        findings.push(format!("entry {} is older than the last checkpoint: it was added later", row.str(0)));
    }
    Ok(findings)
}

/// The rows of several checkpoints, folded as they are read.
struct Sealed(Vec<(i64, Vec<Sample>)>);

/// An entry's id, its time and its canonical text.
type Sample = (String, Timestamp, String);

impl Sealed {
    fn read(tx: &mut Tx<'_>, after: i64, upto: i64) -> Result<Self> {
        let mut all: Vec<(i64, Vec<Sample>)> = Vec::new();
        tx.each(&SEALED, params![after, upto], |row| {
            let entry = (row.text(0), row.time(1), canonical(&row));
            match all.last_mut() {
                Some((seal, rows)) if *seal == row.int(10) => rows.push(entry),
                _ => all.push((row.int(10), vec![entry])),
            }
            Ok(())
        })?;
        Ok(Self(all))
    }
    fn take(&mut self, seal: i64, previous: &str, before: Timestamp) -> (i64, String, Vec<String>) {
        let mut rows = self.0.iter_mut().find(|(s, _)| *s == seal).map_or(Vec::new(), |(_, rows)| std::mem::take(rows));
        rows.sort_by(|a, b| a.0.cmp(&b.0)); // an engine's collation is not ours
        let mut digest = Chain::after(seal, previous);
        rows.iter().for_each(|(_, _, text)| digest.add_text(text));
        let late =
            rows.iter().filter(|(_, at, _)| *at < before.plus_seconds(-LATE_SECONDS)).map(|(id, _, _)| id.clone());
        (rows.len() as i64, digest.finish(), late.collect())
    }
}

struct Chain(Sha256);

impl Chain {
    fn after(number: i64, previous: &str) -> Self {
        Self(Sha256::new().chain_update(format!("yitai audit 1\n{number}\n{previous}\n")))
    }
    fn add(&mut self, row: &Row) {
        self.add_text(&canonical(row));
    }
    fn add_text(&mut self, text: &str) {
        self.0.update(text);
        self.0.update(b"\n");
    }
    fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

/// A row as text, the same from both engines: PostgreSQL does not keep the order of a document's members.
fn canonical(row: &Row) -> String {
    let mut fields = vec![Value::from(row.str(0)), Value::from(row.int(1))];
    fields.extend((2..9).map(|i| Value::from(row.str(i))));
    fields.push(sorted(row.json(9)));
    Value::Array(fields).to_string()
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut members: Vec<(String, Value)> = object.into_iter().collect();
            members.sort_by(|a, b| a.0.cmp(&b.0));
            members.into_iter().map(|(name, value)| (name, sorted(value))).collect()
        }
        Value::Array(items) => items.into_iter().map(sorted).collect(),
        other => other,
    }
}

/// What is signed of a checkpoint.
fn statement(number: i64, at: Timestamp, entries: i64, digest: &str) -> String {
    format!("yitai audit checkpoint {number} {} {entries} {digest}", at.micros())
}

fn key(vault: &Vault) -> SigningKey {
    SigningKey::from_bytes(&vault.derive("audit checkpoints"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let pairs = text.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    pairs.collect()
}
