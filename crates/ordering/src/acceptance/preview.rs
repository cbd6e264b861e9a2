//! What a business would do, before it is asked for: everything that keeps it from being done, what it costs, when it takes
//! effect and in which steps it is done.

use super::{Case, Change, Fact, Problems, checks, field, lock};
use crate::business::{Level, Spec};
use billing::CollaborationKind;
use inventory::products::Status;
use kernel::{Lang, Money, Problem, Result};
use serde_json::{Value, json};
use store::Tx;

/// Everything that keeps the business from being done; all of it. The change that would be made, where it can be told.
pub fn examine(tx: &mut Tx<'_>, case: &Case) -> Result<(Problems, Option<Change>)> {
    let spec = case.business.spec();
    let mut problems = Problems::default();
    problems.note(tx.allow(spec.perm))?;
    fits(case, spec, &mut problems)?;
    in_transit(tx, case, &mut problems)?;
    if problems.all().iter().any(|p| p.is(&crate::problems::STATE) || p.is(&crate::problems::FAMILY)) {
        return Ok((problems, None)); // whatever is filled in, it cannot be done
    }
    let fields = (spec.fields)(tx, &case.target)?;
    let before = problems.all().len();
    field::check(&fields, &case.ask.values, &mut problems);
    for check in spec.checks {
        checks::run(tx, case, *check, &mut problems)?;
    }
    if problems.all().len() > before && fields.iter().any(|f| f.required && !case.ask.values.contains_key(f.name)) {
        return Ok((problems, None)); // the rest speaks of what is not filled in yet
    }
    let checked = (spec.check)(tx, case, &mut problems);
    problems.note(checked)?;
    // A plan that cannot be made is a reason too, but one that the checks have mostly told already.
    let change = match (spec.plan)(tx, case) {
        Ok(mut change) => {
            fees(tx, case, &mut change)?;
            Some(change)
        }
        Err(problem) if problem.code.status >= 500 => return Err(problem),
        Err(problem) => {
            if problems.all().is_empty() {
                problems.push(problem);
            }
            None
        }
    };
    Ok((problems, change))
}

/// What the business itself costs (补卡费, 移机费 …), as billing keeps it: shown, and told to billing with the first fact.
fn fees(tx: &mut Tx<'_>, case: &Case, change: &mut Change) -> Result<()> {
    let fees = billing::business_fees(tx, case.business.name(), case.target.family())?;
    let mut told = Vec::new();
    for fee in fees.into_iter().filter(|f| f.amount > Money::ZERO) {
        told.push(json!({"name": fee.name_zh, "amountFen": fee.amount}));
        change.charge(fee.name_zh, fee.amount, "oneTime");
    }
    if told.is_empty() {
        return Ok(());
    }
    if change.facts.is_empty()
        && let Some(product) = &case.target.product
    {
        // Nothing else of it concerns billing: the fee is told with the payer, who stays the same.
        let payer = json!({"accountId": product.body.get("billingAccount").and_then(|a| a["id"].as_str())});
        change.facts.push(Fact::new(CollaborationKind::ChangePayer, &product.id).from(payer.clone()).to(payer));
    }
    if let Some(fact) = change.facts.first_mut() {
        fact.new["fees"] = json!(told);
    }
    Ok(())
}

/// Whether the business exists for this product in its present state.
pub fn fits(case: &Case, spec: &Spec, problems: &mut Problems) -> Result<()> {
    if spec.level == Level::Customer {
        return Ok(());
    }
    let product = case.product()?;
    if !spec.fits_family(product.text("family")) {
        problems.push(Problem::new(&crate::problems::FAMILY).with("family", product.text("family")));
    }
    let status = Status::parse(product.text("status"))?;
    if !spec.states.contains(&status) {
        let (zh, en) = state_titles(status);
        let problem = Problem::new(&crate::problems::STATE).with("state_zh", zh).with("state_en", en);
        problems.push(problem.with("zh", spec.zh).with("en", spec.en));
    }
    Ok(())
}

/// A product's state in the words of the trade.
pub const fn state_titles(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Created => ("尚未受理", "not ordered yet"),
        Status::PendingActive => ("正在开通", "being activated"),
        Status::Cancelled => ("已退单", "cancelled"),
        Status::Active => ("正在使用", "working"),
        Status::PendingTerminate => ("正在拆机", "being closed"),
        Status::Terminated => ("已拆机", "closed"),
        Status::Suspended => ("已停机", "suspended"),
        Status::Aborted => ("未开通", "never activated"),
    }
}

/// Another order changes the product, or the same business is booked for it already.
fn in_transit(tx: &mut Tx<'_>, case: &Case, problems: &mut Problems) -> Result<()> {
    let Some(product) = &case.target.product else { return Ok(()) };
    let own = |held: &lock::Holder| case.order_id.as_deref() == Some(held.order_id.as_str());
    let booked = lock::booked(case.business);
    for held in lock::holders(tx, &product.id)? {
        let disturbs = if held.kind == lock::EXCLUSIVE { !case.booked(tx.now()) } else { held.kind == booked };
        if disturbs && !own(&held) {
            problems.push(lock::taken(&held));
        }
    }
    Ok(())
}

pub fn to_json(
    tx: &mut Tx<'_>,
    case: &Case,
    problems: &Problems,
    change: Option<&Change>,
    lang: Lang,
) -> Result<Value> {
    let empty = Change::default();
    let shown = change.unwrap_or(&empty);
    let charges: Vec<Value> =
        shown.charges.iter().map(|c| json!({"name": c.name, "amountFen": c.amount, "type": c.kind})).collect();
    let steps = match change.filter(|_| problems.all().is_empty()) {
        Some(change) => super::steps::of(tx, case.business.spec(), change)?,
        None => Vec::new(),
    };
    let steps: Vec<Value> = steps.iter().map(|s| json!({"zh-CN": s.title_zh, "en": s.title_en})).collect();
    let locked = problems.all().iter().find_map(|p| p.extra.as_ref()?.get("lockedBy").cloned());
    // What the customer has to be told and agree to: sent back by its name among `confirmations`.
    let confirm = |p: &Problem| {
        Some(
            json!({"name": p.extra.as_ref()?.get("confirm")?, "title": {"zh-CN": p.reason(Lang::Zh), "en": p.reason(Lang::En)}}),
        )
    };
    let confirmations: Vec<Value> = problems.all().iter().filter_map(confirm).collect();
    Ok(json!({
        "problems": problems.to_json(lang), "confirmations": confirmations, "charges": charges, "dueNowFen": shown.due_now()?,
        "monthlyBeforeFen": shown.monthly_before, "monthlyAfterFen": shown.monthly_after,
        "earlyTerminationFen": shown.early_termination, "effectiveAt": case.at, "steps": steps,
        "lockedBy": locked.unwrap_or(Value::Null),
    }))
}
