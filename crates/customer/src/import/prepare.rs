//! The reading half of an import: records parsed, checked, sealed and laid out for the store, beside its writer.

use super::{
    BATCH,
    header::Header,
    lines::{Lines, fields},
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

/// What goes to the store in one transaction.
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

/// Reads on from where `lines` stands and sends batches until the end, a stop or a receiver that went away.
pub(super) fn read(
    db: &Db,
    mut lines: Lines<File>,
    header: &Header,
    home: &Actor,
    stop: &AtomicBool,
    out: &SyncSender<Result<Arc<Batch>>>,
) {
    let mut identities = Identities::new(db, BATCH as i64);
    loop {
        let batch = gather(db, &mut lines, header, home, stop, &mut identities);
        let end = match &batch {
            Ok(batch) => batch.is_none(),
            Err(_) => true,
        };
        if let Some(batch) = batch.transpose()
            && out.send(batch.map(Arc::new)).is_err()
        {
            return;
        }
        if end {
            return;
        }
    }
}

fn gather(
    db: &Db,
    lines: &mut Lines<File>,
    header: &Header,
    home: &Actor,
    stop: &AtomicBool,
    identities: &mut Identities,
) -> Result<Option<Batch>> {
    let mut batch =
        Batch { rows: Vec::new(), load: Load::default(), repeats: false, refused: 0, refusals: String::new(), position: 0, line: 0 };
    let mut seen: HashSet<String> = HashSet::new();
    while batch.rows.len() + (batch.refused as usize) < BATCH && !stop.load(Ordering::Relaxed) {
        let Some(record) = lines.next().map_err(unreadable)? else { break };
        let text = String::from_utf8_lossy(&record.text);
        match row(db, &record.text, record.broken, header, home, identities) {
            Ok((new, identity, known_by)) => {
                let org = new.org.clone().unwrap_or_else(|| home.org.clone());
                let at = new.created_at.unwrap_or_else(|| db.env().now());
                batch.load.add(db, &new, &identity, &org, at)?;
                for (key, kind) in &known_by {
                    // One telephone may serve several customers: only with the name it means the same one.
                    let name = if *kind == KeyKind::Phone { new.name.as_str() } else { "" };
                    batch.repeats |= !seen.insert(format!("{} {key} {name}", *kind as i64));
                }
                batch.rows.push(Row { new, identity, known_by });
            }
            Err(problem) if problem.code.status >= 500 => return Err(problem),
            Err(problem) => {
                batch.refusals.push_str(&refusals::line(record.line, &problem, &text));
                batch.refused += 1;
            }
        }
    }
    if batch.rows.is_empty() && batch.refused == 0 {
        return Ok(None);
    }
    batch.load.order();
    (batch.position, batch.line) = (lines.position, lines.line);
    Ok(Some(batch))
}

fn row(
    db: &Db,
    bytes: &[u8],
    broken: bool,
    header: &Header,
    home: &Actor,
    identities: &mut Identities,
) -> Result<(NewCustomer, Identity, Vec<Key>)> {
    if broken {
        return Err(Problem::new(&codes::FIELD_INVALID).field("row").with("detail", "引号未闭合 / a quote is not closed"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| Problem::new(&problems::FILE_ENCODING).field("row").with("detail", "GBK / GB18030?"))?;
    let new = super::row::parse(header, &fields(text, header.delimiter), home)?;
    let mut known_by: Vec<Key> = Vec::new();
    known_by.extend(new.customer_no.as_deref().map(|n| (keys::fold(n), KeyKind::CustomerNo)));
    known_by.extend(new.certificate.as_ref().map(|c| (keys::certificate_key(c.number(), db.vault()), KeyKind::Certificate)));
    known_by.extend(new.phones.iter().map(|p| (keys::phone_key(p), KeyKind::Phone)));
    let identity = identities.next(new.org.as_ref().unwrap_or(&home.org), new.customer_no.as_deref())?;
    Ok((new, identity, known_by))
}

pub(super) fn unreadable(error: std::io::Error) -> Problem {
    Problem::new(&problems::FILE_UNREADABLE).with("detail", &error.to_string())
}
