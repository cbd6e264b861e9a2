//! The `query` of a subscription: `eventType=A,B` and `event.productOrder.state=completed`; names are joined by AND,
//! values of one name by OR.

use crate::problems;
use kernel::{Problem, Result};
use serde_json::Value;
use store::Delivered;

#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, Vec<String>)>);

impl Query {
    pub fn parse(text: &str) -> Result<Self> {
        let mut conditions: Vec<(String, Vec<String>)> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(text.trim_start_matches('?').as_bytes()) {
            let known = name == "eventType" || name.starts_with("event.");
            if !known || value.is_empty() || name.len() > 200 {
                return Err(Problem::new(&problems::HUB_QUERY).field("query").with("detail", &name));
            }
            let values = value.split([',', ';']).map(|v| v.trim().trim_matches('"').to_owned());
            match conditions.iter_mut().find(|(n, _)| *n == name) {
                Some((_, all)) => all.extend(values),
                None => conditions.push((name.into_owned(), values.collect())),
            }
        }
        Ok(Self(conditions))
    }

    pub fn matches(&self, event: &Delivered) -> bool {
        self.0.iter().all(|(name, values)| match name.strip_prefix("event.") {
            None => values.contains(&event.event_type),
            Some(path) => holds(&event.payload, &path.split('.').collect::<Vec<_>>(), values),
        })
    }
}

/// Some value at `path` is one of `values`; an array is any of its elements.
fn holds(value: &Value, path: &[&str], values: &[String]) -> bool {
    match (value, path) {
        (Value::Array(items), _) => items.iter().any(|v| holds(v, path, values)),
        (Value::Object(object), [name, rest @ ..]) => object.get(*name).is_some_and(|v| holds(v, rest, values)),
        (Value::String(text), []) => values.contains(text),
        (Value::Number(_) | Value::Bool(_), []) => values.contains(&value.to_string()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_query_reads_types_and_paths_and_refuses_the_rest() {
        let query = Query::parse("eventType=AEvent,BEvent&event.productOrder.productOrderItem.action=add").unwrap();
        let event = |kind: &str, action: &str| Delivered {
            position: 1,
            id: String::new(),
            event_type: kind.into(),
            subject_type: String::new(),
            subject_id: String::new(),
            version: 1,
            org: String::new(),
            topic: String::new(),
            actor: String::new(),
            at: kernel::Timestamp::from_micros(0),
            payload: json!({"productOrder": {"productOrderItem": [{"action": "delete"}, {"action": action}]}}),
        };
        assert!(query.matches(&event("BEvent", "add")));
        assert!(!query.matches(&event("CEvent", "add")) && !query.matches(&event("AEvent", "modify")));
        assert!(Query::parse("").unwrap().matches(&event("AnyEvent", "x")));
        assert!(Query::parse("fields=id").is_err() && Query::parse("eventType=").is_err());
    }
}
