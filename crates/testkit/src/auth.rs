//! Logged-in callers without logging in: a header names an actor that the test made. Requests without it go to the real
//! authentication, so that both can be tested in one story.

use http::{Authenticate, Caller, axum::http::HeaderMap};
use kernel::{Actor, Result};
use std::{
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex, PoisonError},
};
use store::Db;

pub(crate) const HEADER: &str = "x-test-actor";

/// The actors of one test, by number.
#[derive(Clone, Default)]
pub(crate) struct Actors(Arc<Mutex<Vec<Actor>>>);

impl Actors {
    pub fn add(&self, actor: Actor) -> usize {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.push(actor);
        all.len() - 1
    }
    fn get(&self, number: &str) -> Option<Actor> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(number.parse::<usize>().ok()?).cloned()
    }
}

pub(crate) struct TestAuth {
    pub actors: Actors,
    pub real: Option<Box<dyn Authenticate>>,
}

impl Authenticate for TestAuth {
    fn authenticate<'a>(
        &'a self,
        db: &'a Db,
        headers: &'a HeaderMap,
    ) -> Pin<Box<dyn Future<Output = Result<Option<Caller>>> + Send + 'a>> {
        Box::pin(async move {
            if let Some(number) = headers.get(HEADER).and_then(|v| v.to_str().ok()) {
                let caller = |actor| Caller { actor, csrf: None, session: "test".into() };
                return Ok(self.actors.get(number).map(caller));
            }
            match &self.real {
                Some(real) => real.authenticate(db, headers).await,
                None => Ok(None),
            }
        })
    }
    fn forget(&self, id: &str) {
        if let Some(real) = &self.real {
            real.forget(id);
        }
    }
}
