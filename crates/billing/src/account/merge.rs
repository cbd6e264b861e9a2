//! Accounts that become one, accounts that are opened beside another, and the history of both.
//!
//! Merging moves everything that is alive: what was paid in advance, what is owed, what is charged from now on, whom the
//! account pays for. What is past stays where it was booked. The moves are recorded one by one, so that taking the merger
//! back moves exactly these and nothing that came later.

use super::{Account, account, default_body, lock, refresh};
use crate::{
    bill,
    books::{self, NewBook, Subject},
    ledger::{self, Entry, Kind, Posting},
    problems, relation,
};
use http::tmf;
use kernel::{Money, Problem, Result};
use serde_json::{Value, json};
use store::{Tx, params, sql};

sql! {
    BODY = "SELECT body FROM billing_account WHERE id = $1";
    BODY_LOCKED = "SELECT body FROM billing_account WHERE id = $1 {for_update}";
    SET_BODY = "UPDATE billing_account SET body = $2, version = version + 1, updated_at = $3 WHERE id = $1";
    CHARGED = "SELECT product_id FROM subscription WHERE account_id = $1 AND state <> 'terminated' ORDER BY id";
    RECHARGE = "UPDATE subscription SET account_id = $2, version = version + 1, updated_at = $3 WHERE product_id = $1 AND account_id = $4";
    SECURITIES = "SELECT id, held_fen FROM security_deposit WHERE account_id = $1 AND state = 'held' ORDER BY id";
    SECURITY = "UPDATE security_deposit SET account_id = $2, version = version + 1, updated_at = $3 WHERE id = $1";
    DEFAULT = "UPDATE default_account SET account_id = $2 WHERE account_id = $1";
    CHANGE = "INSERT INTO account_change (id, account_id, other_id, kind, at, actor, moved, collaboration_id) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    CHANGES = "SELECT other_id, kind, at, actor, moved FROM account_change WHERE account_id = $1 ORDER BY id DESC LIMIT 100";
    USED = "SELECT 1 FROM ledger_balance WHERE owner = $1 UNION ALL SELECT 1 FROM subscription WHERE account_id = $1 LIMIT 1";
}

fn state(tx: &mut Tx<'_>, id: &str) -> Result<String> {
    let body = tx.query_one(&BODY, params![id])?.json(0);
    Ok(body["state"].as_str().unwrap_or("active").to_owned())
}

/// The account, where it is open. 404 where there is none to be seen.
pub fn must_be_open(tx: &mut Tx<'_>, id: &str) -> Result<Account> {
    let found = account(tx, id)?;
    match state(tx, id)?.as_str() {
        "closed" => Err(Problem::new(&problems::ACCOUNT_CLOSED).with("value", &found.account_no)),
        _ => Ok(found),
    }
}

/// A further account of a customer.
pub fn open_account(tx: &mut Tx<'_>, customer_id: &str, name: &str) -> Result<Account> {
    customer::summary(tx, customer_id)?;
    let id = tx.new_id::<Account>().into_string();
    let mut body = default_body(&id, customer_id);
    let name = if name.trim().is_empty() { "分账账户" } else { name.trim() };
    if name.chars().count() > 60 {
        return Err(Problem::invalid("name", "1–60"));
    }
    body.insert("name".into(), json!(name));
    tmf::insert(tx, &super::BILLING_ACCOUNT, body)?;
    account(tx, &id)
}

/// Closes an account that was opened for an order which then was cancelled. Fails where it has been used since.
pub fn close_account_unused(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    lock(tx, id)?;
    if tx.query_opt(&USED, params![id])?.is_some() {
        return Err(Problem::new(&problems::ACCOUNT_USED));
    }
    set_state(tx, id, "closed", None)
}

fn set_state(tx: &mut Tx<'_>, id: &str, state: &str, into: Option<&str>) -> Result<()> {
    let mut body = tx.query_one(&BODY_LOCKED, params![id])?.json(0);
    body["state"] = json!(state);
    body["mergedInto"] = into.map_or(Value::Null, |id| json!({"id": id, "href": super::BILLING_ACCOUNT.href(id)}));
    tx.execute(&SET_BODY, params![id, body, tx.now()]).map(drop)
}

fn changed(tx: &mut Tx<'_>, ids: (&str, &str), kind: &str, moved: &Value, collaboration_id: &str) -> Result<()> {
    let (actor, id) = (tx.actor().name.clone(), tx.new_id::<Account>());
    let binds = params![id, ids.0, ids.1, kind, tx.now(), &*actor, moved, collaboration_id];
    tx.execute(&CHANGE, binds).map(drop)
}

/// Both accounts, locked in one order.
fn lock_both(tx: &mut Tx<'_>, one: &str, two: &str) -> Result<(Account, Account)> {
    if one < two {
        let first = lock(tx, one)?;
        Ok((first, lock(tx, two)?))
    } else {
        let first = lock(tx, two)?;
        Ok((lock(tx, one)?, first))
    }
}

fn post(tx: &mut Tx<'_>, from: &Account, entries: Vec<Entry>) -> Result<()> {
    let subject = from.id.clone();
    let posting = Posting {
        kind: "merge",
        subject_type: "account",
        subject_id: &subject,
        shift_id: None,
        org: &from.org,
        entries,
    };
    ledger::post(tx, posting).map(drop)
}

/// What may not be merged, said before anything is moved.
pub fn mergeable(tx: &mut Tx<'_>, from: &str, into: &str) -> Result<(Account, Account)> {
    if from == into {
        return Err(Problem::new(&problems::ACCOUNT_SAME).field("accountId"));
    }
    let (source, target) = (must_be_open(tx, from)?, must_be_open(tx, into)?);
    if source.customer_id != target.customer_id {
        let problem = Problem::new(&problems::ACCOUNT_OTHER_CUSTOMER);
        return Err(problem.field("accountId").with("value", &target.account_no));
    }
    Ok((source, target))
}

/// Everything alive of `from` goes to `into`, and `from` is closed. Returns what was moved.
pub fn merge(tx: &mut Tx<'_>, from: &str, into: &str, collaboration_id: &str) -> Result<Value> {
    mergeable(tx, from, into)?;
    let (source, target) = lock_both(tx, from, into)?;
    let deposit = ledger::on_book(tx, from, ledger::GENERAL)?;
    if deposit > Money::ZERO {
        let entries =
            vec![Entry::new(Kind::Balance, from, deposit), Entry::new(Kind::Balance, into, deposit.negated())];
        post(tx, &source, entries)?;
    }
    let books = move_books(tx, from, into)?;
    let securities = move_security(tx, &source, into, None)?;
    let mut bills = Vec::new();
    for mut open in bill::lock_open(tx, from)? {
        bill::move_to(tx, &mut open, into)?;
        bills.push(open.id);
    }
    let mut products = Vec::new();
    for row in tx.query(&CHARGED, params![from])? {
        let product = row.text(0);
        tx.execute(&RECHARGE, params![product, into, tx.now(), from])?;
        products.push(product);
    }
    let relations = relation::move_all(tx, from, into)?;
    let default = tx.execute(&DEFAULT, params![from, into])? > 0;
    set_state(tx, from, "closed", Some(into))?;
    bill::settle(tx, &target)?;
    refresh(tx, from)?;
    refresh(tx, into)?;
    let moved = json!({
        "from": from, "into": into, "depositFen": deposit, "books": books, "securities": securities, "bills": bills, "products": products, "relations": relations,
        "default": default,
    });
    changed(tx, (from, into), "mergedInto", &moved, collaboration_id)?;
    changed(tx, (into, from), "mergedFrom", &moved, collaboration_id)?;
    Ok(moved)
}

/// Opens each book that holds money once more at the other account and moves its money; returns the pairs.
fn move_books(tx: &mut Tx<'_>, from: &str, into: &str) -> Result<Vec<(String, String)>> {
    let mut pairs = Vec::new();
    for book in books::of_account(tx, from)? {
        if book.id == ledger::GENERAL || book.balance <= Money::ZERO {
            continue;
        }
        if book.state != books::BookState::Active {
            return Err(Problem::new(&problems::BOOK_STATE).with("state", book.state.name()));
        }
        let mut new = NewBook::new(into, book.kind, &book.name, &book.name_en);
        (new.refundable, new.automatic) = (Some(book.refundable), Some(book.automatic));
        (new.scope, new.valid_from, new.expires) = (book.scope, book.valid_from, book.expires);
        (new.priority, new.source) = (book.priority, book.source);
        let opened = books::open(tx, &new)?.id;
        let subject = Subject::new("merge", "account", from);
        books::transfer(tx, (from, &book.id), (into, &opened), book.balance, subject)?;
        pairs.push((book.id, opened));
    }
    Ok(pairs)
}

/// Moves the security deposits held for an account, or those of `only`; returns their ids.
fn move_security(tx: &mut Tx<'_>, from: &Account, into: &str, only: Option<&[String]>) -> Result<Vec<String>> {
    let (mut ids, mut amount) = (Vec::new(), Money::ZERO);
    for row in tx.query(&SECURITIES, params![from.id])? {
        let id = row.text(0);
        if only.is_none_or(|only| only.contains(&id)) {
            tx.execute(&SECURITY, params![id, into, tx.now()])?;
            amount = amount.plus(row.money(1))?;
            ids.push(id);
        }
    }
    if !amount.is_zero() {
        let entries =
            vec![Entry::new(Kind::Deposit, &from.id, amount), Entry::new(Kind::Deposit, into, amount.negated())];
        post(tx, from, entries)?;
    }
    Ok(ids)
}

/// Moves back what a merger moved: the deposit as far as it is still there, bills that are still open, products that are
/// still charged there.
pub fn unmerge(tx: &mut Tx<'_>, moved: &Value, collaboration_id: &str) -> Result<()> {
    let text = |name: &str| moved[name].as_str().unwrap_or("").to_owned();
    let (from, into) = (text("from"), text("into"));
    let (source, _) = lock_both(tx, &from, &into)?;
    set_state(tx, &from, "active", None)?;
    let wanted = Money::fen(moved["depositFen"].as_i64().unwrap_or(0));
    let back = wanted.min(ledger::on_book(tx, &into, ledger::GENERAL)?);
    if back > Money::ZERO {
        let entries = vec![Entry::new(Kind::Balance, &into, back), Entry::new(Kind::Balance, &from, back.negated())];
        post(tx, &source, entries)?;
    }
    for pair in moved["books"].as_array().into_iter().flatten() {
        let (old, new) = (pair[0].as_str().unwrap_or(""), pair[1].as_str().unwrap_or(""));
        let left = ledger::on_book(tx, &into, new)?;
        if left > Money::ZERO {
            books::transfer(tx, (&into, new), (&from, old), left, Subject::new("merge", "account", &into))?;
        }
    }
    let securities: Vec<String> = serde_json::from_value(moved["securities"].clone()).unwrap_or_default();
    let target = account(tx, &into)?;
    move_security(tx, &target, &from, Some(&securities))?;
    for id in moved["bills"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let mut open = bill::lock(tx, id)?;
        if open.account_id == into && open.remaining > Money::ZERO {
            bill::move_to(tx, &mut open, &from)?;
        }
    }
    for product in moved["products"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        tx.execute(&RECHARGE, params![product, from, tx.now(), into])?;
    }
    if moved["default"] == true {
        tx.execute(&DEFAULT, params![into, from])?;
    }
    refresh(tx, &from)?;
    refresh(tx, &into)?;
    changed(tx, (&from, &into), "unmerged", moved, collaboration_id)?;
    changed(tx, (&into, &from), "unmerged", moved, collaboration_id)
}

/// One product is charged to another account of the same customer from now on.
pub fn split(tx: &mut Tx<'_>, product_id: &str, from: &str, into: &str, collaboration_id: &str) -> Result<Value> {
    let target = must_be_open(tx, into)?;
    let source = account(tx, from)?;
    if source.customer_id != target.customer_id {
        let problem = Problem::new(&problems::ACCOUNT_OTHER_CUSTOMER);
        return Err(problem.field("accountId").with("value", &target.account_no));
    }
    tx.execute(&RECHARGE, params![product_id, into, tx.now(), from])?;
    let moved = json!({"from": from, "into": into, "products": [product_id]});
    changed(tx, (from, into), "splitInto", &moved, collaboration_id)?;
    changed(tx, (into, from), "splitFrom", &moved, collaboration_id)?;
    Ok(moved)
}

pub fn unsplit(tx: &mut Tx<'_>, moved: &Value, collaboration_id: &str) -> Result<()> {
    let text = |name: &str| moved[name].as_str().unwrap_or("").to_owned();
    let (from, into) = (text("from"), text("into"));
    for product in moved["products"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        tx.execute(&RECHARGE, params![product, from, tx.now(), into])?;
    }
    changed(tx, (&from, &into), "unsplit", moved, collaboration_id)
}

/// What became of an account, the newest first.
pub fn changes(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<Value>> {
    let rows = tx.query(&CHANGES, params![account_id])?;
    rows.iter()
        .map(|r| {
            let other = account(tx, r.str(0))?;
            Ok(json!({
                "kind": r.str(1), "at": r.time(2), "operator": r.str(3), "moved": r.json(4),
                "other": {"id": other.id, "accountNo": other.account_no, "name": other.name},
            }))
        })
        .collect()
}

/// Who is written on the bills of an account.
pub fn rename(tx: &mut Tx<'_>, account_id: &str, bill_to: &str) -> Result<Value> {
    let mut body = tx.query_one(&BODY_LOCKED, params![account_id])?.json(0);
    let before = body["billTo"].clone();
    body["billTo"] = json!(bill_to);
    tx.execute(&SET_BODY, params![account_id, body, tx.now()])?;
    Ok(before)
}
