//! What a collaboration order does to charging.

use super::{Bundle, Collaboration, CollaborationKind};
use crate::{
    account::{self, Account},
    bill::{self, NewLine},
    pricing::{self, Charge, Tariff},
    problems, settings,
    subscription::{self, Change, NewSubscription},
};
use customer::KeyKind;
use kernel::{Date, Problem, Result};
use store::Tx;

/// Carries the order out; everything or nothing.
pub fn apply(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<()> {
    let day = fact.effective_from.date();
    match fact.kind {
        CollaborationKind::Start => start(tx, fact, id, day),
        CollaborationKind::Stop => subscription::change(tx, &fact.product_id, Change::Terminate, day, id),
        CollaborationKind::Suspend => subscription::change(tx, &fact.product_id, Change::Suspend, day, id),
        CollaborationKind::Resume => subscription::change(tx, &fact.product_id, Change::Resume, day, id),
    }
}

/// Charges the product from `day` on and puts its first lines on the order's bill.
fn start(tx: &mut Tx<'_>, fact: &Collaboration, id: &str, day: Date) -> Result<()> {
    let account_id = match &fact.account_id {
        Some(id) => id.clone(),
        None => account::account_of(tx, &fact.customer_id)?.id,
    };
    let account = account::lock(tx, &account_id)?;
    let mut starting =
        Starting { fact, id, day, account: &account, divisor: settings::DIVISOR.number(tx)?, lines: vec![] };
    match &fact.bundle {
        None => {
            let tariff = pricing::tariff(tx, &fact.offering_id)?;
            starting.product(tx, &tariff, &tariff.charges, "")?;
        }
        Some(bundle) => {
            let whole = pricing::own(tx, &bundle.offering_id)?;
            let component = pricing::own(tx, &fact.offering_id)?;
            let charges = if whole.charges.is_empty() { &component.charges[..] } else { &[] };
            starting.product(tx, &component, charges, &bundle.item_id)?;
            starting.whole(tx, bundle, &whole)?;
        }
    }
    let lines = starting.lines;
    if !lines.is_empty() {
        bill::issue(tx, &account, "first", &fact.order_id, day, &lines)?;
    }
    Ok(())
}

struct Starting<'a> {
    fact: &'a Collaboration,
    id: &'a str,
    day: Date,
    account: &'a Account,
    divisor: i64,
    lines: Vec<NewLine>,
}

impl Starting<'_> {
    fn product(&mut self, tx: &mut Tx<'_>, tariff: &Tariff, charges: &[Charge], bundle: &str) -> Result<()> {
        let (fact, product_id) = (self.fact, self.fact.product_id.clone());
        if !self.subscribe(tx, &product_id, &fact.number, tariff, charges, bundle)? {
            return Err(Problem::new(&problems::SUBSCRIPTION_STATE).with("state", "active").with("verb", "起租"));
        }
        Ok(())
    }

    /// The bundle as a whole, with the first of its components.
    fn whole(&mut self, tx: &mut Tx<'_>, bundle: &Bundle, tariff: &Tariff) -> Result<()> {
        if tariff.charges.is_empty() {
            return Ok(());
        }
        let product_id = subscription::bundle_product(&self.fact.order_id, &bundle.item_id);
        self.subscribe(tx, &product_id, "", tariff, &tariff.charges, &bundle.item_id).map(drop)
    }

    fn subscribe(
        &mut self,
        tx: &mut Tx<'_>,
        product_id: &str,
        number: &str,
        tariff: &Tariff,
        charges: &[Charge],
        bundle: &str,
    ) -> Result<bool> {
        let new = NewSubscription {
            org: &self.account.org,
            account_id: &self.account.id,
            customer_id: &self.account.customer_id,
            product_id,
            order_id: &self.fact.order_id,
            offering_id: &tariff.offering_id,
            bundle,
            name: &tariff.name,
            number,
            from: self.day,
            charges,
            collaboration_id: self.id,
        };
        let Some(subscription_id) = subscription::start(tx, &new)? else { return Ok(false) };
        if !number.is_empty() && !self.account.customer_id.is_empty() {
            customer::add_key(tx, &self.account.customer_id, KeyKind::Number, number)?;
        }
        for charge in charges {
            let line = pricing::line(charge, 1, self.day, self.divisor)?;
            self.lines.push(NewLine {
                subscription_id: subscription_id.clone(),
                product_id: product_id.to_owned(),
                product_name: tariff.name.clone(),
                number: number.to_owned(),
                line,
            });
        }
        Ok(true)
    }
}
