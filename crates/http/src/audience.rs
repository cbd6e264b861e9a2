//! Who gets to know of an event: whoever may read its subject, and nobody else.

use crate::{Access, RouteInfo, tmf::Resource};
use axum::http::Method;
use kernel::{Actor, Perm};
use serde_json::Value;
use std::collections::HashMap;
use store::{Delivered, Vault};

/// Subjects of events by their name, as the routes tell it: what is read at `…/{subject}` is the subject `{subject}`.
#[derive(Default)]
pub struct Audience(HashMap<String, Subject>);

#[derive(Clone, Copy)]
struct Subject {
    perm: Option<Perm>,
    resource: Option<&'static Resource>,
}

impl Audience {
    pub(crate) fn of(routes: &[RouteInfo]) -> Self {
        let mut subjects: HashMap<String, Subject> = HashMap::new();
        for route in routes.iter().filter(|r| r.method == Method::GET && !r.path.ends_with('}')) {
            let perm = match route.access {
                Access::Needs(perm) => Some(perm),
                Access::LoggedIn | Access::Public => None,
            };
            let name = route.path.rsplit('/').next().unwrap_or("");
            let subject = Subject { perm, resource: route.resource };
            // A document resource knows more than a page's list of the same name.
            let known = subjects.entry(name.to_owned()).or_insert(subject);
            if known.resource.is_none() && subject.resource.is_some() {
                *known = subject;
            }
        }
        Self(subjects)
    }

    /// May `actor` know that this happened?
    pub fn includes(&self, actor: &Actor, event: &Delivered) -> bool {
        let subject = self.0.get(&event.subject_type);
        let shared = subject.and_then(|s| s.resource).is_some_and(|r| r.rules.shared());
        let permitted = subject.and_then(|s| s.perm).is_none_or(|perm| actor.may(perm));
        permitted && (shared || actor.sees(&event.org))
    }

    /// The event's body with what `actor` must not see masked.
    pub fn shown(&self, actor: &Actor, vault: &Vault, event: &Delivered) -> Value {
        let mut payload = event.payload.clone();
        if let Some(resource) = self.0.get(&event.subject_type).and_then(|s| s.resource)
            && resource.rules.masks(actor)
            && let Some(Value::Object(doc)) = payload.get_mut(resource.name)
        {
            resource.rules.show(doc, actor, vault);
        }
        payload
    }
}
