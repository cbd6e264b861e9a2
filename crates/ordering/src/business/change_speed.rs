//! 改速率: a line becomes faster or slower, by an offering of the same product line with another rate.
//!
//! Checks: those of 换套餐, and that the rate does change.

use super::{Business, Spec, change_plan};
use crate::{
    acceptance::{Check, Effective, Field, FieldKind},
    problems,
};
use inventory::products::characteristic;
use kernel::Problem;
use serde_json::{Value, json};

pub static SPEC: Spec = Spec {
    families: &["broadband", "data", "leasedLine"],
    effective: &[Effective::Immediate, Effective::NextDay, Effective::NextMonth, Effective::NextCycle, Effective::Date],
    checks: &[Check::Arrears, Check::Contract, Check::NotInBundle],
    fields: |_, target| {
        let now = RATES.iter().find_map(|name| target.characteristic(name)).map_or(Value::Null, |r| json!(format!("{r} Mbps")));
        let field = Field::new("offering", FieldKind::Offering, "新速率套餐", "Plan with the new rate").current(now);
        Ok(vec![field.filter(json!({"family": target.family()}))])
    },
    check: |tx, case, problems| {
        change_plan::check(tx, case, problems)?;
        let Some(offering) = problems.note(change_plan::wanted(tx, case))? else { return Ok(()) };
        let planned = catalog::structure(tx, &offering, &[])?;
        let (product, mut differs) = (case.product()?, false);
        for (name, value) in planned.iter().flat_map(|p| &p.characteristics).filter(|(n, _)| RATES.contains(&n.as_str())) {
            differs |= characteristic(&product.body, name).as_deref() != Some(value);
        }
        if !differs {
            problems.push(Problem::new(&problems::SAME_SPEED).with("name", &offering.name).field("offering"));
        }
        Ok(())
    },
    ..Spec::new(Business::ChangeSpeed, "改速率", "Change speed", |tx, case| change_plan::plan(tx, case, "speed"))
};

const RATES: &[&str] = &["downMbps", "bandwidthMbps", "upMbps"];
