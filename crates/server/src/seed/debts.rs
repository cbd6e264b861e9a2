//! Customers of the demonstration's city who owe for long: one at each stage of credit control, key accounts whose manager is
//! asked, and a debt that may be given up.

use super::{Sample, holdings, past};
use dunning::demo::{Stage, Then};
use kernel::{Actor, Date, OrgPath, Result};
use serde_json::json;
use store::{Db, Tx};

/// The account manager of the demonstration, whom records name before the login is made.
pub const MANAGER: &str = "demo-manager";
const CITY: &str = "/cn/44/4401";
/// A larger store is for measuring: there nobody is refused for what is owed.
const MOST: u64 = 20_000;
/// Their lines lie in a block of their own.
const NUMBERS: u64 = 19_808_000_000;
const KEY_GRADES: [&str; 4] = ["key", "gold", "platinum", "diamond"];

pub(super) struct Debtor {
    pub customer_id: String,
    stage: Stage,
}

/// A debt to be made: which months were billed (the first and the last, counted back), how many of the newest are unpaid,
/// and how far credit control has come.
struct Debt {
    months: (i32, i32),
    unpaid: usize,
    steps: usize,
    ago: i32,
    then: Then,
}

const fn debt(months: i32, unpaid: usize, steps: usize, ago: i32) -> Debt {
    Debt { months: (months, 1), unpaid, steps, ago, then: Then::Nothing }
}

/// By the policy for the public; with few customers the first of these.
static PUBLIC: [Debt; 7] = [
    debt(12, 4, 5, 12),
    Debt { months: (22, 20), unpaid: 3, steps: 7, ago: 366, then: Then::Nothing },
    debt(12, 3, 3, 2),
    debt(8, 3, 4, 5),
    debt(12, 2, 1, 3),
    Debt { then: Then::Promise, ..debt(6, 3, 3, 4) },
    debt(12, 6, 6, 10),
];
/// Key accounts: from the first bar on, people decide.
static KEY: [Debt; 2] = [debt(12, 4, 2, 26), Debt { then: Then::Proposed, ..debt(12, 5, 2, 28) }];

/// Gives them a line and a past. Taken is who holds nothing yet, those first that are customers for longest: who tries the
/// newest customers meets some that owe nothing.
pub(super) fn equip(db: &Db, samples: &[Sample], customers: u64) -> Result<Vec<Debtor>> {
    if customers > MOST {
        return Ok(Vec::new());
    }
    let city: Vec<Sample> = samples.iter().filter(|s| s.org.as_str().starts_with(CITY)).cloned().collect();
    db.write_blocking(Actor::system_at(OrgPath::parse(CITY)?), move |tx| {
        let mut known = Vec::new();
        for sample in &city {
            if billing::accounts_of(tx, &sample.id)?.is_empty() {
                known.push((customer::summary(tx, &sample.id)?, sample));
            }
        }
        known.sort_by_key(|(customer, _)| customer.created_at);
        let (mut public, mut key) = (PUBLIC.iter(), KEY.iter());
        let mut debtors = Vec::new();
        for (customer, sample) in known {
            let next = match (KEY_GRADES.contains(&customer.grade.as_str()), customer.kind.as_str()) {
                (true, _) => key.next(),
                (false, "individual") => public.next(),
                (false, _) => None,
            };
            if let Some(debt) = next {
                debtors.push(owe(tx, sample, debt, NUMBERS + debtors.len() as u64)?);
            }
        }
        Ok(debtors)
    })
}

fn owe(tx: &mut Tx<'_>, sample: &Sample, debt: &Debt, number: u64) -> Result<Debtor> {
    let this = tx.now().date().first_of_month();
    let months: Vec<Date> = (debt.months.1..=debt.months.0).rev().map(|n| this.plus_months(-n)).collect();
    let start = months.first().map_or(this, |m| m.plus_days(-9)).start().plus_seconds(10 * 3_600);
    let line = holdings::mobile(tx, sample, number.to_string(), "of-mobile-129", start)?;
    let held = past::line(tx, line, start)?;
    if KEY.iter().any(|key| std::ptr::eq(key, debt)) {
        let handover = customer::Handover {
            to_id: MANAGER.to_owned(),
            to_name: "王志强".to_owned(),
            reason: "大客户专人跟进".to_owned(),
            note: String::new(),
            open: json!([]),
        };
        customer::change_manager(tx, &sample.id, &handover)?;
    }
    let account_id = past::carry_months(tx, sample, &[held], &months, debt.unpaid)?;
    let stage = Stage { account_id, steps: debt.steps, ago: debt.ago, then: debt.then };
    Ok(Debtor { customer_id: sample.id.clone(), stage })
}

/// Credit control takes them up.
pub(super) fn fill(db: &Db, debtors: Vec<Debtor>) -> Result<()> {
    let stages: Vec<Stage> = debtors.into_iter().map(|d| d.stage).collect();
    db.write_blocking(Actor::system_at(OrgPath::parse(CITY)?), move |tx| dunning::demo::demo(tx, &stages))
}
