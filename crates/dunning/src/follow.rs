//! What happens to money is followed as it happens: a payment restores service at once, a payment taken back puts the case
//! where it stood. Driven by events; each is handled exactly once, with its effects.

use crate::{
    act,
    case::{self, Case},
    credit,
    decide::Debt,
    law::{self, Book},
    notices, policy, sweep, write_off,
};
use http::App;
use kernel::{Actor, Result};
use std::{collections::BTreeSet, time::Duration};
use store::{Delivered, Tx, events_after, headlines_after, last_position, params, sql};

const CONSUMER: &str = "dunning.money";
const AT_ONCE: i64 = 500;
const PAUSE: Duration = Duration::from_millis(200);

sql! {
    CONCERNED = "SELECT id FROM dunning_case WHERE customer_id = $1 LIMIT 1";
    RESTORED = "UPDATE dunning_case SET restored_at = $2 WHERE id = $1 AND restore_by IS NOT NULL AND restored_at IS NULL";
}

/// One pass over new events; returns how many there were.
pub async fn round(app: &App) -> Result<usize> {
    let news = app.db().peek(Actor::system(), |tx| {
        let last = last_position(tx)?;
        let from = tx.query_opt(&STANDS, params![CONSUMER])?.map_or(0, |r| r.int(0));
        Ok(last > from)
    });
    if !news.await? {
        return Ok(0);
    }
    app.db().write(Actor::system(), follow).await
}

sql! {
    STANDS = "SELECT position FROM outbox_cursor WHERE consumer = $1";
}

fn follow(tx: &mut Tx<'_>) -> Result<usize> {
    // Cases are opened by sweeps: what was before the first look is nothing to catch up on.
    let from = tx.cursor(CONSUMER, 0)?;
    let events = headlines_after(tx, from, AT_ONCE)?;
    let mut customers = BTreeSet::new();
    for event in &events {
        if is_money(event)
            && let Some(id) = event.topic.strip_prefix("customer:")
        {
            customers.insert(id.to_owned());
        }
        if event.event_type.starts_with("BackOrder") {
            answered(tx, event)?;
        }
        if notices::wants(event) {
            let whole = events_after(tx, event.position - 1, 1)?;
            if let Some(whole) = whole.first() {
                notices::hear(tx, whole)?;
            }
        }
    }
    for customer in &customers {
        reassess(tx, customer)?;
    }
    if let Some(last) = events.last() {
        tx.move_cursor(CONSUMER, last.position)?;
    }
    Ok(events.len())
}

fn is_money(event: &Delivered) -> bool {
    ["Payment", "CustomerBill", "Refund", "Adjustment", "Bucket"].iter().any(|p| event.event_type.starts_with(p))
}

/// Looks again at everything of a customer.
pub fn reassess(tx: &mut Tx<'_>, customer_id: &str) -> Result<()> {
    write_off::recover(tx, customer_id)?;
    if tx.query_opt(&CONCERNED, params![customer_id])?.is_none() {
        return Ok(());
    }
    let today = tx.now().date();
    let mut accounts = BTreeSet::new();
    for mut case in case::open_of_customer(tx, customer_id)? {
        accounts.insert(case.account_id.clone());
        again(tx, &mut case)?;
    }
    // A payment taken back: the debt is old again.
    for account in billing::accounts_of(tx, customer_id)? {
        if accounts.contains(&account.id) {
            continue;
        }
        let Some(debt) = billing::overdue_of(tx, &account.id, today)? else { continue };
        if debt.amount <= credit::of(tx, &account.id)?.allowed(today) {
            continue;
        }
        if let Some(mut case) = sweep::again(tx, &debt, today)? {
            again(tx, &mut case)?;
        }
    }
    Ok(())
}

/// Evaluates one case now.
pub fn again(tx: &mut Tx<'_>, case: &mut Case) -> Result<()> {
    if !case.is_open() {
        return Ok(());
    }
    let today = tx.now().date();
    let found = billing::overdue_of(tx, &case.account_id, today)?;
    let allowed = credit::of(tx, &case.account_id)?.allowed(today);
    let debt = found.map(|d| Debt { amount: d.amount, oldest_due: d.oldest_due, allowed });
    let policy = policy::version(tx, &case.policy_id, case.policy_version)?;
    let law = Book::open(tx)?.at(&case.org)?;
    let before = (case.overdue, case.oldest_due);
    let mut told = Vec::new();
    let did = act::evaluate(tx, case, &policy, &law, debt.as_ref(), &mut told)?;
    if !did.stepped && !did.closed && before != (case.overdue, case.oldest_due) {
        case.note(tx, "changed", &case.overdue.to_string())?;
        case.save(tx)?;
    }
    messaging::store_all(tx, &told).map(drop)
}

/// Order entry answers what it was told: an account that is free again is written down with its time.
fn answered(tx: &mut Tx<'_>, event: &Delivered) -> Result<()> {
    let Some(own) = event.subject_id.strip_prefix(&format!("{}:", crate::SOURCE)) else { return Ok(()) };
    let Some((case_id, _)) = own.rsplit_once('-') else { return Ok(()) };
    let state = interchange::state_of(tx, crate::SOURCE, own)?;
    let Ok(case) = case::lock(tx, case_id) else { return Ok(()) };
    match state {
        Some(interchange::State::Done) if event.event_type.ends_with("StateChangeEvent") => {
            case.note(tx, "answered", own)?;
            let now = tx.now();
            if case.told_level == case::Level::None && own == format!("{}-{}", case.id, case.told_count) {
                tx.execute(&RESTORED, params![case.id, now])?;
            }
            Ok(())
        }
        Some(interchange::State::Manual) => case.note(tx, "stuck", own),
        _ => Ok(()),
    }
}

pub(crate) async fn run(app: App) {
    while !app.is_stopping() {
        match round(&app).await {
            Ok(n) if n > 0 => continue,
            Ok(_) => {}
            Err(problem) => tracing::warn!(%problem, "credit control could not follow the money; trying again"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = app.stopped() => {}
        }
    }
}

/// The law at a place, for pages.
pub fn law_at(tx: &mut Tx<'_>, org: &kernel::OrgPath) -> Result<law::Law> {
    Book::open(tx)?.at(org)
}
