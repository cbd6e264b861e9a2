//! What people do with an order in transit beside cancelling it: hold it while the customer is not ready (挂起), let it go on, urge
//! it (催单), amend it (改单).
//!
//! Each needs its right and a reason, which goes into the order's history and the audit chain. All lock the saga before the
//! order, as the runner and the cancellation do: so an amendment and a step that is being sent never pass each other.

mod amend;
pub mod audit;
mod urge;

use crate::{
    CANCEL, Event, PRODUCT_ORDER, State, booking,
    order::{note, step},
    problems, service_order, track,
};
use flow::{Saga, StepState};
use http::{
    Access, Answer, Body, Ctx, Reply, Route,
    axum::extract::Path,
    tmf::{self, Document},
};
use kernel::{Perm, Problem, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::Tx;

pub use amend::amendable;

pub const HOLD: Perm = Perm { name: "order.hold", zh: "挂起、恢复订单", en: "Hold and release orders" };
pub const URGE: Perm = Perm { name: "order.urge", zh: "催单", en: "Urge orders" };
pub const AMEND: Perm = Perm { name: "order.amend", zh: "改单", en: "Amend orders" };

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verb {
    Hold,
    Release,
    Urge,
    Amend,
    Cancel,
}

impl Verb {
    pub const ALL: [Self; 5] = [Self::Hold, Self::Release, Self::Urge, Self::Amend, Self::Cancel];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Release => "release",
            Self::Urge => "urge",
            Self::Amend => "amend",
            Self::Cancel => "cancel",
        }
    }
    const fn perm(self) -> Perm {
        match self {
            Self::Hold | Self::Release => HOLD,
            Self::Urge => URGE,
            Self::Amend => AMEND,
            Self::Cancel => CANCEL,
        }
    }
    /// Whether the order's state allows it.
    fn fits(self, state: State) -> Result<()> {
        let fits = match self {
            Self::Hold => matches!(state, State::Acknowledged | State::InProgress | State::Pending),
            Self::Release => state == State::Held,
            Self::Urge => matches!(state, State::Acknowledged | State::InProgress | State::Pending | State::Partial),
            Self::Amend => matches!(state, State::Acknowledged | State::InProgress | State::Pending | State::Held),
            Self::Cancel => state.after(Event::Cancel).is_ok(),
        };
        match fits {
            true => Ok(()),
            false => Err(crate::state::refusal(state.text(), self.name())),
        }
    }
}

/// What may be done with an order now, for its page.
pub fn verbs(tx: &mut Tx<'_>, order: &Document, lang: kernel::Lang) -> Result<Vec<Value>> {
    let state = State::parse(order.text("state"))?;
    let one = |verb: Verb| {
        let why = tx.actor().allow(verb.perm()).and_then(|()| verb.fits(state)).err();
        let why = why.map(|p| json!({"code": p.code.id, "reason": p.reason(lang), "message": p.help(lang)}));
        json!({"verb": verb.name(), "allowed": why.is_none(), "whyNot": why})
    };
    Ok(Verb::ALL.into_iter().map(one).collect())
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Ask {
    #[serde(default)]
    reason: String,
    #[serde(default)]
    values: Map<String, Value>,
    item_id: Option<String>,
    effective_date: Option<String>,
}

pub fn routes() -> Vec<Route> {
    let route = |verb: Verb, doc: &str| {
        let doing = move |ctx: Ctx, Path(id): Path<String>, body: Body<Ask>| act(ctx, id, body, verb);
        let path = format!("/api/v1/orders/{{id}}/{}", verb.name());
        Route::post(path, Access::Needs(verb.perm()), doing).doc(doc).body(json!({"reason": "客户暂不方便"}))
    };
    vec![
        audit::route(),
        route(Verb::Hold, "Hold an order: nothing new is begun until it is released"),
        route(Verb::Release, "Let a held order go on"),
        route(Verb::Urge, "Urge an order: counted, and told to whoever has its task"),
        route(Verb::Amend, "Change what an order has not sent yet: its day, address, or characteristics")
            .body(json!({"reason": "客户改约", "values": {"installSlot": "2026-11-25T14:00:00+08:00"}})),
    ]
}

async fn act(ctx: Ctx, id: String, body: Body<Ask>, verb: Verb) -> Answer {
    let ask = body.value;
    let reason = ask.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason").into());
    }
    if reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "≤ 500").into());
    }
    let lang = ctx.lang;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let (saga, mut order) = lock(tx, &id)?;
        verb.fits(State::parse(order.text("state"))?)?;
        match verb {
            Verb::Hold => hold(tx, saga.as_ref(), &mut order, &reason)?,
            Verb::Release => release(tx, saga.as_ref(), &mut order, &reason)?,
            Verb::Urge => urge::urge(tx, saga.as_ref(), &mut order, &reason)?,
            Verb::Amend => {
                let change = amend::Change {
                    values: ask.values.clone(),
                    item_id: ask.item_id.clone(),
                    effective_date: ask.effective_date.clone(),
                };
                amend::amend(tx, saga.as_ref(), &mut order, &reason, &change)?;
            }
            Verb::Cancel => crate::cancel::cancel(tx, &id, &reason)?,
        }
        tx.audit(&format!("order.{}", verb.name()), "productOrder", &id, &order.org, &json!({"reason": reason}))?;
        Ok(Reply::ok(&track::view(tx, &id, lang)?))
    });
    Ok(reply.await?)
}

/// The saga first, then the order: the way everybody locks them.
fn lock(tx: &mut Tx<'_>, id: &str) -> Result<(Option<Saga>, Document)> {
    let saga = flow::saga::of_subject(tx, id)?;
    let saga = saga.map(|s| flow::saga::lock(tx, &s.id)).transpose()?;
    Ok((saga, tmf::lock(tx, &PRODUCT_ORDER, id)?))
}

fn hold(tx: &mut Tx<'_>, saga: Option<&Saga>, order: &mut Document, reason: &str) -> Result<()> {
    if let Some(saga) = saga {
        let last = saga.plan.steps.iter().any(|s| s.name == "complete" && s.state == StepState::Running);
        if last {
            return Err(Problem::new(&problems::TOO_LATE));
        }
        flow::saga::hold(tx, &saga.id, true)?;
    }
    booking::hold(tx, &order.id, true)?;
    order.set("heldSince", json!(tx.now()));
    step(tx, order, Event::Hold, (&format!("挂起：{reason}"), &format!("Held: {reason}")))?;
    service_order::follow(tx, &order.id, Event::Hold)
}

fn release(tx: &mut Tx<'_>, saga: Option<&Saga>, order: &mut Document, reason: &str) -> Result<()> {
    let since = kernel::Timestamp::parse(order.text("heldSince")).unwrap_or(tx.now());
    let held = order.body.get("heldSeconds").and_then(Value::as_i64).unwrap_or(0);
    // The clock stood still meanwhile: indicators take this off.
    order.set("heldSeconds", json!(held + tx.now().seconds_since(since)));
    order.body.remove("heldSince");
    let booked = booking::day_of(tx, &order.id)?.is_some();
    let event = if booked { Event::Wait } else { Event::Begin };
    booking::hold(tx, &order.id, false)?;
    step(tx, order, event, (&format!("恢复：{reason}"), &format!("Released: {reason}")))?;
    service_order::follow(tx, &order.id, event)?;
    match saga {
        Some(saga) if !audit::pending(&order.body) => flow::saga::hold(tx, &saga.id, false),
        _ => Ok(()),
    }
}

/// Writes a line into the history and saves.
fn noted(tx: &mut Tx<'_>, order: &mut Document, before: &Map<String, Value>, what: (&str, &str)) -> Result<()> {
    note(tx, order, what);
    tmf::save(tx, &PRODUCT_ORDER, before, order)
}
