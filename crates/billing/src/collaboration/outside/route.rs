//! Which billing system charges what: by place and product line, decided when a product starts and kept for its life.

use super::super::{Collaboration, CollaborationKind};
use crate::perms;
use kernel::{OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Tx, params, sql};

#[derive(Clone, Debug, Deserialize)]
pub struct Ask {
    pub org: String,
    #[serde(default)]
    pub family: String,
    #[serde(default)]
    pub system: String,
}

sql! {
    ALL = "SELECT r.id, r.org, r.family, r.system, r.version, r.updated_at, s.name, s.name_en FROM billing_route r \
           LEFT JOIN billing_system s ON s.code = r.system ORDER BY r.org, r.family";
    PUT = "INSERT INTO billing_route (id, org, family, system, version, updated_at) VALUES ($1, $2, $3, $4, 1, $5) \
           ON CONFLICT (org, family) DO UPDATE SET system = $4, version = billing_route.version + 1, updated_at = $5";
    DELETE = "DELETE FROM billing_route WHERE id = $1";
    PLACES = "SELECT org, family, system FROM billing_route";
    KEPT = "SELECT system FROM charged_by WHERE product_id = $1";
    KEEP = "INSERT INTO charged_by (product_id, customer_id, system) VALUES ($1, $2, $3) ON CONFLICT (product_id) DO NOTHING";
    OF_CUSTOMER = "SELECT DISTINCT system FROM charged_by WHERE customer_id = $1 AND system <> '' ORDER BY system";
}

pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let rows = tx.query(&ALL, params![])?;
    Ok(rows.iter().map(|r| json!({
        "id": r.str(0), "org": r.str(1), "family": r.str(2), "system": r.str(3), "version": r.int(4), "updatedAt": r.time(5),
        "systemName": r.opt_text(6), "systemNameEn": r.opt_text(7),
    })).collect())
}

/// Sets who charges a product line in a place from now on; what is charged already stays where it is.
pub fn set(tx: &mut Tx<'_>, ask: &Ask) -> Result<Vec<Value>> {
    tx.allow(perms::COLLABORATION_ROUTE)?;
    let org = OrgPath::parse(ask.org.trim()).map_err(|_| Problem::invalid("org", "/cn/44/4401"))?;
    let family = ask.family.trim();
    if !family.is_empty() && catalog::Family::parse(family).is_err() {
        return Err(Problem::invalid("family", family));
    }
    if !ask.system.is_empty() {
        super::system::address_to(tx, &ask.system)?;
    }
    let (id, now) = (tx.new_id::<Ask>(), tx.now());
    tx.execute(&PUT, params![id, org, family, ask.system, now])?;
    let detail = json!({"family": family, "system": ask.system});
    tx.audit("billing.route", "billingRoute", org.as_str(), &org, &detail)?;
    all(tx)
}

pub fn remove(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    tx.allow(perms::COLLABORATION_ROUTE)?;
    if tx.execute(&DELETE, params![id])? == 0 {
        return Err(Problem::not_found());
    }
    tx.audit("billing.route_removed", "billingRoute", id, &OrgPath::root(), &json!({}))
}

/// The system that a fact is told to; empty for the embedded one.
pub fn of_fact(tx: &mut Tx<'_>, fact: &Collaboration) -> Result<String> {
    if let Some(row) = tx.query_opt(&KEPT, params![fact.product_id])? {
        return Ok(row.text(0));
    }
    if fact.kind != CollaborationKind::Start {
        return Ok(String::new()); // whatever was started before there were routes is charged here
    }
    let routes: Vec<(String, String, String)> =
        tx.query(&PLACES, params![])?.iter().map(|r| (r.text(0), r.text(1), r.text(2))).collect();
    if routes.is_empty() {
        return Ok(String::new());
    }
    let family = family(tx, fact)?;
    let system = best(&routes, &fact.org, &family);
    if !system.is_empty() {
        tx.execute(&KEEP, params![fact.product_id, fact.customer_id, system])?;
    }
    Ok(system)
}

/// The outside systems that charge something of a customer: what concerns the customer is told to each of them.
pub fn of_customer(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<String>> {
    Ok(tx.query(&OF_CUSTOMER, params![customer_id])?.iter().map(|r| r.text(0)).collect())
}

fn family(tx: &mut Tx<'_>, fact: &Collaboration) -> Result<String> {
    match catalog::offering_at(tx, &fact.offering_id, fact.offering_version) {
        Ok(offering) => Ok(offering.family.as_str().to_owned()),
        Err(problem) if problem.is(&kernel::codes::NOT_FOUND) => Ok(String::new()),
        Err(problem) => Err(problem),
    }
}

fn best(routes: &[(String, String, String)], org: &OrgPath, family: &str) -> String {
    let fits = |(place, of, _): &&(String, String, String)| {
        OrgPath::parse(place).is_ok_and(|p| p.contains(org)) && (of.is_empty() || of == family)
    };
    let rank = |(place, of, _): &&(String, String, String)| (place.len(), !of.is_empty());
    routes.iter().filter(fits).max_by_key(rank).map(|r| r.2.clone()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_place_counts_and_of_one_place_the_product_line() {
        let route = |org: &str, family: &str, system: &str| (org.to_owned(), family.to_owned(), system.to_owned());
        let routes = [
            route("/cn", "", "national"),
            route("/cn/44", "mobile", "province"),
            route("/cn/44/4401", "", ""),
            route("/cn/44/4401", "broadband", "fixed"),
        ];
        let at = |org: &str, family: &str| best(&routes, &OrgPath::parse(org).unwrap(), family);
        assert_eq!(at("/cn/44/4401/h001", "mobile"), "", "the city's own");
        assert_eq!(at("/cn/44/4401/h001", "broadband"), "fixed");
        assert_eq!(at("/cn/44/4403", "mobile"), "province");
        assert_eq!(at("/cn/44/4403", "iptv"), "national");
        assert_eq!(at("/cn/11", "mobile"), "national");
    }
}
