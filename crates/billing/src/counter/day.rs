//! The shift over HTTP.

use super::{
    drawer,
    shift::{self, Shift},
};
use crate::payment::Method;
use http::{Answer, Body, Ctx, Reply, axum::extract::Path};
use kernel::{Date, Money, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Filter, Tx};

pub async fn current(ctx: Ctx) -> Answer {
    let view = ctx.read(|tx| {
        let found = match shift::current(tx)? {
            Some(open) => Some(open),
            None => shift::last(tx)?,
        };
        match found {
            Some(shift) => view(tx, &shift),
            None => Ok(json!({
                "id": null, "state": "closed", "floatFen": 0, "byMethod": [], "byKind": [], "expectedCashFen": 0,
                "expectedFen": {"cash": 0, "transfer": 0}, "matrix": [], "methods": offered(&BTreeMap::new()),
            })),
        }
    });
    Ok(Reply::ok(&view.await?))
}

/// Every method a drawer may hold, whether it is counted by hand, and what the system expects.
fn offered(expected: &BTreeMap<&'static str, Money>) -> Value {
    Method::ALL
        .into_iter()
        .filter(|m| m.is_for_counters() || expected.contains_key(m.name()))
        .map(|m| {
            let system = expected.get(m.name()).copied().unwrap_or(Money::ZERO);
            json!({"method": m.name(), "expectedFen": system, "counted": m.is_for_counters(), "used": expected.contains_key(m.name())})
        })
        .collect()
}

fn view(tx: &mut Tx<'_>, shift: &Shift) -> Result<Value> {
    let (methods, kinds) = (shift::by_method(tx, &shift.id)?, shift::by_kind(tx, &shift.id)?);
    let expected = shift::expected(tx, shift)?;
    let counted: Value = shift::counts(tx, &shift.id)?
        .into_iter()
        .map(|(method, system, counted)| {
            let difference = counted.in_fen() - system.in_fen();
            json!({"method": method, "systemFen": system, "countedFen": counted, "differenceFen": difference})
        })
        .collect();
    let matrix: Vec<Value> = drawer::matrix(tx, &shift.id)?
        .iter()
        .map(|c| json!({"kind": c.business, "method": c.method, "count": c.count, "amountFen": c.amount}))
        .collect();
    Ok(json!({
        "id": shift.id,
        "hall": shift.org,
        "matrix": matrix,
        "methods": offered(&expected),
        "closedBy": shift.closed_by,
        "state": if shift.is_open { "open" } else { "closed" },
        "day": shift.day,
        "operator": shift.operator_name,
        "operatorId": shift.operator,
        "openedAt": shift.opened_at,
        "closedAt": shift.closed_at,
        "floatFen": shift.float,
        "byMethod": methods.iter().map(|t| json!({"method": t.name, "count": t.count, "amountFen": t.amount})).collect::<Value>(),
        "byKind": kinds.iter().map(|t| json!({"kind": t.name, "count": t.count, "amountFen": t.amount})).collect::<Value>(),
        "expectedFen": expected,
        "expectedCashFen": expected["cash"],
        "counted": counted,
        "differenceFen": shift.difference,
        "reason": shift.reason,
    }))
}

pub async fn list(ctx: Ctx) -> Answer {
    let day = match ctx.parameter("date") {
        Some(text) => Date::parse(&text)?,
        None => ctx.now().date(),
    };
    let views = ctx.read(move |tx| {
        let mut filter = Filter::default();
        filter.equal("day", day.to_string());
        filter.scope("org", tx.actor());
        let text = format!(
            "SELECT id, version, org, operator, operator_name, day, state, opened_at, closed_at, float_fen, difference_fen, reason, closed_by_name \
             FROM shift{} ORDER BY id LIMIT 500",
            filter.to_where()
        );
        let rows = tx.query(&text, &filter.binds)?;
        rows.iter().map(|r| view(tx, &shift::from_row(r)?)).collect::<Result<Vec<Value>>>()
    });
    Ok(Reply::ok(&views.await?))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OpenAsk {
    #[serde(default)]
    float_fen: i64,
}

pub async fn open(ctx: Ctx, body: Body<OpenAsk>) -> Answer {
    let float = Money::fen(body.value.float_fen);
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let shift = shift::begin(tx, float)?;
        Ok(Reply::json(201, &view(tx, &shift)?))
    });
    Ok(reply.await?)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CloseAsk {
    counted_fen: BTreeMap<String, Money>,
    #[serde(default)]
    reason: String,
}

pub async fn close(ctx: Ctx, body: Body<CloseAsk>) -> Answer {
    let CloseAsk { counted_fen, reason } = body.value;
    if reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "1–500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let shift = shift::close(tx, &counted_fen, &reason)?;
        Ok(Reply::ok(&view(tx, &shift)?))
    });
    Ok(reply.await?)
}

pub async fn close_for(ctx: Ctx, Path(id): Path<String>, body: Body<CloseAsk>) -> Answer {
    let CloseAsk { counted_fen, reason } = body.value;
    if reason.chars().count() > 500 {
        return Err(Problem::invalid("reason", "1–500").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let shift = shift::close_for(tx, &id, &counted_fen, &reason)?;
        Ok(Reply::ok(&view(tx, &shift)?))
    });
    Ok(reply.await?)
}
