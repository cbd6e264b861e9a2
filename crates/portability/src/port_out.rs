//! Numbers on their way out, as the central system asks us, the donor.
//!
//! Accepting needs a valid code, the same holder and no reason against it. From acceptance on nothing of ours stands in the
//! way: the line works unchanged until the port takes effect; then the number is away in one transaction with this record,
//! and an order closes the line. Messages may come in any order: one about a request that never came is kept, so that a late
//! request is refused.

mod closing;
pub mod steps;
mod view;

pub use closing::close_lines;
pub use view::{detail, list, of_customer};

use crate::{
    centre::{State as CentreState, Status},
    code,
    eligibility::{self, Standing},
    network_of, port_in,
    setting::{Reason, Reasons},
    state::{InEvent, InState, OutEvent, OutState},
};
use inventory::numbers;
use kernel::{Actor, OrgPath, Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Debug)]
pub struct PortOut {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub request_id: String,
    pub number: String,
    pub product_id: String,
    pub customer_id: String,
    pub recipient: String,
    pub state: OutState,
    pub revision: i64,
    pub effective_at: Option<Timestamp>,
    pub order_id: Option<String>,
    pub reasons: Vec<Reason>,
    pub problem: String,
    pub dues_fen: Option<i64>,
    pub created_at: Timestamp,
}

macro_rules! columns {
    () => {
        "id, version, org, request_id, number, product_id, customer_id, recipient, state, revision, effective_at, order_id, reasons, \
         problem, dues_fen, created_at"
    };
}
pub(crate) use columns;

sql! {
    BY_REQUEST = concat!("SELECT ", columns!(), " FROM port_out WHERE request_id = $1 {for_update}");
    ONE = concat!("SELECT ", columns!(), " FROM port_out WHERE id = $1");
    LIVE = concat!("SELECT ", columns!(), " FROM port_out WHERE number = $1 AND live = 1");
    INSERT = "INSERT INTO port_out (id, version, org, request_id, number, product_id, customer_id, recipient, state, revision, live, reasons, \
              problem, created_at, updated_at) VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, '', $11, $11)";
    SAVE = "UPDATE port_out SET version = version + 1, state = $3, revision = $4, live = $5, effective_at = $6, order_id = $7, problem = $8, \
            dues_fen = $9, updated_at = $10 WHERE id = $1 AND version = $2";
}

pub(crate) fn read(row: &Row) -> Result<PortOut> {
    Ok(PortOut {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        request_id: row.text(3),
        number: row.text(4),
        product_id: row.text(5),
        customer_id: row.text(6),
        recipient: row.text(7),
        state: OutState::parse(row.str(8))?,
        revision: row.int(9),
        effective_at: row.opt_time(10),
        order_id: row.opt_text(11),
        reasons: serde_json::from_value(row.json(12)).unwrap_or_default(),
        problem: row.text(13),
        dues_fen: row.opt_int(14),
        created_at: row.time(15),
    })
}

/// What the central system asks the donor.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ask {
    pub request_id: String,
    pub number: String,
    pub recipient: String,
    pub network: String,
    pub certificate_digest: String,
}

/// What we answer.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub request_id: String,
    pub accepted: bool,
    pub reasons: Vec<Reason>,
}

pub fn by_request(tx: &mut Tx<'_>, request_id: &str) -> Result<Option<PortOut>> {
    tx.query_opt(&BY_REQUEST, params![request_id])?.map(|r| read(&r)).transpose()
}

pub fn live(tx: &mut Tx<'_>, number: &str) -> Result<Option<PortOut>> {
    tx.query_opt(&LIVE, params![number])?.map(|r| read(&r)).transpose()
}

/// The record; 404 outside the actor's scope.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<PortOut> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// Answers the central system. The same request again gets the same answer.
pub fn answer(tx: &mut Tx<'_>, ask: &Ask) -> Result<Answer> {
    if let Some(known) = by_request(tx, &ask.request_id)? {
        let accepted = !matches!(known.state, OutState::Refused | OutState::Cancelled);
        return Ok(Answer { request_id: known.request_id, accepted, reasons: known.reasons });
    }
    let standing = eligibility::check(tx, &ask.number, None)?;
    let mut reasons = standing.reasons.clone();
    let texts = Reasons::load(tx)?;
    let code = code::live(tx, &ask.number)?;
    let now = tx.now();
    match &code {
        Some(code) if code.valid(now) && code.certificate_digest == ask.certificate_digest => {}
        _ => reasons.push(texts.fill("port.code", &[])),
    }
    if let Some(product) = &standing.product {
        let home = network_of(&product.org);
        if home != ask.network {
            reasons
                .push(texts.fill("port.local_network", &[("home", home, home), ("there", &ask.network, &ask.network)]));
        }
    }
    let state = if reasons.is_empty() { OutState::Accepted } else { OutState::Refused };
    let port = keep(tx, ask, &standing, state, &reasons)?;
    if let (OutState::Accepted, Some(code)) = (state, &code) {
        code::used(tx, code)?;
    }
    port.tell(tx, "PortOutCreateEvent", json!({"state": state.text(), "recipient": ask.recipient}))?;
    Ok(Answer { request_id: ask.request_id.clone(), accepted: state == OutState::Accepted, reasons })
}

fn keep(tx: &mut Tx<'_>, ask: &Ask, standing: &Standing, state: OutState, reasons: &[Reason]) -> Result<PortOut> {
    let org = standing.product.as_ref().map_or_else(OrgPath::root, |p| p.org.clone());
    let product = standing.product.as_ref().map_or("", |p| p.id.as_str());
    let customer = standing.customer.as_ref().map_or("", |c| c.id.as_str());
    let (id, now) = (tx.new_id::<PortOut>().into_string(), tx.now());
    let reasons = serde_json::to_value(reasons).map_err(Problem::internal)?;
    tx.execute(
        &INSERT,
        params![
            id,
            org,
            ask.request_id,
            ask.number,
            product,
            customer,
            ask.recipient,
            state.text(),
            state.live(),
            reasons,
            now
        ],
    )?;
    read(&tx.query_one(&ONE, params![id])?)
}

impl PortOut {
    fn tell(&self, tx: &mut Tx<'_>, what: &str, audit: Value) -> Result<()> {
        let mut audit = audit;
        audit["number"] = json!(kernel::mask_phone(&self.number));
        let event = Event::new(what, "port-outs", &self.id, self.version, &self.org)
            .topic(format!("customer:{}", self.customer_id))
            .payload(json!({"portOut": {"id": self.id, "state": self.state.text(), "effectiveAt": self.effective_at}}))
            .audit(audit);
        tx.emit(event)
    }

    pub(crate) fn happen(&mut self, tx: &mut Tx<'_>, event: OutEvent) -> Result<bool> {
        let was = self.state;
        self.state = was.after(event)?;
        if was != self.state && self.state == OutState::Effective {
            self.leave(tx)?;
        }
        self.save(tx)?;
        if was != self.state {
            self.tell(tx, "PortOutStateChangeEvent", json!({"from": was.text(), "to": self.state.text()}))?;
        }
        Ok(was != self.state)
    }

    /// The number is away, in the same transaction.
    fn leave(&self, tx: &mut Tx<'_>) -> Result<()> {
        match numbers::port_out(tx, &self.number) {
            // A number that another system's pool holds has no row of ours to turn.
            Err(problem) if problem.is(&inventory::problems::NUMBER_UNKNOWN) => {}
            done => done?,
        }
        if let Some(mut came) = port_in::live(tx, &self.number)?
            && came.state == InState::Effective
        {
            came.happen(tx, InEvent::Return)?;
        }
        tx.poke();
        Ok(())
    }

    pub(crate) fn save(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        tx.execute_versioned(
            &SAVE,
            params![
                self.id,
                self.version,
                self.state.text(),
                self.revision,
                self.state.live(),
                self.effective_at,
                self.order_id,
                self.problem,
                self.dues_fen,
                tx.now()
            ],
        )?;
        self.version += 1;
        Ok(())
    }

    /// Takes over what the central system says, if it is newer than what is known.
    pub(crate) fn follow(&mut self, tx: &mut Tx<'_>, status: &Status) -> Result<bool> {
        if status.revision <= self.revision {
            return Ok(false);
        }
        let event = match status.state {
            CentreState::Pending | CentreState::Accepted | CentreState::Refused => None,
            CentreState::Effective => Some(OutEvent::TakeEffect),
            CentreState::Cancelled => Some(OutEvent::Cancel),
        };
        if event.is_some_and(|e| self.state.after(e).is_err()) {
            return Ok(false); // contradicts what is known; it can be seen in the notices
        }
        self.revision = status.revision;
        self.effective_at = status.effective_at.or(self.effective_at);
        match event {
            Some(event) => self.happen(tx, event),
            None => self.save(tx).map(|()| true),
        }
    }
}

/// A notice about a port out. `None`: it is about no request that came to us. A cancellation that comes before its request is
/// kept, so that the request is refused when it comes.
pub fn notice(tx: &mut Tx<'_>, status: &Status) -> Result<Option<bool>> {
    if let Some(mut port) = by_request(tx, &status.request_id)? {
        return port.follow(tx, status).map(Some);
    }
    if status.state != CentreState::Cancelled {
        return Ok(None);
    }
    let ask = Ask {
        request_id: status.request_id.clone(),
        number: status.number.clone(),
        recipient: status.recipient.clone(),
        network: String::new(),
        certificate_digest: String::new(),
    };
    let nobody =
        Standing { number: status.number.clone(), product: None, customer: None, reasons: vec![], risks: vec![] };
    keep(tx, &ask, &nobody, OutState::Cancelled, &[])?;
    Ok(Some(true))
}

/// The system, working where the line belongs.
pub(crate) fn worker(org: &OrgPath) -> Actor {
    Actor::system_at(org.clone())
}
