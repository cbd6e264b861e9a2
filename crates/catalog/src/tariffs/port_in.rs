//! The number-portability rules forbid tariffs that only a customer who ports a number in can get.
//!
//! What binds the offering is its name, its audience and where it applies. A text that speaks of porting *out* (a contract
//! that ends with it) or that leaves porting customers out is no such condition.

use crate::problems;
use kernel::{Problem, Result};
use regex::Regex;
use serde_json::{Map, Value};
use std::sync::LazyLock;

static CONDITION: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"携号转?入|携转?入|携号入网|携(号转网|转)(新)?(客户|用户|专享|专属|优惠)|(?i:port(ed|ing)?[ -]?in\b)|转网(专享|专属)").ok()
});

/// Refuses an offering document that is conditioned on porting in.
pub(crate) fn refuse(doc: &Map<String, Value>) -> Result<()> {
    for name in ["name", "audience", "area"] {
        if let Some(hit) = doc.get(name).and_then(Value::as_str).and_then(condition) {
            return Err(Problem::new(&problems::PORT_IN_CONDITION).field(name).with("detail", &hit));
        }
    }
    Ok(())
}

/// The words of `text` that make porting in a condition.
pub(crate) fn condition(text: &str) -> Option<String> {
    let found = CONDITION.as_ref()?.find_iter(text).find(|hit| {
        let before: String = text[..hit.start()].chars().rev().take(4).collect();
        let after: String = text[hit.end()..].chars().take(8).collect();
        let left_out = before.contains(['不', '非', '含'])
            || ["除外", "不可", "不能", "不得", "不参", "均可", "也可", "同样"].iter().any(|w| after.contains(w));
        !left_out
    })?;
    Some(found.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn porting_in_as_a_condition_is_found_and_other_mentions_are_not() {
        for bad in [
            "携号转入客户专享19元套餐",
            "仅限携入用户",
            "携号转网用户专属优惠",
            "Port-in customers only",
            "携转用户",
            "携号入网立减",
        ] {
            assert!(condition(bad).is_some(), "{bad}");
        }
        for good in [
            "广东移动新入网客户",
            "合约期内不可销户、携转",
            "不允许办理过户、销户、携号转网业务",
            "携号转网用户除外",
            "携入用户均可办理",
            "包含携入用户",
            "进出口携带",
            "",
        ] {
            assert!(condition(good).is_none(), "{good}");
        }
    }
}
