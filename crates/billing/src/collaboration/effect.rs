//! What a collaboration order does to charging, and how that is put back.
//!
//! Each effect returns what it changed; that is kept in `collaboration_effect`, and the inverse puts exactly it back.
//!
//! | kind | `new` (and `old`) |
//! |---|---|
//! | start | `pricing` as quoted, or `selection`, `discounts`; `payers` |
//! | stop | `earlyTerminationFen` as agreed; reckoned where it is missing |
//! | suspend, resume | `reason`: customer, loss, arrears, violation, realName … |
//! | changeTariff | `offeringId`, `offeringVersion`, `pricing` or `selection`, `discounts` |
//! | transfer | `customerId`, `accountId` |
//! | rename | `name` |
//! | changeNumber | `number` |
//! | changePayer | `accountId` (the product's own) and/or `relations` |
//! | mergeAccounts | `accountId`; the product is the account that is merged into it |
//! | splitAccount | `accountId` |
//! | refund | `accountId`, `amountFen` |
//! | contract | `offeringId`, `offeringVersion`, `months` |
//! | discount | `discounts` |
//! | groupMember | `accountId` of the group with `scope`, `percent`, `limitFen`; null on leaving |
//!
//! Any of them may carry `fees`: one-time lines `[{name, amountFen}]`.

mod billing;
mod money;
mod owner;
mod start;
mod tariff;
mod terms;
mod turn;

use super::{Collaboration, CollaborationKind as Kind};
use crate::{problems, subscription};
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::{Tx, params, sql};

sql! {
    KEEP = "INSERT INTO collaboration_effect (collaboration_id, before) VALUES ($1, $2)";
    KEPT = "SELECT e.before, c.kind FROM collaboration_effect e JOIN collaboration c ON c.id = e.collaboration_id \
            WHERE e.collaboration_id = $1 AND e.undone_at IS NULL";
    END_DISCOUNTS = "UPDATE subscription_discount SET valid_to = '0001-01-01' WHERE collaboration_id = $1";
    UNDONE = "UPDATE collaboration_effect SET undone_at = $2 WHERE collaboration_id = $1 AND undone_at IS NULL";
}

/// Carries the order out; everything or nothing.
pub fn apply(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<()> {
    let mut before = match fact.kind {
        Kind::Start => start::start(tx, fact, id)?,
        Kind::Stop => turn::stop(tx, fact, id)?,
        Kind::Suspend | Kind::Resume => turn::turn(tx, fact, id)?,
        Kind::ChangeTariff => tariff::change(tx, fact, id)?,
        Kind::Transfer => owner::transfer(tx, fact, id)?,
        Kind::Rename => owner::rename(tx, fact)?,
        Kind::ChangeNumber => owner::number(tx, fact, id)?,
        Kind::ChangePayer => owner::payer(tx, fact, id)?,
        Kind::GroupMember => owner::member(tx, fact, id)?,
        Kind::MergeAccounts => money::merge(tx, fact, id)?,
        Kind::SplitAccount => money::split(tx, fact, id)?,
        Kind::Refund => money::refund(tx, fact, id)?,
        Kind::Contract => terms::contract(tx, fact, id)?,
        Kind::Discount => terms::discount(tx, fact, id)?,
    };
    before["metered"] = crate::metered::apply(tx, fact, &before["moved"])?;
    let fees = billing::fees(tx, fact)?;
    if !fees.is_empty() {
        before["fees"] = json!(fees);
    }
    tx.execute(&KEEP, params![id, before]).map(drop)
}

/// Puts back what the collaboration order `forward` changed; nothing where that has been done.
pub fn undo(tx: &mut Tx<'_>, forward: &str, id: &str) -> Result<()> {
    let Some(row) = tx.query_opt(&KEPT, params![forward])? else { return Ok(()) };
    let (before, kind) = (row.json(0), Kind::parse(row.str(1))?);
    match kind {
        Kind::Start => start::unstart(tx, &before, id)?,
        Kind::Stop => turn::unstop(tx, &before, id)?,
        Kind::Suspend | Kind::Resume => turn::unturn(tx, &before, id)?,
        Kind::ChangeTariff => tariff::unchange(tx, &before, id)?,
        Kind::Transfer | Kind::ChangeNumber => owner::restore(tx, &before, id)?,
        Kind::Rename => owner::unrename(tx, &before)?,
        Kind::ChangePayer | Kind::GroupMember => owner::unpayer(tx, &before, id)?,
        Kind::MergeAccounts => crate::account::unmerge(tx, &before["moved"], id)?,
        Kind::SplitAccount => crate::account::unsplit(tx, &before["moved"], id)?,
        Kind::Refund => money::unrefund(tx, &before)?,
        Kind::Contract => terms::uncontract(tx, &before)?,
        Kind::Discount => {}
    }
    crate::metered::undo(tx, &before["metered"])?;
    // The discounts it gave ended before they began.
    tx.execute(&END_DISCOUNTS, params![forward])?;
    billing::credit_all(tx, &before["billed"])?;
    billing::credit_all(tx, &before["fees"])?;
    tx.execute(&UNDONE, params![forward, tx.now()]).map(drop)
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().filter(|t| !t.is_empty()).map(str::to_owned)
}

fn must(value: &Value, name: &str) -> Result<String> {
    text(value, name).ok_or_else(|| Problem::missing(name))
}

/// The subscription as it stood, for the one that puts it back.
fn remember(s: &subscription::Subscription) -> Value {
    json!({
        "productId": s.product_id, "version": s.version, "state": s.state.name(), "org": s.org, "accountId": s.account_id,
        "customerId": s.customer_id, "offeringId": s.offering_id, "offeringVersion": s.offering_version, "name": s.name,
        "number": s.number, "chargedTo": s.charged_to,
    })
}

/// Puts a subscription back to what it was.
///
/// Fails where it has been changed again since: then only a person can say what is meant.
fn put_back(tx: &mut Tx<'_>, was: &Value, id: &str) -> Result<()> {
    let mut s = subscription::must(tx, was["productId"].as_str().unwrap_or(""))?;
    if Some(s.version) != was["version"].as_i64().map(|v| v + 1) {
        return Err(Problem::new(&problems::UNDO_CHANGED));
    }
    let get = |name: &str| was[name].as_str().unwrap_or("").to_owned();
    s.state = subscription::State::named(&get("state"))?;
    s.org = kernel::OrgPath::parse(&get("org"))?;
    s.account_id = get("accountId");
    s.customer_id = get("customerId");
    s.offering_id = get("offeringId");
    s.offering_version = was["offeringVersion"].as_i64();
    s.name = get("name");
    s.number = get("number");
    s.charged_to = text(was, "chargedTo").map(|d| kernel::Date::parse(&d)).transpose()?;
    let today = tx.now().date();
    subscription::save(tx, &mut s, today, id)
}
