//! The next best offer: what the records give a reason for, and what the customer may have here and now. Each comes with its
//! reason; where the records give none there is no recommendation.

use crate::view::{Depth, Whole};
use catalog::{Ask, Family, Held, Subject};
use http::{Answer, Ctx, Reply, axum::extract::Path};
use kernel::{Date, Money, Result, Timestamp};
use serde_json::{Value, json};
use store::Tx;

const SHOWN: usize = 5;
/// Candidates of a family that are looked at, cheapest first.
const LOOKED_AT: i64 = 24;
/// A contract that ends within so many days is talked about.
const CONTRACT_DAYS: i64 = 90;

/// Why something is recommended.
struct Idea {
    basis: &'static str,
    family: Family,
    /// At least this much a month.
    from: Money,
    zh: String,
    en: String,
}

pub(crate) async fn recommend(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let found = ctx
        .read(move |tx| {
            let depth = Depth {
                orders: 5,
                products: 200,
                bills: 24,
                payments: 1,
                tickets: 1,
                journal: 60,
                notes: 1,
                answers: 1,
            };
            let whole = Whole::load(tx, &id, depth)?;
            Ok(json!({"dataTime": tx.now(), "recommendations": of(tx, &whole)?}))
        })
        .await?;
    Ok(Reply::ok(&found))
}

/// The ideas that lead to something the customer may have.
pub(crate) fn of(tx: &mut Tx<'_>, whole: &Whole) -> Result<Vec<Value>> {
    let subject = subject(whole, tx.now());
    let mut shown: Vec<Value> = Vec::new();
    for idea in ideas(whole, tx.now().date()) {
        if shown.len() >= SHOWN {
            break;
        }
        let candidates = catalog::on_sale(tx, idea.family, idea.from.in_fen(), LOOKED_AT)?;
        let asks = |id: &String| Ask { offering_id: id.clone(), version: None, selection: Vec::new(), quantity: 1 };
        let mut chosen = None;
        for id in &candidates {
            let held = subject.held.iter().any(|h| h.offering_id == *id || h.bundle.as_deref() == Some(id.as_str()));
            let taken = shown.iter().any(|s| s["offeringId"] == id.as_str());
            if held || taken || !catalog::why_not(tx, &subject, &[asks(id)])?.is_empty() {
                continue;
            }
            chosen = catalog::offering(tx, id).ok();
            break;
        }
        if let Some(offering) = chosen {
            shown.push(json!({
                "offeringId": offering.id, "name": offering.name, "family": offering.family.as_str(), "priceFen": offering.main_price().map(|p| p.amount),
                "basis": idea.basis, "reason": {"zh-CN": idea.zh, "en": idea.en},
            }));
        }
    }
    Ok(shown)
}

/// The customer as the catalogue asks about them.
fn subject(whole: &Whole, at: Timestamp) -> Subject {
    let summary = &whole.portrait.summary;
    let held = whole
        .products
        .iter()
        .filter(|p| matches!(p["status"].as_str(), Some("active" | "suspended" | "pendingActive")));
    let held = held.filter_map(|p| {
        Some(Held {
            product_id: p["id"].as_str()?.to_owned(),
            offering_id: p["offeringId"].as_str()?.to_owned(),
            family: Family::parse(p["family"].as_str()?).ok()?,
            bundle: p["soldIn"]["offeringId"].as_str().map(str::to_owned),
        })
    });
    Subject {
        customer_id: summary.id.clone(),
        kind: summary.kind.clone(),
        grade: summary.grade.clone(),
        org: summary.org.clone(),
        channel: "hall".to_owned(),
        age: None,
        held: held.collect(),
        at,
    }
}

fn ideas(whole: &Whole, today: Date) -> Vec<Idea> {
    let mut ideas = Vec::new();
    let working = |p: &&Value| matches!(p["status"].as_str(), Some("active" | "suspended"));
    let families: Vec<&str> = whole.products.iter().filter(working).filter_map(|p| p["family"].as_str()).collect();
    let has = |family: Family| families.contains(&family.as_str());
    // What the customer asked for comes first.
    for need in whole.portrait.journal.iter().filter(|e| e.kind == "need" && e.status == "open") {
        if let Ok(family) = Family::parse(&need.topic) {
            let day = need.at.date();
            let text = need.text.chars().take(40).collect::<String>();
            ideas.push(Idea {
                basis: "need",
                family,
                from: Money::ZERO,
                zh: format!("客户 {day} 提出：{text}"),
                en: format!("asked for on {day}: {text}"),
            });
        }
    }
    for product in whole.products.iter().filter(working) {
        let Some(family) = product["family"].as_str().and_then(|f| Family::parse(f).ok()) else { continue };
        if let Some(agreement) = whole.agreements.iter().find(|a| a["productId"] == product["id"]) {
            let end = agreement["end"].as_str().unwrap_or("");
            let days = agreement["daysLeft"].as_i64().unwrap_or(i64::MAX);
            if agreement["ended"] == false && days <= CONTRACT_DAYS {
                let from = Money::fen(product["monthlyFeeFen"].as_i64().unwrap_or(0));
                ideas.push(Idea {
                    basis: "contract",
                    family,
                    from,
                    zh: format!("{} 的合约 {end} 到期（还有 {days} 天）", product["name"].as_str().unwrap_or("")),
                    en: format!(
                        "the contract of {} ends on {end} ({days} days)",
                        product["name"].as_str().unwrap_or("")
                    ),
                });
            }
        }
    }
    let fees: i64 = whole.products.iter().filter(working).filter_map(|p| p["monthlyFeeFen"].as_i64()).sum();
    let this_month = today.to_string().get(..7).unwrap_or("").to_owned();
    if let Some(average) = crate::view::average(whole, today, &this_month)
        && fees > 0
        && average * 5 > fees * 6
        && has(Family::Mobile)
    {
        ideas.push(Idea {
            basis: "spend",
            family: Family::Mobile,
            from: Money::fen(average),
            zh: format!("月均出账 {} 元，高于月费合计 {} 元", Money::fen(average), Money::fen(fees)),
            en: format!(
                "billed CNY {} a month on average, more than the fees of CNY {}",
                Money::fen(average),
                Money::fen(fees)
            ),
        });
    }
    let lacks = |have: Family, want: Family, zh: &str, en: &str| {
        (has(have) && !has(want)).then(|| Idea {
            basis: "missing",
            family: want,
            from: Money::ZERO,
            zh: zh.to_owned(),
            en: en.to_owned(),
        })
    };
    ideas.extend(lacks(
        Family::Mobile,
        Family::Broadband,
        "持有移动，尚未办理宽带",
        "has a mobile line and no broadband",
    ));
    ideas.extend(lacks(Family::Broadband, Family::Iptv, "持有宽带，尚未办理 IPTV", "has broadband and no IPTV"));
    ideas.extend(lacks(
        Family::Broadband,
        Family::Mobile,
        "持有宽带，尚未办理移动",
        "has broadband and no mobile line",
    ));
    ideas
}
