//! Who is acting, what they may do, and which part of the organisation they may see.

use crate::{OrgPath, Problem, codes};
use std::{collections::BTreeSet, sync::Arc};

/// One right, named `subject.verb`. Declared as a constant beside the operation that asks for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Perm {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ActorKind {
    Staff,
    Token,
    /// The system itself: sagas, jobs, imports from the command line.
    System,
}

/// The authenticated caller. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Actor {
    pub kind: ActorKind,
    pub id: Arc<str>,
    pub name: Arc<str>,
    /// Where the actor works: new records belong here.
    pub org: OrgPath,
    /// What the actor may see: this node and below.
    pub scope: OrgPath,
    pub permissions: Arc<BTreeSet<String>>,
    /// The roles the permissions come from: for limits that a table keeps by role. Empty for the system.
    pub roles: Arc<[String]>,
    /// The sales channel that a machine says it speaks for; none for staff, whose role tells it.
    pub channel: Option<Arc<str>>,
}

impl Actor {
    pub fn system() -> Self {
        Self {
            kind: ActorKind::System,
            id: "system".into(),
            name: "系统".into(),
            org: OrgPath::root(),
            scope: OrgPath::root(),
            permissions: Arc::default(),
            roles: Arc::default(),
            channel: None,
        }
    }
    /// The system acting inside one part of the organisation, for a saga that continues somebody's order there.
    pub fn system_at(org: OrgPath) -> Self {
        Self { org, ..Self::system() }
    }
    pub fn may(&self, perm: Perm) -> bool {
        self.kind == ActorKind::System || self.permissions.contains(perm.name)
    }
    pub fn has_role(&self, name: &str) -> bool {
        self.roles.iter().any(|r| r == name)
    }
    pub fn allow(&self, perm: Perm) -> Result<(), Problem> {
        if self.may(perm) { Ok(()) } else { Err(Problem::new(&codes::FORBIDDEN).with("permission", perm.name)) }
    }
    pub fn sees(&self, org: &str) -> bool {
        self.scope.contains_text(org)
    }
}
