//! The agent's page.

use super::{
    PASSWORD, READ, SCRIPTS, TAKE, answer,
    call::{self, Call, Level, columns, read},
    script,
    script::Script,
    verify::{self, Verdict},
};
use crate::problems;
use customer::Summary;
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Actor, Phone, Problem, Result, mask_phone};
use serde::Deserialize;
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Filter, Tx};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/hotline", Access::Needs(TAKE), desk)
            .doc("One's open call, how callers are verified, quick actions, scripts and reasons of calling"),
        Route::put("/api/v1/hotline/scripts/{topic}", Access::Needs(SCRIPTS), save_script)
            .doc("Write what is said on a topic")
            .body(json!({"zhTitle": "开场", "enTitle": "Opening", "zh": "您好……", "en": "Hello …"})),
        Route::post("/api/v1/calls", Access::Needs(TAKE), begin)
            .doc("A call comes in")
            .body(json!({"number": "13900138000"})),
        Route::get("/api/v1/calls", Access::Needs(READ), list)
            .doc("Calls, newest first")
            .parameter("customerId", "of one customer")
            .parameter("mine", "1: one's own"),
        Route::get("/api/v1/calls/{id}", Access::Needs(TAKE), one).doc("A call, with what the caller may have"),
        Route::post("/api/v1/calls/{id}/customer", Access::Needs(TAKE), choose)
            .doc("Whose call it is")
            .body(json!({"customerId": "…"})),
        Route::post("/api/v1/calls/{id}/verify", Access::Needs(TAKE), verify_caller)
            .doc("Verify the caller")
            .body(json!({"method": "certificateTail", "value": "8515"})),
        Route::post("/api/v1/calls/{id}/actions/{action}", Access::Needs(TAKE), act)
            .doc("A quick action: answered, or led to the customer's page")
            .body(json!({})),
        Route::post("/api/v1/calls/{id}/wrap", Access::Needs(TAKE), wrap)
            .doc("End the call, with why the customer called")
            .body(json!({"wrapCode": "billQuestion", "summary": "……"})),
        Route::put("/api/v1/customers/{id}/service-password", Access::Needs(PASSWORD), set_password)
            .doc("Set the service password, the person having been identified")
            .body(json!({"password": "739214"})),
    ]
}

/// The actor with the right to see names and certificates: what is compared here is not shown.
fn seeing(actor: &Actor) -> Actor {
    let mut permissions = (*actor.permissions).clone();
    permissions.insert(party::PRIVACY_VIEW.name.to_owned());
    Actor { permissions: Arc::new(permissions), ..actor.clone() }
}

/// `张伟` → `张*`, `Li Wei` → `L*`.
fn masked_name(name: &str) -> String {
    let mut chars = name.chars();
    chars
        .next()
        .map_or_else(String::new, |first| format!("{first}{}", "*".repeat(name.chars().count().clamp(2, 4) - 1)))
}

/// A customer as far as the caller has been verified.
fn shown(customer: &Summary, level: Level) -> Value {
    if level == Level::None {
        return json!({
            "id": customer.id, "name": masked_name(&customer.name), "phone": mask_phone(&customer.phone), "kind": customer.kind,
            "masked": true,
        });
    }
    let certificate = kernel::mask_certificate(&customer.certificate);
    json!({
        "id": customer.id, "name": customer.name, "phone": mask_phone(&customer.phone), "kind": customer.kind,
        "customerNo": customer.customer_no, "grade": customer.grade, "certificate": certificate, "status": customer.status,
        "manager": customer.manager, "masked": false,
    })
}

fn view(tx: &mut Tx<'_>, call: &Call) -> Result<Value> {
    let customer = match &call.customer_id {
        Some(id) => Some(shown(&customer::summary(tx, id)?, call.level)),
        None => None,
    };
    let mut matches = Vec::new();
    if call.customer_id.is_none() && !call.number.is_empty() {
        for found in customer::find(tx, &call.number, 6)? {
            matches.push(shown(&found.customer, Level::None));
        }
    }
    let leaving = match &call.customer_id {
        Some(id) => {
            !portability::code::of_customer(tx, id)?.is_empty()
                || !portability::port_out::of_customer(tx, id)?.is_empty()
        }
        None => false,
    };
    let before = match &call.customer_id {
        Some(id) => recent(tx, id, &call.id)?,
        None => Vec::new(),
    };
    Ok(json!({
        "id": call.id, "number": mask_phone(&call.number), "state": call.state, "level": call.level.text(), "methods": call.methods,
        "failures": call.failures, "beganAt": call.began_at, "verifiedAt": call.verified_at, "endedAt": call.ended_at,
        "customerId": call.customer_id, "customer": customer, "matches": matches, "actions": answer::actions(tx, Some(call))?,
        "used": call.actions, "wrapCode": call.wrap_code, "summary": call.summary, "agentName": call.agent_name,
        "leaving": leaving, "recent": before,
    }))
}

/// The last calls of the customer, for whoever picks up the next one.
fn recent(tx: &mut Tx<'_>, customer_id: &str, but: &str) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    filter.equal("customer_id", customer_id);
    let text = format!(
        concat!("SELECT ", columns!(), " FROM hotline_call{} ORDER BY began_at DESC, id DESC LIMIT 6"),
        filter.to_where()
    );
    let rows = tx.query(&text, &filter.binds)?;
    let calls = rows.iter().map(read).collect::<Result<Vec<_>>>()?;
    Ok(calls.iter().filter(|c| c.id != but).take(5).map(line).collect())
}

fn line(call: &Call) -> Value {
    json!({
        "id": call.id, "number": mask_phone(&call.number), "agentName": call.agent_name, "beganAt": call.began_at, "endedAt": call.ended_at,
        "level": call.level.text(), "wrapCode": call.wrap_code, "summary": call.summary, "customerId": call.customer_id, "state": call.state,
    })
}

async fn desk(ctx: Ctx) -> Answer {
    let body = ctx.app.db().read(seeing(&ctx.actor), |tx| {
        let agent = tx.actor().id.to_string();
        let open = match call::open_of(tx, &agent)? {
            Some(open) => Some(view(tx, &open)?),
            None => None,
        };
        Ok(json!({
            "call": open, "methods": verify::methods(tx)?, "actions": answer::actions(tx, None)?, "scripts": script::all(tx)?,
            "wraps": script::wraps(tx)?, "answerSeconds": verify::setting(tx, "answer.target_seconds")?,
        }))
    });
    Ok(Reply::ok(&body.await?))
}

async fn save_script(ctx: Ctx, Path(topic): Path<String>, body: Body<Script>) -> Answer {
    let (script, if_match) = (body.value, ctx.if_match.clone());
    let all = ctx.write(move |tx| {
        script::save(tx, &topic, &script, |version| http::check_version(if_match.as_deref(), version))?;
        script::all(tx)
    });
    Ok(Reply::ok(&all.await?))
}

#[derive(Clone, Deserialize)]
struct Begin {
    number: String,
}

async fn begin(mut ctx: Ctx, body: Body<Begin>) -> Answer {
    let number = Phone::parse(&body.value.number)?.national().to_owned();
    ctx.actor = seeing(&ctx.actor);
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let call = call::begin(tx, &number)?;
        Ok(Reply::json(201, &view(tx, &call)?))
    });
    Ok(reply.await?)
}

async fn list(ctx: Ctx) -> Answer {
    let (customer, mine) = (ctx.parameter("customerId"), ctx.parameter("mine").is_some());
    let paging = ctx.paging(50, 200)?;
    let rows = ctx.read(move |tx| {
        let mut filter = Filter::default();
        filter.scope("org", tx.actor());
        if let Some(id) = &customer {
            filter.equal("customer_id", id.as_str());
        }
        if mine {
            let id = tx.actor().id.to_string();
            filter.equal("agent_id", id);
        }
        let (limit, offset) = (filter.bind(paging.limit), filter.bind(paging.offset));
        let text = format!(
            concat!("SELECT ", columns!(), " FROM hotline_call{} ORDER BY began_at DESC, id DESC LIMIT {} OFFSET {}"),
            filter.to_where(),
            limit,
            offset
        );
        let rows = tx.query(&text, &filter.binds)?;
        rows.iter().map(|r| read(r).map(|c| line(&c))).collect::<Result<Vec<Value>>>()
    });
    Ok(Reply::ok(&rows.await?))
}

async fn one(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let body = ctx.app.db().read(seeing(&ctx.actor), move |tx| {
        let call = call::one(tx, &id)?;
        if call.agent_id != *tx.actor().id {
            return Ok(line(&call));
        }
        view(tx, &call)
    });
    Ok(Reply::ok(&body.await?))
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Choose {
    customer_id: String,
}

async fn choose(mut ctx: Ctx, Path(id): Path<String>, body: Body<Choose>) -> Answer {
    let customer = body.value.customer_id;
    ctx.actor = seeing(&ctx.actor);
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let mut call = call::own(tx, &id)?;
        call.choose(tx, &customer)?;
        Ok(Reply::ok(&view(tx, &call)?))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
struct Try {
    method: String,
    #[serde(default)]
    value: String,
}

/// Not under an Idempotency-Key: each try counts. A wrong one is kept before it is refused.
async fn verify_caller(ctx: Ctx, Path(id): Path<String>, body: Body<Try>) -> Answer {
    let ask = body.value;
    let tried = ctx.app.db().write(seeing(&ctx.actor), move |tx| {
        let mut call = call::own(tx, &id)?;
        let seen = customer::summary(tx, call.customer()?)?;
        match verify::attempt(tx, &mut call, &seen, &ask.method, &ask.value)? {
            Verdict::Right => Ok(Ok(view(tx, &call)?)),
            Verdict::Wrong(problem) => Ok(Err(problem)),
        }
    });
    match tried.await? {
        Ok(shown) => Ok(Reply::ok(&shown)),
        Err(problem) => Err(problem.into()),
    }
}

async fn act(mut ctx: Ctx, Path((id, action)): Path<(String, String)>, body: Body<Value>) -> Answer {
    let lang = ctx.lang;
    ctx.actor = seeing(&ctx.actor);
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let mut call = call::own(tx, &id)?;
        let seen = customer::summary(tx, call.customer()?)?;
        let answer = answer::answer(tx, &mut call, &seen, &action, lang)?;
        Ok(Reply::ok(&json!({"answer": answer, "call": view(tx, &call)?})))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wrap {
    #[serde(default)]
    wrap_code: String,
    #[serde(default)]
    summary: String,
}

async fn wrap(ctx: Ctx, Path(id): Path<String>, body: Body<Wrap>) -> Answer {
    let ask = body.value;
    if ask.wrap_code.is_empty() {
        return Err(Problem::new(&problems::WRAP).field("wrapCode").into());
    }
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let mut call = call::own(tx, &id)?;
        call.wrap(tx, &ask.wrap_code, &ask.summary)?;
        Ok(Reply::ok(&line(&call)))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
struct NewPassword {
    #[serde(default)]
    password: String,
}

async fn set_password(ctx: Ctx, Path(id): Path<String>, body: Body<NewPassword>) -> Answer {
    let password = body.value.password;
    ctx.app.db().write(seeing(&ctx.actor), move |tx| verify::set_password(tx, &id, &password)).await?;
    Ok(Reply::no_content())
}
