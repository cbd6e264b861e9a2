//! Who looks at the view, and what of it they get. The masks are data (`data/audiences.json`): a path, what is done with what
//! stands there, and why. One service, several audiences; nothing that a rule hides is in the answer.

use kernel::{Actor, ActorKind, Problem, Result, codes, mask_certificate, mask_phone};
use serde::Deserialize;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::LazyLock};

const DATA: &str = include_str!("../data/audiences.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    title: Value,
    may_ask: Vec<String>,
    rules: Vec<StoredRule>,
}

#[derive(Deserialize)]
struct StoredRule {
    path: String,
    #[serde(rename = "do")]
    act: String,
    unless: Option<String>,
    why: Value,
}

pub(crate) struct Audience {
    pub name: String,
    title: Value,
    may_ask: Vec<String>,
    rules: Vec<Rule>,
}

struct Rule {
    text: String,
    path: Vec<Segment>,
    act: Act,
    unless: Option<String>,
    why: Value,
}

#[derive(Debug, PartialEq)]
enum Segment {
    Name(String),
    Each,
}

#[derive(Debug, PartialEq)]
enum Act {
    Null,
    Empty,
    Phone,
    Certificate,
    Address,
    /// Of a list of rows with a `kind`, these only.
    Only(Vec<String>),
    Except(Vec<String>),
}

impl Act {
    fn parse(text: &str) -> Option<Self> {
        let kinds = |list: &str| list.split(',').map(str::to_owned).collect();
        Some(match text.split_once(':') {
            Some(("only", list)) => Self::Only(kinds(list)),
            Some(("except", list)) => Self::Except(kinds(list)),
            Some(_) => return None,
            None => match text {
                "null" => Self::Null,
                "empty" => Self::Empty,
                "phone" => Self::Phone,
                "certificate" => Self::Certificate,
                "address" => Self::Address,
                _ => return None,
            },
        })
    }
}

fn segments(path: &str) -> Vec<Segment> {
    let mut out = Vec::new();
    for part in path.split('.') {
        let name = part.strip_suffix("[]");
        out.push(Segment::Name(name.unwrap_or(part).to_owned()));
        if name.is_some() {
            out.push(Segment::Each);
        }
    }
    out
}

/// The file is part of the program; a test proves that every line of it can be read.
static AUDIENCES: LazyLock<BTreeMap<String, Audience>> = LazyLock::new(|| {
    let stored: BTreeMap<String, Stored> = serde_json::from_str(DATA).unwrap_or_default();
    let rule = |r: StoredRule| {
        let act = Act::parse(&r.act).unwrap_or(Act::Null);
        Rule { path: segments(&r.path), text: r.path, act, unless: r.unless, why: r.why }
    };
    let audience = |(name, s): (String, Stored)| {
        let rules = s.rules.into_iter().map(rule).collect();
        (name.clone(), Audience { name, title: s.title, may_ask: s.may_ask, rules })
    };
    stored.into_iter().map(audience).collect()
});

/// The audience that the caller belongs to.
fn own(actor: &Actor) -> &'static str {
    if actor.kind == ActorKind::Token {
        return "external";
    }
    let is = |role| actor.has_role(role);
    match () {
        () if is("agent") && !is("clerk") && !is("admin") => "hotline",
        () if is("manager") => "manager",
        () => "counter",
    }
}

/// The audience to answer for: what is asked for, if the caller may ask for it. `verified` says whether the hotline has made
/// sure of the caller.
pub(crate) fn resolve(actor: &Actor, asked: Option<&str>, verified: bool) -> Result<&'static Audience> {
    let full = |name: &str| AUDIENCES.get(name).ok_or_else(|| Problem::internal(format!("no audience {name}")));
    let mine = full(own(actor))?;
    let name = match asked {
        None => mine.name.as_str(),
        Some(asked) if !AUDIENCES.contains_key(asked) => return Err(Problem::invalid("audience", asked)),
        Some(asked) if mine.may_ask.iter().any(|a| a == asked) => asked,
        Some(asked) => return Err(Problem::new(&codes::FORBIDDEN).with("permission", &format!("view.{asked}"))),
    };
    full(if name == "hotline" && !verified { "hotlineUnverified" } else { name })
}

impl Audience {
    /// Takes out what this audience does not get, and says what that was.
    pub fn apply(&self, view: &mut Value, actor: &Actor) {
        let mut hidden = Vec::new();
        for rule in &self.rules {
            if rule.unless.as_ref().is_some_and(|right| actor.permissions.contains(right.as_str())) {
                continue;
            }
            apply(view, &rule.path, &rule.act);
            hidden.push(json!({"path": rule.text, "why": rule.why}));
        }
        view["audience"] = json!({"name": self.name, "title": self.title, "hidden": hidden});
    }
}

fn apply(at: &mut Value, path: &[Segment], act: &Act) {
    match path.split_first() {
        None => change(at, act),
        Some((Segment::Each, rest)) => at.as_array_mut().into_iter().flatten().for_each(|v| apply(v, rest, act)),
        Some((Segment::Name(name), rest)) => {
            if let Some(inner) = at.get_mut(name) {
                apply(inner, rest, act);
            }
        }
    }
}

fn change(at: &mut Value, act: &Act) {
    let kind_in = |row: &Value, kinds: &[String]| row["kind"].as_str().is_some_and(|k| kinds.iter().any(|n| n == k));
    match act {
        Act::Null => *at = Value::Null,
        Act::Empty => *at = if at.is_object() { json!({}) } else { json!([]) },
        Act::Only(kinds) => at.as_array_mut().into_iter().for_each(|rows| rows.retain(|r| kind_in(r, kinds))),
        Act::Except(kinds) => at.as_array_mut().into_iter().for_each(|rows| rows.retain(|r| !kind_in(r, kinds))),
        Act::Phone | Act::Certificate | Act::Address => {
            if let Value::String(text) = at {
                let masked = match act {
                    Act::Phone => mask_phone(text),
                    Act::Certificate => mask_certificate(text),
                    _ => district(text),
                };
                *text = masked;
            }
        }
    }
}

/// An address down to its district: `广东省广州市天河区***`.
fn district(address: &str) -> String {
    let end = ['区', '县', '旗'].iter().filter_map(|c| address.find(*c).map(|at| at + c.len_utf8())).min();
    match end {
        Some(end) => format!("{}***", &address[..end]),
        None if address.is_empty() => String::new(),
        None => "***".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{AUDIENCES, Act, DATA, Stored, apply, district, segments};
    use serde_json::json;
    use std::collections::BTreeMap;

    #[test]
    fn every_line_of_the_file_can_be_read() {
        let stored: BTreeMap<String, Stored> = serde_json::from_str(DATA).expect("the file");
        assert_eq!(
            stored.keys().collect::<Vec<_>>(),
            ["counter", "external", "hotline", "hotlineUnverified", "manager"]
        );
        for (name, audience) in &stored {
            for rule in &audience.rules {
                assert!(Act::parse(&rule.act).is_some(), "{name}: {}", rule.act);
                assert!(rule.why["zh-CN"].is_string() && rule.why["en"].is_string(), "{name}: {}", rule.path);
            }
            assert!(audience.may_ask.iter().all(|a| stored.contains_key(a)), "{name}");
            assert!(audience.title["zh-CN"].is_string() && audience.title["en"].is_string());
        }
        assert_eq!(AUDIENCES.len(), stored.len());
    }

    #[test]
    fn nobody_may_ask_for_more_than_they_get() {
        // Whoever gets the least may ask for nothing else.
        assert_eq!(AUDIENCES["external"].may_ask, ["external"]);
        assert_eq!(AUDIENCES["hotlineUnverified"].may_ask, ["hotlineUnverified"]);
        assert!(!AUDIENCES["hotline"].may_ask.iter().any(|a| a == "counter" || a == "manager"));
    }

    #[test]
    fn rules_reach_into_lists_and_leave_the_rest() {
        let mut view = json!({"customer": {"phone": "13900138000", "name": "张伟"}, "payments": [{"operator": "李", "amountFen": 1}],
            "timeline": [{"kind": "bill"}, {"kind": "order"}]});
        apply(&mut view, &segments("customer.phone"), &Act::Phone);
        apply(&mut view, &segments("payments[].operator"), &Act::Null);
        apply(&mut view, &segments("timeline"), &Act::Only(vec!["order".to_owned()]));
        apply(&mut view, &segments("nothing.here[].x"), &Act::Null);
        assert_eq!(
            view,
            json!({"customer": {"phone": "139****8000", "name": "张伟"}, "payments": [{"operator": null, "amountFen": 1}],
            "timeline": [{"kind": "order"}]})
        );
        assert_eq!(district("广东省广州市天河区体育东路116号"), "广东省广州市天河区***");
        assert_eq!((district("朝阳路1号"), district("")), ("***".to_owned(), String::new()));
    }
}
