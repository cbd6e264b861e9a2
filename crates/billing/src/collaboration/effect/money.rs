//! Accounts that become one or two, and money promised back.

use super::{super::Collaboration, must, text};
use crate::{
    account,
    ledger::{self, Entry, Kind, Posting},
    payout, problems, subscription,
};
use kernel::{Money, Problem, Result};
use serde_json::{Value, json};
use store::Tx;

/// 合户: the product of the fact is the account that is merged away.
pub fn merge(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let into = must(&fact.new, "accountId")?;
    let from = text(&fact.old, "accountId").unwrap_or_else(|| fact.product_id.clone());
    Ok(json!({"moved": account::merge(tx, &from, &into, id)?}))
}

/// 分户: one product is charged to another account.
pub fn split(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let into = must(&fact.new, "accountId")?;
    let s = subscription::must(tx, &fact.product_id)?;
    Ok(json!({"moved": account::split(tx, &fact.product_id, &s.account_id, &into, id)?}))
}

/// 退费: the balance is reserved for the customer; the counter hands it over.
pub fn refund(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let account_id = text(&fact.new, "accountId").unwrap_or_else(|| fact.product_id.clone());
    let amount = Money::fen(fact.new["amountFen"].as_i64().unwrap_or(0));
    if amount <= Money::ZERO {
        return Err(Problem::new(&problems::AMOUNT_REFUSED).field("amountFen").with("value", &amount.to_string()));
    }
    let account = account::lock(tx, &account_id)?;
    let posting = Posting {
        kind: "payable",
        subject_type: "collaboration",
        subject_id: id,
        shift_id: None,
        org: &account.org,
        entries: vec![
            Entry::new(Kind::Balance, &account_id, amount),
            Entry::new(Kind::Payable, &account_id, amount.negated()),
        ],
    };
    ledger::post(tx, posting)?;
    account::refresh(tx, &account_id)?;
    let payout = payout::open(tx, &account, &fact.order_no, amount, id)?;
    Ok(json!({"payout": payout}))
}

/// The reserved money goes back to the balance; nothing can be done where it was handed over.
pub fn unrefund(tx: &mut Tx<'_>, before: &Value) -> Result<()> {
    payout::withdraw(tx, before["payout"].as_str().unwrap_or(""))
}
