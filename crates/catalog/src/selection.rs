//! What may be picked inside a bundle, and whether a choice fits.
//!
//! A bundle lists its parts ([`BundleOption`]) with how often each may occur. Parts of one group ([`BundleGroup`]) are
//! chosen together: "two of these four". An empty selection is what the offering proposes itself.

use crate::{Family, Offering, problems};
use kernel::{Problem, Result};
use serde::{Deserialize, Serialize};

/// One part that was picked, and how often. `version` pins the part to a former version of its offering.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Picked {
    pub offering_id: String,
    #[serde(default = "one")]
    pub quantity: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
}

const fn one() -> i64 {
    1
}

/// What was picked inside a bundle; empty: what the bundle proposes.
pub type Selection = Vec<Picked>;

/// A part of a bundle. Fixed where `min` is `max`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundleOption {
    pub offering_id: String,
    pub name: String,
    pub family: Family,
    pub min: i64,
    pub max: i64,
    /// How often it comes where nothing else is said.
    pub default: i64,
    /// The group it is chosen in.
    pub group: Option<String>,
}

/// Parts of which between `min` and `max` are picked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BundleGroup {
    pub id: String,
    pub name: String,
    pub min: i64,
    pub max: i64,
}

/// Most products one bundle may make.
pub(crate) const MOST: i64 = 50;

impl Offering {
    pub fn is_bundle(&self) -> bool {
        !self.options.is_empty()
    }

    /// The parts that `selection` means, each with its quantity, in the order of the bundle. Parts with `min` above zero
    /// that are not named come with `min`.
    ///
    /// Fails with `bundle.*` where the choice does not fit.
    pub fn resolve(&self, selection: &[Picked]) -> Result<Vec<Picked>> {
        let mut problems = self.misfits(selection);
        if problems.is_empty() { Ok(self.chosen(selection)) } else { Err(problems.swap_remove(0)) }
    }

    /// The parts chosen, whether or not they fit.
    pub fn chosen(&self, selection: &[Picked]) -> Vec<Picked> {
        let pick = |option: &BundleOption| {
            let named = selection.iter().filter(|p| p.offering_id == option.offering_id);
            let version = named.clone().find_map(|p| p.version);
            let asked: i64 = named.clone().map(|p| p.quantity.clamp(0, MOST + 1)).sum();
            let quantity = match (selection.is_empty(), named.count()) {
                (true, _) => option.default,
                (false, 0) => option.min,
                (false, _) => asked,
            };
            (quantity > 0).then(|| Picked { offering_id: option.offering_id.clone(), quantity, version })
        };
        self.options.iter().filter_map(pick).collect()
    }

    /// Everything that is wrong with a choice.
    pub fn misfits(&self, selection: &[Picked]) -> Vec<Problem> {
        let mut wrong = Vec::new();
        for picked in selection {
            if !self.options.iter().any(|o| o.offering_id == picked.offering_id) {
                let what = if self.is_bundle() { &problems::BUNDLE_FOREIGN } else { &problems::BUNDLE_NONE };
                wrong.push(Problem::new(what).with("name", &self.name).with("part", &picked.offering_id));
            } else if picked.quantity < 0 {
                wrong.push(Problem::invalid("selection.quantity", &picked.quantity.to_string()));
            }
        }
        let chosen = self.chosen(selection);
        let quantity = |id: &str| chosen.iter().find(|p| p.offering_id == id).map_or(0, |p| p.quantity);
        for option in &self.options {
            let n = quantity(&option.offering_id);
            // Whether a part of a group is there at all, the group decides.
            let min = if option.group.is_some() && n == 0 { 0 } else { option.min };
            if n < min || n > option.max {
                wrong.push(range(&problems::BUNDLE_QUANTITY, &self.name, &option.name, (min, option.max), n));
            }
        }
        for group in &self.groups {
            let inside = self.options.iter().filter(|o| o.group.as_deref() == Some(&group.id));
            let n: i64 = inside.map(|o| quantity(&o.offering_id)).sum();
            if n < group.min || n > group.max {
                wrong.push(range(&problems::BUNDLE_GROUP, &self.name, &group.name, (group.min, group.max), n));
            }
        }
        if chosen.iter().map(|p| p.quantity).sum::<i64>() > MOST {
            wrong.push(Problem::new(&problems::BUNDLE_TOO_MANY).with("name", &self.name).with("n", &MOST.to_string()));
        }
        wrong
    }
}

fn range(code: &'static kernel::Code, name: &str, part: &str, (min, max): (i64, i64), n: i64) -> Problem {
    let range = if min == max { min.to_string() } else { format!("{min}–{max}") };
    Problem::new(code).with("name", name).with("part", part).with("range", &range).with("n", &n.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(id: &str, (min, max, default): (i64, i64, i64), group: Option<&str>) -> BundleOption {
        let (offering_id, name, group) = (id.to_owned(), id.to_owned(), group.map(str::to_owned));
        BundleOption { offering_id, name, family: Family::Content, min, max, default, group }
    }

    fn bundle() -> Offering {
        Offering {
            options: vec![
                part("line", (1, 1, 1), None),
                part("second", (0, 4, 0), None),
                part("film", (0, 1, 1), Some("packs")),
                part("music", (0, 1, 1), Some("packs")),
                part("game", (0, 1, 0), Some("packs")),
            ],
            groups: vec![BundleGroup { id: "packs".into(), name: "任选".into(), min: 2, max: 2 }],
            ..Offering::blank("b", "套餐", Family::Bundle)
        }
    }

    fn picks(list: &[(&str, i64)]) -> Selection {
        list.iter().map(|(id, n)| Picked { offering_id: (*id).into(), quantity: *n, version: None }).collect()
    }

    #[test]
    fn nothing_said_is_what_the_bundle_proposes_and_fixed_parts_need_no_naming() {
        assert_eq!(bundle().resolve(&[]).unwrap(), picks(&[("line", 1), ("film", 1), ("music", 1)]));
        let chosen = bundle().resolve(&picks(&[("music", 1), ("game", 1), ("second", 2)])).unwrap();
        assert_eq!(chosen, picks(&[("line", 1), ("second", 2), ("music", 1), ("game", 1)]));
    }

    #[test]
    fn a_choice_outside_the_numbers_is_refused_with_the_numbers() {
        for (choice, code) in [
            (picks(&[("film", 1)]), &problems::BUNDLE_GROUP),
            (picks(&[("film", 1), ("music", 1), ("game", 1)]), &problems::BUNDLE_GROUP),
            (picks(&[("film", 1), ("music", 1), ("second", 5)]), &problems::BUNDLE_QUANTITY),
            (picks(&[("film", 1), ("music", 1), ("line", 0)]), &problems::BUNDLE_QUANTITY),
            (picks(&[("film", 1), ("music", 1), ("plane", 1)]), &problems::BUNDLE_FOREIGN),
        ] {
            let refused = bundle().resolve(&choice).unwrap_err();
            assert!(refused.is(code), "{choice:?}: {refused}");
        }
        let single = Offering::blank("s", "单品", Family::Mobile);
        assert!(single.resolve(&picks(&[("film", 1)])).unwrap_err().is(&problems::BUNDLE_NONE));
        let absurd = bundle().resolve(&picks(&[("second", i64::MAX), ("second", i64::MAX), ("film", 2)]));
        assert!(absurd.is_err(), "no overflow");
    }
}
