//! What rating answers: lines for bills, steps of a trace, states of allowances.

use kernel::{Money, Timestamp};
use serde::Serialize;
use usage::{Record, ServiceKey};

/// A line that usage puts on a bill. The plan's version pins it: rated again it gives the same.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageLine {
    pub service: ServiceKey,
    pub product_id: String,
    pub number: String,
    /// Empty for usage that no plan was in force for.
    pub plan_id: String,
    pub plan_version: i64,
    pub rule_id: String,
    pub name: String,
    pub name_en: String,
    pub records: u64,
    /// Seconds, bytes or messages used.
    pub quantity: u64,
    /// What `quantity` counts: `s`, `B` or `1`; empty for discounts and the like.
    pub unit: &'static str,
    /// Units charged beyond what is free or included.
    pub charged_units: u64,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    pub tax_category: String,
    pub note: String,
    pub note_en: String,
}

/// Why a record cost what it cost.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TraceStep {
    /// None where a day or the whole cycle is rounded up, and for discounts.
    pub record: Option<Record>,
    pub at: Timestamp,
    pub plan_id: String,
    pub plan_version: i64,
    pub rule_id: String,
    pub rule_name: String,
    pub rule_name_en: String,
    /// After rounding, in seconds, bytes or messages.
    pub counted: u64,
    pub used: Vec<Used>,
    pub tiers: Vec<TierUse>,
    /// Thousandths of a fen.
    pub amount_milli_fen: i64,
    pub note: String,
    pub note_en: String,
}

/// What a record took from an allowance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Used {
    pub name: String,
    pub name_en: String,
    pub amount: u64,
    pub left_after: i64,
    pub carried: bool,
    /// It belongs to another member or to the group.
    pub shared: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct TierUse {
    pub from: u64,
    pub units: u64,
    pub price_milli_fen: u64,
}

/// What is left of an allowance. Amounts are seconds, bytes or messages; `unit_size` of them are one unit.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AllowanceState {
    pub id: String,
    pub name: String,
    pub name_en: String,
    pub plan_id: String,
    pub plan_version: i64,
    /// The kinds of usage it is for; none: all.
    pub kinds: Vec<String>,
    pub unit_size: u64,
    pub total: i64,
    pub used: i64,
    /// Below zero only where the plan says that it may be.
    pub left: i64,
    /// Of `total`, carried over from earlier cycles.
    pub carried: i64,
    pub shared: bool,
    /// Used by the product that was asked for.
    pub used_by_me: i64,
    pub members: Vec<MemberUse>,
    pub from: Timestamp,
    pub until: Timestamp,
    /// The plan it belongs to is in force no more.
    pub ended: bool,
}

#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MemberUse {
    pub product_id: String,
    pub number: String,
    pub used: i64,
}

/// A record with what it costs, for the detail of a number.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RatedRecord {
    #[serde(flatten)]
    pub record: Record,
    pub rule_id: String,
    pub rule_name: String,
    pub rule_name_en: String,
    pub included: u64,
    pub amount_milli_fen: i64,
    pub note: String,
    pub note_en: String,
}
