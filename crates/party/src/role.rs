//! The roles that persons and organisations play for us (TMF669): the kinds of customer, the stages of a relation, partners.
//!
//! A role names its type; the types we know are data. A type of another system is kept as it is named.

use crate::{READ, WRITE};
use http::{
    Access, Answer, Ctx, Reply, Route,
    tmf::{self, Api, Column, Kind, Ops, Resource, Rules},
};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx, params, sql};

static API: Api = Api { base: "/tmf-api/partyRoleManagement/v4", aliases: &["/tmf-api/partyRole/v4"] };

pub static PARTY_ROLE: Resource = Resource {
    api: &API,
    name: "partyRole",
    type_name: "PartyRole",
    table: "party_role",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "name", column: "name", kind: Kind::Text },
        Column { attribute: "roleType.name", column: "role_type", kind: Kind::Text },
        Column { attribute: "engagedParty.id", column: "party_id", kind: Kind::Text },
        Column { attribute: "status", column: "status", kind: Kind::Text },
    ],
    mandatory: &["name"],
    ops: Ops::ALL,
    read: READ,
    write: WRITE,
    rules: &RoleRules,
};

struct RoleRules;

/// Statuses that end a role; one that ended does not come back, a new one begins.
const STATUSES: [&str; 6] = ["initialized", "validated", "active", "suspended", "inactive", "closed"];

fn check(tx: &mut Tx<'_>, doc: &Map<String, Value>) -> Result<()> {
    let name = doc.get("name").and_then(Value::as_str).unwrap_or("");
    if name.trim().is_empty() {
        return Err(Problem::invalid("name", "应为文本 / text is expected"));
    }
    for name in ["roleType", "engagedParty", "validFor"] {
        if doc.get(name).is_some_and(|v| !v.is_object() && !v.is_null()) {
            return Err(Problem::invalid(name, "应为对象 / an object is expected"));
        }
    }
    for name in
        ["relatedParty", "contactMedium", "characteristic", "account", "agreement", "paymentMethod", "creditProfile"]
    {
        if doc.get(name).is_some_and(|v| !v.is_array() && !v.is_null()) {
            return Err(Problem::invalid(name, "应为数组 / an array is expected"));
        }
    }
    if doc.get("status").is_some_and(|v| !v.as_str().is_some_and(|s| STATUSES.contains(&s))) {
        return Err(Problem::invalid("status", &STATUSES.join(" | ")));
    }
    match doc.get("engagedParty") {
        Some(engaged) if engaged.is_object() => crate::check_reference(tx, "engagedParty", engaged),
        _ => Ok(()),
    }
}

impl Rules for RoleRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        doc.entry("status").or_insert_with(|| json!("active"));
        check(tx, doc)?;
        Ok(tx.actor().org.clone())
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        check(tx, after)?;
        crate::restore_masked_contacts(before, after)
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
        let inner =
            |outer: &str, name: &str| doc.get(outer).and_then(|o| o.get(name)).and_then(Value::as_str).to_value();
        vec![
            ("name", text("name").to_value()),
            ("role_type", inner("roleType", "name")),
            ("party_id", inner("engagedParty", "id")),
            ("status", text("status").to_value()),
        ]
    }
    fn masks(&self, actor: &kernel::Actor) -> bool {
        !actor.may(crate::PRIVACY_VIEW)
    }
    fn mask(&self, doc: &mut Map<String, Value>) {
        crate::mask_contacts(doc);
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("status") == after.get("status") { vec![] } else { vec!["StateChange"] }
    }
}

sql! {
    TYPES = "SELECT id, part, zh, en, source FROM party_role_type ORDER BY rank";
    OF_PARTY = "SELECT t.id, t.zh, t.en, t.part FROM party_role r JOIN party_role_type t ON t.id = r.role_type \
                WHERE r.party_id = $1 AND r.status = 'active' ORDER BY t.rank";
}

/// A role that a party plays now, as `(id, zh, en, part)` of its type.
pub type Played = (String, String, String, String);

/// The roles that a party plays now.
pub fn roles_of(tx: &mut Tx<'_>, party_id: &str) -> Result<Vec<Played>> {
    let rows = tx.query(&OF_PARTY, params![party_id])?;
    Ok(rows.iter().map(|r| (r.text(0), r.text(1), r.text(2), r.text(3))).collect())
}

pub(crate) fn routes() -> Vec<Route> {
    let mut routes = tmf::routes(&PARTY_ROLE);
    routes.push(
        Route::get("/api/v1/party-role-types", Access::Needs(READ), types)
            .doc("The kinds of customer, stages of a relation and kinds of partner that a role may name"),
    );
    routes
}

async fn types(ctx: Ctx) -> Answer {
    let types = ctx.read(|tx| {
        let one = |r: &store::Row| {
            json!({"name": r.str(0), "part": r.str(1), "title": {"zh-CN": r.str(2), "en": r.str(3)}, "source": r.str(4)})
        };
        Ok(tx.query(&TYPES, params![])?.iter().map(one).collect::<Vec<_>>())
    });
    Ok(Reply::ok(&types.await?))
}
