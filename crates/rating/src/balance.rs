//! What a number has left and what it costs so far, now; and why.

use crate::{
    engine,
    line::TraceStep,
    problems,
    rated::{self, lines_of_product, states, steps},
};
use http::{Access, Answer, Ctx, Reply, Route};
use kernel::{Cycle, Date, Money, Perm, Problem, Result};
use serde_json::{Value, json};
use store::Tx;
use usage::Service;

pub const BALANCE: Perm =
    Perm { name: "rating.balance", zh: "查询套餐余量与实时费用", en: "See allowances and charges so far" };

pub fn routes() -> Vec<Route> {
    let sees = Access::Needs(BALANCE);
    vec![
        Route::get("/api/v1/rating/balance", sees, balance)
            .doc("Allowances and charges of a number, now or in a cycle")
            .parameter("number", "the number; who holds it now")
            .parameter("productId", "or the product")
            .parameter("cycle", "2026-11 or the first day; this one where nothing is said"),
        Route::get("/api/v1/rating/trace", sees, trace)
            .doc("Why a line of usage is what it is: each record, what it took from which allowance, at which tier")
            .parameter("number", "the number")
            .parameter("productId", "or the product")
            .parameter("cycle", "2026-11 or the first day")
            .parameter("rule", "the line's rule; all where nothing is said"),
        Route::get("/api/v1/rating/lines", sees, lines)
            .doc("What usage adds to an account's bill in a cycle")
            .parameter("accountId", "the account")
            .parameter("cycle", "2026-11 or the first day"),
    ]
}

/// The service that is asked for, where the actor may see it.
pub(crate) fn service(tx: &mut Tx<'_>, number: Option<&str>, product: Option<&str>) -> Result<Service> {
    let none = || Problem::new(&problems::NO_SERVICE);
    let found = match (product, number) {
        (Some(product), _) => usage::service_of(tx, product)?,
        (None, Some(number)) => match usage::holdings(tx, number)?.last() {
            Some(holding) => usage::service(tx, holding.key)?,
            None => None,
        },
        (None, None) => return Err(Problem::missing("number")),
    };
    let found = found.ok_or_else(none)?;
    if tx.actor().sees(&found.org) { Ok(found) } else { Err(none()) }
}

/// `2026-11` or a first day; the cycle that today is in where nothing is said.
pub(crate) fn cycle(text: Option<&str>, today: Date, day: i8) -> Result<Cycle> {
    match text {
        None | Some("") => Ok(Cycle::containing(today, day)),
        Some(month) if month.len() == 7 => Ok(Cycle::containing(Date::parse(&format!("{month}-{day:02}"))?, day)),
        Some(date) => Ok(Cycle::containing(Date::parse(date)?, day)),
    }
}

async fn balance(ctx: Ctx) -> Answer {
    let (number, product, wanted) = (ctx.parameter("number"), ctx.parameter("productId"), ctx.parameter("cycle"));
    let body = ctx.read(move |tx| view(tx, number.as_deref(), product.as_deref(), wanted.as_deref())).await?;
    Ok(Reply::ok(&body))
}

fn view(tx: &mut Tx<'_>, number: Option<&str>, product: Option<&str>, wanted: Option<&str>) -> Result<Value> {
    let s = service(tx, number, product)?;
    let now = tx.now();
    let cycle = cycle(wanted, now.date(), s.cycle_day)?;
    let mut body = json!({
        "productId": s.product_id, "number": s.number, "accountId": s.account_id, "customerId": s.customer_id, "cycle": cycle.label(),
        "from": cycle.first(), "to": cycle.last(), "at": now, "open": s.to.is_none(), "closed": usage::is_closed(tx, cycle)?,
        "plans": [], "allowances": [], "lines": [], "totalFen": 0,
    });
    let Some(input) = rated::load(tx, &s.product_id, cycle)? else { return Ok(body) };
    let rated = engine::rate(&input, false)?;
    // Another holder's part of the cycle is not this one's to see.
    let mut lines = lines_of_product(&input, &rated);
    lines.retain(|l| l.service == s.key);
    let total = lines.iter().try_fold(Money::ZERO, |sum, l| sum.plus(l.amount))?;
    let end = cycle.next().first().start();
    let plans: Vec<Value> = input.members[0]
        .held
        .iter()
        .filter(|h| h.assignment.from < end && h.assignment.to.is_none_or(|to| to > cycle.first().start()))
        .map(|h| {
            json!({
                "id": h.plan.id, "version": h.plan.version, "name": h.plan.plan.name, "nameEn": h.plan.plan.name_en,
                "role": h.plan.plan.role, "offeringId": h.assignment.offering_id, "from": h.assignment.from, "to": h.assignment.to,
                "currency": h.plan.plan.currency,
            })
        })
        .collect();
    body["plans"] = json!(plans);
    body["allowances"] = json!(states(&input, &rated, now.min(end.plus_millis(-1))));
    body["lines"] = json!(lines);
    body["totalFen"] = json!(total);
    Ok(body)
}

/// Steps of a page, and how many there are.
const PAGE: i64 = 200;

async fn trace(ctx: Ctx) -> Answer {
    let paging = ctx.paging(100, PAGE)?;
    let (number, product, wanted) = (ctx.parameter("number"), ctx.parameter("productId"), ctx.parameter("cycle"));
    let (rule, whole) = (ctx.parameter("rule"), ctx.actor.may(usage::PEER));
    let (page, total) = ctx
        .read(move |tx| {
            let s = service(tx, number.as_deref(), product.as_deref())?;
            let cycle = cycle(wanted.as_deref(), tx.now().date(), s.cycle_day)?;
            let Some(input) = rated::load(tx, &s.product_id, cycle)? else { return Ok((Vec::new(), 0)) };
            let rated = engine::rate(&input, true)?;
            let mut all = steps(&input, &rated, rule.as_deref());
            all.retain(|step| step.record.as_ref().is_none_or(|r| r.service == s.key));
            let total = all.len();
            let skip = usize::try_from(paging.offset).unwrap_or(usize::MAX);
            let take = usize::try_from(paging.limit).unwrap_or(0);
            let mut page: Vec<TraceStep> = all.into_iter().skip(skip).take(take).collect();
            if !whole {
                for record in page.iter_mut().filter_map(|s| s.record.as_mut()) {
                    record.peer = masked(&record.peer);
                }
            }
            Ok((page, total))
        })
        .await?;
    Ok(Reply::ok(&page).total(total))
}

fn masked(peer: &str) -> String {
    match kernel::Phone::parse(peer) {
        Ok(phone) if peer.len() > 8 => phone.masked(),
        Ok(_) | Err(_) => peer.to_owned(),
    }
}

async fn lines(ctx: Ctx) -> Answer {
    let (account, wanted) =
        (ctx.parameter("accountId").ok_or_else(|| Problem::missing("accountId"))?, ctx.parameter("cycle"));
    let body = ctx
        .read(move |tx| {
            let services = usage::services_of_account(tx, &account)?;
            let Some(first) = services.iter().find(|s| tx.actor().sees(&s.org)) else {
                return Err(Problem::new(&problems::NO_SERVICE));
            };
            let cycle = cycle(wanted.as_deref(), tx.now().date(), first.cycle_day)?;
            let lines = rated::usage_lines(tx, &account, cycle)?;
            let total = lines.iter().try_fold(Money::ZERO, |sum, l| sum.plus(l.amount))?;
            Ok(json!({"accountId": account, "cycle": cycle.label(), "lines": lines, "totalFen": total}))
        })
        .await?;
    Ok(Reply::ok(&body))
}
