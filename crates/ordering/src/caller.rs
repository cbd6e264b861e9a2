//! Business by telephone: who may order for a customer without standing at a counter.
//!
//! The rule belongs to the hotline, which stands above this crate: it registers itself here, and every way of ordering asks it.

use kernel::Result;
use std::sync::OnceLock;
use store::Tx;

/// Refuses where the actor may not do business for this customer now.
pub type Rule = fn(&mut Tx<'_>, &str) -> Result<()>;

static RULE: OnceLock<Rule> = OnceLock::new();

/// The rule of this build; the first registration holds, as the modules are the same for every application of a process.
pub fn register(rule: Rule) {
    let _ = RULE.set(rule); // a second application of this process has the same
}

/// Fails where the actor may not do business for this customer now.
pub fn check(tx: &mut Tx<'_>, customer_id: &str) -> Result<()> {
    RULE.get().map_or(Ok(()), |rule| rule(tx, customer_id))
}
