//! Finding free numbers among millions.
//!
//! Which segments (all but the last four digits) and which endings can match is decided here, before a number is read; what
//! is left is asked of two partial indexes that hold free numbers only: by segment for prefixes and small areas, by ending
//! for the whole pool. So the cost follows what is found, not what the pool holds (docs/adr/0015).

mod plan;

use super::{Number, NumberState, Pattern, class};
use kernel::{Actor, OrgPath, Result};
use plan::{Group, Segment, Tails};
use std::collections::BTreeMap;
use store::{Filter, Tx, Value};

/// Numbers for sale that match, at most `limit`, in their order: those of the actor's area and of the places above it.
pub fn search(tx: &mut Tx<'_>, pattern: &Pattern, class: &str, limit: i64) -> Result<Vec<Number>> {
    let Ok(limit) = usize::try_from(limit) else { return Ok(Vec::new()) };
    let segments = segments(tx)?;
    let groups = plan::groups(pattern, &segments);
    // Nothing is out of sight, and every segment can match.
    let whole = tx.actor().scope.is_root() && groups.iter().map(|g| g.segments.len()).sum::<usize>() == segments.len();
    let classes = if class.is_empty() { class::names(tx)? } else { vec![class.to_owned()] };
    let mut found = Found { segments: &segments, rows: BTreeMap::new(), limit };
    let common = if whole { plan::common(&groups) } else { Vec::new() };
    anywhere(tx, &common, &classes, &mut found)?;
    for group in &groups {
        if found.enough() {
            break;
        }
        look(tx, group, &common, &classes, pattern.without_four, &mut found)?;
    }
    Ok(found.rows.into_values().take(limit).collect())
}

/// The segments with a free number that the actor may sell.
fn segments(tx: &mut Tx<'_>) -> Result<Vec<Segment>> {
    let mut filter = Filter::default();
    offered(&mut filter, tx.actor());
    filter.and(
        "(SELECT 1 FROM number_pool p WHERE p.state = 'available' AND p.seg = number_segment.id LIMIT 1) IS NOT NULL"
            .to_owned(),
    );
    let text = format!("SELECT id, head, org FROM number_segment{} ORDER BY head, org", filter.to_where());
    let rows = tx.query(&text, &filter.binds)?;
    rows.iter().map(|r| Ok(Segment { id: r.int(0), head: r.text(1), org: OrgPath::parse(r.str(2))? })).collect()
}

/// A hall sells its city's numbers: those of a place above the actor, or within its scope.
pub(crate) fn offered(filter: &mut Filter, actor: &Actor) {
    if actor.scope.is_root() {
        return;
    }
    let (own, (from, to)) = (filter.bind(actor.scope.as_str()), actor.scope.below());
    let (from, to) = (filter.bind(from), filter.bind(to));
    let mut above = Vec::new();
    let mut place = actor.org.parent();
    while let Some(org) = place {
        above.push(filter.bind(org.as_str()));
        place = org.parent();
    }
    let above = if above.is_empty() { String::new() } else { format!(" OR org IN ({})", above.join(", ")) };
    filter.and(format!("(org = {own} OR (org >= {from} AND org < {to}){above})"));
}

pub(super) fn sellable_by(actor: &Actor, org: &OrgPath) -> bool {
    actor.sees(org.as_str()) || org.contains(&actor.org)
}

struct Found<'s> {
    segments: &'s [Segment],
    rows: BTreeMap<String, Number>,
    limit: usize,
}

impl Found<'_> {
    fn enough(&self) -> bool {
        self.rows.len() >= self.limit
    }
}

/// How many values a list of a statement holds: few sizes, so that few statements are prepared.
const SEGMENT_STEPS: [usize; 3] = [4, 64, 256];
const TAIL_STEPS: [usize; 3] = [1, 8, 64];

/// From here on scattered endings are read along instead of looked up one by one, where it can be said what they look like.
const MANY: usize = 60;

fn texts(tails: &[String]) -> Vec<Value> {
    tails.iter().map(|t| Value::Text(t.clone())).collect()
}

/// Endings that fit whatever the head is, over the whole pool.
fn anywhere(tx: &mut Tx<'_>, tails: &[String], classes: &[String], found: &mut Found<'_>) -> Result<()> {
    for tails in steps(tails, TAIL_STEPS, true) {
        if !found.enough() {
            ask(tx, &[], Condition::In(&texts(&tails)), classes, found)?;
        }
    }
    Ok(())
}

/// Reads what a group of segments has beside what was asked already, in statements that grow, until there is enough.
fn look(
    tx: &mut Tx<'_>,
    group: &Group,
    asked: &[String],
    classes: &[String],
    without_four: bool,
    found: &mut Found<'_>,
) -> Result<()> {
    let (from, to, like, left) = match &group.tails {
        Tails::Stretch { from, to } => (from.as_str(), to.as_str(), &[][..], Vec::new()),
        Tails::Scattered { list, like } => {
            let left: Vec<String> = list.iter().filter(|t| asked.binary_search(t).is_err()).cloned().collect();
            let (Some(from), Some(to)) = (list.first(), list.last()) else { return Ok(()) };
            if left.is_empty() {
                return Ok(());
            }
            (from.as_str(), to.as_str(), like.as_slice(), left)
        }
    };
    let one_by_one = !left.is_empty() && (left.len() <= MANY || like.is_empty());
    for segments in steps(&group.segments, SEGMENT_STEPS, !one_by_one) {
        if one_by_one {
            for tails in steps(&left, TAIL_STEPS, false) {
                if !found.enough() {
                    ask(tx, &segments, Condition::In(&texts(&tails)), classes, found)?;
                }
            }
        } else if !found.enough() {
            ask(tx, &segments, Condition::Between { from, to, like, without_four }, classes, found)?;
        }
    }
    Ok(())
}

/// A list in parts, each filled up with its last value to a size there is a statement for; in parts of growing size where
/// the first are likely to do.
fn steps<T: Clone>(list: &[T], sizes: [usize; 3], growing: bool) -> Vec<Vec<T>> {
    let (mut parts, mut rest, mut turn) = (Vec::new(), list, if growing { 0 } else { 2 });
    while let Some(last) = rest.last() {
        let most = sizes[turn.min(2)];
        let mut part = rest[..rest.len().min(most)].to_vec();
        rest = &rest[part.len()..];
        let size = sizes.into_iter().find(|s| *s >= part.len()).unwrap_or(most);
        part.resize(size, part.last().unwrap_or(last).clone());
        parts.push(part);
        turn += 1;
    }
    parts
}

enum Condition<'c> {
    In(&'c [Value]),
    Between { from: &'c str, to: &'c str, like: &'c [String], without_four: bool },
}

/// One statement: for each class as many as are still wanted, so that no class hides another.
fn ask(
    tx: &mut Tx<'_>,
    segments: &[i64],
    condition: Condition<'_>,
    classes: &[String],
    found: &mut Found<'_>,
) -> Result<()> {
    let mut filter = Filter::default();
    let binds = |filter: &mut Filter, values: &mut dyn Iterator<Item = Value>| {
        values.map(|v| filter.bind(v)).collect::<Vec<_>>().join(", ")
    };
    let mut wanted = String::new();
    if !segments.is_empty() {
        let list = binds(&mut filter, &mut segments.iter().map(|s| Value::Int(*s)));
        wanted.push_str(&format!(" AND seg IN ({list})"));
    }
    match condition {
        Condition::In(tails) => {
            let list = binds(&mut filter, &mut tails.iter().cloned());
            wanted.push_str(&format!(" AND tail IN ({list})"));
        }
        Condition::Between { from, to, like, without_four } => {
            let (from, to) = (filter.bind(from), filter.bind(to));
            wanted.push_str(&format!(" AND tail >= {from} AND tail <= {to}"));
            if !like.is_empty() {
                let like: Vec<String> = like.iter().map(|l| format!("tail LIKE {}", filter.bind(l.as_str()))).collect();
                wanted.push_str(&format!(" AND ({})", like.join(" OR ")));
            }
            if without_four {
                wanted.push_str(" AND tail NOT LIKE '%4%'");
            }
        }
    }
    let limit = filter.bind(found.limit);
    let parts: Vec<String> = (0..)
        .zip(classes)
        .map(|(n, class)| {
            let class = filter.bind(class.as_str());
            format!(
                "SELECT * FROM (SELECT seg, tail, class FROM number_pool WHERE state = 'available' AND class = {class}{wanted} \
                 LIMIT {limit}) AS class_{n}"
            )
        })
        .collect();
    let rows = tx.query(&parts.join(" UNION ALL "), &filter.binds)?;
    for row in &rows {
        let Some(segment) = found.segments.iter().find(|s| s.id == row.int(0)) else { continue };
        let number = format!("{}{}", segment.head, row.str(1));
        let (class, org) = (row.text(2), segment.org.clone());
        found.rows.insert(number.clone(), Number { number, class, state: NumberState::Available, org });
    }
    Ok(())
}
