//! Authorisation codes (授权码) we give as the donor: valid for an hour, sent to the number itself and shown to nobody,
//! announced to the central system before they are sent.
//!
//! ```text
//! (message) asked → issued → used          asked: risks told, waiting for the user's yes
//!             └────────┴→ replaced
//! ```
//! A code is given only after the user was told what leaving costs and said yes: what was told, by which way, and when, stays
//! with the code.

use crate::{
    centre::{self, Announcement},
    digest,
    eligibility::{Risk, Standing},
    network_of, problems, setting,
    setting::joined,
};
use http::App;
use kernel::{Actor, OrgPath, Problem, Result, Timestamp};
use messaging::Sms;
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

pub const ANNOUNCE: &str = "portability.announce";
/// Digits of our codes.
const DIGITS: u32 = 6;

#[derive(Clone, Debug)]
pub struct Code {
    pub id: String,
    pub org: OrgPath,
    pub number: String,
    pub product_id: String,
    pub customer_id: String,
    sealed: String,
    digest: String,
    pub certificate_digest: String,
    pub state: String,
    pub channel: String,
    pub risks: Value,
    pub confirmed_at: Option<Timestamp>,
    pub registered_at: Option<Timestamp>,
    pub valid_until: Timestamp,
    pub created_at: Timestamp,
    pub operator_name: String,
}

macro_rules! columns {
    () => {
        "id, org, number, product_id, customer_id, sealed, digest, certificate_digest, state, channel, risks, confirmed_at, \
         registered_at, valid_until, created_at, operator_name"
    };
}

sql! {
    LIVE = concat!("SELECT ", columns!(), " FROM port_code WHERE number = $1 AND state IN ('asked', 'issued')");
    ONE = concat!("SELECT ", columns!(), " FROM port_code WHERE id = $1");
    OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM port_code WHERE customer_id = $1 AND state = 'issued' AND valid_until > $2");
    REPLACE = "UPDATE port_code SET state = 'replaced' WHERE number = $1 AND state IN ('asked', 'issued')";
    TODAY = "SELECT COUNT(*) FROM port_code WHERE number = $1 AND created_at >= $2 AND confirmed_at IS NOT NULL";
    INSERT = "INSERT INTO port_code (id, org, number, product_id, customer_id, sealed, digest, certificate_digest, state, channel, risks, \
              confirmed_at, valid_until, created_at, operator_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    ISSUE = "UPDATE port_code SET state = 'issued', confirmed_at = $2, valid_until = $3 WHERE id = $1 AND state = 'asked'";
    REGISTERED = "UPDATE port_code SET registered_at = $2 WHERE id = $1 AND registered_at IS NULL AND state = 'issued'";
    USED = "UPDATE port_code SET state = 'used' WHERE id = $1 AND state = 'issued'";
}

fn read(row: &Row) -> Result<Code> {
    Ok(Code {
        id: row.text(0),
        org: OrgPath::parse(row.str(1))?,
        number: row.text(2),
        product_id: row.text(3),
        customer_id: row.text(4),
        sealed: row.text(5),
        digest: row.text(6),
        certificate_digest: row.text(7),
        state: row.text(8),
        channel: row.text(9),
        risks: row.json(10),
        confirmed_at: row.opt_time(11),
        registered_at: row.opt_time(12),
        valid_until: row.time(13),
        created_at: row.time(14),
        operator_name: row.text(15),
    })
}

/// The code that is asked for or issued for a number, whether or not its hour is over.
pub fn live(tx: &mut Tx<'_>, number: &str) -> Result<Option<Code>> {
    tx.query_opt(&LIVE, params![number])?.map(|r| read(&r)).transpose()
}

/// Codes of a customer that can still be used: somebody who has one is about to leave, and is to be left alone.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<Code>> {
    let now = tx.now();
    tx.query(&OF_CUSTOMER, params![customer_id, now])?.iter().map(read).collect()
}

impl Code {
    /// It can be used now.
    pub fn valid(&self, now: Timestamp) -> bool {
        self.state == "issued" && now < self.valid_until
    }
    pub fn to_json(&self) -> Value {
        json!({
            "id": self.id, "number": self.number, "state": self.state, "channel": self.channel, "risks": self.risks,
            "confirmedAt": self.confirmed_at, "registeredAt": self.registered_at, "validUntil": self.valid_until,
            "createdAt": self.created_at, "operator": self.operator_name, "customerId": self.customer_id,
        })
    }
}

/// How somebody asks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Way<'a> {
    /// `sms`, `hall` or `hotline`.
    pub channel: &'a str,
    /// The user has been told and has said yes.
    pub confirmed: bool,
}

/// Asks for a code. Confirmed, it is issued: announced, then sent to the number. Otherwise the risks are kept as told, and
/// [`confirm`] issues it.
pub fn ask(tx: &mut Tx<'_>, standing: &Standing, way: Way<'_>) -> Result<Code> {
    let number = standing.number.as_str();
    let (Some(product), Some(customer), true) = (&standing.product, &standing.customer, standing.eligible()) else {
        let problem = Problem::new(&problems::INELIGIBLE).with("number", number);
        let reasons = serde_json::to_value(&standing.reasons).map_err(Problem::internal)?;
        return Err(problem.with("reasons", &joined(&standing.reasons)).extra("reasons", reasons));
    };
    let now = tx.now();
    let most = setting::CODES_A_DAY.get(tx)?;
    if tx.query_one(&TODAY, params![number, now.date().start()])?.int(0) >= most {
        return Err(Problem::new(&problems::CODE_TOO_MANY).with("limit", &most.to_string()));
    }
    tx.execute(&REPLACE, params![number])?;
    let mut bytes = [0u8; 8];
    tx.env().random(&mut bytes);
    let code = format!("{:06}", u64::from_le_bytes(bytes) % 10_u64.pow(DIGITS));
    let id = tx.new_id::<Code>().into_string();
    let (sealed, digest) = (tx.vault().seal(&code)?, digest::code(number, &code));
    let minutes = if way.confirmed { setting::CODE_MINUTES } else { setting::CONFIRM_MINUTES }.get(tx)?;
    let state = if way.confirmed { "issued" } else { "asked" };
    let risks = serde_json::to_value(&standing.risks).map_err(Problem::internal)?;
    let by = tx.actor().name.to_string();
    tx.execute(
        &INSERT,
        params![
            id,
            product.org,
            number,
            product.id,
            customer.id,
            sealed,
            digest,
            digest::certificate(&customer.certificate),
            state,
            way.channel,
            risks,
            way.confirmed.then_some(now),
            now.plus_seconds(minutes * 60),
            now,
            by
        ],
    )?;
    let made = read(&tx.query_one(&ONE, params![id])?)?;
    if way.confirmed {
        issued(tx, &made)?;
    }
    Ok(made)
}

/// The user said yes to what was told: the code is issued.
pub fn confirm(tx: &mut Tx<'_>, number: &str) -> Result<Code> {
    let now = tx.now();
    let asked = live(tx, number)?.filter(|c| c.state == "asked" && now < c.valid_until);
    let asked = asked.ok_or_else(|| Problem::new(&problems::NOT_CONFIRMED))?;
    let until = now.plus_seconds(setting::CODE_MINUTES.get(tx)? * 60);
    if tx.execute(&ISSUE, params![asked.id, now, until])? != 1 {
        return Err(Problem::new(&kernel::codes::CONFLICT));
    }
    let made = read(&tx.query_one(&ONE, params![asked.id])?)?;
    issued(tx, &made)?;
    Ok(made)
}

fn issued(tx: &mut Tx<'_>, code: &Code) -> Result<()> {
    flow::jobs::enqueue(tx, ANNOUNCE, json!({"code": code.id}), tx.now())?;
    let audit = json!({"number": kernel::mask_phone(&code.number), "channel": code.channel, "confirmed": true});
    let event = Event::new("PortCodeIssueEvent", "port-codes", &code.id, 1, &code.org)
        .topic(format!("customer:{}", code.customer_id))
        .payload(json!({"portCode": {"id": code.id, "state": code.state, "validUntil": code.valid_until}}))
        .audit(audit);
    tx.emit(event)
}

/// Announces a code to the central system, then sends it to its number: a user never has a code nobody knows.
pub async fn announce(app: App, payload: Value) -> Result<()> {
    let id = payload["code"].as_str().unwrap_or("").to_owned();
    let found = app.db().read(Actor::system(), move |tx| {
        let code = tx.query_opt(&ONE, params![id])?.map(|r| read(&r)).transpose()?;
        let own = setting::own(tx)?;
        Ok(code.map(|c| (c, own)))
    });
    let Some((code, own)) = found.await? else { return Ok(()) };
    if code.state != "issued" || code.registered_at.is_some() {
        return Ok(());
    }
    let announcement = Announcement {
        number: code.number.clone(),
        donor: own,
        network: network_of(&code.org).to_owned(),
        code_digest: code.digest.clone(),
        certificate_digest: code.certificate_digest.clone(),
        valid_until: code.valid_until,
    };
    let centre = centre::centre(&app).await.map_err(|f| f.problem)?;
    centre.announce(announcement).await.map_err(|f| f.problem)?;
    app.db()
        .write(Actor::system_at(code.org.clone()), move |tx| {
            let now = tx.now();
            if tx.execute(&REGISTERED, params![code.id, now])? == 0 {
                return Ok(()); // a newer code has replaced it meanwhile
            }
            let clear = tx.vault().open_sealed(&code.sealed)?;
            let text = format!(
                "【一台电信】您的携号转网授权码为 {clear}，1 小时内有效，请勿告知他人。如非本人操作请拨打热线。"
            );
            let sms = Sms {
                number: &code.number,
                purpose: "portOut.code",
                text: &text,
                secret: Some(&clear),
                customer_id: Some(&code.customer_id),
                org: &code.org,
            };
            messaging::send(tx, &sms).map(drop)
        })
        .await
}

/// The code has served its purpose.
pub fn used(tx: &mut Tx<'_>, code: &Code) -> Result<()> {
    tx.execute(&USED, params![code.id]).map(drop)
}

/// Codes within the actor's scope, newest first; the codes themselves are never among what is shown.
pub fn list(tx: &mut Tx<'_>, number: &str, limit: i64) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if !number.is_empty() {
        filter.equal("number", number);
    }
    let limit = filter.bind(limit);
    let text = format!(
        concat!("SELECT ", columns!(), " FROM port_code{} ORDER BY created_at DESC, id DESC LIMIT {}"),
        filter.to_where(),
        limit
    );
    let clear = tx.actor().may(party::PRIVACY_VIEW);
    let rows = tx.query(&text, &filter.binds)?;
    rows.iter()
        .map(|r| {
            let mut shown = read(r)?.to_json();
            if !clear {
                shown["number"] = json!(kernel::mask_phone(r.str(2)));
            }
            Ok(shown)
        })
        .collect()
}

/// The risks as a message tells them.
pub fn told(risks: &[Risk]) -> String {
    risks.iter().enumerate().map(|(i, r)| format!("{}.{}", i + 1, r.zh)).collect::<Vec<_>>().join("；")
}
