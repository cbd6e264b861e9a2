//! News from billing that are no business on a product: an unusual charge, another credit limit. Whoever keeps credit registers
//! here and hears of them, in the transaction that books them; the system's pages hear by event.

use crate::{Kind, target::Target};
use kernel::{OrgPath, Result};
use serde_json::{Value, json};
use std::sync::OnceLock;
use store::{Event, Tx, params, sql};

/// What was said.
#[derive(Clone, Debug)]
pub struct Heard {
    pub id: String,
    pub kind: Kind,
    pub source: String,
    pub customer_id: String,
    pub account_id: Option<String>,
    pub product_id: Option<String>,
    pub note: String,
    pub detail: Value,
    pub org: OrgPath,
}

pub type Hearer = fn(&mut Tx<'_>, &Heard) -> Result<()>;

static CREDIT: OnceLock<Hearer> = OnceLock::new();
static HIGH_CHARGE: OnceLock<Hearer> = OnceLock::new();

/// Who keeps the customers' credit; the first registration holds.
pub fn on_credit(hearer: Hearer) {
    let _ = CREDIT.set(hearer); // a second application of this process has the same
}

/// Who tells customers of unusual charges; the first registration holds.
pub fn on_high_charge(hearer: Hearer) {
    let _ = HIGH_CHARGE.set(hearer); // as above
}

sql! {
    ONE = "SELECT source, customer_id, account_id, product_id, note, content, org FROM back_order WHERE id = $1";
}

pub(crate) fn tell(tx: &mut Tx<'_>, target: &Target) -> Result<&'static str> {
    let row = tx.query_one(&ONE, params![target.back_id])?;
    let heard = Heard {
        id: target.back_id.clone(),
        kind: target.kind,
        source: row.text(0),
        customer_id: row.text(1),
        account_id: row.opt_text(2),
        product_id: row.opt_text(3),
        note: row.text(4),
        detail: row.json(5),
        org: OrgPath::parse(row.str(6))?,
    };
    let name = if heard.kind == Kind::Credit { "CreditChangeAskedEvent" } else { "HighChargeHeardEvent" };
    let event = Event::new(name, "backOrder", &heard.id, 1, &heard.org)
        .topic(format!("customer:{}", heard.customer_id))
        .payload(json!({"backOrder": {
            "id": heard.id, "customerId": heard.customer_id, "accountId": heard.account_id, "productId": heard.product_id,
            "note": heard.note, "detail": heard.detail,
        }}));
    tx.emit(event)?;
    let hearer = if heard.kind == Kind::Credit { CREDIT.get() } else { HIGH_CHARGE.get() };
    match hearer {
        Some(hearer) => hearer(tx, &heard).map(|()| "heard"),
        None => Ok("noted"),
    }
}
