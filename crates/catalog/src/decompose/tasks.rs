//! The lists of tasks of a resource-facing service: `taskTemplate[]` sets it up, `teardown[]` takes it away, `change[]`
//! serves it while it works, and `shared` names the thing it shares with other services.

use super::{PlannedProduct, incomplete};
use crate::{Offering, parse::list};
use kernel::Result;
use serde_json::{Map, Value};

/// The kinds of change a task may be for.
pub const CHANGES: [&str; 8] = ["plan", "speed", "number", "sim", "relocate", "suspend", "resume", "lossReport"];

/// One step towards a system. `after` names tasks of the same list.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct PlannedTask {
    pub name: String,
    pub title_zh: String,
    pub title_en: String,
    pub target: String,
    pub after: Vec<String>,
    /// What the system is asked for, where it is not what the purpose says by itself.
    pub verb: Option<String>,
    /// Nothing waits for it.
    pub detached: bool,
}

/// A task for certain changes, out of [`CHANGES`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ChangeTask {
    pub on: Vec<String>,
    pub task: PlannedTask,
}

/// Products with the same value of the characteristic `key` share one resource of this kind.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SharedRule {
    pub kind: String,
    pub key: String,
}

/// The verbs that templates may name.
const VERBS: [&str; 5] = ["activate", "deactivate", "change", "suspend", "resume"];

pub(super) struct Tasks {
    pub tasks: Vec<PlannedTask>,
    pub teardown: Vec<PlannedTask>,
    pub change: Vec<ChangeTask>,
    pub shared: Option<SharedRule>,
}

pub(super) fn read(offering: &Offering, spec: &Map<String, Value>) -> Result<Tasks> {
    let many = |name: &str| list(spec, name).iter().map(|t| task(offering, t)).collect::<Result<Vec<_>>>();
    let change = |template: &Value| {
        let (task, on) = (task(offering, template)?, words(&template["on"]));
        match on.iter().find(|k| !CHANGES.contains(&k.as_str())) {
            Some(unknown) => Err(incomplete(offering, &format!("{}: {unknown}", task.name))),
            None => Ok(ChangeTask { on, task }),
        }
    };
    let rule = spec.get("shared").unwrap_or(&Value::Null);
    let shared = text(rule, "kind").zip(text(rule, "key")).map(|(kind, key)| SharedRule { kind, key });
    Ok(Tasks {
        tasks: many("taskTemplate")?,
        teardown: many("teardown")?,
        change: list(spec, "change").iter().map(change).collect::<Result<_>>()?,
        shared,
    })
}

fn text(value: &Value, name: &str) -> Option<String> {
    value[name].as_str().filter(|s| !s.is_empty()).map(str::to_owned)
}

fn words(value: &Value) -> Vec<String> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn task(offering: &Offering, template: &Value) -> Result<PlannedTask> {
    let (Some(name), Some(target)) = (text(template, "name"), text(template, "target")) else {
        return Err(incomplete(offering, "taskTemplate"));
    };
    let verb = text(template, "verb");
    if let Some(unknown) = verb.as_ref().filter(|v| !VERBS.contains(&v.as_str())) {
        return Err(incomplete(offering, &format!("{name}: {unknown}")));
    }
    Ok(PlannedTask {
        title_zh: text(template, "title_zh").unwrap_or_else(|| name.clone()),
        title_en: text(template, "title_en").unwrap_or_else(|| name.clone()),
        after: words(&template["after"]),
        verb,
        detached: template["detached"] == true,
        name,
        target,
    })
}

/// Fails where a task waits for one that is not there or, directly or not, for itself, or where two have one name: of the
/// tasks that set a product up, of those that take it away, and of those of each kind of change.
pub(super) fn check_order(offering: &Offering, planned: &PlannedProduct) -> Result<()> {
    let all = || planned.cfs.iter().flat_map(|c| &c.rfs);
    in_order(offering, &all().flat_map(|r| &r.tasks).collect::<Vec<_>>())?;
    in_order(offering, &all().flat_map(|r| &r.teardown).collect::<Vec<_>>())?;
    for kind in CHANGES {
        let of_kind = all().flat_map(|r| &r.change).filter(|c| c.on.iter().any(|k| k == kind));
        in_order(offering, &of_kind.map(|c| &c.task).collect::<Vec<_>>())?;
    }
    Ok(())
}

fn in_order(offering: &Offering, tasks: &[&PlannedTask]) -> Result<()> {
    let place = |name: &str| tasks.iter().position(|t| t.name == name);
    let mut links = Vec::with_capacity(tasks.len());
    for (i, task) in tasks.iter().enumerate() {
        if place(&task.name) != Some(i) {
            return Err(incomplete(offering, &task.name));
        }
        let mut after = Vec::new();
        for name in &task.after {
            after.push(place(name).ok_or_else(|| incomplete(offering, &format!("{} → {name}", task.name)))?);
        }
        links.push(after);
    }
    match order(&links) {
        Some(_) => Ok(()),
        None => Err(incomplete(offering, "after: ↻")),
    }
}

/// The positions in an order in which each comes after those it waits for, as given where that does; `None` where some
/// wait for each other.
pub(super) fn order(links: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = Vec::with_capacity(links.len());
    while order.len() < links.len() {
        let ready = |i: &usize| !order.contains(i) && links[*i].iter().all(|l| order.contains(l));
        order.push((0..links.len()).find(ready)?);
    }
    Some(order)
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn what_waits_comes_later_and_a_circle_is_seen() {
        assert_eq!(order(&[vec![2], vec![], vec![1]]), Some(vec![1, 2, 0]));
        assert_eq!(order(&[vec![], vec![0], vec![0]]), Some(vec![0, 1, 2]));
        assert_eq!(order(&[vec![1], vec![0]]), None);
    }
}
