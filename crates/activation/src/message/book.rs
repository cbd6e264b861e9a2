//! Booking what the other side says, however often and in whatever order it says it.

use super::{
    Answer, Effect, Item, ItemState, MOST_QUESTIONS, Message, PATIENCE, PAUSES, Purpose, State, Wanted, items, lock,
    make, save, set_item, state, trace,
};
use crate::{adapter::Verb, shared};
use kernel::{Problem, Result};
use store::{Tx, params, sql};

/// One thing said about a message.
#[derive(Clone, Debug)]
pub struct Said {
    pub message: String,
    /// The version it is about, where the other side says so.
    pub version: Option<i64>,
    pub answer: Answer,
    /// The other side's own id of the order.
    pub external_id: Option<String>,
    /// What is said of single items: step, done or not, why not.
    pub items: Vec<(i64, bool, String)>,
    pub detail: String,
}

sql! {
    OPEN_FALLOUT = "SELECT i.step FROM activation_item i WHERE i.message_id = $1 AND i.reported = 1 ORDER BY i.step";
}

/// Books it and does what follows. Returns what became of it, for the trace.
pub fn book(tx: &mut Tx<'_>, said: &Said) -> Result<&'static str> {
    let found = match lock(tx, &said.message) {
        Ok(found) => found,
        Err(p) if p.is(&kernel::codes::NOT_FOUND) => return Ok("unknown"),
        Err(p) => return Err(p),
    };
    let mut message = found;
    if said.external_id.is_some() {
        message.external_id.clone_from(&said.external_id);
    }
    let stale = said.version.is_some_and(|v| v < message.version);
    if stale && !matches!(message.state, State::Cancelling | State::Cancelled) && said.answer != Answer::Unknown {
        // About what was asked before it was amended: how it stands now is asked.
        if !message.state.ended() {
            (message.wanted, message.due) = (Wanted::Ask, Some(tx.now().plus_seconds(1)));
            save(tx, &message)?;
        }
        return Ok("stale");
    }
    let (before, (after, effect)) = (message.state, state::after(message.state, said.answer));
    message.state = after;
    if before != after && effect != Effect::Send {
        message.attempts = 0;
    }
    let now = tx.now();
    match after {
        State::Acked => {
            message.acked_at.get_or_insert(now);
            if before != State::Acked || message.wanted == Wanted::Amend {
                (message.wanted, message.due) = (Wanted::Ask, Some(now.plus_seconds(PATIENCE)));
            }
        }
        State::Completed | State::Failed | State::Cancelled => {
            if before != after {
                (message.wanted, message.due, message.ended_at) = (Wanted::Nothing, None, Some(now));
            }
        }
        // Still at it: it is told again that it is cancelled.
        State::Cancelling if said.answer == Answer::Progress => {
            (message.wanted, message.due) = (Wanted::Cancel, Some(now.plus_seconds(5)));
        }
        State::New | State::Submitted | State::Cancelling => {}
    }
    let mut all = items(tx, &message.id)?;
    match effect {
        Effect::Nothing => {}
        Effect::Ask => (message.wanted, message.due) = (Wanted::Ask, Some(now)),
        Effect::Send => {
            // A system that loses what it gets, or cannot read it, does not get it for ever.
            let pause = PAUSES.get(usize::try_from(message.attempts).unwrap_or(0));
            message.attempts += 1;
            match pause {
                Some(pause) => (message.wanted, message.due) = (Wanted::Submit, Some(now.plus_seconds(*pause))),
                None => {
                    give_up(tx, message, true, &said.detail)?;
                    return Ok("given up");
                }
            }
        }
        Effect::Wake | Effect::Compensate => {
            // Given up or not: what is known now counts.
            let given_up = message.error.take().is_some() && before == State::Failed;
            settle_items(tx, &message, &mut all, said)?;
            save(tx, &message)?;
            if effect == Effect::Compensate {
                compensate(tx, &message)?;
            }
            if given_up && after == State::Completed {
                retry(tx, &message)?;
            }
            flow::saga::wake(tx, &message.order_id)?;
            announce(tx, &message)?;
            return Ok(if effect == Effect::Compensate { "compensated" } else { "booked" });
        }
    }
    save(tx, &message)?;
    if before != after {
        announce(tx, &message)?;
    }
    Ok(if before == after && effect == Effect::Nothing { "known" } else { "booked" })
}

/// One result for all items, and for each of them.
fn settle_items(tx: &mut Tx<'_>, message: &Message, all: &mut [Item], said: &Said) -> Result<()> {
    for item in all.iter_mut().filter(|i| i.state != ItemState::Kept) {
        let own = said.items.iter().find(|(step, ..)| *step == item.step);
        (item.state, item.detail) = match (message.state, own) {
            (State::Completed, _) => (ItemState::Done, String::new()),
            (State::Failed, Some((_, false, why))) => (ItemState::Failed, why.clone()),
            // The system takes an order as a whole: where one item failed the others were not done either.
            (State::Failed, _) => (ItemState::Pending, String::new()),
            _ => (item.state, item.detail.clone()),
        };
        item.reported &= item.state == ItemState::Failed;
        set_item(tx, &message.id, item)?;
    }
    let blamed = all.iter().any(|i| i.state == ItemState::Failed);
    if message.state == State::Failed
        && !blamed
        && let Some(first) = all.iter_mut().find(|i| i.state == ItemState::Pending)
    {
        (first.state, first.detail, first.reported) = (ItemState::Failed, said.detail.clone(), false);
        set_item(tx, &message.id, first)?;
    }
    match message.state {
        State::Completed => gone(tx, message, all),
        State::Cancelled => release(tx, all),
        _ => Ok(()),
    }
}

fn thing(item: &Item) -> Option<shared::Thing> {
    let (kind, key) = item.subscriber.split_once(':')?;
    Some(shared::Thing { kind: kind.to_owned(), key: key.to_owned() })
}

/// What was deleted with its last service is gone.
fn gone(tx: &mut Tx<'_>, _: &Message, all: &[Item]) -> Result<()> {
    for item in all.iter().filter(|i| i.verb == Verb::Deactivate.text() && i.state == ItemState::Done) {
        if let Some(thing) = thing(item) {
            shared::gone(tx, &thing, &item.product)?;
        }
    }
    Ok(())
}

/// A message that was never done leaves what its items had joined, and stays with what they wanted to leave.
pub fn release(tx: &mut Tx<'_>, all: &[Item]) -> Result<()> {
    for item in all {
        let Some(thing) = thing(item) else { continue };
        match Verb::parse(&item.verb) {
            Some(Verb::Activate) => shared::gone(tx, &thing, &item.product)?,
            Some(Verb::Deactivate) => shared::join(tx, &thing, &item.product).map(drop)?,
            _ => {}
        }
    }
    Ok(())
}

/// It was done although it had been taken back: what was done is taken back by a message of its own, and the product
/// stays as it is.
fn compensate(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    if message.purpose == Purpose::Undo {
        return Ok(());
    }
    let saga = flow::saga::load(tx, &message.saga_id)?;
    let id = make::undo(tx, &saga, message)?;
    trace(tx, &message.id, "note", "compensate", &id, "")
}

/// A step that was given up waits before a person; now that the answer is here, it goes on by itself.
fn retry(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    let wanted =
        flow::fallout::Wanted { state: "open".into(), subject_id: message.order_id.clone(), ..Default::default() };
    let (open, _) = flow::fallout::list(tx, &wanted, 0, 200)?;
    let steps: Vec<i64> = items(tx, &message.id)?.iter().map(|i| i.step).collect();
    for fallout in open.iter().filter(|f| f.saga_id == message.saga_id) {
        if steps.iter().any(|s| usize::try_from(*s) == Ok(fallout.step)) {
            flow::fallout::act(tx, &fallout.id, flow::fallout::Verb::Retry, "late answer: done")?;
        }
    }
    Ok(())
}

fn announce(tx: &mut Tx<'_>, message: &Message) -> Result<()> {
    let event = store::Event::new(
        "ActivationMessageStateChangeEvent",
        "activationMessage",
        &message.id,
        message.version,
        &message.org,
    );
    let payload = serde_json::json!({"id": message.id, "system": message.system, "state": message.state.text(), "orderId": message.order_id});
    tx.announce(&event.topic(format!("order:{}", message.order_id)).payload(payload))
}

/// Telling the system did not work. After the last attempt a person has to look, and the steps say so.
pub fn unanswered(tx: &mut Tx<'_>, id: &str, uncertain: bool, why: &str) -> Result<()> {
    let mut message = lock(tx, id)?;
    if message.state.ended() {
        return Ok(()); // the answer came another way meanwhile
    }
    message.attempts += 1;
    if uncertain && message.wanted == Wanted::Submit {
        message.submitted_at.get_or_insert(tx.now());
        (message.state, message.wanted) = match message.state {
            State::New => (State::Submitted, Wanted::Ask),
            other => (other, Wanted::Ask),
        };
    }
    match PAUSES.get(usize::try_from(message.attempts - 1).unwrap_or(0)) {
        Some(pause) => message.due = Some(tx.now().plus_seconds(*pause)),
        None => return give_up(tx, message, uncertain, why),
    }
    save(tx, &message)
}

/// The other side is still at it: it is asked again later.
pub fn still(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let mut message = lock(tx, id)?;
    if message.state.ended() {
        return Ok(());
    }
    if matches!(message.state, State::New | State::Submitted) {
        message.state = State::Acked;
        message.acked_at.get_or_insert(tx.now());
    }
    message.attempts += 1;
    if message.attempts >= MOST_QUESTIONS {
        return give_up(tx, message, true, "no result");
    }
    (message.wanted, message.due) = (Wanted::Ask, Some(tx.now().plus_seconds(PATIENCE)));
    save(tx, &message)
}

/// Asked again and again, the other side never said how it ended.
pub fn unanswered_for_good(tx: &mut Tx<'_>, id: &str) -> Result<()> {
    let message = lock(tx, id)?;
    give_up(tx, message, true, "no result")
}

fn give_up(tx: &mut Tx<'_>, mut message: Message, uncertain: bool, why: &str) -> Result<()> {
    message.error =
        Some(if uncertain || message.submitted_at.is_some() { "noAnswer" } else { "unreachable" }.to_owned());
    (message.due, message.wanted) = (None, Wanted::Nothing);
    if message.state != State::Cancelling {
        message.state = State::Failed;
        message.ended_at = Some(tx.now());
    }
    save(tx, &message)?;
    let all = items(tx, &message.id)?;
    if let Some(first) = all.iter().find(|i| i.state == ItemState::Pending) {
        let state = if message.state == State::Failed { ItemState::Failed } else { first.state };
        set_item(tx, &message.id, &Item { state, detail: why.to_owned(), reported: false, ..first.clone() })?;
    }
    flow::saga::wake(tx, &message.order_id)?;
    announce(tx, &message)
}

/// The steps of a message that stand before a person.
pub fn reported(tx: &mut Tx<'_>, id: &str) -> Result<Vec<i64>> {
    Ok(tx.query(&OPEN_FALLOUT, params![id])?.iter().map(|r| r.int(0)).collect())
}

/// A problem for operators who press "retry" on what cannot be retried.
pub fn unfit(message: &Message) -> Problem {
    Problem::new(&crate::problems::MESSAGE_STATE).with("state", message.state.text())
}
