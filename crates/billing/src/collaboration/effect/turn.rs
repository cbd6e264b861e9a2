//! Suspending, resuming and ending.

use super::{
    super::{Collaboration, CollaborationKind},
    billing::{self, For, once},
    put_back, remember, text,
};
use crate::{
    contract,
    pricing::{Line, Part},
    relation, settings,
    subscription::{self, Change, State, Subscription},
};
use kernel::{Date, Money, Result};
use serde_json::{Value, json};
use store::Tx;

fn whom(s: &Subscription) -> For<'_> {
    For { subscription_id: &s.id, product_id: &s.product_id, name: &s.name, number: &s.number }
}

/// Suspension and resumption. A voluntary suspension costs its own monthly fee, the first month by days.
pub fn turn(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let day = fact.effective_from.date();
    let s = subscription::must(tx, &fact.product_id)?;
    let was = remember(&s);
    let change = if fact.kind == CollaborationKind::Suspend { Change::Suspend } else { Change::Resume };
    let same = s.state.after(change)? == s.state;
    subscription::change(tx, &fact.product_id, change, day, id)?;
    let voluntary = text(&fact.new, "reason").as_deref() == Some("customer");
    let mut billed = Vec::new();
    if change == Change::Suspend && voluntary && !same {
        let line = suspension_fee(tx, day)?;
        if !line.amount.is_zero() {
            let bill = ("order", fact.order_id.as_str(), day);
            billed = billing::charge(tx, &s.account_id, &s.product_id, bill, vec![whom(&s).line(line)])?;
        }
    }
    Ok(json!({"was": if same { Value::Null } else { was }, "billed": billed}))
}

/// What a voluntary suspension from `day` on costs in its first month: 5 yuan a month × 12 ÷ 365 × days.
fn suspension_fee(tx: &mut Tx<'_>, day: Date) -> Result<Line> {
    let monthly = settings::SUSPENSION_MONTHLY.money(tx)?;
    let (months, days) = (settings::SUSPENSION_MONTHS.number(tx)?, settings::SUSPENSION_DAYS.number(tx)?.max(1));
    let part = Part::starting(day);
    let amount = first_month(monthly, &part, months, days)?;
    let note = format!("月费 {monthly} 元 × {months} ÷ {days} × {} 天（{day} 至 {}）", part.days, part.to);
    let note_en = format!("{monthly} yuan a month × {months} ÷ {days} × {} days ({day} to {})", part.days, part.to);
    let line = once("停机保号费", amount, day, (&note, &note_en));
    Ok(Line { days: Some(part.days), monthly, to: part.to, ..line })
}

fn first_month(monthly: Money, part: &Part, months: i64, days: i64) -> Result<Money> {
    if part.whole { Ok(monthly) } else { Ok(monthly.prorated(months * part.days, days).min(monthly)) }
}

/// The product is charged no more; leaving a contract early costs what was agreed.
pub fn stop(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let day = fact.effective_from.date();
    let s = subscription::must(tx, &fact.product_id)?;
    let was = remember(&s);
    if s.state == State::Terminated {
        return Ok(json!({"was": null}));
    }
    let whole = subscription::bundle_product(&s.order_id, &s.bundle);
    let whole_was =
        if s.bundle.is_empty() { None } else { subscription::of_product(tx, &whole)?.map(|w| remember(&w)) };
    subscription::change(tx, &fact.product_id, Change::Terminate, day, id)?;
    // The bundle's own subscription ends with its last part, and the contract of the bundle with it.
    let whole_ended = match &whole_was {
        Some(was) => subscription::look(tx, &whole)?.filter(|w| Some(w.version) != was["version"].as_i64()),
        None => None,
    };
    let mut reckoned = contract::early_termination(tx, &fact.product_id, day)?;
    let mut broken = Vec::new();
    let ended: Vec<&str> =
        [Some(fact.product_id.as_str()), whole_ended.as_ref().map(|_| whole.as_str())].into_iter().flatten().collect();
    if whole_ended.is_some() {
        reckoned = reckoned.plus(contract::early_termination(tx, &whole, day)?)?;
    }
    for product in ended {
        if let Some(running) = contract::lock(tx, product)? {
            contract::set(tx, &running.id, if day < running.ends { "broken" } else { "ended" })?;
            broken.push(running.id);
        }
    }
    let penalty = fact.new["earlyTerminationFen"].as_i64().map_or(reckoned, |fen| Money::fen(fen.max(0)));
    let payers = relation::of_product(tx, &fact.product_id)?;
    let mut billed = Vec::new();
    if !penalty.is_zero() {
        let line = once("提前解约违约金", penalty, day, ("合同未到期", "the contract had not ended"));
        let bill = ("final", fact.order_id.as_str(), day);
        billed = billing::charge(tx, &s.account_id, &s.product_id, bill, vec![whom(&s).line(line)])?;
    }
    relation::set(tx, &s.org, (&s.product_id, &s.customer_id), &[], day, id)?;
    let whole_was = whole_was.filter(|_| whole_ended.is_some());
    Ok(json!({"was": was, "whole": whole_was, "contracts": broken, "payers": payers, "billed": billed}))
}

pub fn unturn(tx: &mut Tx<'_>, before: &Value, id: &str) -> Result<()> {
    if before["was"].is_null() { Ok(()) } else { put_back(tx, &before["was"], id) }
}

pub fn unstop(tx: &mut Tx<'_>, before: &Value, id: &str) -> Result<()> {
    if before["was"].is_null() {
        return Ok(());
    }
    put_back(tx, &before["was"], id)?;
    if before["whole"].is_object() {
        put_back(tx, &before["whole"], id)?;
    }
    for contract_id in before["contracts"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        contract::set(tx, contract_id, "running")?;
    }
    let s = subscription::must(tx, before["was"]["productId"].as_str().unwrap_or(""))?;
    let payers = relation::read_all(&before["payers"])?;
    let day = tx.now().date();
    relation::set(tx, &s.org, (&s.product_id, &s.customer_id), &payers, day, id).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_month_of_a_voluntary_suspension_is_12_365ths_a_day() {
        let fee = |day: &str| {
            let part = Part::starting(Date::parse(day).unwrap());
            first_month(Money::fen(500), &part, 12, 365).unwrap().in_fen()
        };
        assert_eq!(fee("2026-11-21"), 164, "5 × 12 ÷ 365 × 10 days = 1.6438 yuan");
        assert_eq!(fee("2026-11-30"), 16);
        assert_eq!(fee("2026-12-01"), 500);
        assert_eq!(fee("2026-12-02"), 493);
    }
}
