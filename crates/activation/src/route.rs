//! Which system serves a target, for whom. Data: an operator moves a city or a product line from one system to another by
//! a row; work that was given to a system stays there.

use crate::{NETWORK_READ, NETWORK_WRITE, problems};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{OrgPath, Problem, Result};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

/// The systems there are; the first two are told each task, the others get one message for an order.
pub const ADAPTERS: [&str; 4] = ["simulator", "radius", TMF641, LEGACY97];
pub const TMF641: &str = "tmf641";
pub const LEGACY97: &str = "legacy97";

/// Whether the adapter takes all work of an order in one message.
pub fn takes_messages(adapter: &str) -> bool {
    matches!(adapter, TMF641 | LEGACY97)
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rule {
    #[serde(default)]
    pub id: String,
    /// `*` is any.
    pub target: String,
    /// Empty is everywhere; otherwise the organisation and all below it.
    #[serde(default)]
    pub org: String,
    /// `*` is any.
    pub family: String,
    pub adapter: String,
    #[serde(default)]
    pub priority: i64,
    #[serde(default = "yes")]
    pub enabled: bool,
    #[serde(default)]
    pub source: String,
}

fn yes() -> bool {
    true
}

sql! {
    FITTING = "SELECT id, target, org, family, adapter, priority, enabled, source FROM activation_route \
               WHERE enabled = 1 AND (target = $1 OR target = '*') AND (family = $2 OR family = '*')";
    ALL = "SELECT id, target, org, family, adapter, priority, enabled, source FROM activation_route ORDER BY priority DESC, org DESC, target, family";
    SET = "INSERT INTO activation_route (id, target, org, family, adapter, priority, enabled, source, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    CHANGE = "UPDATE activation_route SET target = $2, org = $3, family = $4, adapter = $5, priority = $6, enabled = $7, source = $8, updated_at = $9 WHERE id = $1";
    SAME = "SELECT id FROM activation_route WHERE target = $1 AND org = $2 AND family = $3";
    DELETE = "DELETE FROM activation_route WHERE id = $1";
    ONE = "SELECT id, target, org, family, adapter, priority, enabled, source FROM activation_route WHERE id = $1";
}

fn read(row: &Row) -> Rule {
    Rule {
        id: row.text(0),
        target: row.text(1),
        org: row.text(2),
        family: row.text(3),
        adapter: row.text(4),
        priority: row.int(5),
        enabled: row.flag(6),
        source: row.text(7),
    }
}

/// The system for a target: the rule of the highest priority, then of the smallest place, then the one that names the
/// target, then the product line.
pub fn resolve(tx: &mut Tx<'_>, target: &str, org: &OrgPath, family: &str) -> Result<String> {
    let rows = tx.query(&FITTING, params![target, family])?;
    let here = |rule: &Rule| {
        rule.org.is_empty() || org.as_str() == rule.org || org.as_str().starts_with(&format!("{}/", rule.org))
    };
    let rank = |rule: &Rule| (rule.priority, rule.org.len(), rule.target != "*", rule.family != "*");
    let best = rows.iter().map(read).filter(here).max_by_key(rank);
    Ok(best.map_or_else(|| ADAPTERS[0].to_owned(), |rule| rule.adapter))
}

pub fn routes() -> Vec<Route> {
    let example = json!({"target": "*", "org": "/cn/44/4403", "family": "broadband", "adapter": TMF641, "priority": 10, "source": "割接方案"});
    vec![
        Route::get("/api/v1/network/routes", Access::Needs(NETWORK_READ), list)
            .doc("Which system serves which target, by place and product line"),
        Route::post("/api/v1/network/routes", Access::Needs(NETWORK_WRITE), add)
            .doc("Give a target, a place or a product line to a system")
            .body(example.clone()),
        Route::put("/api/v1/network/routes/{id}", Access::Needs(NETWORK_WRITE), change)
            .doc("Change a rule; work that was given to a system stays there")
            .body(example),
        Route::delete("/api/v1/network/routes/{id}", Access::Needs(NETWORK_WRITE), remove)
            .doc("Remove a rule; the one for everything stays"),
        Route::get("/api/v1/network/routes/resolve", Access::Needs(NETWORK_READ), which)
            .doc("Which system a target would be served by")
            .parameter("target", "such as olt")
            .parameter("org", "a place such as /cn/44/4401")
            .parameter("family", "a product line such as broadband"),
    ]
}

async fn list(ctx: Ctx) -> Answer {
    let rules: Vec<Rule> = ctx.read(|tx| Ok(tx.query(&ALL, params![])?.iter().map(read).collect())).await?;
    Ok(Reply::ok(&json!({"routes": rules, "adapters": ADAPTERS})))
}

async fn which(ctx: Ctx) -> Answer {
    let text = |name: &str| ctx.parameter(name).unwrap_or_default();
    let (target, family) = (text("target"), text("family"));
    let org = match text("org").as_str() {
        "" => OrgPath::root(),
        path => OrgPath::parse(path)?,
    };
    let adapter = ctx.read(move |tx| resolve(tx, &target, &org, &family)).await?;
    Ok(Reply::ok(&json!({"adapter": adapter})))
}

fn check(tx: &mut Tx<'_>, rule: &mut Rule) -> Result<()> {
    if !ADAPTERS.contains(&rule.adapter.as_str()) {
        return Err(Problem::invalid("adapter", &ADAPTERS.join(" | ")));
    }
    let name = |text: &str| !text.is_empty() && text.len() <= 40 && text.chars().all(|c| c.is_ascii_graphic());
    if !name(&rule.target) {
        return Err(Problem::invalid("target", "* | olt | …"));
    }
    if rule.family != "*" {
        catalog::Family::parse(&rule.family)?;
    }
    if !rule.org.is_empty() {
        OrgPath::parse(&rule.org)?;
    }
    if rule.adapter == "radius" && rule.target != "radius" {
        return Err(Problem::new(&problems::ROUTE_UNFIT).with("adapter", "radius").with("target", &rule.target));
    }
    if !(-1_000..=1_000).contains(&rule.priority) {
        return Err(Problem::invalid("priority", "-1000…1000"));
    }
    rule.source = rule.source.trim().chars().take(200).collect();
    let same = tx.query_opt(&SAME, params![rule.target, rule.org, rule.family])?;
    match same {
        Some(row) if row.str(0) != rule.id => Err(Problem::new(&problems::ROUTE_TWICE)),
        _ => Ok(()),
    }
}

fn announce(tx: &mut Tx<'_>, rule: &Rule, what: &str) -> Result<()> {
    let event = Event::new(format!("ActivationRoute{what}Event"), "activationRoute", &rule.id, 1, &OrgPath::root());
    tx.emit(event.payload(json!({"activationRoute": rule})))
}

async fn add(ctx: Ctx, body: Body<Rule>) -> Answer {
    let asked = body.value;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let mut rule = asked.clone();
        rule.id = tx.new_id::<Rule>().into_string();
        check(tx, &mut rule)?;
        let Rule { id, target, org, family, adapter, priority, enabled, source } = &rule;
        tx.execute(&SET, params![id, target, org, family, adapter, priority, enabled, source, tx.now()])?;
        announce(tx, &rule, "Create")?;
        Ok(Reply::json(201, &rule))
    });
    Ok(reply.await?)
}

async fn change(ctx: Ctx, Path(id): Path<String>, body: Body<Rule>) -> Answer {
    let asked = body.value;
    let rule = ctx
        .write(move |tx| {
            let before = read(&tx.query_one(&ONE, params![id])?);
            let mut rule = Rule { id: before.id.clone(), ..asked.clone() };
            check(tx, &mut rule)?;
            let general = |r: &Rule| r.target == "*" && r.org.is_empty() && r.family == "*" && r.enabled;
            if general(&before) && !general(&rule) {
                return Err(Problem::new(&problems::ROUTE_LAST));
            }
            let Rule { id, target, org, family, adapter, priority, enabled, source } = &rule;
            tx.execute(&CHANGE, params![id, target, org, family, adapter, priority, enabled, source, tx.now()])?;
            announce(tx, &rule, "AttributeValueChange")?;
            Ok(rule)
        })
        .await?;
    Ok(Reply::ok(&rule))
}

async fn remove(ctx: Ctx, Path(id): Path<String>) -> Answer {
    ctx.write(move |tx| {
        let rule = read(&tx.query_one(&ONE, params![id])?);
        if rule.target == "*" && rule.org.is_empty() && rule.family == "*" {
            return Err(Problem::new(&problems::ROUTE_LAST));
        }
        tx.execute(&DELETE, params![id])?;
        announce(tx, &rule, "Delete")
    })
    .await?;
    Ok(Reply::no_content())
}

/// The routes of a demonstration: Shenzhen and the television of Guangzhou with the activation system, Xining and fixed
/// voice of Guangzhou still with 97.
pub fn ensure_demo(tx: &mut Tx<'_>) -> Result<()> {
    for (org, family, adapter, source) in [
        ("/cn/44/4403", "*", TMF641, "演示：深圳已割接到服务开通系统"),
        ("/cn/44/4401", "iptv", TMF641, "演示：广州电视业务先行割接"),
        ("/cn/44/4401", "fixedVoice", LEGACY97, "演示：广州固话仍由九七承担"),
        ("/cn/63/6301", "*", LEGACY97, "演示：西宁仍由九七承担"),
    ] {
        if tx.query_opt(&SAME, params!["*", org, family])?.is_none() {
            let (id, now) = (tx.new_id::<Rule>(), tx.now());
            tx.execute(&SET, params![id, "*", org, family, adapter, 10i64, true, source, now])?;
        }
    }
    Ok(())
}
