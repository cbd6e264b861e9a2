//! Bills: one an account, period, kind and origin. Lines and applications are appended; what remains is
//! `amount − applications`, and the document of TMF678 is written from the columns when somebody asks for it.
//!
//! ```text
//! new ─→ partiallyPaid ─→ settled        by money
//!  │  ↖──────┴──────────────┘            by reversal
//!  └→ onHold / validated / sent          by a person (PATCH); money goes on counting
//! ```

mod carried;
mod credit;
mod document;
mod issue;
mod made;
mod paper;
mod print;
mod routes;
mod statement;
mod trace;
mod view;

pub use carried::{Carried, Past, PastProduct};
pub use credit::{credit, move_to};
pub use document::{APPLIED_RATE, CUSTOMER_BILL};
pub use issue::{NewLine, issue, settle};
pub use made::{Made, MadeBill, Ready, make};
pub use routes::{lines_of, routes};
pub use view::{Arrears, BillRow, arrears_of, balance_of, bill_of_order, bills_of};

use kernel::{Date, Money, OrgPath, Problem, Result, Timestamp};
use serde_json::{Map, Value, json};
use store::{Event, Row, Tx, params, sql};

/// A bill as its row says.
#[derive(Clone, Debug)]
pub struct Bill {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub created_at: Timestamp,
    pub bill_no: String,
    pub account_id: String,
    pub customer_id: String,
    pub kind: String,
    pub origin: String,
    pub period_start: Date,
    pub period_end: Date,
    pub bill_date: Date,
    pub due_date: Date,
    pub amount: Money,
    pub remaining: Money,
    /// What a person set; empty otherwise.
    pub mark: String,
    pub state: String,
    /// The attributes that clients added to its document.
    body: Map<String, Value>,
}

/// Money put against a bill.
#[derive(Clone, Debug)]
pub struct Application {
    pub payment_id: Option<String>,
    pub amount: Money,
}

macro_rules! bill_columns {
    () => {
        "id, version, org, created_at, bill_no, account_id, customer_id, kind, origin, period_start, period_end, \
         bill_date, due_date, amount_fen, remaining_fen, mark, state, body"
    };
}

use bill_columns;

sql! {
    ONE = concat!("SELECT ", bill_columns!(), " FROM bill WHERE id = $1");
    LOCK = concat!("SELECT ", bill_columns!(), " FROM bill WHERE id = $1 {for_update}");
    LOCK_OPEN = concat!(
        "SELECT ",
        bill_columns!(),
        " FROM bill WHERE account_id = $1 AND remaining_fen > 0 ORDER BY due_date, id {for_update}"
    );
    OPEN = concat!("SELECT ", bill_columns!(), " FROM bill WHERE account_id = $1 AND remaining_fen > 0 ORDER BY due_date, id");
    OF_CUSTOMER = concat!("SELECT ", bill_columns!(), " FROM bill WHERE customer_id = $1 ORDER BY id DESC LIMIT $2");
    OF_ORIGIN = concat!("SELECT ", bill_columns!(), " FROM bill WHERE origin = $1 ORDER BY id LIMIT 1");
    ONCE = concat!("SELECT ", bill_columns!(), " FROM bill WHERE account_id = $1 AND period_start = $2 AND kind = $3 AND origin = $4 {for_update}");
    INSERT = "INSERT INTO bill (id, version, org, created_at, updated_at, body, bill_no, account_id, customer_id, kind, origin, \
              period_start, period_end, bill_date, due_date, amount_fen, remaining_fen, mark, state) \
              VALUES ($1, 1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 0, 0, '', 'new')";
    SAVE = "UPDATE bill SET version = version + 1, updated_at = $3, amount_fen = $4, remaining_fen = $5, mark = $6, \
            state = $7 WHERE id = $1 AND version = $2";
    APPLY = "INSERT INTO bill_application (id, bill_id, account_id, txn_id, payment_id, amount_fen, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7)";
    APPLICATIONS = "SELECT payment_id, amount_fen FROM bill_application WHERE bill_id = $1 ORDER BY id";
}

fn from_row(row: &Row) -> Result<Bill> {
    from_row_at(row, 0)
}

/// A bill whose columns begin at the `at`th of the row.
fn from_row_at(row: &Row, at: usize) -> Result<Bill> {
    let Value::Object(body) = row.json(at + 17) else { return Err(Problem::internal("a bill is no object")) };
    Ok(Bill {
        id: row.text(at),
        version: row.int(at + 1),
        org: OrgPath::parse(row.str(at + 2))?,
        created_at: row.time(at + 3),
        bill_no: row.text(at + 4),
        account_id: row.text(at + 5),
        customer_id: row.text(at + 6),
        kind: row.text(at + 7),
        origin: row.text(at + 8),
        period_start: Date::parse(row.str(at + 9))?,
        period_end: Date::parse(row.str(at + 10))?,
        bill_date: Date::parse(row.str(at + 11))?,
        due_date: Date::parse(row.str(at + 12))?,
        amount: row.money(at + 13),
        remaining: row.money(at + 14),
        mark: row.text(at + 15),
        state: row.text(at + 16),
        body,
    })
}

/// The bill; 404 outside the actor's scope.
pub fn bill(tx: &mut Tx<'_>, id: &str) -> Result<Bill> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    from_row(&row)
}

/// The bill, locked: a person may be marking it while money comes in.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Bill> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    from_row(&row)
}

/// Unpaid bills of an account, oldest first, locked. Lock the account before.
pub fn lock_open(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<Bill>> {
    tx.query(&LOCK_OPEN, params![account_id])?.iter().map(from_row).collect()
}

/// Unpaid bills of an account, oldest first, to look at.
pub fn open(tx: &mut Tx<'_>, account_id: &str) -> Result<Vec<Bill>> {
    tx.query(&OPEN, params![account_id])?.iter().map(from_row).collect()
}

/// The state that follows from the money and what a person set.
pub fn state_of(mark: &str, amount: Money, remaining: Money) -> &str {
    match mark {
        "onHold" => "onHold",
        _ if remaining.is_zero() => "settled",
        _ if remaining < amount => "partiallyPaid",
        "" => "new",
        set => set,
    }
}

impl Bill {
    /// Puts `amount` against the bill, or takes it off again when negative. Never more than remains, never more off than
    /// was put: the caller has locked the account and looked.
    pub fn apply(&mut self, tx: &mut Tx<'_>, amount: Money, txn_id: &str, payment_id: Option<&str>) -> Result<()> {
        let remaining = self.remaining.plus(amount.negated())?;
        if remaining < Money::ZERO || remaining > self.amount {
            return Err(Problem::internal(format!("applying {amount} to bill {} leaves {remaining}", self.bill_no)));
        }
        let id = tx.new_id::<Application>();
        tx.execute(&APPLY, params![id, self.id, self.account_id, txn_id, payment_id, amount, tx.now()])?;
        self.remaining = remaining;
        if remaining.is_zero() {
            self.mark.clear();
        }
        self.save(tx)
    }

    /// Writes the figures.
    fn save(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let before = std::mem::take(&mut self.state);
        self.state = state_of(&self.mark, self.amount, self.remaining).to_owned();
        tx.execute_versioned(
            &SAVE,
            params![self.id, self.version, tx.now(), self.amount, self.remaining, self.mark, self.state],
        )?;
        self.version += 1;
        let what = if before == self.state { "AttributeValueChange" } else { "StateChange" };
        self.publish(tx, what)
    }

    fn publish(&self, tx: &mut Tx<'_>, what: &str) -> Result<()> {
        let document = document::render(self, &applications(tx, &self.id)?, &tx.now().to_string());
        let event = Event::new(format!("CustomerBill{what}Event"), "customerBill", &self.id, self.version, &self.org)
            .topic(format!("customer:{}", self.customer_id))
            .payload(json!({"customerBill": document}))
            .audit(json!({"billNo": self.bill_no, "amountFen": self.amount, "remainingFen": self.remaining, "state": self.state}));
        tx.emit(event)
    }
}

/// What has been put against a bill, a sum for each payment; what was taken off again is left out.
pub fn applications(tx: &mut Tx<'_>, bill_id: &str) -> Result<Vec<Application>> {
    let mut sums: Vec<Application> = Vec::new();
    for row in tx.query(&APPLICATIONS, params![bill_id])? {
        let (payment_id, amount) = (row.opt_text(0), row.money(1));
        match sums.iter_mut().find(|a| a.payment_id == payment_id) {
            Some(sum) => sum.amount = sum.amount.plus(amount)?,
            None => sums.push(Application { payment_id, amount }),
        }
    }
    sums.retain(|a| !a.amount.is_zero());
    Ok(sums)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_decides_the_state_unless_the_bill_is_held() {
        let fen = Money::fen;
        for (mark, amount, remaining, state) in [
            ("", 100, 100, "new"),
            ("", 100, 40, "partiallyPaid"),
            ("", 100, 0, "settled"),
            ("", 0, 0, "settled"),
            ("sent", 100, 100, "sent"),
            ("sent", 100, 1, "partiallyPaid"),
            ("onHold", 100, 40, "onHold"),
        ] {
            assert_eq!(state_of(mark, fen(amount), fen(remaining)), state, "{mark} {amount} {remaining}");
        }
    }
}
