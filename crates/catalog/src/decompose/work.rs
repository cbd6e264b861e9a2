//! The work a product makes, ready to be put into a plan: setting it up, changing it, taking it away. The lists are data of
//! the resource-facing services; where a specification says nothing about a change or a removal, every system that was
//! told about the service is told about that too, once.

use super::{PlannedProduct, PlannedRfs, PlannedTask, SharedRule, tasks};

/// What is to be done with a product.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Purpose<'a> {
    Add,
    /// The kinds of change, out of [`CHANGES`](super::CHANGES), that happen together.
    Change(&'a [&'a str]),
    Delete,
}

/// One piece of work. `after` are positions in the same list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Work {
    /// The name of the handler: `assign` and `release` for our own inventory, `work` for people, otherwise the verb.
    pub step: String,
    pub task: String,
    pub title_zh: String,
    pub title_en: String,
    pub target: String,
    pub cfs: String,
    pub rfs: String,
    pub rfs_spec: String,
    /// The kind of change it belongs to.
    pub on: Option<String>,
    pub detached: bool,
    pub shared: Option<SharedRule>,
    pub after: Vec<usize>,
}

/// Everything that has to be done for a product.
pub fn work(planned: &PlannedProduct, purpose: Purpose<'_>) -> Vec<Work> {
    let mut all: Vec<(Work, &[String])> = Vec::new();
    for cfs in &planned.cfs {
        for rfs in &cfs.rfs {
            for (task, on) in chosen(rfs, purpose) {
                let step = step(task, purpose, on);
                all.push((piece(step, task, &cfs.name, rfs, on), &task.after));
            }
        }
    }
    let own = all.iter().any(|(w, _)| w.target != "inventory");
    if !own && purpose != Purpose::Add {
        return fallback(planned, purpose);
    }
    let names: Vec<String> = all.iter().map(|(w, _)| w.task.clone()).collect();
    let place = |name: &String| names.iter().position(|n| n == name);
    let links: Vec<Vec<usize>> = all.iter().map(|(_, after)| after.iter().filter_map(place).collect()).collect();
    let order = tasks::order(&links).unwrap_or_else(|| (0..all.len()).collect());
    let mut placed: Vec<Work> = Vec::with_capacity(all.len());
    for &old in &order {
        let mut work = all[old].0.clone();
        work.after = links[old].iter().filter_map(|l| order.iter().position(|o| o == l)).collect();
        placed.push(work);
    }
    placed
}

/// The tasks of one service that `purpose` asks for, each with its kind of change.
fn chosen<'a>(rfs: &'a PlannedRfs, purpose: Purpose<'a>) -> Vec<(&'a PlannedTask, Option<&'a str>)> {
    match purpose {
        Purpose::Add => rfs.tasks.iter().map(|t| (t, None)).collect(),
        Purpose::Delete => rfs.teardown.iter().map(|t| (t, None)).collect(),
        Purpose::Change(kinds) => {
            let wanted = |on: &[String]| kinds.iter().copied().find(|k| on.iter().any(|o| o == k));
            rfs.change.iter().filter_map(|c| Some((&c.task, Some(wanted(&c.on)?)))).collect()
        }
    }
}

fn step(task: &PlannedTask, purpose: Purpose<'_>, on: Option<&str>) -> String {
    match (task.target.as_str(), &task.verb, purpose) {
        ("inventory", _, Purpose::Delete) => "release",
        ("inventory", ..) => "assign",
        ("manual", ..) => "work",
        (_, Some(verb), _) => verb,
        (_, None, Purpose::Add) => "activate",
        (_, None, Purpose::Delete) => "deactivate",
        (_, None, Purpose::Change(_)) => verb(on),
    }
    .to_owned()
}

fn verb(on: Option<&str>) -> &'static str {
    match on {
        Some("suspend" | "lossReport") => "suspend",
        Some("resume") => "resume",
        _ => "change",
    }
}

fn piece(step: String, task: &PlannedTask, cfs: &str, rfs: &PlannedRfs, on: Option<&str>) -> Work {
    Work {
        step,
        task: task.name.clone(),
        title_zh: task.title_zh.clone(),
        title_en: task.title_en.clone(),
        target: task.target.clone(),
        cfs: cfs.to_owned(),
        rfs: rfs.name.clone(),
        rfs_spec: rfs.spec_id.clone(),
        on: on.map(str::to_owned),
        detached: task.detached,
        shared: rfs.shared.clone(),
        after: Vec::new(),
    }
}

/// One piece for each system that the set-up told.
fn fallback(planned: &PlannedProduct, purpose: Purpose<'_>) -> Vec<Work> {
    let (on, titles) = match purpose {
        Purpose::Change(kinds) => (kinds.first().copied(), ("变更", "Change")),
        Purpose::Add | Purpose::Delete => (None, ("拆除", "Remove")),
    };
    let step = if on.is_some() { verb(on) } else { "deactivate" };
    let mut all: Vec<Work> = Vec::new();
    for cfs in &planned.cfs {
        for rfs in &cfs.rfs {
            for task in rfs.tasks.iter().filter(|t| !matches!(t.target.as_str(), "inventory" | "manual")) {
                if all.iter().any(|w| w.target == task.target) {
                    continue;
                }
                let mut work = piece(step.to_owned(), task, &cfs.name, rfs, on);
                (work.task, work.detached) = (step.to_owned(), false);
                work.title_zh = format!("{}：{}", titles.0, rfs.name);
                work.title_en = format!("{}: {}", titles.1, task.target);
                all.push(work);
            }
        }
    }
    all
}
