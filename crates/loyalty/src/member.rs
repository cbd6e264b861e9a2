//! Members of the programme: a customer joins once, of their own will (a setting lets the first paid bill do it).
//!
//! ```text
//! active ⇄ suspended        suspended: earns, does not spend
//!    └──→ ended ←──┘        ended: what was left is given up; joining again is a new membership
//! ```

use crate::{
    ledger::{self, Kind, Move},
    lots::Lot,
    perms, problems,
};
use http::tmf::{self, Column, Document, Ops, Resource, Rules};
use kernel::{OrgPath, Problem, Result, Timestamp, codes};
use serde_json::{Map, Value, json};
use store::{Row, Tx, params, sql};

pub static MEMBER: Resource = Resource {
    api: &crate::program::API,
    name: "loyaltyProgramMember",
    type_name: "LoyaltyProgramMember",
    table: "loyalty_member",
    columns: &[
        Column { attribute: "id", column: "id", kind: tmf::Kind::Text },
        Column { attribute: "name", column: "name", kind: tmf::Kind::Text },
        Column { attribute: "status", column: "state", kind: tmf::Kind::Text },
    ],
    mandatory: &["name"],
    ops: Ops::ALL,
    read: perms::READ,
    write: perms::WRITE,
    rules: &MemberRules,
};

/// A member as its row says.
#[derive(Clone, Debug)]
pub struct Member {
    pub id: String,
    pub org: OrgPath,
    pub name: String,
    pub state: String,
    pub customer_id: Option<String>,
    pub joined: String,
    /// Points are earned by what happens from here on.
    pub since: Timestamp,
}

const ACTIVE: &str = "active";
const SUSPENDED: &str = "suspended";
const ENDED: &str = "ended";

macro_rules! columns {
    () => {
        "id, org, name, state, customer_id, joined, created_at"
    };
}
sql! {
    OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM loyalty_member WHERE customer_id = $1 AND state <> 'ended'");
    LOCK_OF_CUSTOMER = concat!("SELECT ", columns!(), " FROM loyalty_member WHERE customer_id = $1 AND state <> 'ended' {for_update}");
    ONE = concat!("SELECT ", columns!(), " FROM loyalty_member WHERE id = $1");
    LOCK = concat!("SELECT ", columns!(), " FROM loyalty_member WHERE id = $1 {for_update}");
    HAS_TXN = "SELECT 1 FROM points_txn WHERE member_id = $1 LIMIT 1";
}

fn read(row: &Row) -> Result<Member> {
    Ok(Member {
        id: row.text(0),
        org: OrgPath::parse(row.str(1))?,
        name: row.text(2),
        state: row.text(3),
        customer_id: row.opt_text(4),
        joined: row.text(5),
        since: row.time(6),
    })
}

/// The customer's membership, if there is one; the caller has made sure that the customer may be seen.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Option<Member>> {
    tx.query_opt(&OF_CUSTOMER, params![customer_id])?.map(|r| read(&r)).transpose()
}

/// The customer's membership, locked; refused where there is none.
pub fn lock_of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Member> {
    let row = tx.query_opt(&LOCK_OF_CUSTOMER, params![customer_id])?;
    row.map(|r| read(&r)).transpose()?.ok_or_else(|| Problem::new(&problems::NOT_MEMBER))
}

/// The member; 404 outside the actor's scope.
pub fn member(tx: &mut Tx<'_>, id: &str) -> Result<Member> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(1))?;
    read(&row)
}

/// The member, and nobody else moves its points before this transaction ends.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Member> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(1))?;
    read(&row)
}

impl Member {
    /// Fails unless points may be spent.
    pub fn may_spend(&self) -> Result<()> {
        match self.state.as_str() {
            ACTIVE => Ok(()),
            state => Err(Problem::new(&problems::MEMBER_STATE).with("state", state)),
        }
    }
    /// Fails where nothing may be earned any more.
    pub fn may_earn(&self) -> bool {
        self.state != ENDED
    }
}

/// Makes the customer a member.
pub fn enrol(tx: &mut Tx<'_>, customer_id: &str) -> Result<Member> {
    let customer = customer::summary(tx, customer_id)?;
    if of_customer(tx, customer_id)?.is_some() {
        return Err(Problem::new(&problems::MEMBER_ALREADY));
    }
    let href = customer::CUSTOMER.href(customer_id);
    let body =
        json!({"name": customer.name, "customer": {"id": customer_id, "href": href, "@referredType": "Customer"}});
    let Value::Object(body) = body else { return Err(Problem::internal("a member is an object")) };
    let made = tmf::insert(tx, &MEMBER, body)?;
    member(tx, &made.id)
}

/// Suspends, frees or ends a membership. Points that are left are given up with `forfeit` only.
pub fn set_state(tx: &mut Tx<'_>, id: &str, next: &str, forfeit: bool) -> Result<Member> {
    let locked = lock(tx, id)?;
    if !may_become(&locked.state, next) {
        return Err(Problem::new(&problems::MEMBER_STATE).with("state", &locked.state));
    }
    if next == ENDED {
        give_up(tx, &locked, forfeit)?;
    }
    let mut doc = tmf::lock(tx, &MEMBER, id)?;
    let before = doc.body.clone();
    doc.set("status", next);
    if next == ENDED {
        let now = tx.now().to_string();
        doc.body["validFor"]["endDateTime"] = json!(now);
    }
    tmf::save(tx, &MEMBER, &before, &mut doc)?;
    member(tx, id)
}

fn may_become(from: &str, next: &str) -> bool {
    matches!((from, next), (ACTIVE, SUSPENDED | ENDED) | (SUSPENDED, ACTIVE | ENDED))
}

fn give_up(tx: &mut Tx<'_>, member: &Member, forfeit: bool) -> Result<()> {
    let lots = ledger::lots(tx, &member.id)?;
    let owed = ledger::owed(tx, &member.id)?;
    let left: i64 = lots.iter().map(|l| l.points).sum();
    if left > 0 && !forfeit {
        return Err(Problem::new(&problems::MEMBER_HOLDS).with("value", &left.to_string()));
    }
    if left == 0 && owed == 0 {
        return Ok(());
    }
    let parts = lots.iter().map(|l| Lot { year: l.year, points: -l.points }).collect();
    let ask = Move { kind: Kind::Forfeit, subject: ("member", &member.id), note: "", parts, owed };
    ledger::post(tx, member, &ask).map(drop)
}

#[derive(Debug)]
struct MemberRules;

fn customer_of(doc: &Map<String, Value>) -> Option<String> {
    doc.get("customer").and_then(|c| c["id"].as_str()).map(str::to_owned)
}

impl Rules for MemberRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let name = doc.get("name").and_then(Value::as_str).unwrap_or("").trim().to_owned();
        if name.is_empty() || name.chars().count() > 200 {
            return Err(Problem::invalid("name", "1–200"));
        }
        let mut org = tx.actor().org.clone();
        if let Some(id) = customer_of(doc) {
            match customer::summary(tx, &id) {
                Ok(customer) => org = customer.org,
                Err(_) => return Err(Problem::unknown_reference("customer", &id)),
            }
            if of_customer(tx, &id)?.is_some() {
                return Err(Problem::new(&problems::MEMBER_ALREADY));
            }
        }
        let status = doc.get("status").and_then(Value::as_str).unwrap_or(ACTIVE).to_owned();
        if ![ACTIVE, SUSPENDED].contains(&status.as_str()) {
            return Err(Problem::invalid("status", "active | suspended"));
        }
        let now = tx.now();
        doc.insert("status".into(), json!(status));
        let valid = doc.entry("validFor").or_insert_with(|| json!({}));
        if !valid.is_object() {
            return Err(Problem::invalid("validFor", "object"));
        }
        if valid.get("startDateTime").is_none() {
            valid["startDateTime"] = json!(now);
        }
        doc.insert("joined".into(), json!(now.date()));
        Ok(org)
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        if let Some(name) = ["customer", "joined"].iter().find(|n| before.get(**n) != after.get(**n)) {
            return Err(Problem::new(&codes::FIELD_READONLY).field(name));
        }
        let text =
            |doc: &Map<String, Value>, name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        if text(after, "name").trim().is_empty() {
            return Err(Problem::invalid("name", "1–200"));
        }
        if !after.get("validFor").is_some_and(Value::is_object) {
            return Err(Problem::invalid("validFor", "object"));
        }
        let (from, next) = (text(before, "status"), text(after, "status"));
        if from == next {
            return Ok(());
        }
        if !may_become(&from, &next) {
            return Err(Problem::new(&problems::MEMBER_STATE).field("status").with("state", &from));
        }
        if next == ENDED {
            let id = text(before, "id");
            let locked = lock(tx, &id)?;
            give_up(tx, &locked, false)?;
        }
        Ok(())
    }
    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        if tx.query_opt(&HAS_TXN, params![doc.id])?.is_some() {
            return Err(Problem::new(&problems::PROGRAM_USED));
        }
        Ok(())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        let values = params![text("name"), text("status"), customer_of(doc), text("joined")].to_vec();
        ["name", "state", "customer_id", "joined"].into_iter().zip(values).collect()
    }
    fn topic(&self, doc: &Map<String, Value>) -> Option<String> {
        customer_of(doc).map(|id| format!("customer:{id}"))
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("status") == after.get("status") { vec![] } else { vec!["StateChange"] }
    }
}
