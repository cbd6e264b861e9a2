//! Making messages: which steps of the order belong into one, and what it says about them (TMF641).

use super::{ADD_ITEM, INSERT, Item, ItemState, Message, Purpose, State, Wanted, batch, lock, of_step, ring};
use crate::{
    adapter::{self, Verb, Wish},
    route, shared,
};
use flow::{Saga, StepState};
use inventory::products;
use kernel::Result;
use serde_json::{Value, json};
use store::{Tx, params};

/// What a step of the network is about.
pub fn wish(step: &flow::Step, undo: bool) -> Option<Wish> {
    let verb = Verb::parse(&step.name)?;
    Some(Wish { target: step.target.clone(), verb, undo, input: step.input.clone() })
}

/// Which system does a step.
pub fn system_of(tx: &mut Tx<'_>, saga: &Saga, wish: &Wish) -> Result<String> {
    let family = products::get(tx, wish.product())?.text("family").to_owned();
    route::resolve(tx, &wish.target, &saga.org, &family)
}

/// The message that carries step `at` of the saga, made when everything it waits for outside is done; `None` before that.
pub fn for_step(tx: &mut Tx<'_>, saga: &Saga, at: usize, system: &str) -> Result<Option<String>> {
    if let Some(id) = of_step(tx, &saga.id, at, Purpose::Order)? {
        return Ok(Some(id));
    }
    let steps = &saga.plan.steps;
    let mut mine = vec![false; steps.len()];
    for (i, step) in steps.iter().enumerate() {
        let open = !matches!(step.state, StepState::Done | StepState::Skipped);
        if let (true, Some(wish)) = (open, wish(step, false)) {
            mine[i] = system_of(tx, saga, &wish)? == system && of_step(tx, &saga.id, i, Purpose::Order)?.is_none();
        }
    }
    mine[at] = true;
    let after: Vec<Vec<usize>> = steps.iter().map(|s| s.after.clone()).collect();
    let numbers = batch::batches(&after, &mine);
    let members: Vec<usize> = (0..steps.len()).filter(|&i| mine[i] && numbers[i] == numbers[at]).collect();
    let finished = |i: usize| matches!(steps[i].state, StepState::Done | StepState::Skipped);
    let ready = members.iter().flat_map(|&m| &steps[m].after).all(|&a| members.contains(&a) || finished(a));
    if !ready {
        return Ok(None);
    }
    let mut pieces = Vec::new();
    for &i in &members {
        let Some(wish) = wish(&steps[i], false) else { continue };
        match piece(tx, i, &wish)? {
            Some(piece) => pieces.push(piece),
            None => return Ok(None), // somebody is just taking the shared thing away
        }
    }
    // The steps of a message that came too late for the last one (a route was changed) make one of their own.
    let batch = numbers[at].unwrap_or(0) + 1_000 * i64::try_from(carried(tx, saga, system)?).unwrap_or(0);
    insert(tx, saga, system, Purpose::Order, batch, &pieces, &after).map(Some)
}

/// How many messages of the order this system has already.
fn carried(tx: &mut Tx<'_>, saga: &Saga, system: &str) -> Result<usize> {
    let mut known = Vec::new();
    for i in 0..saga.plan.steps.len() {
        if let Some(id) = of_step(tx, &saga.id, i, Purpose::Order)?
            && !known.contains(&id)
            && lock(tx, &id)?.system == system
        {
            known.push(id);
        }
    }
    Ok(known.len())
}

/// One item with what is said about it.
pub struct Piece {
    item: Item,
    family: String,
    attributes: serde_json::Map<String, Value>,
    rfs: (String, String),
    on: Value,
}

/// What is said for a step; joins or leaves the thing it shares. `None` where it has to wait for that.
fn piece(tx: &mut Tx<'_>, at: usize, wish: &Wish) -> Result<Option<Piece>> {
    let told = adapter::told(tx, wish)?;
    let mut state = ItemState::Pending;
    if let Some(thing) = &told.shared {
        match wish.asked() {
            Verb::Activate if !shared::join(tx, thing, wish.product())? => return Ok(None),
            Verb::Deactivate if shared::leave(tx, thing, wish.product())? == shared::Left::InUse => {
                state = ItemState::Kept;
            }
            _ => {}
        }
    }
    let text = |name: &str| wish.input[name].as_str().unwrap_or("").to_owned();
    Ok(Some(Piece {
        item: Item {
            step: i64::try_from(at).unwrap_or(0),
            target: wish.target.clone(),
            verb: wish.asked().text().to_owned(),
            task: text("task"),
            product: wish.product().to_owned(),
            subscriber: told.subscriber,
            state,
            detail: String::new(),
            reported: false,
        },
        family: told.family,
        attributes: told.attributes,
        rfs: (text("rfsSpec"), text("rfs")),
        on: wish.input["on"].clone(),
    }))
}

fn insert(
    tx: &mut Tx<'_>,
    saga: &Saga,
    system: &str,
    purpose: Purpose,
    batch: i64,
    pieces: &[Piece],
    after: &[Vec<usize>],
) -> Result<String> {
    let id = tx.new_id::<Message>().into_string();
    let now = tx.now();
    let payload = body(&id, 1, saga, purpose, pieces, after);
    let made = tx.execute(
        &INSERT,
        params![id, system, saga.id, saga.subject_id, saga.org, purpose.text(), batch, payload, now],
    )?;
    if made == 0 {
        // Made at the same moment for another step of the same message.
        let step = pieces.first().map_or(0, |p| usize::try_from(p.item.step).unwrap_or(0));
        return of_step(tx, &saga.id, step, purpose)?.ok_or_else(|| kernel::Problem::new(&kernel::codes::CONFLICT));
    }
    for Piece { item, .. } in pieces {
        let Item { step, target, verb, task, product, subscriber, state, .. } = item;
        tx.execute(&ADD_ITEM, params![id, step, target, verb, task, product, subscriber, state.text()])?;
    }
    if pieces.iter().all(|p| p.item.state == ItemState::Kept) {
        let mut message = lock(tx, &id)?;
        (message.state, message.wanted, message.due) = (State::Completed, Wanted::Nothing, None);
        message.ended_at = Some(now);
        super::save(tx, &message)?;
    }
    ring(tx);
    Ok(id)
}

/// The TMF641 order: an item for each step, each with its version and what it relies on.
fn body(id: &str, version: i64, saga: &Saga, purpose: Purpose, pieces: &[Piece], after: &[Vec<usize>]) -> Value {
    let sent: Vec<i64> = pieces.iter().filter(|p| p.item.state != ItemState::Kept).map(|p| p.item.step).collect();
    let items: Vec<Value> = pieces
        .iter()
        .filter(|p| p.item.state != ItemState::Kept)
        .map(|p| {
            let at = usize::try_from(p.item.step).unwrap_or(0);
            let relies: Vec<Value> = after
                .get(at)
                .into_iter()
                .flatten()
                .filter(|a| purpose == Purpose::Order && sent.iter().any(|s| usize::try_from(*s) == Ok(**a)))
                .map(|a| json!({"relationshipType": "reliesOn", "orderItem": {"itemId": a.to_string()}}))
                .collect();
            let characteristics: Vec<Value> =
                p.attributes.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
            let (action, state) = match p.item.verb.as_str() {
                "activate" => ("add", "active"),
                "deactivate" => ("delete", "terminated"),
                // Stopped one way it still serves what comes in.
                "suspend" if p.attributes.get("bar").is_some_and(|b| b == "oneWay") => ("modify", "active"),
                "suspend" => ("modify", "inactive"),
                _ => ("modify", "active"),
            };
            json!({
                "id": p.item.step.to_string(), "action": action, "quantity": 1, "itemVersion": version,
                "verb": p.item.verb, "target": p.item.target, "change": p.on,
                "service": {
                    "id": p.item.subscriber, "@type": "ResourceFacingService", "serviceType": "RFS", "name": p.item.task,
                    "category": p.family, "state": state,
                    "serviceSpecification": {"id": p.rfs.0, "name": p.rfs.1},
                    "serviceCharacteristic": characteristics,
                },
                "serviceOrderItemRelationship": relies,
            })
        })
        .collect();
    json!({
        "externalId": id, "orderVersion": version, "@type": "ServiceOrder", "category": purpose.text(),
        "productOrder": saga.subject_id, "place": saga.org.as_str(), "serviceOrderItem": items,
    })
}

/// What the message would say now; the same where nothing was amended. Only its items that are to be sent.
pub fn again(tx: &mut Tx<'_>, saga: &Saga, message: &Message, items: &[Item]) -> Result<Value> {
    let mut pieces = Vec::new();
    for item in items.iter().filter(|i| i.state != ItemState::Kept) {
        let at = usize::try_from(item.step).unwrap_or(0);
        let Some(wish) = saga.plan.steps.get(at).and_then(|s| wish(s, message.purpose == Purpose::Undo)) else {
            continue;
        };
        let told = adapter::told(tx, &wish)?;
        let text = |name: &str| wish.input[name].as_str().unwrap_or("").to_owned();
        pieces.push(Piece {
            item: Item { subscriber: told.subscriber, ..item.clone() },
            family: told.family,
            attributes: told.attributes,
            rfs: (text("rfsSpec"), text("rfs")),
            on: wish.input["on"].clone(),
        });
    }
    let after: Vec<Vec<usize>> = saga.plan.steps.iter().map(|s| s.after.clone()).collect();
    Ok(body(&message.id, message.version, saga, message.purpose, &pieces, &after))
}

/// The message that takes back what another one did; made once.
pub fn undo(tx: &mut Tx<'_>, saga: &Saga, done: &Message) -> Result<String> {
    let mut pieces = Vec::new();
    for item in super::items(tx, &done.id)?.iter().rev().filter(|i| i.state == ItemState::Done) {
        let at = usize::try_from(item.step).unwrap_or(0);
        if let Some(id) = of_step(tx, &saga.id, at, Purpose::Undo)? {
            return Ok(id);
        }
        let Some(wish) = saga.plan.steps.get(at).and_then(|s| wish(s, true)) else { continue };
        match piece(tx, at, &wish)? {
            Some(piece) => pieces.push(piece),
            None => return Err(kernel::Problem::new(&kernel::codes::CONFLICT)),
        }
    }
    insert(tx, saga, &done.system, Purpose::Undo, done.batch, &pieces, &[])
}
