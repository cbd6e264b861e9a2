//! Bills and their lines as TMF678 shows them.

use super::{Application, Bill, bill_columns, state_of};
use crate::{cycle::note, perms, problems};
use http::tmf::{Api, Column, Kind, Ops, Rendered, Resource, Rules};
use kernel::{Date, Money, Problem, Result, codes};
use serde_json::{Map, Value, json};
use store::{Tx, params};

pub static API: Api = Api { base: "/tmf-api/customerBillManagement/v4", aliases: &[] };

const fn text(attribute: &'static str, column: &'static str) -> Column {
    Column { attribute, column, kind: Kind::Text }
}
const fn day(attribute: &'static str, column: &'static str) -> Column {
    Column { attribute, column, kind: Kind::Day }
}
const fn money(attribute: &'static str, column: &'static str) -> Column {
    Column { attribute, column, kind: Kind::Money }
}

pub static CUSTOMER_BILL: Resource = Resource {
    api: &API,
    name: "customerBill",
    type_name: "CustomerBill",
    table: "bill",
    columns: &[
        text("id", "id"),
        text("billNo", "bill_no"),
        text("state", "state"),
        text("billingAccount.id", "account_id"),
        text("relatedParty.id", "customer_id"),
        text("category", "'normal'"),
        text("@type", "'CustomerBill'"),
        text("runType", "CASE WHEN kind = 'cycle' THEN 'onCycle' ELSE 'offCycle' END"),
        text("href", "('/tmf-api/customerBillManagement/v4/customerBill/' || id)"),
        day("billDate", "bill_date"),
        day("paymentDueDate", "due_date"),
        day("billingPeriod.startDateTime", "period_start"),
        day("billingPeriod.endDateTime", "period_end"),
        money("amountDue.value", "amount_fen"),
        money("taxIncludedAmount.value", "amount_fen"),
        money("remainingAmount.value", "remaining_fen"),
        Column { attribute: "lastUpdate", column: "updated_at", kind: Kind::Time },
    ],
    mandatory: &[],
    ops: Ops::PATCH,
    read: perms::BILL_READ,
    write: perms::BILL_WRITE,
    rules: &BillRules,
};

pub static APPLIED_RATE: Resource = Resource {
    api: &API,
    name: "appliedCustomerBillingRate",
    type_name: "AppliedCustomerBillingRate",
    table: "bill_line",
    columns: &[
        text("id", "(bill_id || '-' || seq)"),
        text("href", "('/tmf-api/customerBillManagement/v4/appliedCustomerBillingRate/' || bill_id || '-' || seq)"),
        text("name", "name"),
        text("bill.id", "bill_id"),
        text("isBilled", "'true'"),
        text("@type", "'AppliedCustomerBillingRate'"),
        text("product.id", "product_id"),
        text("appliedBillingRateType", "(kind || 'Charge')"),
        money("taxIncludedAmount.value", "amount_fen"),
    ],
    mandatory: &[],
    ops: Ops::READ,
    read: perms::BILL_READ,
    write: perms::BILL_WRITE,
    rules: &RateRules,
};

/// A bill as it is sent: the figures from its columns, and what clients added.
pub fn render(bill: &Bill, applications: &[Application], now: &str) -> Map<String, Value> {
    let id = &bill.id;
    let applied: Vec<Value> = applications.iter().map(applied_payment).collect();
    let account = &bill.account_id;
    let mut document = bill.body.clone();
    let figures = json!({
        "id": id,
        "href": CUSTOMER_BILL.href(id),
        "@type": "CustomerBill",
        "billNo": bill.bill_no,
        "category": "normal",
        "runType": if bill.kind == "cycle" { "onCycle" } else { "offCycle" },
        "state": bill.state,
        "billDate": bill.bill_date.start().to_string(),
        "paymentDueDate": bill.due_date.start().to_string(),
        "lastUpdate": now,
        "billingPeriod": {
            "startDateTime": bill.period_start.start().to_string(),
            "endDateTime": bill.period_end.plus_days(1).start().plus_millis(-1).to_string(),
        },
        "amountDue": bill.amount.to_tmf(),
        "taxIncludedAmount": bill.amount.to_tmf(),
        "remainingAmount": bill.remaining.to_tmf(),
        "appliedPayment": applied,
        "billDocument": [{
            "id": format!("{id}-document"), "name": bill.bill_no, "mimeType": "application/pdf",
            "href": format!("/api/v1/bills/{id}/pdf"), "@type": "AttachmentRef",
        }],
        "billingAccount": {
            "id": account, "href": format!("/tmf-api/accountManagement/v4/billingAccount/{account}"),
            "@referredType": "BillingAccount",
        },
        "relatedParty": [{
            "id": bill.customer_id, "href": format!("/tmf-api/customerManagement/v4/customer/{}", bill.customer_id),
            "role": "customer", "@referredType": "Customer",
        }],
    });
    if let Value::Object(figures) = figures {
        document.extend(figures);
    }
    document
}

fn applied_payment(application: &Application) -> Value {
    let amount = application.amount.to_tmf();
    match &application.payment_id {
        Some(id) if id.starts_with(crate::WRITE_OFF) => json!({
            "appliedAmount": amount, "@type": "WriteOffApplied", "description": "坏账核销 write-off",
            "writeOff": {"id": id, "href": format!("/api/v1/dunning/write-offs/{id}"), "@referredType": "WriteOff"},
        }),
        Some(id) => json!({
            "appliedAmount": amount,
            "payment": {"id": id, "href": format!("/tmf-api/paymentManagement/v4/payment/{id}"), "@referredType": "Payment"},
        }),
        None => json!({"appliedAmount": amount, "@type": "DepositApplied"}),
    }
}

static BILLS: Rendered = Rendered {
    select: concat!("SELECT id, version, org, created_at, body, updated_at, ", bill_columns!(), " FROM bill"),
    key: |id| Some(("id = $1", params![id].to_vec())),
    order: "id DESC",
    tie: "id",
    write: |tx, rows| {
        rows.iter()
            .map(|row| {
                let bill = super::from_row_at(row, 6)?;
                let applications = super::applications(tx, &bill.id)?;
                Ok(render(&bill, &applications, &row.time(5).to_string()))
            })
            .collect()
    },
    document: "body",
    keep: |doc| {
        let own = |name: &&String| !FIGURES.contains(&name.as_str()) && !WRITTEN.contains(&name.as_str());
        doc.iter().filter(|(name, _)| own(name)).map(|(name, value)| (name.clone(), value.clone())).collect()
    },
};

static RATES: Rendered = Rendered {
    select: "SELECT (bill_id || '-' || seq), 1, org, \
             (SELECT b.created_at FROM bill b WHERE b.id = bill_line.bill_id), '{}', \
             bill_id, seq, name, kind, amount_fen, note, product_id, product_name, from_day, to_day, \
             (SELECT b.account_id FROM bill b WHERE b.id = bill_line.bill_id), \
             (SELECT b.period_start FROM bill b WHERE b.id = bill_line.bill_id), \
             (SELECT b.period_end FROM bill b WHERE b.id = bill_line.bill_id) FROM bill_line",
    key: |id| {
        let (bill, seq) = id.rsplit_once('-')?;
        Some(("bill_id = $1 AND seq = $2", params![bill, seq.parse::<i64>().ok()?].to_vec()))
    },
    order: "bill_id DESC, seq",
    tie: "bill_id, seq",
    write: |_, rows| rows.iter().map(rate).collect(),
    document: "CAST('{}' AS {json})",
    keep: |_| Map::new(),
};

/// A line of a bill as an applied rate. The number served is left to the masked views.
fn rate(row: &store::Row) -> Result<Map<String, Value>> {
    let id = row.str(0);
    let day = |own: usize, bill: usize| Date::parse(row.str(if row.is_null(own) { bill } else { own }));
    let (from, to) = (day(13, 16)?, day(14, 17)?);
    let document = json!({
        "id": id,
        "href": APPLIED_RATE.href(id),
        "@type": "AppliedCustomerBillingRate",
        "name": row.str(7),
        "description": note::read(row.str(10)).0,
        "appliedBillingRateType": format!("{}Charge", row.str(8)),
        "date": row.time(3).to_string(),
        "isBilled": true,
        "taxIncludedAmount": row.money(9).to_tmf(),
        "periodCoverage": {
            "startDateTime": from.start().to_string(),
            "endDateTime": to.plus_days(1).start().plus_millis(-1).to_string(),
        },
        "product": {
            "id": row.str(11), "name": row.str(12), "@referredType": "Product",
            "href": format!("/tmf-api/productInventory/v4/product/{}", row.str(11)),
        },
        "bill": {"id": row.str(5), "href": CUSTOMER_BILL.href(row.str(5))},
        "billingAccount": {
            "id": row.str(15), "href": format!("/tmf-api/accountManagement/v4/billingAccount/{}", row.str(15)),
        },
    });
    match document {
        Value::Object(map) => Ok(map),
        _ => Err(Problem::internal("a rate")),
    }
}

#[derive(Debug)]
struct RateRules;

impl Rules for RateRules {
    fn rendered(&self) -> Option<&'static Rendered> {
        Some(&RATES)
    }
}

/// What else is written from columns.
const WRITTEN: [&str; 6] = ["id", "href", "@type", "category", "state", "lastUpdate"];

#[derive(Debug)]
struct BillRules;

/// What a person may set.
const MARKS: [&str; 3] = ["onHold", "validated", "sent"];
/// What follows from the ledger or from the run that made the bill.
const FIGURES: [&str; 12] = [
    "billNo",
    "billDate",
    "billingPeriod",
    "paymentDueDate",
    "amountDue",
    "remainingAmount",
    "taxIncludedAmount",
    "appliedPayment",
    "billingAccount",
    "billDocument",
    "relatedParty",
    "runType",
];

impl Rules for BillRules {
    fn rendered(&self) -> Option<&'static Rendered> {
        Some(&BILLS)
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        if let Some(name) = FIGURES.iter().find(|n| before.get(**n) != after.get(**n)) {
            return Err(Problem::new(&codes::FIELD_READONLY).field(name));
        }
        let state = after.get("state").and_then(Value::as_str).unwrap_or("").to_owned();
        let figure = |name: &str| before.get(name).map_or(Ok(Money::ZERO), Money::from_tmf);
        if before.get("state") != after.get("state") {
            let mark = match state.as_str() {
                "new" => "",
                mark if MARKS.contains(&mark) => mark,
                other => return Err(Problem::new(&problems::BILL_STATE).field("state").with("value", other)),
            };
            let state = state_of(mark, figure("amountDue")?, figure("remainingAmount")?).to_owned();
            after.insert("state".into(), json!(state));
        }
        after.insert("lastUpdate".into(), json!(tx.now().to_string()));
        Ok(())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let state = doc.get("state").and_then(Value::as_str).unwrap_or("new");
        let mark = if MARKS.contains(&state) { state } else { "" };
        ["mark", "state"].into_iter().zip(params![mark, state].to_vec()).collect()
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("state") == after.get("state") { vec![] } else { vec!["StateChange"] }
    }
}
