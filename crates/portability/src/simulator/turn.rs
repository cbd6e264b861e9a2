//! What the central system does by itself, now and then: asks donors, lets ports take effect, sends its notices.

use super::{
    memory::{self, behaviour, donor_refuses, hand_over, in_state, move_on, put_notice},
    peer,
};
use crate::{
    centre::{State, Status},
    setting::{self, Reason},
};
use http::App;
use kernel::{Actor, Result, Timestamp};
use serde_json::{Value, json};
use store::{Tx, params, sql};

const HOUR: i64 = 3_600_000_000;
/// A notice that is not taken is sent again after so long, so often.
const AGAIN_SECONDS: i64 = 30;
const MOST_ATTEMPTS: i64 = 20;

sql! {
    DUE = "SELECT id, body, copies FROM npc_notice WHERE due <= $1 AND attempts < $2 ORDER BY due, id LIMIT 100";
    SENT = "DELETE FROM npc_notice WHERE id = $1";
    AGAIN = "UPDATE npc_notice SET attempts = attempts + 1, due = $2 WHERE id = $1";
    REAL = "SELECT url FROM portability_centre WHERE id = 1";
}

/// The next full hour after `now`.
pub fn next_hour(now: Timestamp) -> Timestamp {
    Timestamp::from_micros((now.micros() / HOUR + 1) * HOUR)
}

/// One turn. Nothing happens where a real central system is configured.
pub async fn turn(app: App) -> Result<()> {
    let url = app.db().peek(Actor::system(), |tx| Ok(tx.query_one(&REAL, params![])?.text(0))).await?;
    if !url.is_empty() {
        return Ok(());
    }
    let own = app.db().peek(Actor::system(), setting::own).await?;
    for id in app.db().peek(Actor::system(), |tx| in_state(tx, State::Pending)).await? {
        ask_donor(&app, &own, &id).await?;
    }
    for id in app.db().peek(Actor::system(), |tx| in_state(tx, State::Accepted)).await? {
        app.db().write(Actor::system(), move |tx| take_effect(tx, &id)).await?;
    }
    deliver(&app).await
}

async fn ask_donor(app: &App, own: &str, id: &str) -> Result<()> {
    let key = id.to_owned();
    let Some(request) = app.db().peek(Actor::system(), move |tx| memory::request(tx, &key)).await? else {
        return Ok(());
    };
    if request.status.donor != own {
        let key = id.to_owned();
        return app.db().write(Actor::system(), move |tx| other_donor(tx, &key)).await;
    }
    let ask = json!({
        "requestId": id, "number": request.status.number, "recipient": request.status.recipient,
        "network": request.network, "certificateDigest": request.certificate_digest,
    });
    let Some((200, answer)) = peer::post(app, "/api/v1/portability/centre/asks", &ask).await else {
        return Ok(()); // asked again with the next turn
    };
    let (key, accepted) = (id.to_owned(), answer["accepted"] == true);
    let reasons: Vec<Reason> = serde_json::from_value(answer["reasons"].clone()).unwrap_or_default();
    app.db().write(Actor::system(), move |tx| decide(tx, &key, accepted, &reasons)).await
}

/// Another operator answers as it is set to.
fn other_donor(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let how = behaviour(tx)?;
    let Some(request) = memory::request(tx, id)? else { return Ok(()) };
    if how.donor_silent || tx.now() < request.asked_at.plus_seconds(how.donor_seconds) {
        return Ok(());
    }
    if donor_refuses(tx)? {
        let reasons = [Reason {
            code: "port.arrears".into(),
            zh: "携出方：已出账费用未结清".into(),
            en: "The donor: issued bills are not settled".into(),
            zh_help: String::new(),
            en_help: String::new(),
            source: String::new(),
        }];
        return decide(tx, id, false, &reasons);
    }
    decide(tx, id, true, &[])
}

fn decide(tx: &mut Tx<'_>, id: &str, accepted: bool, reasons: &[Reason]) -> Result<()> {
    let Some(request) = memory::request(tx, id)? else { return Ok(()) };
    if request.status.state != State::Pending {
        return Ok(());
    }
    let (to, at) = if accepted { (State::Accepted, Some(next_hour(tx.now()))) } else { (State::Refused, None) };
    if move_on(tx, &request.status, to, at, reasons)?
        && let Some(now) = memory::request(tx, id)?
    {
        notify(tx, &now.status)?;
    }
    Ok(())
}

/// At its hour the number changes hands, in one transaction with the request's state.
fn take_effect(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let Some(request) = memory::request(tx, id)? else { return Ok(()) };
    let due = request.status.effective_at.is_some_and(|at| at <= tx.now());
    if request.status.state != State::Accepted || !due {
        return Ok(());
    }
    if move_on(tx, &request.status, State::Effective, request.status.effective_at, &[])? {
        hand_over(tx, &request.status.number, &request.status.recipient)?;
        if let Some(now) = memory::request(tx, id)? {
            notify(tx, &now.status)?;
        }
    }
    Ok(())
}

/// Tells us how a request stands, where we are its recipient or donor.
pub(crate) fn notify(tx: &mut Tx<'_>, status: &Status) -> Result<()> {
    let own = setting::own(tx)?;
    if status.recipient != own && status.donor != own {
        return Ok(());
    }
    let mut body = serde_json::to_value(status).map_err(kernel::Problem::internal)?;
    body["kind"] = json!(status.state.text());
    put_notice(tx, body)
}

async fn deliver(app: &App) -> Result<()> {
    let due = app
        .db()
        .peek(Actor::system(), |tx| {
            let now = tx.now();
            let rows = tx.query(&DUE, params![now, MOST_ATTEMPTS])?;
            Ok(rows.iter().map(|r| (r.text(0), r.json(1), r.int(2))).collect::<Vec<(String, Value, i64)>>())
        })
        .await?;
    for (id, body, copies) in due {
        let mut taken = true;
        for _ in 0..copies {
            let answer = peer::post(app, "/api/v1/portability/centre/notices", &body).await;
            taken &= answer.is_some_and(|(status, _)| status < 500);
        }
        app.db()
            .write(Actor::system(), move |tx| match taken {
                true => tx.execute(&SENT, params![id]),
                false => {
                    let again = tx.now().plus_seconds(AGAIN_SECONDS);
                    tx.execute(&AGAIN, params![id, again])
                }
            })
            .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_takes_effect_at_the_next_full_hour() {
        let at = |text: &str| Timestamp::parse(text).expect("a time");
        for (now, then) in [
            ("2026-11-22T10:00:00+08:00", "2026-11-22T11:00:00+08:00"),
            ("2026-11-22T10:59:59+08:00", "2026-11-22T11:00:00+08:00"),
            ("2026-11-22T23:10:00+08:00", "2026-11-23T00:00:00+08:00"),
        ] {
            assert_eq!(next_hour(at(now)), at(then), "{now}");
        }
    }
}
