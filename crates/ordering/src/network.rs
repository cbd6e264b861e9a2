//! The catalogue's work on a product as steps of a saga.

use catalog::Work;
use flow::NewStep;
use serde_json::{Value, json};

/// Whose work it is.
pub struct Whose<'a> {
    pub item: &'a str,
    pub product: &'a str,
    /// `attributes` and `before` of a change, the values after and before it.
    pub extra: Value,
}

/// Appends the steps of `work`, the first of them after `after`. Returns their positions.
pub fn append(steps: &mut Vec<NewStep>, whose: &Whose<'_>, work: &[Work], after: &[usize]) -> Vec<usize> {
    let first = steps.len();
    for piece in work {
        let mut input = json!({
            "item": whose.item, "product": whose.product, "task": piece.task, "cfs": piece.cfs, "rfs": piece.rfs,
            "rfsSpec": piece.rfs_spec,
        });
        if let Some(on) = &piece.on {
            input["on"] = json!(on);
        }
        if let Some(shared) = &piece.shared {
            input["shared"] = json!({"kind": shared.kind, "key": shared.key});
        }
        if piece.detached {
            input["detached"] = json!(true);
        }
        for (name, value) in whose.extra.as_object().into_iter().flatten() {
            input[name] = value.clone();
        }
        let waits: Vec<usize> = piece.after.iter().map(|a| first + a).collect();
        steps.push(NewStep {
            name: piece.step.clone(),
            title_zh: piece.title_zh.clone(),
            title_en: piece.title_en.clone(),
            target: piece.target.clone(),
            after: if waits.is_empty() { after.to_vec() } else { waits },
            input,
        });
    }
    (first..steps.len()).collect()
}
