//! May a number leave? Every reason against it at once, none invented: the texts and their sources are rows of
//! `portability_reason`. And what leaving costs its user: shown before a code is given, and confirmed.

use crate::{
    code, holder, port_in, port_out,
    setting::{self, Reason, Reasons},
};
use customer::Summary;
use http::tmf::Document;
use inventory::products;
use kernel::{Money, Result};
use serde::Serialize;
use serde_json::{Value, json};
use store::Tx;

/// Who says they are the holder.
#[derive(Clone, Debug)]
pub struct Claim {
    pub name: String,
    pub certificate: String,
}

/// Something the user loses or has to pay by leaving.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Risk {
    pub code: String,
    pub zh: String,
    pub en: String,
}

/// How a number stands.
#[derive(Clone, Debug)]
pub struct Standing {
    pub number: String,
    pub product: Option<Document>,
    pub customer: Option<Summary>,
    pub reasons: Vec<Reason>,
    pub risks: Vec<Risk>,
}

/// Looks a number up; with a claim also whether the claimant is its holder. Sees what the actor sees.
pub fn check(tx: &mut Tx<'_>, number: &str, claim: Option<&Claim>) -> Result<Standing> {
    let texts = Reasons::load(tx)?;
    let mut standing =
        Standing { number: number.to_owned(), product: None, customer: None, reasons: vec![], risks: vec![] };
    let Some(product) = products::by_number(tx, number)? else {
        standing.reasons.push(texts.fill("port.not_ours", &[("number", number, number)]));
        return Ok(standing);
    };
    let customer = holder::of_product(tx, &product)?;
    let mut add = |code: &str, values: &[(&str, &str, &str)]| standing.reasons.push(texts.fill(code, values));
    let family = product.text("family");
    if family != "mobile" {
        add("port.not_mobile", &[("family", family, family)]);
    }
    if customer.certificate.is_empty() {
        add("port.not_real_name", &[]);
    }
    if let Some(claim) = claim {
        let same = |a: &str, b: &str| party::Certificate::look_up_text(a) == party::Certificate::look_up_text(b);
        let holder = claim.name.trim() == customer.name && same(&claim.certificate, &customer.certificate);
        if !holder && !customer.certificate.is_empty() {
            add("port.not_holder", &[]);
        }
    }
    if customer.kind == "organization" {
        add("port.corporate", &[]);
    }
    let status = product.text("status");
    if status != "active" {
        let zh = match status {
            "suspended" => "停机",
            "pendingActive" | "created" => "开通中",
            "pendingTerminate" => "拆机中",
            other => other,
        };
        add("port.not_active", &[("state", zh, status)]);
    }
    // Of this line alone: what its holder owes elsewhere is no reason.
    let owed = billing::arrears_of_product(tx, &product.id)?.total;
    if owed > Money::ZERO {
        let text = owed.to_string();
        add("port.arrears", &[("amount", &text, &text)]);
    }
    if let Some(contract) = billing::contract_of(tx, &product.id)? {
        let until = contract.end.to_string();
        add("port.contract", &[("contract", &contract.name, &contract.name), ("until", &until, &until)]);
    }
    if let Some(at) = port_in::last_effective(tx, number)? {
        let days = setting::DAYS_BETWEEN.get(tx)?;
        let free = at.date().plus_days(i32::try_from(days).unwrap_or(120));
        if tx.now().date() < free {
            let (days, until) = (days.to_string(), free.to_string());
            add("port.too_soon", &[("days", &days, &days), ("until", &until, &until)]);
        }
    }
    if port_out::live(tx, number)?.is_some() {
        add("port.in_progress", &[]);
    }
    standing.risks = risks(tx, &product, &customer)?;
    (standing.product, standing.customer) = (Some(product), Some(customer));
    Ok(standing)
}

/// What the user is told before leaving.
fn risks(tx: &mut Tx<'_>, product: &Document, customer: &Summary) -> Result<Vec<Risk>> {
    let risk = |code: &str, zh: String, en: String| Risk { code: code.to_owned(), zh, en };
    let name = product.text("name").to_owned();
    let mut all = vec![
        risk(
            "unbilled",
            "携出生效后尚未出账的费用将计入最终账单，须结清".into(),
            "Charges not billed yet go onto the final bill and have to be paid".into(),
        ),
        risk(
            "services",
            format!("「{name}」及其附加业务、未用完的流量与优惠随携出终止，不能转移"),
            format!("“{name}”, its options, unused allowances and discounts end and do not move"),
        ),
        risk(
            "codes",
            "银行、支付、社交等应用的短信验证可能受影响，请事先确认".into(),
            "Codes by message from banks, payment and social applications may be affected: check before".into(),
        ),
        risk(
            "again",
            "携入新运营商后 120 日内不能再次携转".into(),
            "After it the number cannot be ported again for 120 days".into(),
        ),
    ];
    let balance = billing::balance_of(tx, &customer.id)?;
    if balance > Money::ZERO {
        all.push(risk(
            "balance",
            format!("账户预存余额 {balance} 元可在结清最终账单后办理退费"),
            format!("The {balance} yuan paid in advance can be refunded after the final bill"),
        ));
    }
    if product.body.get("soldIn").is_some_and(Value::is_object) {
        all.push(risk(
            "bundle",
            "该号码在融合套餐内，携出后套餐内其他产品的资费可能变化".into(),
            "The number is part of a bundle: prices of its other products may change".into(),
        ));
    }
    Ok(all)
}

impl Standing {
    pub fn eligible(&self) -> bool {
        self.reasons.is_empty()
    }
    pub fn to_json(&self, tx: &mut Tx<'_>) -> Result<Value> {
        let code = code::live(tx, &self.number)?;
        Ok(json!({
            "number": self.number,
            "eligible": self.eligible(),
            "reasons": self.reasons,
            "risks": self.risks,
            "productId": self.product.as_ref().map(|p| p.id.clone()),
            "productName": self.product.as_ref().map(|p| p.text("name").to_owned()),
            "customerId": self.customer.as_ref().map(|c| c.id.clone()),
            "customerName": self.customer.as_ref().map(|c| c.name.clone()),
            "code": code.map(|c| c.to_json()),
        }))
    }
}
