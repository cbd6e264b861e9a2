//! One telephone or certificate number in clear, for a reason, leaving its trace in the audit chain.

use crate::{CUSTOMER, rules};
use http::{Answer, Ctx, Reply, axum::extract::Path, tmf};
use kernel::{Problem, Result};
use serde_json::json;
use store::Tx;

pub(crate) async fn reveal(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let field = ctx.parameter("field").ok_or_else(|| Problem::missing("field"))?;
    let reason = ctx.parameter("reason").filter(|r| !r.trim().is_empty()).ok_or_else(|| Problem::missing("reason"))?;
    if !matches!(field.as_str(), "certificate" | "phone") {
        return Err(Problem::invalid("field", "certificate | phone").into());
    }
    let value = ctx.write(move |tx| clear(tx, &id, &field, &reason)).await?;
    Ok(Reply::ok(&json!({"value": value})))
}

fn clear(tx: &mut Tx<'_>, id: &str, field: &str, reason: &str) -> Result<String> {
    let customer = tmf::load(tx, &CUSTOMER, id)?;
    let value = if field == "phone" {
        party::phones(&customer.body).first().map(|p| p.national().to_owned())
    } else {
        let party = rules::engaged_party(tx, &customer.body)?;
        party.and_then(|p| party::identifications(&p.body, tx.vault()).into_iter().next()).map(|i| i.number)
    };
    let reason: String = reason.chars().take(200).collect();
    tx.audit("customer.reveal", "customer", id, &customer.org, &json!({"field": field, "reason": reason}))?;
    value.ok_or_else(Problem::not_found)
}
