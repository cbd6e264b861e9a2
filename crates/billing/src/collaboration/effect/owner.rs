//! Whose a product is, what it is called, and who pays for it.

use super::{super::Collaboration, must, put_back, remember, text};
use crate::{account, relation, subscription};
use kernel::{Problem, Result};
use serde_json::{Value, json};
use store::Tx;

/// 过户: from `day` on the new customer's account is charged. What was billed before stays with the former one.
pub fn transfer(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let day = fact.effective_from.date();
    let customer_id = must(&fact.new, "customerId")?;
    let account = match text(&fact.new, "accountId") {
        Some(id) => account::must_be_open(tx, &id)?,
        None => account::account_of(tx, &customer_id)?,
    };
    if account.customer_id != customer_id {
        return Err(Problem::unknown_reference("accountId", &account.account_no));
    }
    let mut s = subscription::must(tx, &fact.product_id)?;
    let was = remember(&s);
    let payers = relation::set(tx, &s.org, (&s.product_id, &s.customer_id), &[], day, id)?;
    s.customer_id = customer_id;
    s.account_id = account.id;
    s.org = account.org;
    subscription::save(tx, &mut s, day, id)?;
    Ok(json!({"was": was, "payers": payers}))
}

pub fn number(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let day = fact.effective_from.date();
    let mut s = subscription::must(tx, &fact.product_id)?;
    let was = remember(&s);
    s.number = must(&fact.new, "number")?;
    subscription::save(tx, &mut s, day, id)?;
    Ok(json!({"was": was}))
}

pub fn restore(tx: &mut Tx<'_>, before: &Value, id: &str) -> Result<()> {
    put_back(tx, &before["was"], id)?;
    unpay(tx, before, id)
}

fn unpay(tx: &mut Tx<'_>, before: &Value, id: &str) -> Result<()> {
    if !before["payers"].is_array() {
        return Ok(());
    }
    let s = subscription::must(tx, before["was"]["productId"].as_str().unwrap_or(""))?;
    let payers = relation::read_all(&before["payers"])?;
    let day = tx.now().date();
    relation::set(tx, &s.org, (&s.product_id, &s.customer_id), &payers, day, id).map(drop)
}

/// 更名: the bills of the customer's accounts carry the new name.
pub fn rename(tx: &mut Tx<'_>, fact: &Collaboration) -> Result<Value> {
    let name = must(&fact.new, "name")?;
    let mut accounts = Vec::new();
    for account in account::accounts_of(tx, &fact.customer_id)? {
        let was = account::rename(tx, &account.id, &name)?;
        accounts.push(json!({"id": account.id, "billTo": was}));
    }
    Ok(json!({"accounts": accounts}))
}

pub fn unrename(tx: &mut Tx<'_>, before: &Value) -> Result<()> {
    for was in before["accounts"].as_array().into_iter().flatten() {
        account::rename(tx, was["id"].as_str().unwrap_or(""), was["billTo"].as_str().unwrap_or(""))?;
    }
    Ok(())
}

/// 付费关系变更: another own account, other payers, or both.
pub fn payer(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let day = fact.effective_from.date();
    let mut s = subscription::must(tx, &fact.product_id)?;
    let was = remember(&s);
    if let Some(account_id) = text(&fact.new, "accountId") {
        s.account_id = account::must_be_open(tx, &account_id)?.id;
    }
    subscription::save(tx, &mut s, day, id)?;
    let mut before = json!({"was": was});
    if fact.new["relations"].is_array() {
        let relations = relation::read_all(&fact.new["relations"])?;
        let payers = relation::set(tx, &s.org, (&s.product_id, &s.customer_id), &relations, day, id)?;
        before["payers"] = json!(payers);
    }
    Ok(before)
}

/// 入群 / 退群: the group's account pays, within its limits, as long as the product is a member.
pub fn member(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let day = fact.effective_from.date();
    let Some(mut s) = subscription::of_product(tx, &fact.product_id)? else {
        return Ok(json!({"was": null})); // a member that is charged by nobody
    };
    let was = remember(&s);
    subscription::save(tx, &mut s, day, id)?;
    let mut payers = relation::of_product(tx, &s.product_id)?;
    let old = text(&fact.old, "accountId");
    payers.retain(|r| Some(&r.account_id) != old.as_ref());
    if let Some(group) = text(&fact.new, "accountId") {
        let mut joined = relation::read_all(&json!([fact.new]))?;
        payers.retain(|r| r.account_id != group);
        joined.append(&mut payers);
        payers = joined;
    }
    let before = relation::set(tx, &s.org, (&s.product_id, &s.customer_id), &payers, day, id)?;
    Ok(json!({"was": was, "payers": before}))
}

pub fn unpayer(tx: &mut Tx<'_>, before: &Value, id: &str) -> Result<()> {
    if before["was"].is_null() {
        return Ok(());
    }
    put_back(tx, &before["was"], id)?;
    unpay(tx, before, id)
}
