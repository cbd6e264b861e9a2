//! 催单: the customer asks where it is. Counted on the order, and told to whoever has the step it stands at.

use super::noted;
use flow::{Saga, Step, StepState};
use http::tmf::Document;
use kernel::Result;
use serde_json::{Value, json};
use store::{Event, Tx};

pub fn urge(tx: &mut Tx<'_>, saga: Option<&Saga>, order: &mut Document, reason: &str) -> Result<()> {
    let before = order.body.clone();
    let times = order.body.get("urges").and_then(Value::as_i64).unwrap_or(0) + 1;
    order.set("urges", times);
    order.set("urgedAt", json!(tx.now()));
    let at: Vec<&Step> = saga.map_or_else(Vec::new, |s| s.plan.steps.iter().filter(|s| stands(s)).collect());
    let zh: Vec<&str> = at.iter().map(|s| s.zh.as_str()).collect();
    let en: Vec<&str> = at.iter().map(|s| s.en.as_str()).collect();
    let what = (
        format!(
            "催单（第 {times} 次）：{reason}；当前环节：{}",
            if zh.is_empty() { "等待生效".into() } else { zh.join("、") }
        ),
        format!(
            "Urged ({times}): {reason}; at: {}",
            if en.is_empty() { "waiting for its day".into() } else { en.join(", ") }
        ),
    );
    noted(tx, order, &before, (&what.0, &what.1))?;
    let steps: Vec<Value> =
        at.iter().map(|s| json!({"name": s.name, "title": s.zh, "target": s.target, "state": s.state})).collect();
    let event = Event::new("ProductOrderUrgeEvent", "productOrder", &order.id, order.version, &order.org)
        .topic(format!("order:{}", order.id))
        .payload(
            json!({"productOrder": {"id": order.id, "orderNo": order.text("orderNo"), "urges": times, "steps": steps}}),
        );
    tx.emit(event)
}

/// The order stands at this step: it is being worked on, waits, or needs a person.
fn stands(step: &Step) -> bool {
    matches!(step.state, StepState::Running | StepState::Waiting | StepState::Failed | StepState::UndoFailed)
        || (step.state == StepState::Pending && step.due.is_some())
}
