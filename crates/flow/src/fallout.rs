//! What waits for a person: failed steps, and the four things one may do about them.

use crate::{Saga, SagaState, problems, saga};
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde_json::json;
use store::{Filter, Row, Tx, params, sql};

#[derive(Clone, Debug)]
pub struct Fallout {
    pub id: String,
    pub saga_id: String,
    pub step: usize,
    pub subject_id: String,
    pub org: OrgPath,
    pub name: String,
    pub title_zh: String,
    pub title_en: String,
    pub target: String,
    pub code: String,
    pub reason_zh: String,
    pub reason_en: String,
    pub attempts: i64,
    pub since: Timestamp,
    pub state: String,
    pub owner: Option<String>,
}

/// What a person may do about a failed step.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    /// Try it again.
    Retry,
    /// Go on without it: it was done by other means, or is not needed.
    Skip,
    /// Undo the whole saga.
    Compensate,
    /// Leave everything as it is and stop.
    Abandon,
}

impl Verb {
    pub const ALL: [Self; 4] = [Self::Retry, Self::Skip, Self::Compensate, Self::Abandon];
    pub fn text(self) -> &'static str {
        match self {
            Self::Retry => "retry",
            Self::Skip => "skip",
            Self::Compensate => "compensate",
            Self::Abandon => "abandon",
        }
    }
}

const COLUMNS: &str = "id, saga_id, step, subject_id, org, name, title_zh, title_en, target, code, reason_zh, reason_en, \
                       attempts, since, state, owner";

sql! {
    OPEN = "INSERT INTO fallout (id, saga_id, step, subject_id, org, name, title_zh, title_en, target, code, reason_zh, reason_en, attempts, since, state) \
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'open') ON CONFLICT DO NOTHING";
    CLOSE_ALL = "UPDATE fallout SET state = 'closed', closed_at = $2, verb = $3 WHERE saga_id = $1 AND state = 'open'";
    CLOSE = "UPDATE fallout SET state = 'closed', closed_at = $2, verb = $3, owner = $4 WHERE id = $1 AND state = 'open'";
    FIND = "SELECT saga_id, step, org, state FROM fallout WHERE id = $1";
}

pub(crate) fn open(tx: &mut Tx<'_>, saga: &Saga, i: usize) -> Result<()> {
    let id = tx.new_id::<Fallout>();
    let step = &saga.plan.steps[i];
    let (code, zh, en) = step.error.as_ref().map_or(("", "", ""), |e| (&e.code, &e.zh, &e.en));
    let now = tx.now();
    tx.execute(
        &OPEN,
        params![
            id,
            saga.id,
            i,
            saga.subject_id,
            saga.org,
            step.name,
            step.zh,
            step.en,
            step.target,
            code,
            zh,
            en,
            step.attempts,
            now
        ],
    )?;
    metrics::counter!("saga_fallout_total", "target" => step.target.clone()).increment(1);
    Ok(())
}

/// For a saga that cannot be read at all.
pub(crate) fn open_broken(
    tx: &mut Tx<'_>,
    saga: &str,
    subject: &str,
    org: &str,
    why: (&str, &str, &str),
) -> Result<()> {
    let (id, now) = (tx.new_id::<Fallout>(), tx.now());
    let (code, zh, en) = why;
    let step: i64 = -1;
    let binds = params![id, saga, step, subject, org, "saga", "流程", "Process", "flow", code, zh, en, 0i64, now];
    tx.execute(&OPEN, binds).map(drop)
}

pub(crate) fn close_all(tx: &mut Tx<'_>, saga_id: &str, verb: &str) -> Result<()> {
    let now = tx.now();
    tx.execute(&CLOSE_ALL, params![saga_id, now, verb]).map(drop)
}

/// Does what a person decided, with the reason in the audit chain. The step's other fallout stays open.
pub fn act(tx: &mut Tx<'_>, id: &str, verb: Verb, reason: &str) -> Result<SagaState> {
    if reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON_MISSING));
    }
    let row = tx.query_one(&FIND, params![id])?;
    tx.must_see(row.str(2))?;
    let (saga_id, step) = (row.text(0), usize::try_from(row.int(1)).unwrap_or(usize::MAX));
    let mut saga = saga::lock(tx, &saga_id)?;
    let (now, who) = (tx.now(), tx.actor().name.to_string());
    if tx.execute(&CLOSE, params![id, now, verb.text(), who])? == 0 {
        return Err(Problem::new(&problems::FALLOUT_CLOSED));
    }
    let before = saga.plan.clone();
    let closed = saga.state().ended();
    if closed {
        return Err(Problem::new(&problems::SAGA_ENDED));
    }
    match verb {
        Verb::Retry => saga.plan.steps[step].retry(),
        Verb::Skip => saga.plan.steps[step].skip(now),
        Verb::Compensate => saga.plan.compensate(),
        Verb::Abandon => saga.plan.abandoned = true,
    }
    let detail = json!({"step": saga.plan.steps[step].name, "reason": reason, "saga": saga.id});
    let subject = saga::handlers(&saga).map_or("saga", |h| h.subject);
    tx.audit(&format!("fallout.{}", verb.text()), subject, &saga.subject_id, &saga.org, &detail)?;
    if verb == Verb::Compensate {
        close_all(tx, &saga.id, verb.text())?;
    }
    saga::save(tx, &mut saga, &before)?;
    tx.poke();
    Ok(saga.state())
}

/// Which fallout is asked for; what is empty does not narrow.
#[derive(Clone, Default, Debug)]
pub struct Wanted {
    /// `open` or `closed`.
    pub state: String,
    pub subject_id: String,
    pub target: String,
}

/// Fallout that the actor may see, the longest waiting first and what is closed last closed first, and how many there are.
pub fn list(tx: &mut Tx<'_>, wanted: &Wanted, offset: i64, limit: i64) -> Result<(Vec<Fallout>, i64)> {
    let mut filter = visible(tx, &wanted.state);
    for (column, value) in [("subject_id", &wanted.subject_id), ("target", &wanted.target)] {
        if !value.is_empty() {
            filter.equal(column, value.as_str());
        }
    }
    let condition = filter.to_where();
    let total = tx.query_one(&format!("SELECT COUNT(*) FROM fallout{condition}"), &filter.binds)?.int(0);
    let order = if wanted.state == "closed" { "closed_at DESC, id DESC" } else { "since, id" };
    let (limit, offset) = (filter.bind(limit), filter.bind(offset));
    let text = format!("SELECT {COLUMNS} FROM fallout{condition} ORDER BY {order} LIMIT {limit} OFFSET {offset}");
    let rows = tx.query(&text, &filter.binds)?.iter().map(read).collect::<Result<_>>()?;
    Ok((rows, total))
}

pub struct Summary {
    pub open: i64,
    pub by_target: Vec<(String, i64)>,
    /// Open since less than an hour, a day, longer.
    pub by_age: [i64; 3],
}

pub fn summary(tx: &mut Tx<'_>) -> Result<Summary> {
    let now = tx.now();
    let mut filter = visible(tx, "open");
    let (hour, day) = (filter.bind(now.plus_seconds(-3_600)), filter.bind(now.plus_seconds(-86_400)));
    let age = format!("CASE WHEN since > {hour} THEN 0 WHEN since > {day} THEN 1 ELSE 2 END");
    let text = format!("SELECT target, {age}, COUNT(*) FROM fallout{} GROUP BY 1, 2 ORDER BY 1, 2", filter.to_where());
    let mut summary = Summary { open: 0, by_target: Vec::new(), by_age: [0; 3] };
    for row in tx.query(&text, &filter.binds)? {
        let n = row.int(2);
        summary.open += n;
        summary.by_age[usize::try_from(row.int(1)).unwrap_or(2).min(2)] += n;
        match summary.by_target.last_mut().filter(|(t, _)| t == row.str(0)) {
            Some((_, count)) => *count += n,
            None => summary.by_target.push((row.text(0), n)),
        }
    }
    Ok(summary)
}

fn visible(tx: &Tx<'_>, state: &str) -> Filter {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if !state.is_empty() {
        filter.equal("state", state);
    }
    filter
}

fn read(row: &Row) -> Result<Fallout> {
    Ok(Fallout {
        id: row.text(0),
        saga_id: row.text(1),
        step: usize::try_from(row.int(2)).unwrap_or(0),
        subject_id: row.text(3),
        org: OrgPath::parse(row.str(4))?,
        name: row.text(5),
        title_zh: row.text(6),
        title_en: row.text(7),
        target: row.text(8),
        code: row.text(9),
        reason_zh: row.text(10),
        reason_en: row.text(11),
        attempts: row.int(12),
        since: row.time(13),
        state: row.text(14),
        owner: row.opt_text(15),
    })
}
