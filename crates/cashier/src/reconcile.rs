//! The daily comparison of money: what documents, drawers, ledger and bank say of each hall's day, method by method.
//!
//! ```text
//! found → open ─ explain(reason) → explained        open, explained → gone (both sides agree again) → open (they differ again)
//! ```
//! Nothing is corrected here: a difference is explained, or it goes because somebody booked what was missing. Every run
//! looks at a day afresh, so a run that is cut off, or run twice, changes nothing but what is so.

mod compare;
mod routes;

pub use compare::sweep;
pub use routes::routes;

use kernel::Result;
use store::Tx;

/// What is wrong, for `yitai check`: cards without payments, items without payments, sheets whose slips and ledger differ.
pub fn prove(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut findings = crate::recharge::unpaid(tx)?;
    findings.extend(crate::collection::unpaid(tx)?);
    findings.extend(compare::sheets_differ(tx)?);
    Ok(findings)
}
