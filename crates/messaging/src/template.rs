//! Texts of messages: data in two languages, by kind and channel. What a text may speak of is said by its kind, and a text
//! that the customer is owed carries no advertising.

use crate::{Channel, problems};
use kernel::{Problem, Result};
use serde::Serialize;
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

/// What a message is for, as customers can refuse it or not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Category {
    /// Owed to the customer by law or contract: it cannot be refused.
    Service,
    /// Reminders of business done: a customer may refuse them.
    Business,
    Marketing,
}

impl Category {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Business => "business",
            Self::Marketing => "marketing",
        }
    }
    pub fn parse(text: &str) -> Self {
        match text {
            "business" => Self::Business,
            "marketing" => Self::Marketing,
            _ => Self::Service,
        }
    }
}

/// A kind of message.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Kind {
    pub code: String,
    pub name: String,
    pub name_en: String,
    pub category: Category,
    pub variables: Vec<String>,
    pub required: Vec<String>,
    /// Goes at any hour.
    pub urgent: bool,
    pub source: String,
    pub texts: Vec<Text>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Text {
    pub lang: String,
    pub channel: String,
    pub version: i64,
    pub subject: String,
    pub body: String,
    pub updated_by: String,
}

sql! {
    KINDS = "SELECT code, name, name_en, category, variables, required, urgent, source FROM message_kind ORDER BY code";
    KIND = "SELECT code, name, name_en, category, variables, required, urgent, source FROM message_kind WHERE code = $1";
    TEXTS = "SELECT code, lang, channel, version, subject, body, updated_by FROM message_template ORDER BY code, channel DESC, lang DESC";
    TEXT = "SELECT code, lang, channel, version, subject, body, updated_by FROM message_template WHERE code = $1 AND channel = $2 AND lang = $3";
    ANY_TEXT = "SELECT code, lang, channel, version, subject, body, updated_by FROM message_template WHERE code = $1 AND channel = $2 ORDER BY lang DESC";
    PUT = "INSERT INTO message_template (code, lang, channel, version, subject, body, updated_at, updated_by) VALUES ($1, $2, $3, 1, $4, $5, $6, $7) \
           ON CONFLICT (code, lang, channel) DO UPDATE SET version = message_template.version + 1, subject = excluded.subject, \
           body = excluded.body, updated_at = excluded.updated_at, updated_by = excluded.updated_by";
    BANNED = "SELECT word FROM message_banned_word";
}

fn words(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|w| !w.is_empty()).map(str::to_owned).collect()
}

fn kind_of(row: &Row) -> Kind {
    Kind {
        code: row.text(0),
        name: row.text(1),
        name_en: row.text(2),
        category: Category::parse(row.str(3)),
        variables: words(row.str(4)),
        required: words(row.str(5)),
        urgent: row.flag(6),
        source: row.text(7),
        texts: Vec::new(),
    }
}

fn text_of(row: &Row) -> Text {
    Text {
        lang: row.text(1),
        channel: row.text(2),
        version: row.int(3),
        subject: row.text(4),
        body: row.text(5),
        updated_by: row.text(6),
    }
}

pub fn kind(tx: &mut Tx<'_>, code: &str) -> Result<Kind> {
    let row = tx.query_opt(&KIND, params![code])?;
    row.as_ref().map(kind_of).ok_or_else(|| Problem::new(&problems::KIND_UNKNOWN).field("template").with("value", code))
}

/// All kinds with their texts.
pub fn kinds(tx: &mut Tx<'_>) -> Result<Vec<Kind>> {
    let mut all: Vec<Kind> = tx.query(&KINDS, params![])?.iter().map(kind_of).collect();
    for row in tx.query(&TEXTS, params![])? {
        if let Some(kind) = all.iter_mut().find(|k| k.code == row.str(0)) {
            kind.texts.push(text_of(&row));
        }
    }
    Ok(all)
}

/// The text of a kind in this language, or in the one there is; none where the channel has no text.
pub fn text(tx: &mut Tx<'_>, code: &str, channel: Channel, lang: &str) -> Result<Option<Text>> {
    if let Some(row) = tx.query_opt(&TEXT, params![code, channel.name(), lang])? {
        return Ok(Some(text_of(&row)));
    }
    Ok(tx.query_opt(&ANY_TEXT, params![code, channel.name()])?.as_ref().map(text_of))
}

/// Fills `{name}` by its value; a name without a value becomes nothing.
pub fn fill(text: &str, values: &[(&str, String)]) -> String {
    let (mut out, mut rest) = (String::with_capacity(text.len() + 32), text);
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, tail)) => {
                out.push_str(values.iter().find(|(n, _)| *n == name).map_or("", |(_, v)| v));
                rest = tail;
            }
            None => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out.replace("\\n", "\n")
}

fn named(text: &str) -> Vec<&str> {
    text.split('{').skip(1).filter_map(|t| t.split_once('}')).map(|(name, _)| name).collect()
}

/// Changes a text, or adds one; refuses what it may not speak of, what it leaves out, and advertising.
pub fn save(tx: &mut Tx<'_>, code: &str, lang: &str, channel: Channel, subject: &str, body: &str) -> Result<Text> {
    let kind = kind(tx, code)?;
    if !["zh", "en"].contains(&lang) {
        return Err(Problem::invalid("lang", "zh | en"));
    }
    let most = if channel == Channel::Sms { crate::LONGEST } else { 5_000 };
    if body.trim().is_empty() {
        return Err(Problem::missing("body"));
    }
    if body.chars().count() > most {
        return Err(Problem::new(&problems::TOO_LONG).field("body").with("limit", &most.to_string()));
    }
    if channel == Channel::Mail && (subject.trim().is_empty() || subject.chars().count() > 120) {
        return Err(Problem::invalid("subject", "1–120"));
    }
    for name in named(body).into_iter().chain(named(subject)) {
        if !kind.variables.iter().any(|v| v == name) {
            let known = kind.variables.join(", ");
            return Err(Problem::new(&problems::VARIABLE).field("body").with("value", name).with("known", &known));
        }
    }
    if let Some(left_out) = kind.required.iter().find(|r| !named(body).contains(&r.as_str())) {
        return Err(Problem::new(&problems::VARIABLE_MISSING).field("body").with("value", left_out));
    }
    if kind.category != Category::Marketing {
        let (low, title) = (body.to_lowercase(), subject.to_lowercase());
        for row in tx.query(&BANNED, params![])? {
            if low.contains(row.str(0)) || title.contains(row.str(0)) {
                return Err(Problem::new(&problems::ADVERTISING).field("body").with("value", row.str(0)));
            }
        }
    }
    let (now, by) = (tx.now(), tx.actor().name.to_string());
    tx.execute(&PUT, params![code, lang, channel.name(), subject.trim(), body, now, by])?;
    let saved = text_of(&tx.query_one(&TEXT, params![code, channel.name(), lang])?);
    let id = format!("{code}.{lang}.{}", channel.name());
    let event =
        Event::new("MessageTemplateChangeEvent", "messageTemplate", &id, saved.version, &kernel::OrgPath::root());
    tx.emit(event.audit(json!({"subject": subject, "body": body})))?;
    Ok(saved)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_put_in_once_and_braces_of_values_stay() {
        let values = [("name", "张{伟}".to_owned()), ("amount", "12.50".to_owned())];
        assert_eq!(fill("{name}欠费{amount}元{due}\\n{", &values), "张{伟}欠费12.50元\n{");
        assert_eq!(named("a{b}c{d"), ["b"]);
    }
}
