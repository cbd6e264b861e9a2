//! Behind the counter of the demonstration's hall: a colleague's day that was counted two yuan short, with campaigns, deposits
//! and cheques; adjustments; a charge that grew too fast; agreements with a bank, a batch of cards, and the figures of revenue
//! and arrears.

use super::Sample;
use billing::{Method, Take};
use kernel::{Actor, ActorKind, Money, OrgPath, Result};
use serde_json::Map;
use std::{collections::BTreeMap, sync::Arc};
use store::{Db, Tx};

const HALL: &str = "/cn/44/4401/h001";
/// Whom the demonstration's billing clerk sees.
const PROVINCE: &str = "/cn/44";
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
        permissions: Arc::new(["payment.clearing".to_owned()].into()),
        scope: OrgPath::parse(CITY)?,
        ..Actor::system_at(hall)
    };
    let ids: Vec<String> = samples.iter().filter(|s| s.org.as_str().starts_with(CITY)).map(|s| s.id.clone()).collect();
    let marketing = Actor { name: "林晓燕".into(), ..Actor::system_at(OrgPath::parse(PROVINCE)?) };
    let campaign = db.write_blocking(marketing, billing::demo::campaigns)?;
    let customers = ids.clone();
    db.write_blocking(colleague.clone(), move |tx| day(tx, &campaign, &customers))?;
    let biller = Actor {
        id: "demo-biller".into(),
        name: "吴晓峰".into(),
        roles: ["billing".to_owned()].into(),
        ..colleague.clone()
    };
    for (by, large) in [(biller, false), (colleague, true)] {
        let customers = ids.clone();
        db.write_blocking(by, move |tx| {
            let accounts = in_credit(tx, &customers)?;
            billing::demo::adjustments(tx, &accounts, large)
        })?;
    }
    db.load_blocking(Actor::system(), move |tx| huge(tx, &ids))?;
    billing::figures::catch_up(db)
}

/// Customers of the city who have an account and owe nothing, in their order; their accounts.
fn in_credit(tx: &mut Tx<'_>, customers: &[String]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for id in customers {
        let accounts = billing::accounts_of(tx, id)?;
        if let Some(first) = accounts.first()
            && billing::arrears_of(tx, id)?.total.is_zero()
        {
            found.push(first.id.clone());
        }
    }
    Ok(found)
}

/// Somebody's child has bought coins in a game: more than five times what the months before came to.
fn huge(tx: &mut Tx<'_>, customers: &[String]) -> Result<()> {
    const PURCHASES: i64 = 60;
    let now = tx.now();
    let from = now.date().first_of_month().start().max(now.plus_seconds(-6 * 86_400));
    let apart = (now.micros() - from.micros()) / 1_000_000 / (PURCHASES + 1);
    for id in customers.iter().rev() {
        let bills = billing::bills_of(tx, id, 3)?;
        let person = customer::reach(tx, id)?.kind == "individual";
        let small = person && bills.len() == 3 && bills.iter().all(|b| b.amount < Money::fen(25_000));
        let lines = usage::services_of_customer(tx, id)?;
        let (Some(line), true) = (lines.iter().find(|l| l.number.starts_with("+861")), small) else { continue };
        let bought = (1..=PURCHASES).map(|n| usage::Incoming {
            number: line.number.clone(),
            product_id: String::new(),
            at: from.plus_seconds(n * apart),
            kind: usage::Kind::Content,
            direction: usage::Direction::Out,
            amount: 1,
            peer: "game-coins".to_owned(),
            place: String::new(),
            fee_fen: 3_000,
            id: format!("GAME-{n:04}"),
        });
        usage::take(tx, &bought.collect::<Vec<_>>())?;
        let account = billing::account_of(tx, id)?.id;
        if billing::cycle::look_at(tx, &account)? {
            return Ok(());
        }
    }
    Ok(())
}

fn day(tx: &mut Tx<'_>, campaign: &str, customers: &[String]) -> Result<()> {
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
        let mut calm = Vec::new();
        for id in customers.iter().rev() {
            if calm.len() < billing::demo::CUSTOMERS && !billing::accounts_of(tx, id)?.is_empty() {
                calm.extend(billing::arrears_of(tx, id)?.total.is_zero().then(|| id.clone()));
            }
        }
        billing::demo::desk(tx, campaign, &calm)?;
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
