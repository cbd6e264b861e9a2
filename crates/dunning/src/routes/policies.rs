//! Writing policies: each is checked against the law of its place.

use crate::{
    follow, policy,
    policy::{Policy, Wanted as WantedPolicy},
};
use http::{Answer, Body, Ctx, Reply, axum::extract::Path};
use kernel::OrgPath;
use serde::Deserialize;
use serde_json::json;
use store::Tx;

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyAsk {
    name: String,
    #[serde(default)]
    name_en: String,
    org: Option<OrgPath>,
    priority: i64,
    policy: Policy,
}

impl PolicyAsk {
    fn wanted(&self, tx: &Tx<'_>, id: Option<String>) -> WantedPolicy {
        WantedPolicy {
            id,
            org: self.org.clone().unwrap_or_else(|| tx.actor().scope.clone()),
            name: self.name.clone(),
            name_en: self.name_en.clone(),
            priority: self.priority,
            policy: self.policy.clone(),
        }
    }
}

pub async fn add_policy(ctx: Ctx, body: Body<PolicyAsk>) -> Answer {
    let ask = body.value;
    let saved = ctx.create(&body.fingerprint, move |tx| {
        let wanted = ask.wanted(tx, None);
        let kept = policy::save(tx, &wanted)?;
        Ok(Reply::created(&format!("/api/v1/dunning/policies/{}", kept.id), &kept))
    });
    Ok(saved.await?)
}

pub async fn change_policy(ctx: Ctx, Path(id): Path<String>, body: Body<PolicyAsk>) -> Answer {
    let ask = body.value;
    let saved = ctx.write(move |tx| {
        let wanted = ask.wanted(tx, Some(id.clone()));
        policy::save(tx, &wanted)
    });
    Ok(Reply::ok(&saved.await?))
}

pub async fn drop_policy(ctx: Ctx, Path(id): Path<String>) -> Answer {
    ctx.write(move |tx| policy::delete(tx, &id)).await?;
    Ok(Reply::no_content())
}

pub async fn check_policy(ctx: Ctx, body: Body<PolicyAsk>) -> Answer {
    let ask = body.value;
    let lang = ctx.lang;
    let found = ctx.read(move |tx| {
        let org = ask.org.clone().unwrap_or_else(|| tx.actor().scope.clone());
        let rules = follow::law_at(tx, &org)?;
        Ok(policy::check(&ask.policy, &rules).err())
    });
    let problem = found.await?.map(|p| p.body(lang, ""));
    Ok(Reply::ok(&json!({"allowed": problem.is_none(), "problem": problem})))
}
