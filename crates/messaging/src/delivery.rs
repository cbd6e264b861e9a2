//! Attempts and their ends: claimed before they are made, booked after, with what the gateway says of them.

use crate::{Channel, State, setting, state::Step};
use kernel::{OrgPath, Result};
use serde::Serialize;
use store::{Event, Filter, Tx, params, sql};

/// A message taken to be sent now.
#[derive(Clone, Debug)]
pub struct Due {
    pub id: String,
    pub to: String,
    pub subject: String,
    pub text: String,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// With the gateway's ids, one a part; none where the gateway gives no receipts.
    Sent(Vec<String>),
    /// Not this time; the gateway may have it all the same.
    Again { error: String },
    /// Never, such as an address that does not exist.
    Never { error: String },
}

sql! {
    DUE = "SELECT id, number, subject, sealed, expires_at FROM sms_message WHERE channel = $1 AND state IN ('waiting', 'sending') \
           AND next_at <= $2 ORDER BY next_at, id LIMIT $3 {skip_locked}";
    ANY_DUE = "SELECT id FROM sms_message WHERE channel = $1 AND state IN ('waiting', 'sending') AND next_at <= $2 LIMIT 1";
    BEGIN = "UPDATE sms_message SET state = 'sending', attempts = attempts + 1, next_at = $2 WHERE id = $1";
    LOCK = "SELECT state, attempts, org, customer_id FROM sms_message WHERE id = $1 {for_update}";
    SET = "UPDATE sms_message SET state = $2, next_at = $3, ended_at = $4, error = $5, parts = $6 WHERE id = $1";
    SENT = "UPDATE sms_message SET state = $2, fetched_at = $3, error = '', parts = $4 WHERE id = $1";
    PART = "INSERT INTO message_part (gateway_id, message_id, seq, state) VALUES ($1, $2, $3, 'sent') \
            ON CONFLICT (gateway_id) DO UPDATE SET message_id = excluded.message_id, seq = excluded.seq, state = excluded.state";
    RECEIPT = "INSERT INTO message_receipt (gateway_id, state, error, at) VALUES ($1, $2, $3, $4) \
               ON CONFLICT (gateway_id) DO UPDATE SET state = excluded.state, error = excluded.error, at = excluded.at";
    RECEIPT_OF = "SELECT state, error FROM message_receipt WHERE gateway_id = $1";
    PART_OF = "SELECT message_id FROM message_part WHERE gateway_id = $1";
    MARK = "UPDATE message_part SET state = $2 WHERE gateway_id = $1";
    FORGET = "DELETE FROM message_receipt WHERE gateway_id = $1";
    PARTS = "SELECT state FROM message_part WHERE message_id = $1 ORDER BY seq";
    ENDED = "UPDATE sms_message SET state = $2, ended_at = $3, error = $4 WHERE id = $1";
    DROP_PARTS = "DELETE FROM message_part WHERE message_id = $1";
    AGAIN = "UPDATE sms_message SET state = $2, next_at = $3, not_before = $3, expires_at = $4, attempts = 0, ended_at = NULL, \
             fetched_at = NULL, error = '' WHERE id = $1";
}

/// Whether something is due.
pub fn any_due(tx: &mut Tx<'_>, channel: Channel) -> Result<bool> {
    let now = tx.now();
    Ok(tx.query_opt(&ANY_DUE, params![channel.name(), now])?.is_some())
}

/// Takes what is due on a channel, oldest first; what came too late ends here.
pub fn claim(tx: &mut Tx<'_>, channel: Channel, most: i64) -> Result<Vec<Due>> {
    let now = tx.now();
    let until = now.plus_seconds(setting::number(tx, "lease_seconds")?);
    let mut taken = Vec::new();
    for row in tx.query(&DUE, params![channel.name(), now, most])? {
        if row.time(4) < now {
            let ended = State::Waiting.after(Step::Expire)?;
            tx.execute(&SET, params![row.str(0), ended.name(), now, now, "", 0i64])?;
            continue;
        }
        tx.execute(&BEGIN, params![row.str(0), until])?;
        taken.push(Due {
            id: row.text(0),
            to: row.text(1),
            subject: row.text(2),
            text: tx.vault().open_sealed(row.str(3))?,
        });
    }
    Ok(taken)
}

/// Books how an attempt ended.
pub fn book(tx: &mut Tx<'_>, id: &str, outcome: &Outcome) -> Result<()> {
    let Some(row) = tx.query_opt(&LOCK, params![id])? else { return Ok(()) };
    let (state, attempts, now) = (State::parse(row.str(0))?, row.int(1), tx.now());
    match outcome {
        Outcome::Sent(parts) => {
            let Ok(next) = state.after(Step::Sent) else { return Ok(()) }; // a receipt was faster
            tx.execute(&SENT, params![id, next.name(), now, parts.len()])?;
            for (seq, part) in parts.iter().enumerate() {
                tx.execute(&PART, params![part, id, seq])?;
            }
            for part in parts {
                if let Some(row) = tx.query_opt(&RECEIPT_OF, params![part])? {
                    apply(tx, id, part, row.str(0) == "delivered", row.str(1))?;
                }
            }
        }
        Outcome::Again { error } => {
            let most = setting::number(tx, "retry.most")?;
            let step = if attempts >= most { Step::GiveUp } else { Step::Again };
            let Ok(next) = state.after(step) else { return Ok(()) };
            let pause = setting::number(tx, "retry.first_seconds")? << (attempts - 1).clamp(0, 10);
            let ended = (step == Step::GiveUp).then_some(now);
            let error: String = error.chars().take(300).collect();
            tx.execute(&SET, params![id, next.name(), now.plus_seconds(pause), ended, error, 0i64])?;
        }
        Outcome::Never { error } => {
            let Ok(next) = state.after(Step::GiveUp) else { return Ok(()) };
            let error: String = error.chars().take(300).collect();
            tx.execute(&SET, params![id, next.name(), now, now, error, 0i64])?;
        }
    }
    tell(tx, id)
}

/// A receipt of the gateway. It may be faster than the answer that names its id: then it waits for it.
pub fn receipt(tx: &mut Tx<'_>, gateway_id: &str, delivered: bool, error: &str) -> Result<()> {
    let state = if delivered { "delivered" } else { "undelivered" };
    match tx.query_opt(&PART_OF, params![gateway_id])? {
        Some(row) => {
            let message = row.text(0);
            apply(tx, &message, gateway_id, delivered, error)?;
            tell(tx, &message)
        }
        None => tx.execute(&RECEIPT, params![gateway_id, state, error, tx.now()]).map(drop),
    }
}

fn apply(tx: &mut Tx<'_>, id: &str, part: &str, delivered: bool, error: &str) -> Result<()> {
    let Some(row) = tx.query_opt(&LOCK, params![id])? else { return Ok(()) };
    tx.execute(&MARK, params![part, if delivered { "delivered" } else { "undelivered" }])?;
    tx.execute(&FORGET, params![part])?;
    let parts: Vec<String> = tx.query(&PARTS, params![id])?.iter().map(|r| r.text(0)).collect();
    let step = if parts.iter().any(|p| p == "undelivered") {
        Step::Undelivered
    } else if parts.iter().all(|p| p == "delivered") {
        Step::Delivered
    } else {
        return Ok(());
    };
    match State::parse(row.str(0))?.after(step) {
        Ok(next) => tx.execute(&ENDED, params![id, next.name(), tx.now(), error]).map(drop),
        Err(_) => Ok(()), // said twice
    }
}

fn tell(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let row = tx.query_one(&LOCK, params![id])?;
    let topic = row.opt_text(3).map_or_else(String::new, |c| format!("customer:{c}"));
    let event = Event::new("MessageStateChangeEvent", "messages", id, row.int(1) + 1, &OrgPath::parse(row.str(2))?);
    tx.announce(&event.topic(topic))
}

/// A person wants a message sent after all.
pub fn retry(tx: &mut Tx<'_>, id: &str) -> Result<State> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    let next = State::parse(row.str(0))?.after(Step::Retry)?;
    let now = tx.now();
    let expires = now.plus_seconds(setting::number(tx, "expires_hours")? * 3_600);
    tx.execute(&DROP_PARTS, params![id])?;
    tx.execute(&AGAIN, params![id, next.name(), now, expires])?;
    let org = OrgPath::parse(row.str(2))?;
    tx.audit("message.retried", "messages", id, &org, &serde_json::json!({}))?;
    tell(tx, id)?;
    Ok(next)
}

#[derive(Clone, Debug, Serialize)]
pub struct Count {
    pub state: String,
    pub channel: String,
    pub count: i64,
}

/// How many messages since `from` stand where, within the actor's scope.
pub fn counts(tx: &mut Tx<'_>, from: kernel::Timestamp) -> Result<Vec<Count>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let from = filter.bind(from);
    filter.and(format!("at >= {from}"));
    let text = format!(
        "SELECT state, channel, COUNT(*) FROM sms_message{} GROUP BY state, channel ORDER BY state, channel",
        filter.to_where()
    );
    let rows = tx.query(&text, &filter.binds)?;
    Ok(rows.iter().map(|r| Count { state: r.text(0), channel: r.text(1), count: r.int(2) }).collect())
}

/// The channel cannot be used at the moment: what was taken goes back without counting as an attempt of the message.
pub fn give_back(tx: &mut Tx<'_>, ids: &[String], seconds: i64, error: &str) -> Result<()> {
    let at = tx.now().plus_seconds(seconds);
    for id in ids {
        tx.execute(&GIVE_BACK, params![id, at, error])?;
    }
    Ok(())
}

sql! {
    GIVE_BACK = "UPDATE sms_message SET state = 'waiting', attempts = attempts - 1, next_at = $2, error = $3 \
                 WHERE id = $1 AND state = 'sending'";
}
