//! How the built-in central system reaches us: an address and a token of its own, with the one right it needs.

use access::NewToken;
use http::App;
use kernel::{Actor, OrgPath, Result};
use serde_json::Value;
use std::time::Duration;
use store::{Tx, params, sql};

sql! {
    FIND = "SELECT url, sealed_token FROM npc_peer WHERE operator = $1";
    KEEP = "INSERT INTO npc_peer (operator, url, sealed_token) VALUES ($1, $2, $3) ON CONFLICT (operator) DO UPDATE SET url = $2, sealed_token = $3";
}

/// Tells the built-in central system where we listen, and gives it a token where it has none.
pub fn connect(tx: &mut Tx<'_>, url: &str) -> Result<()> {
    let own = crate::setting::own(tx)?;
    let known = tx.query_opt(&FIND, params![own])?;
    let sealed = match &known {
        Some(row) if row.str(0) == url => return Ok(()),
        Some(row) => row.text(1),
        None => {
            let new = NewToken {
                name: "携号转网集中系统（内置）".to_owned(),
                role: "npc".to_owned(),
                org: OrgPath::root(),
                expires_at: None,
            };
            let (_, text) = access::issue_token(tx, &new)?;
            tx.vault().seal(&text)?
        }
    };
    tx.execute(&KEEP, params![own, url, sealed]).map(drop)
}

/// Posts to us as the central system; `None` where we are not reached or do not answer with JSON.
pub(super) async fn post(app: &App, path: &str, body: &Value) -> Option<(u16, Value)> {
    let found = app
        .db()
        .peek(Actor::system(), |tx| {
            let own = crate::setting::own(tx)?;
            let row = tx.query_opt(&FIND, params![own])?;
            row.map(|r| Ok((r.text(0), tx.vault().open_sealed(r.str(1))?))).transpose()
        })
        .await;
    let (url, token) = found.ok().flatten()?;
    let (url, text) = (format!("{url}{path}"), body.to_string());
    let sent = tokio::task::spawn_blocking(move || {
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(3)))
            .http_status_as_error(false)
            .build();
        let agent: ureq::Agent = config.into();
        let mut response = agent
            .post(url)
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"))
            .send(text)
            .ok()?;
        let text = response.body_mut().read_to_string().ok()?;
        Some((response.status().as_u16(), serde_json::from_str(&text).unwrap_or(Value::Null)))
    });
    sent.await.ok().flatten()
}
