//! The board, the cases, the policies, the decisions.

mod policies;

use crate::{
    APPROVE, CREDIT, HANDLE, POLICY, READ, SWEEP, act, board, case, credit, decide, follow, hold, law, policy, sweep,
    task, write_off,
};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Date, Money, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;

/// The job that carries a sweep to its end.
pub const JOB: &str = "dunning.sweep";

pub fn routes() -> Vec<Route> {
    let mut all = reading();
    all.extend(acting());
    all
}

fn reading() -> Vec<Route> {
    vec![
        Route::get("/api/v1/dunning/board", Access::Needs(READ), overview)
            .doc("How many open cases stand at each step, what they come to, by age, and what is late"),
        Route::get("/api/v1/dunning/cases", Access::Needs(READ), list)
            .doc("Cases, the largest debts first")
            .parameter("state", "open (default), closed, or all")
            .parameter("step", "none, remind, barOutgoing, barAll, preCancel, terminate, writeOff")
            .parameter("customerId", "of this customer")
            .parameter("held", "true: only those on hold")
            .parameter("restoring", "true: only those whose service is being restored")
            .parameter("minFen", "debts of at least so much")
            .parameter("limit", "at most 200"),
        Route::get("/api/v1/dunning/cases/{id}", Access::Needs(READ), one)
            .doc("A case with its policy, history, decisions and credit"),
        Route::get("/api/v1/dunning/policies", Access::Needs(READ), policies)
            .doc("The policies, those tried first in front"),
        Route::get("/api/v1/dunning/law", Access::Needs(READ), laws).doc("What the law allows, with its source"),
        Route::get("/api/v1/dunning/tasks", Access::Needs(READ), tasks)
            .doc("What people have to decide, due first in front")
            .parameter("state", "live (default), open, proposed, approved, refused, void, or all")
            .parameter("mine", "true: only of one's own customers"),
        Route::get("/api/v1/dunning/sweeps", Access::Needs(READ), sweeps).doc("The last passes over all accounts"),
        Route::get("/api/v1/dunning/write-offs", Access::Needs(READ), write_offs).doc("Debts given up, newest first"),
        Route::get("/api/v1/dunning/write-offs/{id}", Access::Needs(READ), one_write_off).doc("A debt given up"),
        Route::get("/api/v1/dunning/credit/{accountId}", Access::Needs(READ), credit_of)
            .doc("An account's credit and its changes"),
        Route::get("/api/v1/customers/{id}/dunning", Access::Needs(READ), of_customer)
            .doc("A customer's cases, newest first"),
    ]
}

fn acting() -> Vec<Route> {
    vec![
        Route::post("/api/v1/dunning/cases/{id}/hold", Access::Needs(HANDLE), hold_it)
            .doc("Hold a case back: a promise to pay, an exemption, a dispute")
            .body(json!({"kind": "promise", "until": "2026-12-01", "lifts": false, "reason": "客户承诺月底缴清"})),
        Route::post("/api/v1/dunning/cases/{id}/release", Access::Needs(HANDLE), release)
            .doc("Lift a hold before its day")
            .body(json!({"reason": "承诺未履行"})),
        Route::post("/api/v1/dunning/cases/{id}/reassess", Access::Needs(HANDLE), reassess)
            .doc("Look at a case now instead of with the next sweep"),
        Route::post("/api/v1/dunning/policies", Access::Needs(POLICY), policies::add_policy)
            .doc("Add a policy; below the law it is refused")
            .body(example()),
        Route::put("/api/v1/dunning/policies/{id}", Access::Needs(POLICY), policies::change_policy)
            .doc("Change a policy: a new version, running cases keep theirs")
            .body(example()),
        Route::delete("/api/v1/dunning/policies/{id}", Access::Needs(POLICY), policies::drop_policy)
            .doc("Take a policy out of use"),
        Route::post("/api/v1/dunning/policies/check", Access::Needs(READ), policies::check_policy)
            .doc("Whether a policy could be saved, without saving it")
            .body(example()),
        Route::post("/api/v1/dunning/tasks/{id}/propose", Access::Needs(HANDLE), propose)
            .doc("The account manager's proposal: go on, or wait until a day")
            .body(json!({"proposal": "defer", "until": "2026-12-15", "reason": "已与客户财务约定付款日"})),
        Route::post("/api/v1/dunning/tasks/{id}/decide", Access::Needs(APPROVE), decide_task)
            .doc("Another person's decision on a proposal")
            .body(json!({"approve": true, "reason": ""})),
        Route::post("/api/v1/dunning/sweeps", Access::Needs(SWEEP), run_sweep).doc("Run a pass over all accounts now"),
        Route::post("/api/v1/dunning/write-offs/{id}/reinstate", Access::Needs(APPROVE), reinstate)
            .doc("Take a debt up again that was given up")
            .body(json!({"reason": "客户愿意缴清"})),
        Route::put("/api/v1/dunning/credit/{accountId}", Access::Needs(CREDIT), set_credit)
            .doc("Set an account's credit: long-term, temporary, or no control")
            .body(json!({"kind": "controlled", "limitFen": 10000, "temporaryFen": 5000, "temporaryUntil": "2026-11-29", "reason": "客户申请"})),
    ]
}

fn example() -> Value {
    json!({"name": "公众客户", "nameEn": "The public", "org": "/cn/44", "priority": 100, "policy": {
        "match": {"kinds": ["individual"], "grades": [], "families": []}, "minFen": 500, "keyAccount": false,
        "steps": [{"kind": "remind", "days": 5, "channels": ["sms"]}, {"kind": "barOutgoing", "days": 26, "channels": ["sms"]}]}})
}

fn flag(ctx: &Ctx, name: &str) -> bool {
    ctx.parameter(name).as_deref() == Some("true")
}

async fn overview(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(board::board).await?))
}

async fn list(ctx: Ctx) -> Answer {
    let text = |name: &str| ctx.parameter(name).unwrap_or_default();
    let paging = ctx.paging(50, 200)?;
    let state = match text("state").as_str() {
        "all" => String::new(),
        "" => "open".to_owned(),
        other => other.to_owned(),
    };
    let wanted = board::Wanted {
        state,
        step: text("step"),
        customer: text("customerId"),
        policy: text("policyId"),
        held: flag(&ctx, "held"),
        restoring: flag(&ctx, "restoring"),
        min_fen: text("minFen").parse().unwrap_or(0),
        offset: paging.offset,
        limit: paging.limit,
    };
    let (rows, total) = ctx.read(move |tx| board::cases(tx, &wanted)).await?;
    Ok(Reply::ok(&rows).total(total))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| board::whole(tx, &id)).await?))
}

async fn policies(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(policy::all).await?))
}

async fn laws(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(law::all).await?))
}

async fn tasks(ctx: Ctx) -> Answer {
    let (state, mine) = (ctx.parameter("state").unwrap_or_else(|| "live".to_owned()), flag(&ctx, "mine"));
    let state = if state == "all" { String::new() } else { state };
    let limit = ctx.paging(100, 500)?.limit;
    let shown = ctx.read(move |tx| {
        let found = task::list(tx, &state, mine, limit)?;
        found.iter().map(|t| with_names(tx, t)).collect::<Result<Vec<Value>>>()
    });
    Ok(Reply::ok(&shown.await?))
}

fn with_names(tx: &mut Tx<'_>, one: &task::Task) -> Result<Value> {
    let mut value = serde_json::to_value(one).unwrap_or(Value::Null);
    let customer = customer::summary(tx, &one.customer_id).ok();
    value["customerName"] = json!(customer.as_ref().map(|c| c.name.as_str()));
    value["grade"] = json!(customer.as_ref().map(|c| c.grade.as_str()));
    value["overdueFen"] = json!(case::one(tx, &one.case_id).ok().map(|c| c.overdue));
    value["mayDecide"] = json!(one.proposed_by != *tx.actor().id);
    Ok(value)
}

async fn sweeps(ctx: Ctx) -> Answer {
    let limit = ctx.paging(20, 100)?.limit;
    Ok(Reply::ok(&ctx.read(move |tx| sweep::list(tx, limit)).await?))
}

async fn one_write_off(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| write_off::one(tx, &id)).await?))
}

async fn write_offs(ctx: Ctx) -> Answer {
    let limit = ctx.paging(50, 200)?.limit;
    let shown = ctx.read(move |tx| {
        let found = write_off::list(tx, limit)?;
        let mut all = Vec::new();
        for one in found {
            let mut value = serde_json::to_value(&one).unwrap_or(Value::Null);
            let customer = customer::summary(tx, &one.customer_id).ok();
            value["customerName"] = json!(customer.map(|c| c.name));
            all.push(value);
        }
        Ok(all)
    });
    Ok(Reply::ok(&shown.await?))
}

async fn credit_of(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let shown = ctx.read(move |tx| {
        billing::account(tx, &id)?;
        Ok(json!({"credit": credit::of(tx, &id)?, "changes": credit::changes(tx, &id)?}))
    });
    Ok(Reply::ok(&shown.await?))
}

async fn of_customer(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let shown = ctx.read(move |tx| {
        customer::summary(tx, &id)?;
        let found = case::of_customer(tx, &id)?;
        let book = law::Book::open(tx)?;
        found.iter().map(|c| board::shown(tx, c, &book)).collect::<Result<Vec<Value>>>()
    });
    Ok(Reply::ok(&shown.await?))
}

#[derive(Deserialize)]
struct HoldAsk {
    kind: String,
    until: Date,
    #[serde(default)]
    lifts: bool,
    #[serde(default)]
    reason: String,
}

async fn hold_it(ctx: Ctx, Path(id): Path<String>, body: Body<HoldAsk>) -> Answer {
    let ask = body.value;
    let case = ctx.write(move |tx| hold::hold(tx, &id, &ask.kind, ask.until, ask.lifts, &ask.reason)).await?;
    Ok(Reply::ok(&case))
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn release(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    Ok(Reply::ok(&ctx.write(move |tx| hold::release(tx, &id, &reason)).await?))
}

async fn reassess(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let done = ctx.write(move |tx| {
        let mut case = case::lock(tx, &id)?;
        follow::again(tx, &mut case)?;
        case::one(tx, &id)
    });
    Ok(Reply::ok(&done.await?))
}

#[derive(Deserialize)]
struct Proposal {
    proposal: String,
    until: Option<Date>,
    #[serde(default)]
    reason: String,
}

async fn propose(ctx: Ctx, Path(id): Path<String>, body: Body<Proposal>) -> Answer {
    let ask = body.value;
    let proceed = match ask.proposal.as_str() {
        "proceed" => true,
        "defer" => false,
        _ => return Err(kernel::Problem::invalid("proposal", "proceed | defer").into()),
    };
    Ok(Reply::ok(&ctx.write(move |tx| task::propose(tx, &id, proceed, ask.until, &ask.reason)).await?))
}

#[derive(Deserialize)]
struct Decision {
    approve: bool,
    #[serde(default)]
    reason: String,
}

async fn decide_task(ctx: Ctx, Path(id): Path<String>, body: Body<Decision>) -> Answer {
    let ask = body.value;
    let done = ctx.write(move |tx| {
        let (task, mut case) = task::decide(tx, &id, ask.approve, &ask.reason)?;
        if ask.approve {
            carry_out(tx, &task, &mut case)?;
        }
        Ok(task)
    });
    Ok(Reply::ok(&done.await?))
}

/// Does what two people have decided; the law is asked again on this day.
fn carry_out(tx: &mut Tx<'_>, decided: &task::Task, case: &mut case::Case) -> Result<()> {
    let mut told = Vec::new();
    let rules = follow::law_at(tx, &case.org)?;
    if decided.proposal == "defer" {
        let until = decided.defer_until.as_deref().map(Date::parse).transpose()?;
        "other".clone_into(&mut case.hold);
        case.hold_until = until;
        case.hold_reason.clone_from(&decided.reason);
        case.note(tx, "held", &decided.reason)?;
        case.save(tx)?;
        return case.publish(tx, "AttributeValueChange");
    }
    let today = tx.now().date();
    let found = billing::overdue_of(tx, &case.account_id, today)?;
    let allowed = credit::of(tx, &case.account_id)?.allowed(today);
    let debt = found.map(|d| decide::Debt { amount: d.amount, oldest_due: d.oldest_due, allowed });
    let rule = policy::version(tx, &case.policy_id, case.policy_version)?;
    let index = usize::try_from(decided.step_no).unwrap_or(usize::MAX);
    // Paid meanwhile, held, or not yet allowed: the decision has nothing to act on any more.
    match (decide::decide(case, &rule, &rules, debt.as_ref(), today), rule.steps.get(index)) {
        (decide::Move::Ask(due), Some(step)) if due == index => {
            act::take(tx, case, &rule, &rules, step, debt.as_ref(), &mut told)?;
            if step.kind == policy::StepKind::WriteOff {
                write_off::write(tx, case, &decided.reason, &decided.proposed_name)?;
                act::close(tx, case, &rules, "writtenOff", &mut told)?;
            }
        }
        _ => follow::again(tx, case)?,
    }
    messaging::store_all(tx, &told).map(drop)
}

async fn run_sweep(ctx: Ctx) -> Answer {
    let started = ctx.write(|tx| {
        let id = sweep::start(tx)?;
        let now = tx.now();
        flow::jobs::enqueue(tx, JOB, json!({"sweep": id}), now)?;
        Ok(id)
    });
    Ok(Reply::json(202, &json!({"id": started.await?})))
}

async fn reinstate(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    Ok(Reply::ok(&ctx.write(move |tx| write_off::reinstate(tx, &id, &reason)).await?))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CreditAsk {
    kind: String,
    #[serde(default)]
    limit_fen: i64,
    #[serde(default)]
    temporary_fen: i64,
    temporary_until: Option<Date>,
    #[serde(default)]
    reason: String,
}

async fn set_credit(ctx: Ctx, Path(id): Path<String>, body: Body<CreditAsk>) -> Answer {
    let ask = body.value;
    let saved = ctx.write(move |tx| {
        let account = billing::account(tx, &id)?;
        let wanted = credit::Credit {
            account_id: id.clone(),
            kind: ask.kind.clone(),
            limit: Money::fen(ask.limit_fen),
            temporary: Money::fen(ask.temporary_fen),
            temporary_until: ask.temporary_until,
            reason: ask.reason.clone(),
            updated_by: String::new(),
        };
        let saved = credit::set(tx, &account, &wanted)?;
        follow::reassess(tx, &account.customer_id)?;
        Ok(saved)
    });
    Ok(Reply::ok(&saved.await?))
}
