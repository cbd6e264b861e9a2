//! Who may buy at all: asked before a sale is taken, every reason told at once.
//!
//! Not whom the house does no business with (黑名单); not who owes money that is overdue (欠费); only who was identified as the
//! product line asks for it (实名), a proxy with both certificates; no more mobile numbers on a person's certificate than the
//! rules allow (一证五户).

use crate::{acceptance::Problems, eligible, problems};
use kernel::{Money, Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

/// Refuses a sale of products of these lines to a customer, with every reason against it. `ported` are those that come with
/// their number from another operator.
pub fn check(tx: &mut Tx<'_>, customer_id: &str, families: &[(&str, bool)], order: &Map<String, Value>) -> Result<()> {
    let mut found = Problems::default();
    let customer = customer::summary(tx, customer_id)?;
    if customer::blacklisted(tx, customer_id)?.is_some() {
        found.push(Problem::new(&problems::BLACKLISTED).with("name", &customer.name));
    }
    let owed = billing::arrears_of_customer(tx, customer_id)?;
    if owed.overdue > Money::ZERO {
        let problem = Problem::new(&problems::ARREARS).with("amount", &owed.overdue.to_string());
        found.push(problem.extra("overdueFen", json!(owed.overdue)));
    }
    let text = |name: &str| order.get(name).and_then(Value::as_str).filter(|t| !t.is_empty());
    let (verification, proxy) = (text("verificationId"), text("proxyVerificationId"));
    let mut asked: Vec<(&str, bool)> = families.to_vec();
    asked.sort_unstable();
    asked.dedup();
    for (family, ported) in asked {
        let business = if ported { "portIn" } else { "open" };
        let before = found.all().len();
        eligible::named(tx, customer_id, family, business, verification, proxy, &mut found)?;
        if found.all().len() > before {
            break; // the next product line would say the same of the same certificate
        }
    }
    let mobiles = families.iter().filter(|(f, _)| *f == "mobile").count();
    if mobiles > 0 && customer.kind == "individual" {
        let mobiles = i64::try_from(mobiles).unwrap_or(i64::MAX);
        eligible::number_limit(tx, customer_id, mobiles, mobiles, &mut found)?;
    }
    found.refuse()
}
