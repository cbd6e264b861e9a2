//! What the law demands of a catalogue, enforced here and not left to those who fill it. Each refusal names its source.
//!
//! * Beside a bundle its single services stay purchasable, by the same customers (telecommunications regulations of
//!   provinces, such as Henan 2020, articles 29–30).
//! * A free trial does not turn into something paid unless the customer says so (same place).
//! * No tariff is conditioned on porting a number in (rules of number portability, 2019); see [`tariffs::port_in`].
//!
//! Published tariffs that are imported are facts, not proposals: for them only the last one is checked, row by row.
//!
//! [`tariffs::port_in`]: crate::tariffs::port_in

use crate::{
    Eligibility, Family, Lifecycle,
    parse::{family_of, list, parts},
    problems,
    resources::PRODUCT_OFFERING,
};
use http::tmf;
use kernel::{Problem, Result};
use serde_json::{Map, Value};
use store::{Tx, params, sql};

type Doc = Map<String, Value>;

sql! {
    SINGLES = "SELECT body FROM product_offering WHERE family = $1 AND status IN ('Active', 'Launched') AND sold_alone = 1 \
               AND id <> $2 AND (valid_to IS NULL OR valid_to >= $3) ORDER BY price_fen, id LIMIT 500";
    BUNDLES_WITH = "SELECT DISTINCT b.id, b.name FROM product_offering p JOIN offering_link l ON l.target_id = p.id AND l.kind = 'component' \
                    JOIN product_offering b ON b.id = l.offering_id \
                    WHERE p.family = $1 AND b.status IN ('Active', 'Launched') AND b.source_id IS NULL ORDER BY b.id LIMIT 100";
}

pub(crate) fn on_sale(doc: &Doc) -> bool {
    let status = doc.get("lifecycleStatus").and_then(Value::as_str).unwrap_or("");
    Lifecycle::parse(status).is_ok_and(Lifecycle::is_on_sale)
}

/// A trial that names what it becomes must wait for the customer's word.
pub(crate) fn refuse_silent_trial(doc: &Doc) -> Result<()> {
    let Some(trial) = doc.get("trial").filter(|t| !t.is_null()) else { return Ok(()) };
    if !trial["days"].as_i64().is_some_and(|n| (1..=366).contains(&n)) {
        return Err(Problem::invalid("trial.days", "1–366"));
    }
    let converts = !trial["convertsTo"].is_null();
    let silent = trial["confirmation"] != true || trial["autoConvert"] == true;
    if converts && silent {
        return Err(Problem::new(&problems::LAW_TRIAL).field("trial.confirmation"));
    }
    Ok(())
}

/// The service lines of a bundle that could be had only within bundles.
pub(crate) fn lines_without_single(tx: &mut Tx<'_>, doc: &Doc) -> Result<Vec<Family>> {
    let mut families: Vec<Family> = Vec::new();
    for id in parts(doc) {
        if let Some(part) = tmf::get(tx, &PRODUCT_OFFERING, &id)? {
            let family = family_of(&part.body);
            if family.is_service() && !families.contains(&family) {
                families.push(family);
            }
        }
    }
    let id = doc.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
    let mut missing = Vec::new();
    for family in families {
        if !has_single(tx, family, &id, &Eligibility::read(doc))? {
            missing.push(family);
        }
    }
    Ok(missing)
}

/// Is there an offering of this line, sold by itself, open to all who may have the bundle?
fn has_single(tx: &mut Tx<'_>, family: Family, besides: &str, bundle: &Eligibility) -> Result<bool> {
    let now = tx.now();
    let open = |to: &[String], wanted: &[String]| {
        to.is_empty() || (!wanted.is_empty() && wanted.iter().all(|w| to.contains(w)))
    };
    for row in tx.query(&SINGLES, params![family.as_str(), besides, now])? {
        let Value::Object(body) = row.json(0) else { continue };
        let single = Eligibility::read(&body);
        let areas = single.areas.is_empty()
            || (!bundle.areas.is_empty() && bundle.areas.iter().all(|a| single.areas.iter().any(|s| s.contains(a))));
        if areas && open(&single.customer_kinds, &bundle.customer_kinds) && open(&single.grades, &bundle.grades) {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) fn refuse_missing_single(tx: &mut Tx<'_>, doc: &Doc) -> Result<()> {
    match lines_without_single(tx, doc)?.first() {
        Some(family) => Err(single(*family, doc.get("name").and_then(Value::as_str).unwrap_or(""))),
        None => Ok(()),
    }
}

pub(crate) fn single(family: Family, bundle: &str) -> Problem {
    let (zh, en) = family.title();
    Problem::new(&problems::LAW_SINGLE).with("name", bundle).with("line", zh).with("english", en)
}

/// The last single offering of a line stays on sale as long as a bundle has that line.
pub(crate) fn refuse_losing_single(tx: &mut Tx<'_>, before: &Doc, after: &Doc) -> Result<()> {
    let alone = |doc: &Doc| on_sale(doc) && doc.get("isSellable") != Some(&Value::Bool(false));
    let family = family_of(before);
    let unchanged = alone(after)
        && ["family", "place", "marketSegment", "validFor"].iter().all(|name| before.get(*name) == after.get(*name));
    if !family.is_service() || !alone(before) || unchanged {
        return Ok(());
    }
    for row in tx.query(&BUNDLES_WITH, params![family.as_str()])? {
        let Some(bundle) = tmf::get(tx, &PRODUCT_OFFERING, row.str(0))? else { continue };
        let id = before.get("id").and_then(Value::as_str).unwrap_or("");
        let itself = alone(after) && covers(after, &bundle.body);
        if !itself && !has_single(tx, family, id, &Eligibility::read(&bundle.body))? {
            return Err(single(family, row.str(1)));
        }
    }
    Ok(())
}

fn covers(single: &Doc, bundle: &Doc) -> bool {
    let (single, bundle) = (Eligibility::read(single), Eligibility::read(bundle));
    (single.areas.is_empty() || single.areas == bundle.areas)
        && (single.customer_kinds.is_empty() || single.customer_kinds == bundle.customer_kinds)
        && (single.grades.is_empty() || single.grades == bundle.grades)
}

/// Conditions on porting in hide in segments and in the names of prices too.
pub(crate) fn refuse_port_in(doc: &Doc) -> Result<()> {
    crate::tariffs::port_in::refuse(doc)?;
    for (name, keys) in [
        ("marketSegment", ["id", "name"]),
        ("channel", ["id", "name"]),
        ("productOfferingPrice", ["name", "name"]),
        ("productOfferingTerm", ["name", "name"]),
    ] {
        for entry in list(doc, name) {
            let texts = keys.iter().filter_map(|k| entry[*k].as_str());
            if let Some(hit) = texts.filter_map(crate::tariffs::port_in::condition).next() {
                return Err(Problem::new(&problems::PORT_IN_CONDITION).field(name).with("detail", &hit));
            }
        }
    }
    Ok(())
}
