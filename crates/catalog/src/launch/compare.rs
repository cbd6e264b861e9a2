//! Two versions of an offering side by side, in the words of those who design them.

use super::draft::{self, Draft};
use crate::{resources::PRODUCT_OFFERING, versions};
use http::tmf::{self, Document};
use kernel::{Problem, Result};
use serde::Serialize;
use serde_json::{Map, Value};
use store::Tx;

/// One thing that differs; `None` on the side where it is not there.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Difference {
    /// Such as `prices.月费.amountFen`.
    pub path: String,
    /// The first word of the path: what kind of thing it is.
    pub label: String,
    pub before: Value,
    pub after: Value,
}

/// The design of one version.
pub(super) fn version(tx: &mut Tx<'_>, id: &str, version: i64) -> Result<Draft> {
    let current = tmf::load(tx, &PRODUCT_OFFERING, id)?;
    if current.version == version {
        return draft::of(tx, &current);
    }
    match versions::former_if(tx, &PRODUCT_OFFERING, id, version)? {
        Some(Value::Object(body)) => draft::of(tx, &Document { version, body, ..current }),
        _ => Err(Problem::not_found()),
    }
}

pub(super) fn compare(before: &Draft, after: &Draft) -> Result<Vec<Difference>> {
    let flat = |draft: &Draft| -> Result<Vec<(String, Value)>> {
        let mut out = Vec::new();
        flatten("", &serde_json::to_value(draft).map_err(Problem::internal)?, &mut out);
        Ok(out)
    };
    let (a, b) = (flat(before)?, flat(after)?);
    let find = |list: &[(String, Value)], path: &str| {
        list.iter().find(|(p, _)| p == path).map_or(Value::Null, |(_, v)| v.clone())
    };
    let mut paths: Vec<&String> = a.iter().map(|(p, _)| p).collect();
    paths.extend(b.iter().map(|(p, _)| p).filter(|p| !a.iter().any(|(q, _)| q == *p)));
    Ok(paths
        .into_iter()
        .map(|path| Difference {
            path: path.clone(),
            label: path.split('.').next().unwrap_or("").to_owned(),
            before: find(&a, path),
            after: find(&b, path),
        })
        .filter(|d| d.before != d.after)
        .collect())
}

/// Lists go by the name of what is in them, not by its place: a price that moved up is no other price.
fn flatten(path: &str, value: &Value, out: &mut Vec<(String, Value)>) {
    let join = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::Object(map) => map
            .iter()
            .filter(|(name, _)| {
                !(name.as_str() == "id" && (path.starts_with("prices") || path.starts_with("discounts")))
            })
            .for_each(|(name, value)| flatten(&join(name), value, out)),
        Value::Array(list) if list.iter().all(Value::is_object) => {
            let mut seen: Map<String, Value> = Map::new();
            for entry in list {
                let name =
                    ["name", "offeringId", "id"].iter().find_map(|k| entry[*k].as_str().filter(|t| !t.is_empty()));
                let mut name = name.unwrap_or("—").to_owned();
                while seen.contains_key(&name) {
                    name.push('′');
                }
                seen.insert(name.clone(), Value::Null);
                flatten(&join(&name), entry, out);
            }
        }
        Value::Null => {}
        other => out.push((path.to_owned(), other.clone())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::launch::draft::PriceLine;

    #[test]
    fn only_what_differs_is_told_and_a_moved_entry_does_not() {
        let price = |name: &str, amount_fen: i64| PriceLine {
            id: Some(format!("{name}{amount_fen}")),
            name: name.into(),
            kind: "recurring".into(),
            amount_fen,
            months: 1,
        };
        let before =
            Draft { name: "甲".into(), prices: vec![price("月费", 100), price("装机", 50)], ..Draft::default() };
        let after = Draft { prices: vec![price("装机", 50), price("月费", 90)], ..before.clone() };
        let told = compare(&before, &after).unwrap();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!((told[0].path.as_str(), &told[0].after), ("prices.月费.amountFen", &Value::from(90)));
    }
}
