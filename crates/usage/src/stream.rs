//! Usage as a stream of lines (NDJSON): each batch is answered when it is durable, with counts and with every line that was
//! not taken. A repeat of what was sent before changes nothing: each record has an id of its own.

use crate::{Fate, Incoming, Texts, problems, suspense, take, take::months};
use futures_util::StreamExt;
use http::{
    App, Ctx, Error,
    axum::{
        body::Body,
        extract::Request,
        http::header,
        response::{IntoResponse, Response},
    },
};
use kernel::{Actor, Lang, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{convert::Infallible, sync::Arc, time::Duration};
use store::Tx;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

/// Lines a transaction …
const BATCH: usize = 5_000;
/// … or as many as came before the sender paused for so long.
const PAUSE: Duration = Duration::from_millis(100);
const LONGEST_LINE: usize = 64 << 10;

/// What the error pool calls records that came by stream.
const ORIGIN: &str = "stream";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    #[serde(default)]
    number: Text,
    #[serde(default)]
    product_id: Text,
    #[serde(default, alias = "start", alias = "startTime", alias = "usageDate")]
    at: Text,
    #[serde(default, alias = "type", alias = "usageType")]
    kind: Text,
    #[serde(default)]
    direction: Text,
    #[serde(default)]
    amount: Text,
    #[serde(default)]
    unit: Text,
    #[serde(default)]
    peer: Text,
    #[serde(default, alias = "roaming")]
    place: Text,
    #[serde(default)]
    fee: Text,
    #[serde(default)]
    id: Text,
}

/// A text or a number, as senders have it.
#[derive(Default)]
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> std::result::Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(d)? {
            Value::Null => String::new(),
            Value::String(s) => s,
            Value::Number(n) => n.to_string(),
            other => return Err(serde::de::Error::custom(format!("{other} is neither text nor number"))),
        }))
    }
}

/// One line as a record.
fn parse(line: &[u8]) -> Result<Incoming> {
    let row = |e: serde_json::Error| Problem::new(&problems::ROW).with("value", &e.to_string());
    let l: Line = serde_json::from_slice(line).map_err(row)?;
    Incoming::parse(&Texts {
        number: &l.number.0,
        product_id: &l.product_id.0,
        at: &l.at.0,
        kind: &l.kind.0,
        direction: &l.direction.0,
        amount: &l.amount.0,
        unit: &l.unit.0,
        peer: &l.peer.0,
        place: &l.place.0,
        fee: &l.fee.0,
        id: &l.id.0,
    })
}

#[derive(Default)]
struct Batch {
    records: Vec<Incoming>,
    lines: Vec<u64>,
    refused: Vec<(u64, Problem)>,
    first: u64,
    last: u64,
}

#[derive(Clone, Copy, Default)]
struct Counts {
    taken: u64,
    late: u64,
    duplicates: u64,
    suspended: u64,
    refused: u64,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.taken += other.taken;
        self.late += other.late;
        self.duplicates += other.duplicates;
        self.suspended += other.suspended;
        self.refused += other.refused;
    }
    fn to_json(self) -> Value {
        json!({"taken": self.taken, "late": self.late, "duplicates": self.duplicates, "suspended": self.suspended, "refused": self.refused})
    }
}

/// Takes a batch in; returns the counts and the lines that were not taken.
fn store(tx: &mut Tx<'_>, batch: &Batch) -> Result<(Counts, Vec<(u64, Problem)>)> {
    let fates = take(tx, &batch.records)?;
    let mut counts = Counts::default();
    let mut not = batch.refused.clone();
    let mut keep = Vec::new();
    for ((record, line), fate) in batch.records.iter().zip(&batch.lines).zip(fates) {
        match fate {
            Fate::Taken { late, .. } => {
                counts.taken += 1;
                counts.late += u64::from(late);
            }
            Fate::Refused(problem) => {
                counts.duplicates += u64::from(problem.is(&problems::DUPLICATE));
                if problems::keeps(problem.code) {
                    keep.push((line.cast_signed(), record, problem.code));
                }
                not.push((*line, problem));
            }
        }
    }
    counts.suspended = suspense::keep(tx, ORIGIN, &keep)?;
    counts.duplicates += keep.len() as u64 - counts.suspended;
    counts.refused = not.len() as u64 - counts.duplicates - counts.suspended;
    not.sort_by_key(|(line, _)| *line);
    Ok((counts, not))
}

struct Stream {
    app: App,
    actor: Actor,
    answers: mpsc::Sender<std::result::Result<String, Infallible>>,
    total: Counts,
    line: u64,
    batch: Batch,
}

impl Stream {
    async fn say(&self, value: Value) -> Option<()> {
        self.answers.send(Ok(format!("{value}\n"))).await.ok()
    }

    /// Stores what has come and says so. `None`: the sender is gone or it could not be stored.
    async fn flush(&mut self) -> Option<()> {
        let batch = std::mem::take(&mut self.batch);
        if batch.last == 0 {
            return Some(());
        }
        let (first, last) = (batch.first, batch.last);
        match self.stored(batch).await {
            Ok((counts, not)) => {
                self.total.add(counts);
                let one = |(line, p): &(u64, Problem)| json!({"line": line, "code": p.code.id, "zh-CN": p.reason(Lang::Zh), "en": p.reason(Lang::En)});
                let mut answer = counts.to_json();
                answer["from"] = json!(first);
                answer["to"] = json!(last);
                answer["notTaken"] = not.iter().map(one).collect();
                self.say(answer).await
            }
            Err(problem) => {
                tracing::warn!(%problem, "a batch of a stream could not be stored");
                let error =
                    json!({"code": problem.code.id, "zh-CN": problem.reason(Lang::Zh), "en": problem.reason(Lang::En)});
                self.say(json!({"error": error, "durableTo": first - 1})).await;
                None
            }
        }
    }

    async fn stored(&self, batch: Batch) -> Result<(Counts, Vec<(u64, Problem)>)> {
        let (db, actor, batch) = (self.app.db().clone(), self.actor.clone(), Arc::new(batch));
        if batch.records.len() > 64 {
            let (db, batch) = (db.clone(), batch.clone());
            let warm = tokio::task::spawn_blocking(move || take::warm(&db, &months(&batch.records)));
            warm.await.map_err(Problem::internal)??;
        }
        db.write(actor, move |tx| store(tx, &batch)).await
    }

    fn take_line(&mut self, line: &[u8]) {
        self.line += 1;
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if line.iter().all(u8::is_ascii_whitespace) {
            return;
        }
        let parsed = if line.len() > LONGEST_LINE { Err(self.too_long()) } else { parse(line) };
        self.enter(parsed);
    }

    fn enter(&mut self, parsed: Result<Incoming>) {
        let batch = &mut self.batch;
        if batch.last == 0 {
            batch.first = self.line;
        }
        batch.last = self.line;
        match parsed {
            Ok(record) => {
                batch.records.push(record);
                batch.lines.push(self.line);
            }
            Err(problem) => batch.refused.push((self.line, problem)),
        }
    }

    fn too_long(&self) -> Problem {
        let problem = Problem::new(&problems::LINE_TOO_LONG).with("line", &self.line.to_string());
        problem.with("limit", &LONGEST_LINE.to_string())
    }

    async fn run(mut self, body: Body) -> Option<()> {
        let mut chunks = body.into_data_stream();
        let mut rest: Vec<u8> = Vec::new();
        // The rest of a line that is too long is passed over.
        let mut passing = false;
        loop {
            let waiting = self.batch.last > 0;
            let next = match tokio::time::timeout(PAUSE, chunks.next()).await {
                Err(_) if waiting => {
                    self.flush().await?;
                    continue;
                }
                Err(_) => continue,
                Ok(next) => next,
            };
            let Some(chunk) = next else { break };
            let Ok(chunk) = chunk else {
                // The sender went away in the middle: what is whole is kept, the broken line is not.
                self.flush().await?;
                return None;
            };
            let mut chunk = &chunk[..];
            while let Some(end) = chunk.iter().position(|b| *b == b'\n') {
                rest.extend_from_slice(&chunk[..end]);
                chunk = &chunk[end + 1..];
                let line = std::mem::take(&mut rest);
                if std::mem::take(&mut passing) {
                    continue;
                }
                self.take_line(&line);
                if self.batch.records.len() + self.batch.refused.len() >= BATCH {
                    self.flush().await?;
                }
            }
            if !passing {
                rest.extend_from_slice(chunk);
            }
            if rest.len() > LONGEST_LINE {
                self.line += 1;
                let problem = self.too_long();
                self.enter(Err(problem));
                (passing, rest) = (true, Vec::new());
            }
        }
        if !rest.is_empty() && !passing {
            self.take_line(&rest);
        }
        self.flush().await?;
        self.say(json!({"done": true, "lines": self.line, "total": self.total.to_json()})).await
    }
}

pub(crate) async fn stream(ctx: Ctx, request: Request) -> std::result::Result<Response, Error> {
    let kind = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or("");
    if !matches!(
        kind.split(';').next().unwrap_or("").trim(),
        "application/x-ndjson" | "application/ndjson" | "application/jsonl"
    ) {
        return Err(Problem::new(&kernel::codes::MEDIA_TYPE).with("value", kind).into());
    }
    let (answers, lines) = mpsc::channel(64);
    let stream = Stream {
        app: ctx.app.clone(),
        actor: ctx.actor.clone(),
        answers,
        total: Counts::default(),
        line: 0,
        batch: Batch::default(),
    };
    tokio::spawn(stream.run(request.into_body()));
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson; charset=utf-8"), (header::CACHE_CONTROL, "no-store")];
    Ok((headers, Body::from_stream(ReceiverStream::new(lines))).into_response())
}
