//! From what is sold to what must be done: offering → product specification → CFS → RFS → tasks.
//!
//! The rules are the specification documents themselves: `productSpecification.serviceSpecification[]` names the
//! customer-facing services, their `serviceSpecRelationship[]` the resource-facing ones, and those carry `taskTemplate[]`.
//! A task waits for the tasks named in its `after` and runs beside all others.

use crate::{
    Family, Offering, cache,
    offering::{self, list, references},
    problems,
    resources::{PRODUCT_SPECIFICATION, SERVICE_SPECIFICATION},
};
use http::tmf::{self, Document};
use kernel::{Problem, Result};
use serde_json::Value;
use store::Tx;

/// One product the customer will hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedProduct {
    pub offering_id: String,
    pub name: String,
    pub family: Family,
    /// None where nothing has to be activated.
    pub spec_id: Option<String>,
    pub cfs: Vec<PlannedCfs>,
    /// The characteristics an order must give a value for, such as `number` or `installAddress`.
    pub needs: Vec<String>,
    /// What is known from the offering, such as `downMbps`.
    pub characteristics: Vec<(String, String)>,
}

/// A customer-facing service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedCfs {
    pub spec_id: String,
    pub version: String,
    pub name: String,
    pub rfs: Vec<PlannedRfs>,
}

/// A resource-facing service.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedRfs {
    pub spec_id: String,
    pub version: String,
    pub name: String,
    pub tasks: Vec<PlannedTask>,
}

/// One step towards a system. `after` names earlier tasks of the same product: an earlier task always comes first when
/// the tree is walked in order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedTask {
    pub name: String,
    pub title_zh: String,
    pub title_en: String,
    pub target: String,
    pub after: Vec<String>,
}

/// The products of an offering: one, or those of all components of a bundle. Fails where a component is not on sale or a
/// specification is incomplete.
pub fn decompose(tx: &mut Tx<'_>, offering: &Offering) -> Result<Vec<PlannedProduct>> {
    let held = cache::reader(tx)?;
    check_components(tx, offering, 0)?;
    if let Some(plan) = held.plan(&offering.id) {
        return Ok((*plan).clone());
    }
    let mut plan = Vec::new();
    collect(tx, offering, offering, &mut plan)?;
    held.keep_plan(&offering.id, &plan);
    Ok(plan)
}

/// Depends on the time of day, so it is not part of what is held in memory.
fn check_components(tx: &mut Tx<'_>, offering: &Offering, depth: usize) -> Result<()> {
    let now = tx.now();
    for component in &offering.components {
        let part = offering::offering(tx, &component.offering_id)?;
        part.available(now)?;
        if depth < 8 {
            check_components(tx, &part, depth + 1)?;
        }
    }
    Ok(())
}

fn collect(tx: &mut Tx<'_>, sold: &Offering, offering: &Offering, plan: &mut Vec<PlannedProduct>) -> Result<()> {
    if offering.components.is_empty() {
        plan.push(product(tx, sold, offering)?);
        return Ok(());
    }
    for component in &offering.components {
        let part = offering::offering(tx, &component.offering_id)?;
        for _ in 0..component.quantity {
            if plan.len() >= 50 {
                return Err(incomplete(offering, "50"));
            }
            collect(tx, sold, &part, plan)?;
        }
    }
    Ok(())
}

fn product(tx: &mut Tx<'_>, sold: &Offering, offering: &Offering) -> Result<PlannedProduct> {
    let mut planned = PlannedProduct {
        offering_id: offering.id.clone(),
        name: offering.name.clone(),
        family: offering.family,
        spec_id: offering.spec_id.clone(),
        cfs: Vec::new(),
        needs: Vec::new(),
        characteristics: characteristics(sold, offering),
    };
    let Some(spec_id) = &offering.spec_id else { return Ok(planned) };
    let spec = tmf::get(tx, &PRODUCT_SPECIFICATION, spec_id)?.ok_or_else(|| incomplete(offering, spec_id))?;
    planned.needs = needs(&spec);
    for id in references(&spec.body, "serviceSpecification") {
        planned.cfs.push(cfs(tx, offering, &id)?);
    }
    check_order(offering, &planned)?;
    Ok(planned)
}

fn cfs(tx: &mut Tx<'_>, offering: &Offering, id: &str) -> Result<PlannedCfs> {
    let doc = service(tx, offering, id)?;
    let (version, name) = (doc.text("version").to_owned(), doc.text("name").to_owned());
    let mut planned = PlannedCfs { spec_id: id.to_owned(), version, name, rfs: Vec::new() };
    for relation in list(&doc.body, "serviceSpecRelationship") {
        let supporting = matches!(relation["relationshipType"].as_str(), Some("requires" | "reliesOn" | "dependency"));
        if let (true, Some(rfs)) = (supporting, relation["id"].as_str()) {
            let rfs = service(tx, offering, rfs)?;
            let tasks = list(&rfs.body, "taskTemplate").iter().map(|t| task(offering, t)).collect::<Result<_>>()?;
            let (version, name) = (rfs.text("version").to_owned(), rfs.text("name").to_owned());
            planned.rfs.push(PlannedRfs { spec_id: rfs.id.clone(), version, name, tasks });
        }
    }
    Ok(planned)
}

fn service(tx: &mut Tx<'_>, offering: &Offering, id: &str) -> Result<Document> {
    tmf::get(tx, &SERVICE_SPECIFICATION, id)?.ok_or_else(|| incomplete(offering, id))
}

fn task(offering: &Offering, template: &Value) -> Result<PlannedTask> {
    let text = |name: &str| template[name].as_str().filter(|s| !s.is_empty()).map(str::to_owned);
    let (Some(name), Some(target)) = (text("name"), text("target")) else {
        return Err(incomplete(offering, "taskTemplate"));
    };
    let after =
        template["after"].as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect();
    let title_zh = text("title_zh").unwrap_or_else(|| name.clone());
    let title_en = text("title_en").unwrap_or_else(|| name.clone());
    Ok(PlannedTask { name, title_zh, title_en, target, after })
}

/// Characteristics that are configured with the order and must have a value.
fn needs(spec: &Document) -> Vec<String> {
    list(&spec.body, "productSpecCharacteristic")
        .iter()
        .filter(|c| c["configurable"] == true && c["minCardinality"].as_i64().unwrap_or(0) > 0)
        .filter_map(|c| c["name"].as_str())
        .map(str::to_owned)
        .collect()
}

/// A component of a bundle takes what it does not say itself from the bundle as sold.
fn characteristics(sold: &Offering, offering: &Offering) -> Vec<(String, String)> {
    let (own, all) = (&offering.allowances, &sold.allowances);
    let mut known = Vec::new();
    let mut add = |name: &str, value: Option<i64>| known.extend(value.map(|v| (name.to_owned(), v.to_string())));
    match offering.family {
        Family::Broadband => add("downMbps", own.broadband_mbps.or(all.broadband_mbps)),
        Family::Mobile => {
            add("dataMb", own.data_mb.or(all.data_mb));
            add("voiceMin", own.voice_min.or(all.voice_min));
            add("sms", own.sms.or(all.sms));
        }
        Family::Option => add("dataMb", own.data_mb),
        Family::Iptv | Family::Bundle | Family::Device => {}
    }
    known
}

fn check_order(offering: &Offering, planned: &PlannedProduct) -> Result<()> {
    let mut earlier: Vec<&str> = Vec::new();
    for task in planned.cfs.iter().flat_map(|c| &c.rfs).flat_map(|r| &r.tasks) {
        let unknown = task.after.iter().find(|a| !earlier.contains(&a.as_str()));
        if let Some(after) = unknown {
            return Err(incomplete(offering, &format!("{} → {after}", task.name)));
        }
        if earlier.contains(&task.name.as_str()) {
            return Err(incomplete(offering, &task.name));
        }
        earlier.push(&task.name);
    }
    Ok(())
}

fn incomplete(offering: &Offering, detail: &str) -> Problem {
    Problem::new(&problems::OFFERING_PLAN).with("name", &offering.name).with("detail", detail)
}
