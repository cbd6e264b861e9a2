//! The patch media types: JSON merge patch (also plain JSON) and JSON patch, applied whole or not at all.

use super::Document;
use crate::problems;
use kernel::{Problem, Result, codes};
use serde_json::{Map, Value};

const IMMUTABLE: [&str; 3] = ["id", "href", "@type"];

/// The document after the patch.
pub fn apply(media_type: &str, patch: &Value, doc: &Document) -> Result<Map<String, Value>> {
    let mut after = Value::Object(doc.body.clone());
    match media_type {
        "application/json" | "application/merge-patch+json" => {
            if !patch.is_object() {
                return Err(invalid("a merge patch is an object"));
            }
            json_patch::merge(&mut after, patch);
        }
        "application/json-patch+json" => {
            let operations: json_patch::Patch =
                serde_json::from_value(patch.clone()).map_err(|e| invalid(&e.to_string()))?;
            json_patch::patch(&mut after, &operations).map_err(|e| invalid(&e.to_string()))?;
        }
        "application/json-patch-query+json" => {
            let operations = resolve_queries(patch, &after)?;
            json_patch::patch(&mut after, &operations).map_err(|e| invalid(&e.to_string()))?;
        }
        other => return Err(Problem::new(&codes::MEDIA_TYPE).with("value", other)),
    }
    let Value::Object(after) = after else { return Err(invalid("the result is no object")) };
    for name in IMMUTABLE {
        if after.get(name) != doc.body.get(name) {
            return Err(Problem::new(&codes::FIELD_READONLY).field(name));
        }
    }
    Ok(after)
}

/// JSON patch query: `path` may choose array elements by value, `/contactMedium?mediumType=phone/preferred`.
fn resolve_queries(patch: &Value, doc: &Value) -> Result<json_patch::Patch> {
    let mut operations = Vec::new();
    for operation in patch.as_array().ok_or_else(|| invalid("a JSON patch is an array"))? {
        let path = operation["path"].as_str().ok_or_else(|| invalid("path is missing"))?;
        for pointer in expand(path, doc)? {
            let mut one = operation.clone();
            one["path"] = Value::String(pointer);
            operations.push(one);
        }
    }
    serde_json::from_value(Value::Array(operations)).map_err(|e| invalid(&e.to_string()))
}

fn expand(path: &str, doc: &Value) -> Result<Vec<String>> {
    let mut pointers = vec![String::new()];
    for segment in path.split('/').skip(1) {
        let (name, query) = segment.split_once('?').map_or((segment, None), |(n, q)| (n, Some(q)));
        pointers = pointers.into_iter().map(|p| format!("{p}/{name}")).collect();
        let Some(query) = query else { continue };
        let (key, wanted) = query.split_once('=').ok_or_else(|| invalid("a path query is name=value"))?;
        let mut chosen = Vec::new();
        for pointer in &pointers {
            let elements = doc.pointer(pointer).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
            for (i, element) in elements.iter().enumerate() {
                let text = match &element[key] {
                    Value::String(s) => s.clone(),
                    other => other.to_string(),
                };
                if text == wanted.trim_matches('"') {
                    chosen.push(format!("{pointer}/{i}"));
                }
            }
        }
        pointers = chosen;
    }
    if pointers.is_empty() { Err(invalid("the path matches nothing")) } else { Ok(pointers) }
}

fn invalid(detail: &str) -> Problem {
    Problem::new(&problems::PATCH_INVALID).with("detail", detail)
}
