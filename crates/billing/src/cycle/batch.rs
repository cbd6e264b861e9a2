//! One batch of accounts: what each is to pay is computed on a reader, then written in one transaction with the mark of how
//! far the run has come. Killed in between, nothing is written and the batch is computed again; killed after it, the mark
//! says so. Two runs that meet at the same batch: the mark moves once, and [`ONCE`] stands behind it.
//!
//! [`ONCE`]: the unique key of a bill: account, first day of the period, kind and origin.

use super::{alert, gather, reckon, reckon::Terms, run, used};
use crate::{
    account::{self, Account},
    adjustment,
    bill::{self, Made, NewLine, Ready},
    relation, settings,
};
use kernel::{Cycle, Date, Money, OrgPath, Problem, Result};
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use store::{Event, Tx, params, sql};

sql! {
    NEXT = "SELECT id FROM billing_account WHERE id > $1 ORDER BY id LIMIT $2";
    NEXT_TO = "SELECT id FROM billing_account WHERE id > $1 AND id <= $3 ORDER BY id LIMIT $2";
    NEXT_ON_DAY = "SELECT account_id FROM account_cycle WHERE day = $3 AND account_id > $1 ORDER BY account_id LIMIT $2";
    OTHER_DAYS = "SELECT account_id FROM account_cycle WHERE account_id >= $1 AND account_id <= $2";
    ACCOUNTS = "SELECT id, account_no, customer_id, org FROM billing_account WHERE id >= $1 AND id <= $2 ORDER BY id";
    LOCK = "SELECT id FROM billing_account WHERE id >= $1 AND id <= $2 ORDER BY id {for_update}";
    BILLED = "SELECT account_id, period_start, kind, origin, amount_fen FROM bill \
              WHERE account_id >= $1 AND account_id <= $2 AND period_start >= $3 AND period_start <= $4";
    // A payer whose own cycle begins on another day pays with the bill of the cycle in which the product's ended.
    SHARES = "SELECT account_id, product_id, line FROM bill_run_share WHERE cycle <= $1 AND cycle > $4 \
              AND account_id >= $2 AND account_id <= $3 ORDER BY account_id, product_id, seq";
    STANDING = "SELECT COUNT(*), CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM subscription \
                WHERE account_id >= $1 AND account_id <= $2";
    FAILED = "INSERT INTO bill_run_failure (cycle, account_id, org, code, detail, at) VALUES ($1, $2, $3, $4, $5, $6) \
              ON CONFLICT (cycle, account_id) DO UPDATE SET code = excluded.code, detail = excluded.detail, at = excluded.at";
}

/// One account, ready to be billed.
#[derive(Clone, Debug)]
pub struct Due {
    pub account_id: String,
    pub account_no: String,
    pub customer_id: String,
    pub org: OrgPath,
    pub lines: Vec<Ready>,
    /// What the months before came to, the newest last; for the alert.
    pub before: Vec<Money>,
}

/// A batch as computed.
#[derive(Clone, Debug, Default)]
pub struct Batch {
    /// All accounts looked at, in order.
    pub ids: Vec<String>,
    pub due: Vec<Due>,
    pub failed: Vec<(String, OrgPath, Problem)>,
    /// What allowances carry over into the next cycle.
    pub carried: Vec<rating::CarriedOver>,
    /// How many subscriptions there were and the sum of their versions: whether anything has changed since.
    pub standing: (i64, i64),
}

/// What is the same for every batch of a run.
#[derive(Clone, Debug)]
pub struct Frame {
    pub cycle: Cycle,
    pub terms: Terms,
    pub bill_date: Date,
    pub due_date: Date,
    pub alert: alert::Rule,
}

impl Frame {
    pub fn read(tx: &mut Tx<'_>, cycle: Cycle, bill_date: Date) -> Result<Self> {
        let due_days = i32::try_from(settings::DUE_DAYS.number(tx)?).unwrap_or(0);
        Ok(Self {
            cycle,
            terms: gather::terms(tx)?,
            bill_date,
            due_date: bill_date.plus_days(due_days),
            alert: alert::Rule::read(tx)?,
        })
    }
}

/// The accounts of a part after `position`.
pub fn next(tx: &mut Tx<'_>, cycle: Cycle, position: &str, to: Option<&str>, most: i64) -> Result<Vec<String>> {
    let day = cycle.first().day();
    let rows = match to {
        _ if day != 1 => tx.query(&NEXT_ON_DAY, params![position, most, i64::from(day)])?,
        Some(to) => tx.query(&NEXT_TO, params![position, most, to])?,
        None => tx.query(&NEXT, params![position, most])?,
    };
    Ok(rows.iter().map(|r| r.text(0)).collect())
}

/// What these accounts are to pay. They lie side by side where the cycle is the natural month; others are looked at one by
/// one, as they are few among many.
pub fn compute(tx: &mut Tx<'_>, frame: &Frame, ids: Vec<String>) -> Result<Batch> {
    let mut batch = Batch::default();
    let (Some(first), Some(last)) = (ids.first().cloned(), ids.last().cloned()) else { return Ok(batch) };
    if frame.cycle.first().day() == 1 {
        range(tx, frame, &first, &last, &mut batch)?;
    } else {
        for id in &ids {
            range(tx, frame, id, id, &mut batch)?;
        }
    }
    batch.ids = ids;
    Ok(batch)
}

fn range(tx: &mut Tx<'_>, frame: &Frame, from: &str, to: &str, batch: &mut Batch) -> Result<()> {
    let cycle = frame.cycle;
    let standing = tx.query_one(&STANDING, params![from, to])?;
    batch.standing.0 += standing.int(0);
    batch.standing.1 += standing.int(1);
    let mut skip: HashSet<String> = HashSet::new();
    if cycle.first().day() == 1 {
        skip.extend(tx.query(&OTHER_DAYS, params![from, to])?.iter().map(|r| r.text(0)));
    }
    let mut due: BTreeMap<String, Due> = BTreeMap::new();
    for row in tx.query(&ACCOUNTS, params![from, to])? {
        let id = row.text(0);
        if !skip.contains(&id) {
            let account = Due {
                account_no: row.opt_text(1).unwrap_or_default(),
                customer_id: row.opt_text(2).unwrap_or_default(),
                org: OrgPath::parse(row.str(3))?,
                lines: Vec::new(),
                before: Vec::new(),
                account_id: id.clone(),
            };
            due.insert(id, account);
        }
    }
    history(tx, frame, from, to, &mut due)?;
    let mut served: HashSet<String> = HashSet::new();
    let mut shared: HashSet<(String, String)> = HashSet::new();
    let (this, former) = (cycle.first().to_string(), cycle.previous().first().to_string());
    for row in tx.query(&SHARES, params![this, from, to, former])? {
        if let Some(account) = due.get_mut(row.str(0)) {
            account.lines.push(serde_json::from_value(row.json(2)).map_err(Problem::internal)?);
            served.insert(row.text(0));
            shared.insert((row.text(0), row.text(1)));
        }
    }
    let mut wrong: Vec<(String, Problem)> = Vec::new();
    for facts in gather::products(tx, cycle, from, to)? {
        let charged = match reckon::reckon(&facts, cycle, &frame.terms) {
            Ok(charged) => charged,
            Err(problem) => {
                wrong.push((facts.account_id, problem));
                continue;
            }
        };
        served.insert(facts.account_id.clone());
        for one in charged {
            if shared.contains(&(one.account_id.clone(), facts.product_id.clone())) {
                continue;
            }
            if let Some(account) = due.get_mut(&one.account_id) {
                served.insert(one.account_id.clone());
                account.lines.push(ready(&facts, one));
            }
        }
    }
    for (id, account) in &mut due {
        match used::closing(tx, id, cycle) {
            Ok((lines, over)) => {
                batch.carried.extend(over);
                let others = |l: &Ready| !shared.contains(&(id.clone(), l.new.product_id.clone()));
                account.lines.extend(lines.into_iter().filter(others));
            }
            Err(problem) => wrong.push((id.clone(), problem)),
        }
        if let Err(problem) = total(&account.lines) {
            wrong.push((id.clone(), problem));
        }
    }
    for (id, problem) in wrong {
        if let Some(account) = due.remove(&id) {
            batch.failed.push((id, account.org, problem));
        }
    }
    batch.due.extend(due.into_values().filter(|d| !d.lines.is_empty() || served.contains(&d.account_id)));
    Ok(())
}

/// Leaves out who has a bill of the cycle, and notes what the months before came to.
fn history(tx: &mut Tx<'_>, frame: &Frame, from: &str, to: &str, due: &mut BTreeMap<String, Due>) -> Result<()> {
    let cycle = frame.cycle;
    let months = i32::try_from(frame.alert.months).unwrap_or(0).clamp(0, 24);
    let oldest = cycle.first().plus_months(-months);
    let mut sums: BTreeMap<(String, Date), Money> = BTreeMap::new();
    let binds = params![from, to, oldest.to_string(), cycle.first().to_string()];
    for row in tx.query(&BILLED, binds)? {
        let start = Date::parse(row.str(1))?;
        if start == cycle.first() {
            if row.str(2) == "cycle" && row.str(3).is_empty() {
                due.remove(row.str(0));
            }
            continue;
        }
        let month = Cycle::containing(start, cycle.first().day()).first();
        let sum = sums.entry((row.text(0), month)).or_default();
        *sum = sum.plus(row.money(4))?;
    }
    for ((id, _), sum) in sums {
        if let Some(account) = due.get_mut(&id) {
            account.before.push(sum);
        }
    }
    Ok(())
}

/// A reckoned line with the product that it is for.
pub fn ready(facts: &reckon::Facts, charged: reckon::Charged) -> Ready {
    let mut line = charged.line;
    line.note = charged.note.code();
    Ready {
        new: NewLine {
            subscription_id: facts.subscription_id.clone(),
            product_id: facts.product_id.clone(),
            product_name: facts.name.clone(),
            number: facts.number.clone(),
            line,
        },
        tax: facts.tax.clone(),
        detail: None,
    }
}

fn total(lines: &[Ready]) -> Result<Money> {
    lines.iter().try_fold(Money::ZERO, |sum, l| sum.plus(l.new.line.amount))
}

/// What a written batch did.
#[derive(Clone, Copy, Debug, Default)]
pub struct Written {
    pub seen: i64,
    pub billed: i64,
    pub failed: i64,
    pub amount: Money,
    pub alerts: i64,
}

/// Writes a batch with the mark behind it; `None` where somebody else did, or the run has been stopped.
pub fn write(tx: &mut Tx<'_>, frame: &Frame, part: i64, position: &str, batch: &Batch) -> Result<Option<Written>> {
    let (Some(first), Some(last)) = (batch.ids.first(), batch.ids.last()) else { return Ok(None) };
    if !run::may_write(tx, frame.cycle, part, position)? {
        return Ok(None);
    }
    tx.query(&LOCK, params![first, last])?;
    let now = if frame.cycle.first().day() == 1 {
        let row = tx.query_one(&STANDING, params![first, last])?;
        (row.int(0), row.int(1))
    } else {
        (-1, -1)
    };
    let again;
    // Something was changed while this was computed: computed again, here, where nothing can change.
    let batch = if now == batch.standing {
        batch
    } else {
        again = compute(tx, frame, batch.ids.clone())?;
        &again
    };
    let written = book(tx, frame, batch)?;
    run::mark(tx, frame.cycle, part, position, last, &written)?;
    Ok(Some(written))
}

/// Bills, debts, alerts. The accounts are locked.
pub fn book(tx: &mut Tx<'_>, frame: &Frame, batch: &Batch) -> Result<Written> {
    let mut written = Written { seen: batch.ids.len() as i64, ..Written::default() };
    let cycle = frame.cycle.first().to_string();
    for (id, org, problem) in &batch.failed {
        written.failed += 1;
        tracing::warn!(account = %id, cycle, %problem, "an account could not be billed");
        tx.execute(&FAILED, params![cycle, id, org, problem.code.id, problem.to_string(), tx.now()])?;
    }
    rating::keep_carried(tx, batch.carried.clone())?;
    let mut waiting = match (batch.ids.first(), batch.ids.last()) {
        (Some(first), Some(last)) => adjustment::waiting(tx, first, last)?,
        _ => Default::default(),
    };
    let mut made: Vec<Made> = Vec::with_capacity(batch.due.len());
    for due in &batch.due {
        let mut lines = due.lines.clone();
        let adjusted = waiting.remove(&due.account_id).unwrap_or_default();
        lines.extend(adjusted.iter().map(|a| a.line(frame.cycle.first())));
        made.push(Made {
            account: account_of(due),
            period: (frame.cycle.first(), frame.cycle.last()),
            bill_date: frame.bill_date,
            due_date: frame.due_date,
            lines,
            adjustments: adjusted.into_iter().map(|a| a.id).collect(),
        });
    }
    for (made, due) in bill::make(tx, made)?.into_iter().zip(&batch.due) {
        written.billed += 1;
        written.amount = written.amount.plus(made.amount)?;
        if alert::at_bill(tx, frame, due, &made)? {
            written.alerts += 1;
        }
    }
    let root = OrgPath::root();
    let event = Event::new("BillRunProgressEvent", "billRun", &cycle, written.seen, &root)
        .topic("billRun")
        .payload(json!({"billRun": {"cycle": cycle, "billed": written.billed}}));
    tx.announce(&event)?;
    Ok(written)
}

fn account_of(due: &Due) -> Account {
    Account {
        id: due.account_id.clone(),
        account_no: due.account_no.clone(),
        customer_id: due.customer_id.clone(),
        name: String::new(),
        org: due.org.clone(),
        balance: Money::ZERO,
        payment_method: String::new(),
    }
}

/// Divides what a product comes to over its payers, for the cycle.
pub fn shares(
    tx: &mut Tx<'_>,
    frame: &Frame,
    product_id: &str,
    relations: &[relation::Relation],
) -> Result<Vec<(String, Ready)>> {
    let Some(facts) = gather::one(tx, product_id)? else { return Ok(Vec::new()) };
    if !reckon::stood(&facts, frame.cycle) {
        return Ok(Vec::new());
    }
    let own = facts.account_id.clone();
    let charged = reckon::reckon(&facts, frame.cycle, &frame.terms)?;
    // Days before a transfer belong to the former account, which no relation of today concerns.
    let (mine, former): (Vec<_>, Vec<_>) = charged.into_iter().partition(|c| c.account_id == own);
    let mut lines: Vec<(String, Ready)> =
        former.into_iter().map(|c| (c.account_id.clone(), ready(&facts, c))).collect();
    let mut mine: Vec<Ready> = mine.into_iter().map(|c| ready(&facts, c)).collect();
    mine.extend(used::lines(tx, &own, frame.cycle)?.into_iter().filter(|l| l.new.product_id == product_id));
    let plain: Vec<NewLine> = mine.iter().map(|r| r.new.clone()).collect();
    for share in relation::distribute(&own, plain, relations)? {
        for (i, new) in share.lines.into_iter().enumerate() {
            let known = mine.get(i).filter(|_| share.account_id == own);
            // What others pay is a part of the dearest line of its kind, and taxed as that.
            let part_of = mine.iter().filter(|r| r.new.line.kind == new.line.kind).max_by_key(|r| r.new.line.amount);
            let tax = known.or(part_of).map_or_else(|| facts.tax.clone(), |r| r.tax.clone());
            let detail = known.and_then(|r| r.detail.clone());
            lines.push((share.account_id.clone(), Ready { new, tax, detail }));
        }
    }
    Ok(lines)
}

/// Bills one account by itself: one that had failed.
pub fn alone(tx: &mut Tx<'_>, frame: &Frame, account_id: &str) -> Result<Written> {
    account::lock(tx, account_id)?;
    let mut batch = Batch::default();
    range(tx, frame, account_id, account_id, &mut batch)?;
    batch.ids = vec![account_id.to_owned()];
    book(tx, frame, &batch)
}
