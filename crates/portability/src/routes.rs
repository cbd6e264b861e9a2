//! The porting desk, and the built-in central system's page.

use crate::{
    READ, RULES, SIMULATE, WRITE, centre,
    code::{self, Way},
    eligibility::{self, Claim},
    home, network_of, port_in, port_out, problems, seeing, setting,
    simulator::{self, Behaviour, Subscriber},
};
use flow::fallout;
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{OrgPath, Phone, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::Event;

pub fn routes() -> Vec<Route> {
    let base = "/api/v1/portability";
    vec![
        Route::get(format!("{base}/rules"), Access::Needs(READ), rules)
            .doc("Figures, reasons, prohibitions and operators, each with its source"),
        Route::put(format!("{base}/rules/{{name}}"), Access::Needs(RULES), set_rule)
            .doc("Set a figure within what the law leaves open")
            .body(json!({"value": 5, "source": "…"})),
        Route::get(format!("{base}/whereabouts"), Access::Needs(READ), whereabouts)
            .doc("Whose a number is: before it is ported in")
            .parameter("number", "the number"),
        Route::get(format!("{base}/eligibility"), Access::Needs(READ), eligible)
            .doc("May a number leave, and what would it cost its user: every reason at once")
            .parameter("number", "the number")
            .parameter("name", "of who says to be the holder")
            .parameter("certificate", "of who says to be the holder"),
        Route::get(format!("{base}/port-codes"), Access::Needs(READ), codes).doc("Authorisation codes given, newest first"),
        Route::post(format!("{base}/port-codes"), Access::Needs(WRITE), give_code)
            .doc("Give an authorisation code; it goes to the number itself by message")
            .body(json!({"number": "13900138000", "name": "张伟", "certificate": "440103199003078515", "confirmed": true, "channel": "hall"})),
        Route::get(format!("{base}/port-ins"), Access::Needs(READ), ins)
            .doc("Numbers on their way in, newest first")
            .parameter("state", "prepared, requested, accepted, refused, effective, cancelled, returned")
            .parameter("number", "this number only"),
        Route::get(format!("{base}/port-ins/{{id}}"), Access::Needs(READ), one_in).doc("A port in with its notices"),
        Route::post(format!("{base}/port-ins/{{id}}/code"), Access::Needs(WRITE), new_code)
            .doc("A new code after a refusal; the order goes on with it")
            .body(json!({"code": "123456"})),
        Route::post(format!("{base}/port-ins/{{id}}/return"), Access::Needs(WRITE), give_up)
            .doc("Return a number that came in and got no line: its user loses it")
            .body(json!({"reason": "客户放弃"})),
        Route::get(format!("{base}/port-outs"), Access::Needs(READ), outs)
            .doc("Numbers on their way out, newest first")
            .parameter("state", "refused, accepted, cancelled, effective, closing, closed")
            .parameter("number", "this number only"),
        Route::get(format!("{base}/port-outs/{{id}}"), Access::Needs(READ), one_out).doc("A port out with its notices"),
        Route::get("/api/v1/customers/{id}/portability", Access::Needs(READ), of_customer)
            .doc("Is the customer about to take a number away: then nobody may interfere"),
        Route::get(format!("{base}/simulator"), Access::Needs(SIMULATE), show).doc("The built-in central system"),
        Route::put(format!("{base}/simulator"), Access::Needs(SIMULATE), behave)
            .doc("How the built-in central system and other operators behave")
            .body(json!({"donorSeconds": 5, "noticeTwice": true})),
        Route::post(format!("{base}/simulator/subscribers"), Access::Needs(SIMULATE), subscribe)
            .doc("A user of another operator, with a code")
            .body(json!({"number": "18600001111", "operator": "003", "name": "张伟", "certificate": "440103199003078515", "network": "4401", "code": "654321"})),
        Route::post(format!("{base}/simulator/requests"), Access::Needs(SIMULATE), other_recipient)
            .doc("Another operator asks for a number of ours, with the code its user got")
            .body(json!({"number": "13900138000", "recipient": "002", "certificate": "440103199003078515", "code": "654321", "network": "4401"})),
        Route::post(format!("{base}/simulator/requests/{{id}}/cancel"), Access::Needs(SIMULATE), other_cancel)
            .doc("The other operator takes its request back")
            .body(json!({})),
        Route::post(format!("{base}/simulator/returns"), Access::Needs(SIMULATE), other_returns)
            .doc("The other operator's user has left: the number goes home")
            .body(json!({"number": "13900138000", "from": "002"})),
    ]
}

fn national(ctx: &Ctx) -> Result<String> {
    let text = ctx.parameter("number").ok_or_else(|| Problem::missing("number"))?;
    Ok(Phone::parse(&text)?.national().to_owned())
}

fn filter(ctx: &Ctx) -> String {
    let text = ctx.parameter("number").unwrap_or_default();
    Phone::parse(&text).map_or(text, |p| p.national().to_owned())
}

async fn rules(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.peek(setting::rules).await?))
}

#[derive(Deserialize)]
struct Figure {
    value: i64,
    #[serde(default)]
    source: String,
}

/// The figures hold for everybody, so only who sees everything may set them.
async fn set_rule(ctx: Ctx, Path(name): Path<String>, body: Body<Figure>) -> Answer {
    if !ctx.actor.scope.is_root() {
        return Err(Problem::not_found().into());
    }
    let Figure { value, source } = body.value;
    let rules = ctx.write(move |tx| setting::set(tx, &name, value, &source).and_then(|()| setting::rules(tx)));
    Ok(Reply::ok(&rules.await?))
}

/// Whose a number is, and whether it can be ported in here at all.
async fn whereabouts(ctx: Ctx) -> Answer {
    let number = national(&ctx)?;
    let centre = centre::centre(&ctx.app).await.map_err(|f| f.problem)?;
    let found = centre.whereabouts(number.clone()).await.map_err(|f| f.problem)?;
    let found = found.ok_or_else(|| Problem::new(&problems::NUMBER_UNKNOWN).with("number", &number))?;
    let here = network_of(&ctx.actor.org).to_owned();
    let (own, owner, home) = ctx
        .peek({
            let (owner, home) = (found.owner.clone(), found.home.clone());
            move |tx| Ok((setting::own(tx)?, setting::operator(tx, &owner)?, setting::operator(tx, &home)?))
        })
        .await?;
    let problem = if found.owner == own {
        Some(Problem::new(&problems::OWN_NUMBER).with("number", &number))
    } else if !here.is_empty() && found.network != here {
        Some(Problem::new(&problems::NUMBER_ABROAD).with("number", &number).with("value", &found.network))
    } else {
        None
    };
    let lang = ctx.lang;
    Ok(Reply::ok(&json!({
        "number": number,
        "owner": {"code": found.owner, "zh": owner.0, "en": owner.1},
        "home": {"code": found.home, "zh": home.0, "en": home.1},
        "network": found.network,
        "problem": problem.map(|p| json!({"code": p.code.id, "reason": p.reason(lang), "message": p.help(lang)})),
    })))
}

async fn eligible(ctx: Ctx) -> Answer {
    let number = national(&ctx)?;
    let claim = match (ctx.parameter("name"), ctx.parameter("certificate")) {
        (Some(name), Some(certificate)) => Some(Claim { name, certificate }),
        (None, None) => None,
        _ => return Err(Problem::missing("certificate").into()),
    };
    let shown = ctx.app.db().read(seeing(&ctx.actor), move |tx| {
        let standing = eligibility::check(tx, &number, claim.as_ref())?;
        standing.to_json(tx)
    });
    Ok(Reply::ok(&shown.await?))
}

async fn codes(ctx: Ctx) -> Answer {
    let (number, limit) = (filter(&ctx), ctx.paging(50, 200)?.limit);
    Ok(Reply::ok(&ctx.read(move |tx| code::list(tx, &number, limit)).await?))
}

#[derive(Clone, Deserialize)]
struct CodeAsk {
    number: String,
    name: String,
    certificate: String,
    #[serde(default)]
    confirmed: bool,
    #[serde(default)]
    channel: String,
}

/// At the desk the user confirms in the same breath; without it nothing is given.
async fn give_code(mut ctx: Ctx, body: Body<CodeAsk>) -> Answer {
    let ask = body.value;
    let number = Phone::parse(&ask.number)?.national().to_owned();
    if ask.name.trim().is_empty() || ask.certificate.trim().is_empty() {
        return Err(Problem::missing(if ask.name.trim().is_empty() { "name" } else { "certificate" }).into());
    }
    if !ask.confirmed {
        return Err(Problem::new(&problems::NOT_CONFIRMED).field("confirmed").into());
    }
    let channel = match ask.channel.as_str() {
        "hotline" => "hotline",
        _ => "hall",
    };
    ctx.actor = seeing(&ctx.actor);
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let claim = Claim { name: ask.name.clone(), certificate: ask.certificate.clone() };
        let standing = eligibility::check(tx, &number, Some(&claim))?;
        let made = code::ask(tx, &standing, Way { channel, confirmed: true })?;
        Ok(Reply::json(201, &made.to_json()))
    });
    Ok(reply.await?)
}

async fn ins(ctx: Ctx) -> Answer {
    let (state, number, limit) = (ctx.parameter("state").unwrap_or_default(), filter(&ctx), ctx.paging(50, 200)?.limit);
    Ok(Reply::ok(&ctx.read(move |tx| port_in::list(tx, &state, &number, limit)).await?))
}

async fn one_in(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| port_in::detail(tx, &id)).await?))
}

#[derive(Deserialize)]
struct NewCode {
    #[serde(default)]
    code: String,
}

/// The refused step is tried again with the new code.
async fn new_code(ctx: Ctx, Path(id): Path<String>, body: Body<NewCode>) -> Answer {
    let given = body.value.code;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let mut port = port_in::lock(tx, &id)?;
        port.renew(tx, &given)?;
        let wanted = fallout::Wanted { state: "open".into(), subject_id: port.order_id.clone(), ..Default::default() };
        for item in fallout::list(tx, &wanted, 0, 50)?.0.iter().filter(|f| f.name.starts_with("port-")) {
            fallout::act(tx, &item.id, fallout::Verb::Retry, "新授权码")?;
        }
        Ok(Reply::ok(&port_in::detail(tx, &id)?))
    });
    Ok(reply.await?)
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn give_up(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason.trim().to_owned();
    if reason.is_empty() {
        return Err(Problem::new(&flow::problems::REASON_MISSING).field("reason").into());
    }
    home::give_up(&ctx.app, ctx.actor.clone(), &id, &reason).await?;
    Ok(Reply::ok(&ctx.read(move |tx| port_in::detail(tx, &id)).await?))
}

async fn outs(ctx: Ctx) -> Answer {
    let (state, number, limit) = (ctx.parameter("state").unwrap_or_default(), filter(&ctx), ctx.paging(50, 200)?.limit);
    Ok(Reply::ok(&ctx.read(move |tx| port_out::list(tx, &state, &number, limit)).await?))
}

async fn one_out(ctx: Ctx, Path(id): Path<String>) -> Answer {
    Ok(Reply::ok(&ctx.read(move |tx| port_out::detail(tx, &id)).await?))
}

async fn of_customer(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let shown = ctx.read(move |tx| {
        customer::summary(tx, &id)?;
        let codes: Vec<Value> = code::of_customer(tx, &id)?
            .iter()
            .map(
                |c| json!({"number": kernel::mask_phone(&c.number), "validUntil": c.valid_until, "channel": c.channel}),
            )
            .collect();
        let outs = port_out::of_customer(tx, &id)?;
        Ok(json!({"leaving": !codes.is_empty() || !outs.is_empty(), "codes": codes, "outs": outs}))
    });
    Ok(Reply::ok(&shown.await?))
}

async fn show(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(simulator::memory::overview).await?))
}

fn set(what: &str) -> Event {
    Event::new("PortabilitySimulatorChangeEvent", "simulator", what, 1, &OrgPath::root())
}

async fn behave(ctx: Ctx, body: Body<Behaviour>) -> Answer {
    let how = body.value;
    let shown = ctx.write(move |tx| {
        simulator::behave(tx, &how)?;
        tx.emit(set("behaviour"))?;
        simulator::memory::overview(tx)
    });
    Ok(Reply::ok(&shown.await?))
}

async fn subscribe(ctx: Ctx, body: Body<Subscriber>) -> Answer {
    let mut subscriber = body.value;
    subscriber.number = Phone::parse(&subscriber.number)?.national().to_owned();
    let reply = ctx.create(&body.fingerprint, move |tx| {
        if setting::own(tx)? == subscriber.operator {
            return Err(Problem::invalid("operator", &subscriber.operator));
        }
        simulator::subscribe(tx, &subscriber)?;
        tx.emit(set("subscriber"))?;
        Ok(Reply::json(201, &json!({"number": subscriber.number, "operator": subscriber.operator})))
    });
    Ok(reply.await?)
}

#[derive(Clone, Deserialize)]
struct OtherAsk {
    number: String,
    recipient: String,
    certificate: String,
    code: String,
    network: String,
}

async fn other_recipient(ctx: Ctx, body: Body<OtherAsk>) -> Answer {
    let ask = body.value;
    let number = Phone::parse(&ask.number)?.national().to_owned();
    let reply = ctx.create(&body.fingerprint, move |tx| {
        if setting::own(tx)? == ask.recipient {
            return Err(Problem::invalid("recipient", &ask.recipient));
        }
        let id = tx.new_id::<OtherAsk>().into_string();
        let submission =
            centre::Submission::by_code(&id, &number, &ask.recipient, &ask.network, &ask.code, &ask.certificate);
        let status = simulator::memory::submit(tx, &submission)?.0;
        tx.emit(set("request"))?;
        Ok(Reply::json(201, &status))
    });
    Ok(reply.await?)
}

async fn other_cancel(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let status = ctx.write(move |tx| {
        if simulator::memory::request(tx, &id)?.is_none() {
            return Err(Problem::not_found());
        }
        let status = simulator::memory::cancel(tx, &id, "")?;
        tx.emit(set("request"))?;
        Ok(status)
    });
    Ok(Reply::ok(&status.await?))
}

#[derive(Clone, Deserialize)]
struct Return {
    number: String,
    from: String,
}

async fn other_returns(ctx: Ctx, body: Body<Return>) -> Answer {
    let ask = body.value;
    let number = Phone::parse(&ask.number)?.national().to_owned();
    let reply = ctx.create(&body.fingerprint, move |tx| {
        if !simulator::memory::give_back(tx, &number, &ask.from)? {
            return Err(Problem::new(&problems::NUMBER_UNKNOWN).with("number", &number));
        }
        tx.emit(set("return"))?;
        Ok(Reply::ok(&json!({"number": number})))
    });
    Ok(reply.await?)
}
