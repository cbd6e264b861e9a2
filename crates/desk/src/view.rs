//! The unified view: social, behavioural, value and cognitive attributes of a customer, as of one moment, for one audience.
//!
//! The records are read in one snapshot, a statement or two a domain, whatever there is of them. Money is live, nothing comes
//! from a copy. What is derived is marked and says how; see [`traits`].

mod facts;
pub(crate) mod social;
mod traits;

use crate::{audience, timeline, visit};
use billing::Overview;
use care::{Satisfaction, Ticket};
use customer::Portrait;
use facts::Facts;
use http::{Answer, Ctx, Reply, axum::extract::Path};
use kernel::{Date, Lang, Result, Timestamp};
use ordering::OrderRow;
use serde_json::{Value, json};
use store::Tx;

/// How far back the lists go; each has a page of its own for more.
#[derive(Clone, Copy)]
pub(crate) struct Depth {
    pub orders: i64,
    pub products: i64,
    pub bills: i64,
    pub payments: i64,
    pub tickets: i64,
    pub journal: i64,
    pub notes: i64,
    pub answers: i64,
}

/// What the page shows at first.
const VIEW: Depth =
    Depth { orders: 20, products: 200, bills: 36, payments: 30, tickets: 30, journal: 40, notes: 30, answers: 30 };
/// Rows of the timeline in the view; the rest is asked for as it is read.
const TIMELINE: usize = 40;

/// Everything the domains say of one customer.
pub(crate) struct Whole {
    pub portrait: Portrait,
    pub org_name: String,
    pub orders: Vec<OrderRow>,
    pub in_transit: Vec<OrderRow>,
    pub products: Vec<Value>,
    pub money: Overview,
    pub tickets: Vec<Ticket>,
    pub answers: Vec<Satisfaction>,
    pub agreements: Vec<Value>,
}

impl Whole {
    /// 404 where the actor may not see the customer: nothing below asks again.
    pub fn load(tx: &mut Tx<'_>, id: &str, depth: Depth) -> Result<Self> {
        let portrait = customer::portrait(tx, id, depth.journal, depth.notes)?;
        let org_name = visit::org_name(tx, portrait.summary.org.as_str())?;
        let (orders, in_transit) = ordering::orders_near(tx, id, depth.orders)?;
        let held = inventory::products::held_by(tx, id, depth.products)?;
        let products: Vec<Value> = held.iter().map(|d| social::product(&d.body)).collect();
        let money = billing::overview(tx, id, depth.bills, depth.payments)?;
        let tickets = care::of_customer(tx, id, depth.tickets)?;
        let answers = care::satisfaction_of(tx, id, depth.answers)?;
        let agreements = social::agreements(tx, &products)?;
        Ok(Self { portrait, org_name, orders, in_transit, products, money, tickets, answers, agreements })
    }
}

pub(crate) async fn view(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let (lang, asked, of) = (ctx.lang, ctx.parameter("audience"), id.clone());
    let (view, org, noted) = ctx
        .read(move |tx| {
            let verified = crate::verified(tx, &of)?;
            let audience = audience::resolve(tx.actor(), asked.as_deref(), verified)?;
            let whole = Whole::load(tx, &of, VIEW)?;
            let mut view = compose(tx, &whole, lang)?;
            audience.apply(&mut view, tx.actor());
            let noted = visit::noted(tx, &of)?;
            Ok((view, whole.portrait.summary.org, noted))
        })
        .await?;
    if !noted {
        ctx.write(move |tx| visit::note(tx, &id, &org)).await?;
    }
    Ok(Reply::ok(&view))
}

/// The whole view, before anything is taken out for an audience.
pub(crate) fn compose(tx: &mut Tx<'_>, whole: &Whole, lang: Lang) -> Result<Value> {
    let now = tx.now();
    let facts = Facts::of(whole, now.date());
    let this_month = month(now);
    let ticket = |t: &Ticket| {
        json!({"id": t.id, "ticketNo": t.ticket_no, "type": t.ticket_type, "name": t.name, "status": t.status,
               "severity": t.severity, "description": t.description, "createdAt": t.created_at})
    };
    let (rows, more) = timeline::page(whole, lang, &timeline::Ask { before: None, kinds: Vec::new(), limit: TIMELINE });
    let Whole { portrait, money, .. } = whole;
    Ok(json!({
        "dataTime": now,
        "customer": social::customer(tx, whole)?,
        "arrears": money.arrears,
        "balanceFen": money.balance,
        "products": whole.products,
        "inTransit": whole.in_transit,
        "orders": whole.orders,
        "accounts": money.accounts,
        "bills": money.bills,
        "payments": money.payments,
        "agreements": whole.agreements,
        "relations": portrait.relations.iter().map(|r| social::relation(r, lang)).collect::<Vec<_>>(),
        "tickets": whole.tickets.iter().map(ticket).collect::<Vec<_>>(),
        "behaviour": behaviour(whole, &facts, now.date()),
        "value": traits::value(&facts, &portrait.summary.grade, &grades(whole), &this_month),
        "cognitive": traits::cognitive(&facts, &whole.answers, &this_month),
        "timeline": rows,
        "timelineMore": more,
    }))
}

/// See [`Facts::average`].
pub(crate) fn average(whole: &Whole, today: Date, this_month: &str) -> Option<i64> {
    Facts::of(whole, today).average(this_month)
}

fn month(at: Timestamp) -> String {
    at.date().to_string().get(..7).unwrap_or("").to_owned()
}

fn grades(whole: &Whole) -> Vec<Value> {
    let changes = whole.portrait.journal.iter().filter(|e| e.kind == "grade");
    changes
        .map(|e| json!({"at": e.at, "from": e.detail["from"], "to": e.detail["to"], "operator": e.operator}))
        .collect()
}

/// Contacts, events, consumption, arrears by age: what the customer does.
fn behaviour(whole: &Whole, facts: &Facts, today: Date) -> Value {
    let shown = whole.portrait.journal.iter().filter(|e| !matches!(e.kind.as_str(), "grade" | "manager"));
    let days = |at: Timestamp| today.days_since(at.date());
    let recent = |e: &&customer::Entry| e.kind == "interaction" && days(e.at) <= 90;
    let mut channels: std::collections::BTreeMap<&str, i64> = std::collections::BTreeMap::new();
    for entry in whole.portrait.journal.iter().filter(recent) {
        *channels.entry(entry.channel.as_str()).or_default() += 1;
    }
    let contacts: Vec<Value> =
        channels.into_iter().map(|(channel, count)| json!({"channel": channel, "count": count})).collect();
    json!({
        "journal": shown.map(customer::Entry::to_json).collect::<Vec<_>>(),
        "contactsByChannel": contacts,
        "consumption": facts::latest(&facts.months),
        "arrearsByAge": whole.money.by_age,
        "events": {
            "inTransit": whole.in_transit.len(),
            "complaints": facts.complaints_in_year, "complaintsOpen": facts.complaints_open, "suspended": facts.suspended,
        },
    })
}
