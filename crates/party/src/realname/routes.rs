//! The rules and figures of real name, and which readers there are, over HTTP.

use super::{
    Level, MANAGE, READ, VERIFY,
    adapters::Devices,
    rules::{self, Rule},
};
use http::{Access, Answer, Body, Ctx, Reply, Route};
use kernel::{OrgPath, Problem};
use serde::Deserialize;
use serde_json::json;

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/realname/rules", Access::Needs(READ), rules_list)
            .doc("Which business asks for a real name, and the figures, each with its source"),
        Route::put("/api/v1/realname/rules", Access::Needs(MANAGE), rule_set)
            .doc("Set what a business of a family asks for")
            .body(json!({"family": "mobile", "business": "transfer", "level": "verification", "source": "文号"})),
        Route::put("/api/v1/realname/settings", Access::Needs(MANAGE), setting_set)
            .doc("Set a figure of real name")
            .body(json!({"name": "cards.per_certificate", "value": 5, "source": "文号"})),
        Route::get("/api/v1/realname/readers", Access::Needs(VERIFY), readers).doc("The card readers there are"),
    ]
}

async fn rules_list(ctx: Ctx) -> Answer {
    let (rules, settings) = ctx.read(|tx| Ok((rules::all(tx)?, rules::settings(tx)?))).await?;
    let rules: Vec<_> = rules
        .iter()
        .map(|r| json!({"family": r.family, "business": r.business, "level": r.level, "source": r.source}))
        .collect();
    let settings: Vec<_> =
        settings.iter().map(|(name, value, source)| json!({"name": name, "value": value, "source": source})).collect();
    Ok(Reply::ok(&json!({"rules": rules, "settings": settings})))
}

#[derive(Clone, Deserialize)]
struct SetRule {
    family: String,
    business: String,
    level: String,
    #[serde(default)]
    source: String,
}

/// Rules hold nation-wide: whoever changes one says where it stands.
fn source_given(source: &str) -> kernel::Result<()> {
    if source.trim().is_empty() { Err(Problem::missing("source")) } else { Ok(()) }
}

async fn rule_set(ctx: Ctx, body: Body<SetRule>) -> Answer {
    let SetRule { family, business, level, source } = body.value;
    source_given(&source)?;
    let word = |t: &str| !t.is_empty() && t.len() <= 40 && t.bytes().all(|b| b.is_ascii_alphanumeric());
    for (name, text) in [("family", &family), ("business", &business)] {
        if !word(text) {
            return Err(Problem::invalid(name, text).into());
        }
    }
    let level = Level::parse(&level)?.name().to_owned();
    let rule = Rule { family, business, level, source };
    let reply = ctx.write(move |tx| {
        rules::set(tx, &rule)?;
        let detail =
            json!({"family": rule.family, "business": rule.business, "level": rule.level, "source": rule.source});
        tx.audit("realname.rule", "realnameRule", &rule.family, &OrgPath::root(), &detail)?;
        Ok(Reply::ok(&detail))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
struct SetSetting {
    name: String,
    value: i64,
    #[serde(default)]
    source: String,
}

async fn setting_set(ctx: Ctx, body: Body<SetSetting>) -> Answer {
    let SetSetting { name, value, source } = body.value;
    source_given(&source)?;
    if !(0..=100_000).contains(&value) {
        return Err(Problem::invalid("value", "0–100000").into());
    }
    let reply = ctx.write(move |tx| {
        if !rules::set_setting(tx, &name, value, &source)? {
            return Err(Problem::not_found());
        }
        let detail = json!({"name": name, "value": value, "source": source});
        tx.audit("realname.setting", "realnameSetting", &name, &OrgPath::root(), &detail)?;
        Ok(Reply::ok(&detail))
    });
    Ok(reply.await?)
}

async fn readers(ctx: Ctx) -> Answer {
    let names = ctx.app.db().memory::<Devices>().reader().map(|r| r.names()).unwrap_or_default();
    Ok(Reply::ok(&json!({"readers": names, "face": ctx.app.db().memory::<Devices>().face().is_some()})))
}
