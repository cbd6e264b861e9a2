//! What people decide: the account manager of a key account proposes, somebody else approves; a write-off is approved by
//! somebody who did not ask for it.
//!
//! ```text
//! open ─→ proposed ─→ approved      the step is done, or the case deferred
//!   ↑         └─────→ refused ─→ a new task the next day, while the debt stands
//!   └ key accounts; other steps begin as proposed
//! ```

use crate::{case, case::Case, law, policy::StepKind, problems};
use kernel::{Date, OrgPath, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Event, Filter, Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Task {
    pub id: String,
    #[serde(skip)]
    pub version: i64,
    pub org: OrgPath,
    pub case_id: String,
    pub account_id: String,
    pub customer_id: String,
    pub step: String,
    pub step_no: i64,
    pub manager_id: String,
    pub manager_name: String,
    pub state: String,
    pub proposal: String,
    pub defer_until: Option<String>,
    pub reason: String,
    #[serde(skip)]
    pub proposed_by: String,
    pub proposed_name: String,
    pub decided_name: String,
    pub decision: String,
    pub due_on: String,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

const COLUMNS: &str = "id, version, org, case_id, account_id, customer_id, step, step_no, manager_id, manager_name, state, \
                       proposal, defer_until, reason, proposed_by, proposed_name, decided_name, decision, due_on, created_at, \
                       updated_at";

macro_rules! columns {
    () => {
        "id, version, org, case_id, account_id, customer_id, step, step_no, manager_id, manager_name, state, proposal, \
         defer_until, reason, proposed_by, proposed_name, decided_name, decision, due_on, created_at, updated_at"
    };
}

sql! {
    LIVE = concat!("SELECT ", columns!(), " FROM dunning_task WHERE case_id = $1 AND state IN ('open', 'proposed')");
    LOCK = concat!("SELECT ", columns!(), " FROM dunning_task WHERE id = $1 {for_update}");
    OF_CASE = concat!("SELECT ", columns!(), " FROM dunning_task WHERE case_id = $1 ORDER BY created_at, id");
    REFUSED_TODAY = "SELECT id FROM dunning_task WHERE case_id = $1 AND state = 'refused' AND updated_at >= $2";
    INSERT = "INSERT INTO dunning_task (id, version, org, case_id, account_id, customer_id, step, step_no, manager_id, manager_name, \
              state, proposal, reason, proposed_by, proposed_name, decided_by, decided_name, decision, due_on, created_at, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, '', $12, $13, '', '', '', $14, $15, $15) ON CONFLICT DO NOTHING";
    PROPOSE = "UPDATE dunning_task SET version = version + 1, state = 'proposed', proposal = $3, defer_until = $4, reason = $5, \
               proposed_by = $6, proposed_name = $7, updated_at = $8 WHERE id = $1 AND version = $2";
    DECIDE = "UPDATE dunning_task SET version = version + 1, state = $3, decided_by = $4, decided_name = $5, decision = $6, \
              updated_at = $7 WHERE id = $1 AND version = $2";
    VOID = "UPDATE dunning_task SET version = version + 1, state = 'void', updated_at = $2 WHERE case_id = $1 AND state IN ('open', 'proposed')";
}

fn read(row: &Row) -> Result<Task> {
    Ok(Task {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        case_id: row.text(3),
        account_id: row.text(4),
        customer_id: row.text(5),
        step: row.text(6),
        step_no: row.int(7),
        manager_id: row.text(8),
        manager_name: row.text(9),
        state: row.text(10),
        proposal: row.text(11),
        defer_until: row.opt_text(12),
        reason: row.text(13),
        proposed_by: row.text(14),
        proposed_name: row.text(15),
        decided_name: row.text(16),
        decision: row.text(17),
        due_on: row.text(18),
        created_at: row.time(19),
        updated_at: row.time(20),
    })
}

fn publish(tx: &mut Tx<'_>, task: &Task, what: &str) -> Result<()> {
    let event = Event::new(format!("DunningTask{what}Event"), "dunningTask", &task.id, task.version, &task.org)
        .topic(format!("customer:{}", task.customer_id))
        .payload(json!({"dunningTask": {"id": task.id, "state": task.state, "step": task.step}}));
    tx.emit(event.audit(json!({"state": task.state, "step": task.step, "proposal": task.proposal})))
}

/// Puts a step before people, once; a refusal rests until the next day. True where a task was made.
pub fn ask(tx: &mut Tx<'_>, case: &Case, step: StepKind, index: usize, key_account: bool) -> Result<bool> {
    if tx.query_opt(&LIVE, params![case.id])?.is_some() {
        return Ok(false);
    }
    let today = tx.now().date();
    if tx.query_opt(&REFUSED_TODAY, params![case.id, today.start()])?.is_some() {
        return Ok(false);
    }
    let (manager_id, manager_name) =
        customer::reach(tx, &case.customer_id).ok().and_then(|r| r.manager).unwrap_or_default();
    let by_manager = key_account && step != StepKind::WriteOff;
    let (state, proposal) = if by_manager { ("open", "") } else { ("proposed", "proceed") };
    let days = i32::try_from(law::setting(tx, "task.days")?).unwrap_or(3);
    let (actor, name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
    let id = tx.new_id::<Task>().into_string();
    let written = tx.execute(
        &INSERT,
        params![
            id,
            case.org,
            case.id,
            case.account_id,
            case.customer_id,
            step.name(),
            index,
            manager_id,
            manager_name,
            state,
            proposal,
            if by_manager { "" } else { &actor },
            if by_manager { "" } else { &name },
            today.plus_days(days).to_string(),
            tx.now()
        ],
    )?;
    if written == 0 {
        return Ok(false);
    }
    case.note(tx, "asked", step.name())?;
    let task = read(&tx.query_one(&LOCK, params![id])?)?;
    publish(tx, &task, "Create")?;
    Ok(true)
}

/// The debt is gone: nobody needs to decide any more.
pub fn void(tx: &mut Tx<'_>, case_id: &str) -> Result<()> {
    tx.execute(&VOID, params![case_id, tx.now()]).map(drop)
}

pub fn of_case(tx: &mut Tx<'_>, case_id: &str) -> Result<Vec<Task>> {
    tx.query(&OF_CASE, params![case_id])?.iter().map(read).collect()
}

/// Tasks within the actor's scope, those due first in front.
pub fn list(tx: &mut Tx<'_>, state: &str, mine: bool, limit: i64) -> Result<Vec<Task>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if state == "live" {
        filter.and("state IN ('open', 'proposed')".to_owned());
    } else if !state.is_empty() {
        filter.equal("state", state);
    }
    if mine {
        filter.equal("manager_id", &*tx.actor().id);
    }
    let limit = filter.bind(limit);
    let text = format!(
        "SELECT {COLUMNS} FROM dunning_task{} ORDER BY due_on, created_at, id LIMIT {limit}",
        filter.to_where()
    );
    tx.query(&text, &filter.binds)?.iter().map(read).collect()
}

fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Task> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// The account manager proposes to go on, or to wait until a day.
pub fn propose(tx: &mut Tx<'_>, id: &str, proceed: bool, until: Option<Date>, reason: &str) -> Result<Task> {
    if reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let task = lock(tx, id)?;
    if !matches!(task.state.as_str(), "open" | "proposed") {
        return Err(Problem::new(&problems::TASK_STATE));
    }
    let until = match (proceed, until) {
        (true, _) => None,
        (false, Some(day)) => Some(crate::hold::may_wait(tx, day, "hold.max_days")?.to_string()),
        (false, None) => return Err(Problem::missing("until")),
    };
    let proposal = if proceed { "proceed" } else { "defer" };
    let (actor, name, now) = (tx.actor().id.to_string(), tx.actor().name.to_string(), tx.now());
    tx.execute_versioned(&PROPOSE, params![id, task.version, proposal, until, reason.trim(), actor, name, now])?;
    let task = lock(tx, id)?;
    let case = case::lock(tx, &task.case_id)?;
    case.note(tx, "proposed", &format!("{proposal}: {}", reason.trim()))?;
    publish(tx, &task, "StateChange")?;
    Ok(task)
}

/// Somebody else decides; returns the task and the case, for the caller to go on with.
pub fn decide(tx: &mut Tx<'_>, id: &str, approve: bool, reason: &str) -> Result<(Task, Case)> {
    if !approve && reason.trim().is_empty() {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    let task = lock(tx, id)?;
    if task.state != "proposed" {
        return Err(Problem::new(&problems::TASK_STATE));
    }
    let actor = tx.actor().id.to_string();
    if task.proposed_by == actor {
        return Err(Problem::new(&problems::OWN_PROPOSAL));
    }
    let case = case::lock(tx, &task.case_id)?;
    case::must_be_open(&case)?;
    let state = if approve { "approved" } else { "refused" };
    let (name, now) = (tx.actor().name.to_string(), tx.now());
    tx.execute_versioned(&DECIDE, params![id, task.version, state, actor, name, reason.trim(), now])?;
    case.note(tx, state, reason.trim())?;
    let task = lock(tx, id)?;
    publish(tx, &task, "StateChange")?;
    Ok((task, case))
}
