//! Which records a rule or an allowance is for. What is not said does not matter.

use crate::tables::{Seen, Tables};
use serde::{Deserialize, Serialize};

#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Matcher {
    /// `call`, `sms`, `mms`, `data`, `content`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kinds: Vec<String>,
    /// `in` or `out`; none: both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<String>,
    /// Classes of the table of destinations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub destinations: Vec<String>,
    /// Codes or classes of the table of roaming zones.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// Rows of the table of time bands; the beginning of a record decides.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub bands: Vec<String>,
    /// Exactly these numbers, access points or contents.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peers: Vec<String>,
}

pub const KINDS: [&str; 5] = ["call", "sms", "mms", "data", "content"];

impl Matcher {
    pub fn fits(&self, seen: &Seen<'_>, tables: &Tables) -> bool {
        let listed = |list: &[String], value: &str| list.is_empty() || list.iter().any(|x| x == value);
        listed(&self.kinds, seen.kind.name())
            && self.direction.as_deref().is_none_or(|d| d == seen.direction.name())
            && listed(&self.destinations, seen.destination)
            && (self.zones.is_empty() || self.zones.iter().any(|z| z == seen.zone || z == seen.zone_class))
            && listed(&self.peers, seen.peer)
            && (self.bands.is_empty() || self.bands.iter().any(|b| tables.in_band(b, seen.at)))
    }
    /// Could anything fit both?
    pub fn meets(&self, other: &Self) -> bool {
        let both = |a: &[String], b: &[String]| a.is_empty() || b.is_empty() || a.iter().any(|x| b.contains(x));
        both(&self.kinds, &other.kinds)
            && (self.direction.is_none() || other.direction.is_none() || self.direction == other.direction)
            && both(&self.peers, &other.peers)
    }
}
