//! Start: a product is charged from a day on, as it was agreed.

use super::{
    super::{Bundle, Collaboration},
    billing::{self, For},
};
use crate::{
    account::{self, Account},
    bill::NewLine,
    contract,
    pricing::{self, Charge, Owned, PriceAsk, PriceItem, Reduction},
    problems, relation, settings,
    subscription::{self, NewSubscription, State},
};
use customer::KeyKind;
use kernel::{Date, Problem, Result};
use serde_json::{Value, json};
use store::Tx;

/// What was agreed: handed over by the order, or priced now.
struct Agreed {
    charges: Vec<Owned>,
    reductions: Vec<Reduction>,
    version: Option<i64>,
}

fn agreed(tx: &mut Tx<'_>, fact: &Collaboration, day: Date) -> Result<Agreed> {
    let pinned = &fact.new["pricing"];
    if pinned["charges"].is_array() {
        let read = |e: serde_json::Error| Problem::invalid("pricing", &e.to_string());
        let reductions = match &pinned["reductions"] {
            Value::Null => Vec::new(),
            list => serde_json::from_value(list.clone()).map_err(read)?,
        };
        return Ok(Agreed {
            charges: serde_json::from_value(pinned["charges"].clone()).map_err(read)?,
            reductions,
            version: pinned["offeringVersion"].as_i64().or(fact.offering_version),
        });
    }
    let sold = fact.bundle.as_ref().map_or(&fact.offering_id, |b| &b.offering_id);
    let version = fact.new["offeringVersion"].as_i64().or(fact.offering_version);
    let selection = match &fact.new["selection"] {
        Value::Null => Vec::new(),
        list => serde_json::from_value(list.clone()).map_err(|e| Problem::invalid("selection", &e.to_string()))?,
    };
    let item = PriceItem {
        offering_id: sold.clone(),
        version,
        selection,
        quantity: 1,
        discounts: pricing::discounts_in(&fact.new["discounts"])?,
        product_id: None,
    };
    let ask = PriceAsk { customer_id: Some(fact.customer_id.clone()), at: day, items: vec![item] };
    let mut quote = pricing::price(tx, &ask)?;
    let item = quote.items.pop().ok_or_else(|| Problem::internal("a quote without its item"))?;
    Ok(Agreed { charges: item.charges, reductions: item.reductions, version: Some(item.version) })
}

pub fn start(tx: &mut Tx<'_>, fact: &Collaboration, id: &str) -> Result<Value> {
    let day = fact.effective_from.date();
    let account_id = match &fact.account_id {
        Some(id) => id.clone(),
        None => account::account_of(tx, &fact.customer_id)?.id,
    };
    let account = account::lock(tx, &account_id)?;
    let agreed = agreed(tx, fact, day)?;
    let divisor = settings::DIVISOR.number(tx)?;
    let mut starting = Starting {
        fact,
        id,
        day,
        account: &account,
        divisor,
        agreed: &agreed,
        started: vec![],
        contracts: vec![],
        billed: vec![],
    };
    match &fact.bundle {
        None => {
            let charges = agreed.charges.iter().map(|o| o.charge.clone()).collect::<Vec<_>>();
            starting.product(tx, &charges, "", agreed.version)?;
        }
        Some(bundle) => {
            let unit =
                subscription::siblings(tx, &fact.order_id, &bundle.item_id, &fact.offering_id, &fact.product_id)?;
            let of = |offering: &str, unit: i64| -> Vec<Charge> {
                let mine = agreed.charges.iter().filter(|o| o.offering_id == offering && o.unit == unit);
                mine.map(|o| o.charge.clone()).collect()
            };
            let (own, whole) = (of(&fact.offering_id, unit), of(&bundle.offering_id, 0));
            starting.product(tx, &own, &bundle.item_id, None)?;
            starting.whole(tx, bundle, &whole)?;
        }
    }
    let Starting { started, contracts, billed, .. } = starting;
    Ok(json!({"started": started, "contracts": contracts, "billed": billed}))
}

struct Starting<'a> {
    fact: &'a Collaboration,
    id: &'a str,
    day: Date,
    account: &'a Account,
    divisor: i64,
    agreed: &'a Agreed,
    started: Vec<String>,
    contracts: Vec<String>,
    billed: Vec<Value>,
}

impl Starting<'_> {
    fn product(&mut self, tx: &mut Tx<'_>, charges: &[Charge], bundle: &str, version: Option<i64>) -> Result<()> {
        let fact = self.fact;
        let sold = (fact.offering_id.as_str(), version);
        if !self.subscribe(tx, &fact.product_id, &fact.number, sold, charges, bundle)? {
            return Err(Problem::new(&problems::SUBSCRIPTION_STATE).with("state", "active").with("verb", "起租"));
        }
        Ok(())
    }

    /// The bundle as a whole, with the first of its components.
    fn whole(&mut self, tx: &mut Tx<'_>, bundle: &Bundle, charges: &[Charge]) -> Result<()> {
        let offering = catalog::offering_at(tx, &bundle.offering_id, self.agreed.version)?;
        if charges.is_empty() && offering.contract.is_none() {
            return Ok(());
        }
        let product_id = subscription::bundle_product(&self.fact.order_id, &bundle.item_id);
        let sold = (bundle.offering_id.as_str(), self.agreed.version);
        self.subscribe(tx, &product_id, "", sold, charges, &bundle.item_id).map(drop)
    }

    fn subscribe(
        &mut self,
        tx: &mut Tx<'_>,
        product_id: &str,
        number: &str,
        (offering_id, version): (&str, Option<i64>),
        charges: &[Charge],
        bundle: &str,
    ) -> Result<bool> {
        let offering = catalog::offering_at(tx, offering_id, version)?;
        let account = self.account;
        let new = NewSubscription {
            org: &account.org,
            account_id: &account.id,
            customer_id: &account.customer_id,
            product_id,
            order_id: &self.fact.order_id,
            offering_id,
            offering_version: version,
            bundle,
            name: &offering.name,
            number,
            from: self.day,
            charges,
            collaboration_id: self.id,
        };
        let Some(subscription_id) = subscription::start(tx, &new)? else { return Ok(false) };
        self.started.push(product_id.to_owned());
        if !number.is_empty() && !account.customer_id.is_empty() {
            customer::add_key(tx, &account.customer_id, KeyKind::Number, number)?;
        }
        if product_id == self.fact.product_id && self.fact.new["payers"].is_array() {
            let payers = relation::read_all(&self.fact.new["payers"])?;
            relation::set(tx, &account.org, (product_id, &account.customer_id), &payers, self.day, self.id)?;
        }
        let whom = For { subscription_id: &subscription_id, product_id, name: &offering.name, number };
        let mut lines: Vec<NewLine> = Vec::new();
        for charge in charges {
            lines.push(whom.line(pricing::line(charge, 1, self.day, self.divisor)?));
        }
        let taken = pricing::apply_discounts(charges, &self.agreed.reductions, self.day, self.divisor)?;
        for (reduction, off) in self.agreed.reductions.iter().zip(&taken) {
            if charges.is_empty() || (off.amount.is_zero() && off.monthly.is_zero()) {
                continue;
            }
            subscription::keep_discount(tx, (&subscription_id, product_id), reduction, off, self.id)?;
            if !off.amount.is_zero() {
                lines.push(whom.line(billing::discount(off)));
            }
        }
        let bill = ("first", self.fact.order_id.as_str(), self.day);
        self.billed.extend(billing::charge(tx, &account.id, product_id, bill, lines)?);
        if let Some(terms) = offering.contract {
            let new = contract::NewContract {
                org: &account.org,
                product_id,
                customer_id: &account.customer_id,
                offering: &offering,
                months: terms.months,
                rule: terms.early_termination,
                monthly: contract::monthly(charges, &taken, 1)?,
                starts: self.day,
                collaboration_id: self.id,
            };
            self.contracts.push(contract::bind(tx, &new)?.0);
        }
        Ok(true)
    }
}

/// It never was: charged for no day, bound by nothing. The lines are credited by the caller.
pub fn unstart(tx: &mut Tx<'_>, before: &Value, id: &str) -> Result<()> {
    for product_id in before["started"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        let mut s = subscription::must(tx, product_id)?;
        let was_on = s.state != State::Terminated;
        s.state = State::Terminated;
        s.charged_to = Some(s.charged_from);
        let day = s.charged_from;
        subscription::save(tx, &mut s, day, id)?;
        let (org, customer_id) = (s.org.clone(), s.customer_id.clone());
        relation::set(tx, &org, (product_id, &customer_id), &[], day, id)?;
        if was_on && !s.number.is_empty() && !customer_id.is_empty() {
            customer::remove_key(tx, &customer_id, KeyKind::Number, &s.number)?;
        }
    }
    for contract_id in before["contracts"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        contract::set(tx, contract_id, "void")?;
    }
    Ok(())
}
