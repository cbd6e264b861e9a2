//! A rate plan (资费方案) as data: what is included, what the rest costs, how it is rounded.
//!
//! Prices are thousandths of a fen per unit, whole numbers; a line is rounded to a fen once. A plan says nothing of monthly
//! fees: those are prices of the catalogue, pinned by orders. An active version is never changed: a change is a new
//! version, and what was rated under the old one can be told again at any time.

mod check;
pub mod import;

mod matcher;
pub mod routes;

pub mod versions;

pub use check::check;
pub use matcher::Matcher;

use serde::{Deserialize, Serialize};

/// The largest price of a unit: 10,000 yuan, in thousandths of a fen.
pub const MOST_PRICE: u64 = 1_000_000_000;
/// The largest allowance in units, and the largest unit in seconds, bytes or messages.
pub const MOST_AMOUNT: u64 = 1_000_000_000;
pub const MOST_UNIT: u64 = 1 << 40;

#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Plan {
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    /// A label for people; amounts are hundredths of it.
    #[serde(default = "cny")]
    pub currency: String,
    /// An option is asked before the base plan, its allowances are used first.
    #[serde(default)]
    pub role: Role,
    #[serde(default)]
    pub allowances: Vec<Allowance>,
    /// The first that fits a record rates it.
    #[serde(default)]
    pub rules: Vec<Rule>,
    #[serde(default)]
    pub discounts: Vec<Discount>,
    #[serde(default)]
    pub caps: Vec<Cap>,
    #[serde(default)]
    pub minimum: Option<Minimum>,
    #[serde(default)]
    pub fee_rounding: FeeRounding,
}

fn cny() -> String {
    "CNY".to_owned()
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Role {
    #[default]
    Base,
    Option,
}

/// Something included, such as 200 minutes a cycle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Allowance {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    #[serde(default)]
    pub when: Matcher,
    /// Seconds, bytes or messages that one unit has: 60 for minutes, 1048576 for MB.
    #[serde(default = "one")]
    pub unit_size: u64,
    /// Units a cycle.
    pub amount: u64,
    /// One pool of all members of a group.
    #[serde(default)]
    pub shared: bool,
    /// For how many further cycles the unused rest is good.
    #[serde(default)]
    pub carry_over: u8,
    /// The cycle in which it begins, and the one in which it ends before its time.
    #[serde(default)]
    pub first: Part,
    #[serde(default)]
    pub last: Part,
    /// Takes everything and goes below zero: speed is reduced instead of a charge.
    #[serde(default)]
    pub may_go_negative: bool,
    /// The lower, the sooner used.
    #[serde(default)]
    pub priority: i32,
}

const fn one() -> u64 {
    1
}

/// How much there is of a cycle that is not whole.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Part {
    /// All of it.
    #[default]
    Full,
    /// By days, rounded up to a unit.
    Daily,
    /// Nothing.
    None,
}

/// What a record costs that fits.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Rule {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    #[serde(default)]
    pub when: Matcher,
    #[serde(default)]
    pub mode: Mode,
    #[serde(default = "one")]
    pub unit_size: u64,
    #[serde(default)]
    pub round: Round,
    /// A record of length zero costs nothing; otherwise it counts one unit.
    #[serde(default = "yes")]
    pub zero_free: bool,
    /// False: charged beside what is included.
    #[serde(default = "yes")]
    pub use_allowances: bool,
    /// By units of the cycle, ascending; the first from 0.
    #[serde(default)]
    pub tiers: Vec<Tier>,
    /// A row of the table of taxes.
    #[serde(default = "basic_tax")]
    pub tax: String,
}

const fn yes() -> bool {
    true
}
pub fn basic_tax() -> String {
    "basic".to_owned()
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Mode {
    #[default]
    Metered,
    Free,
    /// The fee that the record carries, such as that of a content provider.
    Passed,
}

/// What is rounded up to whole units.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Round {
    /// Each record.
    #[default]
    Record,
    /// What a day has beyond the allowances.
    Day,
    /// What the cycle has beyond the allowances.
    Cycle,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Tier {
    /// From so many charged units of the cycle on.
    pub from: u64,
    /// Thousandths of a fen a unit.
    pub price_milli_fen: u64,
}

/// Off the usage charges, one after the other.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Discount {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    /// The rules whose charges it is taken off; none: all.
    #[serde(default)]
    pub rules: Vec<String>,
    #[serde(default)]
    pub percent: u8,
    #[serde(default)]
    pub amount_fen: i64,
}

/// No more than this a cycle.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Cap {
    pub id: String,
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    #[serde(default)]
    pub rules: Vec<String>,
    pub amount_fen: i64,
}

/// At least this a cycle; a cycle that is not whole by days where it says so.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Minimum {
    pub amount_fen: i64,
    #[serde(default)]
    pub part: Part,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum FeeRounding {
    /// The sum of a line, half up to a fen.
    #[default]
    Line,
    /// Each record's fee, half up to a fen.
    Record,
}

impl Plan {
    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|r| r.id == id)
    }
}
