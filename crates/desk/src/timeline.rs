//! Everything that happened with a customer, newest first, by kind, page by page.

use crate::{audience, view::Depth, view::Whole};
use http::{Answer, Ctx, Reply, axum::extract::Path};
use kernel::{Lang, Money, Problem, Timestamp};
use serde_json::{Value, json};

/// Records of a kind that are looked through; older ones have pages of their own.
const FAR: i64 = 1_000;
const KINDS: [&str; 9] = ["order", "product", "bill", "payment", "ticket", "contact", "note", "need", "change"];

/// Which part is wanted.
pub(crate) struct Ask {
    /// Rows before this one: its time and its place among those of the same time.
    pub before: Option<(Timestamp, String)>,
    /// Empty: all.
    pub kinds: Vec<String>,
    pub limit: usize,
}

struct Row {
    at: Timestamp,
    kind: &'static str,
    /// Tells rows of one moment apart, always in the same order.
    key: String,
    title: String,
    detail: String,
    /// Type and id of the record behind it.
    about: Option<(&'static str, String)>,
    operator: String,
}

pub(crate) async fn timeline(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let limit = usize::try_from(ctx.paging(40, 200)?.limit).unwrap_or(40);
    let kinds: Vec<String> =
        ctx.parameter("kind").unwrap_or_default().split(',').filter(|k| !k.is_empty()).map(str::to_owned).collect();
    if let Some(odd) = kinds.iter().find(|k| !KINDS.contains(&k.as_str())) {
        return Err(Problem::invalid("kind", odd).into());
    }
    let before = match ctx.parameter("before") {
        None => None,
        Some(text) => {
            let (at, key) = text.split_once('~').ok_or_else(|| Problem::invalid("before", &text))?;
            Some((Timestamp::parse(at).map_err(|_| Problem::invalid("before", &text))?, key.to_owned()))
        }
    };
    let (lang, asked) = (ctx.lang, ctx.parameter("audience"));
    let page = ctx
        .read(move |tx| {
            let verified = crate::verified(tx, &id)?;
            let audience = audience::resolve(tx.actor(), asked.as_deref(), verified)?;
            let far = Depth {
                orders: 500,
                products: 500,
                bills: FAR,
                payments: FAR,
                tickets: FAR,
                journal: FAR,
                notes: FAR,
                answers: FAR,
            };
            let whole = Whole::load(tx, &id, far)?;
            let ask = Ask { before: before.clone(), kinds: kinds.clone(), limit };
            let (rows, more) = page(&whole, lang, &ask);
            let mut answer = json!({"timeline": rows, "more": more, "dataTime": tx.now()});
            audience.apply(&mut answer, tx.actor());
            Ok(answer)
        })
        .await?;
    Ok(Reply::ok(&page))
}

/// The newest rows that are asked for, and whether there are more.
pub(crate) fn page(whole: &Whole, lang: Lang, ask: &Ask) -> (Vec<Value>, bool) {
    let mut rows = all(whole, lang);
    rows.retain(|row| ask.kinds.is_empty() || ask.kinds.iter().any(|k| k == row.kind));
    if let Some((at, key)) = &ask.before {
        rows.retain(|row| (row.at, row.key.as_str()) < (*at, key.as_str()));
    }
    rows.sort_by(|a, b| (b.at, &b.key).cmp(&(a.at, &a.key)));
    let more = rows.len() > ask.limit;
    rows.truncate(ask.limit);
    (rows.into_iter().map(Row::into_json).collect(), more)
}

fn all(whole: &Whole, lang: Lang) -> Vec<Row> {
    let say = |zh: &str, en: &str| if lang == Lang::En { en.to_owned() } else { zh.to_owned() };
    let yuan = |amount: Money| if lang == Lang::En { format!("CNY {amount}") } else { format!("{amount} 元") };
    let portrait = &whole.portrait;
    let mut rows = vec![Row {
        at: portrait.summary.created_at,
        kind: "note",
        key: String::new(),
        title: say("客户建档", "Customer entered"),
        detail: portrait.summary.customer_no.clone(),
        about: None,
        operator: String::new(),
    }];
    rows.extend(whole.orders.iter().chain(&whole.in_transit).map(|o| Row {
        at: o.created_at,
        kind: "order",
        key: o.id.clone(),
        title: format!("{} {}", say("订单", "Order"), o.order_no),
        detail: o.summary.clone(),
        about: Some(("order", o.id.clone())),
        operator: o.operator.clone(),
    }));
    rows.sort_by(|a, b| a.key.cmp(&b.key));
    rows.dedup_by(|a, b| !a.key.is_empty() && a.key == b.key);
    rows.extend(whole.products.iter().filter_map(|p| {
        let at = p["startDate"].as_str().and_then(|s| Timestamp::parse(s).ok())?;
        let id = p["id"].as_str().unwrap_or("").to_owned();
        Some(Row {
            at,
            kind: "product",
            key: id.clone(),
            title: format!("{} {}", say("开通", "Activated"), p["name"].as_str().unwrap_or("")),
            detail: p["number"].as_str().unwrap_or("").to_owned(),
            about: Some(("product", id)),
            operator: String::new(),
        })
    }));
    rows.extend(whole.money.bills.iter().map(|b| Row {
        at: b.created_at,
        kind: "bill",
        key: b.id.clone(),
        title: format!("{} {}", say("账单", "Bill"), b.bill_no),
        detail: yuan(b.amount),
        about: Some(("bill", b.id.clone())),
        operator: String::new(),
    }));
    rows.extend(whole.money.payments.iter().map(|p| Row {
        at: p.at,
        kind: "payment",
        key: p.id.clone(),
        title: if p.reversal_of.is_some() { say("冲正", "Reversal") } else { say("缴费", "Payment") },
        detail: format!("{} {}", yuan(p.amount), p.receipt_no.as_deref().unwrap_or("")),
        about: Some(("payment", p.id.clone())),
        operator: p.operator.clone(),
    }));
    rows.extend(whole.tickets.iter().map(|t| Row {
        at: t.created_at,
        kind: "ticket",
        key: t.id.clone(),
        title: if t.name.is_empty() { format!("{} {}", say("工单", "Ticket"), t.ticket_no) } else { t.name.clone() },
        detail: t.description.clone(),
        about: Some(("ticket", t.id.clone())),
        operator: String::new(),
    }));
    rows.extend(portrait.notes.iter().map(|n| Row {
        at: n.at,
        kind: if n.kind == "contact" { "contact" } else { "note" },
        key: n.id.clone(),
        title: if n.kind == "contact" { say("接触", "Contact") } else { say("备注", "Note") },
        detail: n.text.clone(),
        about: None,
        operator: n.operator.clone(),
    }));
    rows.extend(portrait.journal.iter().map(|e| entry(e, lang)));
    rows.extend(whole.answers.iter().map(|a| Row {
        at: a.at,
        kind: "contact",
        key: a.id.clone(),
        title: say("满意度评价", "Satisfaction"),
        detail: format!("{}/{} {}", a.score, a.scale, a.comment),
        about: None,
        operator: a.operator.clone(),
    }));
    rows
}

fn entry(e: &customer::Entry, lang: Lang) -> Row {
    let (kind, zh, en) = match e.kind.as_str() {
        "interaction" => ("contact", "接触", "Contact"),
        "followUp" => ("contact", "跟进", "Follow-up"),
        "need" => ("need", "需求", "Need"),
        "preference" => ("need", "偏好", "Preference"),
        "grade" => ("change", "等级变更", "Grade"),
        _ => ("change", "客户经理变更", "Account manager"),
    };
    let name = if lang == Lang::En { en } else { zh };
    let detail = match e.kind.as_str() {
        "grade" => format!("{} → {}", e.detail["from"].as_str().unwrap_or(""), e.detail["to"].as_str().unwrap_or("")),
        "manager" => {
            let of = |end: &str| e.detail[end]["name"].as_str().unwrap_or("").to_owned();
            format!("{} → {} {}", of("from"), of("to"), e.result)
        }
        _ => [e.text.as_str(), e.result.as_str()].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · "),
    };
    let title =
        if matches!(e.kind.as_str(), "grade" | "manager") { name.to_owned() } else { format!("{name} {}", e.topic) };
    Row { at: e.at, kind, key: e.id.clone(), title, detail, about: None, operator: e.operator.clone() }
}

impl Row {
    fn into_json(self) -> Value {
        let about = self.about.map(|(kind, id)| json!({"type": kind, "id": id}));
        json!({"at": self.at, "kind": self.kind, "title": self.title, "detail": self.detail, "ref": about, "operator": self.operator,
               "cursor": format!("{}~{}", self.at, self.key)})
    }
}
