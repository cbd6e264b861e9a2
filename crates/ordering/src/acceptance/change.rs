//! What a business will change, as data: a plan that can be shown, stored, carried out and taken back.

use super::Effect;
use billing::CollaborationKind;
use kernel::{Money, Problem, Result};
use serde_json::{Map, Value, json};

/// One thing asked of the network for one product.
#[derive(Clone, Debug)]
pub struct Call {
    pub product_id: String,
    /// What happens: `suspend`, `resume`, `deactivate`, or what of the product changes (`plan`, `speed`, `number`, `sim`,
    /// `relocate`, `lossReport`).
    pub on: &'static str,
    /// What the product will be, and what it was: the network is told the one, or again the other.
    pub attributes: Map<String, Value>,
    pub before: Map<String, Value>,
}

impl Call {
    pub fn new(product_id: &str, on: &'static str) -> Self {
        Self { product_id: product_id.to_owned(), on, attributes: Map::new(), before: Map::new() }
    }
    pub fn changing(mut self, name: &str, before: impl Into<Value>, after: impl Into<Value>) -> Self {
        self.before.insert(name.to_owned(), before.into());
        self.attributes.insert(name.to_owned(), after.into());
        self
    }
}

/// One fact for billing.
#[derive(Clone, Debug)]
pub struct Fact {
    pub kind: CollaborationKind,
    /// The product, account or customer it is about.
    pub subject: String,
    pub old: Value,
    pub new: Value,
}

impl Fact {
    pub fn new(kind: CollaborationKind, subject: &str) -> Self {
        Self { kind, subject: subject.to_owned(), old: json!({}), new: json!({}) }
    }
    pub fn from(mut self, old: Value) -> Self {
        self.old = old;
        self
    }
    pub fn to(mut self, new: Value) -> Self {
        self.new = new;
        self
    }
}

/// A price line of the preview.
#[derive(Clone, Debug)]
pub struct Charge {
    pub name: String,
    pub amount: Money,
    pub kind: &'static str,
}

/// Everything one business changes.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// Shown as what the order is about, after the business's title.
    pub summary: String,
    /// Booked before the network is asked: what it has to be told of must be there (a new port).
    pub first: Vec<Effect>,
    /// Steps with other systems that come before everything else: name, titles, target, input.
    pub before_network: Vec<(&'static str, (&'static str, &'static str), &'static str, Value)>,
    pub network: Vec<Call>,
    /// Booked together once the network has done its part.
    pub effects: Vec<Effect>,
    /// Booked with the order's completion, when nothing can fail any more: what is given up for good.
    pub at_last: Vec<Effect>,
    pub facts: Vec<Fact>,
    /// Products, accounts or groups beside the one asked for that nobody else may change meanwhile.
    pub locks: Vec<String>,
    /// Products that are made (options): they are activated like a sale.
    pub makes: Vec<Made>,
    /// Numbers kept for the order; given back when it is cancelled.
    pub numbers: Vec<String>,
    pub charges: Vec<Charge>,
    pub monthly_before: Money,
    pub monthly_after: Money,
    pub early_termination: Money,
    /// An account that was opened for the order; closed unused when it is cancelled.
    pub opened_account: Option<String>,
}

/// A product that the business makes.
#[derive(Clone, Debug)]
pub struct Made {
    pub product_id: String,
    pub planned: catalog::PlannedProduct,
    /// What was agreed when it was sold, for billing.
    pub pricing: Option<Value>,
}

impl Change {
    pub fn of(summary: impl Into<String>) -> Self {
        Self { summary: summary.into(), ..Self::default() }
    }
    pub fn charge(&mut self, name: impl Into<String>, amount: Money, kind: &'static str) {
        if amount != Money::ZERO {
            self.charges.push(Charge { name: name.into(), amount, kind });
        }
    }
    /// What the customer pays at once.
    pub fn due_now(&self) -> Result<Money, Problem> {
        let sum = self.charges.iter().try_fold(Money::ZERO, |sum, c| sum.plus(c.amount))?;
        sum.plus(self.early_termination)
    }
}
