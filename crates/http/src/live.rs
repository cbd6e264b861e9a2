//! Live pages: server-sent events, replayed from the outbox after a lost line, so that a page misses nothing.

use crate::{App, Ctx, Error};
use axum::{
    http::{HeaderMap, HeaderName},
    response::sse::{Event, Sse},
};
use kernel::{Actor, Result};
use serde_json::json;
use std::{convert::Infallible, sync::Arc, time::Duration};
use store::Delivered;
use tokio::{
    sync::{broadcast::error::RecvError, mpsc},
    time::Instant,
};
use tokio_stream::wrappers::ReceiverStream;

/// Whoever missed more than this fetches the page again.
const REPLAY_AT_MOST: i64 = 2_000;
const HEARTBEAT: Duration = Duration::from_secs(10);
/// Events waiting for one reader; a slower one is told to fetch again.
const WAITING: usize = 256;

type Line = std::result::Result<Event, Infallible>;

pub async fn events(ctx: Ctx, headers: HeaderMap) -> Result<impl axum::response::IntoResponse, Error> {
    let last = headers.get("last-event-id").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let last = last.or_else(|| ctx.parameter("lastEventId")).and_then(|id| id.parse::<i64>().ok());
    let (lines, stream) = mpsc::channel::<Line>(WAITING);
    let listener =
        Listener { app: ctx.app.clone(), actor: ctx.actor.clone(), topic: ctx.parameter("topic"), headers, lines };
    // Subscribed before the first look at the outbox: nothing can fall between the two.
    let live = ctx.app.events().subscribe();
    let upto = ctx.read(store::last_position).await?;
    tokio::spawn(async move {
        if let Some(last) = last {
            if listener.replay(last, upto).await.is_none() {
                return;
            }
        } else if listener.lines.send(Ok(Event::default().comment("connected").id(upto.to_string()))).await.is_err() {
            return;
        }
        listener.follow(live, upto).await;
    });
    // Proxies must not hold the lines back.
    Ok(([(HeaderName::from_static("x-accel-buffering"), "no")], Sse::new(ReceiverStream::new(stream))))
}

struct Listener {
    app: App,
    actor: Actor,
    topic: Option<String>,
    headers: HeaderMap,
    lines: mpsc::Sender<Line>,
}

impl Listener {
    /// Sends what happened after `from`, up to `upto`. `None`: the reader is gone.
    async fn replay(&self, from: i64, upto: i64) -> Option<()> {
        if from > upto || upto - from > REPLAY_AT_MOST {
            return self.reset(upto).await;
        }
        let missed =
            self.app.db().read(Actor::system(), move |tx| store::headlines_after(tx, from, REPLAY_AT_MOST)).await;
        let Ok(missed) = missed else { return self.reset(upto).await };
        for event in missed.iter().filter(|e| e.position <= upto) {
            self.hand(event).await?;
        }
        Some(())
    }

    async fn follow(self, mut live: tokio::sync::broadcast::Receiver<Arc<Delivered>>, mut seen: i64) {
        let mut heartbeat = tokio::time::interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        loop {
            let done = tokio::select! {
                event = live.recv() => match event {
                    Ok(event) if event.position <= seen => Some(()),
                    Ok(event) => {
                        seen = event.position;
                        self.hand(&event).await
                    }
                    Err(RecvError::Lagged(_)) => {
                        // Fell behind: from here on the page fetches anew.
                        live = live.resubscribe();
                        seen = self.app.db().read(Actor::system(), store::last_position).await.unwrap_or(seen);
                        self.reset(seen).await
                    }
                    Err(RecvError::Closed) => None,
                },
                _ = heartbeat.tick() => self.beat().await,
                () = self.app.stopped() => None,
                () = self.lines.closed() => None,
            };
            if done.is_none() {
                return;
            }
        }
    }

    async fn reset(&self, position: i64) -> Option<()> {
        self.lines.send(Ok(Event::default().event("reset").id(position.to_string()).data("{}"))).await.ok()
    }

    /// Keeps the line open, and ends it when the reader's log-in has ended.
    async fn beat(&self) -> Option<()> {
        let caller = self.app.auth().authenticate(self.app.db(), &self.headers).await;
        match caller {
            Ok(None) => None,
            Ok(Some(caller)) if caller.actor.id != self.actor.id => None,
            _ => self.lines.send(Ok(Event::default().comment("beat"))).await.ok(),
        }
    }

    async fn hand(&self, event: &Delivered) -> Option<()> {
        let wanted = self.topic.as_ref().is_none_or(|t| *t == event.topic);
        if !wanted || !self.app.audience().includes(&self.actor, event) {
            return Some(());
        }
        let data = json!({
            "type": event.event_type, "subjectType": event.subject_type, "subjectId": event.subject_id,
            "version": event.version, "org": event.org, "at": event.at, "topic": event.topic,
        });
        let line = Event::default().id(event.position.to_string()).event(&event.event_type).data(data.to_string());
        self.lines.send(Ok(line)).await.ok()
    }
}
