//! TMF760: `checkProductConfiguration` says whether a choice fits, `queryProductConfiguration` what there is to choose.
//!
//! A configuration names its offering and, nested in `bundledProductOffering`, the parts that are selected. Prices are
//! told as references with the amounts of the catalogue; what a customer owes is computed by billing.

use super::{Doc, ID, QUALIFY, subject};
use crate::{Ask, Offering, Picked, offering::held, parse::is_foreign, why_not::why_not};
use http::tmf::{Api, Ops, Resource, Rules};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Value, json};
use store::Tx;

static CONFIGURATIONS: Api = Api {
    base: "/tmf-api/productConfigurationManagement/v5",
    aliases: &["/tmf-api/productConfiguration/v5", "/tmf-api/productConfigurationManagement/v4"],
};

pub(crate) static CHECK: Resource = configuration(
    "checkProductConfiguration",
    "CheckProductConfiguration",
    "configuration_check",
    &["checkProductConfigurationItem"],
    &Checks,
);
pub(crate) static QUERY: Resource = configuration(
    "queryProductConfiguration",
    "QueryProductConfiguration",
    "configuration_query",
    &["requestProductConfigurationItem"],
    &Queries,
);

const fn configuration(
    name: &'static str,
    type_name: &'static str,
    table: &'static str,
    mandatory: &'static [&'static str],
    rules: &'static dyn Rules,
) -> Resource {
    let ops = Ops { create: true, patch: false, delete: true };
    Resource {
        api: &CONFIGURATIONS,
        name,
        type_name,
        table,
        columns: &[ID],
        mandatory,
        ops,
        read: QUALIFY,
        write: QUALIFY,
        rules,
    }
}

struct Checks;
struct Queries;

fn items(doc: &Doc, name: &str) -> Result<Vec<Value>> {
    match doc.get(name) {
        Some(Value::Array(items)) if (1..=100).contains(&items.len()) && items.iter().all(Value::is_object) => {
            Ok(items.clone())
        }
        _ => Err(Problem::invalid(name, "1–100")),
    }
}

/// The offering a configuration is of.
fn offering_of(item: &Value) -> Result<String> {
    let offering = &item["productConfiguration"]["productOffering"];
    let id = offering["id"].as_str().filter(|_| !is_foreign(offering));
    id.map(str::to_owned).ok_or_else(|| Problem::missing("productConfiguration.productOffering.id"))
}

/// The parts that are selected. `isSelected: false` takes a part out; a part without a number is meant once.
fn picked(configuration: &Value) -> Vec<Picked> {
    let nested = ["bundledProductConfiguration", "bundledProductOffering", "productConfiguration"];
    let nested = nested.iter().filter_map(|n| configuration[*n].as_array()).flatten();
    nested
        .filter_map(|part| {
            let id = part["productOffering"]["id"].as_str().or_else(|| part["id"].as_str())?;
            let quantity = if part["isSelected"] == false { 0 } else { part["quantity"].as_i64().unwrap_or(1) };
            Some(Picked { offering_id: id.to_owned(), quantity, version: None })
        })
        .collect()
}

/// What the chosen parts and their prices are, as far as the catalogue says.
fn chosen(tx: &mut Tx<'_>, offering: &Offering, picked: &[Picked]) -> Result<Value> {
    let price = |o: &Offering| -> Vec<Value> {
        let one = |p: &crate::Price| {
            let href = crate::PRODUCT_OFFERING_PRICE.href(&p.id);
            json!({
                "name": p.name, "priceType": p.kind.as_str(), "productOfferingPrice": {"id": p.id, "href": href, "name": p.name},
                "price": {"taxIncludedAmount": p.amount.to_tmf()},
            })
        };
        o.prices.iter().map(one).collect()
    };
    let mut parts = Vec::new();
    for pick in offering.chosen(picked) {
        let part = held(tx, &pick.offering_id)?;
        parts.push(json!({
            "productOffering": {"id": part.id, "href": crate::PRODUCT_OFFERING.href(&part.id), "name": part.name},
            "quantity": pick.quantity, "isSelected": true, "configurationPrice": price(&part),
        }));
    }
    let contract =
        offering.contract.map(|c| json!([{"name": "contract", "duration": {"amount": c.months, "units": "month"}}]));
    Ok(json!({
        "productOffering": {"id": offering.id, "href": crate::PRODUCT_OFFERING.href(&offering.id), "name": offering.name, "version": offering.version.to_string()},
        "bundledProductOffering": parts,
        "configurationPrice": price(offering),
        "configurationTerm": contract.unwrap_or_else(|| json!([])),
    }))
}

fn done(tx: &Tx<'_>, doc: &mut Doc) -> OrgPath {
    doc.insert("state".into(), json!("done"));
    doc.insert("effectiveDate".into(), json!(tx.now()));
    doc.insert("instantSync".into(), json!(true));
    tx.actor().org.clone()
}

impl Rules for Checks {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Doc) -> Result<OrgPath> {
        let subject = subject(tx, doc)?;
        let mut items = items(doc, "checkProductConfigurationItem")?;
        let mut asks = Vec::new();
        for item in &items {
            let selection = picked(&item["productConfiguration"]);
            let quantity = item["productConfiguration"]["quantity"].as_i64().unwrap_or(1);
            asks.push(Ask { offering_id: offering_of(item)?, version: None, selection, quantity });
        }
        let why = why_not(tx, &subject, &asks)?;
        for (i, (item, ask)) in items.iter_mut().zip(&asks).enumerate() {
            let against: Vec<Value> =
                why.iter().filter(|w| w.offering_id == ask.offering_id).map(super::reason).collect();
            if item["id"].is_null() {
                item["id"] = json!((i + 1).to_string());
            }
            item["state"] = json!(if against.is_empty() { "approved" } else { "rejected" });
            if against.is_empty() {
                let offering = held(tx, &ask.offering_id)?;
                item["productConfiguration"] = chosen(tx, &offering, &ask.selection)?;
            } else {
                item["stateReason"] = json!(against);
            }
        }
        doc.insert("checkProductConfigurationItem".into(), Value::Array(items));
        Ok(done(tx, doc))
    }
}

impl Rules for Queries {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Doc) -> Result<OrgPath> {
        let mut computed = Vec::new();
        for (i, item) in items(doc, "requestProductConfigurationItem")?.iter().enumerate() {
            let offering = held(tx, &offering_of(item)?)?;
            let selection = picked(&item["productConfiguration"]);
            let mut configuration = chosen(tx, &offering, &selection)?;
            let option = |o: &crate::BundleOption| {
                json!({
                    "productOffering": {"id": o.offering_id, "name": o.name}, "group": o.group, "isSelectable": o.min < o.max,
                    "quantity": {"minimum": o.min, "maximum": o.max, "default": o.default},
                })
            };
            let group =
                |g: &crate::BundleGroup| json!({"id": g.id, "name": g.name, "minimum": g.min, "maximum": g.max});
            configuration["choice"] = offering.options.iter().map(option).collect();
            configuration["choiceGroup"] = offering.groups.iter().map(group).collect();
            let misfits: Vec<Value> = offering
                .misfits(&selection)
                .iter()
                .map(|p| super::reason(&crate::WhyNot::new(&offering.id, p)))
                .collect();
            let id = item["id"].as_str().map_or_else(|| (i + 1).to_string(), str::to_owned);
            let state = if misfits.is_empty() { "approved" } else { "rejected" };
            let mut line = json!({"id": id, "state": state, "productConfiguration": configuration});
            if !misfits.is_empty() {
                line["stateReason"] = json!(misfits);
            }
            computed.push(line);
        }
        doc.insert("computedProductConfigurationItem".into(), Value::Array(computed));
        Ok(done(tx, doc))
    }
}
