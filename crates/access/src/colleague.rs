//! What other domains need to know of colleagues: who they are and where they work, nothing about passwords or rights.

use crate::staff;
use kernel::{OrgPath, Problem, Result};
use store::{Filter, Tx};

/// Somebody who can be put in charge of something.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Colleague {
    pub id: String,
    pub login: String,
    pub name: String,
    pub org: OrgPath,
    pub roles: Vec<String>,
}

/// The colleague, if there is one who still works here and whom the actor may see.
pub fn colleague(tx: &mut Tx<'_>, id: &str) -> Result<Option<Colleague>> {
    let found = staff::by_id(tx, id)?.filter(|s| s.active && tx.actor().sees(s.org.as_str()));
    Ok(found.map(|s| Colleague { id: s.id, login: s.login, name: s.name, org: s.org, roles: s.roles }))
}

/// Colleagues with a role within the actor's scope, by name; `most` of them.
pub fn with_role(tx: &mut Tx<'_>, role: &str, most: usize) -> Result<Vec<Colleague>> {
    let mut filter = Filter::default();
    filter.equal("status", "active");
    filter.scope("org", tx.actor());
    let text = format!("SELECT id, login, name, org, roles FROM staff{} ORDER BY name, id", filter.to_where());
    let mut found = Vec::new();
    for row in tx.query(&text, &filter.binds)? {
        let roles: Vec<String> = serde_json::from_value(row.json(4)).map_err(Problem::internal)?;
        if roles.iter().any(|r| r == role) && found.len() < most {
            let org = OrgPath::parse(row.str(3))?;
            found.push(Colleague { id: row.text(0), login: row.text(1), name: row.text(2), org, roles });
        }
    }
    Ok(found)
}
