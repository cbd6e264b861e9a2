//! Moves between books that a person orders, and what moved on a book.

use super::{Subject, settle, transfer};
use crate::{account, problems};
use kernel::{Money, Problem, Result};
use serde_json::{Value, json};
use store::{Event, Tx, params, sql};

sql! {
    ENTRIES = "SELECT t.at, t.kind, t.subject_type, t.subject_id, t.operator, e.amount_fen, t.id FROM ledger_entry e \
               JOIN ledger_txn t ON t.id = e.txn_id WHERE e.owner = $1 AND e.kind = 'balance' AND e.book = $2 \
               ORDER BY t.id DESC LIMIT $3 OFFSET $4";
}

/// What moved on a book, the newest first; money in is positive.
pub fn entries(tx: &mut Tx<'_>, account_id: &str, book: &str, paging: (i64, i64)) -> Result<Vec<Value>> {
    let rows = tx.query(&ENTRIES, params![account_id, book, paging.1, paging.0])?;
    Ok(rows
        .iter()
        .map(|r| {
            json!({
                "at": r.time(0), "kind": r.str(1), "subjectType": r.str(2), "subjectId": r.str(3), "operator": r.str(4),
                "amountFen": r.money(5).negated(), "id": r.str(6),
            })
        })
        .collect())
}

/// Moves money between books of one customer. What may not be paid back does not become money that may.
pub fn move_within_customer(
    tx: &mut Tx<'_>,
    from: (&str, &str),
    to: (&str, &str),
    amount: Money,
    reason: &str,
) -> Result<Value> {
    let (source, target) = (account::account(tx, from.0)?, account::account(tx, to.0)?);
    if source.customer_id != target.customer_id {
        let problem = Problem::new(&problems::ACCOUNT_OTHER_CUSTOMER).field("toAccountId");
        return Err(problem.with("value", &target.account_no));
    }
    let (giving, taking) = (super::book(tx, from.0, from.1)?, super::book(tx, to.0, to.1)?);
    if !giving.refundable && taking.refundable {
        return Err(Problem::new(&problems::REFUND_BOOK).field("toBook").with("value", &giving.name));
    }
    let id = tx.new_id::<super::Book>().into_string();
    let txn = transfer(tx, from, to, amount, Subject::new("transfer", "bookTransfer", &id))?;
    let target = account::lock(tx, to.0)?;
    settle(tx, &target)?;
    account::refresh(tx, to.0)?;
    let moved = json!({
        "id": id, "transactionId": txn, "amountFen": amount, "reason": reason,
        "from": {"accountId": from.0, "book": from.1}, "to": {"accountId": to.0, "book": to.1},
    });
    let event = Event::new("TransferBalanceCreateEvent", "transferBalance", &id, 1, &source.org)
        .topic(format!("customer:{}", source.customer_id))
        .payload(json!({"transferBalance": moved}))
        .audit(moved.clone());
    tx.emit(event)?;
    Ok(moved)
}
