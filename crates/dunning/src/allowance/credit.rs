//! Credit that is nearly used: what is billed and unpaid with what usage costs so far, held against the limit of the account.

use super::{ALL, told};
use crate::credit;
use kernel::{Cycle, Money, OrgPath, Result};
use serde_json::json;
use std::collections::BTreeSet;
use store::{Event, Tx};
use usage::ServiceKey;

/// An account that has used much of its credit.
pub struct NearCredit {
    account_id: String,
    customer_id: String,
    org: String,
    owed: Money,
    limit: Money,
    percent: i64,
}

/// The accounts of these services that have used at least `first` per cent of their limit.
pub fn near(tx: &mut Tx<'_>, services: &[ServiceKey], first: i64) -> Result<Vec<NearCredit>> {
    let (now, mut seen, mut all) = (tx.now(), BTreeSet::new(), Vec::new());
    for key in services {
        let Some(service) = usage::service(tx, *key)?.filter(|s| s.to.is_none()) else { continue };
        if !seen.insert(service.account_id.clone()) {
            continue;
        }
        let held = credit::of(tx, &service.account_id)?;
        let limit = held.allowed(now.date());
        if held.kind == "uncontrolled" || limit <= Money::ZERO {
            continue;
        }
        let owed =
            billing::due_of_account(tx, &service.account_id)?.plus(rating::so_far(tx, &service.account_id, now)?)?;
        let percent = i128::from(owed.in_fen()) * 100 / i128::from(limit.in_fen());
        let percent = i64::try_from(percent).unwrap_or(i64::MAX);
        if percent >= first {
            let (account_id, customer_id, org) = (service.account_id, service.customer_id, service.org);
            all.push(NearCredit { account_id, customer_id, org, owed, limit, percent });
        }
    }
    Ok(all)
}

/// Tells of it, once a threshold and month; false where it was told before.
pub fn tell(tx: &mut Tx<'_>, near: &NearCredit, first: i64) -> Result<bool> {
    let month = Cycle::month_of(tx.now().date());
    let threshold = if near.percent >= ALL { ALL } else { first };
    if !told(tx, &near.account_id, month, "credit", threshold)? {
        return Ok(false);
    }
    let content = json!({
        "accountId": near.account_id, "customerId": near.customer_id, "amountFen": near.owed, "limitFen": near.limit,
        "percent": near.percent, "threshold": threshold,
    });
    let event = Event::new("CreditNearCreateEvent", "dunningCredit", &near.account_id, 1, &OrgPath::parse(&near.org)?)
        .topic(format!("customer:{}", near.customer_id))
        .payload(json!({ "credit": content }));
    tx.emit(event)?;
    Ok(true)
}
