//! What differs between two lists of orders, by their key fields.

use billing::outside::Told;
use serde_json::{Value, json};
use std::collections::BTreeMap;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum What {
    /// The other side has it, we never told it.
    MissingHere,
    /// We told it, the other side does not have it.
    MissingThere,
    Different,
}

impl What {
    pub const fn name(self) -> &'static str {
        match self {
            Self::MissingHere => "missingHere",
            Self::MissingThere => "missingThere",
            Self::Different => "different",
        }
    }
}

#[derive(Clone, Debug)]
pub struct Difference {
    pub what: What,
    pub order_id: String,
    pub product_id: String,
    ours: Value,
    theirs: Value,
}

impl Difference {
    pub fn new(what: What, id: &str, ours: Option<&Told>, theirs: Option<Value>) -> Self {
        let theirs = theirs.unwrap_or(Value::Null);
        let product = ours.map(|o| o.product_id.clone());
        let product = product.or_else(|| theirs["productId"].as_str().map(str::to_owned)).unwrap_or_default();
        Self {
            what,
            order_id: id.to_owned(),
            product_id: product,
            ours: ours.map_or(Value::Null, |o| json!(o)),
            theirs,
        }
    }
    pub fn sides(&self) -> (Value, Value) {
        (self.ours.clone(), self.theirs.clone())
    }
}

/// Orders that are still on their way agree with whatever the other side says of their state.
fn agree(ours: &Told, theirs: &Told) -> bool {
    let on_its_way = ours.state == "open" || theirs.state == "open";
    let state = on_its_way || ours.state == theirs.state;
    // Times as they are written: what travels has no more than milliseconds.
    let at = |t: &Told| t.effective_from.to_string();
    let fields = |t: &Told| (t.kind.clone(), t.product_id.clone(), t.offering_id.clone(), t.number.clone(), at(t));
    state && fields(ours) == fields(theirs)
}

pub fn compare(ours: &BTreeMap<String, Told>, theirs: &BTreeMap<String, Told>) -> Vec<Difference> {
    let mut all = Vec::new();
    for (id, own) in ours {
        match theirs.get(id) {
            // What was given up before it arrived is missing nowhere.
            None if own.state == "ended" || own.state == "open" => {}
            None => all.push(Difference::new(What::MissingThere, id, Some(own), None)),
            Some(their) if agree(own, their) => {}
            Some(their) => all.push(Difference::new(What::Different, id, Some(own), Some(json!(their)))),
        }
    }
    for (id, their) in theirs.iter().filter(|(id, _)| !ours.contains_key(*id)) {
        all.push(Difference::new(What::MissingHere, id, None, Some(json!(their))));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Timestamp;

    fn told(id: &str, state: &str, number: &str) -> (String, Told) {
        let told = Told {
            id: id.into(),
            kind: "start".into(),
            order_no: "P1".into(),
            product_id: "p".into(),
            offering_id: "of".into(),
            number: number.into(),
            effective_from: Timestamp::parse("2026-11-22T00:00:00Z").unwrap(),
            state: state.into(),
        };
        (id.to_owned(), told)
    }

    #[test]
    fn a_moment_is_the_same_however_finely_it_is_kept() {
        let fine = |digits: &str| {
            let (id, mut told) = told("a", "done", "1");
            told.effective_from = Timestamp::parse(&format!("2026-11-22T00:00:00.{digits}Z")).unwrap();
            BTreeMap::from([(id, told)])
        };
        assert!(compare(&fine("123456"), &fine("123")).is_empty());
        assert_eq!(compare(&fine("123"), &fine("124")).len(), 1);
    }

    #[test]
    fn each_kind_of_difference_is_found_and_nothing_else() {
        let ours = BTreeMap::from([
            told("same", "done", "1"),
            told("gone", "done", "1"),
            told("other", "done", "1"),
            told("way", "open", "1"),
            told("late", "open", "1"),
            told("undone", "ended", "1"),
            told("unlike", "done", "1"),
        ]);
        let theirs = BTreeMap::from([
            told("same", "done", "1"),
            told("other", "done", "2"),
            told("way", "done", "1"),
            told("extra", "done", "1"),
            told("unlike", "ended", "1"),
        ]);
        let found: Vec<(String, What)> = compare(&ours, &theirs).into_iter().map(|d| (d.order_id, d.what)).collect();
        let wanted = [
            ("gone", What::MissingThere),
            ("other", What::Different),
            ("unlike", What::Different),
            ("extra", What::MissingHere),
        ];
        assert_eq!(found, wanted.map(|(id, what)| (id.to_owned(), what)));
    }
}
