//! Roles as data: each is a list of patterns over the rights that the modules declare.

use crate::problems;
use kernel::{Perm, Problem, Result};
use serde::{Deserialize, Serialize};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

#[derive(Debug, Deserialize, Serialize)]
pub struct Role {
    pub name: String,
    pub title: BTreeMap<String, String>,
    /// `order.create`, `order.*`, `*.read` or `*`.
    pub permissions: Vec<String>,
}

static ROLES: LazyLock<Vec<Role>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../data/roles.json")).expect("data/roles.json is checked by a test")
});

pub fn roles() -> &'static [Role] {
    &ROLES
}

pub fn find(name: &str) -> Result<&'static Role> {
    let found = ROLES.iter().find(|r| r.name == name);
    found.ok_or_else(|| Problem::new(&problems::ROLE_UNKNOWN).with("role", name))
}

impl Role {
    pub fn grants(&self, permission: &str) -> bool {
        self.permissions.iter().any(|pattern| matches(pattern, permission))
    }
}

fn matches(pattern: &str, permission: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == permission,
        Some((head, tail)) => {
            permission.len() >= head.len() + tail.len() && permission.starts_with(head) && permission.ends_with(tail)
        }
    }
}

/// The rights out of `all` that these roles give together. A role that is gone gives nothing.
pub fn permissions_of<S: AsRef<str>>(names: &[S], all: &[Perm]) -> BTreeSet<String> {
    let held: Vec<&Role> = names.iter().filter_map(|n| find(n.as_ref()).ok()).collect();
    all.iter().filter(|p| held.iter().any(|r| r.grants(p.name))).map(|p| p.name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_of_the_file_can_be_read_and_its_patterns_mean_what_they_say() {
        assert!(roles().iter().all(|r| r.title.contains_key("zh-CN") && r.title.contains_key("en")));
        assert!(find("admin").unwrap().grants("anything.at_all"));
        assert!(matches("order.*", "order.create") && !matches("order.*", "orders.create"));
        assert!(matches("*.read", "bill.read") && !matches("*.read", "bill.write"));
        assert!(find("nobody").is_err());
    }
}
