//! A payment as TMF676 shows it.

use super::{Payment, take::AppliedTo};
use crate::perms;
use http::tmf::{Api, Column, Kind, Ops, Resource, Unruled};
use kernel::Result;
use serde_json::{Map, Value, json};
use store::{Event, Tx};

pub static API: Api =
    Api { base: "/tmf-api/paymentManagement/v4", aliases: &["/tmf-api/payment/v4", "/paymentManagement/v4"] };

/// Read through the common routes; creation has its own (see `tmf`).
pub static PAYMENT: Resource = Resource {
    api: &API,
    name: "payment",
    type_name: "Payment",
    table: "payment",
    columns: &[
        Column { attribute: "id", column: "id", kind: Kind::Text },
        Column { attribute: "status", column: "status", kind: Kind::Text },
        Column { attribute: "account.id", column: "account_id", kind: Kind::Text },
    ],
    mandatory: &["account", "paymentMethod", "totalAmount"],
    ops: Ops::READ,
    read: perms::PAYMENT_READ,
    write: perms::PAYMENT_TAKE,
    rules: &Unruled,
};

/// Writes the document of a booked payment; attributes of the client that say nothing about figures stay.
pub fn render(payment: &mut Payment, applied: &[AppliedTo], extra: Map<String, Value>) {
    let amount = payment.amount.to_tmf();
    let items: Vec<Value> = applied
        .iter()
        .enumerate()
        .map(|(i, a)| {
            json!({
                "id": (i + 1).to_string(), "amount": a.amount.to_tmf(), "totalAmount": a.amount.to_tmf(),
                "item": {
                    "id": a.bill_id, "name": a.bill_no, "@referredType": "CustomerBill",
                    "href": format!("/tmf-api/customerBillManagement/v4/customerBill/{}", a.bill_id),
                },
            })
        })
        .collect();
    let mut figures = json!({
        "id": payment.id,
        "href": PAYMENT.href(&payment.id),
        "@type": "Payment",
        "status": payment.status,
        "statusDate": payment.created_at,
        "paymentDate": payment.created_at,
        "receiptNo": payment.receipt_no,
        "account": {
            "id": payment.account_id, "@referredType": "BillingAccount",
            "href": format!("/tmf-api/accountManagement/v4/billingAccount/{}", payment.account_id),
        },
        "paymentMethod": {"name": payment.method.name(), "@type": payment.method.name()},
        "amount": amount,
        "totalAmount": amount,
        "toBalance": payment.to_balance.to_tmf(),
        "paymentItem": items,
    });
    if !payment.late_fee.is_zero() {
        figures["lateFee"] = payment.late_fee.to_tmf();
    }
    if !payment.reference.is_empty() {
        figures["correlatorId"] = json!(payment.reference);
    }
    if !payment.note.is_empty() {
        figures["description"] = json!(payment.note);
    }
    if let Some(original) = &payment.reverses {
        figures["reversalOf"] = json!({"id": original, "href": PAYMENT.href(original)});
    }
    payment.body = layered(figures, extra);
}

/// `figures` first, then what `extra` has beside them; a client's own reference keeps its further attributes.
pub fn layered(figures: Value, extra: Map<String, Value>) -> Map<String, Value> {
    let Value::Object(mut body) = figures else { return extra };
    for (name, value) in extra {
        match (body.get_mut(&name), value) {
            (None, value) => drop(body.insert(name, value)),
            (Some(Value::Object(ours)), Value::Object(theirs)) => {
                for (key, value) in theirs {
                    ours.entry(key).or_insert(value);
                }
            }
            (Some(_), _) => {}
        }
    }
    body
}

pub fn publish(tx: &mut Tx<'_>, payment: &Payment, what: &str) -> Result<()> {
    let event = Event::new(PAYMENT.event(what), "payment", &payment.id, payment.version, &payment.org)
        .topic(format!("customer:{}", payment.customer_id))
        .payload(json!({"payment": payment.body}))
        .audit(json!({"receiptNo": payment.receipt_no, "amountFen": payment.amount, "method": payment.method}));
    tx.emit(event)
}
