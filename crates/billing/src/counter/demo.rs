//! What a demonstration has at its counter besides plain payments, made through the counter's own operations: campaigns, a
//! cashier's deposits, cheques and requests, and adjustments within and beyond what one person may decide.

use super::deposit;
use crate::{
    account, adjustment, books,
    payment::{self, Back, Checkout, Method, campaign, clearing, request},
};
use kernel::{Money, Problem, Result};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};
use store::Tx;

fn read<T: DeserializeOwned>(value: Value) -> Result<T> {
    serde_json::from_value(value).map_err(Problem::internal)
}

/// Two campaigns in force and a draft, where the actor works; returns the first.
pub fn campaigns(tx: &mut Tx<'_>) -> Result<String> {
    let end = tx.now().date().plus_months(3).to_string();
    let source = "市场部 2026-31 号通知";
    let asks = [
        json!({"name": "预存 100 元送 20 元", "nameEn": "Pay 100 yuan ahead, get 20", "minFen": 10_000, "giftFen": 2_000,
               "giftMonths": 12, "validTo": end, "source": source}),
        json!({"name": "预存 500 元送 150 元", "nameEn": "Pay 500 yuan ahead, get 150", "minFen": 50_000, "giftFen": 15_000,
               "giftMonths": 12, "source": source}),
        json!({"name": "春节预存 200 元送 60 元", "nameEn": "Spring Festival: pay 200 yuan ahead, get 60", "minFen": 20_000,
               "giftFen": 6_000, "giftMonths": 6, "draft": true, "source": "待市场部确认"}),
    ];
    let mut made = Vec::new();
    for ask in asks {
        made.push(campaign::create(tx, &read(ask)?)?.id);
    }
    Ok(made.swap_remove(0))
}

/// Customers that [`desk`] wants.
pub const CUSTOMERS: usize = 4;

/// A cashier's business of the day: a payment with a gift, three security deposits, four cheques of which one bounced, a refund, and
/// a reversal that somebody has to allow. Every customer has an account; without four of them nothing happens.
pub fn desk(tx: &mut Tx<'_>, campaign: &str, customers: &[String]) -> Result<()> {
    let [one, two, three, four, ..] = customers else { return Ok(()) };
    let paid = checkout(tx, one, 10_000, "card", "", Some(campaign))?;
    let mut deposits = Vec::new();
    for (customer, fen, method, purpose) in [
        (two, 50_000, "card", "国际漫游保证金"),
        (three, 20_000, "cash", "光猫及机顶盒押金"),
        (four, 100_000, "transfer", "集团专线保证金"),
    ] {
        let ask = json!({"customerId": customer, "amountFen": fen, "method": method, "purpose": purpose});
        let held = deposit::take(tx, &read(ask)?)?;
        deposits.push(held["id"].as_str().unwrap_or_default().to_owned());
    }
    deposit::give_back(tx, &deposits[1], "cash")?;
    let mut cheques = Vec::new();
    for (customer, fen, number) in [
        (four, 86_000, "CQ20260117"),
        (three, 24_000, "CQ88301542"),
        (two, 12_900, "CQ88301560"),
        (one, 35_000, "CQ40027715"),
    ] {
        cheques.push(checkout(tx, customer, fen, "cheque", number, None)?);
    }
    clearing::bounce(tx, &cheques[1], "出票人账户余额不足")?;
    clearing::clear(tx, &cheques[3])?;
    let back = Back {
        account_id: account::account_of(tx, one)?.id,
        book: books::GENERAL.to_owned(),
        amount: Money::fen(2_000),
        method: Method::Card,
        reason: "客户要求退回部分预存".to_owned(),
        approved: false,
        extra: Map::new(),
    };
    payment::pay_back(tx, &back)?;
    let ask = json!({"kind": "reversal", "paymentId": paid, "reason": "客户报错号码，应缴另一账户"});
    request::submit(tx, &read(ask)?).map(drop)
}

/// Takes one payment; returns its id.
fn checkout(
    tx: &mut Tx<'_>,
    customer: &str,
    fen: i64,
    method: &str,
    reference: &str,
    campaign: Option<&str>,
) -> Result<String> {
    let ask: Checkout = read(json!({
        "items": [{"customerId": customer, "amountFen": fen, "campaignId": campaign}],
        "tenders": [{"method": method, "amountFen": fen, "reference": reference}],
    }))?;
    let made = payment::check_out(tx, &ask)?;
    made.payments.last().map(|p| p.id.clone()).ok_or_else(|| Problem::internal("a checkout without a payment"))
}

/// Asks for adjustments on these accounts, a part of them more than the actor may decide alone.
pub fn adjustments(tx: &mut Tx<'_>, accounts: &[String], large: bool) -> Result<()> {
    let all: [(i64, &str, &str, &str); 3] = if large {
        [
            (-26_800, "billingError", "误开通的增值业务已扣费三个月，申请全额退还", "now"),
            (15_000, "damage", "光猫进水损坏，按合同赔偿", "now"),
            (-9_900, "complaint", "投诉工单处理结果：减免一个月宽带费", "nextBill"),
        ]
    } else {
        [
            (-2_000, "outage", "11 月上网服务中断 18 小时，按标准补偿", "now"),
            (1_500, "missedCharge", "补收来电显示功能费", "nextBill"),
            (-3_000, "goodwill", "在网十年客户关怀", "nextBill"),
        ]
    };
    for (account, (fen, reason, note, timing)) in accounts.iter().zip(all) {
        let ask = adjustment::Ask {
            account_id: Some(account.clone()),
            bill_id: None,
            product_id: None,
            amount: Money::fen(fen),
            reason: reason.to_owned(),
            note: note.to_owned(),
            timing: Some(timing.to_owned()),
        };
        adjustment::request(tx, &ask)?;
    }
    Ok(())
}
