//! A number that a new customer brings from another operator (携入): admitted when the order is taken, asked for and waited for
//! before anything is activated. The steps' handlers are in `portability`.

use crate::plan::step;
use flow::NewStep;
use inventory::numbers;
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::Tx;

/// A number on its way in. The code it comes with lies sealed in the saga, and nowhere else.
#[derive(Clone, Debug)]
pub struct Ported {
    number: String,
    donor: String,
    sealed: String,
}

/// Admits the number for the order: one that serves elsewhere, or one of ours that had left.
pub fn admit(tx: &mut Tx<'_>, number: &str, code: &Value, donor: Option<Value>, order_id: &str) -> Result<Ported> {
    let digits: String =
        code.as_str().map_or_else(|| code.to_string(), str::to_owned).chars().filter(|c| !c.is_whitespace()).collect();
    if !(6..=10).contains(&digits.len()) || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::invalid("portInCode", "6–10"));
    }
    let donor = donor.and_then(|d| d.as_str().map(str::to_owned)).unwrap_or_default();
    numbers::admit_ported(tx, number, order_id)?;
    Ok(Ported { number: number.to_owned(), donor, sealed: tx.vault().seal(&digits)? })
}

/// Asks the central system and waits until the number is ours; returns the last step.
pub fn steps(steps: &mut Vec<NewStep>, item: &str, product: &str, ported: &Ported, before: &[usize]) -> usize {
    let Ported { number, donor, sealed } = ported;
    let asked = steps.len();
    let input = json!({"item": item, "product": product, "number": number, "donor": donor, "portInSealed": sealed});
    steps.push(step("port-request", ("携入申请", "Ask for the number"), "npc", before.to_vec(), input));
    let input = json!({"item": item, "product": product, "number": number});
    steps.push(step("port-await", ("等待携入生效", "The number is ours"), "npc", vec![asked], input));
    asked + 1
}
