//! The life cycle that TMF620 and TMF633 give their documents.
//!
//! ```text
//! In study → In design → In test → Active → Launched → Retired → Obsolete
//!     ↓    ↗    ↓            ↓                  ↑ ↓________|
//!   Rejected ←──┴────────────┘                  └ (put on sale again)
//! ```
//! A step back is possible until the offering was on sale; afterwards it is retired, and may be put on sale again until
//! it is obsolete. Only `Active` and `Launched` can be sold.

use crate::problems;
use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Lifecycle {
    InStudy,
    InDesign,
    InTest,
    Rejected,
    Active,
    Launched,
    Retired,
    Obsolete,
}

use Lifecycle::{Active, InDesign, InStudy, InTest, Launched, Obsolete, Rejected, Retired};

impl Lifecycle {
    pub const ALL: [Self; 8] = [InStudy, InDesign, InTest, Rejected, Active, Launched, Retired, Obsolete];

    /// The spelling of the TM Forum documents.
    pub const fn as_str(self) -> &'static str {
        match self {
            InStudy => "In study",
            InDesign => "In design",
            InTest => "In test",
            Rejected => "Rejected",
            Active => "Active",
            Launched => "Launched",
            Retired => "Retired",
            Obsolete => "Obsolete",
        }
    }
    /// Reads any spelling that is around: `In Study`, `inStudy`, `IN_STUDY`.
    pub fn parse(text: &str) -> Result<Self> {
        let plain = |s: &str| s.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
        let wanted = plain(text);
        let hit = Self::ALL.into_iter().find(|s| plain(s.as_str()) == wanted);
        hit.ok_or_else(|| Problem::invalid("lifecycleStatus", text))
    }
    pub const fn is_on_sale(self) -> bool {
        matches!(self, Active | Launched)
    }
    /// The states that may follow.
    pub const fn next(self) -> &'static [Self] {
        match self {
            InStudy => &[InDesign, Rejected],
            InDesign => &[InStudy, InTest, Rejected],
            InTest => &[InDesign, Active, Rejected],
            Rejected => &[InDesign],
            Active => &[Launched, Retired],
            Launched => &[Retired],
            Retired => &[Launched, Obsolete],
            Obsolete => &[],
        }
    }
    /// The state after the step, or why it cannot be taken. Staying is no step and always possible.
    pub fn to(self, wanted: Self) -> Result<Self> {
        if self == wanted || self.next().contains(&wanted) {
            return Ok(wanted);
        }
        let next: Vec<&str> = self.next().iter().map(|s| s.as_str()).collect();
        let next = if next.is_empty() { "—".to_owned() } else { next.join(", ") };
        Err(Problem::new(&problems::LIFECYCLE)
            .with("from", self.as_str())
            .with("to", wanted.as_str())
            .with("next", &next))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_offering_walks_from_study_to_obsolete_and_never_jumps() {
        let path = [InStudy, InDesign, InTest, Active, Launched, Retired, Obsolete];
        for pair in path.windows(2) {
            assert_eq!(pair[0].to(pair[1]).unwrap(), pair[1]);
        }
        for (from, to) in
            [(InStudy, Active), (Launched, InDesign), (Obsolete, Launched), (Retired, InTest), (Active, Rejected)]
        {
            let problem = from.to(to).unwrap_err();
            assert!(problem.is(&problems::LIFECYCLE), "{from:?} → {to:?}");
        }
        assert_eq!(Retired.to(Launched).unwrap(), Launched, "put on sale again");
    }

    #[test]
    fn every_state_may_stay_and_is_read_in_any_spelling() {
        for state in Lifecycle::ALL {
            assert_eq!(state.to(state).unwrap(), state);
            assert_eq!(Lifecycle::parse(state.as_str()).unwrap(), state);
        }
        assert_eq!(Lifecycle::parse("IN_STUDY").unwrap(), InStudy);
        assert!(Lifecycle::parse("在售").is_err() && Lifecycle::parse("").is_err());
    }
}
