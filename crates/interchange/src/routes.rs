//! Orders from billing over HTTP: a billing system sends and asks, people watch and step in.

use crate::{
    BackOrder, Kind, OPERATE, READ, SUBMIT, State, Subject, back, problems,
    state::Verb,
    target::{self, Note, Target},
};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use inventory::products::locks::Reason;
use kernel::{Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Filter, Row, Tx, params, sql};

const COLUMNS: &str = "id, org, source, own_id, kind, product_id, account_id, customer_id, reason, note, content, asked_at, state, \
                       told_state, tell_attempts, created_at, done_at";

sql! {
    ONE = "SELECT id, org, source, own_id, kind, product_id, account_id, customer_id, reason, note, content, asked_at, state, \
           told_state, tell_attempts, created_at, done_at FROM back_order WHERE id = $1";
    TARGETS = "SELECT seq, product_id, number, state, attempts, order_id, order_no, error_code, error_zh, error_en, outcome, next_at \
               FROM back_target WHERE back_id = $1 ORDER BY seq LIMIT 500";
    HISTORY = "SELECT state, at, actor, note, seq FROM back_history WHERE back_id = $1 ORDER BY n LIMIT 500";
}

pub fn routes() -> Vec<Route> {
    let (read, operate) = (Access::Needs(READ), Access::Needs(OPERATE));
    vec![
        Route::post("/api/v1/interchange/orders", Access::Needs(SUBMIT), post)
            .doc("A billing system asks for a bar, its end, a termination, or tells of a high charge or a credit limit")
            .body(json!({"id": "B-20261122-1", "kind": "barOutgoing", "productId": "…", "reason": "arrears"})),
        Route::get("/api/v1/interchange/orders", read, list)
            .doc("Orders from billing systems, newest first")
            .parameter("state", "waiting, working, done, failed, manual or closed; several separated by commas")
            .parameter("kind", "barOutgoing, barAll, unbar, terminate, highCharge or credit")
            .parameter("source", "the system that asked")
            .parameter("customerId", "those about one customer")
            .parameter("productId", "those about one product")
            .parameter("q", "the asker's id, or a number"),
        Route::get("/api/v1/interchange/orders/{id}", read, show)
            .doc("An order from billing with its products and history"),
        Route::post("/api/v1/interchange/orders/{id}/retry", operate, retry)
            .doc("Try what failed again")
            .body(json!({"reason": "已处理"})),
        Route::post("/api/v1/interchange/orders/{id}/close", operate, close)
            .doc("Close what was dealt with by hand or is not wanted any more")
            .body(json!({"reason": "已人工处理"})),
    ]
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    id: String,
    kind: String,
    product_id: Option<String>,
    account_id: Option<String>,
    #[serde(default)]
    reason: Option<String>,
    at: Option<Timestamp>,
    #[serde(default)]
    note: String,
    #[serde(default)]
    detail: Value,
}

async fn post(ctx: Ctx, body: Body<Asked>) -> Answer {
    let asked = body.value;
    let subject = match (asked.product_id, asked.account_id) {
        (Some(id), None) => Subject::Product(id),
        (None, Some(id)) => Subject::Account(id),
        _ => return Err(Problem::new(&problems::BACK_SUBJECT).into()),
    };
    if !asked.id.bytes().all(|b| b.is_ascii_graphic() && !b"/?#%".contains(&b)) {
        return Err(Problem::invalid("id", "A–Z a–z 0–9 - _ . :").into());
    }
    if asked.detail.to_string().len() > 4_000 {
        return Err(Problem::invalid("detail", "≤ 4000").into());
    }
    let order = BackOrder {
        id: asked.id,
        kind: Kind::parse(&asked.kind)?,
        subject,
        reason: Reason::parse(asked.reason.as_deref().unwrap_or("arrears"))?,
        source: String::new(),
        at: asked.at.unwrap_or_else(|| ctx.now()),
        note: asked.note,
        detail: asked.detail,
    };
    let reply = ctx.create(&body.fingerprint, move |tx| {
        // A system is known by whoever speaks for it: nobody sends in another's name.
        let login = tx.actor().name.to_string();
        let source = billing::outside::system_of(tx, &login)?.unwrap_or_else(|| login.replace(':', "-"));
        let order = BackOrder { source: source.clone(), ..order.clone() };
        back::submit(tx, &order)?;
        let view = view(tx, &back::key(&source, &order.id))?;
        Ok(Reply::json(202, &view))
    });
    Ok(reply.await?)
}

async fn list(ctx: Ctx) -> Answer {
    let paging = ctx.paging(50, 200)?;
    let get = |name: &str| ctx.parameter(name).filter(|v| !v.is_empty());
    let states: Vec<&str> = match get("state") {
        Some(text) => text.split(',').map(|s| State::parse(s.trim()).map(State::name)).collect::<Result<_>>()?,
        None => Vec::new(),
    };
    let kind = get("kind").map(|k| Kind::parse(&k)).transpose()?;
    let (source, customer, product, q) = (get("source"), get("customerId"), get("productId"), get("q"));
    let (rows, total) = ctx
        .read(move |tx| {
            let mut filter = Filter::default();
            filter.scope("org", tx.actor());
            if !states.is_empty() {
                let marks: Vec<String> = states.iter().map(|s| filter.bind(*s)).collect();
                filter.and(format!("state IN ({})", marks.join(", ")));
            }
            for (column, value) in [("source", &source), ("customer_id", &customer)] {
                if let Some(value) = value {
                    filter.equal(column, value.as_str());
                }
            }
            if let Some(kind) = kind {
                filter.equal("kind", kind.name());
            }
            if let Some(product) = &product {
                let mark = filter.bind(product.as_str());
                filter.and(format!("id IN (SELECT back_id FROM back_target WHERE product_id = {mark})"));
            }
            if let Some(q) = &q {
                let mark = filter.bind(q.as_str());
                filter
                    .and(format!("(own_id = {mark} OR id IN (SELECT back_id FROM back_target WHERE number = {mark}))"));
            }
            let condition = filter.to_where();
            let count = format!("SELECT COUNT(*) FROM (SELECT 1 FROM back_order{condition} LIMIT 10001) AS counted");
            let total = tx.query_one(&count, &filter.binds)?.int(0);
            let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
            let text = format!(
                "SELECT {COLUMNS} FROM back_order{condition} ORDER BY created_at DESC, id LIMIT {limit} OFFSET {offset}"
            );
            let rows = tx.query(&text, &filter.binds)?;
            let views = rows.iter().map(|r| shown(tx, r)).collect::<Result<Vec<Value>>>()?;
            Ok((views, total))
        })
        .await?;
    Ok(Reply::ok(&rows).total(total))
}

/// An order with its products.
pub fn view(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(1))?;
    shown(tx, &row)
}

fn shown(tx: &mut Tx<'_>, row: &Row) -> Result<Value> {
    let (kind, state) = (Kind::parse(row.str(4))?, State::parse(row.str(12))?);
    let reason = Reason::parse(row.str(8))?;
    let targets = tx.query(&TARGETS, params![row.str(0)])?;
    let targets: Vec<Value> = targets
        .iter()
        .map(|t| {
            let error = t.opt_text(7).map(
                |code| json!({"code": code, "reason": {"zh-CN": t.opt_text(8), "en": t.opt_text(9)}}),
            );
            json!({
                "seq": t.int(0), "productId": t.str(1), "number": billing::shown_number(tx, t.str(2)), "state": t.str(3),
                "attempts": t.int(4), "orderId": t.opt_text(5), "orderNo": t.opt_text(6), "error": error, "outcome": t.str(10),
                "nextAt": t.time(11),
            })
        })
        .collect();
    let customer = customer::summary(tx, row.str(7)).map(|c| c.name).unwrap_or_default();
    let titles = |(zh, en): (&str, &str)| json!({"zh-CN": zh, "en": en});
    Ok(json!({
        "id": row.str(0), "source": row.str(2), "ownId": row.str(3), "kind": kind, "kindName": titles(kind.titles()),
        "productId": row.opt_text(5), "accountId": row.opt_text(6), "customerId": row.str(7), "customerName": customer,
        "reason": reason, "reasonName": titles(reason.titles()), "note": row.str(9), "detail": row.json(10),
        "askedAt": row.time(11), "state": state, "told": row.str(13), "tellAttempts": row.int(14), "createdAt": row.time(15),
        "doneAt": row.opt_time(16), "targets": targets,
    }))
}

async fn show(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let view = ctx.read(move |tx| {
        let mut view = view(tx, &id)?;
        let history = tx.query(&HISTORY, params![id])?;
        view["history"] = history
            .iter()
            .map(|r| json!({"state": r.str(0), "at": r.time(1), "operator": r.str(2), "note": r.str(3), "seq": r.opt_int(4)}))
            .collect();
        Ok(view)
    });
    Ok(Reply::ok(&view.await?))
}

#[derive(Deserialize)]
struct Why {
    #[serde(default)]
    reason: String,
}

async fn retry(ctx: Ctx, Path(id): Path<String>, body: Body<Why>) -> Answer {
    act(ctx, id, body, Verb::Retry).await
}

async fn close(ctx: Ctx, Path(id): Path<String>, body: Body<Why>) -> Answer {
    act(ctx, id, body, Verb::Close).await
}

/// Does a verb to every part of the order that allows it; refused where none does.
async fn act(ctx: Ctx, id: String, body: Body<Why>, verb: Verb) -> Answer {
    let reason = body.value.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason").into());
    }
    if reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "≤ 500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let head = view(tx, &id)?;
        let seqs: Vec<i64> = target::all_of(tx, &id)?.iter().map(|t| t.seq).collect();
        let mut acted = 0;
        for seq in seqs {
            let mut target: Target = target::lock(tx, &id, seq)?;
            if target.state.after(verb).is_ok() {
                let outcome = if verb == Verb::Close { "byHand" } else { "" };
                target.step(tx, verb, &Note { text: &reason, outcome, attempts: Some(0), ..Note::default() })?;
                acted += 1;
            }
        }
        if acted == 0 {
            State::parse(head["state"].as_str().unwrap_or(""))?.after(verb)?;
        }
        Ok(Reply::ok(&view(tx, &id)?))
    });
    Ok(reply.await?)
}
