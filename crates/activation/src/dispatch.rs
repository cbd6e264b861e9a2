//! Telling activation systems what is due, beside the requests. One system that is slow or silent holds up nobody else.

use crate::{
    legacy,
    message::{Message, Wanted, bell, book, load, lock, save, trace},
    route::{LEGACY97, TMF641},
    southbound::{self, client},
};
use http::App;
use inventory::products;
use kernel::{Actor, Result};
use serde_json::{Value, json};
use std::time::Duration;
use store::{Tx, params, sql};
use tokio::task::JoinSet;

/// Messages told at once.
const MOST: usize = 16;
/// A message taken to be told is due again after this, should its process die.
const LEASE: i64 = 60;
/// Looks this often even when nobody rings: files come without a bell.
const POLL: Duration = Duration::from_millis(400);

sql! {
    DUE = "SELECT id FROM activation_message WHERE due <= $1 ORDER BY due, id LIMIT $2 {skip_locked}";
    ANY = "SELECT COUNT(*) FROM activation_message WHERE due <= $1";
    TAKEN = "UPDATE activation_message SET due = $2 WHERE id = $1";
}

/// Runs for as long as the server does.
pub async fn run(app: App) {
    loop {
        if let Err(problem) = round(&app).await {
            tracing::error!(%problem, "messages to activation systems could not be sent");
            tokio::time::sleep(POLL).await;
        }
        let bell = bell(app.db());
        tokio::select! {
            () = app.stopped() => return,
            () = bell.0.notified() => {}
            () = tokio::time::sleep(POLL) => {}
        }
    }
}

/// One pass over everything that is due, in both directions and on both built-in systems. Returns how much there was.
pub async fn round(app: &App) -> Result<usize> {
    let mut done = tell_due(app).await?;
    done += legacy::exchange::round(app).await?;
    done += southbound::peer::round(app).await?;
    done += legacy::peer::round(app).await?;
    Ok(done)
}

async fn tell_due(app: &App) -> Result<usize> {
    let any = app.db().peek(Actor::system(), |tx| Ok(tx.query_one(&ANY, params![tx.now()])?.int(0) > 0));
    if !any.await? {
        return Ok(0);
    }
    let taken = app.db().write(Actor::system(), |tx| {
        let now = tx.now();
        let ids: Vec<String> = tx.query(&DUE, params![now, MOST])?.iter().map(|r| r.text(0)).collect();
        let mut taken = Vec::with_capacity(ids.len());
        for id in ids {
            tx.execute(&TAKEN, params![id, now.plus_seconds(LEASE)])?;
            taken.push(load(tx, &id)?);
        }
        Ok(taken)
    });
    let taken = taken.await?;
    let count = taken.len();
    let mut under_way = JoinSet::new();
    for message in taken {
        let app = app.clone();
        under_way.spawn(async move {
            let id = message.id.clone();
            if let Err(problem) = tell(&app, message).await {
                tracing::error!(message = %id, %problem, "a message could not be told; it is tried again");
            }
        });
    }
    while under_way.join_next().await.is_some() {}
    Ok(count)
}

async fn tell(app: &App, message: Message) -> Result<()> {
    let id = message.id.clone();
    match message.system.as_str() {
        LEGACY97 if legacy::configured(app.db()).is_some() => {
            app.db().write(Actor::system(), move |tx| legacy::exchange::tell(tx, &id)).await
        }
        TMF641 => tell_tmf641(app, message).await,
        other => {
            let why = format!("{other}: no directory");
            app.db().write(Actor::system(), move |tx| book::unanswered(tx, &id, false, &why)).await
        }
    }
}

async fn tell_tmf641(app: &App, mut message: Message) -> Result<()> {
    if message.wanted == Wanted::Nothing {
        message.wanted = Wanted::Ask;
    }
    let asked = message.clone();
    let body = app.db().peek(Actor::system(), move |tx| with_secrets(tx, &asked.payload)).await?;
    let reply = client::tell(app, &message, body).await?;
    app.db().write(Actor::system(), move |tx| heard(tx, &message, &reply)).await
}

fn heard(tx: &mut Tx<'_>, message: &Message, reply: &client::Reply) -> Result<()> {
    let kind = message.wanted.text();
    let sent = match message.wanted {
        Wanted::Submit | Wanted::Amend => message.payload.to_string(),
        Wanted::Cancel | Wanted::Ask | Wanted::Nothing => json!({"externalId": message.id}).to_string(),
    };
    if !matches!(reply, client::Reply::Silence { uncertain: false, .. }) && kind == "submit" {
        let mut now = lock(tx, &message.id)?;
        if now.submitted_at.is_none() {
            now.submitted_at = Some(tx.now());
            save(tx, &now)?;
        }
    }
    match reply {
        client::Reply::Said(said) => {
            let verdict = book::book(tx, said)?;
            let summary = format!("{:?} · {verdict} · {}", said.answer, said.detail);
            trace(tx, &message.id, "out", kind, &summary, &sent)?;
            next(tx, message)
        }
        client::Reply::Still(_) => {
            trace(tx, &message.id, "out", kind, "under way", &sent)?;
            book::still(tx, &message.id)
        }
        client::Reply::Silence { uncertain, why } => {
            trace(tx, &message.id, "out", kind, &format!("no answer: {why}"), &sent)?;
            book::unanswered(tx, &message.id, *uncertain, why)
        }
    }
}

/// After an answer that leaves the order under way it is asked again in a while.
fn next(tx: &mut Tx<'_>, asked: &Message) -> Result<()> {
    let now = lock(tx, &asked.id)?;
    let unchanged = now.state == asked.state && now.wanted == asked.wanted && now.version == asked.version;
    if unchanged && !now.state.ended() && asked.wanted == Wanted::Ask {
        return book::still(tx, &asked.id);
    }
    Ok(())
}

/// The order with the passwords that its items need; they are in no record of ours.
fn with_secrets(tx: &mut Tx<'_>, payload: &Value) -> Result<Value> {
    let mut body = payload.clone();
    for item in body["serviceOrderItem"].as_array_mut().into_iter().flatten() {
        let Some(product) = item["service"]["id"].as_str().filter(|_| item["target"] == "radius") else { continue };
        let secret = match products::secret(tx, product) {
            Ok(secret) => secret,
            Err(p) if p.is(&kernel::codes::NOT_FOUND) => None,
            Err(p) => return Err(p),
        };
        if let (Some(secret), Some(all)) = (secret, item["service"]["serviceCharacteristic"].as_array_mut()) {
            all.push(json!({"name": "password", "value": secret}));
        }
    }
    Ok(body)
}
