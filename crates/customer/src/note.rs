//! Notes and contacts: what was said, when, by whom. Written once, never changed.

use crate::{CUSTOMER, problems};
use http::{Answer, Body, Ctx, Reply, axum::extract::Path, tmf};
use kernel::{Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::json;
use store::{Event, Tx, params, sql};

#[derive(Clone, Debug, PartialEq)]
pub struct Note {
    pub id: String,
    /// `note` or `contact`.
    pub kind: String,
    pub text: String,
    pub at: Timestamp,
    pub operator: String,
}

sql! {
    INSERT = "INSERT INTO customer_note (id, customer_id, org, kind, text, at, operator, operator_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    OF_CUSTOMER = "SELECT id, kind, text, at, operator_name FROM customer_note WHERE customer_id = $1 ORDER BY id DESC LIMIT $2";
}

/// The notes of a customer the actor sees, newest first.
pub fn notes_of(tx: &mut Tx<'_>, customer_id: &str, limit: i64) -> Result<Vec<Note>> {
    let org = crate::org_of(tx, customer_id)?;
    tx.must_see(org.as_str())?;
    of(tx, customer_id, limit)
}

/// As [`notes_of`], where the caller has made sure that the customer may be seen.
pub(crate) fn of(tx: &mut Tx<'_>, customer_id: &str, limit: i64) -> Result<Vec<Note>> {
    let rows = tx.query(&OF_CUSTOMER, params![customer_id, limit])?;
    let note =
        |r: &store::Row| Note { id: r.text(0), kind: r.text(1), text: r.text(2), at: r.time(3), operator: r.text(4) };
    Ok(rows.iter().map(note).collect())
}

/// Writes a note that the system itself has to say.
pub(crate) fn write(tx: &mut Tx<'_>, customer_id: &str, org: &kernel::OrgPath, kind: &str, text: &str) -> Result<()> {
    let id = tx.new_id::<Note>().into_string();
    let actor = tx.actor().clone();
    tx.execute(&INSERT, params![id, customer_id, org, kind, text, tx.now(), &*actor.id, &*actor.name]).map(drop)
}

#[derive(Clone, Deserialize)]
pub(crate) struct Ask {
    #[serde(default)]
    text: String,
    kind: Option<String>,
}

const LONGEST: usize = 4_000;

pub(crate) async fn add(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    let Ask { text, kind } = body.value;
    if text.trim().is_empty() {
        return Err(Problem::missing("text").into());
    }
    if text.chars().count() > LONGEST {
        return Err(Problem::new(&problems::TOO_LONG).field("text").with("limit", &LONGEST.to_string()).into());
    }
    let kind = kind.unwrap_or_else(|| "note".to_owned());
    if !matches!(kind.as_str(), "note" | "contact") {
        return Err(Problem::invalid("kind", "note | contact").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let customer = tmf::load(tx, &CUSTOMER, &id)?;
        let note = tx.new_id::<Note>().into_string();
        let actor = tx.actor().clone();
        let values = params![note, id, customer.org, kind, text, tx.now(), &*actor.id, &*actor.name];
        tx.execute(&INSERT, values)?;
        let event = Event::new("CustomerNoteCreateEvent", "customer", &id, customer.version, &customer.org);
        // The text may hold anything a customer said: it is not repeated in the event.
        tx.emit(event.topic(format!("customer:{id}")).payload(json!({"customerNote": {"id": note, "kind": kind}})))?;
        Ok(Reply::created(
            &format!("/api/v1/customers/{id}/notes/{note}"),
            &json!({"id": note, "kind": kind, "at": tx.now()}),
        ))
    });
    Ok(reply.await?)
}
