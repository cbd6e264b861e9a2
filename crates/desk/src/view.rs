//! The unified view: social attributes, behaviour, money, on one page as of one moment.

use crate::{timeline, visit};
use customer::Profile;
use http::{Answer, Ctx, Reply, axum::extract::Path};
use kernel::{Date, Lang, OrgPath, Result, Timestamp};
use serde_json::{Value, json};
use store::Tx;

/// How far back the lists go; each has a page of its own for more.
const ORDERS: i64 = 20;
const BILLS: i64 = 24;
const PAYMENTS: i64 = 50;
const TICKETS: i64 = 50;
const NOTES: i64 = 100;

pub(crate) async fn view(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let (lang, asked) = (ctx.lang, id.clone());
    let (view, org, noted) = ctx.read(move |tx| compose(tx, &asked, lang)).await?;
    if !noted {
        ctx.write(move |tx| visit::note(tx, &id, &org)).await?;
    }
    Ok(Reply::ok(&view))
}

fn compose(tx: &mut Tx<'_>, id: &str, lang: Lang) -> Result<(Value, OrgPath, bool)> {
    let profile = customer::profile(tx, id)?; // 404 where the actor may not see the customer: nothing below asks again
    let orders = ordering::of_customer(tx, id, ORDERS)?;
    let in_transit = ordering::in_transit(tx, id)?;
    let held: Vec<Value> =
        inventory::products::of_customer(tx, id)?.iter().map(|d| product(&Value::Object(d.body.clone()))).collect();
    let accounts = billing::accounts_of(tx, id)?;
    let bills = billing::bills_of(tx, id, BILLS)?;
    let payments = billing::payments_of(tx, id, PAYMENTS)?;
    let tickets = care::of_customer(tx, id, TICKETS)?;
    let notes = customer::notes_of(tx, id, NOTES)?;
    let org = profile.summary.org.clone();
    let events = timeline::Sources {
        profile: &profile,
        orders: &orders,
        products: &held,
        bills: &bills,
        payments: &payments,
        tickets: &tickets,
        notes: &notes,
    };
    let ticket = |t: &care::Ticket| {
        json!({"id": t.id, "ticketNo": t.ticket_no, "type": t.ticket_type, "name": t.name, "status": t.status,
               "severity": t.severity, "description": t.description, "createdAt": t.created_at})
    };
    let view = json!({
        "dataTime": tx.now(),
        "customer": social(tx, &profile)?,
        "arrears": billing::arrears_of(tx, id)?,
        "balanceFen": billing::balance_of(tx, id)?,
        "products": held,
        "inTransit": in_transit,
        "orders": orders,
        "accounts": accounts,
        "bills": bills,
        "payments": payments,
        "agreements": agreements(tx, &held)?,
        "relations": profile.relations.iter().map(|r| relation(r, lang)).collect::<Vec<_>>(),
        "tickets": tickets.iter().map(ticket).collect::<Vec<_>>(),
        "timeline": timeline::of(&events, lang),
    });
    let noted = visit::noted(tx, id)?;
    Ok((view, org, noted))
}

fn social(tx: &mut Tx<'_>, profile: &Profile) -> Result<Value> {
    let summary = &profile.summary;
    let contact = |c: &customer::Contact| json!({"name": c.name, "role": c.role, "phone": c.phone, "email": c.email, "preferred": c.preferred});
    let mut social = summary.to_json();
    social["orgName"] = json!(access::org_name(tx, summary.org.as_str())?);
    social["address"] = json!(summary.address);
    social["manager"] = json!(summary.manager);
    social["realName"] = json!(!summary.certificate.is_empty());
    social["partyId"] = json!(summary.party_id);
    social["contacts"] = profile.contacts.iter().map(contact).collect();
    social["version"] = json!(summary.version);
    Ok(social)
}

/// A product's document as the page shows it.
fn product(body: &Value) -> Value {
    let characteristics = body["productCharacteristic"].as_array().cloned().unwrap_or_default();
    let number = characteristics.iter().find(|c| c["name"] == "number").map_or(Value::Null, |c| c["value"].clone());
    json!({
        "id": body["id"], "name": body["name"], "offeringId": body["productOffering"]["id"], "status": body["status"],
        "number": number, "family": body["family"], "monthlyFeeFen": body["monthlyFeeFen"], "startDate": body["startDate"],
        "orderNo": body["orderNo"], "soldIn": body["soldIn"], "characteristics": characteristics,
    })
}

/// Contract terms of what the customer holds: the offering's months, counted from the start of the product.
fn agreements(tx: &mut Tx<'_>, held: &[Value]) -> Result<Vec<Value>> {
    let mut agreements = Vec::new();
    let mut bundles: Vec<(String, String)> = Vec::new();
    for product in
        held.iter().filter(|p| matches!(p["status"].as_str(), Some("active" | "suspended" | "pendingTerminate")))
    {
        let sold_in = (product["soldIn"]["offeringId"].as_str(), product["soldIn"]["itemId"].as_str());
        let offering = match sold_in {
            (Some(bundle), item) => {
                // The bundle binds, once, whatever its parts are.
                let key = (bundle.to_owned(), format!("{} {}", product["orderNo"], item.unwrap_or("")));
                if bundles.contains(&key) {
                    continue;
                }
                bundles.push(key);
                bundle
            }
            (None, _) => product["offeringId"].as_str().unwrap_or(""),
        };
        let Ok(offering) = catalog::offering(tx, offering) else { continue };
        let months = offering.contract_months.filter(|m| *m > 0);
        let start = product["startDate"].as_str().and_then(|s| Timestamp::parse(s).ok()).map(Timestamp::date);
        let (Some(months), Some(start)) = (months, start) else { continue };
        let end: Date = start.plus_months(i32::try_from(months).unwrap_or(i32::MAX)).plus_days(-1);
        let terms: Vec<Value> =
            offering.terms.iter().map(|t| json!({"name": t.name, "description": t.description})).collect();
        agreements
            .push(json!({"offering": offering.name, "start": start, "end": end, "months": months, "terms": terms}));
    }
    Ok(agreements)
}

fn relation(relation: &customer::Relation, lang: Lang) -> Value {
    let (zh, en) = match relation.kind.as_str() {
        "group" => ("所属集团", "Group"),
        "branch" => ("分支机构", "Branch"),
        "member" => ("集团成员", "Member"),
        "keyPerson" => ("关键人", "Key person"),
        "household" => ("家庭成员", "Household"),
        "guarantor" => ("担保人", "Guarantor"),
        other => (other, other),
    };
    let name = if lang == Lang::En { en } else { zh };
    json!({"type": relation.kind, "typeName": name, "customerId": relation.customer_id, "name": relation.name})
}
