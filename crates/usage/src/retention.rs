//! What is older than usage is kept goes, and never earlier than the law allows: the setting's minimum is a row with its
//! source, and the statement compares with it once more.

use crate::read::number;
use crate::{settings, suspense};
use kernel::{Cycle, Result};
use serde_json::json;
use store::{Tx, params, sql};

sql! {
    // Runs whose cycle ended before the kept time, and in which nothing later lies.
    EXPIRE = "UPDATE usage_run SET state = 'dead' WHERE state = 'live' AND merger IS NULL AND cycle < $1 AND max_at < $2 \
              AND (SELECT value >= minimum FROM usage_setting WHERE name = 'retention.months')";
    FILES = "DELETE FROM usage_refusal WHERE file_id IN (SELECT id FROM usage_file WHERE started_at < $1)";
}

/// Marks what has expired; compaction takes the blocks away.
pub(crate) fn purge(tx: &mut Tx<'_>) -> Result<()> {
    let oldest = settings::oldest_kept(tx)?;
    // A cycle that begins on the 28th ends in the month after the one it is named by.
    let first = Cycle::month_of(oldest.date()).previous();
    let runs = tx.execute(&EXPIRE, params![number(first), oldest])?;
    let pool = suspense::purge(tx)?;
    tx.execute(&FILES, params![oldest])?;
    if runs + pool > 0 {
        let org = tx.actor().org.clone();
        let detail = json!({"before": oldest, "runs": runs, "errorPool": pool});
        tx.audit("usage.purged", "usage", "retention", &org, &detail)?;
    }
    Ok(())
}
