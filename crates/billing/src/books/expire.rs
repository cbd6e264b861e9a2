//! Books that end: what is left on them is taken by a new entry, and the customer has been told before.

use super::{BookState, Subject, book, post, publish, set_state};
use crate::{
    account,
    ledger::{Entry, Kind},
    settings,
};
use http::App;
use kernel::{Actor, Date, Result};
use serde_json::json;
use std::time::Duration;
use store::{Event, Tx, params, sql};

const HOUR: Duration = Duration::from_secs(3_600);

sql! {
    ENDED = "SELECT id, account_id FROM balance_book WHERE state = 'active' AND expires < $1 ORDER BY expires, id LIMIT 200";
    SOON = "SELECT b.id, b.account_id FROM balance_book b WHERE b.state = 'active' AND b.expires >= $1 AND b.expires <= $2 \
            AND b.reminded IS NULL ORDER BY b.expires, b.id LIMIT 200";
    REMIND = "UPDATE balance_book SET reminded = $2 WHERE id = $1 AND reminded IS NULL";
}

/// Ends the books whose last day is over and reminds of those that end soon; returns how many were handled.
pub fn sweep(tx: &mut Tx<'_>) -> Result<usize> {
    let today = tx.now().date();
    let ended = tx.query(&ENDED, params![today.to_string()])?;
    for row in &ended {
        end(tx, row.str(1), row.str(0), today)?;
    }
    let until = today.plus_days(i32::try_from(settings::BOOK_REMIND.number(tx)?).unwrap_or(0));
    let soon = tx.query(&SOON, params![today.to_string(), until.to_string()])?;
    for row in &soon {
        remind(tx, row.str(1), row.str(0))?;
    }
    Ok(ended.len() + soon.len())
}

fn end(tx: &mut Tx<'_>, account_id: &str, id: &str, today: Date) -> Result<()> {
    let account = account::lock(tx, account_id)?;
    let held = book(tx, account_id, id)?;
    if held.state != BookState::Active || held.expires.is_none_or(|last| last >= today) {
        return Ok(());
    }
    if !held.balance.is_zero() {
        // Money that was the customer's goes on being: only gifts are lost.
        let other = if held.refundable {
            Entry::new(Kind::Balance, account_id, held.balance.negated())
        } else {
            Entry::new(Kind::Adjustment, account_id, held.balance.negated())
        };
        let entries = vec![Entry::book(account_id, id, held.balance), other];
        post(tx, Subject::new("expire", "bucket", id), &account.org, entries)?;
        account::refresh(tx, account_id)?;
    }
    set_state(tx, account_id, id, BookState::Expired)?;
    if held.refundable {
        super::settle(tx, &account)?;
    }
    Ok(())
}

fn remind(tx: &mut Tx<'_>, account_id: &str, id: &str) -> Result<()> {
    let (account, held) = (account::account(tx, account_id)?, book(tx, account_id, id)?);
    if tx.execute(&REMIND, params![id, tx.now()])? != 1 || held.balance.is_zero() {
        return Ok(());
    }
    publish(tx, &account, &held, "AttributeValueChange")?;
    let event = Event::new("BucketExpiryReminderEvent", "bucket", id, held.version, &account.org)
        .topic(format!("customer:{}", account.customer_id))
        .payload(json!({"bucket": held, "customerId": account.customer_id, "accountId": account.id}));
    tx.emit(event)
}

/// Looks once an hour as long as the server runs.
pub async fn run(app: App) {
    loop {
        let done = app.db().write(Actor::system(), sweep).await;
        let pause = match done {
            Ok(n) if n > 0 => Duration::from_millis(100),
            Ok(_) => HOUR,
            Err(problem) => {
                tracing::error!(%problem, "balance books could not be looked through");
                HOUR
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = app.stopped() => return,
        }
    }
}
