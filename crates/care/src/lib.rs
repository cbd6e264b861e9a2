//! Care: trouble tickets and complaints (TMF621), linked to the customer they come from.
//!
//! A ticket keeps every change of its status with its time and reason; what has ended does not begin again.

pub mod problems;
mod reassign;
mod rules;
mod satisfaction;
mod status;

pub use reassign::{holds, reassign};
pub use satisfaction::{SURVEYS, Satisfaction, Survey, satisfaction_of};
pub use status::Status;

use http::{
    Module,
    tmf::{self, Api, Column, Document, Kind, Ops, Resource},
};
use kernel::{Perm, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::{Migration, Tx, params, sql};

pub const READ: Perm = Perm { name: "ticket.read", zh: "查看工单与投诉", en: "See tickets and complaints" };
pub const WRITE: Perm =
    Perm { name: "ticket.write", zh: "受理和处理工单与投诉", en: "Accept and handle tickets and complaints" };

static API: Api = Api { base: "/tmf-api/troubleTicket/v4", aliases: &[] };

pub static TROUBLE_TICKET: Resource = Resource {
    api: &API,
    name: "troubleTicket",
    type_name: "TroubleTicket",
    table: "trouble_ticket",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "ticketNo", column: "ticket_no", kind: Kind::Text },
        Column { attribute: "status", column: "status", kind: Kind::Text },
        Column { attribute: "severity", column: "severity", kind: Kind::Text },
        Column { attribute: "ticketType", column: "ticket_type", kind: Kind::Text },
    ],
    mandatory: &["description", "severity", "ticketType"],
    ops: Ops::ALL,
    read: READ,
    write: WRITE,
    rules: &rules::TicketRules,
};

/// A ticket in brief.
#[derive(Clone, Debug, PartialEq)]
pub struct Ticket {
    pub id: String,
    pub ticket_no: String,
    pub ticket_type: String,
    pub name: String,
    pub description: String,
    pub severity: String,
    pub status: String,
    pub created_at: Timestamp,
}

sql! {
    OF_CUSTOMER = "SELECT id, org, created_at, body FROM trouble_ticket WHERE customer_id = $1 ORDER BY id DESC LIMIT $2";
}

/// The tickets of a customer, newest first, as far as the actor sees them.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str, limit: i64) -> Result<Vec<Ticket>> {
    let rows = tx.query(&OF_CUSTOMER, params![customer_id, limit])?;
    let ticket = |r: &store::Row| {
        let body = r.json(3);
        let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
        Ticket {
            id: r.text(0),
            ticket_no: text("ticketNo"),
            ticket_type: text("ticketType"),
            name: text("name"),
            description: text("description"),
            severity: text("severity"),
            status: text("status"),
            created_at: r.time(2),
        }
    };
    Ok(rows.iter().filter(|r| tx.actor().sees(r.str(1))).map(ticket).collect())
}

/// Accepts a complaint of a customer.
pub fn complain(tx: &mut Tx<'_>, customer_id: &str, name: &str, description: &str, severity: &str) -> Result<Document> {
    let customer = customer::summary(tx, customer_id)?;
    let mut body = Map::new();
    body.insert("name".into(), json!(name));
    body.insert("description".into(), json!(description));
    body.insert("severity".into(), json!(severity));
    body.insert("ticketType".into(), json!("complaint"));
    let href = customer::CUSTOMER.href(customer_id);
    let party = json!([{"id": customer_id, "href": href, "name": customer.name, "role": "customer", "@referredType": "Customer"}]);
    body.insert("relatedParty".into(), party);
    tmf::insert(tx, &TROUBLE_TICKET, body)
}

const MIGRATIONS: &[Migration] = &[
    Migration::new("care", 1, include_str!("../migrations/0001_care.sql")),
    Migration::new("care", 2, include_str!("../migrations/0002_satisfaction.sql")),
];

pub fn module() -> Module {
    let mut routes = tmf::routes(&TROUBLE_TICKET);
    routes.extend(satisfaction::routes());
    Module {
        name: "care",
        routes,
        migrations: MIGRATIONS,
        problems: problems::ALL,
        permissions: &[READ, WRITE],
        ..Module::default()
    }
}
