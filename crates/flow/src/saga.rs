//! Sagas as records: started in the transaction of the operation that needs them, moved on by the runner, turned round by
//! people. Every change of the record goes through [`update`].

use crate::{
    fallout,
    plan::{NewStep, Plan, Problem as StepProblem, SagaState, Step, StepState},
    problems, registry,
};
use http::{App, BoxFuture};
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

/// A saga as it stands.
#[derive(Clone, Debug)]
pub struct Saga {
    pub id: String,
    pub kind: String,
    pub version: i64,
    pub subject_id: String,
    pub org: OrgPath,
    pub input: Value,
    pub plan: Plan,
    pub revision: i64,
    pub created_at: Timestamp,
    pub(crate) lease: Option<String>,
}

impl Saga {
    pub fn state(&self) -> SagaState {
        self.plan.state()
    }
    /// How many steps are finished, of how many.
    pub fn progress(&self) -> (usize, usize) {
        let done = |s: &&Step| matches!(s.state, StepState::Done | StepState::Skipped);
        (self.plan.steps.iter().filter(done).count(), self.plan.steps.len())
    }
}

/// What a handler is told about the step it works on.
#[derive(Clone)]
pub struct StepCtx {
    pub app: App,
    pub saga_id: String,
    pub subject_id: String,
    pub org: OrgPath,
    /// Position in the template.
    pub step: usize,
    pub name: String,
    pub target: String,
    pub input: Value,
    pub saga_input: Value,
    /// Results of the steps so far, by position.
    pub outputs: Vec<Value>,
    pub attempt: u32,
    /// An earlier attempt ended without an answer: ask whether the effect is there before doing it again.
    pub uncertain: bool,
}

impl StepCtx {
    /// The idempotency key of the step's effect.
    pub fn key(&self) -> String {
        format!("{}:{}", self.saga_id, self.step)
    }
}

/// What a step changes in our records, in the transaction that books its result.
pub type Apply = Box<dyn FnMut(&mut Tx<'_>) -> Result<()> + Send>;

pub enum Outcome {
    Done { output: Value, apply: Option<Apply> },
    Waiting { until: Timestamp },
    Failed { problem: Problem, retryable: bool, uncertain: bool },
}

impl Outcome {
    pub fn done() -> Self {
        Self::Done { output: Value::Null, apply: None }
    }
    pub fn applied(apply: impl FnMut(&mut Tx<'_>) -> Result<()> + Send + 'static) -> Self {
        Self::Done { output: Value::Null, apply: Some(Box::new(apply)) }
    }
    pub fn failed(problem: Problem) -> Self {
        let retryable = problem.code.status >= 500;
        Self::Failed { problem, retryable, uncertain: false }
    }
}

pub type Handler = fn(StepCtx) -> BoxFuture<'static, Outcome>;

/// The do and the undo of steps of one name.
pub struct StepHandler {
    pub name: &'static str,
    pub run: Handler,
    /// Must be idempotent, and harmless where the effect is not there.
    pub undo: Option<Handler>,
    /// Without an answer for so long the outcome is unknown.
    pub seconds: u64,
}

/// The handlers of one version of a template.
pub struct SagaHandlers {
    pub kind: &'static str,
    pub version: i64,
    /// What the saga is about, for the audit chain, such as `productOrder` …
    pub subject: &'static str,
    /// … and for live pages, such as `order` (topic `order:ID`).
    pub topic: &'static str,
    pub steps: Vec<StepHandler>,
    /// Told in the same transaction when the saga's state has changed.
    pub changed: fn(&mut Tx<'_>, &Saga, SagaState) -> Result<()>,
}

pub(crate) fn handlers(saga: &Saga) -> Result<&'static SagaHandlers> {
    let found = registry().sagas.iter().find(|h| h.kind == saga.kind && h.version == saga.version);
    found.ok_or_else(|| {
        Problem::new(&problems::TEMPLATE_UNKNOWN).with("value", &format!("{} {}", saga.kind, saga.version))
    })
}

sql! {
    INSERT = "INSERT INTO saga (id, kind, template_version, subject_id, org, state, backward, input, steps, revision, steps_done, steps_total, due, lease_until, created_at, updated_at) \
              VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, 1, 0, $10, 0, 0, $9, $9)";
    LOAD = "SELECT id, kind, template_version, subject_id, org, backward, input, steps, revision, lease, created_at, state, held \
            FROM saga WHERE id = $1";
    LOCK = "SELECT id, kind, template_version, subject_id, org, backward, input, steps, revision, lease, created_at, state, held \
            FROM saga WHERE id = $1 {for_update}";
    OF_SUBJECT = "SELECT id, kind, template_version, subject_id, org, backward, input, steps, revision, lease, created_at, state, held \
                  FROM saga WHERE subject_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
    SAVE = "UPDATE saga SET state = $2, backward = $3, steps = $4, revision = revision + 1, due = $5, updated_at = $6, \
            steps_done = $7, held = $8 WHERE id = $1";
    PROGRESS = "SELECT state, steps_done, steps_total FROM saga WHERE subject_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
    BREAK = "UPDATE saga SET state = 'stuck', due = NULL, lease = NULL, lease_until = 0, updated_at = $2 WHERE id = $1";
}

/// Starts a saga with this transaction: one insert, however many steps.
pub fn start(
    tx: &mut Tx<'_>,
    kind: &str,
    version: i64,
    subject_id: &str,
    org: &OrgPath,
    input: Value,
    steps: Vec<NewStep>,
) -> Result<String> {
    let id = tx.new_id::<Saga>().into_string();
    let plan =
        Plan { steps: steps.into_iter().map(Step::from).collect(), backward: false, abandoned: false, held: false };
    let text = serde_json::to_string(&plan.steps).map_err(Problem::internal)?;
    let now = tx.now();
    tx.execute(
        &INSERT,
        params![id, kind, version, subject_id, org, plan.state().text(), input, text, now, plan.steps.len()],
    )?;
    tx.poke();
    Ok(id)
}

/// The newest saga about a subject; visible where the subject is.
pub fn of_subject(tx: &mut Tx<'_>, subject_id: &str) -> Result<Option<Saga>> {
    match tx.query_opt(&OF_SUBJECT, params![subject_id])? {
        Some(row) if tx.actor().sees(row.str(4)) => read(&row).map(Some),
        _ => Ok(None),
    }
}

pub fn load(tx: &mut Tx<'_>, id: &str) -> Result<Saga> {
    let row = tx.query_one(&LOAD, params![id])?;
    tx.must_see(row.str(4))?;
    read(&row)
}

pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Saga> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(4))?;
    read(&row)
}

fn read(row: &Row) -> Result<Saga> {
    let broken = |e| Problem::new(&problems::SAGA_BROKEN).because(e);
    let steps: Vec<Step> = serde_json::from_str(row.str(7)).map_err(broken)?;
    Ok(Saga {
        id: row.text(0),
        kind: row.text(1),
        version: row.int(2),
        subject_id: row.text(3),
        org: OrgPath::parse(row.str(4))?,
        input: row.json(6),
        plan: Plan { steps, backward: row.flag(5), abandoned: row.str(11) == "abandoned", held: row.flag(12) },
        revision: row.int(8),
        lease: row.opt_text(9),
        created_at: row.time(10),
    })
}

/// Writes the plan back, opens or closes fallout, tells the template's owner and the live pages what changed.
pub(crate) fn save(tx: &mut Tx<'_>, saga: &mut Saga, before: &Plan) -> Result<()> {
    let state = saga.state();
    let text = serde_json::to_string(&saga.plan.steps).map_err(Problem::internal)?;
    let due = saga.plan.next_due();
    let now = tx.now();
    tx.execute(
        &SAVE,
        params![saga.id, state.text(), saga.plan.backward, text, due, now, saga.progress().0, saga.plan.held],
    )?;
    saga.revision += 1;
    for (i, step) in saga.plan.steps.iter().enumerate() {
        let failed = |s: &Step| matches!(s.state, StepState::Failed | StepState::UndoFailed);
        if failed(step) && !before.steps.get(i).is_some_and(failed) {
            fallout::open(tx, saga, i)?;
        }
    }
    let was = before.state();
    if was != state {
        if let Ok(handlers) = handlers(saga) {
            (handlers.changed)(tx, saga, was)?;
        }
        if state.ended() {
            fallout::close_all(tx, &saga.id, state.text())?;
        }
    }
    let moved: Vec<Value> = saga
        .plan
        .steps
        .iter()
        .enumerate()
        .zip(&before.steps)
        .filter(|((_, now), then)| now.state != then.state && now.state != StepState::Running)
        .map(|((i, s), _)| json!({"id": i.to_string(), "name": s.name, "state": s.state}))
        .collect();
    if was != state || !moved.is_empty() {
        let payload = json!({"saga": saga.id, "state": state, "steps": moved});
        let event = Event::new("SagaProgressEvent", "saga", &saga.id, saga.revision, &saga.org);
        let topic = handlers(saga).map_or("saga", |h| h.topic);
        tx.announce(&event.topic(format!("{topic}:{}", saga.subject_id)).payload(payload))?;
    }
    Ok(())
}

/// Turns a saga round: what was done is undone, in reverse order of completion. For cancellations; people dealing with
/// fallout use [`fallout::act`].
pub fn compensate(tx: &mut Tx<'_>, id: &str) -> Result<SagaState> {
    let mut saga = lock(tx, id)?;
    if saga.state().ended() {
        return Err(Problem::new(&problems::SAGA_ENDED));
    }
    let before = saga.plan.clone();
    saga.plan.compensate();
    fallout::close_all(tx, id, "compensate")?; // what failed on the way forward needs nobody any more
    save(tx, &mut saga, &before)?;
    tx.poke();
    Ok(saga.state())
}

/// Holds a saga, or lets it go on. What is under way at the moment ends; nothing else begins while it is held.
pub fn hold(tx: &mut Tx<'_>, id: &str, held: bool) -> Result<()> {
    let mut saga = lock(tx, id)?;
    if saga.state().ended() || saga.plan.backward {
        return Err(Problem::new(&problems::SAGA_ENDED));
    }
    let before = saga.plan.clone();
    saga.plan.held = held;
    save(tx, &mut saga, &before)?;
    tx.poke();
    Ok(())
}

/// Lets `change` alter the inputs of steps that have not begun; it is shown every step with whether it may. Steps that are
/// under way or done stay as they are, whatever it does.
pub fn amend(tx: &mut Tx<'_>, id: &str, mut change: impl FnMut(&mut Value, &Step, bool)) -> Result<()> {
    let mut saga = lock(tx, id)?;
    if saga.state().ended() || saga.plan.backward {
        return Err(Problem::new(&problems::SAGA_ENDED));
    }
    let before = saga.plan.clone();
    for step in &mut saga.plan.steps {
        let open = step.state == StepState::Pending && !step.uncertain;
        let mut input = step.input.clone();
        change(&mut input, step, open);
        if open {
            step.input = input;
        }
    }
    save(tx, &mut saga, &before)
}

/// Steps finished, of how many, of the newest saga about a subject: for lists.
pub fn progress_of(tx: &mut Tx<'_>, subject_id: &str) -> Result<Option<(i64, i64)>> {
    Ok(tx.query_opt(&PROGRESS, params![subject_id])?.map(|row| (row.int(1), row.int(2))))
}

/// What the saga about this subject waits for may have come: its waiting steps look again at once.
pub fn wake(tx: &mut Tx<'_>, subject_id: &str) -> Result<()> {
    let Some(found) = tx.query_opt(&OF_SUBJECT, params![subject_id])? else { return Ok(()) };
    let mut saga = lock(tx, found.str(0))?;
    let before = saga.plan.clone();
    saga.plan.wake();
    if saga.plan != before {
        save(tx, &mut saga, &before)?;
        tx.poke();
    }
    Ok(())
}

/// Sets aside a saga whose record cannot be read, so that it stops nobody else, and puts it before a person.
pub(crate) fn set_aside(tx: &mut Tx<'_>, id: &str, why: &Problem) -> Result<()> {
    let now = tx.now();
    tx.execute(&BREAK, params![id, now])?;
    let row = tx.query_one(&LOAD, params![id])?;
    let (zh, en) = (why.reason(kernel::Lang::Zh), why.reason(kernel::Lang::En));
    fallout::open_broken(tx, id, row.str(3), row.str(4), (why.code.id, &zh, &en))
}

pub(crate) fn describe(problem: &Problem) -> StepProblem {
    StepProblem {
        code: problem.code.id.to_owned(),
        zh: problem.reason(kernel::Lang::Zh),
        en: problem.reason(kernel::Lang::En),
    }
}
