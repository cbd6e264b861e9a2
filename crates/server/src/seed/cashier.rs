//! Behind the counter of the demonstration's hall: a colleague's day that was counted two yuan short, agreements with a bank,
//! a batch of cards, and the figures of revenue and arrears.

use super::Sample;
use billing::{Method, Take};
use kernel::{Actor, ActorKind, Money, OrgPath, Result};
use serde_json::Map;
use std::collections::BTreeMap;
use store::{Db, Tx};

const HALL: &str = "/cn/44/4401/h001";
/// Whom the demonstration's billing clerk sees.
const CITY: &str = "/cn/44/4401";
/// Customers whose account a bank may draw on, and customers who paid today.
const AGREEMENTS: usize = 6;
const PAYMENTS: usize = 9;

pub(super) fn fill(db: &Db, samples: &[Sample], months: u32) -> Result<()> {
    if months > 0 || samples.is_empty() {
        return Ok(()); // a store for measuring brings its own
    }
    let hall = OrgPath::parse(HALL)?;
    let colleague = Actor {
        kind: ActorKind::Staff,
        id: "demo-colleague".into(),
        name: "陈小玲".into(),
        scope: OrgPath::parse(CITY)?,
        ..Actor::system_at(hall)
    };
    let ids: Vec<String> = samples.iter().filter(|s| s.org.as_str().starts_with(CITY)).map(|s| s.id.clone()).collect();
    db.write_blocking(colleague, move |tx| day(tx, &ids))?;
    billing::figures::catch_up(db)
}

fn day(tx: &mut Tx<'_>, customers: &[String]) -> Result<()> {
    let (mut agreed, mut paid) = (Vec::new(), 0usize);
    for id in customers {
        let arrears = billing::arrears_of(tx, id)?;
        if arrears.total > Money::ZERO && agreed.len() < AGREEMENTS {
            let account = billing::account_of(tx, id)?;
            agreed.push((account.id, customer::summary(tx, id)?.name));
        } else if arrears.total.is_zero() && paid < PAYMENTS && !billing::accounts_of(tx, id)?.is_empty() {
            // In advance only: what is owed is left for whoever tries the counter.
            paid += 1;
            let method = [Method::Cash, Method::Cash, Method::Card, Method::Qr, Method::Transfer][paid % 5];
            pay(tx, id, Money::fen([10_000, 5_000, 20_000, 3_000, 15_000][paid % 5]), method)?;
        }
    }
    if paid > 0 {
        let shift = billing::drawer::current(tx)?;
        let mut counted: BTreeMap<String, Money> = shift.into_iter().collect();
        if let Some(cash) = counted.get_mut("cash").filter(|c| c.in_fen() >= 200) {
            *cash = cash.plus(Money::fen(-200))?;
        }
        billing::drawer::close(tx, &counted, "找零时多付 2 元，已补登")?;
        cashier::demo(tx, &agreed)?;
    }
    Ok(())
}

fn pay(tx: &mut Tx<'_>, customer_id: &str, amount: Money, method: Method) -> Result<()> {
    let ask = Take {
        customer_id: customer_id.to_owned(),
        account_id: None,
        amount,
        method,
        tendered: None,
        reference: String::new(),
        note: String::new(),
        extra: Map::new(),
    };
    billing::take(tx, &ask).map(drop)
}
