//! Another offering for the same product.
//!
//! A month that has been billed in advance is corrected by days: the rest of it at the new price less the rest of it at
//! the old one. What is due is billed, what is due back goes to the balance. A month that is billed by the cycle needs no
//! correction: each charge has its first and its last day.

use super::{
    super::Collaboration,
    billing::{self, For},
    must, put_back, remember, text,
};
use crate::{
    account,
    bill::NewLine,
    contract,
    ledger::{self, Entry, Kind, Posting},
    pricing::{self, ChargeKind, Part, PriceAsk, PriceItem, Reduction},
    settings,
    subscription::{self, Subscription},
};
use kernel::{Date, Money, Problem, Result};
use serde_json::{Value, json};
use store::Tx;

struct Agreed {
    charges: Vec<pricing::Charge>,
    reductions: Vec<Reduction>,
}

fn agreed(tx: &mut Tx<'_>, fact: &Collaboration, offering: &str, version: Option<i64>, day: Date) -> Result<Agreed> {
    let pinned = &fact.new["pricing"];
    let plain = |owned: Vec<pricing::Owned>| owned.into_iter().map(|o| o.charge).collect();
    if pinned["charges"].is_array() {
        let read = |e: serde_json::Error| Problem::invalid("pricing", &e.to_string());
        let reductions = match &pinned["reductions"] {
            Value::Null => Vec::new(),
            list => serde_json::from_value(list.clone()).map_err(read)?,
        };
        return Ok(Agreed {
            charges: plain(serde_json::from_value(pinned["charges"].clone()).map_err(read)?),
            reductions,
        });
    }
    let item = PriceItem {
        offering_id: offering.to_owned(),
        version,
        quantity: 1,
        discounts: pricing::discounts_in(&fact.new["discounts"])?,
        product_id: Some(fact.product_id.clone()),
        ..PriceItem::default()
    };
    let ask = PriceAsk { customer_id: Some(fact.customer_id.clone()), at: day, items: vec![item] };
    let mut quote = pricing::price(tx, &ask)?;
    let item = quote.items.pop().ok_or_else(|| Problem::internal("a quote without its item"))?;
    Ok(Agreed { charges: plain(item.charges), reductions: item.reductions })
}

/// Was the running month billed when the product started? Only its first month is billed in advance.
fn billed_in_advance(s: &Subscription, day: Date) -> bool {
    s.charged_from.first_of_month() == day.first_of_month()
}

pub fn change(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let day = fact.effective_from.date();
    let offering_id = must(&fact.new, "offeringId")?;
    let version = fact.new["offeringVersion"].as_i64();
    let mut s = subscription::must(tx, &fact.product_id)?;
    let was = remember(&s);
    let before = subscription::charges_of(tx, &s.id)?;
    let agreed = agreed(tx, fact, &offering_id, version, day)?;
    let offering = catalog::offering_at(tx, &offering_id, version)?;
    subscription::replace_charges(tx, &s.id, &agreed.charges, day)?;
    s.offering_id.clone_from(&offering.id);
    s.offering_version = Some(version.unwrap_or(offering.version));
    s.name.clone_from(&offering.name);
    subscription::save(tx, &mut s, day, id)?;
    let divisor = settings::DIVISOR.number(tx)?;
    let whom = For { subscription_id: &s.id, product_id: &s.product_id, name: &s.name, number: &s.number };
    let taken = pricing::apply_discounts(&agreed.charges, &agreed.reductions, day, divisor)?;
    let in_advance = billed_in_advance(&s, day);
    let mut lines: Vec<NewLine> = Vec::new();
    for charge in agreed.charges.iter().filter(|c| in_advance || c.months != 1) {
        lines.push(whom.line(pricing::line(charge, 1, day, divisor)?));
    }
    for (reduction, off) in agreed.reductions.iter().zip(&taken) {
        subscription::keep_discount(tx, (&s.id, &s.product_id), reduction, off, id)?;
        let billed_now = in_advance || off.applies == pricing::Applies::OneTime;
        if billed_now && !off.amount.is_zero() {
            lines.push(whom.line(billing::discount(off)));
        }
    }
    if in_advance {
        lines.extend(given_back(&before, &whom, day, divisor)?);
    }
    let (billed, credited) = settle(tx, fact, &s, lines, id)?;
    let mut bound = Value::Null;
    if let Some(terms) = offering.contract {
        let new = contract::NewContract {
            org: &s.org,
            product_id: &s.product_id,
            customer_id: &s.customer_id,
            offering: &offering,
            months: terms.months,
            rule: terms.early_termination,
            monthly: contract::monthly(&agreed.charges, &taken, 1)?,
            starts: day,
            collaboration_id: id,
        };
        let (new, replaced) = contract::bind(tx, &new)?;
        bound = json!({"new": new, "replaced": replaced});
    }
    Ok(json!({"was": was, "charges": before, "billed": billed, "creditedFen": credited, "contract": bound}))
}

/// The rest of the month at the old price, as lines that give it back.
fn given_back(before: &[pricing::Charge], whom: &For<'_>, day: Date, divisor: i64) -> Result<Vec<NewLine>> {
    let part = Part::starting(day);
    before
        .iter()
        .filter(|c| c.months == 1)
        .map(|charge| {
            let mut line = pricing::line(charge, 1, day, divisor)?;
            line.amount = part.charge(charge.amount, divisor).negated();
            line.monthly = charge.amount.negated();
            line.note = format!("原资费剩余 {} 天退回", part.days);
            line.note_en = format!("{} days of the former tariff given back", part.days);
            Ok(whom.line(line))
        })
        .collect()
}

/// Bills what is due; what is due back goes to the balance.
fn settle(
    tx: &mut Tx<'_>,
    fact: &Collaboration,
    s: &Subscription,
    lines: Vec<NewLine>,
    id: &str,
) -> Result<(Vec<Value>, Money)> {
    let day = fact.effective_from.date();
    let sum = lines.iter().try_fold(Money::ZERO, |sum, l| sum.plus(l.line.amount))?;
    if sum >= Money::ZERO {
        let bill = ("order", fact.order_id.as_str(), day);
        return Ok((billing::charge(tx, &s.account_id, &s.product_id, bill, lines)?, Money::ZERO));
    }
    let (once, rest): (Vec<NewLine>, Vec<NewLine>) =
        lines.into_iter().partition(|l| l.line.kind == ChargeKind::OneTime && l.line.amount > Money::ZERO);
    let back = rest.iter().try_fold(Money::ZERO, |sum, l| sum.plus(l.line.amount))?.negated();
    let bill = ("order", fact.order_id.as_str(), day);
    let billed = billing::charge(tx, &s.account_id, &s.product_id, bill, once)?;
    to_balance(tx, &s.account_id, back, id)?;
    Ok((billed, back))
}

/// Money given back to the account, or taken again when negative.
fn to_balance(tx: &mut Tx<'_>, account_id: &str, amount: Money, id: &str) -> Result<()> {
    if amount.is_zero() {
        return Ok(());
    }
    let account = account::lock(tx, account_id)?;
    let posting = Posting {
        kind: "credit",
        subject_type: "collaboration",
        subject_id: id,
        shift_id: None,
        org: &account.org,
        entries: vec![
            Entry::new(Kind::Revenue, account_id, amount),
            Entry::new(Kind::Balance, account_id, amount.negated()),
        ],
    };
    ledger::post(tx, posting)?;
    crate::bill::settle(tx, &account)?;
    account::refresh(tx, account_id)
}

/// What was given back is taken from the balance again; what of it paid bills meanwhile is billed once more.
fn take_again(tx: &mut Tx<'_>, s: &Subscription, credited: Money, today: Date, id: &str) -> Result<()> {
    let held = ledger::on_book(tx, &s.account_id, ledger::GENERAL)?;
    let from_balance = if held < credited { held } else { credited };
    to_balance(tx, &s.account_id, from_balance.negated(), id)?;
    let rest = credited.plus(from_balance.negated())?;
    if rest.is_zero() {
        return Ok(());
    }
    let note =
        ("变更撤销，已退回的费用重新计收", "the change was taken back: what had been given back is charged again");
    let whom = For { subscription_id: &s.id, product_id: &s.product_id, name: &s.name, number: &s.number };
    let line = whom.line(billing::once("变更撤销冲回", rest, today, note));
    let order = id.split(':').next().unwrap_or(id);
    billing::charge(tx, &s.account_id, &s.product_id, ("order", order, today), vec![line]).map(drop)
}

pub fn unchange(tx: &mut Tx<'_>, before: &Value, id: &str) -> Result<()> {
    put_back(tx, &before["was"], id)?;
    let s = subscription::must(tx, before["was"]["productId"].as_str().unwrap_or(""))?;
    let charges: Vec<pricing::Charge> = serde_json::from_value(before["charges"].clone()).map_err(Problem::internal)?;
    let today = tx.now().date();
    subscription::replace_charges(tx, &s.id, &charges, today)?;
    let credited = Money::fen(before["creditedFen"].as_i64().unwrap_or(0));
    take_again(tx, &s, credited, today, id)?;
    if let Some(new) = text(&before["contract"], "new") {
        contract::set(tx, &new, "void")?;
    }
    if let Some(replaced) = text(&before["contract"], "replaced") {
        contract::set(tx, &replaced, "running")?;
    }
    Ok(())
}
