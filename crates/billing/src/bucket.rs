//! TMF654: balance books for other systems, as buckets that are topped up, adjusted, reserved and transferred.
//!
//! A bucket is a book: its id, or `general-ACCOUNT` for the general book of an account. An action that names one is booked
//! in the ledger and `confirmed`, or refused; one that names a bucket of another system is kept as `pending` and moves
//! nothing. TMF670 keeps ways of paying, without the numbers that pay.

mod method;
mod view;

pub use view::routes as views;

use crate::{
    books::{self, Subject},
    ledger::Kind as LedgerKind,
    perms, problems,
};
use http::{
    Route,
    tmf::{self, Api, Document, Ops, Resource, Rules},
};
use kernel::{Money, OrgPath, Problem, Result, codes};
use serde_json::{Map, Value, json};
use store::Tx;

pub static API: Api = Api { base: "/tmf-api/prepayBalanceManagement/v4", aliases: &["/prepayBalanceManagement/v4"] };

pub fn routes() -> Vec<Route> {
    let mut routes = views();
    for resource in [&TOPUP, &ADJUST, &TRANSFER, &RESERVE, &method::PAYMENT_METHOD] {
        routes.extend(tmf::routes(resource));
    }
    routes
}

macro_rules! action {
    ($name:ident, $segment:literal, $type:literal, $table:literal, $what:expr, $ops:expr) => {
        pub static $name: Resource = Resource {
            api: &API,
            name: $segment,
            type_name: $type,
            table: $table,
            columns: &[tmf::Column { attribute: "id", column: "id", kind: tmf::Kind::Text }],
            mandatory: &["amount"],
            ops: $ops,
            read: perms::ACCOUNT_READ,
            write: perms::BUCKET_API,
            rules: &Action($what),
        };
    };
}
const BOOKED: Ops = Ops::CREATE;
const ENDS: Ops = Ops { create: true, patch: false, delete: true };
action!(TOPUP, "topupBalance", "TopupBalance", "topup_balance", What::Topup, BOOKED);
action!(ADJUST, "adjustBalance", "AdjustBalance", "adjust_balance", What::Adjust, BOOKED);
action!(TRANSFER, "transferBalance", "TransferBalance", "transfer_balance", What::Transfer, BOOKED);
action!(RESERVE, "reserveBalance", "ReserveBalance", "reserve_balance", What::Reserve, ENDS);

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum What {
    Topup,
    Adjust,
    Transfer,
    Reserve,
}

#[derive(Debug)]
struct Action(What);

/// The account and book that a reference means; `None` for a bucket of another system.
fn book_of(tx: &mut Tx<'_>, doc: &Map<String, Value>, bucket: &str, account: &str) -> Result<Option<(String, String)>> {
    let named = |name: &str| doc.get(name).and_then(|r| r["id"].as_str()).unwrap_or("").to_owned();
    let found = match (named(bucket), named(account)) {
        (id, _) if id.starts_with("general-") => {
            (id.trim_start_matches("general-").to_owned(), books::GENERAL.to_owned())
        }
        (id, _) if !id.is_empty() => match view::account_of_book(tx, &id)? {
            Some(account) => (account, id),
            None => return Ok(None),
        },
        (_, account) if !account.is_empty() => (account, books::GENERAL.to_owned()),
        _ => return Ok(None),
    };
    match crate::account::account(tx, &found.0) {
        Ok(_) => Ok(Some(found)),
        Err(problem) if problem.is(&codes::NOT_FOUND) => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// `{"amount": 50, "units": "CNY"}` as TMF654 writes amounts.
fn amount_of(doc: &Map<String, Value>) -> Result<Money> {
    let amount = doc.get("amount").cloned().unwrap_or(Value::Null);
    let money = json!({"unit": amount["units"].as_str().unwrap_or("CNY"), "value": amount["amount"]});
    Money::from_tmf(&money)
}

fn positive(amount: Money) -> Result<Money> {
    if amount > Money::ZERO {
        return Ok(amount);
    }
    Err(Problem::new(&problems::AMOUNT_REFUSED).field("amount").with("value", &amount.to_string()))
}

impl Action {
    /// Books the action; returns the org it belongs to, or `None` where it is about somebody else's bucket.
    fn book(&self, tx: &mut Tx<'_>, doc: &Map<String, Value>, id: &str) -> Result<Option<OrgPath>> {
        let Some((account, book)) = book_of(tx, doc, "bucket", "partyAccount")? else { return Ok(None) };
        let amount = amount_of(doc)?;
        let actor = tx.actor().id.to_string();
        match self.0 {
            What::Topup => {
                let subject = Subject::new("topup", "topupBalance", id);
                let from = (LedgerKind::Transfer, actor.as_str());
                books::deposit(tx, &account, &book, positive(amount)?, from, subject)?;
            }
            What::Adjust => {
                let subject = Subject::new("adjust", "adjustBalance", id);
                let other = (LedgerKind::Adjustment, account.as_str());
                let minus = doc.get("adjustType").and_then(Value::as_str) == Some("debit");
                let amount = if minus { amount.negated() } else { amount };
                if amount < Money::ZERO {
                    books::withdraw(tx, &account, &book, amount.negated(), other, subject)?;
                } else {
                    books::deposit(tx, &account, &book, positive(amount)?, other, subject)?;
                }
            }
            What::Transfer => {
                let Some(to) = book_of(tx, doc, "receiverBucket", "receiverPartyAccount")? else {
                    return Err(Problem::unknown_reference("receiverBucket", ""));
                };
                let subject = Subject::new("transfer", "transferBalance", id);
                let from = books::book(tx, &account, &book)?;
                if !from.refundable && books::book(tx, &to.0, &to.1)?.refundable {
                    return Err(Problem::new(&problems::REFUND_BOOK).field("bucket").with("value", &from.name));
                }
                books::transfer(tx, (&account, &book), (&to.0, &to.1), positive(amount)?, subject)?;
                self.settle(tx, &to.0)?;
            }
            What::Reserve => {
                let subject = Subject::new("reserve", "reserveBalance", id);
                books::withdraw(tx, &account, &book, positive(amount)?, (LedgerKind::Suspense, id), subject)?;
            }
        }
        let account = crate::account::account(tx, &account)?;
        if matches!(self.0, What::Topup | What::Adjust) {
            self.settle(tx, &account.id)?;
        }
        Ok(Some(account.org))
    }

    /// What came in pays what is owed.
    fn settle(&self, tx: &mut Tx<'_>, account_id: &str) -> Result<()> {
        let account = crate::account::lock(tx, account_id)?;
        books::settle(tx, &account)?;
        crate::account::refresh(tx, account_id)
    }
}

impl Rules for Action {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let id = doc.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
        let now = tx.now().to_string();
        let booked = self.book(tx, doc, &id)?;
        let status = if booked.is_some() { "confirmed" } else { "pending" };
        doc.insert("status".into(), json!(status));
        doc.insert("requestedDate".into(), json!(now));
        if booked.is_some() {
            doc.insert("confirmationDate".into(), json!(now));
        }
        doc.entry("usageType").or_insert(json!("monetary"));
        doc.entry("relatedParty").or_insert(json!([]));
        Ok(booked.unwrap_or_else(|| tx.actor().org.clone()))
    }

    /// Ends a reservation: the money is on its book again.
    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        if doc.text("status") != "confirmed" {
            return Ok(());
        }
        let Some((account, book)) = book_of(tx, &doc.body, "bucket", "partyAccount")? else { return Ok(()) };
        let subject = Subject::new("reserve", "reserveBalance", &doc.id);
        books::deposit(tx, &account, &book, amount_of(&doc.body)?, (LedgerKind::Suspense, &doc.id), subject)?;
        self.settle(tx, &account)
    }
}
