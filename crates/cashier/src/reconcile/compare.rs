//! Comparing a day, and keeping the list of what differs.

use billing::drawer;
use http::App;
use kernel::{Actor, Date, Money, OrgPath, Result};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use store::{Event, Tx, params, sql};

sql! {
    SLIPS = "SELECT a.id, a.org, a.state, s.method, CAST(SUM(s.amount_fen) AS BIGINT) FROM audit_sheet a \
             JOIN bank_slip s ON s.sheet_id = a.id AND s.state = 'entered' WHERE a.day = $1 GROUP BY a.id, a.org, a.state, s.method";
    BANKED = "SELECT a.id, a.org, CAST(COALESCE((SELECT SUM(s.amount_fen) FROM bank_slip s WHERE s.sheet_id = a.id AND s.state = 'entered'), 0) \
              AS BIGINT) FROM audit_sheet a WHERE a.day = $1 AND a.state <> 'hall'";
    ALL_BANKED = "SELECT a.id, a.org, CAST(COALESCE((SELECT SUM(s.amount_fen) FROM bank_slip s WHERE s.sheet_id = a.id AND s.state = 'entered'), 0) \
                  AS BIGINT) FROM audit_sheet a WHERE a.state <> 'hall'";
    COLLECTED = "SELECT r.org, CAST(SUM(l.amount_fen) AS BIGINT) FROM collection_line l JOIN collection_result r ON r.id = l.result_id \
                 WHERE l.state = 'booked' AND r.done_at >= $1 AND r.done_at < $2 GROUP BY r.org";
    KNOWN = "SELECT id, org, kind, method, state FROM money_check WHERE day = $1";
    FIND = "INSERT INTO money_check (id, version, org, day, kind, method, left_fen, right_fen, state, reason, found_at, updated_at) \
            VALUES ($1, 1, $2, $3, $4, $5, $6, $7, 'open', '', $8, $8) ON CONFLICT (org, day, kind, method) DO UPDATE SET \
            version = money_check.version + 1, updated_at = excluded.updated_at, \
            state = CASE WHEN money_check.state = 'explained' AND money_check.left_fen = excluded.left_fen \
            AND money_check.right_fen = excluded.right_fen THEN 'explained' ELSE 'open' END, \
            left_fen = excluded.left_fen, right_fen = excluded.right_fen";
    GONE = "UPDATE money_check SET state = 'gone', version = version + 1, updated_at = $2 WHERE id = $1 AND state <> 'gone'";
    OPEN_DAYS = "SELECT DISTINCT day FROM money_check WHERE state = 'open' AND day >= $1 ORDER BY day LIMIT 62";
}

/// One hall's day by one method, as all four say it.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub documents: Money,
    pub ledger: Money,
    pub count: i64,
    /// The drawers' expectation and count, where they are closed.
    pub system: Option<Money>,
    pub counted: Option<Money>,
    /// What drawers hold still, and what slips say went to the bank.
    pub held: Money,
    pub slips: Money,
    pub open_shifts: i64,
}

pub type Day = BTreeMap<(OrgPath, String), Row>;

/// What everybody says of a day, for the halls `see` lets through.
pub fn day(tx: &mut Tx<'_>, day: Date, see: &dyn Fn(&str) -> bool) -> Result<Day> {
    let text = day.to_string();
    let mut rows = Day::new();
    for side in drawer::sides(tx, &text)? {
        if see(side.org.as_str()) {
            let row = rows.entry((side.org, side.method)).or_default();
            row.documents = row.documents.plus(side.documents)?;
            row.ledger = row.ledger.plus(side.ledger)?;
            row.count += side.count;
        }
    }
    for (org, _, _, open) in drawer::halls(tx, day, day)? {
        if !see(org.as_str()) {
            continue;
        }
        for d in drawer::drawers(tx, &org, &text)? {
            for (method, system, counted) in &d.counts {
                let float = if method == "cash" { d.shift.float } else { Money::ZERO };
                let row = rows.entry((org.clone(), method.clone())).or_default();
                row.system = Some(row.system.unwrap_or(Money::ZERO).plus(*system)?.plus(float.negated())?);
                row.counted = Some(row.counted.unwrap_or(Money::ZERO).plus(*counted)?.plus(float.negated())?);
            }
        }
        for held in drawer::held(tx, &org, day)? {
            if held.day == text {
                let row = rows.entry((org.clone(), held.method.name().to_owned())).or_default();
                row.held = row.held.plus(held.amount)?;
            }
        }
        if open > 0 {
            rows.entry((org, "cash".to_owned())).or_default().open_shifts = open;
        }
    }
    for r in tx.query(&SLIPS, params![text])? {
        if see(r.str(1)) {
            let row = rows.entry((OrgPath::parse(r.str(1))?, r.text(3))).or_default();
            row.slips = row.slips.plus(r.money(4))?;
        }
    }
    Ok(rows)
}

/// Differences of a day: place, kind, method, both sides.
type Found = Vec<(OrgPath, &'static str, String, Money, Money)>;

fn differences(tx: &mut Tx<'_>, on: Date) -> Result<Found> {
    let mut found = Found::new();
    let mut collected: BTreeMap<OrgPath, Money> = BTreeMap::new();
    for ((org, method), row) in day(tx, on, &|_| true)? {
        if row.documents != row.ledger {
            found.push((org.clone(), "documents", method.clone(), row.documents, row.ledger));
        }
        if let (Some(system), Some(counted)) = (row.system, row.counted)
            && system != counted
        {
            found.push((org.clone(), "count", method.clone(), counted, system));
        }
        if method == "collection" {
            let sum = collected.entry(org).or_default();
            *sum = sum.plus(row.documents)?;
        }
    }
    let today = tx.now().date();
    for r in tx.query(&BANKED, params![on.to_string()])? {
        let ledger = drawer::on_bank(tx, r.str(0))?;
        if ledger != r.money(2) {
            found.push((OrgPath::parse(r.str(1))?, "bank", String::new(), r.money(2), ledger));
        }
    }
    // What a drawer holds three days later was never brought to the bank.
    if today.days_since(on) >= 3 {
        for (org, _, _, _) in drawer::halls(tx, on, on)? {
            for (method, (_, amount)) in by_method_of_day(tx, &org, on)? {
                if amount > Money::ZERO {
                    found.push((org.clone(), "unbanked", method, amount, Money::ZERO));
                }
            }
        }
    }
    let (from, to) = (on.start(), on.plus_days(1).start());
    let mut files = Money::ZERO;
    for r in tx.query(&COLLECTED, params![from, to])? {
        files = files.plus(r.money(1))?;
    }
    let mut booked = Money::ZERO;
    for sum in collected.values() {
        booked = booked.plus(*sum)?;
    }
    if booked > files {
        // A file that is still being booked shows here until it is done.
        found.push((OrgPath::root(), "collection", "collection".to_owned(), files, booked));
    }
    Ok(found)
}

fn by_method_of_day(tx: &mut Tx<'_>, org: &OrgPath, on: Date) -> Result<BTreeMap<String, ((), Money)>> {
    let text = on.to_string();
    let mut sums: BTreeMap<String, ((), Money)> = BTreeMap::new();
    for held in drawer::held(tx, org, on)? {
        if held.day == text {
            let sum = sums.entry(held.method.name().to_owned()).or_insert(((), Money::ZERO));
            sum.1 = sum.1.plus(held.amount)?;
        }
    }
    Ok(sums)
}

/// Compares a day and brings the list up to date; how many differences it has.
pub fn run(tx: &mut Tx<'_>, on: Date) -> Result<usize> {
    let text = on.to_string();
    let found = differences(tx, on)?;
    let now = tx.now();
    let keys: BTreeSet<(String, String, String)> =
        found.iter().map(|(org, kind, method, _, _)| (org.to_string(), (*kind).to_owned(), method.clone())).collect();
    let known = tx.query(&KNOWN, params![text])?;
    for (org, kind, method, left, right) in &found {
        let id = tx.new_id::<Row>().into_string();
        tx.execute(&FIND, params![id, org, text, *kind, method, *left, *right, now])?;
        let old = known.iter().any(|r| *r.str(1) == *org.as_str() && r.str(2) == *kind && *r.str(3) == **method);
        if !old {
            let event = Event::new("MoneyDifferenceCreateEvent", "moneyCheck", &id, 1, org);
            tx.emit(
                event.payload(json!({"day": text, "kind": kind, "method": method, "leftFen": left, "rightFen": right})),
            )?;
        }
    }
    for r in &known {
        if !keys.contains(&(r.text(1), r.text(2), r.text(3))) {
            tx.execute(&GONE, params![r.str(0), now])?;
        }
    }
    Ok(found.len())
}

/// Every hour: yesterday, and the days that have open differences.
pub async fn sweep(app: App) -> Result<()> {
    app.db()
        .write(Actor::system(), |tx| {
            let today = tx.now().date();
            let mut days: BTreeSet<Date> = (1..=3).map(|n| today.plus_days(-n)).collect();
            for r in tx.query(&OPEN_DAYS, params![today.plus_days(-62).to_string()])? {
                days.insert(Date::parse(r.str(0))?);
            }
            days.into_iter().try_for_each(|day| run(tx, day).map(drop))
        })
        .await
}

/// Sheets past the hall whose slips and ledger differ: a proof for `yitai check`.
pub fn sheets_differ(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for r in tx.query(&ALL_BANKED, params![])? {
        let ledger = drawer::on_bank(tx, r.str(0))?;
        if ledger != r.money(2) {
            findings.push(format!("slips and ledger of a sheet differ: {} {} / {ledger}", r.str(0), r.money(2)));
        }
    }
    Ok(findings)
}

/// A day as its page shows it.
pub fn view(tx: &mut Tx<'_>, on: Date) -> Result<Value> {
    let actor = tx.actor().clone();
    let rows = day(tx, on, &|org| actor.sees(org))?;
    let mut shown = Vec::with_capacity(rows.len());
    for ((org, method), row) in rows {
        let hall = access::org_name(tx, org.as_str())?;
        shown.push(json!({
            "org": org, "hall": hall, "method": method, "count": row.count, "documentsFen": row.documents, "ledgerFen": row.ledger,
            "systemFen": row.system, "countedFen": row.counted, "heldFen": row.held, "slipsFen": row.slips, "openShifts": row.open_shifts,
        }));
    }
    Ok(json!({"day": on, "rows": shown}))
}
