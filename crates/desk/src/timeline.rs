//! Everything that happened with a customer, newest first.

use billing::{BillRow, PaymentRow};
use care::Ticket;
use customer::{Note, Profile};
use kernel::{Lang, Money, Timestamp};
use ordering::OrderRow;
use serde_json::{Value, json};

const ROWS: usize = 200;

pub(crate) struct Sources<'s> {
    pub profile: &'s Profile,
    pub orders: &'s [OrderRow],
    pub products: &'s [Value],
    pub bills: &'s [BillRow],
    pub payments: &'s [PaymentRow],
    pub tickets: &'s [Ticket],
    pub notes: &'s [Note],
}

struct Row {
    at: Timestamp,
    kind: &'static str,
    title: String,
    detail: String,
    /// Type and id of the record behind it.
    about: Option<(&'static str, String)>,
    operator: String,
}

pub(crate) fn of(sources: &Sources<'_>, lang: Lang) -> Vec<Value> {
    let say = |zh: &str, en: &str| if lang == Lang::En { en.to_owned() } else { zh.to_owned() };
    let yuan = |amount: Money| if lang == Lang::En { format!("CNY {amount}") } else { format!("{amount} 元") };
    let mut rows = vec![Row {
        at: sources.profile.summary.created_at,
        kind: "note",
        title: say("客户建档", "Customer entered"),
        detail: sources.profile.summary.customer_no.clone(),
        about: None,
        operator: String::new(),
    }];
    rows.extend(sources.orders.iter().map(|o| Row {
        at: o.created_at,
        kind: "order",
        title: format!("{} {}", say("订单", "Order"), o.order_no),
        detail: o.summary.clone(),
        about: Some(("order", o.id.clone())),
        operator: o.operator.clone(),
    }));
    rows.extend(sources.products.iter().filter_map(|p| {
        let at = p["startDate"].as_str().and_then(|s| Timestamp::parse(s).ok())?;
        Some(Row {
            at,
            kind: "product",
            title: format!("{} {}", say("开通", "Activated"), p["name"].as_str().unwrap_or("")),
            detail: p["number"].as_str().unwrap_or("").to_owned(),
            about: Some(("product", p["id"].as_str().unwrap_or("").to_owned())),
            operator: String::new(),
        })
    }));
    rows.extend(sources.bills.iter().map(|b| Row {
        at: b.created_at,
        kind: "bill",
        title: format!("{} {}", say("账单", "Bill"), b.bill_no),
        detail: yuan(b.amount),
        about: Some(("bill", b.id.clone())),
        operator: String::new(),
    }));
    rows.extend(sources.payments.iter().map(|p| Row {
        at: p.at,
        kind: "payment",
        title: if p.reversal_of.is_some() { say("冲正", "Reversal") } else { say("缴费", "Payment") },
        detail: format!("{} {}", yuan(p.amount), p.receipt_no.as_deref().unwrap_or("")),
        about: Some(("payment", p.id.clone())),
        operator: p.operator.clone(),
    }));
    rows.extend(sources.tickets.iter().map(|t| Row {
        at: t.created_at,
        kind: "ticket",
        title: if t.name.is_empty() { format!("{} {}", say("工单", "Ticket"), t.ticket_no) } else { t.name.clone() },
        detail: t.description.clone(),
        about: Some(("ticket", t.id.clone())),
        operator: String::new(),
    }));
    rows.extend(sources.notes.iter().map(|n| Row {
        at: n.at,
        kind: if n.kind == "contact" { "contact" } else { "note" },
        title: if n.kind == "contact" { say("接触", "Contact") } else { say("备注", "Note") },
        detail: n.text.clone(),
        about: None,
        operator: n.operator.clone(),
    }));
    rows.sort_by_key(|row| std::cmp::Reverse(row.at));
    rows.truncate(ROWS);
    rows.into_iter().map(Row::into_json).collect()
}

impl Row {
    fn into_json(self) -> Value {
        let about = self.about.map(|(kind, id)| json!({"type": kind, "id": id}));
        json!({"at": self.at, "kind": self.kind, "title": self.title, "detail": self.detail, "ref": about, "operator": self.operator})
    }
}
