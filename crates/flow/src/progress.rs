//! How far the sagas about several subjects have come, in one statement: for lists.

use kernel::Result;
use std::collections::HashMap;
use store::{Filter, Tx};

/// Steps finished and steps in all, of the newest saga about each subject. Subjects without a saga are not in it.
pub fn progress_of_all(tx: &mut Tx<'_>, subjects: &[&str]) -> Result<HashMap<String, (i64, i64)>> {
    if subjects.is_empty() {
        return Ok(HashMap::new());
    }
    let mut filter = Filter::default();
    let wanted: Vec<String> = subjects.iter().map(|id| filter.bind(*id)).collect();
    let text = format!(
        "SELECT subject_id, steps_done, steps_total FROM saga WHERE subject_id IN ({}) ORDER BY created_at, id",
        wanted.join(", ")
    );
    // The newest comes last and stays.
    Ok(tx.query(&text, &filter.binds)?.iter().map(|r| (r.text(0), (r.int(1), r.int(2)))).collect())
}
