//! Accounts that come with a past: what another system charged, billed and was paid, carried over by the thousand.
//!
//! Rows are prepared beside the writer and laid end to end, as the store takes them. A carried bill is a document: the
//! money it stands for moved in the other system's books, so only what is still owed enters the ledger here.

use super::{Bill, NewLine, Ready, made, state_of};
use crate::{
    account::{BILLING_ACCOUNT, default_body, with_balances},
    cycle::{Note, note},
    ledger::{GENERAL, Kind},
    metered::{self, Metered},
    pricing::{self, Charge},
    subscription::State,
};
use http::tmf::{self, Document};
use kernel::{Date, Env, Money, OrgPath, Result, Timestamp};
use serde_json::{Map, json};
use store::{Tx, Value, params};

/// A customer's account as the other system knew it.
pub struct Past<'a> {
    pub account_no: &'a str,
    pub customer_id: &'a str,
    pub org: &'a OrgPath,
    /// What is charged; the first of a bundle carries its charges.
    pub products: &'a [PastProduct],
    /// The months billed, oldest first, by any of their days.
    pub months: &'a [Date],
    /// How many of the newest bills are not paid yet.
    pub unpaid: usize,
}

pub struct PastProduct {
    pub product_id: String,
    pub order_id: String,
    pub offering_id: String,
    /// The order item of its bundle; empty outside bundles.
    pub bundle: String,
    pub name: String,
    pub number: String,
    pub from: Date,
    pub charges: Vec<Charge>,
}

const TABLES: [(&str, usize); 9] = [
    ("default_account (customer_id, account_id)", 2),
    (
        "subscription (id, version, org, account_id, customer_id, product_id, order_id, offering_id, bundle, name, number, \
         state, charged_from, charged_to, created_at, updated_at)",
        16,
    ),
    ("subscription_charge (subscription_id, seq, price_id, name, kind, amount_fen, months)", 7),
    ("subscription_change (subscription_id, seq, at, effective, state, collaboration_id)", 6),
    (
        "bill (id, version, org, created_at, updated_at, body, bill_no, account_id, customer_id, kind, origin, period_start, \
         period_end, bill_date, due_date, amount_fen, remaining_fen, mark, state)",
        19,
    ),
    made::LINE,
    ("bill_application (id, bill_id, account_id, txn_id, payment_id, amount_fen, at)", 7),
    ("ledger_txn (id, at, kind, subject_type, subject_id, shift_id, org, operator)", 8),
    ("ledger_entry (txn_id, seq, kind, owner, book, amount_fen)", 6),
];
const BALANCE: (&str, usize) = ("ledger_balance (owner, kind, book, amount_fen, version, updated_at)", 6);
/// Their places in [`TABLES`].
#[derive(Clone, Copy)]
enum Table {
    Defaults,
    Subscriptions,
    Charges,
    Changes,
    Bills,
    Lines,
    Applications,
    Transactions,
    Entries,
}

/// Accounts ready to be stored.
#[derive(Default)]
pub struct Carried {
    accounts: Vec<Value>,
    rows: [Vec<Value>; 9],
    balances: Vec<Value>,
    metered: Vec<Metered>,
}

impl Carried {
    /// Prepares one account and its past; returns the account's id. Needs no transaction.
    pub fn add(&mut self, env: &Env, past: &Past<'_>, divisor: i64) -> Result<String> {
        let now = env.now();
        let account = env.new_id::<Document>().into_string();
        self.push(Table::Defaults, params![past.customer_id, account]);
        let txn = env.new_id::<Document>().into_string();
        self.push(
            Table::Transactions,
            params![txn, now, "carriedOver", "account", account, None::<String>, past.org, "system"],
        );
        let mut lines: Vec<(String, &PastProduct, &Charge)> = Vec::new();
        for product in past.products {
            let id = self.subscription(env, past, &account, product, now);
            lines.extend(product.charges.iter().filter(|c| c.months > 0).map(|c| (id.clone(), product, c)));
        }
        let mut owed = Money::ZERO;
        for (i, month) in past.months.iter().enumerate() {
            let unpaid = i + past.unpaid >= past.months.len();
            let amount = self.bill(env, past, (&account, &txn), (*month, unpaid), &lines, divisor)?;
            if unpaid {
                owed = owed.plus(amount)?;
            }
        }
        if !owed.is_zero() {
            for (seq, kind, amount) in [(0i64, Kind::Receivable, owed), (1, Kind::Revenue, owed.negated())] {
                self.push(Table::Entries, params![txn, seq, kind.name(), account, GENERAL, amount]);
            }
            self.balances.extend_from_slice(params![account, Kind::Receivable.name(), GENERAL, owed, 1i64, now]);
        }
        let mut body = Map::new();
        body.insert("id".into(), json!(account));
        body.insert("href".into(), json!(BILLING_ACCOUNT.href(&account)));
        body.insert("@type".into(), json!("BillingAccount"));
        body.extend(default_body(&account, past.customer_id));
        body.insert("accountNo".into(), json!(past.account_no));
        with_balances(&mut body, Money::ZERO, owed, &now.to_string());
        let document = Document { id: account.clone(), version: 1, org: past.org.clone(), created_at: now, body };
        self.accounts.extend(tmf::row(&BILLING_ACCOUNT, &document)?);
        Ok(account)
    }

    fn push(&mut self, table: Table, row: &[Value]) {
        self.rows[table as usize].extend_from_slice(row);
    }

    fn subscription(
        &mut self,
        env: &Env,
        past: &Past<'_>,
        account: &str,
        product: &PastProduct,
        now: Timestamp,
    ) -> String {
        let id = env.new_id::<Document>().into_string();
        let (state, from) = (State::Active.name(), product.from.to_string());
        self.metered.push(Metered {
            product_id: product.product_id.clone(),
            customer_id: past.customer_id.to_owned(),
            account_id: account.to_owned(),
            org: past.org.clone(),
            offering_id: product.offering_id.clone(),
            number: product.number.clone(),
            from: product.from.start(),
        });
        let row = params![
            id,
            1i64,
            past.org,
            account,
            past.customer_id,
            product.product_id,
            product.order_id,
            product.offering_id,
            product.bundle,
            product.name,
            product.number,
            state,
            from,
            None::<String>,
            now,
            now
        ];
        self.push(Table::Subscriptions, row);
        for (seq, charge) in product.charges.iter().enumerate() {
            let kind = if charge.months == 0 { "oneTime" } else { "recurring" };
            self.push(
                Table::Charges,
                params![id, seq, charge.price_id, charge.name, kind, charge.amount, charge.months],
            );
        }
        self.push(Table::Changes, params![id, 1i64, now, from, state, "carriedOver"]);
        id
    }

    fn bill(
        &mut self,
        env: &Env,
        past: &Past<'_>,
        (account, txn): (&str, &str),
        (month, unpaid): (Date, bool),
        charged: &[(String, &PastProduct, &Charge)],
        divisor: i64,
    ) -> Result<Money> {
        let start = month.first_of_month();
        let issued = start.plus_months(1);
        let mut bill = Bill {
            id: env.new_id::<Document>().into_string(),
            version: 1,
            org: past.org.clone(),
            created_at: issued.start(),
            bill_no: format!("{}-{}{:02}", past.account_no, start.year(), start.month()),
            account_id: account.to_owned(),
            customer_id: past.customer_id.to_owned(),
            kind: "cycle".into(),
            origin: String::new(),
            period_start: start,
            period_end: start.last_of_month(),
            bill_date: issued,
            due_date: issued.plus_days(30),
            amount: Money::ZERO,
            remaining: Money::ZERO,
            mark: String::new(),
            state: String::new(),
            body: Map::new(),
        };
        let at = bill.created_at;
        for (seq, (subscription, product, charge)) in charged.iter().enumerate() {
            let mut new = NewLine {
                subscription_id: subscription.clone(),
                product_id: product.product_id.clone(),
                product_name: product.name.clone(),
                number: product.number.clone(),
                line: pricing::line(charge, 1, start, divisor)?,
            };
            bill.amount = bill.amount.plus(new.line.amount)?;
            new.line.note = match charge.months {
                1 => Note::Whole(charge.amount).code(),
                _ => note::both(&new.line.note, &new.line.note_en),
            };
            let ready = Ready { new, tax: String::new(), detail: None };
            let row = made::row(&bill.id, seq as i64 + 1, &bill.org, (bill.period_start, bill.period_end), &ready);
            self.push(Table::Lines, &row);
        }
        if unpaid {
            bill.remaining = bill.amount;
        } else {
            let id = env.new_id::<Document>().into_string();
            self.push(Table::Applications, params![id, bill.id, account, txn, None::<String>, bill.amount, at]);
        }
        bill.state = state_of("", bill.amount, bill.remaining).to_owned();
        let row = params![
            bill.id,
            1i64,
            bill.org,
            at,
            at,
            "{}",
            bill.bill_no,
            account,
            bill.customer_id,
            bill.kind,
            bill.origin,
            start.to_string(),
            bill.period_end.to_string(),
            bill.bill_date.to_string(),
            bill.due_date.to_string(),
            bill.amount,
            bill.remaining,
            "",
            bill.state
        ];
        self.push(Table::Bills, row);
        Ok(bill.amount)
    }

    /// Stores all of it.
    pub fn store(&self, tx: &mut Tx<'_>) -> Result<()> {
        tmf::insert_rows(tx, &BILLING_ACCOUNT, &self.accounts)?;
        for ((into, width), rows) in TABLES.iter().zip(&self.rows) {
            tx.insert_rows(into, *width, rows, "")?;
        }
        tx.insert_rows(BALANCE.0, BALANCE.1, &self.balances, "")?;
        metered::carried(tx, &self.metered)
    }
}
