//! Numbers on their way in: the record that the steps of an order keep, and how it follows what the central system says.
//!
//! Invariants: one live record a number; what the central system says counts by its revision, so that a notice that comes
//! late, twice or after a newer one changes nothing; once in effect a port is undone by returning the number only.

pub mod steps;
mod view;

pub use view::{detail, list, must_be_idle};

use crate::{
    centre::{State as CentreState, Status},
    digest, problems,
    setting::Reason,
    state::{InEvent, InState},
};
use inventory::products;
use kernel::{Actor, OrgPath, Problem, Result, Timestamp};
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

/// A record, whole.
#[derive(Clone, Debug)]
pub struct PortIn {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub order_id: String,
    pub product_id: String,
    pub customer_id: String,
    pub number: String,
    pub donor: String,
    pub step_key: String,
    pub tries: i64,
    sealed_code: String,
    pub certificate_digest: String,
    pub state: InState,
    pub revision: i64,
    pub requested_at: Option<Timestamp>,
    pub effective_at: Option<Timestamp>,
    pub reasons: Vec<Reason>,
    pub created_at: Timestamp,
}

macro_rules! columns {
    () => {
        "id, version, org, order_id, product_id, customer_id, number, donor, step_key, tries, sealed_code, certificate_digest, \
         state, revision, requested_at, effective_at, reasons, created_at"
    };
}
pub(crate) use columns;

sql! {
    BY_STEP = concat!("SELECT ", columns!(), " FROM port_in WHERE step_key = $1");
    LOCK_STEP = concat!("SELECT ", columns!(), " FROM port_in WHERE step_key = $1 {for_update}");
    ONE = concat!("SELECT ", columns!(), " FROM port_in WHERE id = $1");
    LOCK = concat!("SELECT ", columns!(), " FROM port_in WHERE id = $1 {for_update}");
    OF_PRODUCT = concat!("SELECT ", columns!(), " FROM port_in WHERE product_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1");
    LIVE = concat!("SELECT ", columns!(), " FROM port_in WHERE number = $1 AND live = 1");
    INSERT = "INSERT INTO port_in (id, version, org, order_id, product_id, customer_id, number, donor, step_key, tries, sealed_code, \
              certificate_digest, state, revision, live, reasons, created_at, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, 1, $9, $10, 'prepared', 0, 1, $11, $12, $12)";
    SAVE = "UPDATE port_in SET version = version + 1, tries = $3, sealed_code = $4, state = $5, revision = $6, live = $7, requested_at = $8, \
            effective_at = $9, reasons = $10, donor = $11, updated_at = $12 WHERE id = $1 AND version = $2";
    LAST = "SELECT effective_at FROM port_in WHERE number = $1 AND effective_at IS NOT NULL AND state IN ('effective', 'returned') \
            ORDER BY effective_at DESC LIMIT 1";
}

pub(crate) fn read(row: &Row) -> Result<PortIn> {
    Ok(PortIn {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        order_id: row.text(3),
        product_id: row.text(4),
        customer_id: row.text(5),
        number: row.text(6),
        donor: row.text(7),
        step_key: row.text(8),
        tries: row.int(9),
        sealed_code: row.text(10),
        certificate_digest: row.text(11),
        state: InState::parse(row.str(12))?,
        revision: row.int(13),
        requested_at: row.opt_time(14),
        effective_at: row.opt_time(15),
        reasons: serde_json::from_value(row.json(16)).unwrap_or_default(),
        created_at: row.time(17),
    })
}

/// Digits of a code as operators send it.
pub const CODE_DIGITS: &str = "6–10";

/// A code as it may be typed; refused where it cannot be one.
pub fn code_of(text: &str) -> Result<String> {
    let code: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if (6..=10).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_digit()) {
        return Ok(code);
    }
    Err(Problem::new(&problems::CODE_FORM).field("portInCode").with("digits", CODE_DIGITS))
}

/// What the step of an order knows.
pub struct New<'a> {
    pub step_key: &'a str,
    pub order_id: &'a str,
    pub product_id: &'a str,
    pub org: &'a OrgPath,
    pub number: &'a str,
    pub donor: &'a str,
    /// The code, sealed when the order was taken.
    pub sealed: &'a str,
}

/// The record of a step, made when it first runs.
pub fn prepare(tx: &mut Tx<'_>, new: &New<'_>) -> Result<PortIn> {
    if let Some(row) = tx.query_opt(&LOCK_STEP, params![new.step_key])? {
        return read(&row);
    }
    let code = code_of(&tx.vault().open_sealed(new.sealed)?)?;
    let product = products::get(tx, new.product_id)?;
    let customer = crate::holder::of_product(tx, &product)?;
    if customer.certificate.is_empty() {
        return Err(Problem::new(&problems::NO_CERTIFICATE));
    }
    let sealed = tx.vault().seal(&code)?;
    let certificate = digest::certificate(&customer.certificate);
    let (id, now) = (tx.new_id::<PortIn>().into_string(), tx.now());
    let New { step_key, order_id, product_id, org, number, donor, .. } = new;
    tx.execute(
        &INSERT,
        params![
            id,
            *org,
            *order_id,
            *product_id,
            customer.id,
            *number,
            *donor,
            *step_key,
            sealed,
            certificate,
            json!([]),
            now
        ],
    )?;
    read(&tx.query_one(&ONE, params![id])?)
}

/// The record of a step, to be changed: a notice may be about to change it too.
pub fn lock_step(tx: &mut Tx<'_>, step_key: &str) -> Result<Option<PortIn>> {
    tx.query_opt(&LOCK_STEP, params![step_key])?.map(|r| read(&r)).transpose()
}

pub fn of_step(tx: &mut Tx<'_>, step_key: &str) -> Result<Option<PortIn>> {
    tx.query_opt(&BY_STEP, params![step_key])?.map(|r| read(&r)).transpose()
}

pub fn of_product(tx: &mut Tx<'_>, product_id: &str) -> Result<Option<PortIn>> {
    tx.query_opt(&OF_PRODUCT, params![product_id])?.map(|r| read(&r)).transpose()
}

/// The record; 404 outside the actor's scope.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<PortIn> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// The same, to be changed.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<PortIn> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// The port that a number is waiting for or works by.
pub fn live(tx: &mut Tx<'_>, number: &str) -> Result<Option<PortIn>> {
    tx.query_opt(&LIVE, params![number])?.map(|r| read(&r)).transpose()
}

/// When the number last changed operators towards us.
pub fn last_effective(tx: &mut Tx<'_>, number: &str) -> Result<Option<Timestamp>> {
    Ok(tx.query_opt(&LAST, params![number])?.and_then(|r| r.opt_time(0)))
}

impl PortIn {
    /// The key of the request: a new one for each new code, since a refusal is final for its key.
    pub fn request_id(&self) -> String {
        format!("{}.{}", self.step_key.replace(':', "."), self.tries)
    }
    /// In clear: for the digest only.
    pub fn code(&self, tx: &Tx<'_>) -> Result<String> {
        tx.vault().open_sealed(&self.sealed_code)
    }

    /// Moves on; a state that cannot follow is refused.
    pub fn happen(&mut self, tx: &mut Tx<'_>, event: InEvent) -> Result<()> {
        let was = self.state;
        self.state = was.after(event)?;
        match event {
            InEvent::Sent if was != self.state => self.requested_at = Some(tx.now()),
            InEvent::NewCode => (self.tries, self.revision, self.reasons) = (self.tries + 1, 0, Vec::new()),
            _ => {}
        }
        self.save(tx)?;
        if was == self.state {
            return Ok(());
        }
        let audit = json!({"number": kernel::mask_phone(&self.number), "from": was.text(), "to": self.state.text()});
        let event = Event::new("PortInStateChangeEvent", "port-ins", &self.id, self.version, &self.org)
            .topic(format!("order:{}", self.order_id))
            .payload(json!({"portIn": {"id": self.id, "orderId": self.order_id, "state": self.state.text(), "effectiveAt": self.effective_at}}))
            .audit(audit);
        tx.emit(event)
    }

    fn save(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let reasons = serde_json::to_value(&self.reasons).map_err(Problem::internal)?;
        tx.execute_versioned(
            &SAVE,
            params![
                self.id,
                self.version,
                self.tries,
                self.sealed_code,
                self.state.text(),
                self.revision,
                self.state.live(),
                self.requested_at,
                self.effective_at,
                reasons,
                self.donor,
                tx.now()
            ],
        )?;
        self.version += 1;
        Ok(())
    }

    /// Takes over what the central system says, if it is newer than what is known. Returns whether anything changed.
    pub fn follow(&mut self, tx: &mut Tx<'_>, status: &Status) -> Result<bool> {
        if status.request_id != self.request_id() || status.revision <= self.revision {
            return Ok(false);
        }
        let event = match status.state {
            CentreState::Pending => InEvent::Sent,
            CentreState::Accepted => InEvent::Accept,
            CentreState::Refused => InEvent::Refuse,
            CentreState::Effective => InEvent::TakeEffect,
            CentreState::Cancelled => InEvent::Cancel,
        };
        let (revision, was) = (self.revision, self.effective_at);
        self.revision = status.revision;
        self.effective_at = status.effective_at.or(was);
        self.reasons.clone_from(&status.reasons);
        if !status.donor.is_empty() {
            self.donor.clone_from(&status.donor);
        }
        match self.happen(tx, event) {
            Ok(()) => Ok(true),
            Err(problem) if problem.is(&problems::STATE) => {
                // It contradicts what is known: nothing is taken over, and it can be seen in the notices.
                (self.revision, self.effective_at) = (revision, was);
                Ok(false)
            }
            Err(problem) => Err(problem),
        }
    }

    /// A new code after a refusal: the step is tried again with it.
    pub fn renew(&mut self, tx: &mut Tx<'_>, code: &str) -> Result<()> {
        let code = code_of(code)?;
        self.state.after(InEvent::NewCode)?;
        self.sealed_code = tx.vault().seal(&code)?;
        self.happen(tx, InEvent::NewCode)
    }
}

/// A notice about a port in: taken over, and the order that waits for it looks at once. `None`: no such request of ours.
pub fn notice(tx: &mut Tx<'_>, status: &Status) -> Result<Option<bool>> {
    let Some((step_key, _)) = status.request_id.rsplit_once('.') else { return Ok(None) };
    let Some(at) = step_key.rfind('.') else { return Ok(None) };
    let step_key = format!("{}:{}", &step_key[..at], &step_key[at + 1..]);
    let Some(mut port) = lock_step(tx, &step_key)? else { return Ok(None) };
    let changed = port.follow(tx, status)?;
    if changed {
        flow::saga::wake(tx, &port.order_id)?;
    }
    Ok(Some(changed))
}

/// The system, working where the order belongs.
pub(crate) fn worker(org: &OrgPath) -> Actor {
    Actor::system_at(org.clone())
}
