//! The unit account itself: an organisation's money on a billing account of its own, its state and its own data.
//!
//! ```text
//! active ⇄ frozen        frozen: nothing is allocated, collected, loaded or spent
//!    └──→ closed ←┘      closed: no members, no money
//! ```

use crate::{problems, settings};
use billing::books::{self, GENERAL, Subject};
use kernel::{Money, OrgPath, Phone, Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum State {
    Active,
    Frozen,
    Closed,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Frozen => "frozen",
            Self::Closed => "closed",
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        [Self::Active, Self::Frozen, Self::Closed]
            .into_iter()
            .find(|s| s.name() == text)
            .ok_or_else(|| Problem::invalid("state", "active | frozen | closed"))
    }
    const fn may_become(self, next: Self) -> bool {
        match (self, next) {
            (Self::Active, Self::Frozen | Self::Closed) | (Self::Frozen, Self::Active | Self::Closed) => true,
            (Self::Active | Self::Frozen | Self::Closed, _) => false,
        }
    }
}

#[derive(Clone, Debug)]
pub struct Unit {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub unit_no: String,
    pub customer_id: String,
    pub account_id: String,
    pub name: String,
    pub state: State,
    pub contact_name: String,
    pub contact_phone: String,
    pub contact_email: String,
    pub address: String,
    pub note: String,
    /// Below this the unit is warned.
    pub warn: Money,
    pub has_password: bool,
    pub password_at: Option<Timestamp>,
    pub locked_until: Option<Timestamp>,
    pub created_at: Timestamp,
}

macro_rules! columns {
    () => {
        "id, version, org, unit_no, customer_id, account_id, name, state, contact_name, contact_phone, contact_email, address, note, \
         warn_fen, password_hash IS NOT NULL, password_at, locked_until, created_at"
    };
}
sql! {
    ONE = concat!("SELECT ", columns!(), " FROM unit_account WHERE id = $1");
    LOCK = concat!("SELECT ", columns!(), " FROM unit_account WHERE id = $1 {for_update}");
    OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM unit_account WHERE customer_id = $1 ORDER BY id DESC LIMIT 1");
    OPEN_OF_CUSTOMER = "SELECT unit_no FROM unit_account WHERE customer_id = $1 AND state <> 'closed'";
    INSERT = "INSERT INTO unit_account (id, version, org, unit_no, customer_id, account_id, name, state, contact_name, contact_phone, \
              contact_email, address, note, warn_fen, failed, created_at, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, 'active', $7, $8, $9, $10, $11, $12, 0, $13, $13)";
    SAVE = "UPDATE unit_account SET version = version + 1, name = $3, state = $4, contact_name = $5, contact_phone = $6, \
            contact_email = $7, address = $8, note = $9, warn_fen = $10, updated_at = $11 WHERE id = $1 AND version = $2";
    ANY_MEMBER = "SELECT 1 FROM unit_member WHERE unit_id = $1 AND state IN ('active', 'lost', 'suspended') LIMIT 1";
}

fn read(row: &Row) -> Result<Unit> {
    Ok(Unit {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        unit_no: row.text(3),
        customer_id: row.text(4),
        account_id: row.text(5),
        name: row.text(6),
        state: State::parse(row.str(7))?,
        contact_name: row.text(8),
        contact_phone: row.text(9),
        contact_email: row.text(10),
        address: row.text(11),
        note: row.text(12),
        warn: row.money(13),
        has_password: is_true(row, 14),
        password_at: row.opt_time(15),
        locked_until: row.opt_time(16),
        created_at: row.time(17),
    })
}

/// A comparison comes back as a number from one engine and as a truth from the other.
fn is_true(row: &Row, i: usize) -> bool {
    !matches!(row.value(i), store::Value::Int(0) | store::Value::Null)
}

/// The unit account; 404 outside the actor's scope.
pub fn unit(tx: &mut Tx<'_>, id: &str) -> Result<Unit> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// Locked: one allocation of a unit at a time.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Unit> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// The customer's unit account, the newest.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Option<Unit>> {
    let Some(row) = tx.query_opt(&OF_CUSTOMER, params![customer_id])? else { return Ok(None) };
    if !tx.actor().sees(row.str(2)) {
        return Ok(None);
    }
    read(&row).map(Some)
}

impl Unit {
    pub fn must_be_active(&self) -> Result<()> {
        match self.state {
            State::Active => Ok(()),
            State::Frozen | State::Closed => Err(Problem::new(&problems::STATE).with("state", self.state.name())),
        }
    }
    /// What can be allocated.
    pub fn balance(&self, tx: &mut Tx<'_>) -> Result<Money> {
        Ok(books::book(tx, &self.account_id, GENERAL)?.balance)
    }
    pub fn to_json(&self, balance: Money) -> Value {
        json!({
            "id": self.id, "unitNo": self.unit_no, "customerId": self.customer_id, "accountId": self.account_id, "name": self.name,
            "state": self.state, "contactName": self.contact_name, "contactPhone": self.contact_phone,
            "contactEmail": self.contact_email, "address": self.address, "note": self.note, "warnFen": self.warn,
            "hasPassword": self.has_password, "passwordAt": self.password_at, "lockedUntil": self.locked_until,
            "createdAt": self.created_at, "version": self.version, "balanceFen": balance, "low": balance < self.warn,
        })
    }
    pub(crate) fn publish(&self, tx: &mut Tx<'_>, what: &str, audit: Value) -> Result<()> {
        let event = Event::new(format!("UnitAccount{what}Event"), "unitAccount", &self.id, self.version, &self.org)
            .topic(format!("unit:{}", self.id))
            .payload(json!({"unitAccount": {"id": self.id, "unitNo": self.unit_no, "state": self.state}}))
            .audit(audit);
        tx.emit(event)
    }
}

/// What somebody says about a unit account; what is left out stays.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ask {
    pub customer_id: String,
    pub name: Option<String>,
    pub contact_name: Option<String>,
    pub contact_phone: Option<String>,
    pub contact_email: Option<String>,
    pub address: Option<String>,
    pub note: Option<String>,
    pub warn_fen: Option<i64>,
}

impl Ask {
    fn onto(&self, tx: &mut Tx<'_>, unit: &mut Unit) -> Result<()> {
        let texts = [
            ("name", &self.name, &mut unit.name, 60),
            ("contactName", &self.contact_name, &mut unit.contact_name, 60),
            ("contactPhone", &self.contact_phone, &mut unit.contact_phone, 30),
            ("contactEmail", &self.contact_email, &mut unit.contact_email, 120),
            ("address", &self.address, &mut unit.address, 200),
            ("note", &self.note, &mut unit.note, 500),
        ];
        for (name, said, kept, most) in texts {
            let Some(text) = said else { continue };
            if text.chars().count() > most {
                return Err(Problem::invalid(name, &format!("≤ {most}")));
            }
            text.trim().clone_into(kept);
        }
        if unit.name.is_empty() {
            return Err(Problem::invalid("name", "1–60"));
        }
        if !unit.contact_phone.is_empty() && self.contact_phone.is_some() && !unit.contact_phone.contains('*') {
            unit.contact_phone = Phone::parse(&unit.contact_phone)?.national().to_owned();
        }
        if !unit.contact_email.is_empty() && !unit.contact_email.contains('@') {
            return Err(Problem::invalid("contactEmail", "name@example.com"));
        }
        if let Some(fen) = self.warn_fen {
            let most = settings::MOST_FEN.number(tx)?;
            if !(0..=most).contains(&fen) {
                return Err(Problem::invalid("warnFen", &format!("0–{most}")));
            }
            unit.warn = Money::fen(fen);
        }
        Ok(())
    }
}

/// Opens a unit account: for an organisation, once, with a billing account of its own.
pub fn open(tx: &mut Tx<'_>, ask: &Ask) -> Result<Unit> {
    if ask.customer_id.is_empty() {
        return Err(Problem::missing("customerId"));
    }
    let customer = customer::summary(tx, &ask.customer_id)?;
    if customer.kind != "organization" {
        return Err(Problem::new(&problems::NOT_UNIT).field("customerId"));
    }
    if let Some(row) = tx.query_opt(&OPEN_OF_CUSTOMER, params![ask.customer_id])? {
        return Err(Problem::new(&problems::EXISTS).with("value", row.str(0)));
    }
    let now = tx.now();
    let mut unit = Unit {
        id: tx.new_id::<Unit>().into_string(),
        version: 1,
        org: customer.org.clone(),
        unit_no: String::new(),
        customer_id: customer.id.clone(),
        account_id: String::new(),
        name: customer.name.chars().take(60).collect(),
        state: State::Active,
        contact_name: String::new(),
        contact_phone: String::new(),
        contact_email: String::new(),
        address: String::new(),
        note: String::new(),
        warn: Money::ZERO,
        has_password: false,
        password_at: None,
        locked_until: None,
        created_at: now,
    };
    ask.onto(tx, &mut unit)?;
    unit.unit_no = tx.next_number("U", &unit.org)?;
    unit.account_id = billing::open_account(tx, &customer.id, "单位账户")?.id;
    let u = &unit;
    tx.execute(
        &INSERT,
        params![
            u.id,
            u.org,
            u.unit_no,
            u.customer_id,
            u.account_id,
            u.name,
            u.contact_name,
            u.contact_phone,
            u.contact_email,
            u.address,
            u.note,
            u.warn,
            now
        ],
    )?;
    unit.publish(tx, "Create", json!({"unitNo": unit.unit_no, "customerId": unit.customer_id}))?;
    Ok(unit)
}

fn save(tx: &mut Tx<'_>, unit: &mut Unit, what: &str) -> Result<()> {
    let u = &*unit;
    tx.execute_versioned(
        &SAVE,
        params![
            u.id,
            u.version,
            u.name,
            u.state.name(),
            u.contact_name,
            u.contact_phone,
            u.contact_email,
            u.address,
            u.note,
            u.warn,
            tx.now()
        ],
    )?;
    unit.version += 1;
    unit.publish(tx, what, json!({"state": unit.state, "warnFen": unit.warn}))
}

/// Keeps the unit's own data (客户资料维护).
pub fn change(tx: &mut Tx<'_>, id: &str, ask: &Ask) -> Result<Unit> {
    let mut unit = lock(tx, id)?;
    ask.onto(tx, &mut unit)?;
    save(tx, &mut unit, "AttributeValueChange")?;
    Ok(unit)
}

/// Freezes, frees or closes.
pub fn set_state(tx: &mut Tx<'_>, id: &str, next: State, reason: &str) -> Result<Unit> {
    let mut unit = lock(tx, id)?;
    if reason.trim().is_empty() || reason.chars().count() > 300 {
        return Err(Problem::new(&problems::REASON).field("reason"));
    }
    if !unit.state.may_become(next) {
        return Err(Problem::new(&problems::STATE).with("state", unit.state.name()));
    }
    if next == State::Closed {
        let left = unit.balance(tx)?;
        if !left.is_zero() || tx.query_opt(&ANY_MEMBER, params![id])?.is_some() {
            return Err(Problem::new(&problems::NOT_EMPTY));
        }
    }
    unit.state = next;
    save(tx, &mut unit, "StateChange")?;
    Ok(unit)
}

/// Moves money between the general book of another account of the same customer and the unit account: into it, or back out.
pub fn fund(tx: &mut Tx<'_>, id: &str, other: &str, amount: Money, out: bool) -> Result<Unit> {
    let unit = lock(tx, id)?;
    unit.must_be_active()?;
    crate::movement::believable(tx, amount)?;
    let account = billing::account(tx, other)?;
    if account.customer_id != unit.customer_id || account.id == unit.account_id {
        return Err(Problem::unknown_reference("accountId", other));
    }
    let (ours, theirs) = ((unit.account_id.as_str(), GENERAL), (other, GENERAL));
    let (from, to) = if out { (ours, theirs) } else { (theirs, ours) };
    let held = books::book(tx, from.0, GENERAL)?.balance;
    if held < amount {
        let problem = Problem::new(&problems::SHORT).with("available", &held.to_string());
        return Err(problem.with("needed", &amount.to_string()));
    }
    let kind = if out { "unitWithdraw" } else { "unitFund" };
    let txn = books::transfer(tx, from, to, amount, Subject::new(kind, "unitAccount", &unit.id))?;
    let moved = if out { amount.negated() } else { amount };
    let made = crate::movement::New {
        kind: if out { "withdraw" } else { "fund" },
        amount: moved,
        txn: &txn,
        reference: &account.account_no,
        ..Default::default()
    };
    crate::movement::write(tx, &unit, None, &made)?;
    unit.publish(tx, "BalanceChange", json!({"kind": kind, "amountFen": amount}))?;
    Ok(unit)
}

/// Unit accounts within the actor's scope, newest first; by number, name or state where given.
pub fn list(tx: &mut Tx<'_>, q: &str, state: &str, paging: http::Paging) -> Result<(Vec<Unit>, i64)> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if !state.is_empty() {
        filter.equal("state", state);
    }
    if !q.is_empty() {
        let like = filter.bind(format!("%{}%", q.replace(['%', '_'], "")));
        filter.and(format!("(name LIKE {like} OR unit_no LIKE {like})"));
    }
    let total = tx.query_one(&format!("SELECT COUNT(*) FROM unit_account{}", filter.to_where()), &filter.binds)?.int(0);
    let place = filter.to_where();
    let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
    let text = format!("SELECT {} FROM unit_account{place} ORDER BY id DESC LIMIT {limit} OFFSET {offset}", columns!());
    let rows = tx.query(&text, &filter.binds)?;
    Ok((rows.iter().map(read).collect::<Result<_>>()?, total))
}
