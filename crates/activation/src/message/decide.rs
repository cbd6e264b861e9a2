//! What a step of a saga makes of the message it is in.

use super::{Item, ItemState, Message, State, Wanted, items, lock, make, problem, save, set_item};
use flow::Saga;
use kernel::{Problem, Result, Timestamp};
use serde_json::Value;
use store::Tx;

/// What the step's handler answers.
#[derive(Debug)]
pub enum Turn {
    Done,
    Wait(Timestamp),
    Failed(Problem),
}

/// Looks again by itself after so many seconds; an answer wakes it before.
const LOOK: i64 = 30;

fn wait(tx: &Tx<'_>) -> Turn {
    Turn::Wait(tx.now().plus_seconds(LOOK))
}

/// Going forward.
pub fn forward(tx: &mut Tx<'_>, saga: &Saga, step: usize, id: &str) -> Result<Turn> {
    let mut message = lock(tx, id)?;
    let mut all = items(tx, id)?;
    let Some(at) = all.iter().position(|i| usize::try_from(i.step) == Ok(step)) else { return Ok(wait(tx)) };
    if matches!(all[at].state, ItemState::Done | ItemState::Kept) {
        return Ok(Turn::Done);
    }
    match message.state {
        State::New | State::Submitted | State::Acked => {
            amend(tx, saga, &mut message, &all)?;
            Ok(wait(tx))
        }
        State::Cancelling | State::Cancelled | State::Completed => Ok(wait(tx)),
        State::Failed => failed(tx, &mut message, &mut all, at, saga),
    }
}

/// A failure is told once, by the item that brought it; when its step comes again a person has asked for another try.
fn failed(tx: &mut Tx<'_>, message: &mut Message, all: &mut [Item], at: usize, saga: &Saga) -> Result<Turn> {
    if all[at].state != ItemState::Failed {
        return Ok(wait(tx)); // its turn comes with the next try of the one that failed
    }
    if !all[at].reported {
        all[at].reported = true;
        set_item(tx, &message.id, &all[at])?;
        return Ok(Turn::Failed(problem(message, &all[at])));
    }
    again(tx, saga, message, all)?;
    Ok(wait(tx))
}

/// Sends the message again, in a new version, with everything that is not done.
pub fn again(tx: &mut Tx<'_>, saga: &Saga, message: &mut Message, all: &mut [Item]) -> Result<()> {
    // Where nobody answered, the same version is asked about and sent again; it may have arrived.
    let unknown = matches!(message.error.as_deref(), Some("noAnswer" | "unreachable"));
    for item in all.iter_mut().filter(|i| matches!(i.state, ItemState::Failed)) {
        (item.state, item.reported) = (ItemState::Pending, false);
        item.detail.clear();
        set_item(tx, &message.id, item)?;
    }
    if !unknown {
        message.version += 1;
    }
    message.payload = make::again(tx, saga, message, all)?;
    message.wanted = if unknown && message.submitted_at.is_some() { Wanted::Ask } else { Wanted::Submit };
    message.state = if message.wanted == Wanted::Ask { State::Submitted } else { State::New };
    (message.due, message.attempts, message.ended_at, message.error) = (Some(tx.now()), 0, None, None);
    save(tx, message)
}

/// What was sent follows what the records say: where they were amended the message is too.
fn amend(tx: &mut Tx<'_>, saga: &Saga, message: &mut Message, all: &[Item]) -> Result<()> {
    let said = make::again(tx, saga, message, all)?;
    if same(&said, &message.payload) {
        return Ok(());
    }
    if message.state == State::New && message.attempts == 0 {
        message.payload = said;
        return save(tx, message);
    }
    message.version += 1;
    message.payload = make::again(tx, saga, message, all)?;
    (message.wanted, message.due, message.attempts) = (Wanted::Amend, Some(tx.now()), 0);
    save(tx, message)
}

/// Whether two bodies say the same, as values (a database may write numbers and order differently).
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|w| same(v, w)))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same(x, y)),
        _ => a == b,
    }
}

/// Going backward: what was not sent is dropped, what was sent is cancelled, what was done is taken back.
pub fn backward(tx: &mut Tx<'_>, saga: &Saga, step: usize, id: &str) -> Result<Turn> {
    let mut message = lock(tx, id)?;
    let all = items(tx, id)?;
    match message.state {
        State::Cancelled => Ok(Turn::Done),
        State::New if message.submitted_at.is_none() => {
            (message.state, message.wanted, message.due) = (State::Cancelled, Wanted::Nothing, None);
            message.ended_at = Some(tx.now());
            save(tx, &message)?;
            super::book::release(tx, &all)?;
            Ok(Turn::Done)
        }
        State::New | State::Submitted | State::Acked => cancel(tx, &mut message),
        State::Cancelling => match message.error.as_deref() {
            // Nobody answers: a person looks; asked again it is tried again.
            Some("noAnswer" | "unreachable") if message.due.is_none() => {
                let item = all.iter().find(|i| usize::try_from(i.step) == Ok(step));
                match item.filter(|i| !i.reported) {
                    Some(item) => {
                        set_item(tx, &message.id, &Item { reported: true, ..item.clone() })?;
                        Ok(Turn::Failed(problem(&message, item)))
                    }
                    None => cancel(tx, &mut message),
                }
            }
            _ => Ok(wait(tx)),
        },
        // Given up without an answer: it may have been done.
        State::Failed if matches!(message.error.as_deref(), Some("noAnswer" | "unreachable")) => {
            cancel(tx, &mut message)
        }
        State::Failed | State::Completed => undo(tx, saga, step, &message, &all),
    }
}

fn cancel(tx: &mut Tx<'_>, message: &mut Message) -> Result<Turn> {
    (message.state, message.wanted) = (State::Cancelling, Wanted::Cancel);
    (message.due, message.attempts, message.error, message.ended_at) = (Some(tx.now()), 0, None, None);
    save(tx, message)?;
    for item in items(tx, &message.id)?.iter().filter(|i| i.reported) {
        set_item(tx, &message.id, &Item { reported: false, ..item.clone() })?;
    }
    Ok(wait(tx))
}

fn undo(tx: &mut Tx<'_>, saga: &Saga, step: usize, done: &Message, all: &[Item]) -> Result<Turn> {
    let own = all.iter().find(|i| usize::try_from(i.step) == Ok(step));
    if own.is_none_or(|i| i.state != ItemState::Done) {
        return Ok(Turn::Done); // nothing of it is there
    }
    let id = make::undo(tx, saga, done)?;
    let mut message = lock(tx, &id)?;
    let mut back = items(tx, &id)?;
    let Some(at) = back.iter().position(|i| usize::try_from(i.step) == Ok(step)) else { return Ok(Turn::Done) };
    if matches!(back[at].state, ItemState::Done | ItemState::Kept) {
        return Ok(Turn::Done);
    }
    match message.state {
        State::Failed => {
            // One result for all: the first step that is undone reports it, whichever item brought it.
            if let Some(item) = back.iter().find(|i| i.state == ItemState::Failed && !i.reported).cloned() {
                set_item(tx, &message.id, &Item { reported: true, ..item.clone() })?;
                return Ok(Turn::Failed(problem(&message, &item)));
            }
            again(tx, saga, &mut message, &mut back)?;
            Ok(wait(tx))
        }
        _ => Ok(wait(tx)),
    }
}
