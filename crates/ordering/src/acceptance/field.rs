//! What a clerk fills in for a business: described once, drawn by every page, checked by us.

use super::Problems;
use kernel::{Date, Money, Problem};
use serde::Serialize;
use serde_json::{Map, Value, json};

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum FieldKind {
    Text,
    Number,
    Date,
    Bool,
    Choice,
    Offering,
    NumberPick,
    SimPick,
    Address,
    Customer,
    Account,
    Money,
    Products,
    Certificate,
}

#[derive(Clone, Debug)]
pub struct Choice {
    pub value: String,
    pub zh: String,
    pub en: String,
}

#[derive(Clone, Debug)]
pub struct Field {
    pub name: &'static str,
    pub zh: &'static str,
    pub en: &'static str,
    pub kind: FieldKind,
    pub required: bool,
    pub choices: Vec<Choice>,
    /// What holds now.
    pub current: Value,
    pub hint: Option<(String, String)>,
    /// What a picker offers, such as the families of offerings.
    pub filter: Value,
}

impl Field {
    pub fn new(name: &'static str, kind: FieldKind, zh: &'static str, en: &'static str) -> Self {
        Self {
            name,
            zh,
            en,
            kind,
            required: true,
            choices: Vec::new(),
            current: Value::Null,
            hint: None,
            filter: Value::Null,
        }
    }
    pub fn optional(mut self) -> Self {
        self.required = false;
        self
    }
    pub fn current(mut self, value: impl Into<Value>) -> Self {
        self.current = value.into();
        self
    }
    pub fn hint(mut self, zh: &str, en: &str) -> Self {
        self.hint = Some((zh.to_owned(), en.to_owned()));
        self
    }
    pub fn filter(mut self, filter: Value) -> Self {
        self.filter = filter;
        self
    }
    pub fn choice(mut self, value: &str, zh: &str, en: &str) -> Self {
        self.choices.push(Choice { value: value.to_owned(), zh: zh.to_owned(), en: en.to_owned() });
        self
    }

    pub fn to_json(&self) -> Value {
        let title = |zh: &str, en: &str| json!({"zh-CN": zh, "en": en});
        let choices: Vec<Value> =
            self.choices.iter().map(|c| json!({"value": c.value, "title": title(&c.zh, &c.en)})).collect();
        json!({
            "name": self.name, "title": title(self.zh, self.en), "type": self.kind, "required": self.required,
            "choices": if self.kind == FieldKind::Choice || !choices.is_empty() { json!(choices) } else { Value::Null },
            "current": self.current, "hint": self.hint.as_ref().map(|(zh, en)| title(zh, en)), "filter": self.filter,
        })
    }

    /// Whether `value` may stand here.
    fn fits(&self, value: &Value) -> Result<(), Problem> {
        let short = |v: &Value| v.as_str().is_some_and(|s| s.chars().count() <= 500);
        let detail = match self.kind {
            FieldKind::Choice if self.choices.iter().any(|c| value == c.value.as_str()) => return Ok(()),
            FieldKind::Choice => self.choices.iter().map(|c| c.value.as_str()).collect::<Vec<_>>().join(" | "),
            FieldKind::Number if value.as_i64().is_some() => return Ok(()),
            FieldKind::Number => "整数 / whole number".into(),
            FieldKind::Bool if value.is_boolean() => return Ok(()),
            FieldKind::Bool => "true | false".into(),
            FieldKind::Date if value.as_str().is_some_and(|s| Date::parse(s).is_ok()) => return Ok(()),
            FieldKind::Date => "YYYY-MM-DD".into(),
            FieldKind::Money if value.as_i64().is_some_and(|f| f > 0 && Money::fen(f).times(1).is_ok()) => {
                return Ok(());
            }
            FieldKind::Money => "> 0 (分 / fen)".into(),
            FieldKind::Products
                if value.as_array().is_some_and(|all| !all.is_empty() && all.len() <= 100 && all.iter().all(short)) =>
            {
                return Ok(());
            }
            FieldKind::Products => "1–100".into(),
            FieldKind::NumberPick if value.is_object() && short(&value["number"]) => return Ok(()),
            FieldKind::Address | FieldKind::Certificate if value.is_object() => return Ok(()),
            _ if short(value) => return Ok(()),
            _ => "文本（≤ 500 字） / text (≤ 500)".into(),
        };
        Err(Problem::invalid(self.name, &detail))
    }
}

fn empty(value: Option<&Value>) -> bool {
    value.is_none_or(|v| v.is_null() || v.as_str().is_some_and(|s| s.trim().is_empty()))
}

/// Checks what was filled in against what was asked for.
pub fn check(fields: &[Field], values: &Map<String, Value>, problems: &mut Problems) {
    for field in fields {
        match values.get(field.name) {
            value if empty(value) && field.required => problems.push(
                Problem::new(&crate::problems::VALUE_MISSING)
                    .field(field.name)
                    .with("zh", field.zh)
                    .with("en", field.en),
            ),
            value if empty(value) => {}
            Some(value) => {
                if let Err(problem) = field.fits(value) {
                    problems.push(problem);
                }
            }
            None => {}
        }
    }
    for (name, value) in values {
        // A lock token goes with a picked number and a card's serial with a picked card; nobody fills them in.
        let known =
            fields.iter().any(|f| f.name == name) || matches!(name.as_str(), "lockToken" | "version" | "selection");
        if !known && !value.is_null() {
            problems.push(Problem::invalid(name, "不属于该业务 / not part of this business"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_filled_in_is_checked_field_by_field_and_all_is_told() {
        let fields = [
            Field::new("reasonKind", FieldKind::Choice, "类别", "Kind").choice("a", "甲", "A"),
            Field::new("amountFen", FieldKind::Money, "金额", "Amount"),
            Field::new("note", FieldKind::Text, "备注", "Note").optional(),
        ];
        let mut problems = Problems::default();
        let values = json!({"reasonKind": "z", "note": 3, "other": 1});
        check(&fields, values.as_object().unwrap(), &mut problems);
        let told: Vec<&str> = problems.all().iter().map(|p| p.code.id).collect();
        assert_eq!(told, ["field.invalid", "business.value_missing", "field.invalid", "field.invalid"]);
        let mut problems = Problems::default();
        let values = json!({"reasonKind": "a", "amountFen": 100, "note": " "});
        check(&fields, values.as_object().unwrap(), &mut problems);
        assert!(problems.all().is_empty());
    }
}
