//! What is charged, from when, to which account: billing's own view of a product (计费用户).
//!
//! ```text
//! active ⇄ suspended
//!    └───→ terminated ←┘
//! ```

mod edit;

pub use edit::{charges_of, in_force, keep_discount, offerings_of, replace_charges, save, siblings};

use crate::{pricing::Charge, problems};
use kernel::{Date, OrgPath, Problem, Result};
use store::{Tx, params, sql};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    Active,
    Suspended,
    Terminated,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Change {
    Suspend,
    Resume,
    Terminate,
}

impl State {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Terminated => "terminated",
        }
    }
    pub fn named(text: &str) -> Result<Self> {
        [Self::Active, Self::Suspended, Self::Terminated]
            .into_iter()
            .find(|s| s.name() == text)
            .ok_or_else(|| Problem::internal(format!("subscription state {text}")))
    }
    /// The state after a change; the same state where the change says again what is so already.
    pub fn after(self, change: Change) -> Result<Self> {
        match (self, change) {
            (Self::Active | Self::Suspended, Change::Suspend) => Ok(Self::Suspended),
            (Self::Active | Self::Suspended, Change::Resume) => Ok(Self::Active),
            (Self::Active | Self::Suspended | Self::Terminated, Change::Terminate) => Ok(Self::Terminated),
            (Self::Terminated, Change::Suspend) => Err(self.refuse("停机")),
            (Self::Terminated, Change::Resume) => Err(self.refuse("复机")),
        }
    }
    fn refuse(self, verb: &str) -> Problem {
        Problem::new(&problems::SUBSCRIPTION_STATE).with("state", self.name()).with("verb", verb)
    }
}

/// A new subscription.
#[derive(Clone, Debug)]
pub struct NewSubscription<'a> {
    pub org: &'a OrgPath,
    pub account_id: &'a str,
    pub customer_id: &'a str,
    pub product_id: &'a str,
    pub order_id: &'a str,
    pub offering_id: &'a str,
    pub offering_version: Option<i64>,
    pub bundle: &'a str,
    pub name: &'a str,
    pub number: &'a str,
    pub from: Date,
    pub charges: &'a [Charge],
    pub collaboration_id: &'a str,
}

#[derive(Clone, Debug)]
pub struct Subscription {
    pub id: String,
    pub version: i64,
    pub state: State,
    pub order_id: String,
    pub bundle: String,
    pub org: OrgPath,
    pub account_id: String,
    pub customer_id: String,
    pub product_id: String,
    pub offering_id: String,
    pub offering_version: Option<i64>,
    pub name: String,
    pub number: String,
    pub charged_from: Date,
    pub charged_to: Option<Date>,
}

macro_rules! columns {
    () => {
        "id, version, state, order_id, bundle, org, account_id, customer_id, product_id, offering_id, offering_version, name, \
         number, charged_from, charged_to"
    };
}
sql! {
    INSERT = "INSERT INTO subscription (id, version, org, account_id, customer_id, product_id, order_id, offering_id, bundle, \
              name, number, state, charged_from, created_at, updated_at, offering_version) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', $11, $12, $12, $13) ON CONFLICT (product_id) DO NOTHING";
    CHARGE = "INSERT INTO subscription_charge (subscription_id, seq, price_id, name, kind, amount_fen, months, charged_from) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    CHANGED = "INSERT INTO subscription_change (subscription_id, seq, at, effective, state, collaboration_id) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    OF_PRODUCT = concat!("SELECT ", columns!(), " FROM subscription WHERE product_id = $1 {for_update}");
    LOOK = concat!("SELECT ", columns!(), " FROM subscription WHERE product_id = $1");
    LIVE_IN_BUNDLE = "SELECT COUNT(*) FROM subscription WHERE order_id = $1 AND bundle = $2 AND product_id <> $3 \
                      AND state <> 'terminated'";
    CUSTOMER_OF_NUMBER = "SELECT customer_id FROM subscription WHERE number = $1 AND state <> 'terminated' ORDER BY id DESC LIMIT 1";
}

/// Starts charging a product; `None` where it is charged already.
pub fn start(tx: &mut Tx<'_>, new: &NewSubscription<'_>) -> Result<Option<String>> {
    let id = tx.new_id::<Subscription>().into_string();
    let from = new.from.to_string();
    let binds = params![
        id,
        new.org,
        new.account_id,
        new.customer_id,
        new.product_id,
        new.order_id,
        new.offering_id,
        new.bundle,
        new.name,
        new.number,
        from,
        tx.now(),
        new.offering_version
    ];
    if tx.execute(&INSERT, binds)? == 0 {
        return Ok(None);
    }
    for (seq, charge) in new.charges.iter().enumerate() {
        let kind = if charge.months == 0 { "oneTime" } else { "recurring" };
        let binds = params![id, seq, charge.price_id, charge.name, kind, charge.amount, charge.months, from];
        tx.execute(&CHARGE, binds)?;
    }
    tx.execute(&CHANGED, params![id, 1i64, tx.now(), from, State::Active.name(), new.collaboration_id])?;
    Ok(Some(id))
}

fn read(row: &store::Row) -> Result<Subscription> {
    Ok(Subscription {
        id: row.text(0),
        version: row.int(1),
        state: State::named(row.str(2))?,
        order_id: row.text(3),
        bundle: row.text(4),
        org: OrgPath::parse(row.str(5))?,
        account_id: row.text(6),
        customer_id: row.text(7),
        product_id: row.text(8),
        offering_id: row.text(9),
        offering_version: row.opt_int(10),
        name: row.text(11),
        number: row.text(12),
        charged_from: Date::parse(row.str(13))?,
        charged_to: row.opt_text(14).map(|t| Date::parse(&t)).transpose()?,
    })
}

/// The product's subscription, locked.
pub fn of_product(tx: &mut Tx<'_>, product_id: &str) -> Result<Option<Subscription>> {
    tx.query_opt(&OF_PRODUCT, params![product_id])?.map(|r| read(&r)).transpose()
}

/// The product's subscription, to look at.
pub fn look(tx: &mut Tx<'_>, product_id: &str) -> Result<Option<Subscription>> {
    tx.query_opt(&LOOK, params![product_id])?.map(|r| read(&r)).transpose()
}

/// The same, where there has to be one.
pub fn must(tx: &mut Tx<'_>, product_id: &str) -> Result<Subscription> {
    of_product(tx, product_id)?.ok_or_else(|| Problem::new(&problems::COLLABORATION_TARGET))
}

/// Changes a product's subscription from `effective` on. A bundle's own subscription ends with its last component.
pub fn change(
    tx: &mut Tx<'_>,
    product_id: &str,
    change: Change,
    effective: Date,
    collaboration_id: &str,
) -> Result<()> {
    let mut subscription = must(tx, product_id)?;
    let state = subscription.state.after(change)?;
    if state == subscription.state {
        return Ok(());
    }
    subscription.state = state;
    if state == State::Terminated {
        subscription.charged_to = Some(effective);
    }
    save(tx, &mut subscription, effective, collaboration_id)?;
    let Subscription { order_id, bundle, .. } = subscription;
    if state == State::Terminated && !bundle.is_empty() {
        let whole = bundle_product(&order_id, &bundle);
        let live = tx.query_one(&LIVE_IN_BUNDLE, params![order_id, bundle, whole])?.int(0);
        if live == 0 && product_id != whole && of_product(tx, &whole)?.is_some() {
            return self::change(tx, &whole, change, effective, collaboration_id);
        }
    }
    Ok(())
}

/// Is this the last live part of its bundle?
pub fn is_last_part(tx: &mut Tx<'_>, s: &Subscription) -> Result<bool> {
    let whole = bundle_product(&s.order_id, &s.bundle);
    let live = tx.query_one(&LIVE_IN_BUNDLE, params![s.order_id, s.bundle, whole])?.int(0);
    Ok(s.state != State::Terminated && live == 1)
}

/// The key under which a bundle is charged as a whole: it is no product of the inventory.
pub fn bundle_product(order_id: &str, bundle: &str) -> String {
    format!("{order_id}:{bundle}")
}

/// Who is served under a number.
pub fn customer_of_number(tx: &mut Tx<'_>, number: &str) -> Result<Option<String>> {
    Ok(tx.query_opt(&CUSTOMER_OF_NUMBER, params![number])?.map(|r| r.text(0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_terminated_stays_so_and_a_repeated_change_changes_nothing() {
        assert_eq!(State::Active.after(Change::Suspend).unwrap(), State::Suspended);
        assert_eq!(State::Suspended.after(Change::Suspend).unwrap(), State::Suspended);
        assert_eq!(State::Suspended.after(Change::Resume).unwrap(), State::Active);
        assert_eq!(State::Suspended.after(Change::Terminate).unwrap(), State::Terminated);
        assert!(State::Terminated.after(Change::Resume).is_err());
    }
}
