//! From what is sold to what must be done: offering → product specification → CFS → RFS → tasks.
//!
//! The rules are the specification documents themselves: `productSpecification.serviceSpecification[]` names the
//! customer-facing services, their `serviceSpecRelationship[]` the resource-facing ones, and those carry `taskTemplate[]`.
//! A task waits for the tasks named in its `after` and runs beside all others.

mod tasks;
mod work;

pub use tasks::{CHANGES, ChangeTask, PlannedTask, SharedRule};
pub use work::{Purpose, Work, work};

use crate::{
    Family, Offering, Picked, cache,
    offering::{self, offering_at},
    parse::{list, references},
    problems,
    resources::{PRODUCT_SPECIFICATION, SERVICE_SPECIFICATION},
};
use http::tmf::{self, Document};
use kernel::{Problem, Result};
use store::Tx;

/// One product the customer will hold.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PlannedProduct {
    pub offering_id: String,
    /// The version of that offering: what the product is pinned to.
    pub version: i64,
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
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PlannedRfs {
    pub spec_id: String,
    pub version: String,
    pub name: String,
    /// What sets it up, …
    pub tasks: Vec<PlannedTask>,
    /// … takes it away, …
    pub teardown: Vec<PlannedTask>,
    /// … and serves it while it works.
    pub change: Vec<ChangeTask>,
    /// It lives on a thing that other services use too.
    pub shared: Option<SharedRule>,
}

/// The products that an offering with this selection makes: one, or those of the chosen parts of a bundle.
///
/// Fails where the selection does not fit (`bundle.*`), a part is not on sale (`offering.closed`), or a specification is
/// incomplete.
pub fn decompose(tx: &mut Tx<'_>, offering: &Offering, selection: &[Picked]) -> Result<Vec<PlannedProduct>> {
    check_parts(tx, offering, selection, 0)?;
    structure(tx, offering, selection)
}

/// Like [`decompose`], for what was sold already: whether its parts are on sale today does not matter.
pub fn structure(tx: &mut Tx<'_>, offering: &Offering, selection: &[Picked]) -> Result<Vec<PlannedProduct>> {
    let reader = cache::reader(tx)?;
    let key = key(offering, selection);
    if let Some(plan) = reader.plan(&key) {
        return Ok((*plan).clone());
    }
    let plan = plan(tx, offering, selection)?;
    reader.keep_plan(&key, &plan);
    Ok(plan)
}

/// The same, made anew: for a design that is no offering yet.
pub(crate) fn plan(tx: &mut Tx<'_>, offering: &Offering, selection: &[Picked]) -> Result<Vec<PlannedProduct>> {
    let mut plan = Vec::new();
    collect(tx, offering, offering, selection, &mut plan, 0)?;
    Ok(plan)
}

fn key(offering: &Offering, selection: &[Picked]) -> String {
    let mut key = format!("{}@{}", offering.id, offering.version);
    for picked in selection {
        key.push_str(&format!("/{}×{}@{}", picked.offering_id, picked.quantity, picked.version.unwrap_or(0)));
    }
    key
}

/// Depends on the time of day, so it is not part of what is held in memory.
fn check_parts(tx: &mut Tx<'_>, offering: &Offering, selection: &[Picked], depth: usize) -> Result<()> {
    let now = tx.now();
    for picked in offering.resolve(selection)? {
        let part = offering::held(tx, &picked.offering_id)?;
        part.available(now)?;
        if depth < 8 {
            check_parts(tx, &part, &[], depth + 1)?;
        }
    }
    Ok(())
}

fn collect(
    tx: &mut Tx<'_>,
    sold: &Offering,
    offering: &Offering,
    selection: &[Picked],
    plan: &mut Vec<PlannedProduct>,
    depth: usize,
) -> Result<()> {
    let picked = offering.resolve(selection)?;
    if !offering.is_bundle() {
        plan.push(product(tx, sold, offering)?);
        return Ok(());
    }
    for picked in picked {
        let part = offering_at(tx, &picked.offering_id, picked.version)?;
        for _ in 0..picked.quantity {
            if plan.len() >= 50 || depth > 8 {
                return Err(incomplete(offering, "50"));
            }
            collect(tx, sold, &part, &[], plan, depth + 1)?;
        }
    }
    Ok(())
}

fn product(tx: &mut Tx<'_>, sold: &Offering, offering: &Offering) -> Result<PlannedProduct> {
    let mut planned = PlannedProduct {
        offering_id: offering.id.clone(),
        version: offering.version,
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
    tasks::check_order(offering, &planned)?;
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
            let tasks::Tasks { tasks, teardown, change, shared } = tasks::read(offering, &rfs.body)?;
            let (version, name) = (rfs.text("version").to_owned(), rfs.text("name").to_owned());
            planned.rfs.push(PlannedRfs { spec_id: rfs.id.clone(), version, name, tasks, teardown, change, shared });
        }
    }
    Ok(planned)
}

fn service(tx: &mut Tx<'_>, offering: &Offering, id: &str) -> Result<Document> {
    tmf::get(tx, &SERVICE_SPECIFICATION, id)?.ok_or_else(|| incomplete(offering, id))
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
        Family::FixedVoice | Family::Voip => add("voiceMin", own.voice_min.or(all.voice_min)),
        Family::LeasedLine | Family::Data => add("bandwidthMbps", own.broadband_mbps.or(all.broadband_mbps)),
        Family::Iptv
        | Family::Content
        | Family::Device
        | Family::SmartHome
        | Family::Consulting
        | Family::Group
        | Family::Bundle => {}
    }
    known
}

fn incomplete(offering: &Offering, detail: &str) -> Problem {
    Problem::new(&problems::OFFERING_PLAN).with("name", &offering.name).with("detail", detail)
}
