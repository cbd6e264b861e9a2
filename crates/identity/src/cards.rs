//! How many numbers stand on a certificate: whoever has shown it may know (anti-fraud act, art. 9 to 12). The numbers come
//! masked, those of other halls as well, since the limit holds nation-wide.

use http::{Answer, Body, Ctx, Reply};
use kernel::{Phone, Problem, Result, mask_phone};
use party::realname;
use serde::Deserialize;
use serde_json::{Value, json};
use store::Tx;

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ask {
    #[serde(default)]
    verification_id: String,
}

pub(crate) async fn cards(ctx: Ctx, body: Body<Ask>) -> Answer {
    let ask = body.value;
    if ask.verification_id.is_empty() {
        return Err(Problem::missing("verificationId").into());
    }
    Ok(Reply::ok(&ctx.write(move |tx| of_verification(tx, &ask.verification_id)).await?))
}

fn of_verification(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let certificate = realname::shown(tx, id)?;
    let customers = customer::with_certificate(tx, certificate.number())?;
    let limit = realname::limit(tx)?;
    let lines = inventory::lines_of(tx, &customers)?;
    let shown: Vec<Value> = lines
        .iter()
        .map(|l| {
            let masked = Phone::parse(&l.number).map_or_else(|_| mask_phone(&l.number), |p| p.masked());
            json!({"number": masked, "status": l.status, "here": tx.actor().sees(&l.org)})
        })
        .collect();
    let org = tx.actor().org.clone();
    tx.audit("realname.cards", "verification", id, &org, &json!({"numbers": lines.len()}))?;
    Ok(json!({"numbers": shown, "count": lines.len(), "limit": limit, "full": lines.len() as i64 >= limit}))
}
