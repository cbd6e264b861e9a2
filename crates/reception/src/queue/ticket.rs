//! A ticket: taken, and what becomes of it at a counter.

use super::{Change, TicketState, board, changed, counter::Counter, kind};
use crate::problems;
use http::App;
use kernel::{Actor, OrgPath, Phone, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Ticket {
    pub id: String,
    #[serde(skip)]
    pub version: i64,
    pub org: OrgPath,
    pub kind: String,
    pub label: String,
    pub priority: String,
    #[serde(serialize_with = "text")]
    pub state: TicketState,
    pub taken_at: Timestamp,
    #[serde(skip)]
    pub rank_at: Timestamp,
    pub wanted_counter: Option<String>,
    pub counter: Option<String>,
    pub staff_name: Option<String>,
    pub customer_id: Option<String>,
    pub calls: i64,
    pub called_at: Option<Timestamp>,
    pub served_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
}

fn text<S: serde::Serializer>(state: &TicketState, s: S) -> std::result::Result<S::Ok, S::Error> {
    s.serialize_str(state.text())
}

macro_rules! columns {
    () => {
        "id, version, org, day, kind, label, priority, state, taken_at, rank_at, wanted_counter, counter, staff_name, customer_id, \
         calls, called_at, served_at, ended_at"
    };
}
pub(super) use columns;

sql! {
    ONE = concat!("SELECT ", columns!(), " FROM queue_ticket WHERE id = $1 {for_update}");
    INSERT = "INSERT INTO queue_ticket (id, version, org, day, kind, label, priority, state, taken_at, rank_at, customer_id, calls, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, 'waiting', $7, $8, $9, 0, $7)";
    CALL = "UPDATE queue_ticket SET version = version + 1, state = 'called', counter = $2, staff_id = $3, staff_name = $4, calls = calls + 1, \
            called_at = COALESCE(called_at, $5), updated_at = $5 WHERE id = $1 AND state = 'waiting'";
    MOVE = "UPDATE queue_ticket SET version = version + 1, state = $3, kind = $4, wanted_counter = $5, counter = $6, calls = $7, called_at = $8, \
            served_at = $9, ended_at = $10, customer_id = $11, updated_at = $12 WHERE id = $1 AND version = $2";
    NEXT_OF_COUNTER = concat!("SELECT ", columns!(), " FROM queue_ticket WHERE org = $1 AND day = $2 AND counter = $3 AND state IN ('called', 'serving')");
    PAST = "UPDATE queue_ticket SET version = version + 1, state = 'lapsed', ended_at = $2, updated_at = $2 \
            WHERE day < $1 AND state IN ('waiting', 'called', 'serving', 'noShow')";
}

pub(super) fn read(row: &Row) -> Result<Ticket> {
    Ok(Ticket {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        kind: row.text(4),
        label: row.text(5),
        priority: row.text(6),
        state: TicketState::parse(row.str(7))?,
        taken_at: row.time(8),
        rank_at: row.time(9),
        wanted_counter: row.opt_text(10),
        counter: row.opt_text(11),
        staff_name: row.opt_text(12),
        customer_id: row.opt_text(13),
        calls: row.int(14),
        called_at: row.opt_time(15),
        served_at: row.opt_time(16),
        ended_at: row.opt_time(17),
    })
}

/// Today, as tickets are filed.
pub(super) fn today(tx: &Tx<'_>) -> String {
    tx.now().date().to_string()
}

/// Takes a ticket. A telephone number may tell who comes: a graded customer goes before others without anybody seeing why,
/// and the counter finds the customer. The number itself is not kept.
pub fn take(tx: &mut Tx<'_>, hall: &OrgPath, code: &str, priority: &str, phone: &str) -> Result<Value> {
    let kind = kind::kind(tx, hall, code)?;
    let priorities = kind::priorities(tx)?;
    let wanted = if priority.is_empty() { "none" } else { priority };
    let chosen = priorities.iter().find(|p| p.code == wanted && (p.offered || p.code == "none"));
    let mut chosen =
        chosen.cloned().ok_or_else(|| Problem::new(&problems::PRIORITY).with("value", wanted).field("priority"))?;
    let customer = if phone.trim().is_empty() { None } else { visitor(tx, phone)? };
    if let (Some((_, true)), Some(vip)) = (&customer, priorities.iter().find(|p| p.code == "vip"))
        && vip.minutes > chosen.minutes
    {
        chosen = vip.clone();
    }
    let (day, now) = (today(tx), tx.now());
    let rank_at = now.plus_seconds(-chosen.minutes * 60);
    let id = tx.new_id::<Ticket>().into_string();
    let customer_id = customer.map(|(id, _)| id);
    let waiting = board::waiting(tx, hall, &day, Some(&kind.code))?;
    let ahead = waiting.iter().filter(|t| t.rank_at <= rank_at).count();
    let minutes = board::expected_minutes(tx, hall, &day, &kind, ahead)?;
    // Last, since the series stays locked until the commit.
    let number = tx.next_in_series(&format!("queue-{hall}-{day}-{}", kind.letter))?;
    let label = format!("{}{number:03}", kind.letter);
    tx.execute(&INSERT, params![id, hall, day, kind.code, label, chosen.code, now, rank_at, customer_id])?;
    changed(tx, hall, &id, 1, "taken")?;
    let shown = if chosen.offered { chosen.code.as_str() } else { "none" };
    Ok(json!({
        "id": id, "label": label, "kind": kind, "priority": shown, "takenAt": now, "ahead": ahead, "expectedMinutes": minutes,
    }))
}

/// The customer behind a telephone number, and whether of a grade that goes before others.
fn visitor(tx: &mut Tx<'_>, phone: &str) -> Result<Option<(String, bool)>> {
    let number = Phone::parse(phone)?.national().to_owned();
    let found = customer::find(tx, &number, 2)?;
    let [one] = found.as_slice() else { return Ok(None) }; // nobody, or not one
    let graded = !matches!(one.customer.grade.as_str(), "" | "standard" | "normal" | "ordinary");
    Ok(Some((one.customer.id.clone(), graded)))
}

/// The ticket; 404 outside the actor's scope.
pub fn one(tx: &mut Tx<'_>, id: &str) -> Result<Ticket> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// What is at a counter now.
pub fn at_counter(tx: &mut Tx<'_>, org: &OrgPath, counter: &str) -> Result<Option<Ticket>> {
    let day = today(tx);
    tx.query_opt(&NEXT_OF_COUNTER, params![org, day, counter])?.map(|r| read(&r)).transpose()
}

/// Calls whoever is next for this counter. Of two counters that want the same ticket one gets it; the other gets the next.
pub fn call_next(tx: &mut Tx<'_>, counter: &Counter) -> Result<Ticket> {
    if let Some(there) = at_counter(tx, &counter.org, &counter.counter)? {
        return Err(Problem::new(&problems::BUSY).with("label", &there.label));
    }
    let day = today(tx);
    loop {
        let next = board::next(tx, &counter.org, &day, &counter.kinds, &counter.counter)?;
        let Some(id) = next else { return Err(Problem::new(&problems::EMPTY)) };
        if let Some(called) = call(tx, counter, &id)? {
            return Ok(called);
        }
    }
}

/// Calls one waiting ticket; nothing where somebody was faster.
pub fn call(tx: &mut Tx<'_>, counter: &Counter, id: &str) -> Result<Option<Ticket>> {
    let (staff, name, now) = (tx.actor().id.to_string(), tx.actor().name.to_string(), tx.now());
    if tx.execute(&CALL, params![id, counter.counter, staff, name, now])? == 0 {
        return Ok(None);
    }
    let ticket = one(tx, id)?;
    changed(tx, &ticket.org, id, ticket.version, "called")?;
    Ok(Some(ticket))
}

/// What a counter does with the ticket it has called.
#[derive(Clone, Default, Debug)]
pub struct Turn {
    /// For a transfer: the kind and, if one is wanted, the counter.
    pub kind: Option<String>,
    pub counter: Option<String>,
}

/// Moves a ticket on. Only the counter that called it may, but for one that has missed its call.
pub fn turn(tx: &mut Tx<'_>, id: &str, change: Change, at: Option<&Counter>, how: &Turn) -> Result<Ticket> {
    let mut ticket = one(tx, id)?;
    let to = ticket.state.after(change, &ticket.label)?;
    let now = tx.now();
    let held = matches!(ticket.state, TicketState::Called | TicketState::Serving);
    if held {
        let own = at.filter(|c| c.org == ticket.org && Some(&c.counter) == ticket.counter.as_ref());
        if own.is_none() {
            let problem = Problem::new(&problems::NOT_YOURS).with("label", &ticket.label);
            return Err(problem.with("counter", ticket.counter.as_deref().unwrap_or("?")));
        }
    }
    match change {
        Change::Recall => ticket.calls += 1,
        Change::Serve => ticket.served_at = Some(now),
        Change::Finish => {
            ticket.served_at.get_or_insert(ticket.called_at.unwrap_or(now));
            ticket.ended_at = Some(now);
        }
        Change::Skip | Change::Cancel | Change::Lapse => ticket.ended_at = Some(now),
        Change::Transfer => {
            if let Some(code) = &how.kind {
                ticket.kind = kind::kind(tx, &ticket.org, code)?.code;
            }
            ticket.wanted_counter.clone_from(&how.counter);
            (ticket.counter, ticket.served_at) = (None, None);
        }
        Change::Return => {
            let minutes = kind::setting(tx, "return.minutes")?;
            let missed = ticket.ended_at.unwrap_or(ticket.taken_at);
            if now.seconds_since(missed) > minutes * 60 {
                let problem = Problem::new(&problems::TOO_LATE).with("label", &ticket.label);
                return Err(problem.with("minutes", &minutes.to_string()));
            }
            (ticket.counter, ticket.ended_at, ticket.calls) = (None, None, 0);
        }
        Change::Call => {}
    }
    ticket.state = to;
    save(tx, &mut ticket)?;
    changed(tx, &ticket.org, id, ticket.version, change.text())?;
    Ok(ticket)
}

/// Notes the customer whom the counter found behind a ticket.
pub fn name(tx: &mut Tx<'_>, id: &str, customer_id: &str, at: &Counter) -> Result<Ticket> {
    let mut ticket = one(tx, id)?;
    if ticket.counter.as_ref() != Some(&at.counter) || ticket.org != at.org {
        let problem = Problem::new(&problems::NOT_YOURS).with("label", &ticket.label);
        return Err(problem.with("counter", ticket.counter.as_deref().unwrap_or("?")));
    }
    customer::summary(tx, customer_id)?;
    ticket.customer_id = Some(customer_id.to_owned());
    save(tx, &mut ticket)?;
    Ok(ticket)
}

fn save(tx: &mut Tx<'_>, t: &mut Ticket) -> Result<()> {
    tx.execute_versioned(
        &MOVE,
        params![
            t.id,
            t.version,
            t.state.text(),
            t.kind,
            t.wanted_counter,
            t.counter,
            t.calls,
            t.called_at,
            t.served_at,
            t.ended_at,
            t.customer_id,
            tx.now()
        ],
    )?;
    t.version += 1;
    Ok(())
}

/// Tickets of past days that nobody called have lapsed.
pub async fn close_days(app: App) -> Result<()> {
    app.db()
        .write(Actor::system(), |tx| {
            let (day, now) = (today(tx), tx.now());
            tx.execute(&PAST, params![day, now]).map(drop)
        })
        .await
}
