//! Bills and their lines as TMF678 shows them.

use super::{Application, Bill, NewLine, state_of};
use crate::{perms, problems};
use http::tmf::{Api, Column, Kind, Ops, Resource, Rules};
use kernel::{Money, Problem, Result, codes};
use serde_json::{Map, Value, json};
use store::{Tx, params};

pub static API: Api = Api { base: "/tmf-api/customerBillManagement/v4", aliases: &[] };

pub static CUSTOMER_BILL: Resource = Resource {
    api: &API,
    name: "customerBill",
    type_name: "CustomerBill",
    table: "bill",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "billNo", column: "bill_no", kind: Kind::Text },
        Column { attribute: "state", column: "state", kind: Kind::Text },
        Column { attribute: "billingAccount.id", column: "account_id", kind: Kind::Text },
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
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "bill.id", column: "bill_id", kind: Kind::Text },
    ],
    mandatory: &[],
    ops: Ops::READ,
    read: perms::BILL_READ,
    write: perms::BILL_WRITE,
    rules: &http::tmf::Unruled,
};

/// Brings the document in step with the figures; attributes that clients added stay.
pub fn render(bill: &mut Bill, applications: &[Application], now: &str) {
    let id = &bill.id;
    let applied: Vec<Value> = applications.iter().map(applied_payment).collect();
    let account = &bill.account_id;
    let Value::Object(figures) = json!({
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
            "id": format!("{id}-document"), "name": bill.bill_no, "mimeType": "application/json",
            "href": format!("/api/v1/bills/{id}"), "@type": "AttachmentRef",
        }],
        "billingAccount": {
            "id": account, "href": format!("/tmf-api/accountManagement/v4/billingAccount/{account}"),
            "@referredType": "BillingAccount",
        },
        "relatedParty": [{
            "id": bill.customer_id, "href": format!("/tmf-api/customerManagement/v4/customer/{}", bill.customer_id),
            "role": "customer", "@referredType": "Customer",
        }],
    }) else {
        return;
    };
    for (name, value) in figures {
        bill.body.insert(name, value);
    }
}

fn applied_payment(application: &Application) -> Value {
    let amount = application.amount.to_tmf();
    match &application.payment_id {
        Some(id) => json!({
            "appliedAmount": amount,
            "payment": {"id": id, "href": format!("/tmf-api/paymentManagement/v4/payment/{id}"), "@referredType": "Payment"},
        }),
        None => json!({"appliedAmount": amount, "@type": "DepositApplied"}),
    }
}

/// A line of a bill as an applied rate. The number served is left to the masked views.
pub fn rate(id: &str, bill: &Bill, new: &NewLine, now: &str) -> Map<String, Value> {
    let line = &new.line;
    let document = json!({
        "id": id,
        "href": APPLIED_RATE.href(id),
        "@type": "AppliedCustomerBillingRate",
        "name": line.name,
        "description": line.note,
        "appliedBillingRateType": format!("{}Charge", line.kind.name()),
        "date": now,
        "isBilled": true,
        "taxIncludedAmount": line.amount.to_tmf(),
        "periodCoverage": {
            "startDateTime": line.from.start().to_string(),
            "endDateTime": line.to.plus_days(1).start().plus_millis(-1).to_string(),
        },
        "product": {
            "id": new.product_id, "name": new.product_name, "@referredType": "Product",
            "href": format!("/tmf-api/productInventory/v4/product/{}", new.product_id),
        },
        "bill": {"id": bill.id, "href": CUSTOMER_BILL.href(&bill.id)},
        "billingAccount": {
            "id": bill.account_id, "href": format!("/tmf-api/accountManagement/v4/billingAccount/{}", bill.account_id),
        },
    });
    match document {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

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
