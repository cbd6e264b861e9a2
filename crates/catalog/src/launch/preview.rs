//! What a design comes to, for those who design and those who approve: its money beside that of its parts, the products it
//! makes, and what it was before.

use super::draft::{Draft, Part, PriceLine};
use crate::{BundleGroup, BundleOption, Family, Offering, offering::held};
use http::tmf;
use kernel::Result;
use serde_json::{Value, json};
use std::sync::Arc;
use store::Tx;

/// The design as an offering, as far as it goes.
pub(super) fn sketch(draft: &Draft) -> Result<Offering> {
    let family = Family::parse(&draft.family)?;
    let option = |p: &Part| BundleOption {
        offering_id: p.offering_id.clone(),
        name: p.name.clone(),
        family: Family::parse(&p.family).unwrap_or(Family::Option),
        min: p.min,
        max: p.max,
        default: p.proposed,
        group: p.group.clone(),
    };
    let group =
        |g: &super::draft::Group| BundleGroup { id: g.id.clone(), name: g.name.clone(), min: g.min, max: g.max };
    Ok(Offering {
        options: draft.parts.iter().map(option).collect(),
        groups: draft.groups.iter().map(group).collect(),
        ..Offering::blank("draft", &draft.name, family)
    })
}

pub(super) fn monthly(line: &PriceLine) -> i64 {
    if line.months > 1 { line.amount_fen / line.months } else { line.amount_fen }
}

/// What the proposed parts cost a month when each is bought by itself: its own price, or that of a single offering of its
/// line that gives as much.
pub(super) fn separately(tx: &mut Tx<'_>, draft: &Draft, parts: &[Option<Arc<Offering>>]) -> Result<i64> {
    let mut sum = 0_i64;
    for (part, offering) in draft.parts.iter().zip(parts) {
        let Some(offering) = offering.as_ref().filter(|_| part.proposed > 0) else { continue };
        let each = match per_month(offering) {
            Some(fen) => fen,
            None => comparable(tx, offering.family, draft)?,
        };
        sum = sum.saturating_add(each.saturating_mul(part.proposed.clamp(0, 20)));
    }
    Ok(sum)
}

fn per_month(offering: &Offering) -> Option<i64> {
    offering.main_price().filter(|p| p.months > 0).map(|p| p.amount.in_fen() / p.months)
}

store::sql! {
    SINGLES = "SELECT id FROM product_offering WHERE family = $1 AND sold_alone = 1 AND status IN ('Active', 'Launched') \
               AND price_fen > 0 ORDER BY price_fen, id LIMIT 300";
}

/// The cheapest single that includes what the design includes, otherwise the dearest there is.
fn comparable(tx: &mut Tx<'_>, family: Family, draft: &Draft) -> Result<i64> {
    let mut last = 0;
    for row in tx.query(&SINGLES, store::params![family.as_str()])? {
        let single = held(tx, row.str(0))?;
        let Some(fen) = per_month(&single) else { continue };
        last = fen;
        let gives = |own: Option<i64>, wanted: Option<i64>| own.unwrap_or(0) >= wanted.unwrap_or(0);
        let enough = match family {
            Family::Mobile => gives(single.allowances.data_mb, draft.allowances.data_mb),
            Family::Broadband => gives(single.allowances.broadband_mbps, draft.allowances.broadband_mbps),
            _ => true,
        };
        if enough {
            break;
        }
    }
    Ok(last)
}

/// What approving it would put on sale, for those who decide.
pub(super) fn preview(tx: &mut Tx<'_>, draft: &Draft) -> Result<Value> {
    let mut parts = Vec::new();
    for part in &draft.parts {
        parts.push(held(tx, &part.offering_id).ok());
    }
    let monthly: i64 = draft.prices.iter().filter(|p| p.kind == "recurring").map(monthly).sum();
    let one_time: i64 = draft.prices.iter().filter(|p| p.kind == "oneTime").map(|p| p.amount_fen).sum();
    let separate = if draft.is_bundle() { separately(tx, draft, &parts)? } else { 0 };
    let products: Vec<Value> = match sketch(draft) {
        Ok(offering) if draft.is_bundle() => crate::decompose::plan(tx, &offering, &[])
            .map(|plan| plan.iter().map(planned).collect())
            .unwrap_or_default(),
        _ => Vec::new(),
    };
    Ok(json!({
        "monthlyFen": monthly, "oneTimeFen": one_time, "separateFen": separate,
        "savingFen": (separate - monthly).max(0), "products": products,
    }))
}

fn planned(product: &crate::PlannedProduct) -> Value {
    let tasks: usize = product.cfs.iter().flat_map(|c| &c.rfs).map(|r| r.tasks.len()).sum();
    json!({"name": product.name, "family": product.family.as_str(), "needs": product.needs, "tasks": tasks})
}

/// Nobody approves a discount above what they may grant.
pub(super) fn within_authority(tx: &mut Tx<'_>, draft: &Draft) -> Result<()> {
    for line in &draft.discounts {
        let (percent, fen) = match &line.by_hand {
            Some(limit) => (limit.max_percent, limit.max_fen),
            None => (line.percent.unwrap_or(0), line.amount_fen.unwrap_or(0)),
        };
        crate::authority::within(tx, percent, fen)?;
    }
    Ok(())
}

/// The former shape of what is changed, for the one who approves.
pub(super) fn former(tx: &mut Tx<'_>, id: &str) -> Result<Option<Draft>> {
    match tmf::get(tx, &crate::PRODUCT_OFFERING, id)? {
        Some(doc) => super::draft::of(tx, &doc).map(Some),
        None => Ok(None),
    }
}
