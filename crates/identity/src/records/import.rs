//! A file taken in: one thread reads and prepares, the store's writer stores; rows and position are one transaction, so a
//! killed import goes on behind the last durable row, and no row is taken twice.

use super::{Columns, Prepared, keyed, prepare, prepare::Around, source};
use crate::{problems, workplace};
use kernel::{Actor, Lang, OrgPath, Problem, Result, codes};
use serde_json::{Value as Json, json};
use std::{
    collections::HashMap,
    fs::File,
    io::BufReader,
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};
use store::{Db, Event, Tx, Value, params, sql};

/// Rows a transaction.
const BATCH: usize = 5_000;
/// Refused rows that are kept with their text; more are counted only.
const KEPT_REFUSALS: i64 = 200_000;

/// A file as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileState {
    pub id: String,
    pub source: String,
    pub name: String,
    pub state: String,
    pub bytes: i64,
    pub position: i64,
    pub written: i64,
    pub unchanged: i64,
    pub refused: i64,
    pub error: Option<String>,
}

sql! {
    BEGIN = "INSERT INTO identity_file (id, source, org, name, path, state, bytes, position, line, written, unchanged, refused, started_at, operator) \
             VALUES ($1, $2, $3, $4, $5, 'queued', $6, 0, 0, 0, 0, 0, $7, $8)";
    LOAD = "SELECT id, source, name, state, bytes, position, written, unchanged, refused, error, org, path, line FROM identity_file WHERE id = $1";
    SET_STATE = "UPDATE identity_file SET state = $2, ended_at = $3, error = $4 WHERE id = $1";
    START = "UPDATE identity_file SET state = 'running', error = NULL WHERE id = $1 AND state IN ('queued', 'running', 'stopped', 'failed')";
    MOVE = "UPDATE identity_file SET position = $2, line = $3, written = written + $4, unchanged = unchanged + $5, refused = refused + $6 \
            WHERE id = $1 AND position < $2";
    RUNNING = "SELECT state FROM identity_file WHERE id = $1";
}

/// Which file, and who brings it.
pub struct Import<'a> {
    pub source: &'a str,
    pub path: &'a Path,
    pub name: &'a str,
}

fn unreadable(e: impl std::fmt::Display) -> Problem {
    Problem::new(&customer::problems::FILE_UNREADABLE).with("detail", &e.to_string())
}

/// Enters a file to be taken in; returns its id.
pub fn begin(tx: &mut Tx<'_>, ask: &Import<'_>) -> Result<String> {
    let unknown = || Problem::new(&problems::SOURCE_UNKNOWN).field("source").with("value", ask.source);
    source(tx, ask.source)?.filter(|s| s.code != super::CRM).ok_or_else(unknown)?;
    let bytes = std::fs::metadata(ask.path).map_err(unreadable)?.len();
    if bytes == 0 {
        return Err(Problem::new(&problems::EMPTY_FILE));
    }
    let id = tx.new_id::<FileState>().into_string();
    let (org, by) = (tx.actor().org.clone(), tx.actor().name.to_string());
    let path = ask.path.to_string_lossy().into_owned();
    tx.execute(&BEGIN, params![id, ask.source, org, ask.name, path, bytes.cast_signed(), tx.now(), by])?;
    Ok(id)
}

struct Opened {
    org: OrgPath,
    path: String,
    line: i64,
    mapping: Json,
    state: FileState,
}

pub(crate) fn state_of(r: &store::Row) -> FileState {
    FileState {
        id: r.text(0),
        source: r.text(1),
        name: r.text(2),
        state: r.text(3),
        bytes: r.int(4),
        position: r.int(5),
        written: r.int(6),
        unchanged: r.int(7),
        refused: r.int(8),
        error: r.opt_text(9),
    }
}

fn open(tx: &mut Tx<'_>, id: &str) -> Result<Opened> {
    let row = tx.query_one(&LOAD, params![id])?;
    let state = state_of(&row);
    if tx.execute(&START, params![id])? == 0 {
        return Err(Problem::new(&problems::RUN_STATE).with("state", &state.state));
    }
    let mapping = source(tx, &state.source)?.map_or(Json::Null, |s| s.mapping);
    Ok(Opened { org: OrgPath::parse(row.str(10))?, path: row.text(11), line: row.int(12), mapping, state })
}

#[derive(Default)]
struct Batch {
    rows: Vec<Prepared>,
    refused: Vec<(i64, Problem, String)>,
    position: i64,
    line: i64,
}

/// Takes the file `id` in, from where it stands. Blocks. What is wrong with the whole file is kept with it.
pub fn import(
    db: &Db,
    actor: &Actor,
    id: &str,
    stop: &AtomicBool,
    progress: &mut dyn FnMut(&FileState),
) -> Result<FileState> {
    let file = id.to_owned();
    let opened = db.write_blocking(actor.clone(), move |tx| open(tx, &file))?;
    let ended = run(db, actor, &opened, stop, progress);
    let stopped = stop.load(Ordering::Relaxed);
    let (file, told) = (id.to_owned(), ended.as_ref().err().cloned());
    db.write_blocking(actor.clone(), move |tx| {
        let (state, error) = match &told {
            None if stopped => ("stopped", None),
            None => ("done", None),
            // Something passing (a full disk) may be tried again; a wrong file is wrong for good.
            Some(problem) => ("failed", Some(format!("{} / {}", problem.reason(Lang::Zh), problem.reason(Lang::En)))),
        };
        let ended_at = (state != "stopped").then(|| tx.now());
        tx.execute(&SET_STATE, params![file, state, ended_at, error])?;
        let row = tx.query_one(&LOAD, params![file])?;
        if state == "done" {
            let s = state_of(&row);
            let detail = json!({"id": s.id, "source": s.source, "written": s.written, "refused": s.refused});
            let event =
                Event::new("IdentityFileImportCompleteEvent", "identityFile", &file, 1, &OrgPath::parse(row.str(10))?);
            tx.emit(event.payload(json!({"identityFile": detail})).audit(detail))?;
        }
        Ok(state_of(&row))
    })
    .and_then(|state| ended.map(|()| state))
}

fn run(db: &Db, actor: &Actor, opened: &Opened, stop: &AtomicBool, progress: &mut dyn FnMut(&FileState)) -> Result<()> {
    let file = File::open(&opened.path).map_err(unreadable)?;
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(BufReader::with_capacity(1 << 18, file));
    let header = reader.byte_headers().map_err(unreadable)?.clone();
    let header = csv::StringRecord::from_byte_record(header).map_err(|_| Problem::new(&problems::ENCODING))?;
    let columns = Columns::parse(header.iter(), &opened.mapping)?;
    if opened.state.position > 0 {
        let mut position = csv::Position::new();
        position.set_byte(opened.state.position.cast_unsigned()).set_line(opened.line.cast_unsigned());
        reader.seek(position).map_err(unreadable)?;
    }
    let mut state = opened.state.clone();
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel::<Result<Arc<Batch>>>(1);
        let columns = &columns;
        let keyed = keyed(db.vault());
        scope.spawn(move || {
            let around = Around { vault: db.vault(), keyed, home: &opened.org, scope: &actor.scope };
            read(&mut reader, columns, &around, stop, &send);
        });
        for batch in receive {
            let batch = batch?;
            let (id, source) = (state.id.clone(), state.source.clone());
            let counts = db.load_blocking(actor.clone(), move |tx| store(tx, &id, &source, &batch))?;
            state = counts;
            progress(&state);
        }
        Ok(())
    })
}

fn read(
    reader: &mut csv::Reader<BufReader<File>>,
    columns: &Columns,
    around: &Around<'_>,
    stop: &AtomicBool,
    send: &mpsc::SyncSender<Result<Arc<Batch>>>,
) {
    let mut record = csv::ByteRecord::new();
    let mut batch = Batch::default();
    let hand_over = |batch: &mut Batch, reader: &csv::Reader<BufReader<File>>| {
        batch.position = reader.position().byte().cast_signed();
        batch.line = reader.position().line().cast_signed();
        send.send(Ok(Arc::new(std::mem::take(batch)))).is_ok()
    };
    loop {
        match reader.read_byte_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(e) => {
                let _ = send.send(Err(unreadable(e))); // nobody listens where the writer failed first
                return;
            }
        }
        let line = record.position().map_or(0, |p| p.line()).cast_signed();
        match csv::StringRecord::from_byte_record(record.clone()) {
            Err(_) => batch.refused.push((line, Problem::new(&problems::ENCODING), String::new())),
            Ok(row) => match prepare(&row, columns, around) {
                Ok(prepared) => batch.rows.push(prepared),
                Err(problem) => {
                    let text: Vec<&str> = row.iter().collect();
                    batch.refused.push((line, problem, text.join(",").chars().take(500).collect()));
                }
            },
        }
        if batch.rows.len() + batch.refused.len() >= BATCH
            && (!hand_over(&mut batch, reader) || stop.load(Ordering::Relaxed))
        {
            return;
        }
    }
    if !batch.rows.is_empty() || !batch.refused.is_empty() {
        hand_over(&mut batch, reader);
    }
}

fn store(tx: &mut Tx<'_>, id: &str, source: &str, batch: &Batch) -> Result<FileState> {
    let row = tx.query_one(&RUNNING, params![id])?;
    if row.str(0) != "running" {
        return Err(Problem::new(&problems::RUN_STATE).with("state", row.str(0)));
    }
    let (written, rows) = write(tx, source, &batch.rows)?;
    let kept = tx.query_one(&LOAD, params![id])?.int(8);
    let mut refusals: Vec<Value> = Vec::new();
    for (line, problem, text) in batch.refused.iter().take((KEPT_REFUSALS - kept).max(0) as usize) {
        let reason = format!("{} / {}", problem.reason(Lang::Zh), problem.reason(Lang::En));
        refusals.extend_from_slice(params![id, *line, reason, text]);
    }
    tx.insert_rows("identity_refusal (file_id, line, reason, text)", 4, &refusals, "ON CONFLICT DO NOTHING")?;
    let refused = batch.refused.len() as i64;
    let moved = params![id, batch.position, batch.line, written as i64, rows as i64 - written as i64, refused];
    if tx.execute(&MOVE, moved)? == 0 {
        return Err(Problem::new(&codes::CONFLICT)); // another process takes the same file in
    }
    Ok(state_of(&tx.query_one(&LOAD, params![id])?))
}

const COLUMNS: &str =
    "identity_record (no, source, source_id, org, name, phone, certificate_key, digest, features, body, updated_at)";
const REPLACE: &str = "ON CONFLICT (source, source_id) DO UPDATE SET org = excluded.org, name = excluded.name, phone = excluded.phone, \
    certificate_key = excluded.certificate_key, digest = excluded.digest, features = excluded.features, body = excluded.body, \
    updated_at = excluded.updated_at WHERE identity_record.digest <> excluded.digest";

/// Stores records, the last of each id; returns how many were new or changed, and how many there were.
pub(super) fn write(tx: &mut Tx<'_>, source: &str, rows: &[Prepared]) -> Result<(u64, usize)> {
    if rows.is_empty() {
        return Ok((0, 0));
    }
    let mut last: HashMap<&str, usize> = HashMap::with_capacity(rows.len());
    for (i, row) in rows.iter().enumerate() {
        last.insert(&row.source_id, i);
    }
    let first = tx.take_from_series("identity-record", rows.len() as i64)?;
    let now = tx.now();
    let mut values: Vec<Value> = Vec::with_capacity(rows.len() * 11);
    for (i, row) in rows.iter().enumerate().filter(|(i, row)| last.get(row.source_id.as_str()) == Some(i)) {
        values.extend_from_slice(params![
            first + i as i64,
            source,
            row.source_id,
            row.org,
            row.name,
            row.phone,
            row.certificate_key,
            row.digest,
            row.features.encode().to_vec(),
            row.body,
            now
        ]);
    }
    let written = tx.insert_rows(COLUMNS, 11, &values, REPLACE)?;
    Ok((written, rows.len()))
}

/// Where an uploaded file is kept until it is taken in.
pub(crate) fn upload_path(db: &Db, id: &str) -> std::path::PathBuf {
    workplace::directory(db).join("uploads").join(format!("{id}.csv"))
}
