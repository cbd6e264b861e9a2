//! The central system's door: it asks us as the donor and tells us how requests stand. It comes with a token of its own that
//! may do nothing else, and everything it says is written down as it came.

use crate::{
    CENTRE,
    centre::{State, Status},
    port_in, port_out, problems, seeing,
    setting::Reason,
};
use http::{Access, Answer, Body, Ctx, Reply, Route};
use inventory::numbers;
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::json;
use store::{Tx, params, sql};

pub fn routes() -> Vec<Route> {
    vec![
        Route::post("/api/v1/portability/centre/asks", Access::Needs(CENTRE), ask)
            .doc("The central system asks us, the donor, whether a number may leave")
            .body(json!({"requestId": "r1", "number": "13900138000", "recipient": "002", "network": "4401", "certificateDigest": "…"})),
        Route::post("/api/v1/portability/centre/notices", Access::Needs(CENTRE), notice)
            .doc("The central system tells how a request stands")
            .body(json!({"noticeId": "n1", "requestId": "r1", "kind": "effective", "revision": 3, "number": "13900138000", "recipient": "002", "donor": "001", "effectiveAt": "2026-11-22T11:00:00+08:00"})),
    ]
}

sql! {
    KNOWN = "SELECT outcome FROM port_notice WHERE id = $1";
    KEEP = "INSERT INTO port_notice (id, request_id, kind, revision, outcome, at) VALUES ($1, $2, $3, $4, $5, $6)";
}

fn valid(id: &str, field: &str) -> Result<()> {
    let good = (1..=120).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_graphic());
    if good { Ok(()) } else { Err(Problem::invalid(field, "1–120")) }
}

async fn ask(ctx: Ctx, body: Body<port_out::Ask>) -> Answer {
    let ask = body.value;
    valid(&ask.request_id, "requestId")?;
    let answer = ctx.app.db().write(seeing(&ctx.actor), move |tx| {
        let answer = port_out::answer(tx, &ask)?;
        let reasons: Vec<&str> = answer.reasons.iter().map(|r| r.code.as_str()).collect();
        let detail = json!({"number": kernel::mask_phone(&ask.number), "recipient": ask.recipient, "accepted": answer.accepted, "reasons": reasons});
        tx.audit("portability.asked", "port-outs", &ask.request_id, &OrgPath::root(), &detail)?;
        Ok(answer)
    });
    Ok(Reply::ok(&answer.await?))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Notice {
    notice_id: String,
    #[serde(default)]
    request_id: String,
    kind: String,
    #[serde(default)]
    revision: i64,
    number: String,
    #[serde(default)]
    recipient: String,
    #[serde(default)]
    donor: String,
    #[serde(default)]
    effective_at: Option<Timestamp>,
    #[serde(default)]
    reasons: Vec<Reason>,
}

async fn notice(ctx: Ctx, body: Body<Notice>) -> Answer {
    let notice = body.value;
    valid(&notice.notice_id, "noticeId")?;
    let outcome = ctx.app.db().write(seeing(&ctx.actor), move |tx| {
        if let Some(row) = tx.query_opt(&KNOWN, params![notice.notice_id])? {
            return Ok(row.text(0));
        }
        let outcome = take(tx, &notice)?;
        let Notice { notice_id, request_id, kind, revision, .. } = &notice;
        tx.execute(&KEEP, params![notice_id, request_id, kind, *revision, outcome, tx.now()])?;
        let detail = json!({"kind": kind, "revision": revision, "number": kernel::mask_phone(&notice.number), "outcome": outcome});
        tx.audit("portability.noticed", "portability", request_id, &OrgPath::root(), &detail)?;
        Ok(outcome.to_owned())
    });
    Ok(Reply::ok(&json!({"outcome": outcome.await?})))
}

/// What a notice changed: `taken`, or `known` where it is older than what is known, or `unknown`.
fn take(tx: &mut Tx<'_>, notice: &Notice) -> Result<&'static str> {
    let state = match notice.kind.as_str() {
        "numberReturned" => return returned(tx, &notice.number),
        "pending" => State::Pending,
        "accepted" => State::Accepted,
        "refused" => State::Refused,
        "effective" => State::Effective,
        "cancelled" => State::Cancelled,
        other => return Err(Problem::invalid("kind", other)),
    };
    valid(&notice.request_id, "requestId")?;
    let status = Status {
        request_id: notice.request_id.clone(),
        number: notice.number.clone(),
        recipient: notice.recipient.clone(),
        donor: notice.donor.clone(),
        state,
        revision: notice.revision,
        effective_at: notice.effective_at,
        reasons: notice.reasons.clone(),
    };
    let taken = match port_in::notice(tx, &status)? {
        Some(taken) => Some(taken),
        None => port_out::notice(tx, &status)?,
    };
    match taken {
        Some(true) => Ok("taken"),
        Some(false) => Ok("known"),
        None => Err(Problem::new(&problems::REQUEST_UNKNOWN)),
    }
}

/// A number of ours whose user gave it up at the other operator has come home: it rests before it is sold again.
fn returned(tx: &mut Tx<'_>, number: &str) -> Result<&'static str> {
    match numbers::come_home(tx, number) {
        Ok(()) => Ok("taken"),
        Err(problem) if problem.code.status == 409 => Ok("known"),
        Err(problem) => Err(problem),
    }
}
