//! Warehouses of four levels: group, province, city, hall.

use super::Kind;
use crate::problems;
use kernel::{OrgPath, Problem, Result};
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

#[derive(Clone, Debug)]
pub struct Warehouse {
    pub id: String,
    pub org: OrgPath,
    pub level: i64,
    pub name: String,
    pub parent_id: Option<String>,
    pub active: bool,
}

sql! {
    GET = "SELECT id, org, level, name, parent_id, active FROM warehouse WHERE id = $1";
    OF_PLACE = "SELECT id, org, level, name, parent_id, active FROM warehouse WHERE org = $1 AND active = 1 ORDER BY id LIMIT 1";
    ADD = "INSERT INTO warehouse (id, org, level, name, parent_id, active, created_at) VALUES ($1, $2, $3, $4, $5, 1, $6) ON CONFLICT DO NOTHING";
    CHANGE = "UPDATE warehouse SET name = $2, active = $3 WHERE id = $1";
    HOLDS = "SELECT COUNT(*) FROM (SELECT 1 FROM stock_item WHERE warehouse_id = $1 AND state IN ('inStock', 'reserved') LIMIT 1) AS held";
    MINIMUM = "INSERT INTO stock_minimum (warehouse_id, kind, minimum) VALUES ($1, $2, $3) \
               ON CONFLICT (warehouse_id, kind) DO UPDATE SET minimum = $3";
}

fn read(row: &Row) -> Result<Warehouse> {
    Ok(Warehouse {
        id: row.text(0),
        org: OrgPath::parse(row.str(1))?,
        level: row.int(2),
        name: row.text(3),
        parent_id: row.opt_text(4),
        active: row.flag(5),
    })
}

/// Group 1, province 2, city 3, hall 4.
fn level(org: &OrgPath) -> i64 {
    i64::try_from(org.as_str().matches('/').count()).unwrap_or(4).min(4)
}

impl Warehouse {
    pub(super) fn view(&self) -> Value {
        json!({
            "id": self.id, "org": self.org, "level": self.level, "name": self.name, "parentId": self.parent_id,
            "active": self.active,
        })
    }
}

/// A warehouse wherever it stands: the other end of a transfer may lie outside what the actor sees.
pub(super) fn get(tx: &mut Tx<'_>, id: &str) -> Result<Warehouse> {
    let row = tx.query_opt(&GET, params![id])?;
    let row = row.ok_or_else(|| Problem::unknown_reference("warehouseId", id))?;
    read(&row)
}

/// One of the actor's own.
pub(crate) fn own(tx: &mut Tx<'_>, id: &str) -> Result<Warehouse> {
    let warehouse = get(tx, id)?;
    if tx.actor().sees(warehouse.org.as_str()) {
        Ok(warehouse)
    } else {
        Err(Problem::unknown_reference("warehouseId", id))
    }
}

/// The warehouse of a place, made where there is none.
pub fn ensure(tx: &mut Tx<'_>, org: &OrgPath, name: &str) -> Result<Warehouse> {
    if let Some(row) = tx.query_opt(&OF_PLACE, params![org])? {
        return read(&row);
    }
    let id = format!("wh{}", org.as_str().replace('/', "-"));
    let parent = match org.parent() {
        Some(above) => tx.query_opt(&OF_PLACE, params![above])?.map(|r| r.text(0)),
        None => None,
    };
    let now = tx.now();
    tx.execute(&ADD, params![id, org, level(org), name, parent, now])?;
    get(tx, &id)
}

/// A further warehouse of a place.
pub(super) fn create(tx: &mut Tx<'_>, org: &OrgPath, name: &str, parent: Option<&str>) -> Result<Warehouse> {
    if !tx.actor().sees(org.as_str()) || !access::org_exists(tx, org)? {
        return Err(Problem::unknown_reference("org", org.as_str()));
    }
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Problem::invalid("name", "1–60"));
    }
    if let Some(parent) = parent {
        let above = get(tx, parent)?;
        if above.level >= level(org) && !(above.level == level(org) && above.org == *org) {
            return Err(Problem::new(&problems::WAREHOUSE_LEVEL).field("parentId"));
        }
    }
    let id = tx.new_id::<Warehouse>().into_string();
    let now = tx.now();
    tx.execute(&ADD, params![id, org, level(org), name, parent, now])?;
    let detail = json!({"name": name, "org": org});
    tx.emit(Event::new("WarehouseCreateEvent", "warehouse", &id, 1, org).audit(detail))?;
    get(tx, &id)
}

/// Renames a warehouse, or closes an empty one.
pub(super) fn change(tx: &mut Tx<'_>, id: &str, name: &str, active: bool) -> Result<Warehouse> {
    let warehouse = own(tx, id).map_err(|_| Problem::not_found())?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 60 {
        return Err(Problem::invalid("name", "1–60"));
    }
    if !active && tx.query_one(&HOLDS, params![id])?.int(0) > 0 {
        return Err(Problem::new(&problems::WAREHOUSE_HOLDS).with("name", &warehouse.name));
    }
    tx.execute(&CHANGE, params![id, name, active])?;
    let version = tx.now().micros();
    let detail = json!({"name": name, "active": active});
    tx.emit(Event::new("WarehouseChangeEvent", "warehouse", id, version, &warehouse.org).audit(detail))?;
    get(tx, id)
}

/// Below how many pieces a warehouse is to be supplied.
pub fn set_minimum(tx: &mut Tx<'_>, id: &str, kind: Kind, minimum: i64) -> Result<()> {
    own(tx, id).map_err(|_| Problem::not_found())?;
    if !(0..=1_000_000).contains(&minimum) {
        return Err(Problem::invalid("minimum", "0–1000000"));
    }
    tx.execute(&MINIMUM, params![id, kind.text(), minimum]).map(drop)
}

/// The actor's own; with `above` also those of the places above, which supply them.
pub(super) fn list(tx: &mut Tx<'_>, above: bool, part: &str, limit: i64) -> Result<Vec<Warehouse>> {
    let mut filter = Filter::default();
    if above {
        crate::numbers::offered(&mut filter, tx.actor());
        filter.and("active = 1".to_owned());
    } else {
        filter.scope("org", tx.actor());
    }
    if !part.is_empty() {
        let like = filter.bind(format!("%{part}%"));
        filter.and(format!("(name LIKE {like} OR org LIKE {like})"));
    }
    let limit = filter.bind(limit);
    let text = format!(
        "SELECT id, org, level, name, parent_id, active FROM warehouse{} ORDER BY org, id LIMIT {limit}",
        filter.to_where()
    );
    tx.query(&text, &filter.binds)?.iter().map(read).collect()
}
