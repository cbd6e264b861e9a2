//! The saga of an order: which steps, in which order. Tasks come from the catalogue's rules; around them the order begins,
//! products become active, billing is told and answers, and the order completes.

use crate::{
    network::{self, Whose},
    ported::{self, Ported},
};
use catalog::{PlannedProduct, Purpose};
use flow::NewStep;
use serde_json::{Value, json};

/// A product of the order and how it is to be made.
pub struct Part<'a> {
    pub item_id: String,
    pub product_id: String,
    pub planned: &'a PlannedProduct,
    /// Its number comes from another operator: nothing is activated before it is here.
    pub ported: Option<&'a Ported>,
}

pub fn step(name: &str, titles: (&str, &str), target: &str, after: Vec<usize>, input: Value) -> NewStep {
    NewStep {
        name: name.into(),
        title_zh: titles.0.into(),
        title_en: titles.1.into(),
        target: target.into(),
        after,
        input,
    }
}

/// begin → tasks (as the catalogue says) → each product active → tell billing → billing has answered → complete.
pub fn activation(parts: &[Part<'_>]) -> Vec<NewStep> {
    let mut steps = vec![step("begin", ("开始施工", "Begin"), "ordering", vec![], json!({}))];
    let activated = make(&mut steps, parts, &[0]);
    finish(&mut steps, activated, "start");
    steps
}

/// The tasks of new products and their becoming active, all after `before`; returns the last steps.
pub fn make(steps: &mut Vec<NewStep>, parts: &[Part<'_>], before: &[usize]) -> Vec<usize> {
    let mut activated = Vec::new();
    for part in parts {
        let here = part.ported.map(|p| ported::steps(steps, &part.item_id, &part.product_id, p, before));
        let waited: Vec<usize> = here.into_iter().collect();
        let before = if waited.is_empty() { before } else { &waited };
        let work = catalog::work(part.planned, Purpose::Add);
        let whose = Whose { item: &part.item_id, product: &part.product_id, extra: Value::Null };
        let done = network::append(steps, &whose, &work, before);
        let after = if done.is_empty() { before.to_vec() } else { done };
        activated.push(steps.len());
        let input = json!({"item": part.item_id, "product": part.product_id});
        steps.push(step("open-product", ("产品生效", "Product active"), "inventory", after, input));
    }
    activated
}

/// One step that a person has to do by hand.
pub fn manual(what: &str) -> Vec<NewStep> {
    vec![
        step("begin", ("开始施工", "Begin"), "ordering", vec![], json!({})),
        step("manual", ("人工处理", "By hand"), "manual", vec![0], json!({"offering": what})),
        step("complete", ("竣工归档", "Complete"), "ordering", vec![1], json!({})),
    ]
}

fn finish(steps: &mut Vec<NewStep>, after: Vec<usize>, fact: &str) {
    let told = steps.len();
    steps.push(step("tell-billing", ("通知计费", "Tell billing"), "billing", after, json!({"fact": fact})));
    steps.push(step("await-billing", ("等待计费确认", "Billing has answered"), "billing", vec![told], json!({})));
    steps.push(step("complete", ("竣工归档", "Complete"), "ordering", vec![told + 1], json!({})));
}

#[cfg(test)]
mod tests {
    use super::*;
    use catalog::{Family, PlannedCfs, PlannedRfs, PlannedTask};

    fn task(name: &str, target: &str, after: &[&str]) -> PlannedTask {
        let after = after.iter().map(|a| (*a).to_owned()).collect();
        PlannedTask {
            name: name.into(),
            title_zh: name.into(),
            title_en: name.into(),
            target: target.into(),
            after,
            ..PlannedTask::default()
        }
    }

    fn broadband() -> PlannedProduct {
        let rfs = |tasks| PlannedRfs {
            spec_id: "r".into(),
            version: "1.0".into(),
            name: "r".into(),
            tasks,
            ..PlannedRfs::default()
        };
        let cfs = PlannedCfs {
            spec_id: "c".into(),
            version: "1.0".into(),
            name: "c".into(),
            rfs: vec![
                rfs(vec![task("assign-port", "inventory", &[])]),
                rfs(vec![task("configure-onu", "olt", &["assign-port"])]),
                rfs(vec![task("create-aaa-account", "radius", &["assign-port"])]),
            ],
        };
        PlannedProduct {
            offering_id: "o".into(),
            version: 1,
            name: "o".into(),
            family: Family::Broadband,
            spec_id: None,
            cfs: vec![cfs],
            needs: vec![],
            characteristics: vec![],
        }
    }

    #[test]
    fn tasks_keep_their_order_and_billing_is_told_last() {
        let planned = broadband();
        let part = |n: &str| Part { item_id: n.into(), product_id: n.into(), planned: &planned, ported: None };
        let steps = activation(&[part("1"), part("2")]);
        let shape: Vec<(&str, &[usize])> = steps.iter().map(|s| (s.name.as_str(), s.after.as_slice())).collect();
        let expected: [(&str, &[usize]); 12] = [
            ("begin", &[]),
            ("assign", &[0]),
            ("activate", &[1]),
            ("activate", &[1]),
            ("open-product", &[1, 2, 3]),
            ("assign", &[0]),
            ("activate", &[5]),
            ("activate", &[5]),
            ("open-product", &[5, 6, 7]),
            ("tell-billing", &[4, 8]),
            ("await-billing", &[9]),
            ("complete", &[10]),
        ];
        assert_eq!(shape, expected);
    }
}
