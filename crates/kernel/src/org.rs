//! Where a record or a person belongs: group → province → city → hall, written as a path.

use crate::{Problem, codes};
use serde::{Deserialize, Serialize};
use std::fmt;

/// A node of the organisation tree, such as `/cn/44/4401/h001`. A scope is the node and everything below it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OrgPath(String);

impl OrgPath {
    /// The whole group.
    pub fn root() -> Self {
        Self("/cn".to_owned())
    }
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let mut parts = text.split('/');
        let valid = parts.next() == Some("")
            && text.len() <= 80
            && parts.clone().count() >= 1
            && parts.all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
        if valid { Ok(Self(text.to_owned())) } else { Err(Problem::new(&codes::ORG_INVALID).with("value", text)) }
    }
    pub fn as_str(&self) -> &str {
        &self.0
    }
    pub fn contains(&self, other: &Self) -> bool {
        self.contains_text(&other.0)
    }
    pub fn contains_text(&self, other: &str) -> bool {
        other.strip_prefix(&self.0).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
    pub fn is_root(&self) -> bool {
        self.0.matches('/').count() == 1
    }
    pub fn child(&self, name: &str) -> Result<Self, Problem> {
        Self::parse(&format!("{}/{name}", self.0))
    }
    pub fn parent(&self) -> Option<Self> {
        let (head, _) = self.0.rsplit_once('/')?;
        (!head.is_empty()).then(|| Self(head.to_owned()))
    }
    /// The half-open range of paths strictly below this one, for an index range scan.
    pub fn below(&self) -> (String, String) {
        (format!("{}/", self.0), format!("{}0", self.0)) // '0' is the byte after '/'
    }
}

impl fmt::Display for OrgPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
impl TryFrom<String> for OrgPath {
    type Error = Problem;
    fn try_from(text: String) -> Result<Self, Problem> {
        Self::parse(&text)
    }
}
impl From<OrgPath> for String {
    fn from(path: OrgPath) -> Self {
        path.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_holds_itself_and_its_descendants_only() {
        let city = OrgPath::parse("/cn/44/4401").unwrap();
        assert!(city.contains_text("/cn/44/4401") && city.contains_text("/cn/44/4401/h001"));
        assert!(
            !city.contains_text("/cn/44/44010") && !city.contains_text("/cn/44") && !city.contains_text("/cn/45/4401")
        );
        let (from, to) = city.below();
        assert!(*"/cn/44/4401/h001" > *from && *"/cn/44/4401/h001" < *to && *"/cn/44/44010" >= *to);
    }
}
