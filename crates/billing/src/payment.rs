//! Payments: money in is put against the oldest bills first, what is left over stays on the account; a payment is undone
//! by a second one of the opposite amount, never by deletion.
//!
//! A payment holds the locks of the accounts it touches until it is durable, so two clerks at one bill come one after the
//! other: the second finds what the first has left, and its surplus goes to the balance.

pub mod campaign;
mod checkout;
pub mod clearing;
mod document;
mod log;
mod method;
pub mod prints;
mod receipt;
mod refund;
pub mod request;
pub mod reverse;
mod take;
mod tmf;
mod view;

pub use checkout::{Checkout, at_counter, check_out, reverse_batch};
pub use document::PAYMENT;
pub use log::of_day as log;
pub use method::Method;
pub use receipt::{next as next_receipt, receipt};
pub use refund::{Back, list as refunds, pay_back};
pub use reverse::{Ground, reverse, reverse_with};
pub use take::{Take, Taken, take};
pub use tmf::routes;
pub use view::{PaymentRow, payments_of, taken_on, today_total};

use kernel::{Money, OrgPath, Problem, Result};
use serde_json::{Map, Value};
use store::{Row, Tx, params, sql};

/// A payment as its row says.
#[derive(Clone, Debug)]
pub struct Payment {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub status: String,
    pub customer_id: String,
    pub account_id: String,
    pub method: Method,
    pub amount: Money,
    pub tendered: Money,
    pub change: Money,
    pub to_balance: Money,
    pub receipt_no: Option<String>,
    pub reference: String,
    pub note: String,
    pub operator: String,
    pub operator_name: String,
    pub shift_id: Option<String>,
    pub day: String,
    pub reverses: Option<String>,
    pub late_fee: Money,
    pub batch_id: Option<String>,
    /// The book that got the rest.
    pub book: String,
    pub gift_book: Option<String>,
    pub gift: Money,
    pub created_at: kernel::Timestamp,
    body: Map<String, Value>,
}

/// Booked in the ledger.
pub const DONE: &str = "done";
/// Recorded only: no amount, or an account that is not ours.
pub const PENDING: &str = "pending";
/// Undone by a reversal.
pub const REVERSED: &str = "reversed";

macro_rules! columns {
    () => {
        "id, version, org, status, customer_id, account_id, method, amount_fen, tendered_fen, change_fen, to_balance_fen, \
         receipt_no, reference, note, operator, operator_name, shift_id, day, reverses, created_at, body, \
         late_fee_fen, batch_id, book, gift_book, gift_fen"
    };
}
use columns;

sql! {
    ONE = concat!("SELECT ", columns!(), " FROM payment WHERE id = $1");
    LOCK = concat!("SELECT ", columns!(), " FROM payment WHERE id = $1 {for_update}");
    INSERT = "INSERT INTO payment (id, version, org, created_at, updated_at, body, status, customer_id, account_id, method, \
              amount_fen, tendered_fen, change_fen, to_balance_fen, receipt_no, reference, note, operator, operator_name, \
              shift_id, day, reverses, late_fee_fen, batch_id, book, gift_book, gift_fen) \
              VALUES ($1, 1, $2, $3, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, \
              $21, $22, $23, $24, $25)";
    REVERSAL_OF = "SELECT id FROM payment WHERE reverses = $1";
}

fn from_row(row: &Row) -> Result<Payment> {
    let Value::Object(body) = row.json(20) else { return Err(Problem::internal("a payment is no object")) };
    Ok(Payment {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        status: row.text(3),
        customer_id: row.text(4),
        account_id: row.text(5),
        method: Method::parse(row.str(6))?,
        amount: row.money(7),
        tendered: row.money(8),
        change: row.money(9),
        to_balance: row.money(10),
        receipt_no: row.opt_text(11),
        reference: row.text(12),
        note: row.text(13),
        operator: row.text(14),
        operator_name: row.text(15),
        shift_id: row.opt_text(16),
        day: row.text(17),
        reverses: row.opt_text(18),
        created_at: row.time(19),
        body,
        late_fee: row.money(21),
        batch_id: row.opt_text(22),
        book: row.text(23),
        gift_book: row.opt_text(24),
        gift: row.money(25),
    })
}

/// The payment; 404 outside the actor's scope.
pub fn payment(tx: &mut Tx<'_>, id: &str) -> Result<Payment> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    from_row(&row)
}

/// The id of the payment that reverses this one.
pub fn reversal_of(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>> {
    Ok(tx.query_opt(&REVERSAL_OF, params![id])?.map(|r| r.text(0)))
}

impl Payment {
    /// A payment of now by the actor; figures and texts are for the caller to fill in.
    fn draft(tx: &Tx<'_>, org: &OrgPath, method: Method, amount: Money) -> Self {
        Self {
            id: tx.new_id::<Self>().into_string(),
            version: 1,
            org: org.clone(),
            status: DONE.to_owned(),
            customer_id: String::new(),
            account_id: String::new(),
            method,
            amount,
            tendered: amount,
            change: Money::ZERO,
            to_balance: Money::ZERO,
            receipt_no: None,
            reference: String::new(),
            note: String::new(),
            operator: tx.actor().id.to_string(),
            operator_name: tx.actor().name.to_string(),
            shift_id: None,
            day: tx.now().date().to_string(),
            reverses: None,
            late_fee: Money::ZERO,
            batch_id: None,
            book: crate::books::GENERAL.to_owned(),
            gift_book: None,
            gift: Money::ZERO,
            created_at: tx.now(),
            body: Map::new(),
        }
    }

    /// Writes the row and publishes `PaymentCreateEvent`. The document has been rendered.
    fn insert(&self, tx: &mut Tx<'_>) -> Result<()> {
        let body = serde_json::to_string(&self.body).map_err(Problem::internal)?;
        tx.execute(
            &INSERT,
            params![
                self.id,
                self.org,
                self.created_at,
                body,
                self.status,
                self.customer_id,
                self.account_id,
                self.method.name(),
                self.amount,
                self.tendered,
                self.change,
                self.to_balance,
                self.receipt_no,
                self.reference,
                self.note,
                self.operator,
                self.operator_name,
                self.shift_id,
                self.day,
                self.reverses,
                self.late_fee,
                self.batch_id,
                self.book,
                self.gift_book,
                self.gift
            ],
        )?;
        document::publish(tx, self, "Create")
    }
}
