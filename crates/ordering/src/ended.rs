//! Who wants to know that an order has ended, in the transaction in which it ends.
//!
//! Crates above this one wait for orders that they placed: they register here, and nobody has to ask again and again.

use crate::State;
use http::tmf::Document;
use kernel::Result;
use std::sync::{Mutex, PoisonError};
use store::Tx;

/// Hears of an order that has come to its end.
pub type Listener = fn(&mut Tx<'_>, &Document, State) -> Result<()>;

static LISTENERS: Mutex<Vec<Listener>> = Mutex::new(Vec::new());

/// From now on `listener` hears of every order that ends; registered again it hears once.
pub fn on_ended(listener: Listener) {
    let mut all = LISTENERS.lock().unwrap_or_else(PoisonError::into_inner);
    if !all.iter().any(|l| std::ptr::fn_addr_eq(*l, listener)) {
        all.push(listener);
    }
}

pub(crate) fn tell(tx: &mut Tx<'_>, order: &Document, state: State) -> Result<()> {
    let all = LISTENERS.lock().unwrap_or_else(PoisonError::into_inner).clone();
    all.into_iter().try_for_each(|listener| listener(tx, order, state))
}
