//! The reports over HTTP, each with what its words mean.

use super::{rebuild, stream, view};
use crate::perms;
use http::{Access, Answer, Body, Ctx, Reply, Route};
use kernel::{Date, Problem, Result};
use serde_json::{Value, json};

pub fn routes() -> Vec<Route> {
    let read = Access::Needs(perms::FIGURES_READ);
    vec![
        Route::get("/api/v1/figures/revenue", read, revenue)
            .doc("Revenue by month, family and place, with ARPU, ARPA and collection rate")
            .parameter("org", "a place in one's scope, the whole scope by default")
            .parameter("from", "first month, such as 2026-01; a year back by default")
            .parameter("to", "last month"),
        Route::get("/api/v1/figures/arrears", read, arrears)
            .doc("What is unpaid, by age, month and place, and its daily course")
            .parameter("org", "a place in one's scope"),
        Route::get("/api/v1/figures/balances", read, balances)
            .doc("The course and structure of what customers have paid in advance")
            .parameter("org", "a place in one's scope")
            .parameter("unit", "day (default) or month")
            .parameter("from", "first day; 30 days or 12 months back by default")
            .parameter("to", "last day, today by default"),
        Route::get("/api/v1/figures/definitions", read, definitions).doc("What the figures mean"),
        Route::post("/api/v1/figures/rebuild", Access::Needs(perms::FIGURES_REBUILD), again)
            .doc("Compute the kept sums again from bills, ledger and subscriptions")
            .body(json!({})),
    ]
}

fn month(ctx: &Ctx, name: &str, default: Date) -> Result<Date> {
    let Some(text) = ctx.parameter(name) else { return Ok(default.first_of_month()) };
    if text.len() != 7 {
        return Err(Problem::invalid(name, "2026-01"));
    }
    Date::parse(&format!("{text}-01"))
}

async fn revenue(ctx: Ctx) -> Answer {
    let today = ctx.now().date();
    let to = month(&ctx, "to", today)?;
    let from = month(&ctx, "from", to.plus_months(-11))?;
    let org = ctx.parameter("org");
    let shown = ctx.read(move |tx| {
        let place = view::place(tx, org.as_deref())?;
        view::revenue(tx, &place, from, to)
    });
    Ok(Reply::ok(&shown.await?))
}

async fn arrears(ctx: Ctx) -> Answer {
    let org = ctx.parameter("org");
    let shown = ctx.read(move |tx| {
        let place = view::place(tx, org.as_deref())?;
        view::arrears(tx, &place)
    });
    Ok(Reply::ok(&shown.await?))
}

async fn balances(ctx: Ctx) -> Answer {
    let by_month = match ctx.parameter("unit").as_deref() {
        None | Some("day") => false,
        Some("month") => true,
        Some(_) => return Err(Problem::invalid("unit", "day, month").into()),
    };
    let today = ctx.now().date();
    let day = |name: &str, default: Date| ctx.parameter(name).map_or(Ok(default), |text| Date::parse(&text));
    let to = day("to", today)?;
    let back = if by_month { to.first_of_month().plus_months(-11) } else { to.plus_days(-29) };
    let from = day("from", back)?;
    let org = ctx.parameter("org");
    let shown = ctx.read(move |tx| {
        let place = view::place(tx, org.as_deref())?;
        view::balances(tx, &place, from, to, by_month)
    });
    Ok(Reply::ok(&shown.await?))
}

/// Name, meaning in Chinese and English.
const DEFINITIONS: [(&str, &str, &str); 12] = [
    (
        "billed",
        "出账收入：按账期出账的账单金额合计，已扣优惠，含税，不含违约金",
        "Billed revenue: sum of the bills of the month, discounts deducted, tax included, late fees not",
    ),
    ("credited", "冲减：当月对已出账单的调减", "Credited: reductions of bills, in the month they were booked"),
    ("net", "净收入 = 出账收入 − 冲减", "Net revenue = billed − credited"),
    (
        "users",
        "用户：计费中的移动、宽带、电视、固话、云话机、数据、专线、智能家居；套餐、附加产品和终端不计",
        "Users: charged lines of mobile, broadband, television, fixed voice, VoIP, data, leased line, smart home; bundles, options and devices are not",
    ),
    (
        "arpu",
        "ARPU = 净收入 ÷ 平均用户数；平均用户数 =（月初用户数 + 月末用户数）÷ 2，当月以今天为月末",
        "ARPU = net revenue ÷ average users; average = (users at the beginning + at the end) ÷ 2, the running month ends today",
    ),
    (
        "arpa",
        "ARPA = 净收入 ÷ 平均账户数；账户：至少有一个计费产品的账户",
        "ARPA = net revenue ÷ average accounts; an account has at least one charged product",
    ),
    (
        "collected",
        "实收：当月收到的款项，已扣冲正和退款，含预存",
        "Collected: money that came in during the month, reversals and refunds deducted, deposits included",
    ),
    ("outstanding", "欠费：该账期账单至今未付的金额", "Outstanding: what of the month's bills is unpaid today"),
    ("collectionRate", "回收率 = 1 − 欠费 ÷ 出账收入", "Collection rate = 1 − outstanding ÷ billed"),
    ("age", "账龄：自缴费期限次日起算的天数", "Age: days from the day after the due date"),
    ("debtors", "欠费账户：有逾期账单的账户数", "Debtors: accounts with an overdue bill"),
    (
        "balance",
        "预存余额：客户已预付、尚未抵扣的款项，含专款、赠款和划拨",
        "Balance: paid in advance and not used yet, with special, gift and allocated books",
    ),
];

async fn definitions(_: Ctx) -> Answer {
    let all: Value = DEFINITIONS.iter().map(|(name, zh, en)| json!({"name": name, "zh": zh, "en": en})).collect();
    Ok(Reply::ok(&all))
}

async fn again(ctx: Ctx, body: Body<Value>) -> Answer {
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let proof = stream::proof(tx)?;
        rebuild(tx)?;
        let org = tx.actor().org.clone();
        tx.audit("figures.rebuilt", "figures", "all", &org, &json!({}))?;
        tx.poke();
        let before = proof.map(|(kept, real)| json!({"keptFen": kept, "billsFen": real}));
        Ok(Reply::json(202, &json!({"before": before})))
    });
    let reply = reply.await?;
    super::refresh(ctx.app.clone()).await?;
    Ok(reply)
}
