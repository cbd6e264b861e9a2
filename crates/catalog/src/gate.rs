//! Through which door a document is changed, and what has to be approved there.
//!
//! What is on sale binds customers, so a person neither puts an offering on sale nor changes one that is on sale: that is
//! a launch, approved by somebody else (see [`launch`](crate::launch)). A machine with the right brings approvals of its
//! own; the import brings what was published; the system itself loads what the operator installs.

use crate::{law, problems};
use kernel::{ActorKind, Problem, Result};
use serde_json::{Map, Value, json};
use store::Tx;

type Doc = Map<String, Value>;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Door {
    /// The TM Forum routes.
    Api,
    /// Published tariffs.
    Import,
    /// An approved launch.
    Launch,
}

/// What an offering promises: a change of one of these is a change of the offer.
const BINDING: [&str; 19] = [
    "name",
    "isBundle",
    "isSellable",
    "family",
    "validFor",
    "productSpecification",
    "productOfferingPrice",
    "prodSpecCharValueUse",
    "bundledProductOffering",
    "bundledGroupProductOffering",
    "productOfferingRelationship",
    "productOfferingTerm",
    "marketSegment",
    "channel",
    "place",
    "eligibility",
    "contract",
    "trial",
    "sharedAllowance",
];

/// Who had the last hand in it: somebody else puts it on sale.
const HAND: &str = "changedBy";

pub(crate) fn check(tx: &Tx<'_>, door: Door, before: Option<&Doc>, after: &mut Doc) -> Result<()> {
    let actor = tx.actor().clone();
    if door != Door::Api || actor.kind != ActorKind::Staff {
        return Ok(());
    }
    let (was, is) = (before.is_some_and(law::on_sale), law::on_sale(after));
    if is && !was {
        actor.allow(crate::APPROVE)?;
        let own = before.is_none_or(|b| b.get(HAND).and_then(Value::as_str) == Some(&*actor.id));
        if own {
            return Err(Problem::new(&problems::SAME_PERSON));
        }
    }
    if let Some(before) = before.filter(|_| was && is)
        && BINDING.iter().any(|name| stated(before, name) != stated(after, name))
    {
        return Err(Problem::new(&problems::NEEDS_LAUNCH));
    }
    // Who approves changes nothing but the status.
    if !is || was {
        after.insert(HAND.to_owned(), json!(&*actor.id));
    }
    Ok(())
}

fn stated(doc: &Doc, name: &str) -> Value {
    let mut value = doc.get(name).cloned().unwrap_or(Value::Null);
    for entry in value.as_array_mut().into_iter().flatten() {
        if let Value::Object(entry) = entry {
            entry.remove(crate::parse::PINNED);
        }
    }
    value
}
