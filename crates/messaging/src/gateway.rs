//! The ways out: mail over SMTP, short messages over SMPP, each where it is configured. Without one, messages wait to be
//! fetched or for the configuration.
//!
//! The worker claims what is due, hands it over, books the end. A gateway that cannot be reached costs no message an attempt:
//! what was taken goes back, and the pause before the next try grows.

mod smpp;
mod smtp;

use crate::{Channel, delivery, preference, problems, setting};
use http::App;
use kernel::{Actor, Phone, Problem, Result};
use serde::Serialize;
use std::{
    sync::{Arc, Mutex, OnceLock, PoisonError},
    time::Duration,
};
use store::{Db, Tx};

/// Messages taken at once.
const BATCH: i64 = 64;
const PAUSE: Duration = Duration::from_millis(250);
/// How long to leave a gateway alone that cannot be reached, in seconds.
const REST: i64 = 5;

/// Where messages go; none for a channel that is not connected.
#[derive(Clone, Debug, Default)]
pub struct Gateways {
    /// `smtp://user:password@host:25`, `smtps://host`; `?tls=required` demands STARTTLS.
    pub smtp: Option<String>,
    /// Who sends the mails.
    pub mail_from: String,
    /// `smpp://system-id:password@host:2775`, `smpps://host:2776`.
    pub smpp: Option<String>,
    /// The number that messages come from, the same for all reminders.
    pub sms_from: String,
}

#[derive(Default)]
struct Slot {
    configured: Mutex<Gateways>,
    smtp: Mutex<Option<smtp::Mailer>>,
    smpp: tokio::sync::Mutex<Option<smpp::Link>>,
    seen: Mutex<Seen>,
}

/// What is known of the gateways, for the page.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Seen {
    pub smtp: Option<String>,
    pub smpp: Option<String>,
    pub smtp_error: String,
    pub smpp_error: String,
    pub smpp_bound: bool,
}

fn slot(db: &Db) -> Arc<Slot> {
    db.memory::<Slot>()
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Connects the ways out. Refuses addresses that cannot be one; that nobody listens there shows when something is sent.
pub fn use_gateways(db: &Db, gateways: Gateways) -> Result<()> {
    let bad = |value: &str| Problem::new(&problems::GATEWAY_URL).with("value", &without_password(value));
    let slot = slot(db);
    if let Some(url) = &gateways.smtp {
        *locked(&slot.smtp) = Some(smtp::Mailer::new(url, &gateways.mail_from).ok_or_else(|| bad(url))?);
    }
    if let Some(url) = &gateways.smpp {
        smpp::Address::parse(url).ok_or_else(|| bad(url))?;
        if gateways.sms_from.is_empty() || !gateways.sms_from.bytes().all(|b| b.is_ascii_digit()) {
            return Err(bad(&gateways.sms_from));
        }
    }
    let mut seen = locked(&slot.seen);
    seen.smtp = gateways.smtp.as_deref().map(without_password);
    seen.smpp = gateways.smpp.as_deref().map(without_password);
    drop(seen);
    *locked(&slot.configured) = gateways;
    Ok(())
}

fn without_password(text: &str) -> String {
    let Ok(mut url) = url::Url::parse(text) else { return text.chars().take(20).collect() };
    let _ = url.set_password(None); // some addresses have no place for one
    let _ = url.set_username("");
    url.to_string()
}

pub fn seen(db: &Db) -> Seen {
    locked(&slot(db).seen).clone()
}

/// Hears a message of a customer that is no word of command; false where it is none of its business.
pub type Hear = fn(&mut Tx<'_>, number: &str, text: &str) -> Result<bool>;
static HEAR: OnceLock<Hear> = OnceLock::new();

/// Who answers what customers write; the first registration holds, as the modules are the same for every application.
pub fn hear_with(hear: Hear) {
    let _ = HEAR.set(hear); // a second application of this process has the same
}

/// A message of a customer came in over a gateway.
fn heard(tx: &mut Tx<'_>, number: &str, text: &str) -> Result<()> {
    let number = Phone::parse(number).map_or_else(|_| number.to_owned(), |p| p.national().to_owned());
    let text: String = text.chars().take(crate::LONGEST).collect();
    let dealt_with = match HEAR.get() {
        Some(hear) => hear(tx, &number, &text)?,
        None => false,
    };
    if dealt_with {
        return Ok(());
    }
    let (customer, org) = preference::last(tx, &number)?;
    let sms = crate::Sms {
        number: &number,
        purpose: "inbound",
        text: &text,
        secret: None,
        customer_id: customer.as_deref(),
        org: &org,
    };
    crate::received(tx, &sms)?;
    preference::command(tx, &number, &text).map(drop)
}

/// One pass over what is due on the connected channels; returns how many messages were handed over.
pub async fn round(app: &App) -> Result<usize> {
    let configured = locked(&slot(app.db()).configured).clone();
    let mut done = 0;
    if configured.smtp.is_some() {
        done += mails(app).await?;
    }
    if configured.smpp.is_some() {
        done += texts(app, &configured).await?;
    }
    Ok(done)
}

async fn claim(app: &App, channel: Channel) -> Result<Vec<delivery::Due>> {
    // Most passes find nothing: only then is the writer left alone.
    let any = app.db().peek(Actor::system(), move |tx| delivery::any_due(tx, channel)).await?;
    if !any {
        return Ok(Vec::new());
    }
    app.db().write(Actor::system(), move |tx| delivery::claim(tx, channel, BATCH)).await
}

async fn book(app: &App, ended: Vec<(String, delivery::Outcome)>) -> Result<()> {
    app.db()
        .write(Actor::system(), move |tx| ended.iter().try_for_each(|(id, outcome)| delivery::book(tx, id, outcome)))
        .await
}

async fn give_back(app: &App, due: &[delivery::Due], error: &str) -> Result<()> {
    let ids: Vec<String> = due.iter().map(|d| d.id.clone()).collect();
    let error = error.to_owned();
    app.db().write(Actor::system(), move |tx| delivery::give_back(tx, &ids, REST, &error)).await
}

async fn mails(app: &App) -> Result<usize> {
    let slot = slot(app.db());
    let Some(mailer) = locked(&slot.smtp).clone() else { return Ok(0) };
    let due = claim(app, Channel::Mail).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let all = due.clone();
    let sent = tokio::task::spawn_blocking(move || mailer.send_all(&all)).await.map_err(Problem::internal)?;
    match sent {
        Ok(ended) => {
            locked(&slot.seen).smtp_error.clear();
            let n = ended.len();
            book(app, ended).await?;
            Ok(n)
        }
        Err(error) => {
            locked(&slot.seen).smtp_error.clone_from(&error);
            give_back(app, &due, &error).await?;
            Ok(0)
        }
    }
}

async fn texts(app: &App, configured: &Gateways) -> Result<usize> {
    let slot = slot(app.db());
    let mut link = slot.smpp.lock().await;
    if link.as_ref().is_none_or(smpp::Link::gone) {
        *link = None;
        match smpp::Link::open(app, configured.smpp.as_deref().unwrap_or_default(), &configured.sms_from).await {
            Ok(open) => {
                let mut seen = locked(&slot.seen);
                seen.smpp_bound = true;
                seen.smpp_error.clear();
                drop(seen);
                *link = Some(open);
            }
            Err(error) => {
                let mut seen = locked(&slot.seen);
                seen.smpp_bound = false;
                seen.smpp_error = error;
                return Ok(0); // nothing was taken: all of it waits
            }
        }
    }
    let Some(open) = link.as_ref() else { return Ok(0) };
    let due = claim(app, Channel::Sms).await?;
    if due.is_empty() {
        return Ok(0);
    }
    let rate = app.db().peek(Actor::system(), |tx| setting::number(tx, "sms.per_second")).await?.max(1);
    let ended = open.send_all(&due, u64::try_from(rate).unwrap_or(1)).await;
    let n = ended.len();
    if open.gone() {
        locked(&slot.seen).smpp_bound = false;
        *link = None;
    }
    drop(link);
    book(app, ended).await?;
    Ok(n)
}

pub(crate) async fn run(app: App) {
    let mut failures: u32 = 0;
    while !app.is_stopping() {
        match round(&app).await {
            Ok(n) if n > 0 => {
                failures = 0;
                continue;
            }
            Ok(_) => failures = 0,
            Err(problem) => {
                failures = (failures + 1).min(6);
                tracing::warn!(%problem, "messages could not be sent; trying again");
            }
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE * (1 << failures)) => {}
            () = app.stopped() => {}
        }
    }
}
