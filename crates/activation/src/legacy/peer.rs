//! The built-in 97: reads what we drop, acknowledges it, does the work on the built-in network and writes results; damages,
//! repeats, delays and forgets them when asked to.

use super::{
    Legacy, configured,
    exchange::stamp,
    files,
    format::{self, Fault, File},
};
use crate::{
    route::LEGACY97,
    southbound::{memory, peer},
};
use http::App;
use kernel::{Actor, Problem, Result};
use std::{path::Path, sync::Arc};
use store::{Tx, params, sql};

const MOST: usize = 64;

sql! {
    SEEN = "SELECT checksum, answer FROM southbound_seen WHERE seq = $1";
    KEEP = "INSERT INTO southbound_seen (seq, checksum, answer) VALUES ($1, $2, $3) ON CONFLICT (seq) DO NOTHING";
}

/// A file that 97 writes.
struct Out {
    directory: &'static str,
    name: String,
    content: String,
}

/// One pass of the built-in 97. Returns how much there was.
pub async fn round(app: &App) -> Result<usize> {
    let Some(legacy) = configured(app.db()).filter(|l| l.simulated) else { return Ok(0) };
    if app.db().peek(Actor::system(), |tx| memory::behaviour(tx, LEGACY97)).await?.stuck {
        return Ok(0);
    }
    let taken = take(app, &legacy).await?;
    Ok(taken + results(app, &legacy).await?)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> std::io::Result<T> + Send + 'static) -> Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(Problem::internal)?.map_err(Problem::internal)
}

/// Takes what lies in the drop directory.
async fn take(app: &App, legacy: &Arc<Legacy>) -> Result<usize> {
    let drop_dir = legacy.directory.join("drop");
    let names = {
        let directory = drop_dir.clone();
        blocking(move || files::list(&directory, MOST)).await?
    };
    for name in &names {
        let path = drop_dir.join(name);
        let Ok(text) = blocking(move || files::read(&path)).await else { continue };
        let out = app.db().write(Actor::system(), move |tx| read(tx, &text)).await?;
        put(&legacy.directory, out).await?;
        let (from, to, name) = (drop_dir.clone(), legacy.directory.join("archive"), name.clone());
        blocking(move || files::shift(&from, &to, &name)).await?;
    }
    Ok(names.len())
}

async fn put(root: &Path, out: Vec<Out>) -> Result<()> {
    for Out { directory, name, content } in out {
        let place = root.join(directory);
        blocking(move || files::put(&place, &name, &content)).await?;
    }
    Ok(())
}

/// Reads one file of ours and answers it.
fn read(tx: &mut Tx<'_>, text: &str) -> Result<Vec<Out>> {
    let (file, sum) = match format::parse(text) {
        Ok(read) => read,
        Err(fault) => {
            let why = if fault == Fault::Checksum { "CHECKSUM" } else { "TRUNCATED" };
            let Some((message, version, seq)) = guessed(text) else { return Ok(Vec::new()) };
            return Ok(vec![ack(tx, &message, version, &["K", &seq.to_string(), "ERR", why, "O"], seq)?]);
        }
    };
    let Some((message, version)) = format::about(&file) else { return Ok(Vec::new()) };
    let seq = file.seq;
    let known = tx.query_opt(&SEEN, params![seq])?.map(|r| (r.text(0), r.text(1)));
    let answer = match known {
        Some((before, answer)) if before == sum => answer, // the same file again: the same answer, nothing is done twice
        Some(_) => "ERR NUMBER".to_owned(),
        None => {
            let answer = handle(tx, &file, &message)?;
            tx.execute(&KEEP, params![seq, sum, answer])?;
            answer
        }
    };
    let (verdict, why) = answer.split_once(' ').unwrap_or((answer.as_str(), ""));
    let kind = file.kind.to_string();
    let mut out = vec![ack(tx, &message, version, &["K", &seq.to_string(), verdict, why, &kind], seq)?];
    if file.kind != 'O' && verdict == "OK" {
        out.push(state_of(tx, &message, version, file.kind)?);
    }
    Ok(out)
}

/// What a damaged file says of itself, if it can still be told.
fn guessed(text: &str) -> Option<(String, i64, i64)> {
    let mut lines = text.lines();
    let seq = lines.next()?.split('|').nth(3)?.parse().ok()?;
    let m: Vec<&str> = lines.next()?.split('|').collect();
    Some(((*m.get(1)?).to_owned(), m.get(2)?.parse().ok()?, seq))
}

fn handle(tx: &mut Tx<'_>, file: &File, message: &str) -> Result<String> {
    match file.kind {
        'O' => {
            let Some(body) = format::order_body(file) else { return Ok("ERR FORMAT".to_owned()) };
            Ok(match memory::accept(tx, LEGACY97, &body)? {
                Ok(_) => "OK".to_owned(),
                Err(why) => format!("ERR {why}"),
            })
        }
        'C' => {
            memory::cancel(tx, LEGACY97, message)?;
            Ok("OK".to_owned())
        }
        'Q' => Ok("OK".to_owned()),
        _ => Ok("ERR KIND".to_owned()),
    }
}

fn ack(tx: &mut Tx<'_>, message: &str, version: i64, k: &[&str], seq: i64) -> Result<Out> {
    let file = File { kind: 'A', seq, at: stamp(tx.now()), lines: format::about_lines(message, version, &[k]) };
    Ok(Out { directory: "ack", name: format::name('A', seq), content: format::write(&file) })
}

/// How an order stands, in answer to a question or a cancellation.
fn state_of(tx: &mut Tx<'_>, message: &str, version: i64, asked: char) -> Result<Out> {
    let kept = memory::get(tx, LEGACY97, message)?;
    let state = match kept.as_ref().map(|k| k.state.as_str()) {
        None => "UNKNOWN",
        Some("completed") if asked == 'C' => "TOOLATE",
        Some("completed") => "DONE",
        Some("failed") => "FAILED",
        Some("cancelled") => "CANCELLED",
        Some(_) => "RUNNING",
    };
    let version = kept.as_ref().map_or(version, |k| k.version);
    let (id, detail) = kept.map_or_else(Default::default, |k| (k.id, k.detail));
    result(tx, message, version, state, &id, &detail)
}

fn result(tx: &mut Tx<'_>, message: &str, version: i64, state: &str, id: &str, detail: &str) -> Result<Out> {
    let seq = tx.next_in_series("legacy97-in")?;
    let mut more: Vec<Vec<&str>> = vec![vec!["S", state, id, detail]];
    if let Some((item, why)) = detail.split_once(": ").filter(|_| state == "FAILED") {
        more.push(vec!["I", item, "FAILED", why]);
    }
    let more: Vec<&[&str]> = more.iter().map(Vec::as_slice).collect();
    let file = File { kind: 'R', seq, at: stamp(tx.now()), lines: format::about_lines(message, version, &more) };
    Ok(Out { directory: "result", name: format::name('R', seq), content: format::write(&file) })
}

/// Does the orders that are due and writes their results.
async fn results(app: &App, legacy: &Arc<Legacy>) -> Result<usize> {
    let due = app.db().peek(Actor::system(), |tx| memory::due(tx, LEGACY97)).await?;
    for id in &due {
        let id = id.clone();
        let out = app.db().write(Actor::system(), move |tx| {
            let Some(kept) = peer::work(tx, LEGACY97, &id)? else { return Ok(Vec::new()) };
            let state = if kept.state == "completed" { "DONE" } else { "FAILED" };
            let mut out = Vec::new();
            // The interface knows no progress: what is told early is a RUNNING that comes after the result.
            let told: Vec<&str> = kept.tell.iter().map(String::as_str).collect();
            let late = told.first() == Some(&"result") && told.len() > 1;
            for what in told {
                match what {
                    "result" => {
                        let one = result(tx, &kept.external_id, kept.version, state, &kept.id, &kept.detail)?;
                        out.extend(damaged(tx, one)?);
                    }
                    "inProgress" if late => {
                        out.push(result(tx, &kept.external_id, kept.version, "RUNNING", &kept.id, "")?);
                    }
                    _ => {}
                }
            }
            Ok(out)
        });
        let out = out.await?;
        put(&legacy.directory, out).await?;
    }
    Ok(due.len())
}

/// The result, or in its place a damaged one: cut off, or with a wrong checksum.
fn damaged(tx: &mut Tx<'_>, out: Out) -> Result<Vec<Out>> {
    let b = memory::behaviour(tx, LEGACY97)?;
    if b.damaged_next == 0 {
        return Ok(vec![out]);
    }
    memory::used(tx, &b, |_| [false, false, false, false, true])?;
    let content = match b.damaged_next % 2 {
        0 => out.content.chars().take(out.content.len() / 2).collect(),
        _ => out.content.replace("DONE", "D0NE"),
    };
    Ok(vec![Out { content, ..out }])
}
