//! Launches: a marketer designs an offering, the catalogue checks it, somebody else approves it, and it is on sale. No
//! programmer takes part.
//!
//! ```text
//! draft → submitted → approved → live          a change with a later date waits as approved
//!   ↑ ↖____/  ↓           ↓
//!   └──── refused      blocked (when its day came it no longer fitted) → draft
//! ```
//! What was submitted does not change any more: the version that was looked at is the one that is approved. Running orders
//! and products stay on the version they were sold under (see [`offering_at`](crate::offering_at)).

mod build;
mod check;
mod compare;
mod draft;
mod due;
mod preview;
mod routes;

use crate::{problems, resources::PRODUCT_OFFERING};
use draft::Draft;
pub use due::reconciler;
use http::tmf;
use kernel::{Date, OrgPath, Problem, Result, Timestamp, codes};
pub(crate) use routes::routes;
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum State {
    Draft,
    Submitted,
    Approved,
    Live,
    Refused,
    Blocked,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Step {
    Save,
    Submit,
    Withdraw,
    Approve,
    Refuse,
    /// Its day has come.
    Apply,
    /// Its day has come and it does not fit any more.
    Block,
}

impl State {
    pub const ALL: [Self; 6] = [Self::Draft, Self::Submitted, Self::Approved, Self::Live, Self::Refused, Self::Blocked];
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Live => "live",
            Self::Refused => "refused",
            Self::Blocked => "blocked",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text).ok_or_else(|| Problem::invalid("state", text))
    }
    /// The state after a step, or why it cannot be taken.
    pub fn after(self, step: Step) -> Result<Self> {
        use State::{Approved, Blocked, Draft, Live, Refused, Submitted};
        let next = match (self, step) {
            (Draft | Refused | Blocked, Step::Save) => Draft,
            (Draft, Step::Submit) => Submitted,
            (Submitted | Approved, Step::Withdraw) => Draft,
            (Submitted, Step::Approve) => Approved,
            (Submitted, Step::Refuse) => Refused,
            (Approved, Step::Apply) => Live,
            (Approved, Step::Block) => Blocked,
            (Draft | Submitted | Approved | Live | Refused | Blocked, _) => {
                return Err(Problem::new(&problems::LAUNCH_STATE).with("state", self.as_str()));
            }
        };
        Ok(next)
    }
}

sql! {
    INSERT = "INSERT INTO catalog_launch (id, version, org, created_at, updated_at, state, name, family, offering_id, base_version, \
              created_by, created_by_name, changed_by, note, body) VALUES ($1, 1, $2, $3, $3, 'draft', $4, $5, $6, $7, $8, $9, $8, '', $10)";
    ONE = "SELECT id, version, org, created_at, updated_at, state, name, family, offering_id, base_version, created_by, created_by_name, \
           changed_by, submitted_at, decided_by, decided_by_name, decided_at, effective_at, note, problem, body \
           FROM catalog_launch WHERE id = $1";
    SAVE = "UPDATE catalog_launch SET version = version + 1, updated_at = $3, state = $4, name = $5, family = $6, changed_by = $7, \
            submitted_at = $8, decided_by = $9, decided_by_name = $10, decided_at = $11, effective_at = $12, note = $13, problem = $14, \
            body = $15, offering_id = $16, base_version = $17 WHERE id = $1 AND version = $2";
    DELETE = "DELETE FROM catalog_launch WHERE id = $1 AND version = $2";
    OPEN_FOR = "SELECT id FROM catalog_launch WHERE offering_id = $1 AND id <> $2 AND state IN ('submitted', 'approved') LIMIT 1";
}

/// A launch as it is stored.
#[derive(Clone, Debug)]
pub(crate) struct Launch {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub state: State,
    /// The offering it changes, or, once live, the one it made.
    pub offering_id: Option<String>,
    /// The version of that offering the design began from.
    pub base_version: Option<i64>,
    pub created_by: String,
    pub created_by_name: String,
    pub changed_by: String,
    pub submitted_at: Option<Timestamp>,
    pub decided_by: Option<String>,
    pub decided_by_name: Option<String>,
    pub decided_at: Option<Timestamp>,
    pub effective_at: Option<Timestamp>,
    pub note: String,
    pub problem: Value,
    pub draft: Draft,
}

fn read(row: &Row) -> Result<Launch> {
    Ok(Launch {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        created_at: row.time(3),
        updated_at: row.time(4),
        state: State::parse(row.str(5))?,
        offering_id: row.opt_text(8),
        base_version: row.opt_int(9),
        created_by: row.text(10),
        created_by_name: row.text(11),
        changed_by: row.text(12),
        submitted_at: row.opt_time(13),
        decided_by: row.opt_text(14),
        decided_by_name: row.opt_text(15),
        decided_at: row.opt_time(16),
        effective_at: row.opt_time(17),
        note: row.text(18),
        problem: if row.is_null(19) { Value::Null } else { row.json(19) },
        draft: serde_json::from_value(row.json(20)).map_err(Problem::internal)?,
    })
}

/// The launch, or 404 where there is none within the actor's scope.
pub(crate) fn load(tx: &mut Tx<'_>, id: &str) -> Result<Launch> {
    let launch = read(&tx.query_opt(&ONE, params![id])?.ok_or_else(Problem::not_found)?)?;
    if tx.actor().sees(launch.org.as_str()) { Ok(launch) } else { Err(Problem::not_found()) }
}

fn save(tx: &mut Tx<'_>, launch: &mut Launch) -> Result<()> {
    let now = tx.now();
    let body = serde_json::to_value(&launch.draft).map_err(Problem::internal)?;
    let problem = (!launch.problem.is_null()).then(|| launch.problem.clone());
    tx.execute_versioned(
        &SAVE,
        params![
            launch.id,
            launch.version,
            now,
            launch.state.as_str(),
            launch.draft.name,
            launch.draft.family,
            launch.changed_by,
            launch.submitted_at,
            launch.decided_by,
            launch.decided_by_name,
            launch.decided_at,
            launch.effective_at,
            launch.note,
            problem,
            body,
            launch.offering_id,
            launch.base_version
        ],
    )?;
    launch.version += 1;
    launch.updated_at = now;
    tell(tx, launch)
}

fn tell(tx: &mut Tx<'_>, launch: &Launch) -> Result<()> {
    let what = json!({
        "launch": {"id": launch.id, "name": launch.draft.name, "state": launch.state.as_str(), "offeringId": launch.offering_id}
    });
    let event = Event::new("CatalogLaunchChangeEvent", "catalogLaunch", &launch.id, launch.version, &launch.org);
    tx.emit(event.topic("catalogLaunches").payload(what.clone()).audit(what))
}

/// Where the design applies: a unit below the group sells at home only.
fn at_home(draft: &mut Draft, org: &OrgPath) {
    if draft.audience.areas.is_empty() && !org.is_root() {
        draft.audience.areas.push(org.to_string());
    }
}

pub(crate) fn create(tx: &mut Tx<'_>, mut draft: Draft, changes: Option<String>) -> Result<Launch> {
    let actor = tx.actor().clone();
    let org = actor.org.clone();
    let base = match &changes {
        Some(id) => {
            let doc = tmf::load(tx, &PRODUCT_OFFERING, id)?;
            // Whoever may only sell what the group offers cannot change it.
            if !actor.sees(doc.org.as_str()) {
                return Err(Problem::new(&problems::LAUNCH_FOREIGN).with("name", doc.text("name")));
            }
            Some(doc.version)
        }
        None => None,
    };
    at_home(&mut draft, &org);
    draft::name_parts(tx, &mut draft)?;
    let id = tx.new_id::<Launch>().into_string();
    let body = serde_json::to_value(&draft).map_err(Problem::internal)?;
    let now = tx.now();
    tx.execute(
        &INSERT,
        params![id, org, now, draft.name, draft.family, changes, base, &*actor.id, &*actor.name, body],
    )?;
    let launch = load(tx, &id)?;
    tell(tx, &launch)?;
    Ok(launch)
}

/// Stores another design; one that was refused or blocked becomes a draft again.
pub(crate) fn change(tx: &mut Tx<'_>, launch: &mut Launch, mut draft: Draft) -> Result<()> {
    launch.state = launch.state.after(Step::Save)?;
    at_home(&mut draft, &launch.org);
    draft::name_parts(tx, &mut draft)?;
    launch.draft = draft;
    launch.changed_by = tx.actor().id.to_string();
    if let Some(id) = launch.offering_id.clone() {
        // Whoever saves has seen what the offering is now.
        launch.base_version = Some(tmf::load(tx, &PRODUCT_OFFERING, &id)?.version);
    }
    save(tx, launch)
}

pub(crate) fn delete(tx: &mut Tx<'_>, launch: &Launch) -> Result<()> {
    launch.state.after(Step::Save)?;
    if tx.execute(&DELETE, params![launch.id, launch.version])? == 0 {
        return Err(Problem::new(&codes::CONFLICT));
    }
    let event = Event::new("CatalogLaunchDeleteEvent", "catalogLaunch", &launch.id, launch.version, &launch.org);
    tx.emit(event.topic("catalogLaunches").payload(json!({"launch": {"id": launch.id}})))
}

fn refuse_findings(findings: Vec<check::Finding>) -> Result<()> {
    if !check::has_error(&findings) {
        return Ok(());
    }
    let first = findings.iter().find(|f| f.severity == "error");
    let count = findings.iter().filter(|f| f.severity == "error").count().to_string();
    let text = first.map_or(String::new(), |f| f.zh.clone());
    let english = first.map_or(String::new(), |f| f.en.clone());
    Err(Problem::new(&problems::LAUNCH_UNFIT)
        .with("count", &count)
        .with("first", &text)
        .with("english", &english)
        .extra("problems", json!(findings)))
}

/// Two people do not change one offering at the same time, and nobody overwrites what came meanwhile.
fn refuse_stale(tx: &mut Tx<'_>, launch: &Launch) -> Result<()> {
    let Some(id) = launch.offering_id.as_deref() else { return Ok(()) };
    if tx.query_opt(&OPEN_FOR, params![id, launch.id])?.is_some() {
        return Err(Problem::new(&problems::LAUNCH_OTHER_OPEN));
    }
    let current = tmf::load(tx, &PRODUCT_OFFERING, id)?.version;
    if launch.base_version != Some(current) { Err(Problem::new(&problems::LAUNCH_STALE)) } else { Ok(()) }
}

pub(crate) fn submit(tx: &mut Tx<'_>, launch: &mut Launch, note: &str) -> Result<()> {
    launch.state = launch.state.after(Step::Submit)?;
    refuse_findings(check::check(tx, &launch.draft, &launch.org, launch.offering_id.as_deref())?)?;
    refuse_stale(tx, launch)?;
    launch.submitted_at = Some(tx.now());
    launch.changed_by = tx.actor().id.to_string();
    (launch.decided_by, launch.decided_by_name, launch.decided_at) = (None, None, None);
    launch.note = note.to_owned();
    launch.problem = Value::Null;
    save(tx, launch)
}

pub(crate) fn withdraw(tx: &mut Tx<'_>, launch: &mut Launch) -> Result<()> {
    launch.state = launch.state.after(Step::Withdraw)?;
    launch.effective_at = None;
    save(tx, launch)
}

fn decide(tx: &mut Tx<'_>, launch: &mut Launch, note: &str) -> Result<()> {
    let actor = tx.actor().clone();
    if [&launch.created_by, &launch.changed_by].into_iter().any(|id| **id == *actor.id) {
        return Err(Problem::new(&problems::SAME_PERSON));
    }
    launch.decided_by = Some(actor.id.to_string());
    launch.decided_by_name = Some(actor.name.to_string());
    launch.decided_at = Some(tx.now());
    if !note.is_empty() {
        launch.note = note.to_owned();
    }
    Ok(())
}

/// Approves; what is due at once is on sale with the same transaction.
pub(crate) fn approve(tx: &mut Tx<'_>, launch: &mut Launch, note: &str) -> Result<()> {
    launch.state = launch.state.after(Step::Approve)?;
    decide(tx, launch, note)?;
    refuse_findings(check::check(tx, &launch.draft, &launch.org, launch.offering_id.as_deref())?)?;
    refuse_stale(tx, launch)?;
    preview::within_authority(tx, &launch.draft)?;
    let now = tx.now();
    let wanted = launch.draft.effective_date.as_str();
    let due = if launch.offering_id.is_none() || wanted.is_empty() { now } else { Date::parse(wanted)?.start() };
    launch.effective_at = Some(due.max(now));
    if due <= now { go_live(tx, launch) } else { save(tx, launch) }
}

pub(crate) fn refuse(tx: &mut Tx<'_>, launch: &mut Launch, reason: &str) -> Result<()> {
    launch.state = launch.state.after(Step::Refuse)?;
    if reason.trim().is_empty() {
        return Err(Problem::missing("note"));
    }
    decide(tx, launch, reason)?;
    save(tx, launch)
}

fn go_live(tx: &mut Tx<'_>, launch: &mut Launch) -> Result<()> {
    launch.state = launch.state.after(Step::Apply)?;
    let changes = launch.offering_id.clone();
    let (id, version) = build::apply(tx, &launch.draft, &launch.org, changes.as_deref())?;
    launch.offering_id = Some(id);
    launch.base_version = Some(version);
    save(tx, launch)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_launch_goes_its_way_and_no_other() {
        use State::{Approved, Blocked, Draft, Live, Refused, Submitted};
        assert_eq!(Draft.after(Step::Submit).unwrap(), Submitted);
        assert_eq!(Submitted.after(Step::Approve).unwrap(), Approved);
        assert_eq!(Approved.after(Step::Apply).unwrap(), Live);
        assert_eq!(Refused.after(Step::Save).unwrap(), Draft, "taken up again");
        assert_eq!(Blocked.after(Step::Save).unwrap(), Draft);
        assert_eq!(Approved.after(Step::Withdraw).unwrap(), Draft, "before its day");
        for (state, step) in [
            (Live, Step::Save),
            (Live, Step::Withdraw),
            (Submitted, Step::Save),
            (Draft, Step::Approve),
            (Submitted, Step::Submit),
            (Approved, Step::Approve),
            (Refused, Step::Approve),
            (Draft, Step::Apply),
        ] {
            assert!(state.after(step).unwrap_err().is(&problems::LAUNCH_STATE), "{state:?} {step:?}");
        }
    }
}
