//! The daily pass over all accounts: opens cases, does what is due, closes what is paid.
//!
//! A part of some hundred accounts is one transaction, and where the pass stands is saved with it: a pass that was cut short
//! goes on where it stopped, and what it did is not done again, since a step done waits for its next day.

use crate::{
    act::{self, Did},
    case::{self, Case},
    credit,
    decide::Debt,
    law::{self, Book},
    policy::{self, Kept, Policy},
    problems,
};
use billing::Overdue;
use http::App;
use kernel::{Actor, Date, Money, Problem, Result, Timestamp};
use serde::Serialize;
use std::{collections::HashMap, sync::Arc};
use store::{Event, Row, Tx, params, sql};

/// Accounts a transaction.
const PART: i64 = 500;
/// After every account id.
const END: &str = "~~~~";

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Sweep {
    pub id: String,
    pub day: String,
    pub state: String,
    #[serde(skip)]
    after: String,
    pub looked: i64,
    pub opened: i64,
    pub stepped: i64,
    pub closed: i64,
    pub tasks: i64,
    pub told: i64,
    pub started_by: String,
    pub started_at: Timestamp,
    pub ended_at: Option<Timestamp>,
}

sql! {
    RUNNING = "SELECT id, day, state, after_account, looked, opened, stepped, closed, tasks, told, started_by, started_at, ended_at \
               FROM dunning_sweep WHERE state = 'running' {for_update}";
    LIST = "SELECT id, day, state, after_account, looked, opened, stepped, closed, tasks, told, started_by, started_at, ended_at \
            FROM dunning_sweep ORDER BY started_at DESC LIMIT $1";
    START = "INSERT INTO dunning_sweep (id, day, state, after_account, looked, opened, stepped, closed, tasks, told, started_by, started_at) \
             VALUES ($1, $2, 'running', '', 0, 0, 0, 0, 0, 0, $3, $4) ON CONFLICT DO NOTHING";
    STEP = "UPDATE dunning_sweep SET after_account = $2, looked = looked + $3, opened = opened + $4, stepped = stepped + $5, \
            closed = closed + $6, tasks = tasks + $7, told = told + $8 WHERE id = $1 AND after_account = $9 AND state = 'running'";
    END_IT = "UPDATE dunning_sweep SET state = 'done', ended_at = $2 WHERE id = $1 AND state = 'running'";
    OF_DAY = "SELECT id FROM dunning_sweep WHERE day = $1 LIMIT 1";
}

fn read(row: &Row) -> Sweep {
    Sweep {
        id: row.text(0),
        day: row.text(1),
        state: row.text(2),
        after: row.text(3),
        looked: row.int(4),
        opened: row.int(5),
        stepped: row.int(6),
        closed: row.int(7),
        tasks: row.int(8),
        told: row.int(9),
        started_by: row.text(10),
        started_at: row.time(11),
        ended_at: row.opt_time(12),
    }
}

pub fn list(tx: &mut Tx<'_>, limit: i64) -> Result<Vec<Sweep>> {
    Ok(tx.query(&LIST, params![limit])?.iter().map(read).collect())
}

/// Begins a pass; refused while one runs.
pub fn start(tx: &mut Tx<'_>) -> Result<String> {
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    let id = tx.new_id::<Sweep>().into_string();
    if tx.query_opt(&RUNNING, params![])?.is_some()
        || tx.execute(&START, params![id, now.date().to_string(), by, now])? == 0
    {
        return Err(Problem::new(&problems::SWEEP_RUNS));
    }
    let event = Event::new("DunningSweepCreateEvent", "dunningSweep", &id, 1, &kernel::OrgPath::root());
    tx.emit(event)?;
    Ok(id)
}

/// Begins the pass of the day where its hour has come and it has not been.
fn start_of_day(tx: &mut Tx<'_>) -> Result<bool> {
    let now = tx.now();
    let due = i64::from(now.hour()) >= law::setting(tx, "sweep.hour")?;
    let today = now.date().to_string();
    if !due || tx.query_opt(&OF_DAY, params![today])?.is_some() || tx.query_opt(&RUNNING, params![])?.is_some() {
        return Ok(false);
    }
    start(tx).map(|_| true)
}

/// The reconciler: the pass of the day, and whatever pass was cut short.
pub async fn daily(app: App) -> Result<()> {
    app.db().write(Actor::system(), start_of_day).await?;
    drive(&app).await.map(drop)
}

/// Carries a begun pass to its end; returns how many parts it took.
pub async fn drive(app: &App) -> Result<usize> {
    let mut parts = 0;
    while !app.is_stopping() && app.db().write(Actor::system(), part).await? {
        parts += 1;
    }
    Ok(parts)
}

/// [`drive`] for a job.
pub async fn job(app: App) -> Result<()> {
    drive(&app).await.map(drop)
}

/// What a part needs again and again.
pub(crate) struct Ground {
    pub book: Book,
    policies: Arc<Vec<Kept>>,
    versions: HashMap<(String, i64), Arc<Policy>>,
    least: Money,
}

impl Ground {
    pub fn open(tx: &mut Tx<'_>) -> Result<Self> {
        let mut policies = policy::all(tx)?;
        policies.retain(|k| k.state == "active");
        let least = policies.iter().map(|k| k.policy.min()).min().unwrap_or(Money::fen(1));
        Ok(Self { book: Book::open(tx)?, policies: Arc::new(policies), versions: HashMap::new(), least })
    }
    fn version(&mut self, tx: &mut Tx<'_>, case: &Case) -> Result<Arc<Policy>> {
        let key = (case.policy_id.clone(), case.policy_version);
        if let Some(known) = self.versions.get(&key) {
            return Ok(known.clone());
        }
        let read = Arc::new(policy::version(tx, &key.0, key.1)?);
        self.versions.insert(key, read.clone());
        Ok(read)
    }
    /// The policy for an account without a case.
    pub fn choose(&self, tx: &mut Tx<'_>, debt: &Overdue) -> Result<Option<Kept>> {
        let reach = customer::reach(tx, &debt.customer_id).unwrap_or_default();
        let by_family = self.policies.iter().any(|k| !k.policy.matches.families.is_empty());
        let families = if by_family { billing::families_of_account(tx, &debt.account_id)? } else { Vec::new() };
        let fits = |k: &&Kept| k.org.contains(&debt.org) && k.policy.matches.fits(&reach.kind, &reach.grade, &families);
        Ok(self.policies.iter().find(fits).cloned())
    }
}

/// One part of the pass that is running; false where there is nothing left to do.
fn part(tx: &mut Tx<'_>) -> Result<bool> {
    let Some(row) = tx.query_opt(&RUNNING, params![])? else { return Ok(false) };
    let sweep = read(&row);
    let today = tx.now().date();
    let debts = billing::overdue_after(tx, &sweep.after, today, PART)?;
    let last = debts.len() < usize::try_from(PART).unwrap_or(0);
    let until = if last { None } else { debts.last().map(|d| d.account_id.clone()) };
    let mut cases: HashMap<String, Case> = case::open_between(tx, &sweep.after, until.as_deref())?
        .into_iter()
        .map(|c| (c.account_id.clone(), c))
        .collect();
    let credits: HashMap<String, credit::Credit> = credit::between(tx, &sweep.after, until.as_deref().unwrap_or(END))?
        .into_iter()
        .map(|c| (c.account_id.clone(), c))
        .collect();
    let mut ground = Ground::open(tx)?;
    let (mut told, mut count) = (Vec::new(), (0i64, 0i64, 0i64, 0i64));
    let mut add = |did: Did| {
        count.1 += i64::from(did.stepped);
        count.2 += i64::from(did.closed);
        count.3 += i64::from(did.asked);
    };
    let mut opened = 0;
    for found in &debts {
        let allowed = credits.get(&found.account_id).map_or(Money::ZERO, |c| c.allowed(today));
        let debt = Debt { amount: found.amount, oldest_due: found.oldest_due, allowed };
        let mut case = match cases.remove(&found.account_id) {
            Some(case) => case,
            None if found.amount <= allowed || found.amount < ground.least => continue,
            None => match open(tx, &ground, found, today)? {
                Some(case) => {
                    opened += 1;
                    case
                }
                None => continue,
            },
        };
        let policy = ground.version(tx, &case)?;
        let law = ground.book.at(&case.org)?;
        let before = (case.overdue, case.oldest_due);
        let did = act::evaluate(tx, &mut case, &policy, &law, Some(&debt), &mut told)?;
        if !did.stepped && !did.closed && before != (case.overdue, case.oldest_due) {
            case.save(tx)?;
        }
        add(did);
    }
    // What is left owes nothing any more.
    for mut case in cases.into_values() {
        let policy = ground.version(tx, &case)?;
        let law = ground.book.at(&case.org)?;
        add(act::evaluate(tx, &mut case, &policy, &law, None, &mut told)?);
    }
    count.0 = opened;
    let sent = messaging::store_all(tx, &told)?;
    let reached = until.unwrap_or_else(|| END.to_owned());
    let looked = debts.len();
    let moved = tx.execute(
        &STEP,
        params![
            sweep.id,
            reached,
            looked,
            count.0,
            count.1,
            count.2,
            count.3,
            i64::try_from(sent).unwrap_or(0),
            sweep.after
        ],
    )?;
    if moved != 1 {
        return Err(Problem::new(&kernel::codes::CONFLICT)); // another process drives it too
    }
    if last {
        tx.execute(&END_IT, params![sweep.id, tx.now()])?;
        let event = Event::new("DunningSweepStateChangeEvent", "dunningSweep", &sweep.id, 2, &kernel::OrgPath::root());
        tx.emit(event)?;
    }
    Ok(!last)
}

/// A case for an account that owes: where a payment was taken back or a credit ran out, the one there was, as it stood.
fn open(tx: &mut Tx<'_>, ground: &Ground, debt: &Overdue, today: Date) -> Result<Option<Case>> {
    if let Some(case) = again(tx, debt, today)? {
        return Ok(Some(case));
    }
    let Some(policy) = ground.choose(tx, debt)? else { return Ok(None) };
    if debt.amount < policy.policy.min() {
        return Ok(None);
    }
    let mut case = case::fresh(tx, debt, (&policy.id, policy.version));
    case.save(tx)?;
    case.note(tx, "opened", &policy.name)?;
    Ok(Some(case))
}

/// The case that was closed by what is undone now, open again.
pub fn again(tx: &mut Tx<'_>, debt: &Overdue, today: Date) -> Result<Option<Case>> {
    let Some(mut case) = case::last_closed(tx, &debt.account_id)? else { return Ok(None) };
    let Some(closed) = case.closed_at else { return Ok(None) };
    let days = today.days_since(closed.date());
    let undone = matches!(case.close_reason.as_str(), "paid" | "credit") && debt.oldest_due <= case.oldest_due;
    if !undone || days > law::setting(tx, "reopen.days")? {
        return Ok(None);
    }
    "open".clone_into(&mut case.state);
    case.closed_at = None;
    case.close_reason.clear();
    case.overdue = debt.amount;
    case.oldest_due = debt.oldest_due;
    case.note(tx, "reopened", "")?;
    case.save(tx)?;
    case.publish(tx, "StateChange")?;
    Ok(Some(case))
}
