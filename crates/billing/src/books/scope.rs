//! Which charges a book may pay.

use serde::{Deserialize, Serialize};

/// Empty lists mean "all". A charge must fit every list that is not empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Scope {
    /// Product lines, such as `mobile`.
    pub families: Vec<String>,
    /// `recurring`, `oneTime`, `usage` and so on, as bill lines have it.
    pub kinds: Vec<String>,
    /// Products held, by id.
    pub products: Vec<String>,
}

/// A line of a bill as far as a scope looks at it.
#[derive(Clone, Copy, Debug)]
pub struct Charged<'a> {
    pub family: &'a str,
    pub kind: &'a str,
    pub product: &'a str,
}

impl Scope {
    pub fn is_everything(&self) -> bool {
        self.families.is_empty() && self.kinds.is_empty() && self.products.is_empty()
    }
    pub fn fits(&self, charged: Charged<'_>) -> bool {
        let within = |list: &[String], value: &str| list.is_empty() || list.iter().any(|v| v == value);
        within(&self.families, charged.family)
            && within(&self.kinds, charged.kind)
            && within(&self.products, charged.product)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_charge_fits_when_every_list_that_says_something_names_it() {
        let charged = Charged { family: "mobile", kind: "usage", product: "p1" };
        let scope = |families: &[&str], kinds: &[&str]| Scope {
            families: families.iter().map(|s| (*s).to_owned()).collect(),
            kinds: kinds.iter().map(|s| (*s).to_owned()).collect(),
            products: Vec::new(),
        };
        assert!(Scope::default().fits(charged) && Scope::default().is_everything());
        assert!(scope(&["mobile", "iptv"], &[]).fits(charged));
        assert!(!scope(&["mobile"], &["recurring"]).fits(charged));
        assert!(!scope(&["iptv"], &["usage"]).fits(charged));
        assert!(!Scope { products: vec!["p2".into()], ..Scope::default() }.fits(charged));
    }
}
