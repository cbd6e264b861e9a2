//! Products that come by the thousand with a past: each gets its service and its plan, without a collaboration order.

use kernel::{OrgPath, Result, Timestamp};
use rating::Assign;
use std::collections::HashMap;
use store::Tx;

/// A product that came with a past.
#[derive(Clone, Debug)]
pub struct Metered {
    pub product_id: String,
    pub customer_id: String,
    pub account_id: String,
    pub org: OrgPath,
    pub offering_id: String,
    pub number: String,
    pub from: Timestamp,
}

/// Services and plans for these. One whose number is held already has neither.
pub fn carried(tx: &mut Tx<'_>, all: &[Metered]) -> Result<()> {
    let mut plans: HashMap<&str, Option<(String, i64)>> = HashMap::new();
    for m in all.iter().filter(|m| !m.number.is_empty() && !m.offering_id.is_empty()) {
        let new = Assign {
            product_id: &m.product_id,
            source: &m.product_id,
            org: &m.org,
            offering_id: &m.offering_id,
            version: None,
            bundle: None,
            from: m.from,
        };
        let plan = match plans.get(m.offering_id.as_str()) {
            Some(known) => known.clone(),
            None => {
                let found = rating::plan_of(tx, &new)?;
                plans.insert(&m.offering_id, found.clone());
                found
            }
        };
        let Some((plan, version)) = plan else { continue };
        if usage::holdings(tx, &m.number)?.iter().any(|h| h.to.is_none()) {
            continue;
        }
        let service = usage::NewService {
            product_id: &m.product_id,
            customer_id: &m.customer_id,
            account_id: &m.account_id,
            org: &m.org,
            number: &m.number,
            cycle_day: 1,
            from: m.from,
        };
        usage::open_service(tx, &service)?;
        rating::assign_plan(tx, &new, &plan, version)?;
    }
    Ok(())
}
