//! A call as a record, and what being verified means for others.

use crate::problems;
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

/// How sure we are of the caller.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Level {
    None,
    /// Knows something of the customer.
    Basic,
    /// Holds a secret, or knows two things.
    Full,
}

impl Level {
    pub fn text(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic => "basic",
            Self::Full => "full",
        }
    }
    pub fn parse(text: &str) -> Self {
        match text {
            "full" => Self::Full,
            "basic" => Self::Basic,
            _ => Self::None,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Call {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub agent_id: String,
    pub agent_name: String,
    pub number: String,
    pub customer_id: Option<String>,
    pub level: Level,
    pub state: String,
    pub topic: Option<String>,
    pub wrap_code: Option<String>,
    pub summary: String,
    pub failures: i64,
    pub methods: Vec<String>,
    pub actions: Vec<String>,
    pub began_at: Timestamp,
    pub verified_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

macro_rules! columns {
    () => {
        "id, version, org, agent_id, agent_name, number, customer_id, level, state, topic, wrap_code, summary, failures, methods, \
         actions, began_at, verified_at, ended_at"
    };
}
pub(super) use columns;

sql! {
    ONE = concat!("SELECT ", columns!(), " FROM hotline_call WHERE id = $1");
    OPEN_OF = concat!("SELECT ", columns!(), " FROM hotline_call WHERE agent_id = $1 AND state = 'open'");
    INSERT = "INSERT INTO hotline_call (id, version, org, agent_id, agent_name, number, level, state, summary, failures, methods, actions, began_at, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, 'none', 'open', '', 0, '[]', '[]', $6, $6)";
    SAVE = "UPDATE hotline_call SET version = version + 1, customer_id = $3, level = $4, state = $5, topic = $6, wrap_code = $7, summary = $8, \
            failures = $9, methods = $10, actions = $11, verified_at = $12, ended_at = $13, updated_at = $14 WHERE id = $1 AND version = $2";
    WRAP = "SELECT zh, en FROM hotline_wrap WHERE code = $1";
}

pub(super) fn read(row: &Row) -> Result<Call> {
    let list = |i: usize| serde_json::from_value(row.json(i)).unwrap_or_default();
    Ok(Call {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        agent_id: row.text(3),
        agent_name: row.text(4),
        number: row.text(5),
        customer_id: row.opt_text(6),
        level: Level::parse(row.str(7)),
        state: row.text(8),
        topic: row.opt_text(9),
        wrap_code: row.opt_text(10),
        summary: row.text(11),
        failures: row.int(12),
        methods: list(13),
        actions: list(14),
        began_at: row.time(15),
        verified_at: row.opt_time(16),
        ended_at: row.opt_time(17),
    })
}

/// The agent's open call.
pub fn open_of(tx: &mut Tx<'_>, agent: &str) -> Result<Option<Call>> {
    tx.query_opt(&OPEN_OF, params![agent])?.map(|r| read(&r)).transpose()
}

/// A call comes in. An agent talks to one person at a time.
pub fn begin(tx: &mut Tx<'_>, number: &str) -> Result<Call> {
    let (agent, name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
    if let Some(open) = open_of(tx, &agent)? {
        return Err(Problem::new(&problems::OPEN).extra("callId", json!(open.id)));
    }
    let (id, org, now) = (tx.new_id::<Call>().into_string(), tx.actor().org.clone(), tx.now());
    tx.execute(&INSERT, params![id, org, agent, name, number, now])?;
    let call = one(tx, &id)?;
    call.tell(tx, "CallCreateEvent", json!({"number": kernel::mask_phone(number)}))?;
    Ok(call)
}

/// The call; 404 outside the actor's scope.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Call> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// The agent's own call, still open: what can be worked on.
pub fn own(tx: &mut Tx<'_>, id: &str) -> Result<Call> {
    let call = one(tx, id)?;
    if call.agent_id != *tx.actor().id {
        return Err(Problem::not_found());
    }
    if call.state != "open" {
        return Err(Problem::new(&problems::WRAPPED));
    }
    Ok(call)
}

impl Call {
    pub fn customer(&self) -> Result<&str> {
        self.customer_id.as_deref().ok_or_else(|| Problem::new(&problems::NO_CUSTOMER))
    }

    pub(super) fn tell(&self, tx: &mut Tx<'_>, what: &str, audit: Value) -> Result<()> {
        let event = Event::new(what, "calls", &self.id, self.version, &self.org)
            .topic(self.customer_id.as_ref().map_or_else(|| format!("call:{}", self.id), |c| format!("customer:{c}")))
            .payload(json!({"call": {"id": self.id, "state": self.state, "level": self.level.text()}}))
            .audit(audit);
        tx.emit(event)
    }

    pub(super) fn save(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute_versioned(
            &SAVE,
            params![
                self.id,
                self.version,
                self.customer_id,
                self.level.text(),
                self.state,
                self.topic,
                self.wrap_code,
                self.summary,
                self.failures,
                json!(self.methods),
                json!(self.actions),
                self.verified_at,
                self.ended_at,
                tx.now()
            ],
        )?;
        self.version += 1;
        Ok(())
    }

    /// Takes up a customer. What was verified held for the one before only.
    pub fn choose(&mut self, tx: &mut Tx<'_>, customer_id: &str) -> Result<()> {
        customer::summary(tx, customer_id)?;
        if self.customer_id.as_deref() == Some(customer_id) {
            return Ok(());
        }
        self.customer_id = Some(customer_id.to_owned());
        (self.level, self.verified_at) = (Level::None, None);
        self.methods.clear();
        self.save(tx)?;
        self.tell(tx, "CallAttributeValueChangeEvent", json!({"customer": customer_id}))
    }

    /// Ends the call: why the customer called is mandatory, and both stand on the customer's timeline.
    pub fn wrap(&mut self, tx: &mut Tx<'_>, code: &str, summary: &str) -> Result<()> {
        let row = tx.query_opt(&WRAP, params![code])?;
        let row = row.ok_or_else(|| Problem::new(&problems::WRAP).field("wrapCode"))?;
        let (zh, summary) = (row.text(0), summary.trim().to_owned());
        if summary.chars().count() > 2_000 {
            return Err(Problem::invalid("summary", "≤ 2000"));
        }
        self.state = "wrapped".into();
        self.wrap_code = Some(code.to_owned());
        self.summary.clone_from(&summary);
        self.ended_at = Some(tx.now());
        self.save(tx)?;
        if let Some(customer) = self.customer_id.clone() {
            let seconds = tx.now().seconds_since(self.began_at);
            let verified = match self.level {
                Level::None => "未核验",
                Level::Basic => "已基本核验",
                Level::Full => "已核验",
            };
            let number = kernel::mask_phone(&self.number);
            let mut text = format!("来电 {number}：{zh}（{verified}，{} 分 {} 秒）", seconds / 60, seconds % 60);
            if !summary.is_empty() {
                text.push('。');
                text.push_str(&summary);
            }
            customer::record_contact(tx, &customer, &text)?;
        }
        self.tell(tx, "CallStateChangeEvent", json!({"wrapCode": code, "level": self.level.text()}))
    }
}

/// Whether the actor is on a call with a caller verified (basic at least) as this customer: what a hotline page may show.
pub fn verified(tx: &mut Tx<'_>, customer_id: &str) -> Result<bool> {
    let agent = tx.actor().id.to_string();
    let call = open_of(tx, &agent)?;
    Ok(call.is_some_and(|c| c.customer_id.as_deref() == Some(customer_id) && c.level >= Level::Basic))
}

/// A hotline agent does business only for a caller who was fully verified as this customer. Others are not asked: at a counter
/// the person stands there, a machine acts on its own contract.
pub fn guard(tx: &mut Tx<'_>, customer_id: &str) -> Result<()> {
    let agents = tx.actor().has_role("agent") && !tx.actor().has_role("clerk") && !tx.actor().has_role("manager");
    if !agents {
        return Ok(());
    }
    let agent = tx.actor().id.to_string();
    let call = open_of(tx, &agent)?;
    match call {
        Some(call) if call.customer_id.as_deref() == Some(customer_id) && call.level == Level::Full => Ok(()),
        _ => Err(Problem::new(&problems::UNVERIFIED).with("action", "业务办理 / business")),
    }
}
