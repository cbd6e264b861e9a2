//! Message records for the desk, texts, wishes of customers, and the gateway's door.

use crate::{
    Channel, GATEWAY, OPERATE, PREFER, READ, REVEAL, WRITE, Wanted, counts, gateway, list,
    preference::{self, Preference},
    retry, reveal, sent, template, waiting,
};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Problem, codes};
use serde::Deserialize;
use serde_json::{Value, json};

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/messages", Access::Needs(READ), all)
            .doc("Messages to and from customers, newest first, codes masked")
            .parameter("number", "of this number only")
            .parameter("customerId", "of this customer only")
            .parameter("state", "in this state only")
            .parameter("channel", "sms or mail")
            .parameter("purpose", "whose purpose begins so, such as dunning")
            .parameter("limit", "at most 200"),
        Route::get("/api/v1/messages/summary", Access::Needs(READ), summary)
            .doc("How many messages of the last seven days stand where, and what is known of the gateways"),
        Route::post("/api/v1/messages/{id}/reveal", Access::Needs(REVEAL), show)
            .doc("A message in clear; audited")
            .body(json!({"reason": "客户称未收到"})),
        Route::post("/api/v1/messages/{id}/retry", Access::Needs(OPERATE), again)
            .doc("Send a message after all that failed, expired or did not arrive"),
        Route::get("/api/v1/message-templates", Access::Needs(READ), texts)
            .doc("All kinds of messages with their texts"),
        Route::put("/api/v1/message-templates/{code}", Access::Needs(WRITE), save_text)
            .doc("Change a text; what it may not speak of, what it leaves out and advertising are refused")
            .body(json!({"lang": "zh", "channel": "sms", "subject": "", "body": "您的号码{number}欠费{amount}元。"})),
        Route::post("/api/v1/message-templates/{code}/preview", Access::Needs(READ), preview)
            .doc("A text filled with example values: its length and how many parts it takes")
            .body(json!({"body": "您的号码{number}欠费{amount}元。"})),
        Route::get("/api/v1/customers/{id}/message-preference", Access::Needs(READ), wishes)
            .doc("What a customer wants to get at a number")
            .parameter("number", "the number or address; without it the customer's telephone"),
        Route::put("/api/v1/customers/{id}/message-preference", Access::Needs(PREFER), wish)
            .doc("What a customer wants to get; what is owed to customers by law is sent in any case")
            .body(json!({"number": "13900138000", "business": false, "marketing": false, "lang": "zh"})),
        Route::get("/api/v1/messages/outbound", Access::Needs(GATEWAY), outbound)
            .doc("What waits to be sent, in clear, oldest first: for the message gateway")
            .parameter("limit", "at most 500"),
        Route::post("/api/v1/messages/outbound/sent", Access::Needs(GATEWAY), confirm)
            .doc("The gateway has sent these: they are not handed out again")
            .body(json!({"ids": ["0190f0a0-…"]})),
    ]
}

async fn all(ctx: Ctx) -> Answer {
    let text = |name: &str| ctx.parameter(name).unwrap_or_default();
    let paging = ctx.paging(50, 200)?;
    let wanted = Wanted {
        number: text("number"),
        customer: text("customerId"),
        state: text("state"),
        channel: text("channel"),
        purpose: text("purpose"),
        offset: paging.offset,
        limit: paging.limit,
    };
    Ok(Reply::ok(&ctx.read(move |tx| list(tx, &wanted)).await?))
}

async fn summary(ctx: Ctx) -> Answer {
    let from = ctx.now().plus_seconds(-7 * 86_400);
    let counted = ctx.read(move |tx| counts(tx, from)).await?;
    Ok(Reply::ok(&json!({"counts": counted, "gateways": gateway::seen(ctx.app.db())})))
}

#[derive(Deserialize)]
struct Reason {
    #[serde(default)]
    reason: String,
}

async fn show(ctx: Ctx, Path(id): Path<String>, body: Body<Reason>) -> Answer {
    let reason = body.value.reason;
    let text = ctx.write(move |tx| reveal(tx, &id, &reason)).await?;
    Ok(Reply::ok(&json!({"text": text})))
}

async fn again(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let state = ctx.write(move |tx| retry(tx, &id)).await?;
    Ok(Reply::ok(&json!({"state": state})))
}

async fn texts(ctx: Ctx) -> Answer {
    Ok(Reply::ok(&ctx.read(template::kinds).await?))
}

#[derive(Deserialize)]
struct NewText {
    lang: String,
    channel: String,
    #[serde(default)]
    subject: String,
    body: String,
}

async fn save_text(ctx: Ctx, Path(code): Path<String>, body: Body<NewText>) -> Answer {
    let new = body.value;
    let channel = Channel::parse(&new.channel)?;
    let saved = ctx.write(move |tx| template::save(tx, &code, &new.lang, channel, &new.subject, &new.body)).await?;
    Ok(Reply::ok(&saved))
}

#[derive(Deserialize)]
struct Draft {
    body: String,
}

/// Values that a text looks real with.
const EXAMPLES: [(&str, &str); 14] = [
    ("name", "张伟"),
    ("number", "13900138000"),
    ("amount", "128.50"),
    ("due", "2026-10-31"),
    ("days", "12"),
    ("stopOn", "2026-12-01"),
    ("endOn", "2027-02-01"),
    ("until", "2026-12-05"),
    ("mean", "86.00"),
    ("cycle", "2026-11"),
    ("plan", "5G 畅享 129"),
    ("percent", "80"),
    ("left", "4 GB"),
    ("business", "补换卡"),
];

async fn preview(ctx: Ctx, Path(code): Path<String>, body: Body<Draft>) -> Answer {
    let draft = body.value.body;
    ctx.read(move |tx| template::kind(tx, &code)).await?;
    let mut values: Vec<(&str, String)> = EXAMPLES.iter().map(|(n, v)| (*n, (*v).to_owned())).collect();
    values.push(("order", "O20261122-000123".to_owned()));
    let text = template::fill(&draft, &values);
    let length = text.chars().count();
    let wide = !text.is_ascii();
    let (whole, part) = if wide { (70, 67) } else { (160, 153) };
    let parts = if length <= whole { 1 } else { length.div_ceil(part) };
    Ok(Reply::ok(
        &json!({"text": text, "length": length, "parts": parts, "alphabet": if wide { "UCS-2" } else { "GSM 7" }}),
    ))
}

/// The number asked about, or the customer's own; 404 where the customer is not to be seen.
fn number_of(tx: &mut store::Tx<'_>, id: &str, given: Option<&str>) -> kernel::Result<(String, kernel::OrgPath)> {
    let org = customer::summary(tx, id)?.org;
    let number = match given.filter(|n| !n.trim().is_empty()) {
        Some(number) => number.trim().to_owned(),
        None => customer::telephone(tx, id)?.ok_or_else(|| Problem::missing("number"))?,
    };
    if !number.contains('@') {
        kernel::Phone::parse(&number)?;
    }
    Ok((number, org))
}

fn shown(number: &str, wish: &Preference) -> Value {
    let masked = if number.contains('@') { crate::mask_mail(number) } else { kernel::mask_phone(number) };
    json!({"number": masked, "preference": wish})
}

async fn wishes(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let given = ctx.parameter("number");
    let (number, wish) = ctx
        .read(move |tx| {
            let (number, _) = number_of(tx, &id, given.as_deref())?;
            let wish = preference::of(tx, &number)?;
            Ok((number, wish))
        })
        .await?;
    Ok(Reply::ok(&shown(&number, &wish)))
}

#[derive(Deserialize)]
struct Wish {
    #[serde(default)]
    number: Option<String>,
    business: bool,
    #[serde(default)]
    marketing: bool,
    #[serde(default)]
    lang: Option<String>,
}

async fn wish(ctx: Ctx, Path(id): Path<String>, body: Body<Wish>) -> Answer {
    let ask = body.value;
    let lang = ask.lang.clone().unwrap_or_else(|| "zh".to_owned());
    if !["zh", "en"].contains(&lang.as_str()) {
        return Err(Problem::invalid("lang", "zh | en").into());
    }
    let (number, saved) = ctx
        .write(move |tx| {
            let (number, org) = number_of(tx, &id, ask.number.as_deref())?;
            let wish = Preference {
                lang: lang.clone(),
                business: ask.business,
                marketing: ask.marketing,
                channel: "page".into(),
                updated_by: String::new(),
            };
            let saved = preference::save(tx, &number, Some(&id), &org, &wish)?;
            Ok((number, saved))
        })
        .await?;
    Ok(Reply::ok(&shown(&number, &saved)))
}

/// The gateway sends for everybody, so only a token of the whole group may be one.
fn gateway_only(ctx: &Ctx) -> Result<(), Problem> {
    if ctx.actor.scope.is_root() {
        return Ok(());
    }
    Err(Problem::new(&codes::FORBIDDEN).with("permission", GATEWAY.name))
}

async fn outbound(ctx: Ctx) -> Answer {
    gateway_only(&ctx)?;
    let limit = ctx.paging(100, 500)?.limit;
    let rows = ctx.read(move |tx| waiting(tx, limit)).await?;
    let one = |(id, number, text): &(String, String, String)| json!({"id": id, "number": number, "text": text});
    Ok(Reply::ok(&rows.iter().map(one).collect::<Vec<Value>>()))
}

#[derive(Deserialize)]
struct Sent {
    ids: Vec<String>,
}

async fn confirm(ctx: Ctx, body: Body<Sent>) -> Answer {
    gateway_only(&ctx)?;
    let ids = body.value.ids;
    let taken = ctx.write(move |tx| sent(tx, &ids)).await?;
    Ok(Reply::ok(&json!({"taken": taken})))
}
