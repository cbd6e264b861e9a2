//! 退订附属产品: an option of a line ends; the line goes on.
//!
//! Checks: the option is one of this line and works; nobody else changes it. A contract of the option is left only knowingly.

use super::{Business, Spec, add_option};
use crate::{
    acceptance::{Call, Case, Change, Effect, Effective, Fact, Field, FieldKind, Target, lock},
    problems,
};
use billing::CollaborationKind;
use http::tmf::Document;
use inventory::products::{self, Status};
use kernel::{Problem, Result};
use serde_json::json;
use store::Tx;

pub static SPEC: Spec = Spec {
    families: &["mobile", "broadband", "iptv", "fixedVoice", "voip", "data", "leasedLine", "smartHome"],
    states: &[Status::Active, Status::Suspended],
    effective: &[Effective::Immediate, Effective::NextDay, Effective::NextMonth, Effective::NextCycle, Effective::Date],
    fields,
    check: |tx, case, problems| {
        let Some(option) = problems.note(option(tx, case))? else { return Ok(()) };
        if let Some(held) = lock::holder(tx, &option.id, lock::EXCLUSIVE)?
            && case.order_id.as_deref() != Some(held.order_id.as_str())
        {
            problems.push(lock::taken(&held));
        }
        let early = billing::early_termination(tx, &option.id, case.at.date())?;
        if early > kernel::Money::ZERO && !case.confirmed("earlyTermination") {
            let problem = Problem::new(&problems::UNCONFIRMED).with("amount", &early.to_string());
            problems.push(problem.extra("confirm", json!("earlyTermination")));
        }
        Ok(())
    },
    ..Spec::new(Business::RemoveOption, "退订附属产品", "Remove option", plan)
};

fn fields(tx: &mut Tx<'_>, target: &Target) -> Result<Vec<Field>> {
    let Some(line) = &target.product else { return Ok(Vec::new()) };
    let held = products::of_customer(tx, &target.customer.id)?;
    let hanging = held.iter().filter(|p| p.text("status") == "active" && super::relies_on(p, &line.id));
    let field = Field::new("option", FieldKind::Choice, "附属产品", "Option");
    Ok(vec![hanging.fold(field, |f, p| f.choice(&p.id, p.text("name"), p.text("name")))])
}

fn option(tx: &mut Tx<'_>, case: &Case) -> Result<Document> {
    let id = case.given("option").ok_or_else(|| Problem::missing("option"))?;
    let found = add_option::options_of(tx, case)?.into_iter().find(|p| p.id == id && p.text("status") == "active");
    found.ok_or_else(|| Problem::unknown_reference("option", id))
}

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let option = option(tx, case)?;
    let mut change = Change::of(format!("{} − {}", case.product()?.text("name"), option.text("name")));
    change.locks.push(option.id.clone());
    change.network.push(Call::new(&option.id, "deactivate"));
    change.effects.push(Effect::status(&option.id, Status::PendingTerminate));
    change.at_last.push(Effect::End { product: option.id.clone() });
    change.monthly_before = super::tariff::monthly(tx, case, &option)?;
    change.early_termination = billing::early_termination(tx, &option.id, case.at.date())?;
    change.facts.push(Fact::new(CollaborationKind::Stop, &option.id).to(json!({"earlyTerminationFen": change.early_termination})));
    Ok(change)
}
