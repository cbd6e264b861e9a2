//! A case: one account's way through the steps of its policy.
//!
//! The order of a case's steps is its policy's; each waits its days from the day the one before was really done. A clock that
//! jumps ahead makes at most one step due, and the next waits its days from then: no step is skipped and none comes early.

use crate::policy::StepKind;
use kernel::{Date, Money, OrgPath, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

/// How far an account is barred for its debts.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Level {
    None,
    OneWay,
    TwoWay,
    Ended,
}

impl Level {
    pub const fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::OneWay => "oneWay",
            Self::TwoWay => "twoWay",
            Self::Ended => "ended",
        }
    }
    fn parse(text: &str) -> Self {
        match text {
            "oneWay" => Self::OneWay,
            "twoWay" => Self::TwoWay,
            "ended" => Self::Ended,
            _ => Self::None,
        }
    }
    /// The level that a step leads to; none where it leaves it as it is.
    pub const fn of(step: StepKind) -> Option<Self> {
        match step {
            StepKind::BarOutgoing => Some(Self::OneWay),
            StepKind::BarAll => Some(Self::TwoWay),
            StepKind::Terminate => Some(Self::Ended),
            StepKind::Remind | StepKind::PreCancel | StepKind::WriteOff => None,
        }
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Case {
    pub id: String,
    #[serde(skip)]
    pub version: i64,
    pub org: OrgPath,
    pub account_id: String,
    pub customer_id: String,
    pub policy_id: String,
    pub policy_version: i64,
    /// `open` or `closed`.
    pub state: String,
    pub steps_done: i64,
    /// The last step done; `none` before the first.
    pub step: String,
    pub step_on: Date,
    pub oldest_due: Date,
    #[serde(rename = "overdueFen")]
    pub overdue: Money,
    /// How far the steps have gone; a hold may lift it for a while.
    pub level: Level,
    pub told_level: Level,
    #[serde(skip)]
    pub told_count: i64,
    pub reminded_on: Option<Date>,
    pub suspended_on: Option<Date>,
    pub noticed_on: Option<Date>,
    pub hold: String,
    pub hold_until: Option<Date>,
    pub hold_lifts: bool,
    pub hold_reason: String,
    pub restore_by: Option<Timestamp>,
    pub restored_at: Option<Timestamp>,
    pub opened_at: Timestamp,
    pub closed_at: Option<Timestamp>,
    pub close_reason: String,
    pub updated_at: Timestamp,
}

macro_rules! columns {
    () => {
        "id, version, org, account_id, customer_id, policy_id, policy_version, state, steps_done, step, step_on, oldest_due, \
         overdue_fen, level, told_level, told_count, reminded_on, suspended_on, noticed_on, hold, hold_until, hold_lifts, \
         hold_reason, restore_by, restored_at, opened_at, closed_at, close_reason, updated_at"
    };
}
pub(crate) const COLUMNS: &str = columns!();

sql! {
    ONE = concat!("SELECT ", columns!(), " FROM dunning_case WHERE id = $1");
    LOCK = concat!("SELECT ", columns!(), " FROM dunning_case WHERE id = $1 {for_update}");
    OPEN_OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM dunning_case WHERE customer_id = $1 AND state = 'open' ORDER BY id {for_update}");
    OPEN_BETWEEN = concat!("SELECT ", columns!(), " FROM dunning_case WHERE account_id > $1 AND account_id <= $2 AND state = 'open' ORDER BY account_id {for_update}");
    OPEN_AFTER = concat!("SELECT ", columns!(), " FROM dunning_case WHERE account_id > $1 AND state = 'open' ORDER BY account_id {for_update}");
    OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM dunning_case WHERE customer_id = $1 ORDER BY opened_at DESC LIMIT 20");
    LAST_CLOSED = concat!("SELECT ", columns!(), " FROM dunning_case WHERE account_id = $1 AND state = 'closed' ORDER BY closed_at DESC LIMIT 1 {for_update}");
    PUT = "INSERT INTO dunning_case (id, version, org, account_id, customer_id, policy_id, policy_version, state, steps_done, step, \
           step_on, oldest_due, overdue_fen, level, told_level, told_count, reminded_on, suspended_on, noticed_on, hold, hold_until, \
           hold_lifts, hold_reason, restore_by, restored_at, opened_at, closed_at, close_reason, updated_at) \
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, \
           $25, $26, $27, $28, $29) ON CONFLICT (id) DO UPDATE SET version = excluded.version, org = excluded.org, \
           customer_id = excluded.customer_id, state = excluded.state, steps_done = excluded.steps_done, step = excluded.step, \
           step_on = excluded.step_on, oldest_due = excluded.oldest_due, overdue_fen = excluded.overdue_fen, level = excluded.level, \
           told_level = excluded.told_level, told_count = excluded.told_count, reminded_on = excluded.reminded_on, \
           suspended_on = excluded.suspended_on, noticed_on = excluded.noticed_on, hold = excluded.hold, \
           hold_until = excluded.hold_until, hold_lifts = excluded.hold_lifts, hold_reason = excluded.hold_reason, \
           restore_by = excluded.restore_by, restored_at = excluded.restored_at, closed_at = excluded.closed_at, \
           close_reason = excluded.close_reason, updated_at = excluded.updated_at";
    NOTE = "INSERT INTO dunning_history (case_id, n, at, what, step, overdue_fen, note, actor) \
            SELECT $1, COALESCE(MAX(n), 0) + 1, $2, $3, $4, $5, $6, $7 FROM dunning_history WHERE case_id = $1";
    HISTORY = "SELECT at, what, step, overdue_fen, note, actor FROM dunning_history WHERE case_id = $1 ORDER BY n";
}

pub(crate) fn read(row: &Row) -> Result<Case> {
    let day = |i: usize| row.opt_text(i).map(|t| Date::parse(&t)).transpose();
    Ok(Case {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        account_id: row.text(3),
        customer_id: row.text(4),
        policy_id: row.text(5),
        policy_version: row.int(6),
        state: row.text(7),
        steps_done: row.int(8),
        step: row.text(9),
        step_on: Date::parse(row.str(10))?,
        oldest_due: Date::parse(row.str(11))?,
        overdue: row.money(12),
        level: Level::parse(row.str(13)),
        told_level: Level::parse(row.str(14)),
        told_count: row.int(15),
        reminded_on: day(16)?,
        suspended_on: day(17)?,
        noticed_on: day(18)?,
        hold: row.text(19),
        hold_until: day(20)?,
        hold_lifts: row.flag(21),
        hold_reason: row.text(22),
        restore_by: row.opt_time(23),
        restored_at: row.opt_time(24),
        opened_at: row.time(25),
        closed_at: row.opt_time(26),
        close_reason: row.text(27),
        updated_at: row.time(28),
    })
}

/// The case; 404 outside the actor's scope.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Case> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Case> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

pub fn open_of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Case>> {
    tx.query(&OPEN_OF_CUSTOMER, params![customer_id])?.iter().map(read).collect()
}

/// The customer's cases, the newest first.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Case>> {
    tx.query(&OF_CUSTOMER, params![customer_id])?.iter().map(read).collect()
}

/// Open cases of the accounts after `after`, up to `until` where it is given.
pub fn open_between(tx: &mut Tx<'_>, after: &str, until: Option<&str>) -> Result<Vec<Case>> {
    let rows = match until {
        Some(until) => tx.query(&OPEN_BETWEEN, params![after, until])?,
        None => tx.query(&OPEN_AFTER, params![after])?,
    };
    rows.iter().map(read).collect()
}

pub fn last_closed(tx: &mut Tx<'_>, account_id: &str) -> Result<Option<Case>> {
    tx.query_opt(&LAST_CLOSED, params![account_id])?.as_ref().map(read).transpose()
}

impl Case {
    pub fn is_open(&self) -> bool {
        self.state == "open"
    }
    /// Held back on `today`.
    pub fn held(&self, today: Date) -> bool {
        !self.hold.is_empty() && self.hold_until.is_none_or(|until| today <= until)
    }
    /// How far the account is to be barred on `today`.
    pub fn wanted(&self, today: Date) -> Level {
        if self.level == Level::Ended {
            return Level::Ended;
        }
        if !self.is_open() || (self.held(today) && self.hold_lifts) { Level::None } else { self.level }
    }
    /// The next step is done.
    pub fn advance(&mut self, step: StepKind, on: Date) {
        self.steps_done += 1;
        step.name().clone_into(&mut self.step);
        self.step_on = on;
        match step {
            StepKind::Remind => self.reminded_on = Some(on),
            StepKind::BarOutgoing | StepKind::BarAll => self.suspended_on = Some(on),
            StepKind::PreCancel => self.noticed_on = Some(on),
            StepKind::Terminate | StepKind::WriteOff => {}
        }
        if let Some(level) = Level::of(step) {
            self.level = level;
        }
    }
    /// Writes the case down; whoever changed it also leaves a [`note`](Self::note).
    pub fn save(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        self.version += 1;
        self.updated_at = tx.now();
        let day = |d: Option<Date>| d.map(|d| d.to_string());
        tx.execute(
            &PUT,
            params![
                self.id,
                self.version,
                self.org,
                self.account_id,
                self.customer_id,
                self.policy_id,
                self.policy_version,
                self.state,
                self.steps_done,
                self.step,
                self.step_on.to_string(),
                self.oldest_due.to_string(),
                self.overdue,
                self.level.name(),
                self.told_level.name(),
                self.told_count,
                day(self.reminded_on),
                day(self.suspended_on),
                day(self.noticed_on),
                self.hold,
                day(self.hold_until),
                self.hold_lifts,
                self.hold_reason,
                self.restore_by,
                self.restored_at,
                self.opened_at,
                self.closed_at,
                self.close_reason,
                self.updated_at
            ],
        )
        .map(drop)
    }
    pub fn note(&self, tx: &mut Tx<'_>, what: &str, note: &str) -> Result<()> {
        self.note_at(tx, tx.now(), what, note)
    }
    pub fn note_at(&self, tx: &mut Tx<'_>, at: Timestamp, what: &str, note: &str) -> Result<()> {
        let by = tx.actor().name.to_string();
        tx.execute(&NOTE, params![self.id, at, what, self.step, self.overdue, note, by]).map(drop)
    }
    /// Tells live pages, and the audit chain where a person or the law would ask.
    pub fn publish(&self, tx: &mut Tx<'_>, what: &str) -> Result<()> {
        let payload = json!({"dunningCase": {"id": self.id, "customerId": self.customer_id, "accountId": self.account_id,
                                            "step": self.step, "state": self.state}});
        let event = Event::new(format!("DunningCase{what}Event"), "dunningCase", &self.id, self.version, &self.org)
            .topic(format!("customer:{}", self.customer_id))
            .payload(payload)
            .audit(json!({"step": self.step, "state": self.state, "overdueFen": self.overdue, "level": self.level}));
        tx.emit(event)
    }
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    pub at: Timestamp,
    pub what: String,
    pub step: String,
    #[serde(rename = "overdueFen")]
    pub overdue: Money,
    pub note: String,
    pub actor: String,
}

pub fn history(tx: &mut Tx<'_>, id: &str) -> Result<Vec<Line>> {
    let line = |r: &Row| Line {
        at: r.time(0),
        what: r.text(1),
        step: r.text(2),
        overdue: r.money(3),
        note: r.text(4),
        actor: r.text(5),
    };
    Ok(tx.query(&HISTORY, params![id])?.iter().map(line).collect())
}

/// A new case; nothing is written yet.
pub fn fresh(tx: &Tx<'_>, debt: &billing::Overdue, policy: (&str, i64)) -> Case {
    Case {
        id: tx.new_id::<Case>().into_string(),
        version: 0,
        org: debt.org.clone(),
        account_id: debt.account_id.clone(),
        customer_id: debt.customer_id.clone(),
        policy_id: policy.0.to_owned(),
        policy_version: policy.1,
        state: "open".to_owned(),
        steps_done: 0,
        step: "none".to_owned(),
        step_on: debt.oldest_due,
        oldest_due: debt.oldest_due,
        overdue: debt.amount,
        level: Level::None,
        told_level: Level::None,
        told_count: 0,
        reminded_on: None,
        suspended_on: None,
        noticed_on: None,
        hold: String::new(),
        hold_until: None,
        hold_lifts: false,
        hold_reason: String::new(),
        restore_by: None,
        restored_at: None,
        opened_at: tx.now(),
        closed_at: None,
        close_reason: String::new(),
        updated_at: tx.now(),
    }
}

/// Fails where the case has ended.
pub fn must_be_open(case: &Case) -> Result<()> {
    if case.is_open() { Ok(()) } else { Err(Problem::new(&crate::problems::CASE_CLOSED)) }
}
