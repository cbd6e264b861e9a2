//! The people who work with the system.

use crate::{Password, organization, problems, role};
use http::App;
use kernel::{Actor, ActorKind, OrgPath, Perm, Problem, Result};
use serde_json::{Value, json};
use std::sync::Arc;
use store::{Event, Filter, Row, Tx, params, sql};

#[derive(Clone, Debug)]
pub struct Staff {
    pub id: String,
    pub version: i64,
    pub login: String,
    pub name: String,
    pub org: OrgPath,
    pub scope: OrgPath,
    pub roles: Vec<String>,
    pub password_hash: String,
    pub active: bool,
}

#[derive(Clone)]
pub struct NewStaff {
    pub login: String,
    pub name: String,
    pub org: OrgPath,
    pub scope: OrgPath,
    pub roles: Vec<String>,
    pub password: Password,
}

/// What may be changed of somebody; nothing where `None`.
#[derive(Clone, Default)]
pub struct StaffChange {
    pub name: Option<String>,
    pub org: Option<OrgPath>,
    pub scope: Option<OrgPath>,
    pub roles: Option<Vec<String>>,
    pub active: Option<bool>,
    pub password: Option<Password>,
}

const COLUMNS: &str = "id, version, login, name, org, scope, roles, password_hash, status";

sql! {
    BY_LOGIN = "SELECT id, version, login, name, org, scope, roles, password_hash, status FROM staff WHERE login = $1";
    BY_ID = "SELECT id, version, login, name, org, scope, roles, password_hash, status FROM staff WHERE id = $1";
    LOCK = "SELECT id, version, login, name, org, scope, roles, password_hash, status FROM staff WHERE id = $1 {for_update}";
    ANY = "SELECT 1 FROM staff LIMIT 1";
    INSERT = "INSERT INTO staff (id, version, login, name, org, scope, roles, password_hash, status, created_at, updated_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, 'active', $8, $8) ON CONFLICT (login) DO NOTHING";
    SAVE = "UPDATE staff SET version = version + 1, name = $3, org = $4, scope = $5, roles = $6, password_hash = $7, \
            status = $8, updated_at = $9 WHERE id = $1 AND version = $2";
}

impl Staff {
    fn from_row(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.text(0),
            version: row.int(1),
            login: row.text(2),
            name: row.text(3),
            org: OrgPath::parse(row.str(4))?,
            scope: OrgPath::parse(row.str(5))?,
            roles: serde_json::from_value(row.json(6)).unwrap_or_default(),
            password_hash: row.text(7),
            active: row.str(8) == "active",
        })
    }
    pub fn actor(&self, all: &[Perm]) -> Actor {
        Actor {
            kind: ActorKind::Staff,
            id: self.id.as_str().into(),
            name: self.name.as_str().into(),
            org: self.org.clone(),
            scope: self.scope.clone(),
            permissions: Arc::new(role::permissions_of(&self.roles, all)),
            roles: self.roles.clone().into(),
            channel: None,
        }
    }
    pub fn to_json(&self) -> Value {
        let status = if self.active { "active" } else { "disabled" };
        json!({
            "id": self.id, "login": self.login, "name": self.name, "org": self.org, "scope": self.scope,
            "roles": self.roles, "status": status, "version": self.version,
        })
    }
    fn event(&self, what: &str) -> Event {
        let Self { id, version, org, .. } = self;
        // The chain keeps who got which rights; it is what an auditor asks for first.
        let audit = json!({"login": self.login, "roles": self.roles, "scope": self.scope, "active": self.active});
        Event::new(what, "staff", id, *version, org).payload(json!({"staff": self.to_json()})).audit(audit)
    }
}

pub fn by_login(tx: &mut Tx<'_>, login: &str) -> Result<Option<Staff>> {
    tx.query_opt(&BY_LOGIN, params![login])?.map(|row| Staff::from_row(&row)).transpose()
}

pub fn by_id(tx: &mut Tx<'_>, id: &str) -> Result<Option<Staff>> {
    tx.query_opt(&BY_ID, params![id])?.map(|row| Staff::from_row(&row)).transpose()
}

pub fn any(tx: &mut Tx<'_>) -> Result<bool> {
    Ok(tx.query_opt(&ANY, params![])?.is_some())
}

/// A login is written in lower case everywhere, so that nobody can have two that look alike.
pub fn parse_login(text: &str) -> Result<String> {
    let login = text.trim().to_ascii_lowercase();
    let good = (2..=40).contains(&login.len())
        && login.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'_' | b'-'));
    if good { Ok(login) } else { Err(Problem::new(&problems::LOGIN_INVALID).field("login")) }
}

/// Adds somebody. What the actor may grant is the route's business: see [`may_grant`].
pub fn create_staff(tx: &mut Tx<'_>, new: NewStaff) -> Result<String> {
    let id = tx.new_id::<Staff>().into_string();
    create_staff_as(tx, id, new)
}

/// Under an id that records name already.
pub fn create_staff_as(tx: &mut Tx<'_>, id: String, new: NewStaff) -> Result<String> {
    let login = parse_login(&new.login)?;
    check(tx, &new.name, &new.org, &new.roles)?;
    let roles = json!(new.roles);
    let hash = new.password.as_hash();
    if tx.execute(&INSERT, params![id, login, new.name, new.org, new.scope, roles, hash, tx.now()])? == 0 {
        return Err(Problem::new(&problems::LOGIN_TAKEN).field("login").with("login", &login));
    }
    let staff = by_id(tx, &id)?.ok_or_else(|| Problem::internal("a row just written is not there"))?;
    tx.emit(staff.event("StaffCreateEvent"))?;
    Ok(id)
}

fn check(tx: &mut Tx<'_>, name: &str, org: &OrgPath, roles: &[String]) -> Result<()> {
    if name.trim().is_empty() || name.chars().count() > 60 {
        return Err(Problem::invalid("name", "1–60"));
    }
    if roles.is_empty() {
        return Err(Problem::missing("roles"));
    }
    for name in roles {
        role::find(name)?;
    }
    if organization::exists(tx, org)? { Ok(()) } else { Err(Problem::unknown_reference("org", org.as_str())) }
}

/// Fails unless the actor holds every right of `roles` and sees all of `org` and `scope`.
pub fn may_grant(app: &App, actor: &Actor, roles: &[String], places: &[&OrgPath]) -> Result<()> {
    let given = role::permissions_of(roles, app.permissions());
    let held = given.is_subset(&actor.permissions);
    if held && places.iter().all(|p| actor.scope.contains(p)) {
        Ok(())
    } else {
        Err(Problem::new(&problems::GRANT_TOO_WIDE))
    }
}

/// Changes somebody whom the actor sees and could have made.
pub fn change(
    tx: &mut Tx<'_>,
    app: &App,
    id: &str,
    if_match: impl Fn(i64) -> Result<()>,
    ask: &StaffChange,
) -> Result<Staff> {
    let row = tx.query_one(&LOCK, params![id])?;
    let mut staff = Staff::from_row(&row)?;
    tx.must_see(staff.org.as_str())?;
    let actor = tx.actor().clone();
    may_grant(app, &actor, &staff.roles, &[&staff.org, &staff.scope])?;
    if_match(staff.version)?;
    let StaffChange { name, org, scope, roles, active, password } = ask.clone();
    staff.name = name.unwrap_or(staff.name);
    staff.org = org.unwrap_or(staff.org);
    staff.scope = scope.unwrap_or(staff.scope);
    staff.roles = roles.unwrap_or(staff.roles);
    staff.active = active.unwrap_or(staff.active);
    staff.password_hash = password.map_or(staff.password_hash, |p| p.as_hash().to_owned());
    check(tx, &staff.name, &staff.org, &staff.roles)?;
    may_grant(app, &actor, &staff.roles, &[&staff.org, &staff.scope])?;
    save(tx, &mut staff)?;
    Ok(staff)
}

pub fn set_password(tx: &mut Tx<'_>, id: &str, password: &Password) -> Result<()> {
    let row = tx.query_one(&LOCK, params![id])?;
    let mut staff = Staff::from_row(&row)?;
    staff.password_hash = password.as_hash().to_owned();
    save(tx, &mut staff)
}

fn save(tx: &mut Tx<'_>, staff: &mut Staff) -> Result<()> {
    let status = if staff.active { "active" } else { "disabled" };
    let Staff { id, version, name, org, scope, password_hash, .. } = &*staff;
    let roles = json!(staff.roles);
    tx.execute_versioned(&SAVE, params![id, *version, name, org, scope, roles, password_hash, status, tx.now()])?;
    staff.version += 1;
    tx.emit(staff.event("StaffAttributeValueChangeEvent"))
}

/// Staff of the actor's scope, by login.
pub fn list(tx: &mut Tx<'_>, offset: i64, limit: i64) -> Result<Vec<Staff>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let (limit, offset) = (filter.bind(limit), filter.bind(offset));
    let text = format!("SELECT {COLUMNS} FROM staff{} ORDER BY login LIMIT {limit} OFFSET {offset}", filter.to_where());
    tx.query(&text, &filter.binds)?.iter().map(Staff::from_row).collect()
}
