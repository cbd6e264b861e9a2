//! Who may have what: the questions to catalogue, party and inventory that both a sale and a change ask.

use crate::{
    acceptance::{Case, Problems},
    problems,
};
use catalog::Offering;
use customer::NameCheck;
use inventory::products;
use kernel::{Problem, Result};
use store::Tx;

/// Whether a customer may have an offering: every reason why not. `replaces` is the product that the offering would take over.
pub fn may_have(
    tx: &mut Tx<'_>,
    customer: &str,
    offering: &Offering,
    replaces: Option<&str>,
    problems: &mut Problems,
) -> Result<()> {
    let mut subject = crate::subject(tx, customer)?;
    subject.held.retain(|h| Some(h.product_id.as_str()) != replaces);
    let ask = catalog::Ask {
        offering_id: offering.id.clone(),
        version: Some(offering.version),
        selection: Vec::new(),
        quantity: 1,
    };
    for why in catalog::why_not(tx, &subject, &[ask])? {
        problems.push(
            Problem::new(&problems::NOT_ELIGIBLE)
                .with("zh", &why.zh)
                .with("en", &why.en)
                .with("hint_zh", &why.hint_zh)
                .with("hint_en", &why.hint_en)
                .field("offering")
                .extra("why", serde_json::json!(why.code)),
        );
    }
    Ok(())
}

/// Whether the people at the counter were identified as the business asks for it.
pub fn named(
    tx: &mut Tx<'_>,
    customer: &str,
    family: &str,
    business: &str,
    verification: Option<&str>,
    proxy: Option<&str>,
    problems: &mut Problems,
) -> Result<()> {
    let ask = NameCheck {
        customer_id: customer,
        family,
        business,
        verification_id: verification,
        proxy_verification_id: proxy,
    };
    for problem in customer::check_name(tx, &ask)? {
        problems.push(problem);
    }
    Ok(())
}

/// Whether `more` mobile numbers fit on the customer's certificate (一证五户); `made` of them are in the inventory already.
pub fn number_limit(tx: &mut Tx<'_>, customer: &str, made: i64, more: i64, problems: &mut Problems) -> Result<()> {
    let limit = party::realname::limit(tx)?;
    let mut held = -made;
    for same in customer::with_same_certificate(tx, customer)? {
        held += products::live_of_family(tx, &same, "mobile")?;
    }
    if held + more > limit {
        problems.push(
            Problem::new(&problems::NUMBER_LIMIT).with("held", &held.to_string()).with("limit", &limit.to_string()),
        );
    }
    Ok(())
}

/// Whether a line can be had at an address. One that the address book does not know is for a survey to tell.
pub fn served(tx: &mut Tx<'_>, case: &Case, address: &str, problems: &mut Problems) -> Result<()> {
    let mbps = case.target.characteristic("downMbps").and_then(|m| m.parse().ok()).unwrap_or(0);
    let found = inventory::qualify(tx, address, case.target.family(), mbps)?;
    if matches!(found.result, "qualified" | "unverified") {
        return Ok(());
    }
    let told =
        |pick: fn(&inventory::places::Why) -> &str| found.reasons.iter().map(pick).collect::<Vec<_>>().join("；");
    let problem = Problem::new(&problems::NOT_SERVED).with("zh", &told(|w| &w.zh)).with("en", &told(|w| &w.en));
    problems.push(problem.field("installAddress"));
    Ok(())
}
