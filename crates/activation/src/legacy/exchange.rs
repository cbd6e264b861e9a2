//! Our side of the file interface: files out from records, files in to records.

use super::{
    Legacy, configured,
    files::{self, Put},
    format::{self, Fault, File},
};
use crate::message::{Answer, MOST_QUESTIONS, PATIENCE, State, Wanted, book, book::Said, lock, save, trace};
use http::App;
use kernel::{Actor, Problem, Result, Timestamp};
use std::sync::Arc;
use store::{Tx, params, sql};

/// Files read or written in one pass.
const MOST: usize = 64;
/// A file without its last line may still be growing; after so many seconds it is damaged.
const GROWING: i64 = 20;

sql! {
    OUT = "INSERT INTO legacy_out (seq, kind, message_id, version, name, content, state, detail, created_at) \
           VALUES ($1, $2, $3, $4, $5, $6, 'pending', '', $7)";
    PENDING = "SELECT seq, name, content FROM legacy_out WHERE state = 'pending' ORDER BY seq LIMIT $1";
    WRITTEN = "UPDATE legacy_out SET state = 'written', written_at = $2, detail = $3 WHERE seq = $1 AND state = 'pending'";
    ANSWERED = "UPDATE legacy_out SET state = $2, answered_at = $3, detail = $4 WHERE seq = $1";
    IN = "INSERT INTO legacy_in (id, kind, seq, name, checksum, message_id, verdict, detail, content, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
    KNOWN = "SELECT checksum FROM legacy_in WHERE kind = $1 AND seq = $2 AND verdict = 'booked' ORDER BY at LIMIT 1";
    SEEN = "INSERT INTO legacy_seen (name, first_seen) VALUES ($1, $2) ON CONFLICT (name) DO NOTHING";
    SEEN_AT = "SELECT first_seen FROM legacy_seen WHERE name = $1";
    FORGET = "DELETE FROM legacy_seen WHERE name = $1";
}

/// `20261122100000` of a moment, in the time of the country.
pub fn stamp(at: Timestamp) -> String {
    at.plus_seconds(8 * 3_600).to_string().chars().filter(char::is_ascii_digit).take(14).collect()
}

/// Puts what is wanted into a file to be written, and the message into the state of one that was told.
pub fn tell(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let mut message = lock(tx, id)?;
    if message.state.ended() {
        return Ok(());
    }
    let (kind, lines) = match message.wanted {
        Wanted::Submit | Wanted::Amend => ('O', format::order_lines(&message.payload)),
        Wanted::Cancel => ('C', format::about_lines(&message.id, message.version, &[])),
        Wanted::Ask | Wanted::Nothing => ('Q', format::about_lines(&message.id, message.version, &[])),
    };
    let now = tx.now();
    let seq = tx.next_in_series("legacy97-out")?;
    let (name, file) = (format::name(kind, seq), File { kind, seq, at: stamp(now), lines });
    let content = format::write(&file);
    tx.execute(&OUT, params![seq, kind.to_string(), message.id, message.version, name, content, now])?;
    trace(tx, &message.id, "out", message.wanted.text(), &name, &content)?;
    if matches!(message.state, State::New) {
        message.state = State::Submitted;
    }
    message.submitted_at.get_or_insert(now);
    message.attempts += 1;
    if message.attempts > MOST_QUESTIONS {
        save(tx, &message)?;
        return book::unanswered_for_good(tx, &message.id);
    }
    (message.wanted, message.due) = (Wanted::Ask, Some(now.plus_seconds(PATIENCE)));
    save(tx, &message)
}

/// One pass: writes what is to be written, reads what has come. Returns how much there was.
pub async fn round(app: &App) -> Result<usize> {
    let Some(legacy) = configured(app.db()) else { return Ok(0) };
    let mut done = flush(app, &legacy).await?;
    for kind in ["ack", "result"] {
        done += collect(app, &legacy, kind).await?;
    }
    Ok(done)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// Writes every file that stands in the records and not yet, as far as is known, on the disk.
pub async fn flush(app: &App, legacy: &Arc<Legacy>) -> Result<usize> {
    let pending = app.db().peek(Actor::system(), |tx| {
        let rows = tx.query(&PENDING, params![MOST])?;
        Ok(rows.iter().map(|r| (r.int(0), r.text(1), r.text(2))).collect::<Vec<_>>())
    });
    let pending = pending.await?;
    for (seq, name, content) in &pending {
        let (directory, name, content, seq) = (legacy.directory.join("drop"), name.clone(), content.clone(), *seq);
        let put = blocking(move || files::put(&directory, &name, &content)).await?;
        let how = if put == Put::Recognised { "recognised" } else { "" };
        app.db().write(Actor::system(), move |tx| tx.execute(&WRITTEN, params![seq, tx.now(), how]).map(drop)).await?;
    }
    Ok(pending.len())
}

/// Reads the files of one directory, books each once, and puts them away.
async fn collect(app: &App, legacy: &Arc<Legacy>, kind: &'static str) -> Result<usize> {
    let from = legacy.directory.join(kind);
    let names = {
        let from = from.clone();
        blocking(move || files::list(&from, MOST)).await?
    };
    let mut done = 0;
    for name in names {
        let path = from.join(&name);
        let Ok(text) = blocking(move || files::read(&path)).await else { continue };
        let (own, content) = (name.clone(), text.clone());
        let away = app.db().write(Actor::system(), move |tx| receive(tx, kind, &own, &content)).await?;
        let Some(away) = away else { continue };
        let (from, to) = (from.clone(), legacy.directory.join(away));
        blocking(move || files::shift(&from, &to, &name)).await?;
        done += 1;
    }
    Ok(done)
}

/// Books one file. Returns where it is put away; `None` while it may still be growing.
fn receive(tx: &mut Tx<'_>, directory: &str, name: &str, text: &str) -> Result<Option<&'static str>> {
    let (file, sum) = match format::parse(text) {
        Ok(read) => read,
        Err(Fault::Truncated) if !grown(tx, name)? => return Ok(None),
        Err(fault) => {
            tx.execute(&FORGET, params![name])?;
            keep(tx, directory, 0, name, "", None, "bad", &fault.text(), text)?;
            return Ok(Some("bad"));
        }
    };
    tx.execute(&FORGET, params![name])?;
    let expected = if directory == "ack" { 'A' } else { 'R' };
    let (Some((message, version)), true) = (format::about(&file), file.kind == expected) else {
        keep(tx, directory, file.seq, name, &sum, None, "bad", "not expected here", text)?;
        return Ok(Some("bad"));
    };
    let known = tx.query_opt(&KNOWN, params![directory, file.seq])?.map(|r| r.text(0));
    let verdict = match known {
        Some(before) if before == sum => "duplicate",
        Some(_) => "conflict",
        None => "booked",
    };
    let mut detail = String::new();
    if verdict == "booked" {
        detail = match directory {
            "ack" => acknowledged(tx, &file, &message, version)?,
            _ => result(tx, &file, &message, version)?,
        };
    }
    keep(tx, directory, file.seq, name, &sum, Some(&message), verdict, &detail, text)?;
    Ok(Some(if verdict == "conflict" { "bad" } else { "archive" }))
}

/// Whether a file without an end has been lying there long enough to be called damaged.
fn grown(tx: &mut Tx<'_>, name: &str) -> Result<bool> {
    let now = tx.now();
    tx.execute(&SEEN, params![name, now])?;
    let first = tx.query_one(&SEEN_AT, params![name])?.time(0);
    Ok(first.plus_seconds(GROWING) <= now)
}

#[expect(clippy::too_many_arguments, reason = "the columns of one row")]
fn keep(
    tx: &mut Tx<'_>,
    directory: &str,
    seq: i64,
    name: &str,
    sum: &str,
    message: Option<&str>,
    verdict: &str,
    detail: &str,
    text: &str,
) -> Result<()> {
    let (id, now) = (tx.new_id::<File>(), tx.now());
    let content: String = text.chars().take(16_000).collect();
    tx.execute(&IN, params![id, directory, seq, name, sum, message, verdict, detail, content, now])?;
    match message {
        Some(message) => {
            let what = if verdict == "booked" { detail } else { verdict };
            trace(tx, message, "in", directory, &format!("{name} · {what}"), &content)
        }
        None => Ok(()),
    }
}

fn acknowledged(tx: &mut Tx<'_>, file: &File, message: &str, version: i64) -> Result<String> {
    let Some(k) = file.line("K") else { return Ok("no K line".to_owned()) };
    let field = |n: usize| k.get(n).map_or("", String::as_str);
    let Ok(seq) = field(1).parse::<i64>() else { return Ok("no number".to_owned()) };
    let (state, answer) = match (field(2), field(3)) {
        ("OK", _) => ("acked", Answer::Acked),
        // It arrived damaged: it is sent again.
        (_, "CHECKSUM" | "TRUNCATED") => ("rejected", Answer::Unknown),
        _ => ("rejected", Answer::Failed),
    };
    let now = tx.now();
    let about = field(4);
    tx.execute(&ANSWERED, params![seq, state, now, field(3)])?;
    if about != "O" && answer == Answer::Acked {
        return Ok("acked".to_owned()); // a question or a cancellation arrived; the result says more
    }
    let said = Said {
        message: message.to_owned(),
        version: Some(version),
        answer,
        external_id: None,
        items: Vec::new(),
        detail: field(3).to_owned(),
    };
    Ok(book::book(tx, &said)?.to_owned())
}

fn result(tx: &mut Tx<'_>, file: &File, message: &str, version: i64) -> Result<String> {
    let Some(s) = file.line("S") else { return Ok("no S line".to_owned()) };
    let field = |n: usize| s.get(n).map_or("", String::as_str);
    let answer = match field(1) {
        "DONE" => Answer::Completed,
        "FAILED" => Answer::Failed,
        "CANCELLED" => Answer::Cancelled,
        "TOOLATE" => Answer::TooLate,
        "RUNNING" => Answer::Progress,
        "UNKNOWN" => Answer::Unknown,
        _ => return Ok("unknown state".to_owned()),
    };
    let items = file.all("I").filter_map(|i| {
        let step = i.get(1)?.parse().ok()?;
        Some((step, i.get(2).is_some_and(|s| s == "DONE"), i.get(3).cloned().unwrap_or_default()))
    });
    let said = Said {
        message: message.to_owned(),
        version: Some(version),
        answer,
        external_id: Some(field(2).to_owned()).filter(|s| !s.is_empty()),
        items: items.collect(),
        detail: field(3).to_owned(),
    };
    Ok(book::book(tx, &said)?.to_owned())
}
