//! One offering as JSON for the pages.

use crate::{Offering, PlannedProduct, offering};
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
        .map(|c| json!({"offeringId": c.offering_id, "name": c.name, "family": c.family.as_str()}))
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
        "isBundle": !components.is_empty(),
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
