//! The life of a customer record.
//!
//! ```text
//! prospect ──→ active ⇄ suspended
//!     │          │          │
//!     └──→ closed ←─────────┘     closed ──→ active (comes back)
//! ```

use crate::problems;
use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// Known, has bought nothing yet.
    Prospect,
    Active,
    /// All services stopped (arrears, real-name, fraud).
    Suspended,
    /// Gone; kept for the term that the law asks for.
    Closed,
}

impl Status {
    /// TM Forum leaves the words open; those of other systems are kept in the document and mean [`Status::Active`].
    pub fn parse(text: &str) -> Self {
        match text.to_lowercase().as_str() {
            "prospect" | "initialized" | "prospective" => Self::Prospect,
            "suspended" | "inactive" => Self::Suspended,
            "closed" | "terminated" => Self::Closed,
            _ => Self::Active,
        }
    }
    pub fn name(self) -> &'static str {
        match self {
            Self::Prospect => "prospect",
            Self::Active => "active",
            Self::Suspended => "suspended",
            Self::Closed => "closed",
        }
    }
    pub fn to(self, next: Self) -> Result<Self> {
        use Status::{Active, Closed, Prospect, Suspended};
        match (self, next) {
            (Prospect, Prospect | Active | Closed)
            | (Active, Active | Suspended | Closed)
            | (Suspended, Suspended | Active | Closed)
            | (Closed, Closed | Active) => Ok(next),
            (Prospect, Suspended) | (Active | Suspended | Closed, Prospect) | (Closed, Suspended) => {
                Err(Problem::new(&problems::STATUS).with("from", self.name()).with("to", next.name()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Status::{Active, Closed, Prospect, Suspended};

    #[test]
    fn a_closed_customer_comes_back_active_only() {
        assert!(Closed.to(Active).is_ok());
        assert!(Closed.to(Suspended).is_err() && Active.to(Prospect).is_err());
    }
}
