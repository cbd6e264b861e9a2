//! TMF671: promotions as marketing systems announce them. What a promotion takes off an offering is a discount of that
//! offering; the promotion is the paper it goes back to. Its life cycle is its own, and so are the law's demands.

use crate::law;
use http::tmf::{Document, Rules};
use kernel::{OrgPath, Problem, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx};

type Doc = Map<String, Value>;

pub(crate) struct Promotions;

const STATES: [&str; 6] = ["draft", "Test", "WaitForApproval", "Release", "Suspend", "Retirement"];

/// The states that may follow; a released promotion is suspended or retired, never a draft again.
fn next(state: &str) -> &'static [&'static str] {
    match state {
        "draft" => &["Test", "WaitForApproval", "Retirement"],
        "Test" => &["draft", "WaitForApproval", "Retirement"],
        "WaitForApproval" => &["draft", "Test", "Release", "Retirement"],
        "Release" => &["Suspend", "Retirement"],
        "Suspend" => &["Release", "Retirement"],
        _ => &[],
    }
}

fn check(tx: &Tx<'_>, doc: &mut Doc) -> Result<()> {
    let named = doc.get("name").and_then(Value::as_str).is_some_and(|n| !n.trim().is_empty());
    if !named {
        return Err(Problem::invalid("name", "string"));
    }
    let state = doc.get("lifecycleStatus").and_then(Value::as_str).unwrap_or("draft").to_owned();
    if !STATES.contains(&state.as_str()) {
        return Err(Problem::invalid("lifecycleStatus", &state));
    }
    doc.insert("lifecycleStatus".into(), json!(state));
    if !doc.get("pattern").is_none_or(|p| p.is_null() || p.is_array()) {
        return Err(Problem::invalid("pattern", "array"));
    }
    let at = |end: &str| doc.get("validFor").and_then(|p| p[end].as_str()).map(Timestamp::parse).transpose();
    if let (Some(from), Some(to)) = (at("startDateTime")?, at("endDateTime")?)
        && to < from
    {
        return Err(Problem::invalid("validFor", "endDateTime < startDateTime"));
    }
    law::refuse_port_in(doc)?;
    doc.insert("lastUpdate".into(), json!(tx.now().to_string()));
    Ok(())
}

impl Rules for Promotions {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Doc) -> Result<OrgPath> {
        check(tx, doc)?;
        Ok(tx.actor().org.clone())
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Doc, after: &mut Doc) -> Result<()> {
        check(tx, after)?;
        let state = |doc: &Doc| doc.get("lifecycleStatus").and_then(Value::as_str).unwrap_or("draft").to_owned();
        let (was, is) = (state(before), state(after));
        if was == is || next(&was).contains(&is.as_str()) {
            return Ok(());
        }
        let next = next(&was);
        let next = if next.is_empty() { "—".to_owned() } else { next.join(", ") };
        let problem = Problem::new(&crate::problems::LIFECYCLE);
        Err(problem.with("from", &was).with("to", &is).with("next", &next))
    }
    fn delete(&self, _: &mut Tx<'_>, doc: &Document) -> Result<()> {
        // What was announced stays readable.
        match doc.text("lifecycleStatus") {
            "Release" | "Suspend" => Err(Problem::new(&http::problems::IN_USE)),
            _ => Ok(()),
        }
    }
    fn columns(&self, doc: &Doc) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
        let updated = Timestamp::parse(text("lastUpdate")).map_or(0, Timestamp::micros);
        vec![
            ("status", text("lifecycleStatus").to_value()),
            ("last_update", updated.to_value()),
            ("name", text("name").to_value()),
        ]
    }
    fn shared(&self) -> bool {
        true
    }
    fn events(&self, before: &Doc, after: &Doc) -> Vec<&'static str> {
        if before.get("lifecycleStatus") == after.get("lifecycleStatus") {
            return Vec::new();
        }
        vec!["AttributeValueChange", "StateChange"]
    }
}
