//! What other billing systems say of credit and charges: an account's limit is set as they say, a high charge is told to the
//! customer.

use crate::{credit, follow, notices};
use interchange::Heard;
use kernel::{Money, Result};
use serde_json::Value;
use store::Tx;

fn fen(heard: &Heard, names: &[&str]) -> Option<i64> {
    names.iter().find_map(|n| heard.detail.get(*n).and_then(Value::as_i64)).filter(|fen| *fen >= 0)
}

/// 信用度变更: the long-term limit, or no control at all. A word without a figure changes nothing.
pub fn credit(tx: &mut Tx<'_>, heard: &Heard) -> Result<()> {
    let Some(account_id) = &heard.account_id else { return Ok(()) };
    let uncontrolled = heard.detail.get("kind").and_then(Value::as_str) == Some("uncontrolled");
    let limit = fen(heard, &["limitFen", "creditFen"]);
    if limit.is_none() && !uncontrolled {
        return Ok(());
    }
    let account = billing::account(tx, account_id)?;
    let kept = credit::of(tx, account_id)?;
    let today = tx.now().date();
    // A temporary credit that still runs is the desk's; one that has ended is not set again.
    let running = kept.temporary_until.filter(|until| *until >= today);
    let wanted = credit::Credit {
        account_id: account_id.clone(),
        kind: if uncontrolled { "uncontrolled" } else { "controlled" }.to_owned(),
        limit: limit.map_or(kept.limit, Money::fen),
        temporary: if running.is_some() { kept.temporary } else { Money::ZERO },
        temporary_until: running,
        reason: if heard.note.trim().is_empty() { heard.source.clone() } else { heard.note.clone() },
        updated_by: String::new(),
    };
    credit::set(tx, &account, &wanted)?;
    follow::reassess(tx, &account.customer_id)
}

/// 高额: told to the customer, once.
pub fn high_charge(tx: &mut Tx<'_>, heard: &Heard) -> Result<()> {
    let money = |names: &[&str]| fen(heard, names).map_or_else(String::new, |fen| Money::fen(fen).to_string());
    let values = vec![("amount", money(&["amountFen", "chargeFen"])), ("mean", money(&["meanFen"]))];
    notices::tell(tx, &heard.customer_id, &heard.org, ("charge.huge", values), "", &format!("charge.huge:{}", heard.id))
}
