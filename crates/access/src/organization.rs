//! The organisation tree: group → province → city → hall.

use crate::problems;
use kernel::{OrgPath, Problem, Result};
use serde_json::{Value, json};
use store::{Event, Filter, Tx, params, sql};

sql! {
    NAME = "SELECT name FROM org_unit WHERE path = $1";
    ENSURE = "INSERT INTO org_unit (path, name, kind, created_at) VALUES ($1, $2, $3, $4) ON CONFLICT (path) DO NOTHING";
}

/// What a node at this depth is.
pub fn kind_at(path: &OrgPath) -> &'static str {
    match path.as_str().matches('/').count() {
        1 => "group",
        2 => "province",
        3 => "city",
        _ => "hall",
    }
}

/// Adds the nodes (path, name, kind) that are not there yet.
pub fn ensure_organizations(tx: &mut Tx<'_>, nodes: &[(&str, &str, &str)]) -> Result<()> {
    for (path, name, kind) in nodes {
        let path = OrgPath::parse(path)?;
        tx.execute(&ENSURE, params![path, *name, *kind, tx.now()])?;
    }
    Ok(())
}

/// The name of a node; its path where the tree does not have it.
pub fn org_name(tx: &mut Tx<'_>, path: &str) -> Result<String> {
    Ok(tx.query_opt(&NAME, params![path])?.map_or_else(|| path.to_owned(), |row| row.text(0)))
}

pub fn exists(tx: &mut Tx<'_>, path: &OrgPath) -> Result<bool> {
    Ok(tx.query_opt(&NAME, params![path])?.is_some())
}

/// Adds one node below an existing one that the actor sees.
pub fn create(tx: &mut Tx<'_>, path: &OrgPath, name: &str) -> Result<Value> {
    let parent = path.parent().ok_or_else(|| Problem::new(&problems::ORGANIZATION_PARENT))?;
    if !tx.actor().scope.contains(&parent) || !exists(tx, &parent)? {
        return Err(Problem::new(&problems::ORGANIZATION_PARENT));
    }
    if name.trim().is_empty() || name.chars().count() > 100 {
        return Err(Problem::invalid("name", "1–100"));
    }
    let kind = kind_at(path);
    if tx.execute(&ENSURE, params![path, name, kind, tx.now()])? == 0 {
        return Err(Problem::new(&kernel::codes::DUPLICATE).with("value", path.as_str()));
    }
    let event = Event::new("OrganizationUnitCreateEvent", "organizations", path.as_str(), 1, path);
    tx.emit(event.payload(json!({"organizationUnit": {"path": path, "name": name, "kind": kind}})))?;
    Ok(json!({"path": path, "name": name, "kind": kind}))
}

/// What the actor sees, and the way up to it.
pub fn tree(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let scope = tx.actor().scope.clone();
    let mut filter = Filter::default();
    filter.scope("path", tx.actor());
    let text = format!("SELECT path, name, kind FROM org_unit{} ORDER BY path", filter.to_where());
    let mut rows = Vec::new();
    let mut above = scope.parent();
    while let Some(path) = above {
        let name = org_name(tx, path.as_str())?;
        rows.insert(0, json!({"path": path, "name": name, "kind": kind_at(&path)}));
        above = path.parent();
    }
    for row in tx.query(&text, &filter.binds)? {
        rows.push(json!({"path": row.str(0), "name": row.str(1), "kind": row.str(2)}));
    }
    Ok(rows)
}
