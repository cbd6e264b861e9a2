//! The checks that several businesses share. A business names those it wants; all that fail are told together.

mod money;
mod person;
mod product;

use super::Case;
use kernel::{Lang, Problem, Result};
use serde_json::{Value, json};
use store::Tx;

/// What keeps a business from being placed, gathered.
#[derive(Debug, Default)]
pub struct Problems(Vec<Problem>);

impl Problems {
    pub fn push(&mut self, problem: Problem) {
        self.0.push(problem);
    }
    /// Keeps a refusal; what went wrong inside the system goes up.
    pub fn note<T>(&mut self, result: Result<T>) -> Result<Option<T>> {
        match result {
            Ok(value) => Ok(Some(value)),
            Err(problem) if problem.code.status < 500 => {
                self.0.push(problem);
                Ok(None)
            }
            Err(problem) => Err(problem),
        }
    }
    pub fn all(&self) -> &[Problem] {
        &self.0
    }
    /// As the pages show them.
    pub fn to_json(&self, lang: Lang) -> Vec<Value> {
        self.0.iter().map(|p| one(p, lang)).collect()
    }
    /// The first one, with all of them beside it; nothing where there is none.
    pub fn refuse(self) -> Result<()> {
        let shown = json!(self.to_json(Lang::Zh));
        let english = json!(self.to_json(Lang::En));
        match self.0.into_iter().next() {
            None => Ok(()),
            Some(first) => Err(first.extra("problems", shown).extra("problemsEn", english)),
        }
    }
}

pub fn one(problem: &Problem, lang: Lang) -> Value {
    let field = problem.params.iter().find(|(n, _)| *n == "field").map(|(_, v)| v.as_str());
    json!({"code": problem.code.id, "reason": problem.reason(lang), "message": problem.help(lang), "field": field})
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Check {
    /// Nothing unpaid that is overdue (欠费).
    Arrears,
    /// Not on the list of customers one does no business with (黑名单).
    Blacklist,
    /// Not bound by a contract, or told what leaving costs (合约期).
    Contract,
    /// The person at the counter was identified (实名).
    RealName,
    /// No booked order waits for the product's end or change.
    NothingBooked,
    /// No other product hangs on it in a way that forbids the change.
    NotInBundle,
    /// The product works, by no lock suspended.
    NoLocks,
    /// Not on the days on which bills are made (出账冻结).
    NotFrozen,
}

pub fn run(tx: &mut Tx<'_>, case: &Case, check: Check, problems: &mut Problems) -> Result<()> {
    match check {
        Check::Arrears => money::arrears(tx, case, problems),
        Check::Contract => money::contract(tx, case, problems),
        Check::NotFrozen => money::frozen(tx, case, problems),
        Check::Blacklist => person::blacklist(tx, case, problems),
        Check::RealName => person::real_name(tx, case, problems),
        Check::NothingBooked => product::nothing_booked(tx, case, problems),
        Check::NotInBundle => product::not_in_bundle(case, problems),
        Check::NoLocks => product::no_locks(tx, case, problems),
    }
}
