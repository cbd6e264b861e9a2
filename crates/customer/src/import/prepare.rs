//! The reading half of an import: records parsed, checked, sealed and laid out for the store, beside its writer.

use super::{
    header::Header,
    lines::{Lines, Record, fields},
    refusals,
};
use crate::{
    bulk::{Identities, Identity, Load},
    create::NewCustomer,
    keys::{self, Key, KeyKind},
    problems,
};
use kernel::{Actor, Problem, Result, codes};
use std::{
    collections::HashSet,
    fs::File,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::SyncSender,
    },
};
use store::Db;

/// A record that can be stored.
pub(super) struct Row {
    pub new: NewCustomer,
    pub identity: Identity,
    /// Keys under which the same customer may exist already, the strongest first.
    pub known_by: Vec<Key>,
}

impl Row {
    /// What makes two rows of a file speak of one customer. One telephone may serve several: only with the name it means
    /// the same one.
    pub fn marks(&self) -> impl Iterator<Item = (&Key, &str)> {
        self.known_by.iter().map(|key| (key, if key.1 == KeyKind::Phone { self.new.name.as_str() } else { "" }))
    }
}

/// What goes to the store in one transaction.
#[derive(Default)]
pub(super) struct Batch {
    pub rows: Vec<Row>,
    /// All rows laid out as new customers: used when none of them exists already.
    pub load: Load,
    /// Two rows of the batch speak of one customer.
    pub repeats: bool,
    pub refused: u64,
    pub refusals: String,
    /// Where reading goes on behind this batch.
    pub position: u64,
    pub line: u64,
}

/// Reads on from where `lines` stands.
pub(super) struct Reader<'a> {
    db: &'a Db,
    lines: Lines<File>,
    header: &'a Header,
    actor: &'a Actor,
    stop: &'a AtomicBool,
    /// Rows a batch.
    size: usize,
    identities: Identities,
}

impl<'a> Reader<'a> {
    pub fn new(
        db: &'a Db,
        lines: Lines<File>,
        header: &'a Header,
        actor: &'a Actor,
        stop: &'a AtomicBool,
        size: usize,
    ) -> Self {
        let identities = Identities::new(db, i64::try_from(size).unwrap_or(1_000));
        Self { db, lines, header, actor, stop, size, identities }
    }
    /// Sends batches until the end, a stop, or a receiver that went away.
    pub fn run(mut self, out: &SyncSender<Result<Arc<Batch>>>) {
        while let Some(batch) = self.gather().transpose() {
            let failed = batch.is_err();
            if out.send(batch.map(Arc::new)).is_err() || failed {
                return;
            }
        }
    }
    fn gather(&mut self) -> Result<Option<Batch>> {
        let mut batch = Batch::default();
        while batch.rows.len() + (batch.refused as usize) < self.size && !self.stop.load(Ordering::Relaxed) {
            let Some(record) = self.lines.next().map_err(unreadable)? else { break };
            match row(self.db, &record, self.header, self.actor, &mut self.identities) {
                Ok((new, identity, known_by)) => {
                    let org = new.org.clone().unwrap_or_else(|| self.actor.org.clone());
                    let at = new.created_at.unwrap_or_else(|| self.db.env().now());
                    batch.load.add(self.db, &new, &identity, &org, at)?;
                    batch.rows.push(Row { new, identity, known_by });
                }
                Err(problem) if problem.code.status >= 500 => return Err(problem),
                Err(problem) => {
                    batch.refusals.push_str(&refusals::line(
                        record.line,
                        &problem,
                        &String::from_utf8_lossy(&record.text),
                    ));
                    batch.refused += 1;
                }
            }
        }
        if batch.rows.is_empty() && batch.refused == 0 {
            return Ok(None);
        }
        batch.load.order();
        let mut seen = HashSet::with_capacity(batch.rows.len() * 2);
        batch.repeats = !batch.rows.iter().flat_map(Row::marks).all(|mark| seen.insert(mark));
        (batch.position, batch.line) = (self.lines.position, self.lines.line);
        Ok(Some(batch))
    }
}

fn row(
    db: &Db,
    record: &Record,
    header: &Header,
    actor: &Actor,
    identities: &mut Identities,
) -> Result<(NewCustomer, Identity, Vec<Key>)> {
    if record.broken {
        return Err(Problem::new(&codes::FIELD_INVALID)
            .field("row")
            .with("detail", "引号未闭合 / a quote is not closed"));
    }
    let text = std::str::from_utf8(&record.text)
        .map_err(|_| Problem::new(&problems::FILE_ENCODING).field("row").with("detail", "GBK / GB18030?"))?;
    let new = super::row::parse(header, &fields(text, header.delimiter), actor)?;
    let mut known_by: Vec<Key> = Vec::new();
    known_by.extend(new.customer_no.as_deref().map(|n| (keys::fold(n), KeyKind::CustomerNo)));
    known_by.extend(
        new.certificate.as_ref().map(|c| (keys::certificate_key(c.number(), db.vault()), KeyKind::Certificate)),
    );
    known_by.extend(new.phones.iter().map(|p| (keys::phone_key(p), KeyKind::Phone)));
    let identity = identities.next(new.org.as_ref().unwrap_or(&actor.org), new.customer_no.as_deref())?;
    Ok((new, identity, known_by))
}

pub(super) fn unreadable(error: std::io::Error) -> Problem {
    Problem::new(&problems::FILE_UNREADABLE).with("detail", &error.to_string())
}
