//! The programme and its rules as TMF658 documents: what is earned for what is data.
//!
//! A rule names an event (`billPaid`, `consumption`, or one of other systems) and gives so many points for each so many fen,
//! within its days. Event types, conditions and actions are kept as other systems send them.

use crate::{perms, problems};
use http::tmf::{Api, Column, Document, Kind, Ops, Resource, Rules};
use kernel::{Date, OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{Tx, params, sql};

pub static API: Api = Api { base: "/tmf-api/loyaltyManagement/v1", aliases: &["/tmf-api/loyaltyManagement/v4"] };

const ID: Column = Column { attribute: "id", column: "id", kind: Kind::Text };
const OPS: Ops = Ops::ALL;

pub static PROGRAM: Resource = Resource {
    api: &API,
    name: "loyaltyProgramProductSpec",
    type_name: "LoyaltyProgramProductSpec",
    table: "loyalty_program",
    columns: &[
        ID,
        Column { attribute: "name", column: "name", kind: Kind::Text },
        Column { attribute: "lifeCycleStatus", column: "state", kind: Kind::Text },
    ],
    mandatory: &["name"],
    ops: OPS,
    read: perms::READ,
    write: perms::MANAGE,
    rules: &ProgramRules,
};

/// Reached below its programme only: see `tmf658`.
pub static RULE: Resource = Resource {
    api: &API,
    name: "loyaltyRule",
    type_name: "LoyaltyRule",
    table: "loyalty_rule",
    columns: &[ID, Column { attribute: "policyName", column: "event", kind: Kind::Text }],
    mandatory: &["commonName", "earn"],
    ops: OPS,
    read: perms::READ,
    write: perms::MANAGE,
    rules: &EarnRules,
};

const fn kept(name: &'static str, type_name: &'static str, table: &'static str) -> Resource {
    Resource {
        api: &API,
        name,
        type_name,
        table,
        columns: &[ID],
        mandatory: &[],
        ops: OPS,
        read: perms::READ,
        write: perms::MANAGE,
        rules: &KeptRules,
    }
}
pub static EVENT_TYPE: Resource = kept("loyaltyEventType", "LoyaltyEventType", "loyalty_event_type");
pub static CONDITION: Resource = Resource {
    mandatory: &["attribute", "operator", "value"],
    ..kept("loyaltyCondition", "LoyaltyCondition", "loyalty_condition")
};
pub static ACTION: Resource =
    Resource { mandatory: &["action", "endpoint"], ..kept("loyaltyAction", "LoyaltyAction", "loyalty_action") };

/// Documents of the programme are the same for everybody.
#[derive(Debug)]
struct KeptRules;

impl Rules for KeptRules {
    fn shared(&self) -> bool {
        true
    }
}

#[derive(Debug)]
struct ProgramRules;

sql! {
    USED = "SELECT 1 FROM loyalty_rule WHERE program_id = $1 LIMIT 1";
    IN_FORCE = "SELECT r.id, r.points, r.per_fen FROM loyalty_rule r JOIN loyalty_program p ON p.id = r.program_id \
                WHERE r.event = $1 AND p.state = 'active' AND r.valid_from <= $2 AND (r.valid_to IS NULL OR r.valid_to >= $2) \
                ORDER BY r.id";
}

const STATES: [&str; 3] = ["active", "suspended", "retired"];

impl Rules for ProgramRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        doc.entry("lifeCycleStatus").or_insert_with(|| json!("active"));
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
        if text("name").trim().is_empty() || text("name").chars().count() > 100 {
            return Err(Problem::invalid("name", "1–100"));
        }
        if !STATES.contains(&text("lifeCycleStatus")) {
            return Err(Problem::invalid("lifeCycleStatus", &STATES.join(" | ")));
        }
        Ok(tx.actor().org.clone())
    }
    fn change(&self, _: &mut Tx<'_>, _: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        if !after.get("lifeCycleStatus").and_then(Value::as_str).is_some_and(|s| STATES.contains(&s)) {
            return Err(Problem::invalid("lifeCycleStatus", &STATES.join(" | ")));
        }
        Ok(())
    }
    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        match tx.query_opt(&USED, params![doc.id])? {
            Some(_) => Err(Problem::new(&problems::PROGRAM_USED)),
            None => Ok(()),
        }
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        ["name", "state"].into_iter().zip(params![text("name"), text("lifeCycleStatus")].to_vec()).collect()
    }
    fn shared(&self) -> bool {
        true
    }
}

#[derive(Debug)]
struct EarnRules;

/// What a rule gives, as its document says.
struct Earn {
    event: String,
    points: i64,
    per_fen: i64,
    from: String,
    to: Option<String>,
}

fn earn(doc: &Map<String, Value>, today: Date) -> Result<Earn> {
    let earn = doc.get("earn").and_then(Value::as_object).ok_or_else(|| Problem::invalid("earn", "object"))?;
    let number = |name: &str, least: i64, most: i64| {
        let value = earn.get(name).and_then(Value::as_i64).filter(|n| (least..=most).contains(n));
        value.ok_or_else(|| Problem::invalid(&format!("earn.{name}"), &format!("{least}–{most}")))
    };
    let day = |name: &str| match earn.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Date::parse(text).map(|d| Some(d.to_string())),
        Some(_) => Err(Problem::invalid(&format!("earn.{name}"), "YYYY-MM-DD")),
    };
    let event = earn.get("event").and_then(Value::as_str).unwrap_or("").trim().to_owned();
    if event.is_empty() || event.len() > 64 {
        return Err(Problem::invalid("earn.event", "billPaid | consumption | …"));
    }
    let from = day("validFrom")?.unwrap_or_else(|| today.to_string());
    let to = day("validTo")?;
    if to.as_ref().is_some_and(|to| *to < from) {
        return Err(Problem::invalid("earn.validTo", "≥ validFrom"));
    }
    Ok(Earn { event, points: number("points", 1, 1_000_000)?, per_fen: number("perFen", 0, 1_000_000_000)?, from, to })
}

impl Rules for EarnRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let today = tx.now().date();
        let Earn { event, from, .. } = earn(doc, today)?;
        doc["earn"]["validFrom"] = json!(from);
        doc.insert("policyName".into(), json!(event));
        Ok(tx.actor().org.clone())
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        if before.get("loyaltyProgramProductSpec") != after.get("loyaltyProgramProductSpec") {
            return Err(Problem::new(&kernel::codes::FIELD_READONLY).field("loyaltyProgramProductSpec"));
        }
        let today = tx.now().date();
        let Earn { event, .. } = earn(after, today)?;
        after.insert("policyName".into(), json!(event));
        Ok(())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let names = ["program_id", "event", "points", "per_fen", "valid_from", "valid_to"];
        let program = doc.get("loyaltyProgramProductSpec").and_then(|p| p["id"].as_str()).unwrap_or("lp-points");
        let values = match earn(doc, kernel::Timestamp::from_micros(0).date()) {
            Ok(e) => params![program, e.event, e.points, e.per_fen, e.from, e.to].to_vec(),
            // Only where no document is at hand: the names of the columns are asked for.
            Err(_) => params![program, "", 0i64, 0i64, "", None::<String>].to_vec(),
        };
        names.into_iter().zip(values).collect()
    }
    fn shared(&self) -> bool {
        true
    }
}

/// A rule in force.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    pub points: i64,
    pub per_fen: i64,
}

/// What is earned for an event on a day: the rates of all rules in force, which add up.
pub fn rates(tx: &mut Tx<'_>, event: &str, day: Date) -> Result<Vec<Rate>> {
    let rows = tx.query(&IN_FORCE, params![event, day.to_string()])?;
    Ok(rows.iter().map(|r| Rate { points: r.int(1), per_fen: r.int(2) }).collect())
}

/// Points of all rates for an amount.
pub fn points_for(rates: &[Rate], amount_fen: i64) -> i64 {
    rates.iter().fold(0i64, |sum, r| sum.saturating_add(crate::lots::earned(r.points, r.per_fen, amount_fen)))
}
