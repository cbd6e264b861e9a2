//! References to persons and organisations in other documents.

use kernel::{Problem, Result};
use serde_json::Value;
use store::Tx;

/// Checks a `{id, href, @referredType}` that points to a party. A reference to another system (absolute href, or an id
/// that is not of our making) is taken as it is; one to our own record must exist and be visible.
pub fn check_reference(tx: &mut Tx<'_>, field: &str, reference: &Value) -> Result<()> {
    let id = reference.get("id").and_then(Value::as_str).unwrap_or("");
    if id.is_empty() {
        return Err(Problem::missing(&format!("{field}.id")));
    }
    let href = reference.get("href").and_then(Value::as_str).unwrap_or("");
    let foreign = href.contains("://") || (href.is_empty() && !is_ours(id));
    if foreign || crate::get(tx, id)?.is_some() { Ok(()) } else { Err(Problem::unknown_reference(field, id)) }
}

/// Ids of our making are UUIDs of version 7.
fn is_ours(id: &str) -> bool {
    let bytes = id.as_bytes();
    bytes.len() == 36 && [8, 13, 18, 23].iter().all(|i| bytes[*i] == b'-') && bytes[14] == b'7'
}

#[cfg(test)]
mod tests {
    #[test]
    fn our_ids_are_told_from_others() {
        assert!(super::is_ours("019ab1c2-0000-7000-8000-0123456789ab"));
        for foreign in ["500", "456-dd-df45", "c2df1950-d4c4-4a9d-9e1f-9b1d9b1d9b1d"] {
            assert!(!super::is_ours(foreign), "{foreign}");
        }
    }
}
