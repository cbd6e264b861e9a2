//! Groups: first what people decided, then what is certain, the surest first.

use super::Task;
use crate::matching::{
    cluster::{Clusters, Refused},
    engine::{Found, Work},
    score::CERTAIN,
};
use kernel::{Actor, Result};
use std::collections::HashMap;
use store::{Tx, params, sql};

pub(super) struct Joined {
    /// The number in the store of each record.
    pub nos: Vec<i64>,
    pub clusters: Clusters,
    /// Pairs for somebody to look at, and why.
    pub doubts: Vec<(Found, &'static str)>,
}

sql! {
    DECIDED = "SELECT p.a, p.b, p.state, p.digest, ra.digest, rb.digest FROM identity_pair p \
               JOIN identity_record ra ON ra.no = p.a JOIN identity_record rb ON rb.no = p.b \
               WHERE p.state IN ('accepted', 'rejected') AND (p.a > $1 OR (p.a = $1 AND p.b > $2)) ORDER BY p.a, p.b LIMIT 5000";
    LAPSE = "UPDATE identity_pair SET state = 'open', note = 'changed', digest = NULL WHERE a = $1 AND b = $2";
}

/// The two records as they were when somebody decided.
pub(crate) fn both(a: &str, b: &str) -> String {
    format!("{a}+{b}")
}

/// The numbers of two records in the store.
type Pair = (i64, i64);

struct Decision {
    a: i64,
    b: i64,
    same: bool,
}

/// What people decided and what still holds; decisions about records that have changed since are open again.
fn decisions(tx: &mut Tx<'_>, after: Pair) -> Result<(Vec<Decision>, Option<Pair>)> {
    let rows = tx.query(&DECIDED, params![after.0, after.1])?;
    let mut all = Vec::new();
    for row in &rows {
        if row.opt_text(3).is_none_or(|d| d == both(row.str(4), row.str(5))) {
            all.push(Decision { a: row.int(0), b: row.int(1), same: row.str(2) == "accepted" });
        } else {
            tx.execute(&LAPSE, params![row.int(0), row.int(1)])?;
        }
    }
    Ok((all, rows.last().map(|r| (r.int(0), r.int(1)))))
}

pub(super) fn join(task: &mut Task<'_>, work: &Work) -> Result<Joined> {
    let records = work.dumped().unwrap_or(0);
    let mut clusters = Clusters::new(records);
    let mut nos = Vec::with_capacity(records as usize);
    work.each(|record, no, features| {
        nos.push(no);
        clusters.tell(record, &features);
        Ok(())
    })?;
    let index = |no: i64| nos.binary_search(&no).ok().and_then(|i| u32::try_from(i).ok());
    let mut after = (0, 0);
    let mut decided: HashMap<(u32, u32), bool> = HashMap::new();
    loop {
        let (some, last) = task.db.write_blocking(Actor::system(), move |tx| decisions(tx, after))?;
        for d in &some {
            if let (Some(a), Some(b)) = (index(d.a), index(d.b)) {
                decided.insert((a.min(b), a.max(b)), d.same);
            }
        }
        match last {
            Some(last) => after = last,
            None => break,
        }
    }
    let mut order: Vec<(&(u32, u32), &bool)> = decided.iter().collect();
    order.sort_unstable();
    for ((a, b), same) in &order {
        if !**same {
            clusters.keep_apart(*a, *b);
        }
    }
    for ((a, b), same) in order {
        if *same {
            let _ = clusters.join(*a, *b, true); // a rejection stands above an acceptance elsewhere in the group
        }
    }
    let (mut certain, mut guarded) = (0u64, 0u64);
    let mut doubts = Vec::new();
    for found in work.findings()? {
        if decided.contains_key(&(found.a, found.b)) {
            continue;
        }
        if !found.score.certain() {
            let enough = found.score.points >= CERTAIN;
            doubts.push((found, if enough { "conflict" } else { "doubtful" }));
            continue;
        }
        match clusters.join(found.a, found.b, false) {
            Ok(()) => certain += 1,
            Err(Refused::Decided) => {}
            Err(Refused::Certificates) => {
                guarded += 1;
                doubts.push((found, "certificates"));
            }
            Err(Refused::TooLarge) => {
                guarded += 1;
                doubts.push((found, "tooLarge"));
            }
        }
    }
    // What the certain pairs settled needs nobody's eye.
    doubts.retain(|(f, _)| clusters.root(f.a) != clusters.root(f.b));
    // Of the doubts between the same two groups the strongest stands for all.
    let mut seen = std::collections::HashSet::new();
    doubts.retain(|(f, _)| {
        let (a, b) = (clusters.root(f.a), clusters.root(f.b));
        seen.insert((a.min(b), a.max(b)))
    });
    task.set("certain", certain);
    task.set("guarded", guarded);
    task.set("decided", decided.len() as u64);
    task.set("doubtful", doubts.len() as u64);
    Ok(Joined { nos, clusters, doubts })
}
