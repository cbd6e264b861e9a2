//! The run of a cycle as its rows say, and the only writers of its state.
//!
//! ```text
//! planned ─→ collecting ─→ billing ─→ done
//!     └───────────┴───────────┴── stopped and resumed by a person at any point
//! ```
//! Collecting divides what several payers share, billing goes through the accounts. Each step of either is one transaction
//! that also moves its mark, so a run goes on where it was, whatever killed it.

use super::batch::Written;
use crate::{problems, settings};
use kernel::{Cycle, Date, Money, OrgPath, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    Planned,
    Collecting,
    Billing,
    Done,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    Collect,
    Bill,
    Finish,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Planned => "planned",
            Self::Collecting => "collecting",
            Self::Billing => "billing",
            Self::Done => "done",
        }
    }
    fn named(text: &str) -> Result<Self> {
        [Self::Planned, Self::Collecting, Self::Billing, Self::Done]
            .into_iter()
            .find(|s| s.name() == text)
            .ok_or_else(|| Problem::internal(format!("bill run state {text}")))
    }
    pub fn after(self, step: Step) -> Result<Self> {
        match (self, step) {
            (Self::Planned, Step::Collect) => Ok(Self::Collecting),
            (Self::Collecting, Step::Bill) => Ok(Self::Billing),
            (Self::Billing, Step::Finish) => Ok(Self::Done),
            (Self::Planned, Step::Bill | Step::Finish)
            | (Self::Collecting, Step::Collect | Step::Finish)
            | (Self::Billing, Step::Collect | Step::Bill)
            | (Self::Done, Step::Collect | Step::Bill | Step::Finish) => {
                Err(Problem::new(&problems::RUN_STATE).with("state", self.name()))
            }
        }
    }
}

/// A run and how far it has come.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    #[serde(serialize_with = "label")]
    pub cycle: Cycle,
    pub first: Date,
    pub last: Date,
    #[serde(skip)]
    pub version: i64,
    pub state: State,
    pub stopped: bool,
    #[serde(skip)]
    pub collected_to: String,
    pub shares: i64,
    pub alerts: i64,
    pub started_at: Timestamp,
    pub started_by: String,
    pub finished_at: Option<Timestamp>,
    pub updated_at: Timestamp,
    pub accounts: i64,
    pub seen: i64,
    pub billed: i64,
    pub failed: i64,
    #[serde(rename = "amountFen")]
    pub amount: Money,
}

impl Run {
    /// Bills carry the day after their cycle, or the day on which a late run was started.
    pub fn bill_date(&self) -> Date {
        self.cycle.next().first().max(self.started_at.date())
    }
}

fn label<S: serde::Serializer>(cycle: &Cycle, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&cycle.label())
}

/// A part of the accounts.
#[derive(Clone, Debug)]
pub struct Part {
    pub part: i64,
    pub to: Option<String>,
    pub position: String,
}

macro_rules! columns {
    () => {
        "SELECT r.cycle, r.version, r.state, r.stopped, r.collected_to, r.shares, r.alerts, r.started_at, r.started_by, \
         r.finished_at, r.updated_at, CAST(COALESCE(SUM(p.accounts), 0) AS BIGINT), CAST(COALESCE(SUM(p.seen), 0) AS BIGINT), \
         CAST(COALESCE(SUM(p.billed), 0) AS BIGINT), CAST(COALESCE(SUM(p.failed), 0) AS BIGINT), \
         CAST(COALESCE(SUM(p.amount_fen), 0) AS BIGINT) \
         FROM bill_run r LEFT JOIN bill_run_part p ON p.cycle = r.cycle "
    };
}
macro_rules! grouped {
    () => {
        " GROUP BY r.cycle, r.version, r.state, r.stopped, r.collected_to, r.shares, r.alerts, r.started_at, r.started_by, \
         r.finished_at, r.updated_at"
    };
}

sql! {
    ONE = concat!(columns!(), "WHERE r.cycle = $1", grouped!());
    ALL = concat!(columns!(), "WHERE r.cycle <= $1", grouped!(), " ORDER BY r.cycle DESC LIMIT $2");
    UNFINISHED = "SELECT cycle FROM bill_run WHERE state <> 'done' AND stopped = 0 ORDER BY cycle";
    GOING = "SELECT cycle FROM bill_run WHERE state IN ('collecting', 'billing') LIMIT 1";
    INSERT = "INSERT INTO bill_run (cycle, version, state, stopped, collected_to, shares, alerts, started_at, started_by, updated_at) \
              VALUES ($1, 1, 'planned', 0, '', 0, 0, $2, $3, $2) ON CONFLICT (cycle) DO NOTHING";
    STATE = "UPDATE bill_run SET state = $3, version = version + 1, updated_at = $4, finished_at = $5 WHERE cycle = $1 AND state = $2";
    STOP = "UPDATE bill_run SET stopped = $2, version = version + 1, updated_at = $3 WHERE cycle = $1 AND stopped <> $2 AND state <> 'done'";
    COLLECTED = "UPDATE bill_run SET collected_to = $3, shares = shares + $4, updated_at = $5 \
                 WHERE cycle = $1 AND collected_to = $2 AND state = 'collecting' AND stopped = 0";
    ALERTS = "UPDATE bill_run SET alerts = alerts + $2, updated_at = $3 WHERE cycle = $1";
    LOOK = "SELECT state, stopped FROM bill_run WHERE cycle = $1";
    SHARE = "INSERT INTO bill_run_share (cycle, product_id, seq, account_id, line) VALUES ($1, $2, $3, $4, $5)";
    PART = "INSERT INTO bill_run_part (cycle, part, after_id, to_id, position, done, accounts, seen, billed, failed, amount_fen) \
            VALUES ($1, $2, $3, $4, $3, 0, $5, 0, 0, 0, 0) ON CONFLICT (cycle, part) DO NOTHING";
    PARTS = "SELECT part, to_id, position FROM bill_run_part WHERE cycle = $1 AND done = 0 ORDER BY part";
    AT = "SELECT position FROM bill_run_part WHERE cycle = $1 AND part = $2 AND done = 0 {for_update}";
    MARK = "UPDATE bill_run_part SET position = $4, seen = seen + $5, billed = billed + $6, failed = failed + $7, \
            amount_fen = amount_fen + $8 WHERE cycle = $1 AND part = $2 AND position = $3 AND done = 0";
    PART_DONE = "UPDATE bill_run_part SET done = 1 WHERE cycle = $1 AND part = $2 AND position = $3";
    OPEN_PARTS = "SELECT COUNT(*) FROM bill_run_part WHERE cycle = $1 AND done = 0";
    CUT = "SELECT id FROM billing_account ORDER BY id LIMIT 1 OFFSET $1";
    COUNT = "SELECT COUNT(*) FROM billing_account";
    COUNT_DAY = "SELECT COUNT(*) FROM account_cycle WHERE day = $1";
    FAILURES = "SELECT f.account_id, a.account_no, a.customer_id, f.code, f.detail, f.at FROM bill_run_failure f \
                JOIN billing_account a ON a.id = f.account_id WHERE f.cycle = $1 ORDER BY f.account_id LIMIT $2";
    REPAIRED = "DELETE FROM bill_run_failure WHERE cycle = $1 AND account_id = $2";
    REPAIR = "UPDATE bill_run_part SET failed = failed - 1, billed = billed + $2, amount_fen = amount_fen + $3 WHERE cycle = $1 \
              AND part = (SELECT MIN(part) FROM bill_run_part WHERE cycle = $1 AND failed > 0)";
}

fn read(row: &Row) -> Result<Run> {
    let first = Date::parse(row.str(0))?;
    let cycle = Cycle::starting(first);
    Ok(Run {
        cycle,
        first,
        last: cycle.last(),
        version: row.int(1),
        state: State::named(row.str(2))?,
        stopped: row.int(3) != 0,
        collected_to: row.text(4),
        shares: row.int(5),
        alerts: row.int(6),
        started_at: row.time(7),
        started_by: row.text(8),
        finished_at: row.opt_time(9),
        updated_at: row.time(10),
        accounts: row.int(11),
        seen: row.int(12),
        billed: row.int(13),
        failed: row.int(14),
        amount: row.money(15),
    })
}

fn key(cycle: Cycle) -> String {
    cycle.first().to_string()
}

/// The run of a cycle; 404 where there is none.
pub fn run(tx: &mut Tx<'_>, cycle: Cycle) -> Result<Run> {
    read(&tx.query_one(&ONE, params![key(cycle)])?)
}

/// Runs, the newest first.
pub fn runs(tx: &mut Tx<'_>, most: i64) -> Result<Vec<Run>> {
    tx.query(&ALL, params!["9999-12-31", most])?.iter().map(read).collect()
}

/// Plans the run of a cycle that has ended; the run there is already where it was planned before.
pub fn start(tx: &mut Tx<'_>, cycle: Cycle) -> Result<Run> {
    let today = tx.now().date();
    if today <= cycle.last() {
        return Err(Problem::new(&problems::RUN_EARLY).with("day", &cycle.next().first().to_string()));
    }
    let actor = tx.actor().name.to_string();
    if tx.execute(&INSERT, params![key(cycle), tx.now(), actor])? > 0 {
        tell(tx, cycle, 1, "Create")?;
        tx.poke();
    }
    run(tx, cycle)
}

/// What a person does to a run.
pub fn set_stopped(tx: &mut Tx<'_>, cycle: Cycle, stopped: bool) -> Result<Run> {
    let before = run(tx, cycle)?;
    if before.state == State::Done {
        return Err(Problem::new(&problems::RUN_STATE).with("state", before.state.name()));
    }
    if tx.execute(&STOP, params![key(cycle), stopped, tx.now()])? > 0 {
        tell(tx, cycle, before.version + 1, "StateChange")?;
        tx.poke();
    }
    run(tx, cycle)
}

fn tell(tx: &mut Tx<'_>, cycle: Cycle, version: i64, what: &str) -> Result<()> {
    let run = run(tx, cycle)?;
    let event = Event::new(format!("BillRun{what}Event"), "billRun", &key(cycle), version, &OrgPath::root())
        .topic("billRun")
        .payload(json!({ "billRun": run }))
        .audit(
            json!({"state": run.state.name(), "stopped": run.stopped, "billed": run.billed, "amountFen": run.amount}),
        );
    tx.emit(event)
}

/// The runs that go on: neither done nor stopped.
pub fn unfinished(tx: &mut Tx<'_>) -> Result<Vec<Cycle>> {
    tx.query(&UNFINISHED, &[])?.iter().map(|r| Date::parse(r.str(0)).map(Cycle::starting)).collect()
}

/// Are bills being made just now?
pub fn is_going(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.query_opt(&GOING, &[])?.is_some())
}

/// Takes a step; `false` where somebody else took it.
pub fn step(tx: &mut Tx<'_>, before: &Run, step: Step) -> Result<bool> {
    let next = before.state.after(step)?;
    let finished = (next == State::Done).then(|| tx.now());
    let binds = params![key(before.cycle), before.state.name(), next.name(), tx.now(), finished];
    if tx.execute(&STATE, binds)? == 0 {
        return Ok(false);
    }
    tell(tx, before.cycle, before.version + 1, "StateChange")?;
    Ok(true)
}

/// Cuts the accounts into parts that are billed side by side.
pub fn cut(tx: &mut Tx<'_>, cycle: Cycle, most: i64) -> Result<()> {
    let day = i64::from(cycle.first().day());
    if day != 1 {
        let n = tx.query_one(&COUNT_DAY, params![day])?.int(0);
        return tx.execute(&PART, params![key(cycle), 0i64, "", None::<String>, n]).map(drop);
    }
    let all = tx.query_one(&COUNT, &[])?.int(0);
    let parts = (all / 2_000).clamp(1, most);
    let mut after = String::new();
    for part in 0..parts {
        let upper = (part + 1) * all / parts;
        let to = if part + 1 == parts { None } else { tx.query_opt(&CUT, params![upper - 1])?.map(|r| r.text(0)) };
        let n = upper - part * all / parts;
        tx.execute(&PART, params![key(cycle), part, after, to, n])?;
        match to {
            Some(to) => after = to,
            None => break,
        }
    }
    Ok(())
}

/// The parts that are not done.
pub fn parts(tx: &mut Tx<'_>, cycle: Cycle) -> Result<Vec<Part>> {
    let rows = tx.query(&PARTS, params![key(cycle)])?;
    let one = |r: &Row| Part { part: r.int(0), to: r.opt_text(1), position: r.text(2) };
    Ok(rows.iter().map(one).collect())
}

/// Is the run at work, and this part where the caller thinks it is? Locks the part.
pub fn may_write(tx: &mut Tx<'_>, cycle: Cycle, part: i64, position: &str) -> Result<bool> {
    let look = tx.query_one(&LOOK, params![key(cycle)])?;
    if look.str(0) != State::Billing.name() || look.int(1) != 0 {
        return Ok(false);
    }
    Ok(tx.query_opt(&AT, params![key(cycle), part])?.is_some_and(|r| r.str(0) == position))
}

/// Moves the mark of a part.
pub fn mark(tx: &mut Tx<'_>, cycle: Cycle, part: i64, from: &str, to: &str, done: &Written) -> Result<()> {
    let binds = params![key(cycle), part, from, to, done.seen, done.billed, done.failed, done.amount];
    if tx.execute(&MARK, binds)? != 1 {
        return Err(Problem::new(&kernel::codes::CONFLICT));
    }
    if done.alerts > 0 {
        tx.execute(&ALERTS, params![key(cycle), done.alerts, tx.now()])?;
    }
    Ok(())
}

/// There are no accounts after this one in the part.
pub fn part_done(tx: &mut Tx<'_>, cycle: Cycle, part: &Part) -> Result<bool> {
    Ok(tx.execute(&PART_DONE, params![key(cycle), part.part, part.position])? > 0)
}

pub fn all_parts_done(tx: &mut Tx<'_>, cycle: Cycle) -> Result<bool> {
    Ok(tx.query_one(&OPEN_PARTS, params![key(cycle)])?.int(0) == 0)
}

/// Writes shares and moves the mark of the collection; `false` where somebody else did, or the run is stopped.
pub fn collected(
    tx: &mut Tx<'_>,
    before: &Run,
    to: &str,
    shares: &[(String, Vec<(String, super::Ready)>)],
) -> Result<bool> {
    let n = shares.len() as i64;
    if tx.execute(&COLLECTED, params![key(before.cycle), before.collected_to, to, n, tx.now()])? == 0 {
        return Ok(false);
    }
    for (product, lines) in shares {
        for (seq, (account, ready)) in lines.iter().enumerate() {
            let line = serde_json::to_value(ready).map_err(Problem::internal)?;
            tx.execute(&SHARE, params![key(before.cycle), product, seq, account, line])?;
        }
    }
    Ok(true)
}

/// An account that could not be billed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    pub account_id: String,
    pub account_no: String,
    pub customer_id: String,
    pub code: String,
    pub detail: String,
    pub at: Timestamp,
}

pub fn failures(tx: &mut Tx<'_>, cycle: Cycle, most: i64) -> Result<Vec<Failure>> {
    let one = |r: &Row| Failure {
        account_id: r.text(0),
        account_no: r.opt_text(1).unwrap_or_default(),
        customer_id: r.opt_text(2).unwrap_or_default(),
        code: r.text(3),
        detail: r.text(4),
        at: r.time(5),
    };
    Ok(tx.query(&FAILURES, params![key(cycle), most])?.iter().map(one).collect())
}

/// An account that had failed is billed now.
pub fn repaired(tx: &mut Tx<'_>, cycle: Cycle, account_id: &str, done: &Written) -> Result<()> {
    if tx.execute(&REPAIRED, params![key(cycle), account_id])? > 0 {
        tx.execute(&REPAIR, params![key(cycle), done.billed, done.amount])?;
    }
    Ok(())
}

/// The hour from which runs start by themselves; none where they do not.
pub fn hour(tx: &mut Tx<'_>) -> Result<Option<i8>> {
    if settings::RUN_AUTO.number(tx)? == 0 {
        return Ok(None);
    }
    Ok(Some(i8::try_from(settings::RUN_HOUR.number(tx)?.clamp(0, 23)).unwrap_or(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_goes_one_way_and_takes_no_step_twice() {
        let all = [State::Planned, State::Collecting, State::Billing, State::Done];
        let good = [(0, Step::Collect, 1), (1, Step::Bill, 2), (2, Step::Finish, 3)];
        for (i, state) in all.into_iter().enumerate() {
            assert_eq!(State::named(state.name()).unwrap(), state);
            for step in [Step::Collect, Step::Bill, Step::Finish] {
                let allowed = good.iter().find(|(from, s, _)| *from == i && *s == step);
                assert_eq!(state.after(step).ok(), allowed.map(|(_, _, to)| all[*to]), "{state:?} {step:?}");
            }
        }
    }
}
