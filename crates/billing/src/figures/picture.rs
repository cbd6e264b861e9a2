//! Pictures: what is unpaid now, by the month of the bill and its due date; who was served on the first of each month and
//! today. A picture replaces the one before it in one transaction. It is counted account by account, some thousand rows at a
//! time: sorting a million of them at once would keep a reader busy for a minute and hold them all in memory.

use super::{keep::Sums, stream::family_of, system};
use kernel::{Date, Money, Result};
use std::{
    collections::{BTreeMap, HashMap},
    time::{Duration, Instant},
};
use store::{Db, Row, Sql, Tx, params, sql};

/// Months whose first day is pictured.
const MONTHS: i32 = 14;
/// Rows read at once; as long as that took is left to others.
const PORTION: i64 = 5_000;
const LONGEST_REST: Duration = Duration::from_secs(1);

sql! {
    OPEN = "SELECT account_id, org, SUBSTR(period_start, 1, 7), due_date, remaining_fen FROM bill \
            WHERE remaining_fen > 0 AND account_id > $1 ORDER BY account_id LIMIT $2";
    HELD = "SELECT account_id, org, offering_id, charged_from, charged_to FROM subscription \
            WHERE account_id > $1 ORDER BY account_id LIMIT $2";
    CLEAR = "DELETE FROM figure_sum WHERE figure = $1";
    CLEAR_PERIOD = "DELETE FROM figure_sum WHERE figure = $1 AND period = $2";
    TAKEN = "INSERT INTO figure_state (name, position, at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET position = excluded.position, at = excluded.at";
    WHEN = "SELECT at, position FROM figure_state WHERE name = $1";
}

/// Takes both. Where it is stopped in between, the former picture stays.
pub fn run(db: &Db, stopping: &dyn Fn() -> bool) -> Result<()> {
    let today = db.env().now().date();
    let Some(sums) = unpaid(db, today, stopping)? else { return Ok(()) };
    db.write_blocking(system(), move |tx| {
        for figure in ["arrears", "debtors"] {
            tx.execute(&CLEAR, params![figure])?;
        }
        tx.execute(&CLEAR_PERIOD, params!["arrears.day", today.to_string()])?;
        sums.store(tx)?;
        tx.execute(&TAKEN, params!["arrears", today.to_string(), tx.now()]).map(drop)
    })?;
    let days = db.read_blocking(system(), move |tx| missing(tx, today))?;
    let Some(counts) = served(db, &days, stopping)? else { return Ok(()) };
    let pictured = db.read_blocking(system(), move |tx| counts.sums(tx))?;
    db.write_blocking(system(), move |tx| {
        for (day, sums) in &pictured {
            for figure in ["users", "accounts"] {
                tx.execute(&CLEAR_PERIOD, params![figure, day])?;
            }
            sums.store(tx)?;
            tx.execute(&TAKEN, params![format!("served {day}"), day, tx.now()])?;
        }
        Ok(())
    })
}

/// The days to be pictured: today again, the first of each month once.
fn missing(tx: &mut Tx<'_>, today: Date) -> Result<Vec<String>> {
    let first = today.first_of_month();
    let mut days = vec![today.to_string()];
    for day in (0..MONTHS).map(|n| first.plus_months(-n)).filter(|day| *day != today) {
        if when(tx, &format!("served {day}"))?.is_none() {
            days.push(day.to_string());
        }
    }
    Ok(days)
}

/// Shows the rows of each account together. False where it was stopped before the end.
fn by_account(
    db: &Db,
    statement: &'static Sql,
    stopping: &dyn Fn() -> bool,
    mut show: impl FnMut(&[Row]) -> Result<()>,
) -> Result<bool> {
    let (mut after, mut portion) = (String::new(), PORTION);
    while !stopping() {
        let begun = Instant::now();
        let from = after.clone();
        let rows = db.read_blocking(system(), move |tx| tx.query(statement, params![from, portion]))?;
        let last = rows.len() < usize::try_from(portion).unwrap_or(0);
        // The newest account may go on behind the portion.
        let goes_on = |r: &&Row| !last && rows.last().is_some_and(|end| end.str(0) == r.str(0));
        let whole = &rows[..rows.iter().position(|r| goes_on(&r)).unwrap_or(rows.len())];
        for account in whole.chunk_by(|a, b| a.str(0) == b.str(0)) {
            show(account)?;
        }
        match whole.last() {
            _ if last => return Ok(true),
            Some(row) => (after, portion) = (row.text(0), PORTION),
            None => portion *= 4, // one account fills it
        }
        std::thread::sleep(begun.elapsed().min(LONGEST_REST));
    }
    Ok(false)
}

/// When a picture was taken last.
pub fn when(tx: &mut Tx<'_>, name: &str) -> Result<Option<kernel::Timestamp>> {
    Ok(tx.query_opt(&WHEN, params![name])?.map(|r| r.time(0)))
}

fn unpaid(db: &Db, today: Date, stopping: &dyn Fn() -> bool) -> Result<Option<Sums>> {
    let text = today.to_string();
    let mut bills: BTreeMap<[String; 3], (Money, i64)> = BTreeMap::new();
    let mut debtors: BTreeMap<String, i64> = BTreeMap::new();
    let ended = by_account(db, &OPEN, stopping, |rows| {
        let mut late: Vec<&str> = Vec::new();
        for r in rows {
            let sum = bills.entry([r.text(1), r.text(2), r.text(3)]).or_insert((Money::ZERO, 0));
            *sum = (sum.0.plus(r.money(4))?, sum.1 + 1);
            if *r.str(3) < *text && !late.contains(&r.str(1)) {
                late.push(r.str(1));
                *debtors.entry(r.text(1)).or_default() += 1;
            }
        }
        Ok(())
    })?;
    let mut sums = Sums::default();
    for ([org, month, due], (fen, count)) in &bills {
        sums.add("arrears", org, (month, due, ""), *fen, *count)?;
        let overdue = if *due < text { "overdue" } else { "notDue" };
        sums.add("arrears.day", org, (&text, overdue, ""), *fen, *count)?;
    }
    for (org, count) in &debtors {
        sums.add("debtors", org, (&text, "", ""), Money::ZERO, *count)?;
    }
    Ok(ended.then_some(sums))
}

/// Products and accounts served, by place, on each of the days.
struct Served {
    days: Vec<String>,
    /// By place and offering.
    users: HashMap<String, HashMap<String, Vec<i64>>>,
    accounts: HashMap<String, Vec<i64>>,
}

fn served(db: &Db, days: &[String], stopping: &dyn Fn() -> bool) -> Result<Option<Served>> {
    let mut of = Served { days: days.to_vec(), users: HashMap::new(), accounts: HashMap::new() };
    let ended = by_account(db, &HELD, stopping, |rows| {
        let mut seen: Vec<(&str, Vec<bool>)> = Vec::new();
        for r in rows {
            let (org, from, to) = (r.str(1), r.str(3), r.opt_text(4));
            let holds = |day: &String| from <= day.as_str() && to.as_deref().is_none_or(|to| to > day.as_str());
            let held: Vec<bool> = days.iter().map(holds).collect();
            count(slot(of.users.entry(org.to_owned()).or_default(), r.str(2), days.len()), &held);
            match seen.iter_mut().find(|(place, _)| *place == org) {
                Some((_, any)) => any.iter_mut().zip(&held).for_each(|(any, held)| *any |= held),
                None => seen.push((org, held)),
            }
        }
        for (org, any) in seen {
            count(slot(&mut of.accounts, org, days.len()), &any);
        }
        Ok(())
    })?;
    Ok(ended.then_some(of))
}

fn slot<'m>(map: &'m mut HashMap<String, Vec<i64>>, key: &str, days: usize) -> &'m mut Vec<i64> {
    map.entry(key.to_owned()).or_insert_with(|| vec![0; days])
}

fn count(counts: &mut [i64], held: &[bool]) {
    counts.iter_mut().zip(held).for_each(|(n, held)| *n += i64::from(*held));
}

impl Served {
    /// A picture a day.
    fn sums(&self, tx: &mut Tx<'_>) -> Result<Vec<(String, Sums)>> {
        let mut families = HashMap::new();
        let mut pictures = Vec::new();
        for (i, day) in self.days.iter().enumerate() {
            let mut sums = Sums::default();
            for (org, offerings) in &self.users {
                for (offering, counts) in offerings.iter().filter(|(_, counts)| counts[i] > 0) {
                    let family = family_of(tx, &mut families, offering);
                    sums.add("users", org, (day, &family, ""), Money::ZERO, counts[i])?;
                }
            }
            for (org, counts) in self.accounts.iter().filter(|(_, counts)| counts[i] > 0) {
                sums.add("accounts", org, (day, "", ""), Money::ZERO, counts[i])?;
            }
            pictures.push((day.clone(), sums));
        }
        Ok(pictures)
    }
}
