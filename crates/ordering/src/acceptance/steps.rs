//! The saga of a business: begin → network → records → billing told → billing has answered → completed.
//!
//! Undone in reverse order of completion.

use super::{Change, network};
use crate::{
    business::Spec,
    plan::{self, step},
};
use flow::NewStep;
use kernel::Result;
use serde_json::json;
use store::Tx;

pub fn of(tx: &mut Tx<'_>, spec: &Spec, change: &Change) -> Result<Vec<NewStep>> {
    let mut steps = vec![step("begin", ("开始施工", "Begin"), "ordering", vec![], json!({}))];
    let mut before = vec![0];
    for (name, titles, target, input) in &change.before_network {
        let at = steps.len();
        steps.push(step(name, *titles, target, before, input.clone()));
        before = vec![at];
    }
    if !change.first.is_empty() {
        let at = steps.len();
        let titles = ("资源变更", "Resources");
        steps.push(step("change-records", titles, "inventory", before, json!({"item": "1", "stage": "first"})));
        before = vec![at];
    }
    // Products side by side; of one product one call after the other, as the business lists them.
    let mut done: Vec<usize> = Vec::new();
    let mut last_of: Vec<(&str, Vec<usize>)> = Vec::new();
    for call in &change.network {
        let place = last_of.iter().position(|(p, _)| *p == call.product_id);
        let after = place.map_or_else(|| before.clone(), |i| last_of[i].1.clone());
        let made = network::append(tx, &mut steps, call, &after)?;
        if made.is_empty() {
            continue;
        }
        done.extend(&made);
        match place {
            Some(i) => last_of[i].1 = made,
            None => last_of.push((&call.product_id, made)),
        }
    }
    if !done.is_empty() {
        before = done;
    }
    if !change.makes.is_empty() {
        let parts: Vec<plan::Part<'_>> = change
            .makes
            .iter()
            .enumerate()
            .map(|(n, m)| plan::Part {
                item_id: (n + 1).to_string(),
                product_id: m.product_id.clone(),
                planned: &m.planned,
                ported: None,
            })
            .collect();
        before = plan::make(&mut steps, &parts, &before);
    }
    if !change.effects.is_empty() {
        let at = steps.len();
        steps.push(step(
            "change-records",
            (spec.zh, spec.en),
            "inventory",
            before,
            json!({"item": "1", "stage": "main"}),
        ));
        before = vec![at];
    }
    if !change.facts.is_empty() || !change.makes.is_empty() {
        let told = steps.len();
        steps.push(step("tell-facts", ("通知计费", "Tell billing"), "billing", before, json!({})));
        steps.push(step("await-billing", ("等待计费确认", "Billing has answered"), "billing", vec![told], json!({})));
        before = vec![told + 1];
    }
    steps.push(step("complete", ("竣工归档", "Complete"), "ordering", before, json!({})));
    Ok(steps)
}
