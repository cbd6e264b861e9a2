//! One offering as JSON for the pages.

use crate::{Discount, DiscountValue, EarlyTermination, Offering, PlannedProduct, RelationKind, offering};
use http::tmf::Document;
use kernel::{Lang, Result};
use serde_json::{Map, Value, json};
use store::Tx;

pub(super) fn row(tx: &mut Tx<'_>, id: &str, lang: Lang) -> Result<Value> {
    let offering = offering::offering(tx, id)?;
    let closed = offering.sellable(tx.now()).err();
    let allowances = &offering.allowances;
    let components: Vec<Value> = offering
        .components
        .iter()
        .map(|c| {
            json!({"offeringId": c.offering_id, "name": c.name, "family": c.family.as_str(), "quantity": c.quantity})
        })
        .collect();
    // The column of pages is a monthly fee: what is charged otherwise shows its text.
    let monthly = offering.main_price().filter(|p| p.months == 1).map(|p| p.amount.in_fen());
    Ok(json!({
        "id": offering.id,
        "name": offering.name,
        "family": offering.family.as_str(),
        "status": offering.status.as_str(),
        "priceFen": monthly,
        "priceText": offering.price_text,
        "allowances": {
            "dataMb": allowances.data_mb,
            "voiceMin": allowances.voice_min,
            "sms": allowances.sms,
            "broadbandMbps": allowances.broadband_mbps,
        },
        "audience": offering.audience,
        "contractMonths": offering.contract_months,
        "area": offering.area,
        "category": offering.category,
        "validFrom": offering.valid_from,
        "validTo": offering.valid_to,
        "isBundle": offering.is_bundle(),
        "version": offering.version,
        "components": components,
        "sellable": closed.is_none(),
        "whyNot": closed.map(|p| p.reason(lang)),
    }))
}

/// The published fields, inner objects unfolded beside the outer ones.
pub(super) fn published(doc: &Document) -> Value {
    let Some(Value::Object(row)) = doc.body.get("published") else { return json!({}) };
    let mut all = Map::new();
    for (name, value) in row {
        match value {
            Value::Object(inner) => {
                for (name, value) in inner.iter().filter(|(n, _)| !row.contains_key(*n)) {
                    all.insert(name.clone(), value.clone());
                }
            }
            other => drop(all.insert(name.clone(), other.clone())),
        }
    }
    Value::Object(all)
}

pub(super) fn prices(offering: &Offering) -> Value {
    let period = |months: i64| match months {
        0 => Value::Null,
        1 => json!("month"),
        12 => json!("year"),
        n => json!(format!("{n} months")),
    };
    let one = |p: &crate::Price| json!({"id": p.id, "name": p.name, "type": p.kind.as_str(), "amountFen": p.amount.in_fen(), "period": period(p.months)});
    offering.prices.iter().map(one).collect()
}

/// Everything that decides about a sale, for the page that sells and for the page that designs.
pub(super) fn rules(offering: &Offering) -> Value {
    let option = |o: &crate::BundleOption| {
        json!({
            "offeringId": o.offering_id, "name": o.name, "family": o.family.as_str(), "min": o.min, "max": o.max,
            "default": o.default, "group": o.group,
        })
    };
    let group = |g: &crate::BundleGroup| json!({"id": g.id, "name": g.name, "min": g.min, "max": g.max});
    let relation = |r: &crate::Relation| {
        let kind = match r.kind {
            RelationKind::Requires => "requires",
            RelationKind::Excludes => "excludes",
        };
        json!({"kind": kind, "offeringId": r.offering_id, "name": r.name, "alternative": r.alternative})
    };
    let e = &offering.eligibility;
    json!({
        "options": offering.options.iter().map(option).collect::<Vec<_>>(),
        "groups": offering.groups.iter().map(group).collect::<Vec<_>>(),
        "relations": offering.relations.iter().map(relation).collect::<Vec<_>>(),
        "eligibility": {
            "kinds": e.customer_kinds, "grades": e.grades, "channels": e.channels, "areas": e.areas, "minAge": e.min_age,
            "maxAge": e.max_age, "maxPerCustomer": e.max_per_customer,
            "needsFamily": e.needs_family.iter().map(|f| f.as_str()).collect::<Vec<_>>(),
            "hours": e.hours.map(|(from, to)| json!({"from": from, "to": to})),
        },
        "contract": offering.contract.map(|c| match c.early_termination {
            EarlyTermination::RemainingPercent(n) => json!({"months": c.months, "remainingPercent": n}),
            EarlyTermination::Fixed(m) => json!({"months": c.months, "fixedFen": m.in_fen()}),
        }),
        "trial": offering.trial.as_ref().map(|t| json!({"days": t.days, "convertsTo": t.converts_to})),
        "sharedAllowance": offering.shared_allowance,
        "discounts": offering.discounts.iter().map(discount).collect::<Vec<_>>(),
    })
}

pub(crate) fn discount(d: &Discount) -> Value {
    let (percent, amount) = match d.value {
        DiscountValue::Percent(n) => (Some(n), None),
        DiscountValue::Amount(m) => (None, Some(m.in_fen())),
    };
    json!({
        "id": d.id, "name": d.name, "percent": percent, "amountFen": amount, "months": d.months, "appliesTo": d.applies.as_str(),
        "requires": d.requires, "stackable": d.stackable, "validFrom": d.valid_from, "validTo": d.valid_to,
        "byHand": d.by_hand.map(|l| json!({"maxPercent": l.max_percent, "maxFen": l.max_fen})),
    })
}

pub(super) fn terms(offering: &Offering) -> Value {
    offering.terms.iter().map(|t| json!({"name": t.name, "description": t.description, "months": t.months})).collect()
}

pub(super) fn decomposition(plan: &[PlannedProduct]) -> Value {
    let product = |p: &PlannedProduct| {
        let cfs: Vec<Value> = p
            .cfs
            .iter()
            .map(|c| {
                let rfs: Vec<Value> = c
                    .rfs
                    .iter()
                    .map(|r| {
                        let task = |t: &crate::PlannedTask| {
                            json!({"name": t.name, "title": {"zh-CN": t.title_zh, "en": t.title_en}, "target": t.target, "after": t.after})
                        };
                        json!({"name": r.name, "tasks": r.tasks.iter().map(task).collect::<Vec<_>>()})
                    })
                    .collect();
                json!({"name": c.name, "rfs": rfs})
            })
            .collect();
        json!({"spec": p.name, "specId": p.spec_id, "family": p.family.as_str(), "needs": p.needs, "cfs": cfs})
    };
    plan.iter().map(product).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outer_field_wins_over_an_inner_one_of_the_same_name() {
        let body = json!({"published": {"id": "1", "details": {"id": "2", "notes": "n"}}});
        let Value::Object(body) = body else { return };
        let doc = Document {
            id: "x".into(),
            version: 1,
            org: kernel::OrgPath::root(),
            created_at: kernel::Timestamp::from_micros(0),
            body,
        };
        assert_eq!(published(&doc), json!({"id": "1", "notes": "n"}));
    }
}
