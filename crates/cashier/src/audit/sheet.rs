//! The sheet of a hall and day: its row, its items, and its checks.

use super::SheetState;
use crate::problems;
use billing::{
    Method,
    drawer::{self, Drawer, Held},
};
use kernel::{Date, Money, OrgPath, Problem, Result};
use std::collections::BTreeMap;
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Debug)]
pub struct Sheet {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub day: String,
    pub state: SheetState,
    pub audit_code: String,
    pub round: i64,
    pub shifts: i64,
    pub taken: Money,
    pub difference: Money,
    pub hall_by: Option<String>,
    pub city_by: Option<String>,
    pub province_by: Option<String>,
}

macro_rules! columns {
    () => {
        "id, version, org, day, state, audit_code, round, shifts, taken_fen, difference_fen, hall_by, city_by, province_by"
    };
}
pub(super) use columns;

sql! {
    ONE = concat!("SELECT ", columns!(), " FROM audit_sheet WHERE id = $1");
    LOCK = concat!("SELECT ", columns!(), " FROM audit_sheet WHERE id = $1 {for_update}");
    OF_DAY = concat!("SELECT ", columns!(), " FROM audit_sheet WHERE org = $1 AND day = $2");
    INSERT = "INSERT INTO audit_sheet (id, version, org, day, state, audit_code, round, shifts, taken_fen, difference_fen, created_at, \
              updated_at) VALUES ($1, 1, $2, $3, 'hall', $4, 1, $5, $6, $7, $8, $8) ON CONFLICT DO NOTHING";
    SAVE = "UPDATE audit_sheet SET version = version + 1, state = $3, round = $4, shifts = $5, taken_fen = $6, difference_fen = $7, \
            hall_by = $8, city_by = $9, province_by = $10, updated_at = $11 WHERE id = $1 AND version = $2";
    CHECKS = "SELECT level, item_type, item_id, result, note, actor_name, at FROM audit_check WHERE sheet_id = $1 AND round = $2";
    EARLIER = "SELECT day FROM audit_sheet WHERE org = $1 AND day < $2 AND state = 'hall' ORDER BY day LIMIT 1";
}

pub fn read(row: &Row) -> Result<Sheet> {
    Ok(Sheet {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        day: row.text(3),
        state: SheetState::named(row.str(4))?,
        audit_code: row.text(5),
        round: row.int(6),
        shifts: row.int(7),
        taken: row.money(8),
        difference: row.money(9),
        hall_by: row.opt_text(10),
        city_by: row.opt_text(11),
        province_by: row.opt_text(12),
    })
}

/// The sheet; 404 outside the actor's scope.
pub fn sheet(tx: &mut Tx<'_>, id: &str) -> Result<Sheet> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Sheet> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// The sheet of a hall and day, made where there is none yet.
pub fn open(tx: &mut Tx<'_>, org: &OrgPath, day: Date) -> Result<Sheet> {
    tx.must_see(org.as_str())?;
    let day = day.to_string();
    if let Some(row) = tx.query_opt(&OF_DAY, params![org, day])? {
        return read(&row);
    }
    let drawers = drawer::drawers(tx, org, &day)?;
    if drawers.is_empty() {
        return Err(Problem::new(&problems::NO_SHIFTS));
    }
    let (shifts, taken, difference) = sums(&drawers)?;
    let id = tx.new_id::<Sheet>().into_string();
    let place: Vec<&str> = org.as_str().split('/').skip(2).collect();
    let code =
        format!("JK{}-{}", day.replace('-', ""), if place.is_empty() { "0".to_owned() } else { place.join("-") });
    if tx.execute(&INSERT, params![id, org, day, code, shifts, taken, difference, tx.now()])? == 1 {
        tx.emit(Event::new("AuditSheetCreateEvent", "auditSheet", &id, 1, org))?;
    }
    read(&tx.query_one(&OF_DAY, params![org, day])?)
}

/// How many drawers, what they took, and by how much they were off.
pub fn sums(drawers: &[Drawer]) -> Result<(i64, Money, Money)> {
    let (mut taken, mut difference) = (Money::ZERO, Money::ZERO);
    for d in drawers {
        for cell in d.cells.iter().filter(|c| c.business != "handOver") {
            taken = taken.plus(cell.amount)?;
        }
        difference = difference.plus(d.shift.difference.unwrap_or(Money::ZERO))?;
    }
    Ok((i64::try_from(drawers.len()).unwrap_or(i64::MAX), taken, difference))
}

impl Sheet {
    pub fn save(&mut self, tx: &mut Tx<'_>) -> Result<()> {
        let values = params![
            self.id,
            self.version,
            self.state.name(),
            self.round,
            self.shifts,
            self.taken,
            self.difference,
            self.hall_by,
            self.city_by,
            self.province_by,
            tx.now()
        ];
        tx.execute_versioned(&SAVE, values)?;
        self.version += 1;
        Ok(())
    }

    pub fn date(&self) -> Result<Date> {
        Date::parse(&self.day)
    }

    pub fn drawers(&self, tx: &mut Tx<'_>) -> Result<Vec<Drawer>> {
        drawer::drawers(tx, &self.org, &self.day)
    }

    /// What the drawers of the hall hold up to this day. Earlier days have passed before, so this is the day's own money
    /// and what an earlier day was short of.
    pub fn held(&self, tx: &mut Tx<'_>) -> Result<Vec<Held>> {
        let day = self.date()?;
        drawer::held(tx, &self.org, day)
    }

    pub fn earlier_open(&self, tx: &mut Tx<'_>) -> Result<Option<String>> {
        Ok(tx.query_opt(&EARLIER, params![self.org, self.day])?.map(|r| r.text(0)))
    }

    pub fn checks(&self, tx: &mut Tx<'_>) -> Result<Vec<Check>> {
        let rows = tx.query(&CHECKS, params![self.id, self.round])?;
        let one = |r: &Row| Check {
            level: r.int(0),
            item_type: r.text(1),
            item_id: r.text(2),
            ok: r.str(3) == "ok",
            note: r.text(4),
            by: r.text(5),
            at: r.time(6),
        };
        Ok(rows.iter().map(one).collect())
    }
}

/// What one level found about one cashier or one slip.
#[derive(Clone, Debug)]
pub struct Check {
    pub level: i64,
    pub item_type: String,
    pub item_id: String,
    pub ok: bool,
    pub note: String,
    pub by: String,
    pub at: kernel::Timestamp,
}

/// What is to be banked of each method, where that is more than nothing.
pub fn by_method(held: &[Held]) -> Result<BTreeMap<&'static str, (Method, Money)>> {
    let mut sums: BTreeMap<&'static str, (Method, Money)> = BTreeMap::new();
    for h in held {
        let sum = sums.entry(h.method.name()).or_insert((h.method, Money::ZERO));
        sum.1 = sum.1.plus(h.amount)?;
    }
    Ok(sums)
}
