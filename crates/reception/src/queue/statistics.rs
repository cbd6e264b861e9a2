//! Waiting times of halls: how many came, how long they waited and were served, who left.

use super::kind;
use kernel::{Date, Problem, Result};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use store::{Filter, Tx};

const MOST_DAYS: i64 = 92;

#[derive(Default)]
struct Sums {
    tickets: i64,
    served: i64,
    missed: i64,
    left: i64,
    /// Seconds, one each.
    waits: Vec<i64>,
    services: Vec<i64>,
    in_time: i64,
}

impl Sums {
    fn add(&mut self, state: &str, wait: Option<i64>, service: Option<i64>, target: i64) {
        self.tickets += 1;
        match state {
            "done" => self.served += 1,
            "noShow" => self.missed += 1,
            "cancelled" | "lapsed" => self.left += 1,
            _ => {}
        }
        if let Some(wait) = wait {
            self.in_time += i64::from(wait <= target);
            self.waits.push(wait);
        }
        self.services.extend(service);
    }
    fn told(&mut self) -> Value {
        let called = i64::try_from(self.waits.len()).unwrap_or(0);
        json!({
            "tickets": self.tickets, "served": self.served, "missed": self.missed, "left": self.left,
            "waitAverage": average(&self.waits), "wait90": percentile(&mut self.waits, 90), "waitMost": self.waits.iter().max(),
            "serviceAverage": average(&self.services),
            "inTimePercent": (called > 0).then(|| self.in_time * 100 / called),
        })
    }
}

fn average(all: &[i64]) -> Option<i64> {
    let n = i64::try_from(all.len()).ok().filter(|n| *n > 0)?;
    Some(all.iter().sum::<i64>() / n)
}

/// The smallest value that so many in a hundred do not exceed.
fn percentile(all: &mut [i64], percent: usize) -> Option<i64> {
    all.sort_unstable();
    let at = (all.len() * percent).div_ceil(100).checked_sub(1)?;
    all.get(at).copied()
}

/// The figures of the halls within the actor's scope (or one of them) from day to day, both included.
pub fn statistics(tx: &mut Tx<'_>, hall: Option<&str>, from: Date, to: Date) -> Result<Value> {
    if to < from || to.days_since(from) > MOST_DAYS {
        return Err(Problem::invalid("to", &format!("≤ {MOST_DAYS}")));
    }
    let target = kind::setting(tx, "wait.target_minutes")? * 60;
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if let Some(hall) = hall {
        tx.must_see(hall)?;
        filter.equal("org", hall);
    }
    let (low, high) = (filter.bind(from.to_string()), filter.bind(to.to_string()));
    filter.and(format!("day >= {low} AND day <= {high}"));
    let text = format!(
        "SELECT org, kind, state, taken_at, called_at, served_at, ended_at FROM queue_ticket{}",
        filter.to_where()
    );
    let mut halls: BTreeMap<String, Sums> = BTreeMap::new();
    let mut kinds: BTreeMap<String, Sums> = BTreeMap::new();
    let mut hours: BTreeMap<i8, Sums> = BTreeMap::new();
    let mut all = Sums::default();
    tx.each(&text, &filter.binds, |r| {
        let (taken, called, served, ended) = (r.time(3), r.opt_time(4), r.opt_time(5), r.opt_time(6));
        let wait = called.map(|at| at.seconds_since(taken));
        let service = served.zip(ended).filter(|_| r.str(2) == "done").map(|(from, to)| to.seconds_since(from));
        for sums in [
            halls.entry(r.text(0)).or_default(),
            kinds.entry(r.text(1)).or_default(),
            hours.entry(taken.hour()).or_default(),
            &mut all,
        ] {
            sums.add(r.str(2), wait, service, target);
        }
        Ok(())
    })?;
    let mut by_hall = Vec::new();
    for (org, mut sums) in halls {
        let mut row = sums.told();
        row["org"] = json!(org);
        row["name"] = json!(access::org_name(tx, &org)?);
        by_hall.push(row);
    }
    let by = |name: &str, key: Value, mut sums: Sums| {
        let mut row = sums.told();
        row[name] = key;
        row
    };
    let by_kind: Vec<Value> = kinds.into_iter().map(|(k, s)| by("kind", json!(k), s)).collect();
    let by_hour: Vec<Value> = hours.into_iter().map(|(h, s)| by("hour", json!(h), s)).collect();
    Ok(
        json!({"from": from, "to": to, "targetSeconds": target, "total": all.told(), "halls": by_hall, "kinds": by_kind, "hours": by_hour}),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nine_of_ten_wait_no_longer() {
        assert_eq!(percentile(&mut [], 90), None);
        assert_eq!(percentile(&mut [7], 90), Some(7));
        assert_eq!(percentile(&mut [10, 1, 9, 2, 8, 3, 7, 4, 6, 5], 90), Some(9));
        assert_eq!(average(&[1, 2, 6]), Some(3));
    }
}
