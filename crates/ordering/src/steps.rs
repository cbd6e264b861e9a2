//! What the steps of an order's saga change in our records. Called by the handlers in `journeys`, each inside the
//! transaction that books its step; all may be called again with the same result.

use crate::{
    Event, PRODUCT_ORDER, State,
    acceptance::effects::{self, Stage},
    change::Turn,
    order::{customer_id, note, step},
    problems, service_order,
};
use billing::{CollaborationKind, CollaborationOrderState};
use customer::KeyKind;
use flow::{Saga, SagaState, StepState};
use http::tmf::{self, Document};
use inventory::{
    numbers, ports,
    products::{self, Status, characteristic},
    services, sims,
};
use kernel::{Problem, Result};
use store::Tx;

mod facts;

/// Work begins.
pub fn begin(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    let mut order = tmf::lock(tx, &PRODUCT_ORDER, order_id)?;
    if [State::InProgress, State::Held].iter().any(|s| order.text("state") == s.text()) {
        return Ok(()); // it began already, or is held and will begin when it is released
    }
    step(tx, &mut order, Event::Begin, ("开始施工", "Work begins"))?;
    service_order::follow(tx, order_id, Event::Begin)
}

/// A product of the order works: it is active, its number in use, and the customer is found by it.
pub fn open_product(tx: &mut Tx<'_>, order_id: &str, product_id: &str) -> Result<()> {
    let order = tmf::load(tx, &PRODUCT_ORDER, order_id)?;
    let product = products::get(tx, product_id)?;
    if product.text("status") == Status::Active.text() {
        return Ok(());
    }
    let product = products::open(tx, product_id, order.text("orderNo"))?;
    let customer = customer_id(&product.body).to_owned();
    if let Some(number) = characteristic(&product.body, "number") {
        numbers::assign(tx, &number, product_id)?;
    }
    for (kind, text) in keys(&product) {
        customer::add_key(tx, &customer, kind, &text)?;
    }
    let planned = service_order::services_of(tx, order_id, product_id)?;
    services::create(tx, &[(&product, planned)])
}

/// Takes [`open_product`] back.
pub fn unopen_product(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    let product = products::get(tx, product_id)?;
    if product.text("status") != Status::Active.text() {
        return Ok(());
    }
    forget(tx, &product)?;
    if let Some(number) = characteristic(&product.body, "number") {
        numbers::unassign(tx, &number)?;
    }
    products::unset_active(tx, product_id)
}

fn keys(product: &Document) -> Vec<(KeyKind, String)> {
    let of = |name: &str, kind| characteristic(&product.body, name).map(|text| (kind, text));
    of("number", KeyKind::Number).into_iter().chain(of("broadbandAccount", KeyKind::Broadband)).collect()
}

/// The customer is not found by this product any more, and its services have ended.
fn forget(tx: &mut Tx<'_>, product: &Document) -> Result<()> {
    let customer = customer_id(&product.body).to_owned();
    for (kind, text) in keys(product) {
        customer::remove_key(tx, &customer, kind, &text)?;
    }
    services::follow(tx, &product.id, "terminated")
}

/// The product follows what the network was told.
pub fn turn_product(tx: &mut Tx<'_>, product_id: &str, turn: Turn) -> Result<()> {
    let product = products::get(tx, product_id)?;
    if product.text("status") == turn.to().text() {
        return Ok(());
    }
    let number = characteristic(&product.body, "number");
    products::set_status(tx, product_id, turn.to())?;
    match (turn, number) {
        (Turn::Suspend, Some(number)) => numbers::suspend(tx, &number)?,
        (Turn::Resume, Some(number)) => numbers::resume(tx, &number)?,
        (Turn::Terminate, Some(number)) => numbers::release(tx, &number)?,
        (_, None) => {}
    }
    match turn {
        Turn::Suspend => services::follow(tx, product_id, "inactive"),
        Turn::Resume => services::follow(tx, product_id, "active"),
        Turn::Terminate => {
            ports::release(tx, product_id)?;
            forget(tx, &product)
        }
    }
}

/// Takes a suspension or resumption back. A termination cannot be taken back: the number may be with somebody else.
pub fn unturn_product(tx: &mut Tx<'_>, product_id: &str, turn: Turn) -> Result<()> {
    let product = products::get(tx, product_id)?;
    match turn {
        _ if product.text("status") != turn.to().text() => Ok(()),
        Turn::Suspend => turn_product(tx, product_id, Turn::Resume),
        Turn::Resume => turn_product(tx, product_id, Turn::Suspend),
        Turn::Terminate => Err(crate::state::refusal("terminated", "undo")),
    }
}

/// Tells billing what the order changed, once for each product.
pub fn tell_billing(tx: &mut Tx<'_>, order_id: &str, fact: CollaborationKind) -> Result<()> {
    let order = tmf::load(tx, &PRODUCT_ORDER, order_id)?;
    let concerned = match order.body.get("changesProduct").and_then(serde_json::Value::as_str) {
        Some(id) => vec![products::get(tx, id)?],
        None => products::of_order(tx, order_id)?,
    };
    for product in concerned {
        let new = serde_json::json!({"pricing": crate::sale::pricing_of(&order.body, &product.body)});
        facts::say(tx, &order, fact, &product, serde_json::json!({}), new)?;
    }
    Ok(())
}

/// Tells billing what a business changed, fact by fact.
pub fn tell_facts(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    facts::tell(tx, order_id)
}

/// Takes [`tell_facts`] back.
pub fn take_facts_back(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    billing::take_back(tx, order_id)
}

/// Numbers that the order keeps beside those of the products it makes.
fn reserved_numbers(order: &Document) -> Vec<String> {
    let all = order.body.get("reservedNumbers").and_then(serde_json::Value::as_array).into_iter().flatten();
    all.filter_map(|n| n.as_str()).map(str::to_owned).collect()
}

/// Whether billing has acknowledged everything this order told it. Fails where a person has to deal with it.
pub fn billing_answered(tx: &mut Tx<'_>, order_id: &str) -> Result<bool> {
    let told = billing::collaboration_state(tx, order_id)?;
    if let Some(refused) = told.iter().find(|c| c.state == CollaborationOrderState::Manual) {
        return Err(Problem::new(&problems::BILLING_REFUSED).with("detail", &refused.id));
    }
    Ok(told.iter().all(|c| c.state.is_done()))
}

/// Everything is done: the order is completed and filed.
pub fn complete(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    let mut order = tmf::lock(tx, &PRODUCT_ORDER, order_id)?;
    if State::parse(order.text("state"))? == State::Completed {
        return Ok(());
    }
    effects::perform(tx, order_id, Stage::Last)?;
    step(tx, &mut order, Event::Complete, ("竣工归档", "Completed"))?;
    service_order::follow(tx, order_id, Event::Complete)
}

/// The order follows its saga.
pub fn changed(tx: &mut Tx<'_>, saga: &Saga, _: SagaState) -> Result<()> {
    let id = &saga.subject_id;
    match saga.state() {
        SagaState::Running | SagaState::Waiting => Ok(()),
        SagaState::Done => complete(tx, id),
        SagaState::Stuck => {
            let failed = saga.plan.steps.iter().find(|s| matches!(s.state, StepState::Failed | StepState::UndoFailed));
            let (zh, en) = failed.map_or(("", ""), |s| (s.zh.as_str(), s.en.as_str()));
            let mut order = tmf::lock(tx, &PRODUCT_ORDER, id)?;
            let before = order.body.clone();
            note(tx, &mut order, (&format!("异常：{zh}"), &format!("Failed: {en}")));
            tmf::save(tx, &PRODUCT_ORDER, &before, &mut order)
        }
        SagaState::Compensating => cancelling(tx, id),
        SagaState::Compensated => {
            cancelling(tx, id)?;
            undone(tx, id)
        }
        SagaState::Abandoned => {
            let mut order = tmf::lock(tx, &PRODUCT_ORDER, id)?;
            step(tx, &mut order, Event::Fail, ("放弃", "Abandoned"))?;
            service_order::follow(tx, id, Event::Fail)
        }
    }
}

/// An operator turned the saga round: the order is being cancelled like one that the customer gave up.
fn cancelling(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    let mut order = tmf::lock(tx, &PRODUCT_ORDER, order_id)?;
    if State::parse(order.text("state"))? == State::PendingCancellation {
        return Ok(());
    }
    step(tx, &mut order, Event::Cancel, ("撤单中", "Being cancelled"))?;
    service_order::follow(tx, order_id, Event::Cancel)
}

/// Nothing of the order is left in the network: its products are cancelled, what it reserved is free again.
fn undone(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    let mut order = tmf::lock(tx, &PRODUCT_ORDER, order_id)?;
    for product in products::of_order(tx, order_id)? {
        products::set_status(tx, &product.id, Status::Cancelled)?;
        if let Some(number) = characteristic(&product.body, "number") {
            numbers::release(tx, &number)?;
        }
        ports::release(tx, &product.id)?;
    }
    for number in reserved_numbers(&order) {
        numbers::release(tx, &number)?;
    }
    sims::release_order(tx, order_id)?;
    if let Some(account) = order.body.get("openedAccount").and_then(serde_json::Value::as_str) {
        billing::close_account_unused(tx, account)?;
    }
    step(tx, &mut order, Event::Undone, ("已退单", "Cancelled"))?;
    service_order::follow(tx, order_id, Event::Undone)
}
