//! Pictures: what is unpaid now, by the month of the bill and its due date; who was served on the first of each month and
//! today. A picture replaces the one before it in one transaction.

use super::{keep::Sums, stream::family_of, system};
use kernel::{Date, Money, Result};
use std::collections::HashMap;
use store::{Db, Tx, params, sql};

/// Months whose first day is pictured.
const MONTHS: i32 = 14;

sql! {
    OPEN = "SELECT org, SUBSTR(period_start, 1, 7), due_date, CAST(SUM(remaining_fen) AS BIGINT), COUNT(*) FROM bill \
            WHERE remaining_fen > 0 GROUP BY 1, 2, 3";
    DEBTORS = "SELECT org, COUNT(DISTINCT account_id) FROM bill WHERE remaining_fen > 0 AND due_date < $1 GROUP BY 1";
    USERS = "SELECT org, offering_id, COUNT(*) FROM subscription WHERE charged_from <= $1 AND (charged_to IS NULL OR charged_to > $1) GROUP BY 1, 2";
    ACCOUNTS = "SELECT org, COUNT(DISTINCT account_id) FROM subscription WHERE charged_from <= $1 AND (charged_to IS NULL OR charged_to > $1) GROUP BY 1";
    CLEAR = "DELETE FROM figure_sum WHERE figure = $1";
    CLEAR_PERIOD = "DELETE FROM figure_sum WHERE figure = $1 AND period = $2";
    TAKEN = "INSERT INTO figure_state (name, position, at) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE SET position = excluded.position, at = excluded.at";
    WHEN = "SELECT at, position FROM figure_state WHERE name = $1";
}

pub fn run(db: &Db) -> Result<()> {
    let today = db.env().now().date();
    let sums = db.read_blocking(system(), move |tx| unpaid(tx, today))?;
    db.write_blocking(system(), move |tx| {
        for figure in ["arrears", "debtors"] {
            tx.execute(&CLEAR, params![figure])?;
        }
        tx.execute(&CLEAR_PERIOD, params!["arrears.day", today.to_string()])?;
        sums.store(tx)?;
        tx.execute(&TAKEN, params!["arrears", today.to_string(), tx.now()]).map(drop)
    })?;
    let first = today.first_of_month();
    let mut days: Vec<Date> = (0..MONTHS).map(|n| first.plus_months(-n)).collect();
    if today != first {
        days.push(today);
    }
    let pictured = db.read_blocking(system(), move |tx| {
        let mut pictured = Vec::new();
        for day in &days {
            if *day == today || when(tx, &format!("served {day}"))?.is_none() {
                pictured.push((*day, served(tx, *day)?));
            }
        }
        Ok(pictured)
    })?;
    db.write_blocking(system(), move |tx| {
        for (day, sums) in &pictured {
            for figure in ["users", "accounts"] {
                tx.execute(&CLEAR_PERIOD, params![figure, day.to_string()])?;
            }
            sums.store(tx)?;
            tx.execute(&TAKEN, params![format!("served {day}"), day.to_string(), tx.now()])?;
        }
        Ok(())
    })
}

/// When a picture was taken last.
pub fn when(tx: &mut Tx<'_>, name: &str) -> Result<Option<kernel::Timestamp>> {
    Ok(tx.query_opt(&WHEN, params![name])?.map(|r| r.time(0)))
}

fn unpaid(tx: &mut Tx<'_>, today: Date) -> Result<Sums> {
    let mut sums = Sums::default();
    let (text, rows) = (today.to_string(), tx.query(&OPEN, params![])?);
    for r in &rows {
        sums.add("arrears", r.str(0), (r.str(1), r.str(2), ""), r.money(3), r.int(4))?;
        let overdue = if *r.str(2) < *text { "overdue" } else { "notDue" };
        sums.add("arrears.day", r.str(0), (&text, overdue, ""), r.money(3), r.int(4))?;
    }
    for r in tx.query(&DEBTORS, params![text])? {
        sums.add("debtors", r.str(0), (&text, "", ""), Money::ZERO, r.int(1))?;
    }
    Ok(sums)
}

fn served(tx: &mut Tx<'_>, day: Date) -> Result<Sums> {
    let mut sums = Sums::default();
    let mut families = HashMap::new();
    let text = day.to_string();
    for r in tx.query(&USERS, params![text])? {
        let family = family_of(tx, &mut families, r.str(1));
        sums.add("users", r.str(0), (&text, &family, ""), Money::ZERO, r.int(2))?;
    }
    for r in tx.query(&ACCOUNTS, params![text])? {
        sums.add("accounts", r.str(0), (&text, "", ""), Money::ZERO, r.int(1))?;
    }
    Ok(sums)
}
