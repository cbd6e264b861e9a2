//! Reminders that are owed apart from debts: huge charges, balances and allowances running out, business done. Each
//! cause is told once.

use http::App;
use kernel::{Actor, Money, OrgPath, Phone, Result};
use messaging::{Channel, Notice};
use serde_json::Value;
use store::{Delivered, Tx};

use crate::law;

/// Whether an event is told to the customer.
pub fn wants(event: &Delivered) -> bool {
    let types = ["BucketExpiryReminderEvent", "AllowanceNearCreateEvent", CREDIT];
    is_huge(event) || is_business(event) || types.contains(&event.event_type.as_str())
}

const CREDIT: &str = "CreditNearCreateEvent";

fn is_huge(event: &Delivered) -> bool {
    event.event_type.starts_with("HugeCharge") && event.event_type.ends_with("CreateEvent")
}

fn is_allowance(event: &Delivered) -> bool {
    event.event_type == "AllowanceNearCreateEvent"
}

fn is_business(event: &Delivered) -> bool {
    event.event_type == "ProductOrderStateChangeEvent"
}

pub fn hear(tx: &mut Tx<'_>, event: &Delivered) -> Result<()> {
    if is_business(event) {
        return business(tx, event);
    }
    let body = event.payload.as_object().and_then(|o| o.values().next()).cloned().unwrap_or(Value::Null);
    let customer = match event.topic.strip_prefix("customer:") {
        Some(id) => id.to_owned(),
        None => text(&body, &event.payload, &["customerId"]),
    };
    if customer.is_empty() {
        return Ok(());
    }
    let org = OrgPath::parse(&event.org)?;
    let money = |names: &[&str]| {
        let found = names.iter().find_map(|n| body.get(*n).or_else(|| event.payload.get(*n)));
        found.and_then(Value::as_i64).map_or_else(String::new, |fen| Money::fen(fen).to_string())
    };
    let number = text(&body, &event.payload, &["number"]);
    let (template, values): (&str, Vec<(&str, String)>) = if is_huge(event) {
        let values = vec![
            ("amount", money(&["amountFen", "chargeFen", "soFarFen"])),
            ("mean", money(&["meanFen", "averageFen"])),
            ("cycle", text(&body, &event.payload, &["cycle", "month"])),
        ];
        ("charge.huge", values)
    } else if is_allowance(event) {
        let percent =
            body.get("percent").or_else(|| event.payload.get("percent")).and_then(Value::as_i64).unwrap_or(80);
        let said = |name| text(&body, &event.payload, &[name]);
        let values = vec![
            ("plan", said("plan")),
            ("planEn", said("planEn")),
            ("percent", percent.to_string()),
            ("left", said("left")),
            ("leftEn", said("leftEn")),
        ];
        let template = match (percent >= 100, body["slowed"] == true) {
            (true, true) => "allowance.slow",
            (true, false) => "allowance.gone",
            (false, _) => "allowance.near",
        };
        (template, values)
    } else if event.event_type == CREDIT {
        let percent = body["percent"].as_i64().unwrap_or(0).to_string();
        let values = vec![("amount", money(&["amountFen"])), ("limit", money(&["limitFen"])), ("percent", percent)];
        ("credit.near", values)
    } else {
        (
            "book.expiring",
            vec![("amount", money(&["balanceFen"])), ("until", text(&body, &event.payload, &["expires"]))],
        )
    };
    tell(tx, &customer, &org, (template, values), &number, &format!("{template}:{}", event.id))
}

fn text(body: &Value, payload: &Value, names: &[&str]) -> String {
    let found = names.iter().find_map(|n| body.get(*n).or_else(|| payload.get(*n)));
    found.and_then(Value::as_str).unwrap_or("").to_owned()
}

/// Tells a customer: at the number it is about where it is a mobile one, else at the customer's own telephone, or at a line
/// that the customer has.
pub fn tell(
    tx: &mut Tx<'_>,
    customer_id: &str,
    org: &OrgPath,
    message: (&str, Vec<(&str, String)>),
    number: &str,
    cause: &str,
) -> Result<()> {
    let Ok(reach) = customer::reach(tx, customer_id) else { return Ok(()) };
    let line = Some(number.to_owned()).filter(|n| customer::is_mobile(n));
    let to = line.or_else(|| reach.telephone.clone());
    send(tx, (customer_id, org, &reach.name), to, message, number, cause)
}

/// The same, but at the customer's own telephone first: the line may be what was suspended, or in wrong hands.
fn tell_owner(
    tx: &mut Tx<'_>,
    customer_id: &str,
    org: &OrgPath,
    message: (&str, Vec<(&str, String)>),
    number: &str,
    cause: &str,
) -> Result<()> {
    let Ok(reach) = customer::reach(tx, customer_id) else { return Ok(()) };
    let to = reach.telephone.clone().or_else(|| Some(number.to_owned()).filter(|n| customer::is_mobile(n)));
    send(tx, (customer_id, org, &reach.name), to, message, number, cause)
}

fn send(
    tx: &mut Tx<'_>,
    (customer_id, org, name): (&str, &OrgPath, &str),
    to: Option<String>,
    (template, mut values): (&str, Vec<(&str, String)>),
    number: &str,
    cause: &str,
) -> Result<()> {
    let to = match to {
        Some(to) => Some(to),
        None => mobile_of(tx, customer_id)?,
    };
    let Some(to) = to.map(|to| as_dialled(&to)) else { return Ok(()) };
    let number = if number.is_empty() { to.clone() } else { as_dialled(number) };
    values.push(("name", name.to_owned()));
    values.push(("number", kernel::mask_phone(&number)));
    let notice = Notice {
        template,
        channel: Channel::Sms,
        to: &to,
        customer_id: Some(customer_id),
        org,
        values: &values,
        cause: Some(cause),
    };
    messaging::notify(tx, &notice).map(drop)
}

/// As people write it, and as messages and wishes are kept by it: without the country where it is ours.
fn as_dialled(number: &str) -> String {
    Phone::parse(number).map_or_else(|_| number.to_owned(), |p| p.national().to_owned())
}

fn mobile_of(tx: &mut Tx<'_>, customer_id: &str) -> Result<Option<String>> {
    let all = usage::services_of_customer(tx, customer_id)?;
    Ok(all.into_iter().filter(|s| s.to.is_none()).map(|s| as_dialled(&s.number)).find(|n| customer::is_mobile(n)))
}

/// Business done is told to the customer (R-BVP-22), whatever their grade and wherever it was asked for; they may refuse it.
fn business(tx: &mut Tx<'_>, event: &Delivered) -> Result<()> {
    let order = event.payload.get("productOrder").unwrap_or(&event.payload);
    if order.get("state").and_then(Value::as_str) != Some("completed") {
        return Ok(());
    }
    let parties = order.get("relatedParty").and_then(Value::as_array).into_iter().flatten();
    let customer = parties.filter(|p| p["role"] == "customer").find_map(|p| p["id"].as_str());
    let Some(customer) = customer else { return Ok(()) };
    // Bars and their lifting are told by the case.
    if order.pointer("/channel/0/name").and_then(Value::as_str) == Some("interchange") {
        return Ok(());
    }
    let said = |name: &str| order.get(name).and_then(Value::as_str).unwrap_or("").to_owned();
    let named = [said("description"), said("category"), said("business")].into_iter().find(|t| !t.is_empty());
    let item = |path: &str| order.pointer(path).and_then(Value::as_str).map(str::to_owned);
    let offering = item("/productOrderItem/0/productOffering/name");
    // The line that it was done to, where that still is the customer's.
    let product = item("/productOrderItem/0/product/id").unwrap_or_default();
    let service = usage::service_of(tx, &product)?.filter(|s| s.to.is_none() && s.customer_id == customer);
    let number = service.map(|s| s.number).unwrap_or_default();
    let values = vec![
        ("business", named.or(offering).unwrap_or_else(|| "业务变更".to_owned())),
        ("order", [said("orderNo"), said("externalId")].into_iter().find(|t| !t.is_empty()).unwrap_or_default()),
    ];
    let org = OrgPath::parse(&event.org)?;
    tell_owner(tx, customer, &org, ("business.done", values), &number, &format!("business:{}", event.subject_id))
}

/// Balances that run out, once a week each.
pub async fn low_balances(app: App) -> Result<()> {
    let mut after = String::new();
    loop {
        let from = after.clone();
        let page = app
            .db()
            .write(Actor::system(), move |tx| {
                let threshold = Money::fen(law::setting(tx, "balance.low_fen")?);
                let since = tx.now().plus_seconds(-2 * 86_400);
                let found = billing::low_balances(tx, &from, threshold, since, 200)?;
                let week = tx.now().date().days_since(kernel::Date::new(2026, 1, 5)?) / 7;
                for one in &found {
                    let values = vec![("amount", one.balance.to_string())];
                    let cause = format!("low:{}:{week}", one.account_id);
                    tell(tx, &one.customer_id, &one.org, ("balance.low", values), "", &cause)?;
                }
                Ok(found.last().map(|l| l.account_id.clone()).filter(|_| found.len() == 200))
            })
            .await?;
        match page {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}
