//! A sheet as its page shows it.

use super::{
    SheetState,
    sheet::{Check, Sheet, by_method, columns, read},
    slip, turn,
};
use kernel::{Lang, Money, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Filter, Tx, params, sql};

sql! {
    STEPS = "SELECT level, action, actor_name, note, at FROM audit_step WHERE sheet_id = $1 ORDER BY seq";
    LEVELS = "SELECT level, name, name_en, source FROM audit_level ORDER BY level";
}

/// What the checks of this round say about an item, by level.
fn checks_of(checks: &[Check], kind: &str, id: &str) -> Value {
    let mine = checks.iter().filter(|c| c.item_type == kind && c.item_id == id);
    mine.map(|c| json!({"level": c.level, "ok": c.ok, "note": c.note, "by": c.by, "at": c.at})).collect()
}

pub fn sheet(tx: &mut Tx<'_>, sheet: &Sheet) -> Result<Value> {
    let checks = sheet.checks(tx)?;
    let mut drawers = Vec::new();
    let mut takings: BTreeMap<String, Money> = BTreeMap::new();
    for d in sheet.drawers(tx)? {
        let counts: Vec<Value> = d
            .counts
            .iter()
            .map(|(method, system, counted)| {
                json!({"method": method, "systemFen": system, "countedFen": counted, "differenceFen": counted.in_fen() - system.in_fen()})
            })
            .collect();
        for cell in d.cells.iter().filter(|c| c.business != "handOver") {
            let sum = takings.entry(cell.method.clone()).or_insert(Money::ZERO);
            *sum = sum.plus(cell.amount)?;
        }
        let cells: Vec<Value> = d
            .cells
            .iter()
            .map(|c| json!({"kind": c.business, "method": c.method, "count": c.count, "amountFen": c.amount}))
            .collect();
        drawers.push(json!({
            "shiftId": d.shift.id, "operator": d.shift.operator_name, "open": d.shift.is_open, "floatFen": d.shift.float,
            "openedAt": d.shift.opened_at, "closedAt": d.shift.closed_at, "closedBy": d.shift.closed_by,
            "differenceFen": d.shift.difference, "reason": d.shift.reason, "counts": counts, "matrix": cells,
            "checks": checks_of(&checks, "shift", &d.shift.id),
        }));
    }
    let slips = slip::of_sheet(tx, &sheet.id)?;
    let methods = methods(tx, sheet, &slips, &takings)?;
    let slips: Vec<Value> = slips
        .into_iter()
        .map(|s| {
            let checks = checks_of(&checks, "slip", &s.id);
            let mut row = json!(s);
            row["checks"] = checks;
            row
        })
        .collect();
    let (may, why) = match turn::may_touch(tx, sheet, sheet.state) {
        Ok(()) => (true, turn::obstacles(tx, sheet)?),
        Err(problem) => (false, vec![problem]),
    };
    let why: Vec<Value> = why
        .iter()
        .map(|p| json!({"code": p.code.id, "zh": p.reason(Lang::Zh), "en": p.reason(Lang::En), "zhHelp": p.help(Lang::Zh), "enHelp": p.help(Lang::En)}))
        .collect();
    let mut view = row(tx, sheet)?;
    view["drawers"] = json!(drawers);
    view["slips"] = json!(slips);
    view["methods"] = methods;
    view["mayAct"] = json!(may);
    view["whyNot"] = json!(why);
    view["steps"] = tx
        .query(&STEPS, params![sheet.id])?
        .iter()
        .map(|r| json!({"level": r.int(0), "action": r.str(1), "by": r.str(2), "note": r.str(3), "at": r.time(4)}))
        .collect();
    view["levels"] = levels(tx, sheet)?;
    Ok(view)
}

fn methods(tx: &mut Tx<'_>, sheet: &Sheet, slips: &[slip::Slip], takings: &BTreeMap<String, Money>) -> Result<Value> {
    let held = by_method(&sheet.held(tx)?)?;
    let mut rows = Vec::new();
    for method in billing::Method::ALL {
        let name = method.name();
        let Some(paper) = slip::paper(method) else { continue };
        let mut entered = Money::ZERO;
        for s in slips.iter().filter(|s| s.state == "entered" && s.method == name) {
            entered = entered.plus(s.amount)?;
        }
        let taken = takings.get(name).copied().unwrap_or(Money::ZERO);
        // What has passed the hall lies at the bank: the slips say how much that was.
        let due = match sheet.state {
            SheetState::Hall => held.get(name).map_or(Money::ZERO, |(_, sum)| (*sum).max(Money::ZERO)),
            SheetState::City | SheetState::Province | SheetState::Passed => entered,
        };
        if !taken.is_zero() || !entered.is_zero() || !due.is_zero() {
            rows.push(json!({
                "method": name, "paper": paper, "takenFen": taken, "dueFen": due, "slipsFen": entered,
                "missingFen": due.in_fen() - entered.in_fen(),
            }));
        }
    }
    Ok(json!(rows))
}

fn levels(tx: &mut Tx<'_>, sheet: &Sheet) -> Result<Value> {
    let day = sheet.date()?;
    let mut all = Vec::new();
    for r in tx.query(&LEVELS, params![])? {
        let level = turn::level(tx, r.int(0), day)?;
        all.push(json!({
            "level": r.int(0), "zh": r.str(1), "en": r.str(2), "source": r.str(3), "from": level.from, "due": level.due,
        }));
    }
    Ok(json!(all))
}

/// A sheet in lists.
pub fn row(tx: &mut Tx<'_>, sheet: &Sheet) -> Result<Value> {
    let today = tx.now().date();
    let due = match sheet.state.level() {
        Some((level, _)) => Some(turn::level(tx, level, sheet.date()?)?.due),
        None => None,
    };
    let name = access::org_name(tx, sheet.org.as_str())?;
    Ok(json!({
        "id": sheet.id, "org": sheet.org, "hall": name, "day": sheet.day, "state": sheet.state.name(),
        "auditCode": sheet.audit_code, "round": sheet.round, "shifts": sheet.shifts, "takenFen": sheet.taken,
        "differenceFen": sheet.difference, "due": due, "overdue": due.is_some_and(|d| d < today),
    }))
}

/// Sheets within the actor's scope, those that wait first.
pub fn list(
    tx: &mut Tx<'_>,
    state: Option<&str>,
    from: &str,
    to: &str,
    offset: i64,
    limit: i64,
) -> Result<(Vec<Value>, i64)> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let (from, to) = (filter.bind(from), filter.bind(to));
    filter.and(format!("day >= {from} AND day <= {to}"));
    match state {
        Some("open") => filter.and("state <> 'passed'".to_owned()),
        Some(state) => filter.equal("state", state),
        None => {}
    }
    let condition = filter.to_where();
    let total = tx.query_one(&format!("SELECT COUNT(*) FROM audit_sheet{condition}"), &filter.binds)?.int(0);
    let (limit, offset) = (filter.bind(limit), filter.bind(offset));
    let text = format!(
        "SELECT {} FROM audit_sheet{condition} ORDER BY day DESC, org LIMIT {limit} OFFSET {offset}",
        columns!()
    );
    let rows = tx.query(&text, &filter.binds)?;
    let rows = rows.iter().map(|r| row(tx, &read(r)?)).collect::<Result<Vec<Value>>>()?;
    Ok((rows, total))
}
