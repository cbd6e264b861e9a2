//! Reports over the kept sums: revenue with ARPU and ARPA, arrears by age, the course and structure of balances.

use super::{picture, stream};
use kernel::{Date, Money, OrgPath, Problem, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Tx, params, sql};

sql! {
    OF_PLACE = "SELECT period, part, detail, fen, count FROM figure_sum WHERE figure = $1 AND org = $2 AND period >= $3 AND period <= $4 \
                ORDER BY period, part, detail";
    OF_CHILDREN = "SELECT org, period, part, detail, fen, count FROM figure_sum WHERE figure = $1 AND parent = $2 AND period >= $3 AND period <= $4 \
                   ORDER BY org, period";
}

/// What is served on a line of its own: options, bundles and devices are no users.
const LINES: [&str; 8] = ["mobile", "broadband", "iptv", "fixedVoice", "voip", "data", "leasedLine", "smartHome"];
/// Ages of debts in days after the due date: name and last day.
const AGES: [(&str, i64); 5] = [("notDue", 0), ("d30", 30), ("d90", 90), ("d180", 180), ("d360", 360)];

struct Row {
    org: String,
    period: String,
    part: String,
    detail: String,
    fen: Money,
    count: i64,
}

fn of_place(tx: &mut Tx<'_>, figure: &str, org: &OrgPath, from: &str, to: &str) -> Result<Vec<Row>> {
    let rows = tx.query(&OF_PLACE, params![figure, org, from, to])?;
    let row = |r: &store::Row| Row {
        org: org.to_string(),
        period: r.text(0),
        part: r.text(1),
        detail: r.text(2),
        fen: r.money(3),
        count: r.int(4),
    };
    Ok(rows.iter().map(row).collect())
}

fn of_children(tx: &mut Tx<'_>, figure: &str, org: &OrgPath, from: &str, to: &str) -> Result<Vec<Row>> {
    let rows = tx.query(&OF_CHILDREN, params![figure, org, from, to])?;
    let row = |r: &store::Row| Row {
        org: r.text(0),
        period: r.text(1),
        part: r.text(2),
        detail: r.text(3),
        fen: r.money(4),
        count: r.int(5),
    };
    Ok(rows.iter().map(row).collect())
}

/// The place a report is of: one's own where none is named; 404 outside one's scope.
pub fn place(tx: &Tx<'_>, named: Option<&str>) -> Result<OrgPath> {
    let place = named.map_or_else(|| Ok(tx.actor().scope.clone()), OrgPath::parse)?;
    tx.must_see(place.as_str())?;
    Ok(place)
}

pub fn month_name(day: Date) -> String {
    day.to_string().chars().take(7).collect()
}

/// Users and accounts served at the two ends of a month. The running month ends today.
struct Heads {
    users: BTreeMap<(String, String), i64>,
    accounts: BTreeMap<String, i64>,
}

impl Heads {
    fn of(rows_users: &[Row], rows_accounts: &[Row]) -> Self {
        let users = rows_users.iter().map(|r| ((r.period.clone(), r.part.clone()), r.count)).collect();
        let accounts = rows_accounts.iter().map(|r| (r.period.clone(), r.count)).collect();
        Self { users, accounts }
    }
    fn users(&self, day: &str, family: Option<&str>) -> i64 {
        let one = |family: &str| self.users.get(&(day.to_owned(), family.to_owned())).copied().unwrap_or(0);
        family.map_or_else(|| LINES.iter().map(|f| one(f)).sum(), one)
    }
    fn accounts(&self, day: &str) -> i64 {
        self.accounts.get(day).copied().unwrap_or(0)
    }
}

fn ends(month: Date, today: Date) -> (String, String) {
    let next = month.plus_months(1);
    (month.to_string(), if next > today { today.to_string() } else { next.to_string() })
}

/// Revenue for each of its average number, in fen, rounded half up; nothing where there is nobody.
fn per_head(fen: Money, start: i64, end: i64) -> Option<Money> {
    (start + end > 0).then(|| fen.prorated(2, start + end))
}

/// Revenue of the months from `from` to `to` (first days), with who was served and what is still unpaid.
pub fn revenue(tx: &mut Tx<'_>, org: &OrgPath, from: Date, to: Date) -> Result<Value> {
    if from > to || to.plus_months(-36) > from {
        return Err(Problem::invalid("from", "≤ 36"));
    }
    let today = tx.now().date();
    let (first, last) = (month_name(from), month_name(to));
    let billed = of_place(tx, "billed", org, &first, &last)?;
    let bills = of_place(tx, "bills", org, &first, &last)?;
    let unpaid = of_place(tx, "arrears", org, &first, &last)?;
    let last_day = to.plus_months(1).to_string();
    let ledger = of_place(tx, "ledger", org, &from.to_string(), &to.last_of_month().to_string())?;
    let (users, accounts) = (
        of_place(tx, "users", org, &from.to_string(), &last_day)?,
        of_place(tx, "accounts", org, &from.to_string(), &last_day)?,
    );
    let heads = Heads::of(&users, &accounts);
    let mut months = Vec::new();
    let mut month = from;
    let (mut families, mut kinds) = (BTreeMap::<&str, Money>::new(), BTreeMap::<&str, Money>::new());
    for r in &billed {
        for (sums, key) in [(&mut families, r.part.as_str()), (&mut kinds, r.detail.as_str())] {
            let sum = sums.entry(key).or_default();
            *sum = sum.plus(r.fen)?;
        }
    }
    while month <= to {
        let name = month_name(month);
        let sum = |rows: &[Row], fits: &dyn Fn(&Row) -> bool| {
            rows.iter().filter(|r| r.period.starts_with(&name) && fits(r)).try_fold(Money::ZERO, |a, r| a.plus(r.fen))
        };
        let total = sum(&billed, &|_| true)?;
        let outstanding = sum(&unpaid, &|_| true)?;
        // Revenue taken back or given in the ledger by credits and adjustments: a debit lessens it.
        let credited = sum(&ledger, &|r| r.part == "revenue" && r.detail != "bill" && r.fen > Money::ZERO)?;
        let collected = sum(&ledger, &|r| {
            is_money(&r.part) && !matches!(r.detail.as_str(), "overShort" | "handOver" | "banked" | "unbanked")
        })?;
        let late_fees = sum(&ledger, &|r| r.part == "lateFee")?.negated();
        let (start, end) = ends(month, today);
        let (users_start, users_end) = (heads.users(&start, None), heads.users(&end, None));
        let (accounts_start, accounts_end) = (heads.accounts(&start), heads.accounts(&end));
        let net = total.plus(credited.negated())?;
        let bills: i64 = bills.iter().filter(|r| r.period == name).map(|r| r.count).sum();
        let rate =
            (total > Money::ZERO).then(|| (10_000 - outstanding.in_fen() * 10_000 / total.in_fen()).clamp(0, 10_000));
        months.push(json!({
            "month": name, "billedFen": total, "creditedFen": credited, "netFen": net, "bills": bills, "collectedFen": collected,
            "lateFeeFen": late_fees, "outstandingFen": outstanding, "collectionRateBp": rate,
            "usersStart": users_start, "usersEnd": users_end, "accountsStart": accounts_start, "accountsEnd": accounts_end,
            "arpuFen": per_head(net, users_start, users_end), "arpaFen": per_head(net, accounts_start, accounts_end),
            "families": by_family(&billed, &name, &heads, &start, &end)?, "running": month == today.first_of_month(),
        }));
        month = month.plus_months(1);
    }
    Ok(json!({
        "org": org, "name": access_name(tx, org)?, "from": first, "to": last, "asOf": stream::as_of(tx)?, "months": months,
        "families": families.iter().map(|(k, v)| json!({"family": k, "fen": v})).collect::<Value>(),
        "kinds": kinds.iter().map(|(k, v)| json!({"kind": k, "fen": v})).collect::<Value>(),
        "places": places(tx, org, &first, &last, &ends(to, today))?,
    }))
}

fn is_money(part: &str) -> bool {
    crate::payment::Method::ALL.iter().any(|m| m.name() == part)
}

fn by_family(billed: &[Row], month: &str, heads: &Heads, start: &str, end: &str) -> Result<Value> {
    let mut sums: BTreeMap<&str, Money> = BTreeMap::new();
    for r in billed.iter().filter(|r| r.period == month) {
        let sum = sums.entry(r.part.as_str()).or_default();
        *sum = sum.plus(r.fen)?;
    }
    Ok(sums
        .into_iter()
        .map(|(family, fen)| {
            let (from, to) = (heads.users(start, Some(family)), heads.users(end, Some(family)));
            let line = LINES.contains(&family);
            json!({"family": family, "fen": fen, "users": to, "arpuFen": if line { per_head(fen, from, to) } else { None }})
        })
        .collect())
}

/// The places below, with the revenue of the whole range and the arpu of its last month.
fn places(tx: &mut Tx<'_>, org: &OrgPath, from: &str, to: &str, ends: &(String, String)) -> Result<Vec<Value>> {
    let mut sums: BTreeMap<String, (Money, Money)> = BTreeMap::new();
    for r in of_children(tx, "bills", org, from, to)? {
        let sum = sums.entry(r.org).or_default();
        sum.0 = sum.0.plus(r.fen)?;
        if r.period == *to {
            sum.1 = sum.1.plus(r.fen)?;
        }
    }
    let users = of_children(tx, "users", org, &ends.0, &ends.1)?;
    let count = |org: &str, day: &str| -> i64 {
        users
            .iter()
            .filter(|r| r.org == org && r.period == day && LINES.contains(&r.part.as_str()))
            .map(|r| r.count)
            .sum()
    };
    let mut rows = Vec::with_capacity(sums.len());
    for (child, (fen, last)) in sums {
        let (start, end) = (count(&child, &ends.0), count(&child, &ends.1));
        let path = OrgPath::parse(&child)?;
        rows.push(json!({
            "org": child, "name": access_name(tx, &path)?, "billedFen": fen, "lastFen": last, "users": end, "arpuFen": per_head(last, start, end),
        }));
    }
    Ok(rows)
}

/// What is unpaid, by age today.
pub fn arrears(tx: &mut Tx<'_>, org: &OrgPath) -> Result<Value> {
    let today = tx.now().date();
    let rows = of_place(tx, "arrears", org, "", "9999")?;
    let mut buckets: Vec<(&str, Money, i64)> =
        AGES.iter().map(|(name, _)| *name).chain(["older"]).map(|name| (name, Money::ZERO, 0)).collect();
    let mut months: BTreeMap<&str, (Money, i64)> = BTreeMap::new();
    let (mut total, mut overdue) = (Money::ZERO, Money::ZERO);
    for r in &rows {
        let days = today.days_since(Date::parse(&r.part)?);
        let name = age(days);
        total = total.plus(r.fen)?;
        if days > 0 {
            overdue = overdue.plus(r.fen)?;
        }
        if let Some(bucket) = buckets.iter_mut().find(|b| b.0 == name) {
            bucket.1 = bucket.1.plus(r.fen)?;
            bucket.2 += r.count;
        }
        let month = months.entry(r.period.as_str()).or_default();
        *month = (month.0.plus(r.fen)?, month.1 + r.count);
    }
    let debtors: i64 = of_place(tx, "debtors", org, "", "9999")?.iter().map(|r| r.count).sum();
    let mut places: BTreeMap<String, (Money, Money, i64)> = BTreeMap::new();
    for r in of_children(tx, "arrears", org, "", "9999")? {
        let late = today.days_since(Date::parse(&r.part)?) > 0;
        let sum = places.entry(r.org).or_default();
        *sum = (sum.0.plus(r.fen)?, if late { sum.1.plus(r.fen)? } else { sum.1 }, sum.2 + r.count);
    }
    let mut below = Vec::with_capacity(places.len());
    for (child, (fen, late, bills)) in places {
        let path = OrgPath::parse(&child)?;
        below.push(
            json!({"org": child, "name": access_name(tx, &path)?, "fen": fen, "overdueFen": late, "bills": bills}),
        );
    }
    let mut course: BTreeMap<String, (Money, Money)> = BTreeMap::new();
    for r in of_place(tx, "arrears.day", org, &today.plus_days(-60).to_string(), "9999")? {
        let sum = course.entry(r.period).or_default();
        if r.part == "overdue" { sum.1 = sum.1.plus(r.fen)? } else { sum.0 = sum.0.plus(r.fen)? }
    }
    Ok(json!({
        "org": org, "name": access_name(tx, org)?, "asOf": picture::when(tx, "arrears")?, "totalFen": total, "overdueFen": overdue,
        "debtors": debtors,
        "buckets": buckets.iter().map(|(age, fen, bills)| json!({"age": age, "fen": fen, "bills": bills})).collect::<Value>(),
        "months": months.iter().map(|(m, (fen, bills))| json!({"month": m, "fen": fen, "bills": bills})).collect::<Value>(),
        "course": course.iter().map(|(d, (not_due, late))| json!({"day": d, "notDueFen": not_due, "overdueFen": late})).collect::<Value>(),
        "places": below,
    }))
}

fn age(days: i64) -> &'static str {
    AGES.iter().find(|(_, end)| days <= *end).map_or("older", |(name, _)| name)
}

/// The course of what customers have paid in advance, by day or month, what it consists of, and where it lies.
pub fn balances(tx: &mut Tx<'_>, org: &OrgPath, from: Date, to: Date, by_month: bool) -> Result<Value> {
    if from > to || to.days_since(from) > 1_100 {
        return Err(Problem::invalid("from", "≤ 3"));
    }
    let (first, last) = (from.to_string(), to.to_string());
    let rows: Vec<Row> =
        of_place(tx, "ledger", org, "", &last)?.into_iter().filter(|r| r.part.starts_with("balance.")).collect();
    let mut opening = Money::ZERO;
    let mut course: BTreeMap<String, (Money, Money)> = BTreeMap::new();
    let mut day = from;
    while day <= to {
        course.entry(if by_month { month_name(day) } else { day.to_string() }).or_default();
        day = day.plus_days(1);
    }
    let mut books: BTreeMap<String, Money> = BTreeMap::new();
    for r in &rows {
        // A deposit is a credit: what customers have is the sum turned.
        let grown = r.fen.negated();
        let book = books.entry(r.part.trim_start_matches("balance.").to_owned()).or_default();
        *book = book.plus(grown)?;
        if r.period < first {
            opening = opening.plus(grown)?;
            continue;
        }
        let key = if by_month { r.period.chars().take(7).collect() } else { r.period.clone() };
        let sum = course.entry(key).or_default();
        if grown > Money::ZERO { sum.0 = sum.0.plus(grown)? } else { sum.1 = sum.1.plus(r.fen)? }
    }
    let mut standing = opening;
    let mut shown = Vec::with_capacity(course.len());
    for (label, (grew, shrank)) in course {
        standing = standing.plus(grew)?.plus(shrank.negated())?;
        shown.push(json!({"label": label, "inFen": grew, "outFen": shrank, "balanceFen": standing}));
    }
    let mut places: BTreeMap<String, Money> = BTreeMap::new();
    for r in of_children(tx, "ledger", org, "", &last)?.into_iter().filter(|r| r.part.starts_with("balance.")) {
        let sum = places.entry(r.org).or_default();
        *sum = sum.plus(r.fen.negated())?;
    }
    let mut below = Vec::with_capacity(places.len());
    for (child, fen) in places {
        let path = OrgPath::parse(&child)?;
        below.push(json!({"org": child, "name": access_name(tx, &path)?, "fen": fen}));
    }
    Ok(json!({
        "org": org, "name": access_name(tx, org)?, "asOf": stream::as_of(tx)?, "openingFen": opening, "closingFen": standing,
        "course": shown, "books": books.iter().map(|(k, v)| json!({"book": k, "fen": v})).collect::<Value>(), "places": below,
    }))
}

fn access_name(tx: &mut Tx<'_>, org: &OrgPath) -> Result<String> {
    access::org_name(tx, org.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn per_head_is_by_the_mean_of_both_ends() {
        assert_eq!(per_head(Money::fen(10_000), 100, 100), Some(Money::fen(100)));
        assert_eq!(per_head(Money::fen(1_000), 1, 2), Some(Money::fen(667)));
        assert_eq!(per_head(Money::fen(1_000), 0, 0), None);
    }

    #[test]
    fn ages_begin_the_day_after_the_due_date() {
        assert_eq!(
            (age(-1), age(0), age(1), age(31), age(360), age(361)),
            ("notDue", "notDue", "d30", "d90", "d360", "older")
        );
    }
}
