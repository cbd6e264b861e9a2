//! Fleets and departments as a tree, and drivers: who of the unit has which member.

use crate::{problems, unit::Unit};
use kernel::{OrgPath, Problem, Result, mask_phone};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct GroupAsk {
    pub name: String,
    pub kind: String,
    pub parent_id: Option<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct DriverAsk {
    pub name: String,
    pub staff_no: String,
    pub phone: String,
    pub group_id: Option<String>,
    pub state: Option<String>,
}

sql! {
    GROUPS = "SELECT g.id, g.version, g.parent_id, g.kind, g.name, (SELECT COUNT(*) FROM unit_member m WHERE m.group_id = g.id \
              AND m.state IN ('active', 'lost', 'suspended')) FROM unit_group g WHERE g.unit_id = $1 ORDER BY g.name";
    GROUP = "SELECT id, version, parent_id, kind, name, unit_id, org FROM unit_group WHERE id = $1 {for_update}";
    LOOK = "SELECT id, version, parent_id, kind, name, unit_id, org FROM unit_group WHERE id = $1";
    ADD_GROUP = "INSERT INTO unit_group (id, version, unit_id, org, parent_id, kind, name, created_at, updated_at) \
                 VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $7) ON CONFLICT DO NOTHING";
    NAMED = "SELECT 1 FROM unit_group WHERE unit_id = $1 AND name = $2 AND id <> $3";
    SAVE_GROUP = "UPDATE unit_group SET version = version + 1, parent_id = $3, kind = $4, name = $5, updated_at = $6 WHERE id = $1 AND version = $2";
    DROP_GROUP = "DELETE FROM unit_group WHERE id = $1 AND NOT EXISTS (SELECT 1 FROM unit_member m WHERE m.group_id = $1 AND \
                  m.state IN ('active', 'lost', 'suspended')) AND NOT EXISTS (SELECT 1 FROM unit_group c WHERE c.parent_id = $1) \
                  AND NOT EXISTS (SELECT 1 FROM unit_driver d WHERE d.group_id = $1 AND d.state = 'active')";
    DRIVERS = "SELECT id, version, group_id, name, staff_no, phone, state FROM unit_driver WHERE unit_id = $1 ORDER BY state, staff_no";
    DRIVER = "SELECT id, version, group_id, name, staff_no, phone, state, unit_id, org FROM unit_driver WHERE id = $1 {for_update}";
    LOOK_DRIVER = "SELECT unit_id, org FROM unit_driver WHERE id = $1";
    ADD_DRIVER = "INSERT INTO unit_driver (id, version, unit_id, org, group_id, name, staff_no, phone, state, created_at, updated_at) \
                  VALUES ($1, 1, $2, $3, $4, $5, $6, $7, 'active', $8, $8) ON CONFLICT DO NOTHING";
    STAFFED = "SELECT 1 FROM unit_driver WHERE unit_id = $1 AND staff_no = $2 AND id <> $3";
    SAVE_DRIVER = "UPDATE unit_driver SET version = version + 1, group_id = $3, name = $4, staff_no = $5, phone = $6, state = $7, \
                   updated_at = $8 WHERE id = $1 AND version = $2";
}

fn group_json(r: &Row) -> Value {
    json!({"id": r.str(0), "version": r.int(1), "parentId": r.opt_text(2), "kind": r.str(3), "name": r.str(4)})
}

pub fn groups(tx: &mut Tx<'_>, unit_id: &str) -> Result<Vec<Value>> {
    let rows = tx.query(&GROUPS, params![unit_id])?;
    Ok(rows
        .iter()
        .map(|r| {
            let mut group = group_json(r);
            group["members"] = json!(r.int(5));
            group
        })
        .collect())
}

/// A group of this unit.
pub fn group(tx: &mut Tx<'_>, unit_id: &str, id: &str) -> Result<Value> {
    let row = tx.query_one(&LOOK, params![id])?;
    if row.str(5) == unit_id { Ok(group_json(&row)) } else { Err(Problem::not_found()) }
}

/// A driver of this unit.
pub fn driver(tx: &mut Tx<'_>, unit_id: &str, id: &str) -> Result<()> {
    let row = tx.query_one(&LOOK_DRIVER, params![id])?;
    if row.str(0) == unit_id { Ok(()) } else { Err(Problem::not_found()) }
}

fn checked(tx: &mut Tx<'_>, unit_id: &str, id: &str, ask: &GroupAsk) -> Result<()> {
    if !(1..=40).contains(&ask.name.trim().chars().count()) {
        return Err(Problem::invalid("name", "1–40"));
    }
    if !["fleet", "department", "other"].contains(&ask.kind.as_str()) {
        return Err(Problem::invalid("kind", "fleet | department | other"));
    }
    if tx.query_opt(&NAMED, params![unit_id, ask.name.trim(), id])?.is_some() {
        return Err(Problem::new(&problems::NAME_TAKEN).with("value", ask.name.trim()));
    }
    // Up the tree from the parent one never meets the group itself.
    let mut above = ask.parent_id.clone();
    for _ in 0..64 {
        let Some(parent) = above else { return Ok(()) };
        if parent == id {
            return Err(Problem::new(&problems::GROUP_LOOP).field("parentId"));
        }
        let found = group(tx, unit_id, &parent).map_err(|_| Problem::unknown_reference("parentId", &parent))?;
        above = found["parentId"].as_str().map(str::to_owned);
    }
    Err(Problem::new(&problems::GROUP_LOOP).field("parentId"))
}

fn told(
    tx: &mut Tx<'_>,
    what: &str,
    subject: &'static str,
    id: &str,
    version: i64,
    (unit_id, org): (&str, &OrgPath),
) -> Result<()> {
    tx.emit(
        Event::new(what, subject, id, version, org).topic(format!("unit:{unit_id}")).audit(json!({"unitId": unit_id})),
    )
}

pub fn add(tx: &mut Tx<'_>, unit: &Unit, ask: &GroupAsk) -> Result<Value> {
    checked(tx, &unit.id, "", ask)?;
    let id = tx.new_id::<GroupAsk>().into_string();
    let name = ask.name.trim();
    if tx.execute(&ADD_GROUP, params![id, unit.id, unit.org, ask.parent_id, ask.kind, name, tx.now()])? != 1 {
        return Err(Problem::new(&problems::NAME_TAKEN).with("value", name));
    }
    told(tx, "UnitGroupCreateEvent", "unitGroup", &id, 1, (&unit.id, &unit.org))?;
    group(tx, &unit.id, &id)
}

pub fn change(tx: &mut Tx<'_>, unit: &Unit, id: &str, ask: &GroupAsk) -> Result<Value> {
    let row = tx.query_one(&GROUP, params![id])?;
    if row.str(5) != unit.id {
        return Err(Problem::not_found());
    }
    checked(tx, &unit.id, id, ask)?;
    tx.execute_versioned(&SAVE_GROUP, params![id, row.int(1), ask.parent_id, ask.kind, ask.name.trim(), tx.now()])?;
    told(tx, "UnitGroupAttributeValueChangeEvent", "unitGroup", id, row.int(1) + 1, (&unit.id, &unit.org))?;
    group(tx, &unit.id, id)
}

pub fn drop_group(tx: &mut Tx<'_>, unit: &Unit, id: &str) -> Result<()> {
    let row = tx.query_one(&GROUP, params![id])?;
    if row.str(5) != unit.id {
        return Err(Problem::not_found());
    }
    if tx.execute(&DROP_GROUP, params![id])? != 1 {
        return Err(Problem::new(&problems::GROUP_USED));
    }
    told(tx, "UnitGroupDeleteEvent", "unitGroup", id, row.int(1) + 1, (&unit.id, &unit.org))
}

/// Drivers of a unit; telephone numbers in clear for those who may see them.
pub fn drivers(tx: &mut Tx<'_>, unit_id: &str, clear: bool) -> Result<Vec<Value>> {
    let rows = tx.query(&DRIVERS, params![unit_id])?;
    let one = |r: &Row| {
        let phone = if clear { r.text(5) } else { mask_phone(r.str(5)) };
        json!({"id": r.str(0), "version": r.int(1), "groupId": r.opt_text(2), "name": r.str(3), "staffNo": r.str(4), "phone": phone, "state": r.str(6)})
    };
    Ok(rows.iter().map(one).collect())
}

fn driver_checked(tx: &mut Tx<'_>, unit_id: &str, id: &str, ask: &DriverAsk) -> Result<()> {
    if !(1..=40).contains(&ask.name.trim().chars().count()) {
        return Err(Problem::invalid("name", "1–40"));
    }
    if !(1..=20).contains(&ask.staff_no.trim().chars().count()) {
        return Err(Problem::invalid("staffNo", "1–20"));
    }
    if ask.phone.chars().count() > 30 {
        return Err(Problem::invalid("phone", "≤ 30"));
    }
    if ask.state.as_deref().is_some_and(|s| s != "active" && s != "left") {
        return Err(Problem::invalid("state", "active | left"));
    }
    if let Some(group_id) = &ask.group_id {
        group(tx, unit_id, group_id).map_err(|_| Problem::unknown_reference("groupId", group_id))?;
    }
    if tx.query_opt(&STAFFED, params![unit_id, ask.staff_no.trim(), id])?.is_some() {
        return Err(Problem::new(&problems::NAME_TAKEN).with("value", ask.staff_no.trim()));
    }
    Ok(())
}

pub fn add_driver(tx: &mut Tx<'_>, unit: &Unit, ask: &DriverAsk) -> Result<String> {
    driver_checked(tx, &unit.id, "", ask)?;
    let id = tx.new_id::<DriverAsk>().into_string();
    let values =
        params![id, unit.id, unit.org, ask.group_id, ask.name.trim(), ask.staff_no.trim(), ask.phone.trim(), tx.now()];
    if tx.execute(&ADD_DRIVER, values)? != 1 {
        return Err(Problem::new(&problems::NAME_TAKEN).with("value", ask.staff_no.trim()));
    }
    told(tx, "UnitDriverCreateEvent", "unitDriver", &id, 1, (&unit.id, &unit.org))?;
    Ok(id)
}

pub fn change_driver(tx: &mut Tx<'_>, unit: &Unit, id: &str, ask: &DriverAsk) -> Result<()> {
    let row = tx.query_one(&DRIVER, params![id])?;
    if row.str(7) != unit.id {
        return Err(Problem::not_found());
    }
    driver_checked(tx, &unit.id, id, ask)?;
    let state = ask.state.clone().unwrap_or_else(|| row.text(6));
    // A masked number that comes back unchanged is no new number.
    let phone = if ask.phone.contains('*') { row.text(5) } else { ask.phone.trim().to_owned() };
    let version = row.int(1);
    tx.execute_versioned(
        &SAVE_DRIVER,
        params![id, version, ask.group_id, ask.name.trim(), ask.staff_no.trim(), phone, state, tx.now()],
    )?;
    told(tx, "UnitDriverAttributeValueChangeEvent", "unitDriver", id, version + 1, (&unit.id, &unit.org))
}
