//! Adjustments over HTTP.

use super::{Ask, COLUMNS, adjustment, decide, limit, read, request, reverse, withdraw};
use crate::{counter, perms};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::Result;
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Filter, Tx, sql};

sql! {
    REASONS = "SELECT code, name, name_en, direction, source FROM adjustment_reason ORDER BY code";
}

pub fn routes() -> Vec<Route> {
    let base = "/api/v1/billing/adjustments";
    let (see, ask) = (Access::Needs(perms::ADJUST_READ), Access::Needs(perms::ADJUST_REQUEST));
    let approve = Access::Needs(perms::ADJUST_APPROVE);
    let note = json!({"note": ""});
    vec![
        Route::get(base, see, list)
            .doc("Adjustments, newest first")
            .parameter("state", "requested, waiting, applied, rejected or withdrawn")
            .parameter("customerId", "those of one customer"),
        Route::post(base, ask, create).doc("Ask for an adjustment; within one's limit it is booked at once").body(
            json!({"accountId": "", "billId": "", "productId": "", "amountFen": -1000, "reason": "complaint", "note": "", "timing": "now"}),
        ),
        Route::get(format!("{base}/{{id}}"), see, show).doc("One adjustment"),
        Route::post(format!("{base}/{{id}}/approve"), approve, |ctx: Ctx, id: Path<String>, body: Body<Note>| {
            change(ctx, id, body, |tx, id, note| decide(tx, id, true, note))
        })
        .doc("Allow what another person asked for")
        .body(note.clone()),
        Route::post(format!("{base}/{{id}}/reject"), approve, |ctx: Ctx, id: Path<String>, body: Body<Note>| {
            change(ctx, id, body, |tx, id, note| decide(tx, id, false, note))
        })
        .doc("Refuse what another person asked for")
        .body(note.clone()),
        Route::post(format!("{base}/{{id}}/withdraw"), ask, |ctx: Ctx, id: Path<String>, body: Body<Note>| {
            change(ctx, id, body, withdraw)
        })
        .doc("Withdraw what has not been booked")
        .body(note.clone()),
        Route::post(format!("{base}/{{id}}/reverse"), ask, |ctx: Ctx, id: Path<String>, body: Body<Note>| {
            change(ctx, id, body, reverse)
        })
        .doc("Turn a booked adjustment around by a new one")
        .body(note),
        Route::get("/api/v1/billing/adjustment-reasons", see, reasons)
            .doc("Reasons for adjustments, and how much one may decide alone"),
    ]
}

#[derive(Deserialize)]
struct Note {
    #[serde(default)]
    note: String,
}

fn view(tx: &mut Tx<'_>, made: &super::Adjustment) -> Result<Value> {
    let mut view = json!(made);
    view["number"] = json!(counter::shown_number(tx, &made.number));
    view["own"] = json!(*made.requested_by == *tx.actor().id);
    view["customerName"] = match made.customer_id.as_str() {
        "" => Value::Null,
        id => customer::summary(tx, id).map_or(Value::Null, |c| json!(c.name)),
    };
    Ok(view)
}

async fn list(ctx: Ctx) -> Answer {
    let (customer, state) = (ctx.parameter("customerId"), ctx.parameter("state"));
    let paging = ctx.paging(50, 200)?;
    let found = ctx.read(move |tx| {
        let mut filter = Filter::default();
        filter.scope("a.org", tx.actor());
        if let Some(customer) = &customer {
            filter.equal("a.customer_id", customer.as_str());
        }
        if let Some(state) = &state {
            filter.equal("a.state", state.as_str());
        }
        let condition = filter.to_where();
        let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
        let text = format!("{COLUMNS}{condition} ORDER BY a.id DESC LIMIT {limit} OFFSET {offset}");
        let rows = tx.query(&text, &filter.binds)?;
        rows.iter().map(|row| read(row).and_then(|made| view(tx, &made))).collect::<Result<Vec<_>>>()
    });
    Ok(Reply::ok(&json!({"items": found.await?})))
}

async fn create(ctx: Ctx, body: Body<Ask>) -> Answer {
    let ask = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let made = request(tx, &ask)?;
        let href = format!("/api/v1/billing/adjustments/{}", made.id);
        Ok(Reply::created(&href, &view(tx, &made)?).etag(made.version))
    });
    Ok(reply.await?)
}

async fn show(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let (view, version) = ctx
        .read(move |tx| {
            let made = adjustment(tx, &id)?;
            Ok((view(tx, &made)?, made.version))
        })
        .await?;
    Ok(Reply::ok(&view).etag(version))
}

async fn change(
    ctx: Ctx,
    Path(id): Path<String>,
    body: Body<Note>,
    verb: fn(&mut Tx<'_>, &str, &str) -> Result<super::Adjustment>,
) -> Answer {
    let note = body.value.note;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let made = verb(tx, &id, &note)?;
        Ok(Reply::ok(&view(tx, &made)?).etag(made.version))
    });
    Ok(reply.await?)
}

async fn reasons(ctx: Ctx) -> Answer {
    let found = ctx.read(|tx| {
        let reason = |r: &store::Row| {
            json!({"code": r.str(0), "name": r.str(1), "nameEn": r.str(2), "direction": r.str(3), "source": r.str(4)})
        };
        let reasons: Vec<Value> = tx.query(&REASONS, &[])?.iter().map(reason).collect();
        Ok(json!({"reasons": reasons, "limitFen": limit(tx)?}))
    });
    Ok(Reply::ok(&found.await?))
}
