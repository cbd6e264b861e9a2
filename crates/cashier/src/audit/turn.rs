//! Checking the items of a sheet, passing it on, returning it.

use super::{
    SheetState, Verb,
    sheet::{self, Sheet, by_method},
    slip,
};
use crate::problems;
use billing::{Method, drawer};
use kernel::{Date, Lang, Money, Problem, Result};
use serde_json::json;
use std::collections::BTreeMap;
use store::{Event, Tx, params, sql};

sql! {
    LEVEL = "SELECT name, name_en, from_days, due_days FROM audit_level WHERE level = $1";
    CHECK = "INSERT INTO audit_check (sheet_id, round, level, item_type, item_id, result, note, actor, actor_name, at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (sheet_id, round, level, item_type, item_id) \
             DO UPDATE SET result = excluded.result, note = excluded.note, actor = excluded.actor, actor_name = excluded.actor_name, at = excluded.at";
    STEP = "INSERT INTO audit_step (sheet_id, seq, level, action, actor, actor_name, note, at) \
            VALUES ($1, (SELECT COUNT(*) + 1 FROM audit_step WHERE sheet_id = $1), $2, $3, $4, $5, $6, $7)";
}

/// A level as its row says: name, and the first and last day for a business day.
pub struct Level {
    pub name: String,
    pub name_en: String,
    pub from: Date,
    pub due: Date,
}

pub fn level(tx: &mut Tx<'_>, level: i64, day: Date) -> Result<Level> {
    let row = tx.query_one(&LEVEL, params![level])?;
    let days = |n: i64| day.plus_days(i32::try_from(n).unwrap_or(0));
    Ok(Level { name: row.text(0), name_en: row.text(1), from: days(row.int(2)), due: days(row.int(3)) })
}

/// Whether the actor may act on the sheet now, which must be in `state`.
pub fn may_touch(tx: &mut Tx<'_>, sheet: &Sheet, state: SheetState) -> Result<()> {
    if sheet.state != state {
        return Err(sheet.state.refuse("办理"));
    }
    let Some((_, right)) = state.level() else { return Err(sheet.state.refuse("办理")) };
    tx.allow(right)?;
    let me = tx.actor().id.to_string();
    let others = match state {
        SheetState::Hall => [None, None],
        SheetState::City => [sheet.hall_by.as_ref(), None],
        SheetState::Province | SheetState::Passed => [sheet.hall_by.as_ref(), sheet.city_by.as_ref()],
    };
    if others.into_iter().flatten().any(|by| *by == me) {
        return Err(Problem::new(&problems::OTHER_LEVEL));
    }
    if sheet.drawers(tx)?.iter().any(|d| d.shift.operator == me) {
        return Err(Problem::new(&problems::OWN_TAKINGS));
    }
    Ok(())
}

/// Everything that keeps the sheet from passing its level now.
pub fn obstacles(tx: &mut Tx<'_>, sheet: &Sheet) -> Result<Vec<Problem>> {
    let Some((number, _)) = sheet.state.level() else { return Ok(Vec::new()) };
    let mut found = Vec::new();
    let level = level(tx, number, sheet.date()?)?;
    if tx.now().date() < level.from {
        let early = Problem::new(&problems::TOO_EARLY).with("name", &level.name).with("nameEn", &level.name_en);
        found.push(early.with("day", &level.from.to_string()));
    }
    let drawers = sheet.drawers(tx)?;
    let slips: Vec<slip::Slip> = slip::of_sheet(tx, &sheet.id)?.into_iter().filter(|s| s.state == "entered").collect();
    if sheet.state == SheetState::Hall {
        let open = drawers.iter().filter(|d| d.shift.is_open).count();
        if open > 0 {
            found.push(Problem::new(&problems::SHIFTS_OPEN).with("count", &open.to_string()));
        }
        if let Some(day) = sheet.earlier_open(tx)? {
            found.push(Problem::new(&problems::EARLIER_OPEN).with("day", &day));
        }
        found.extend(slips_differ(tx, sheet, &slips)?);
    }
    let checks = sheet.checks(tx)?;
    let check =
        |kind: &str, id: &str| checks.iter().find(|c| c.level == number && c.item_type == kind && c.item_id == id);
    let items =
        drawers.iter().map(|d| ("shift", d.shift.id.as_str())).chain(slips.iter().map(|s| ("slip", s.id.as_str())));
    let (mut unchecked, mut queried) = (0, 0);
    for (kind, id) in items {
        match check(kind, id) {
            None => unchecked += 1,
            Some(c) if !c.ok => queried += 1,
            Some(_) => {}
        }
    }
    if unchecked > 0 {
        found.push(Problem::new(&problems::UNCHECKED).with("count", &unchecked.to_string()));
    }
    if queried > 0 {
        found.push(Problem::new(&problems::QUERIED).with("count", &queried.to_string()));
    }
    for d in &drawers {
        let off = d.counts.iter().any(|(_, system, counted)| system != counted);
        if off && check("shift", &d.shift.id).is_some_and(|c| c.note.trim().is_empty()) {
            found.push(Problem::new(&problems::DIFFERENCE_NOTE).with("name", &d.shift.operator_name));
        }
    }
    Ok(found)
}

/// Methods whose slips do not come to what the drawers hold.
fn slips_differ(tx: &mut Tx<'_>, sheet: &Sheet, slips: &[slip::Slip]) -> Result<Vec<Problem>> {
    let held = by_method(&sheet.held(tx)?)?;
    let mut sums: BTreeMap<&str, (Money, Money)> =
        held.iter().map(|(name, (_, amount))| (*name, ((*amount).max(Money::ZERO), Money::ZERO))).collect();
    for s in slips {
        let sum = sums.entry(s.method.as_str()).or_insert((Money::ZERO, Money::ZERO));
        sum.1 = sum.1.plus(s.amount)?;
    }
    let differs = |(name, (held, slips)): (&str, (Money, Money))| -> Problem {
        let method = Method::parse(name).ok();
        Problem::new(&problems::SLIPS_DIFFER)
            .field(name)
            .with("method", method.map_or("", Method::zh))
            .with("methodEn", method.map_or("", Method::en))
            .with("held", &held.to_string())
            .with("slips", &slips.to_string())
    };
    Ok(sums.into_iter().filter(|(_, (held, slips))| held != slips).map(differs).collect())
}

/// Notes what a level found about an item; without an item, about all that are not checked yet and are not off.
pub fn check(tx: &mut Tx<'_>, id: &str, item: Option<(&str, &str)>, ok: bool, note: &str) -> Result<Sheet> {
    let sheet = sheet::lock(tx, id)?;
    let Some((number, _)) = sheet.state.level() else { return Err(sheet.state.refuse("核对")) };
    may_touch(tx, &sheet, sheet.state)?;
    if note.chars().count() > 300 || (!ok && note.trim().is_empty()) {
        return Err(Problem::invalid("note", "1–300"));
    }
    let drawers = sheet.drawers(tx)?;
    let slips = slip::of_sheet(tx, &sheet.id)?;
    let known = sheet.checks(tx)?;
    let mut all: Vec<(&str, String)> = Vec::new();
    match item {
        Some((kind @ ("shift" | "slip"), wanted)) => {
            let there = match kind {
                "shift" => drawers.iter().any(|d| d.shift.id == wanted && !d.shift.is_open),
                _ => slips.iter().any(|s| s.id == wanted && s.state == "entered"),
            };
            if !there {
                return Err(Problem::not_found());
            }
            all.push((kind, wanted.to_owned()));
        }
        Some(_) => return Err(Problem::invalid("itemType", "shift, slip")),
        None => {
            let even =
                |d: &&drawer::Drawer| !d.shift.is_open && d.counts.iter().all(|(_, system, counted)| system == counted);
            all.extend(drawers.iter().filter(even).map(|d| ("shift", d.shift.id.clone())));
            all.extend(slips.iter().filter(|s| s.state == "entered").map(|s| ("slip", s.id.clone())));
            all.retain(|(kind, id)| {
                !known.iter().any(|c| c.level == number && c.item_type == *kind && c.item_id == *id)
            });
        }
    }
    let (by, name, now) = (tx.actor().id.to_string(), tx.actor().name.to_string(), tx.now());
    for (kind, item_id) in &all {
        let result = if ok { "ok" } else { "query" };
        let values = params![sheet.id, sheet.round, number, *kind, item_id, result, note.trim(), by, name, now];
        tx.execute(&CHECK, values)?;
    }
    Ok(sheet)
}

/// Passes the sheet on, or returns it with a reason.
pub fn turn(tx: &mut Tx<'_>, id: &str, verb: Verb, note: &str) -> Result<Sheet> {
    let mut sheet = sheet::lock(tx, id)?;
    let next = sheet.state.after(verb)?;
    let was = sheet.state;
    may_touch(tx, &sheet, was)?;
    let note = note.trim();
    if note.chars().count() > 300 {
        return Err(Problem::invalid("note", "0–300"));
    }
    match verb {
        Verb::Pass => {
            if let Some(first) = with_others(obstacles(tx, &sheet)?) {
                return Err(first);
            }
        }
        Verb::Return if note.is_empty() => return Err(Problem::new(&problems::RETURN_REASON).field("note")),
        Verb::Return => {}
    }
    let me = Some(tx.actor().id.to_string());
    match (was, verb) {
        (SheetState::Hall, Verb::Pass) => {
            let held = sheet.held(tx)?;
            let positive = by_method(&held)?;
            // A method that came to less than nothing waits for a day that can pay it.
            let to_bank: Vec<_> = held
                .into_iter()
                .filter(|h| positive.get(h.method.name()).is_some_and(|(_, sum)| *sum > Money::ZERO))
                .collect();
            if !to_bank.is_empty() {
                drawer::bank(tx, &sheet.org, &sheet.id, &to_bank)?;
            }
            sheet.hall_by = me;
        }
        (SheetState::City, Verb::Pass) => sheet.city_by = me,
        (SheetState::Province, Verb::Pass) => sheet.province_by = me,
        (SheetState::City, Verb::Return) => {
            drawer::unbank(tx, &sheet.org, &sheet.id)?;
            sheet.hall_by = None;
        }
        (SheetState::Province, Verb::Return) => sheet.city_by = None,
        (SheetState::Hall, Verb::Return) | (SheetState::Passed, _) => {}
    }
    let drawers = sheet.drawers(tx)?;
    (sheet.shifts, sheet.taken, sheet.difference) = sheet::sums(&drawers)?;
    sheet.state = next;
    let number = was.level().map_or(0, |(n, _)| n);
    if verb == Verb::Return {
        sheet.round += 1;
    }
    sheet.save(tx)?;
    let (by, name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
    let action = if verb == Verb::Pass { "pass" } else { "return" };
    tx.execute(&STEP, params![sheet.id, number, action, by, name, note, tx.now()])?;
    let event = Event::new("AuditSheetStateChangeEvent", "auditSheet", &sheet.id, sheet.version, &sheet.org)
        .audit(json!({"day": sheet.day, "from": was.name(), "to": next.name(), "note": note}));
    tx.emit(event)?;
    Ok(sheet)
}

/// The first problem, which names the others.
fn with_others(found: Vec<Problem>) -> Option<Problem> {
    let others: Vec<_> = found
        .iter()
        .skip(1)
        .map(|p| json!({"code": p.code.id, "zh": p.reason(Lang::Zh), "en": p.reason(Lang::En)}))
        .collect();
    let first = found.into_iter().next()?;
    Some(if others.is_empty() { first } else { first.extra("others", json!(others)) })
}
