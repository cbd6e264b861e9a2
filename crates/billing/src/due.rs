//! What others need to know before they bring money: what an account owes today with its late fees, and whose a number is.

use crate::{bill, late, settings};
use kernel::{Money, Result};
use store::{Tx, params, sql};

sql! {
    OF_NUMBER = "SELECT account_id, customer_id FROM subscription WHERE number = $1 AND state <> 'terminated' ORDER BY id DESC LIMIT 1";
    OF_ACCOUNT_NO = "SELECT id, customer_id FROM billing_account WHERE account_no = $1";
}

/// Everything that is billed and unpaid, with what its lateness costs today; at most what one payment may be.
pub fn due_of_account(tx: &mut Tx<'_>, account_id: &str) -> Result<Money> {
    let (today, rule) = (tx.now().date(), late::rule(tx)?);
    let mut sum = Money::ZERO;
    for bill in bill::open(tx, account_id)? {
        let fee = rule.of(tx, &bill, today)?.fee(bill.remaining);
        sum = sum.plus(bill.remaining)?.plus(fee)?;
    }
    Ok(sum.min(settings::MAX_PAYMENT.money(tx)?))
}

/// The account and customer that a telephone or account number means, wherever they belong: who recharges need not see
/// whom for.
pub fn account_of_any_number(tx: &mut Tx<'_>, text: &str) -> Result<Option<(String, String)>> {
    let text = text.trim();
    let number = kernel::Phone::parse(text).map_or_else(|_| text.to_owned(), |p| p.national().to_owned());
    let served = tx.query_opt(&OF_NUMBER, params![number])?;
    let found = match served {
        Some(row) => Some(row),
        None => tx.query_opt(&OF_ACCOUNT_NO, params![text])?,
    };
    Ok(found.and_then(|r| Some((r.text(0), r.opt_text(1)?))))
}
