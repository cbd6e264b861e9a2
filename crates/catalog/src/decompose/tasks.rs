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

pub(super) struct Tasks {
    pub tasks: Vec<PlannedTask>,
    pub teardown: Vec<PlannedTask>,
    pub change: Vec<ChangeTask>,
    pub shared: Option<SharedRule>,
}

pub(super) fn read(offering: &Offering, spec: &Map<String, Value>) -> Result<Tasks> {
    let many = |name: &str| list(spec, name).iter().map(|t| task(offering, t)).collect::<Result<Vec<_>>>();
    let change = |template: &Value| Ok(ChangeTask { on: words(&template["on"]), task: task(offering, template)? });
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
    Ok(PlannedTask {
        title_zh: text(template, "title_zh").unwrap_or_else(|| name.clone()),
        title_en: text(template, "title_en").unwrap_or_else(|| name.clone()),
        after: words(&template["after"]),
        verb: text(template, "verb"),
        detached: template["detached"] == true,
        name,
        target,
    })
}

/// The tasks that set a product up come after those they wait for, and no name occurs twice.
pub(super) fn check_order(offering: &Offering, planned: &PlannedProduct) -> Result<()> {
    let mut earlier: Vec<&str> = Vec::new();
    for task in planned.cfs.iter().flat_map(|c| &c.rfs).flat_map(|r| &r.tasks) {
        let unknown = task.after.iter().find(|a| !earlier.contains(&a.as_str()));
        if let Some(after) = unknown {
            return Err(incomplete(offering, &format!("{} → {after}", task.name)));
        }
        if earlier.contains(&task.name.as_str()) {
            return Err(incomplete(offering, &task.name));
        }
        earlier.push(&task.name);
    }
    Ok(())
}

/// The positions in an order in which each comes after those it waits for; `None` where they wait for each other.
pub(super) fn order(links: &[Vec<usize>]) -> Option<Vec<usize>> {
    let mut order: Vec<usize> = Vec::with_capacity(links.len());
    while order.len() < links.len() {
        let ready = |i: &usize| !order.contains(i) && links[*i].iter().all(|l| order.contains(l));
        let next = (0..links.len()).find(ready)?;
        order.push(next);
    }
    Some(order)
}
