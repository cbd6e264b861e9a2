//! Satisfaction: what a customer answered when asked, by survey. Answers are recorded as they were given; averages are made
//! where they are shown.

use crate::{READ, WRITE};
use customer::problems;
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Problem, Result, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Tx, params, sql};

/// A survey that is asked: its name, its titles, its least and best score.
pub struct Survey {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub least: i64,
    pub best: i64,
}

const fn survey(name: &'static str, zh: &'static str, en: &'static str, least: i64, best: i64) -> Survey {
    Survey { name, zh, en, least, best }
}

/// The surveys of the house. The recommendation question is asked from 0 to 10 as everywhere, the others from 1 to 5.
pub const SURVEYS: [Survey; 7] = [
    survey("overall", "总体满意度", "Overall satisfaction", 1, 5),
    survey("service", "服务满意度", "Service", 1, 5),
    survey("network", "网络质量", "Network quality", 1, 5),
    survey("price", "资费满意度", "Price", 1, 5),
    survey("complaint", "投诉处理满意度", "Handling of complaints", 1, 5),
    survey("brand", "品牌印象", "Brand image", 1, 5),
    survey("recommend", "推荐意愿", "Would recommend us", 0, 10),
];

const CHANNELS: [&str; 6] = ["hall", "hotline", "online", "sms", "visit", "other"];
const LONGEST: usize = 1_000;

/// An answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Satisfaction {
    pub id: String,
    pub survey: String,
    pub score: i64,
    pub scale: i64,
    pub at: Timestamp,
    pub comment: String,
    pub channel: String,
    pub operator: String,
}

sql! {
    INSERT = "INSERT INTO satisfaction (id, customer_id, org, at, survey, score, scale, comment, channel, about_type, about_id, \
              operator, operator_name) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
    OF_CUSTOMER = "SELECT id, survey, score, scale, at, comment, channel, operator_name FROM satisfaction WHERE customer_id = $1 \
                   ORDER BY id DESC LIMIT $2";
}

/// A customer's answers, newest first. The caller has made sure that the customer may be seen.
pub fn satisfaction_of(tx: &mut Tx<'_>, customer_id: &str, limit: i64) -> Result<Vec<Satisfaction>> {
    let answer = |r: &store::Row| Satisfaction {
        id: r.text(0),
        survey: r.text(1),
        score: r.int(2),
        scale: r.int(3),
        at: r.time(4),
        comment: r.text(5),
        channel: r.text(6),
        operator: r.text(7),
    };
    Ok(tx.query(&OF_CUSTOMER, params![customer_id, limit])?.iter().map(answer).collect())
}

impl Satisfaction {
    pub fn to_json(&self) -> Value {
        let known = SURVEYS.iter().find(|s| s.name == self.survey);
        let title = known
            .map_or_else(|| json!({"zh-CN": self.survey, "en": self.survey}), |s| json!({"zh-CN": s.zh, "en": s.en}));
        json!({
            "id": self.id, "survey": self.survey, "title": title, "score": self.score, "scale": self.scale, "at": self.at,
            "comment": self.comment, "channel": self.channel, "operator": self.operator,
        })
    }
}

pub(crate) fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/surveys", Access::Needs(READ), surveys)
            .doc("The surveys that are asked, with their scales"),
        Route::get("/api/v1/customers/{id}/satisfaction", Access::Needs(READ), list)
            .doc("What a customer answered, newest first")
            .parameter("limit", "at most 200"),
        Route::post("/api/v1/customers/{id}/satisfaction", Access::Needs(WRITE), add)
            .doc("Record an answer")
            .body(json!({"survey": "service", "score": 4, "comment": "办得很快", "channel": "hall"})),
    ]
}

async fn surveys(_: Ctx) -> Answer {
    let row =
        |s: &Survey| json!({"name": s.name, "title": {"zh-CN": s.zh, "en": s.en}, "least": s.least, "best": s.best});
    Ok(Reply::ok(&SURVEYS.iter().map(row).collect::<Vec<_>>()))
}

async fn list(ctx: Ctx, Path(id): Path<String>) -> Answer {
    let limit = ctx.paging(50, 200)?.limit;
    let answers = ctx
        .read(move |tx| {
            customer::summary(tx, &id)?;
            satisfaction_of(tx, &id, limit)
        })
        .await?;
    Ok(Reply::ok(&answers.iter().map(Satisfaction::to_json).collect::<Vec<_>>()))
}

#[derive(Clone, Deserialize)]
struct Ask {
    #[serde(default)]
    survey: String,
    score: Option<i64>,
    #[serde(default)]
    comment: String,
    #[serde(default)]
    channel: String,
    about: Option<About>,
}

#[derive(Clone, Deserialize)]
struct About {
    #[serde(rename = "type", default)]
    kind: String,
    #[serde(default)]
    id: String,
}

async fn add(ctx: Ctx, Path(id): Path<String>, body: Body<Ask>) -> Answer {
    let ask = body.value;
    if ask.survey.is_empty() {
        return Err(Problem::missing("survey").into());
    }
    let survey =
        SURVEYS.iter().find(|s| s.name == ask.survey).ok_or_else(|| Problem::invalid("survey", &ask.survey))?;
    let score = ask.score.ok_or_else(|| Problem::missing("score"))?;
    if score < survey.least || score > survey.best {
        let range = format!("{}–{}", survey.least, survey.best);
        return Err(Problem::invalid("score", &range).into());
    }
    if ask.comment.chars().count() > LONGEST {
        return Err(Problem::new(&problems::TOO_LONG).field("comment").with("limit", &LONGEST.to_string()).into());
    }
    let channel = if ask.channel.is_empty() { "hall".to_owned() } else { ask.channel };
    if !CHANNELS.contains(&channel.as_str()) {
        return Err(Problem::invalid("channel", &CHANNELS.join(" | ")).into());
    }
    let (about_type, about_id) = ask.about.map_or_else(Default::default, |a| (a.kind, a.id));
    if about_type.len() > 64 || about_id.len() > 64 {
        return Err(Problem::invalid("about", "≤ 64").into());
    }
    let comment = ask.comment;
    let reply = ctx.create(&body.fingerprint, move |tx| {
        let customer = customer::summary(tx, &id)?;
        let answer = tx.new_id::<Satisfaction>().into_string();
        let actor = tx.actor().clone();
        let values = params![
            answer,
            id,
            customer.org,
            tx.now(),
            survey.name,
            score,
            survey.best,
            comment,
            channel,
            about_type,
            about_id,
            &*actor.id,
            &*actor.name
        ];
        tx.execute(&INSERT, values)?;
        let event = Event::new("SatisfactionCreateEvent", "customer", &id, customer.version, &customer.org);
        let payload =
            json!({"satisfaction": {"id": answer, "survey": survey.name, "score": score, "scale": survey.best}});
        tx.emit(event.topic(format!("customer:{id}")).payload(payload))?;
        let href = format!("/api/v1/customers/{id}/satisfaction/{answer}");
        Ok(Reply::created(&href, &json!({"id": answer, "survey": survey.name, "score": score, "at": tx.now()})))
    });
    Ok(reply.await?)
}
