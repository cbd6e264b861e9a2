//! Booking what an outside system said of an order, whether it was asked or called by itself: each answer once, a late or
//! doubled one changes nothing.

use super::{
    super::{State, Stored, Verb, lock},
    client::Heard,
    deliver::words,
};
use crate::{problems, settings};
use kernel::{Problem, Result};
use serde_json::Value;
use store::{Tx, params, sql};

sql! {
    ACK = "UPDATE collaboration SET ack_no = $2 WHERE id = $1";
    SENDER = "SELECT system FROM collaboration WHERE id = $1";
}

/// Books the end of a call.
pub fn book(tx: &mut Tx<'_>, id: &str, heard: &Heard) -> Result<()> {
    let mut order = lock(tx, id)?;
    match heard {
        Heard::Answer(said) => hear(tx, &mut order, said),
        // It has lost the order: it is told again.
        Heard::Unknown if order.state == State::Received => {
            let lost = Problem::new(&problems::OUTSIDE_LOST).with("system", &order.system);
            fail(tx, &mut order, &lost, false)
        }
        Heard::Unknown => {
            let problem = Problem::new(&problems::OUTSIDE_REFUSED).with("system", &order.system);
            fail(tx, &mut order, &problem.with("detail", "HTTP 404"), true)
        }
        Heard::Refused(problem) => fail(tx, &mut order, problem, true),
        // Asked about something it has acknowledged: it will be asked again.
        Heard::Silent(_) if order.state == State::Received => Ok(()),
        Heard::Silent(problem) => fail(tx, &mut order, problem, false),
    }
}

/// What the system called about by itself; only of its own orders.
pub fn called(tx: &mut Tx<'_>, id: &str, speaker: &str, said: &Value) -> Result<Stored> {
    let system = tx.query_one(&SENDER, params![id])?.text(0);
    if system.is_empty() || super::system_of(tx, speaker)?.as_deref() != Some(system.as_str()) {
        return Err(Problem::not_found());
    }
    let mut order = lock(tx, id)?;
    hear(tx, &mut order, said)?;
    Ok(order)
}

fn hear(tx: &mut Tx<'_>, order: &mut Stored, said: &Value) -> Result<()> {
    let now = tx.now();
    let state = said["state"].as_str().unwrap_or("");
    match state {
        "received" => {
            if order.state == State::Sent {
                let ask = now.plus_seconds(settings::ASK_SECONDS.number(tx)?);
                order.step(tx, Verb::Receive, ask, None, said["ackNo"].as_str().unwrap_or(""))?;
                acknowledge(tx, order, said)?;
            }
            Ok(())
        }
        "succeeded" | "withdrawn" => {
            if order.state.is_done() {
                return Ok(()); // said again
            }
            if matches!(order.state, State::Failed | State::Manual) {
                order.step(tx, Verb::Resend, now, None, "对方已处理")?;
            }
            if order.state == State::Waiting {
                order.step(tx, Verb::Send, now, None, "")?;
            }
            if order.state == State::Sent {
                order.step(tx, Verb::Receive, now, None, said["ackNo"].as_str().unwrap_or(""))?;
                acknowledge(tx, order, said)?;
            }
            order.step(tx, Verb::Succeed, now, None, state)?;
            flow::saga::wake(tx, &order.fact.order_id)
        }
        "failed" => {
            if !matches!(order.state, State::Sent | State::Received) {
                return Ok(()); // it is known already, or somebody deals with it
            }
            let detail = said["error"]["reason"].as_str().unwrap_or("?");
            let problem = Problem::new(&problems::OUTSIDE_FAILED).with("system", &order.system).with("detail", detail);
            fail(tx, order, &problem, true)
        }
        other => Err(Problem::invalid("state", "received | succeeded | failed").because(other)),
    }
}

fn acknowledge(tx: &mut Tx<'_>, order: &Stored, said: &Value) -> Result<()> {
    match said["ackNo"].as_str() {
        Some(no) => tx.execute(&ACK, params![order.id, no.chars().take(80).collect::<String>()]).map(drop),
        None => Ok(()),
    }
}

/// It did not work. `for_good`: telling it again helps nobody, a person must look.
pub fn fail(tx: &mut Tx<'_>, order: &mut Stored, problem: &Problem, for_good: bool) -> Result<()> {
    let now = tx.now();
    match order.state {
        State::Waiting => order.step(tx, Verb::Send, now, None, "")?,
        State::Failed => {
            order.step(tx, Verb::Resend, now, None, "自动重发")?;
            order.step(tx, Verb::Send, now, None, "")?;
        }
        State::Sent | State::Received => {}
        State::Succeeded | State::Manual | State::Closed => return Ok(()),
    }
    let (max, base) = (settings::MAX_ATTEMPTS.number(tx)?, settings::RETRY_SECONDS.number(tx)?);
    let pause = base.saturating_mul(1 << (order.attempts - 1).clamp(0, 20)).min(86_400);
    let next = now.plus_seconds(pause);
    order.step(tx, Verb::Fail, next, Some(problem), &words(problem))?;
    if for_good || order.attempts >= max {
        order.step(tx, Verb::GiveUp, next, Some(problem), "转人工")?;
        flow::saga::wake(tx, &order.fact.order_id)?;
    }
    Ok(())
}
