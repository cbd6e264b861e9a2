//! TMF717 Customer360 (v5): the unified view for other systems. The same service, the audience for outside systems, and every
//! call leaves its trace in the audit chain.

use crate::{
    audience, recommend,
    view::{self, Depth, Whole},
};
use http::{Answer, Ctx, Reply, axum::extract::Path};
use kernel::{Lang, Problem, Result, codes};
use serde_json::{Map, Value, json};
use store::Tx;

pub(crate) const BASE: &str = "/tmf-api/customer360/v5/customer360";
const DEPTH: Depth =
    Depth { orders: 50, products: 200, bills: 36, payments: 30, tickets: 50, journal: 60, notes: 1, answers: 30 };
/// Views are heavy: a page of them is small.
const MOST: i64 = 20;

pub(crate) async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let fields = ctx.parameter("fields");
    let asked = id.clone();
    let found = ctx
        .write(move |tx| {
            let document = document(tx, &asked)?;
            trace(tx, &asked)?;
            Ok(document)
        })
        .await?;
    Ok(Reply::ok(&select(found, fields.as_deref())))
}

/// By what one knows of a customer: number, telephone, certificate, account; or the newest.
pub(crate) async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(10, MOST)?;
    let fields = ctx.parameter("fields");
    let keys = ["q", "customer.name", "customer.id", "customerNo", "phone", "certificate", "account"];
    let wanted = ctx.parameters().into_iter().find(|(name, value)| keys.contains(&name.as_str()) && !value.is_empty());
    let unknown = ctx
        .parameters()
        .into_iter()
        .find(|(name, _)| !keys.contains(&name.as_str()) && !matches!(name.as_str(), "fields" | "offset" | "limit"));
    if let Some((name, _)) = unknown {
        return Err(Problem::new(&codes::QUERY_INVALID).with("detail", &name).into());
    }
    let (rows, total) = ctx
        .write(move |tx| {
            let (ids, total) = match &wanted {
                Some((name, id)) if name == "customer.id" => (vec![id.clone()], Some(1)),
                Some((_, q)) => {
                    let found = customer::find(tx, q, 200)?;
                    let total = found.len() as i64;
                    let skip = usize::try_from(paging.offset).unwrap_or(usize::MAX);
                    let take = usize::try_from(paging.limit).unwrap_or(0);
                    (found.into_iter().skip(skip).take(take).map(|f| f.customer.id).collect(), Some(total))
                }
                None => {
                    let (page, total) = customer::page(tx, "", false, paging.offset, paging.limit)?;
                    (page.into_iter().map(|c| c.id).collect::<Vec<_>>(), total)
                }
            };
            let mut rows = Vec::with_capacity(ids.len());
            for id in &ids {
                match document(tx, id) {
                    Ok(found) => rows.push(found),
                    Err(problem) if problem.code.status == 404 => continue,
                    Err(problem) => return Err(problem),
                }
                trace(tx, id)?;
            }
            Ok((rows, total))
        })
        .await?;
    let rows: Vec<Value> = rows.into_iter().map(|row| select(row, fields.as_deref())).collect();
    let reply = Reply::ok(&rows);
    Ok(match total {
        Some(total) => reply.total(total),
        None => reply.header("x-total-count-limit", customer::COUNT_LIMIT),
    })
}

/// Who asked for whom, each time.
fn trace(tx: &mut Tx<'_>, customer_id: &str) -> Result<()> {
    let org = customer::summary(tx, customer_id)?.org;
    tx.audit("customer.view", "customer", customer_id, &org, &json!({"interface": "TMF717"}))
}

fn select(document: Value, fields: Option<&str>) -> Value {
    let (Some(fields), Value::Object(all)) = (fields, &document) else { return document };
    let wanted: Vec<&str> = fields.split(',').map(str::trim).collect();
    let kept: Map<String, Value> = all
        .iter()
        .filter(|(name, _)| matches!(name.as_str(), "id" | "href" | "@type") || wanted.contains(&name.as_str()))
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    Value::Object(kept)
}

fn document(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let audience = audience::resolve(tx.actor(), Some("external"), true)?;
    let whole = Whole::load(tx, id, DEPTH)?;
    let mut view = view::compose(tx, &whole, Lang::En)?;
    audience.apply(&mut view, tx.actor());
    let recommended = recommend::of(tx, &whole)?;
    Ok(shape(id, &view, &recommended))
}

/// A list of the view, each row turned into the value object of TMF717.
fn each(view: &Value, list: &str, kind: &str, shape: impl Fn(&Value) -> Value) -> Value {
    let rows = view[list].as_array().into_iter().flatten();
    rows.map(|row| {
        let mut object = shape(row);
        object["@type"] = json!(kind);
        object
    })
    .collect()
}

fn shape(id: &str, view: &Value, recommended: &[Value]) -> Value {
    let c = &view["customer"];
    let media: Vec<Value> = c["contacts"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|m| {
            let (kind, name, value) = if m["email"].as_str().is_some_and(|e| !e.is_empty()) {
                ("EmailContactMedium", "emailAddress", &m["email"])
            } else {
                ("PhoneContactMedium", "phoneNumber", &m["phone"])
            };
            json!({"@type": kind, "contactType": m["role"], "preferred": m["preferred"], name: value})
        })
        .collect();
    let related: Vec<Value> = view["relations"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|r| {
            let party = json!({"id": r["customerId"], "name": r["name"], "@type": "PartyRoleRef", "@referredType": "Customer",
                "href": customer::CUSTOMER.href(r["customerId"].as_str().unwrap_or(""))});
            json!({"@type": "RelatedPartyOrPartyRole", "role": r["type"], "partyOrPartyRole": party})
        })
        .collect();
    json!({
        "@type": "Customer360",
        "id": id,
        "href": format!("{BASE}/{id}"),
        "validFor": {"startDateTime": view["dataTime"]},
        "customer": {
            "@type": "Customer360CustomerVO", "id": id, "href": customer::CUSTOMER.href(id), "name": c["name"], "status": c["status"],
            "contactMedium": media, "relatedParty": related,
            "engagedParty": {"@type": "PartyRef", "id": c["partyId"], "name": c["name"], "@referredType": if c["kind"] == "organization" { "Organization" } else { "Individual" }},
            "customerNo": c["customerNo"], "kind": c["kind"], "grade": c["grade"], "phone": c["phone"], "certificate": c["certificate"], "address": c["address"],
        },
        "account": each(view, "accounts", "Customer360AccountVO", |a| json!({"id": a["id"], "href": billing::BILLING_ACCOUNT.href(a["id"].as_str().unwrap_or("")), "name": a["name"], "accountType": "billing", "state": "active", "accountNo": a["accountNo"], "balanceFen": a["balanceFen"]})),
        "agreement": each(view, "agreements", "Customer360AgreementVO", |a| json!({"id": a["productId"], "name": a["offering"], "agreementType": "contract", "status": if a["ended"] == true { "ended" } else { "active" }, "agreementPeriod": {"startDateTime": a["start"], "endDateTime": a["end"]}})),
        "customerBill": each(view, "bills", "Customer360CustomerBillVO", |b| json!({"id": b["id"], "href": billing::CUSTOMER_BILL.href(b["id"].as_str().unwrap_or("")), "billNo": b["billNo"], "category": "normal", "state": b["state"], "amountFen": b["amountFen"], "remainingFen": b["remainingFen"]})),
        "partyInteraction": each(&view["behaviour"], "journal", "Customer360PartyInteractionVO", |e| json!({"id": e["id"], "interactionDate": {"startDateTime": e["at"]}, "description": e["topic"], "reason": e["kind"], "status": if e["status"] == "open" { "open" } else { "completed" }, "channel": e["channel"], "direction": e["direction"]})),
        "productOrder": each(view, "orders", "Customer360ProductOrderVO", |o| json!({"id": o["id"], "href": ordering::PRODUCT_ORDER.href(o["id"].as_str().unwrap_or("")), "externalId": o["orderNo"], "description": o["summary"], "creationDate": o["createdAt"], "state": o["state"]})),
        "product": each(view, "products", "Customer360ProductVO", |p| json!({"id": p["id"], "href": inventory::products::PRODUCT.href(p["id"].as_str().unwrap_or("")), "name": p["name"], "description": p["family"], "status": p["status"], "productOffering": {"@type": "ProductOfferingRef", "id": p["offeringId"]}})),
        "troubleTicket": each(view, "tickets", "Customer360TroubleTicketVO", |t| json!({"id": t["id"], "href": care::TROUBLE_TICKET.href(t["id"].as_str().unwrap_or("")), "externalIdentifier": t["ticketNo"], "name": t["name"], "severity": t["severity"], "status": t["status"], "ticketType": t["type"], "creationDate": t["createdAt"]})),
        "recommendation": recommended.iter().map(|r| json!({"@type": "Customer360RecommendationVO", "id": r["offeringId"], "name": r["name"], "description": r["reason"]["en"], "recommendationType": r["basis"]})).collect::<Vec<_>>(),
        // What TMF717 has no place for, marked as given or derived with how it was made.
        "behaviour": view["behaviour"], "value": view["value"], "cognitive": view["cognitive"],
        "arrears": view["arrears"], "audience": view["audience"],
    })
}
