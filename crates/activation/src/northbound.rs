//! TMF640: other systems activate services directly, past product orders. A service whose specification is ours is set up
//! on the network by its tasks, each by itself; a foreign one is kept as it was sent. How an activation goes is told by its
//! monitor.

use crate::{
    NETWORK_ORDER, NETWORK_READ,
    adapter::{self, Failure, Request, Verb},
    problems, route,
};
use flow::{NewStep, Outcome, Saga, SagaHandlers, SagaState, StepCtx, StepHandler};
use http::{
    Route,
    tmf::{self, Api, Column, Document, Kind, Ops, Resource, Rules},
};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value, json};
use store::{ToValue, Tx, params, sql};

static API: Api = Api {
    base: "/tmf-api/ServiceActivationAndConfiguration/v4",
    aliases: &["/tmf-api/serviceActivationAndConfiguration/v4"],
};

pub static SERVICE: Resource = Resource {
    api: &API,
    name: "service",
    type_name: "ServiceActivation",
    table: "activated_service",
    columns: &[Column { attribute: "state", column: "state", kind: Kind::Text }],
    mandatory: &["serviceSpecification", "state"],
    ops: Ops::ALL,
    read: NETWORK_READ,
    write: NETWORK_ORDER,
    rules: &ServiceRules,
};

pub static MONITOR: Resource = Resource {
    api: &API,
    name: "monitor",
    type_name: "Monitor",
    table: "activation_monitor",
    columns: &[Column { attribute: "state", column: "state", kind: Kind::Text }],
    mandatory: &[],
    ops: Ops::READ,
    read: NETWORK_READ,
    write: NETWORK_ORDER,
    rules: &MonitorRules,
};

/// The template of the saga that sets a service up.
const SAGA: &str = "service";
const STATES: [&str; 6] = ["feasibilityChecked", "designed", "reserved", "inactive", "active", "terminated"];
/// Steps one request may make.
const MOST: usize = 50;

sql! {
    MONITOR_OF = "SELECT id FROM activation_monitor WHERE id = $1";
}

pub fn routes() -> Vec<Route> {
    let mut all = tmf::routes(&SERVICE);
    all.extend(tmf::routes(&MONITOR));
    all
}

struct ServiceRules;

fn state(doc: &Map<String, Value>) -> &str {
    doc.get("state").and_then(Value::as_str).unwrap_or("")
}

fn check(doc: &Map<String, Value>) -> Result<()> {
    if !STATES.contains(&state(doc)) {
        return Err(Problem::invalid("state", &STATES.join(" | ")));
    }
    if !doc.get("serviceSpecification").is_some_and(|s| s["id"].is_string()) {
        return Err(Problem::missing("serviceSpecification.id"));
    }
    match doc.get("serviceCharacteristic") {
        None | Some(Value::Null | Value::Array(_)) => Ok(()),
        Some(_) => Err(Problem::invalid("serviceCharacteristic", "array")),
    }
}

impl Rules for ServiceRules {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        check(doc)?;
        let now = json!(tx.now());
        doc.entry("serviceDate").or_insert(now);
        let specification = doc.get("serviceSpecification").and_then(|s| s["name"].as_str().or(s["id"].as_str()));
        let name = json!(specification.unwrap_or("service"));
        doc.entry("name").or_insert(name);
        let org = tx.actor().org.clone();
        let verb = match state(doc) {
            "active" => Some(Verb::Activate),
            _ => None,
        };
        begin(tx, doc, &org, verb)?;
        Ok(org)
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        check(after)?;
        if state(before) == "terminated" {
            return Err(Problem::new(&problems::MESSAGE_STATE).with("state", "terminated"));
        }
        if before.get("pendingState").is_some_and(|s| !s.is_null()) {
            return Err(Problem::new(&kernel::codes::CONFLICT));
        }
        let characteristics = |d: &Map<String, Value>| d.get("serviceCharacteristic").cloned();
        let verb = match (state(before), state(after)) {
            ("active", "inactive") => Some(Verb::Suspend),
            ("inactive", "active") => Some(Verb::Resume),
            (from, "active") if from != "active" => Some(Verb::Activate),
            ("active" | "inactive", "terminated") => Some(Verb::Deactivate),
            (from, to) if from == to && characteristics(before) != characteristics(after) && to == "active" => {
                Some(Verb::Change)
            }
            _ => None,
        };
        let org = tx.actor().org.clone();
        begin(tx, after, &org, verb)
    }
    fn delete(&self, tx: &mut Tx<'_>, doc: &Document) -> Result<()> {
        let mut body = doc.body.clone();
        if matches!(state(&body), "active" | "inactive") {
            body.insert("state".into(), json!("terminated"));
            begin(tx, &mut body, &doc.org, Some(Verb::Deactivate))?;
        }
        Ok(())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        vec![("state", state(doc).to_value())]
    }
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        if before.get("state") == after.get("state") { vec![] } else { vec!["StateChange"] }
    }
}

struct MonitorRules;
impl Rules for MonitorRules {
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        vec![("state", state(doc).to_value())]
    }
}

/// Starts what the network has to do for a service whose specification is ours, with a monitor beside it.
fn begin(tx: &mut Tx<'_>, doc: &mut Map<String, Value>, org: &OrgPath, verb: Option<Verb>) -> Result<()> {
    let id = doc.get("id").and_then(Value::as_str).unwrap_or("").to_owned();
    let spec = doc.get("serviceSpecification").and_then(|s| s["id"].as_str()).unwrap_or("").to_owned();
    let Some(verb) = verb else { return Ok(()) };
    let steps = steps(tx, &spec, verb)?;
    if steps.is_empty() {
        return Ok(()); // a specification of somebody else's
    }
    let monitor = tx.new_id::<Document>().into_string();
    let body = json!({
        "id": monitor, "href": MONITOR.href(&monitor), "@type": "Monitor", "state": "InProgress",
        "sourceHref": SERVICE.href(&id), "request": {"verb": verb.text()}, "response": null,
    });
    if let Value::Object(body) = body {
        let stored = Document { id: monitor.clone(), version: 1, org: org.clone(), created_at: tx.now(), body };
        tmf::insert_silently(tx, &MONITOR, &stored)?;
    }
    let wanted = state(doc).to_owned();
    doc.insert("pendingState".into(), json!(wanted));
    doc.insert("monitorId".into(), json!(monitor));
    if verb == Verb::Activate {
        doc.insert("state".into(), json!("inactive"));
    }
    let input = json!({"monitor": monitor, "wanted": wanted, "attributes": attributes(doc)});
    flow::saga::start(tx, SAGA, 1, &id, org, input, steps).map(drop)
}

fn attributes(doc: &Map<String, Value>) -> Map<String, Value> {
    let all = doc.get("serviceCharacteristic").and_then(Value::as_array);
    let named = all.into_iter().flatten().filter_map(|c| Some((c["name"].as_str()?.to_owned(), c["value"].clone())));
    named.collect()
}

/// A step for each task of the specification, or of those it requires; none where it is not in our catalogue.
fn steps(tx: &mut Tx<'_>, spec: &str, verb: Verb) -> Result<Vec<NewStep>> {
    let Some(doc) = tmf::get(tx, &catalog::SERVICE_SPECIFICATION, spec)? else { return Ok(Vec::new()) };
    let mut all = vec![doc.clone()];
    for relation in doc.body.get("serviceSpecRelationship").and_then(Value::as_array).into_iter().flatten() {
        if let Some(id) = relation["id"].as_str()
            && let Some(rfs) = tmf::get(tx, &catalog::SERVICE_SPECIFICATION, id)?
        {
            all.push(rfs);
        }
    }
    let mut steps: Vec<NewStep> = Vec::new();
    for spec in &all {
        for task in spec.body.get("taskTemplate").and_then(Value::as_array).into_iter().flatten() {
            let text = |name: &str| task[name].as_str().unwrap_or("").to_owned();
            let target = text("target");
            let told = verb != Verb::Activate && steps.iter().any(|s| s.target == target);
            if matches!(target.as_str(), "" | "inventory" | "manual") || told || steps.len() >= MOST {
                continue;
            }
            let after = if verb == Verb::Activate { steps.len().checked_sub(1).into_iter().collect() } else { vec![] };
            steps.push(NewStep {
                name: "service-task".into(),
                title_zh: text("title_zh"),
                title_en: text("title_en"),
                target,
                after,
                input: json!({"verb": verb.text(), "task": text("name")}),
            });
        }
    }
    Ok(steps)
}

/// The template that sets services up past product orders.
pub fn saga() -> SagaHandlers {
    SagaHandlers {
        kind: SAGA,
        version: 1,
        subject: "service",
        topic: "service",
        changed,
        steps: vec![StepHandler {
            name: "service-task",
            run: |c| Box::pin(tell(c, false)),
            undo: Some(|c| Box::pin(tell(c, true))),
            seconds: 20,
        }],
    }
}

async fn tell(ctx: StepCtx, undo: bool) -> Outcome {
    let Some(verb) = Verb::parse(ctx.input["verb"].as_str().unwrap_or("")) else { return Outcome::done() };
    let asked = async {
        let (target, org) = (ctx.target.clone(), ctx.org.clone());
        let name = ctx.app.db().peek(kernel::Actor::system(), move |tx| route::resolve(tx, &target, &org, "*")).await?;
        if route::takes_messages(&name) {
            let unfit = Problem::new(&problems::ROUTE_UNFIT).with("adapter", &name).with("target", &ctx.target);
            return Err(Failure { problem: unfit, retryable: false, uncertain: false });
        }
        let adapter = adapter::adapter(&ctx.app, &name).await?;
        let key = if undo { format!("{}:undo", ctx.key()) } else { ctx.key() };
        if ctx.uncertain && adapter.query(ctx.target.clone(), key.clone()).await? {
            return Ok(());
        }
        let attributes = ctx.saga_input["attributes"].as_object().cloned().unwrap_or_default();
        let verb = if undo { verb.inverse() } else { verb };
        let subscriber = format!("service:{}", ctx.subject_id);
        adapter.perform(Request { key, target: ctx.target.clone(), verb, subscriber, attributes, secret: None }).await
    };
    match asked.await {
        Ok(()) => Outcome::done(),
        Err(Failure { problem, retryable, uncertain }) => {
            Outcome::Failed { problem, retryable, uncertain: uncertain || ctx.uncertain }
        }
    }
}

/// The service and its monitor follow the saga.
fn changed(tx: &mut Tx<'_>, saga: &Saga, _: SagaState) -> Result<()> {
    let (service, monitor) = match saga.state() {
        SagaState::Done => (saga.input["wanted"].as_str(), "Completed"),
        SagaState::Stuck => (None, "InProgress"),
        SagaState::Compensated => (None, "Failed"),
        SagaState::Abandoned => (None, "Failed"),
        SagaState::Running | SagaState::Waiting | SagaState::Compensating => return Ok(()),
    };
    if saga.state().ended()
        && let Some(mut doc) = tmf::get(tx, &SERVICE, &saga.subject_id)?
    {
        let before = doc.body.clone();
        doc.body.remove("pendingState");
        if let Some(state) = service {
            doc.set("state", state);
        }
        tmf::save(tx, &SERVICE, &before, &mut doc)?;
    }
    let id = saga.input["monitor"].as_str().unwrap_or("");
    if tx.query_opt(&MONITOR_OF, params![id])?.is_some() {
        let mut doc = tmf::lock(tx, &MONITOR, id)?;
        doc.set("state", monitor);
        tmf::save_silently(tx, &MONITOR, &mut doc)?;
    }
    Ok(())
}
