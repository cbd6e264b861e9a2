//! Quick actions: what a caller is told at once, and where the rest is done.

use super::{
    call::{Call, Level},
    verify,
};
use crate::problems;
use customer::Summary;
use inventory::products;
use kernel::{Lang, Problem, Result, mask_phone};
use portability::eligibility;
use serde_json::{Value, json};
use store::{Tx, params, sql};

sql! {
    ACTIONS = "SELECT code, hotkey, zh, en, kind, target, level FROM hotline_action ORDER BY rank";
}

/// The ten actions with whether the caller may have them.
pub fn actions(tx: &mut Tx<'_>, call: Option<&Call>) -> Result<Vec<Value>> {
    let level = call.map_or(Level::None, |c| c.level);
    let chosen = call.is_some_and(|c| c.customer_id.is_some());
    let rows = tx.query(&ACTIONS, params![])?;
    Ok(rows
        .iter()
        .map(|r| {
            let needed = Level::parse(r.str(6));
            json!({
                "code": r.str(0), "hotkey": r.str(1), "zh": r.str(2), "en": r.str(3), "kind": r.str(4), "target": r.str(5),
                "level": r.str(6), "allowed": chosen && level >= needed,
            })
        })
        .collect())
}

/// Something to say, in both languages.
fn say(zh: String, en: String) -> Value {
    json!({"zh": zh, "en": en})
}

/// Answers an action. `seen` is the customer in clear.
pub fn answer(tx: &mut Tx<'_>, call: &mut Call, seen: &Summary, code: &str, lang: Lang) -> Result<Value> {
    let rows = tx.query(&ACTIONS, params![])?;
    let row = rows.iter().find(|r| r.str(0) == code);
    let row = row.ok_or_else(|| Problem::new(&problems::ACTION).with("value", code))?;
    if call.level < Level::parse(row.str(6)) {
        let name = if lang == Lang::En { row.str(3) } else { row.str(2) };
        return Err(Problem::new(&problems::UNVERIFIED).with("action", name));
    }
    let said = match (row.str(4), row.str(5)) {
        ("answer", "balance") => balance(tx, seen)?,
        ("answer", "lastBill") => last_bill(tx, seen)?,
        ("answer", "arrears") => arrears(tx, seen)?,
        ("answer", "inTransit") => in_transit(tx, seen)?,
        ("answer", "sendCode") => {
            let number = verify::send_code(tx, call, seen)?;
            json!({"say": [say(format!("验证码已发送到 {number}"), format!("A code was sent to {number}"))], "number": number})
        }
        ("answer", "porting") => porting(tx, seen, &call.number)?,
        (_, target) => json!({"say": [], "open": {"customerId": seen.id, "business": target}}),
    };
    call.actions.push(code.to_owned());
    call.save(tx)?;
    call.tell(tx, "CallActionEvent", json!({"action": code, "level": call.level.text()}))?;
    Ok(said)
}

fn balance(tx: &mut Tx<'_>, seen: &Summary) -> Result<Value> {
    let amount = billing::balance_of(tx, &seen.id)?;
    let line = say(format!("账户余额 {amount} 元"), format!("The balance is {amount} yuan"));
    Ok(json!({"say": [line], "balanceFen": amount}))
}

fn last_bill(tx: &mut Tx<'_>, seen: &Summary) -> Result<Value> {
    let bills = billing::bills_of(tx, &seen.id, 1)?;
    let Some(bill) = bills.first() else {
        return Ok(json!({"say": [say("还没有账单".into(), "There is no bill yet".into())], "bill": null}));
    };
    let (amount, remaining, due) = (bill.amount, bill.remaining, bill.due_date);
    let line = if remaining.is_zero() {
        say(format!("最近一期账单 {amount} 元，已缴清"), format!("The last bill is {amount} yuan and is paid"))
    } else {
        say(
            format!("最近一期账单 {amount} 元，待缴 {remaining} 元，请在 {due} 前缴清"),
            format!("The last bill is {amount} yuan; {remaining} yuan are to be paid until {due}"),
        )
    };
    Ok(json!({"say": [line], "bill": bill}))
}

fn arrears(tx: &mut Tx<'_>, seen: &Summary) -> Result<Value> {
    let owed = billing::arrears_of(tx, &seen.id)?;
    let line = if owed.total.is_zero() {
        say("没有欠费".into(), "Nothing is owed".into())
    } else {
        let (total, overdue, n) = (owed.total, owed.overdue, owed.bill_count);
        say(
            format!("共欠费 {total} 元（{n} 张账单），其中已逾期 {overdue} 元"),
            format!("{total} yuan are owed on {n} bills, {overdue} of it overdue"),
        )
    };
    Ok(json!({"say": [line], "arrears": owed}))
}

fn in_transit(tx: &mut Tx<'_>, seen: &Summary) -> Result<Value> {
    let orders = ordering::in_transit(tx, &seen.id)?;
    let mut lines: Vec<Value> = orders
        .iter()
        .map(|o| {
            let (no, what, done, total) = (&o.order_no, &o.summary, o.progress.done, o.progress.total);
            say(
                format!("订单 {no}：{what}，进度 {done}/{total}"),
                format!("Order {no}: {what}, {done} of {total} steps"),
            )
        })
        .collect();
    if lines.is_empty() {
        lines.push(say("没有在途订单".into(), "No order is in transit".into()));
    }
    Ok(json!({"say": lines, "orders": orders}))
}

/// Every reason against leaving, for the line the caller rings from or all of the customer's.
fn porting(tx: &mut Tx<'_>, seen: &Summary, calling: &str) -> Result<Value> {
    let held = products::of_customer(tx, &seen.id)?;
    let mut numbers: Vec<String> = held
        .iter()
        .filter(|p| p.text("family") == "mobile" && matches!(p.text("status"), "active" | "suspended"))
        .filter_map(|p| products::characteristic(&p.body, "number"))
        .collect();
    if numbers.iter().any(|n| n == calling) {
        numbers.retain(|n| n == calling);
    }
    let mut lines = Vec::new();
    for number in numbers.iter().take(5) {
        let standing = eligibility::check(tx, number, None)?;
        let shown = mask_phone(number);
        if standing.eligible() {
            lines.push(say(format!("{shown} 符合携出条件"), format!("{shown} can be ported out")));
        }
        for reason in &standing.reasons {
            lines.push(say(format!("{shown}：{}", reason.zh), format!("{shown}: {}", reason.en)));
        }
    }
    if lines.is_empty() {
        lines.push(say("没有移动号码".into(), "There is no mobile number".into()));
    }
    Ok(json!({"say": lines}))
}
