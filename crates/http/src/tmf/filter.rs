//! Attribute filters as SQL.
//!
//! `a.b=x` compares the value at a path; `.eq .gt .gte .lt .lte .ne .regex` after the path choose the comparison; `,` or
//! `;` between values and a repeated name mean OR; different names mean AND. Names that share their first segment must
//! hold within the same element where that segment is an array. A value in double quotes is taken as it stands.

use super::Resource;
use kernel::{Problem, Result, Timestamp, codes};
use std::collections::BTreeMap;
use store::{Engine, Filter, ToValue};

/// An attribute that has a column of its own.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub attribute: &'static str,
    pub column: &'static str,
    pub kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Kind {
    Text,
    Integer,
    /// Microseconds in the column, RFC 3339 in the query.
    Time,
    /// A day as text in the column, a day or a time in the query.
    Day,
    /// Fen in the column, yuan in the query.
    Money,
}

#[derive(Clone, Copy, PartialEq, Debug)]
enum Compare {
    Eq,
    Ne,
    Gt,
    Gte,
    Lt,
    Lte,
    Regex,
}

/// One name of the query: all its values are alternatives.
#[derive(Debug)]
struct Condition {
    path: Vec<String>,
    compare: Compare,
    values: Vec<String>,
}

fn invalid(detail: &str) -> Problem {
    Problem::new(&codes::QUERY_INVALID).with("detail", detail)
}

/// Adds the conditions of a query to `filter`.
pub fn conditions(resource: &Resource, query: &[(&str, &str)], engine: Engine, filter: &mut Filter) -> Result<()> {
    let mut by_first: BTreeMap<String, Vec<Condition>> = BTreeMap::new();
    for condition in parse(query)? {
        let attribute = condition.path.join(".");
        if let Some(column) = resource.columns.iter().find(|c| c.attribute == attribute) {
            let clause = on_column(column, &condition, engine, filter)?;
            filter.and(clause);
        } else {
            by_first.entry(condition.path[0].clone()).or_default().push(condition);
        }
    }
    let document = resource.rules.rendered().map_or("body", |r| r.document);
    for group in by_first.values() {
        let refs: Vec<(&[String], &Condition)> = group.iter().map(|c| (c.path.as_slice(), c)).collect();
        let clause = on_document(document, &refs, engine, filter, 0)?;
        filter.and(clause);
    }
    Ok(())
}

/// `ORDER BY` for `sort=a,-b`; the id makes the order complete.
pub fn order(resource: &Resource, sort: &str, engine: Engine) -> Result<String> {
    let mut keys = Vec::new();
    for name in sort.split(',').map(str::trim).filter(|n| !n.is_empty()) {
        let (name, direction) = match name.strip_prefix('-') {
            Some(rest) => (rest, "DESC"),
            None => (name.strip_prefix('+').unwrap_or(name), "ASC"),
        };
        let key = match resource.columns.iter().find(|c| c.attribute == name) {
            Some(column) => column.column.to_owned(),
            None => engine.json_text(resource.rules.rendered().map_or("body", |r| r.document), &path(name)?),
        };
        keys.push(format!("{key} {direction}"));
    }
    keys.push(resource.rules.rendered().map_or("id", |r| r.tie).to_owned());
    Ok(keys.join(", "))
}

fn parse(query: &[(&str, &str)]) -> Result<Vec<Condition>> {
    let mut conditions: Vec<Condition> = Vec::new();
    for (name, value) in query {
        let (name, value, compare) = split(name, value);
        let path = path(name)?;
        let values = alternatives(value);
        let values = if compare == Compare::Regex { vec![(*value).to_owned()] } else { values };
        if compare == Compare::Regex {
            regex::RegexBuilder::new(value).size_limit(1 << 20).build().map_err(|_| invalid("regular expression"))?;
        }
        match conditions.iter_mut().find(|c| c.path == path && c.compare == compare) {
            Some(same) => same.values.extend(values),
            None => conditions.push(Condition { path, compare, values }),
        }
    }
    if conditions.len() > 30 || conditions.iter().any(|c| c.values.len() > 200) {
        return Err(invalid("too many conditions"));
    }
    Ok(conditions)
}

/// Separates the comparison from the name: `price.gt`, and the short forms `price>` (`price>=5` arrives as `price>`, `5`).
fn split<'q>(name: &'q str, value: &'q str) -> (&'q str, &'q str, Compare) {
    const SUFFIXES: [(&str, Compare); 8] = [
        (".eq", Compare::Eq),
        (".ne", Compare::Ne),
        (".gte", Compare::Gte),
        (".gt", Compare::Gt),
        (".lte", Compare::Lte),
        (".lt", Compare::Lt),
        (".regex", Compare::Regex),
        ("*", Compare::Regex),
    ];
    for (suffix, compare) in SUFFIXES {
        if let Some(path) = name.strip_suffix(suffix) {
            return (path, value, compare);
        }
    }
    if let Some(path) = name.strip_suffix('>') {
        return (path, value, Compare::Gte);
    }
    if let Some(path) = name.strip_suffix('<') {
        return (path, value, Compare::Lte);
    }
    if value.is_empty() {
        if let Some((path, value)) = name.split_once('>') {
            return (path, value, Compare::Gt);
        }
        if let Some((path, value)) = name.split_once('<') {
            return (path, value, Compare::Lt);
        }
    }
    (name, value, Compare::Eq)
}

/// Attribute names become part of the SQL text, so only these characters pass.
fn path(name: &str) -> Result<Vec<String>> {
    let segments: Vec<String> = name.split('.').map(str::to_owned).collect();
    let good = |s: &String| {
        !s.is_empty()
            && s.len() <= 64
            && s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'@' | b'-'))
    };
    if segments.len() <= 8 && segments.iter().all(good) { Ok(segments) } else { Err(invalid(name)) }
}

/// Splits at `,` and `;` outside double quotes.
fn alternatives(value: &str) -> Vec<String> {
    let (mut parts, mut part, mut quoted) = (Vec::new(), String::new(), false);
    for c in value.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' | ';' if !quoted => parts.push(std::mem::take(&mut part)),
            _ => part.push(c),
        }
    }
    parts.push(part);
    parts
}

fn operator(compare: Compare) -> &'static str {
    match compare {
        Compare::Eq | Compare::Regex => "=",
        Compare::Ne => "<>",
        Compare::Gt => ">",
        Compare::Gte => ">=",
        Compare::Lt => "<",
        Compare::Lte => "<=",
    }
}

fn on_column(column: &Column, condition: &Condition, engine: Engine, filter: &mut Filter) -> Result<String> {
    let mut alternatives = Vec::new();
    for value in &condition.values {
        let bind = match column.kind {
            _ if condition.compare == Compare::Regex => filter.bind(value.as_str()),
            Kind::Text => filter.bind(value.as_str()),
            Kind::Integer => filter.bind(value.parse::<i64>().map_err(|_| invalid(column.attribute))?),
            Kind::Day => {
                filter.bind(Timestamp::parse(value).map_err(|_| invalid(column.attribute))?.date().to_string())
            }
            Kind::Money => filter.bind(kernel::Money::parse_yuan(value).map_err(|_| invalid(column.attribute))?),
            Kind::Time => filter.bind(Timestamp::parse(value).map_err(|_| invalid(column.attribute))?),
        };
        alternatives.push(match condition.compare {
            Compare::Regex => engine.regex(column.column, &bind),
            other => format!("{} {} {bind}", column.column, operator(other)),
        });
    }
    let glue = if condition.compare == Compare::Ne { " AND " } else { " OR " };
    Ok(format!("({})", alternatives.join(glue)))
}

/// Conditions on the document `document`, each with the rest of its path.
fn on_document(
    document: &str,
    conditions: &[(&[String], &Condition)],
    engine: Engine,
    filter: &mut Filter,
    depth: usize,
) -> Result<String> {
    let mut clauses = Vec::new();
    let mut deeper: BTreeMap<&str, Vec<(&[String], &Condition)>> = BTreeMap::new();
    for (rest, condition) in conditions {
        match rest {
            [name] => clauses.push(leaf(document, name, condition, engine, filter, depth)),
            [name, tail @ ..] => deeper.entry(name).or_default().push((tail, condition)),
            [] => return Err(invalid("path")),
        }
    }
    for (name, inner) in deeper {
        let alias = format!("e{depth}");
        let nested = on_document(&format!("{alias}.value"), &inner, engine, filter, depth + 1)?;
        let elements = engine.json_elements(&engine.json_document(document, &[name.to_owned()]), &alias);
        let is_object = engine.element_is_object(&alias);
        clauses.push(format!("EXISTS (SELECT 1 FROM {elements} WHERE CASE WHEN {is_object} THEN {nested} END)"));
    }
    Ok(format!("({})", clauses.join(" AND ")))
}

/// The value `name` of `document`, or any element where it is an array.
fn leaf(
    document: &str,
    name: &str,
    condition: &Condition,
    engine: Engine,
    filter: &mut Filter,
    depth: usize,
) -> String {
    let path = [name.to_owned()];
    let alias = format!("s{depth}");
    let whole = compared(&engine.json_scalar(document, &path), condition, engine, filter);
    let element = compared(&engine.element_text(&alias), condition, engine, filter);
    let inner = engine.json_document(document, &path);
    let is_array = engine.is_array(&inner);
    let elements = engine.json_elements(&inner, &alias);
    format!("CASE WHEN {is_array} THEN EXISTS (SELECT 1 FROM {elements} WHERE {element}) ELSE {whole} END")
}

fn compared(text: &str, condition: &Condition, engine: Engine, filter: &mut Filter) -> String {
    let mut alternatives = Vec::new();
    for value in &condition.values {
        let number = value.parse::<f64>().ok().filter(|n| n.is_finite());
        let clause = match (condition.compare, number) {
            (Compare::Regex, _) => engine.regex(text, &filter.bind(value.as_str())),
            (Compare::Eq, Some(number)) => {
                let (as_text, as_number) = (filter.bind(value.as_str()), filter.bind(number.to_value()));
                format!("({text} = {as_text} OR {} = {as_number})", engine.as_number(text))
            }
            (Compare::Ne, _) => format!("({text} IS NULL OR {text} <> {})", filter.bind(value.as_str())),
            (compare, Some(number)) if compare != Compare::Eq => {
                format!("{} {} {}", engine.as_number(text), operator(compare), filter.bind(number.to_value()))
            }
            (compare, _) => format!("{text} {} {}", operator(compare), filter.bind(value.as_str())),
        };
        alternatives.push(clause);
    }
    let glue = if condition.compare == Compare::Ne { " AND " } else { " OR " };
    format!("({})", alternatives.join(glue))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_split_at_commas_and_semicolons_outside_quotes() {
        assert_eq!(alternatives("a,b;c"), ["a", "b", "c"]);
        assert_eq!(alternatives("\"a,b\""), ["a,b"]);
        assert_eq!(alternatives(""), [""]);
    }

    #[test]
    fn names_that_could_reach_the_sql_text_are_refused() {
        for bad in ["a'b", "a b", "a\"", "", "a..b", "$where", "a)"] {
            assert!(path(bad).is_err(), "{bad}");
        }
        assert_eq!(path("contactMedium.characteristic.phoneNumber").unwrap().len(), 3);
    }
}
