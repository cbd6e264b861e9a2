//! One published row understood: what becomes of it in the catalogue, or why it is refused.

use super::{
    dates,
    family::{self, Figures},
    port_in,
    read::{Entry, Header},
    row::{self, Row},
    text::{self, Per},
};
use crate::{Allowances, Family, PriceKind, problems};
use kernel::{Code, Date, Money, Problem, Timestamp};
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// Raised when the same row is read in another way than before, so that a re-import refreshes what it made.
const READING: &str = "1";

#[derive(Clone, Debug)]
pub struct Fee {
    pub kind: PriceKind,
    pub amount: Money,
    pub months: i64,
    /// As published, such as `29元/月起`.
    pub text: String,
    /// The published text names no unit; this one was taken by the name.
    pub assumed: bool,
}

#[derive(Clone, Debug)]
pub struct Tariff {
    pub line: u64,
    /// The identity of the row: operator and id as published.
    pub source_id: String,
    pub offering_id: String,
    pub hash: String,
    pub operator: &'static str,
    pub name: String,
    pub description: String,
    pub family: Family,
    pub fee: Fee,
    pub allowances: Allowances,
    pub directed_mb: Option<i64>,
    pub terms: Vec<Clause>,
    pub contract_months: Option<i64>,
    pub from: Option<Timestamp>,
    pub to: Option<Timestamp>,
    pub area: String,
    pub audience: String,
    pub category: String,
    pub channel: String,
    pub parts: Vec<&'static str>,
    pub published: Map<String, Value>,
}

/// Why a row was not taken.
#[derive(Clone, Debug)]
pub struct Refusal {
    pub line: u64,
    pub index: u64,
    pub id: String,
    pub field: String,
    pub problem: Problem,
    pub row: String,
}

/// Reads one entry. Whatever it holds, the answer is a tariff or a reason.
pub fn understand(header: &Header, entry: Entry) -> Result<Tariff, Box<Refusal>> {
    let Value::Object(published) = &entry.value else {
        return Err(refusal(&entry, "", Problem::new(&problems::ROW_NOT_OBJECT)));
    };
    match tariff(header, &entry, published) {
        Ok(tariff) => Ok(tariff),
        Err((field, problem)) => Err(refusal(&entry, field, problem)),
    }
}

pub fn refusal(entry: &Entry, field: &str, problem: Problem) -> Box<Refusal> {
    let id = entry.value.as_object().and_then(|row| Row::of(row).text(&row::ID)).unwrap_or_default();
    let row = entry.value.to_string().replace('\0', "\u{fffd}");
    let id = id.replace('\0', "\u{fffd}");
    Box::new(Refusal { line: entry.line, index: entry.index, id, field: field.to_owned(), problem, row })
}

/// A term: its name, its text, and its length in months where it has one.
pub type Clause = (&'static str, String, Option<i64>);

type Refused = (&'static str, Problem);

fn tariff(header: &Header, entry: &Entry, published: &Map<String, Value>) -> Result<Tariff, Refused> {
    if row::has_nul(&entry.value) {
        return Err(("row", Problem::new(&problems::ROW_TEXT).with("field", "row")));
    }
    let row = Row::of(published);
    let id = row.text(&row::ID).ok_or_else(|| ("id", Problem::new(&problems::ROW_NO_ID)))?;
    let name = row.text(&row::NAME).map(|n| text::without_markup(&n, 200)).filter(|n| !n.is_empty());
    let name = name.ok_or_else(|| ("name", Problem::new(&problems::ROW_NO_NAME)))?;
    if name.chars().any(char::is_control) {
        return Err(("name", Problem::new(&problems::ROW_TEXT).with("field", "name")));
    }
    let fee = fee(&row, &name)?;
    let allowances = Allowances {
        data_mb: volume(&row, &row::DATA, "data")?,
        voice_min: counted(&row, &row::VOICE, "voice")?,
        sms: counted(&row, &row::SMS, "sms")?,
        broadband_mbps: row.value(&row::BROADBAND).and_then(text::speed_mbps),
    };
    let directed_mb = volume(&row, &row::DIRECTED, "directedData")?;
    let (from, to) = validity(&row)?;
    let category = row.text(&row::CATEGORY).unwrap_or_else(|| row.words(&row::TAGS));
    let services = text::without_markup(&row.words(&row::SERVICES), 2_000);
    let some = |n: Option<i64>| n.unwrap_or(0) > 0;
    let figures = Figures {
        mobile: some(allowances.data_mb) || some(allowances.voice_min),
        broadband: some(allowances.broadband_mbps),
        television: row
            .text(&row::TELEVISION)
            .is_some_and(|t| !matches!(t.as_str(), "无" | "-" | "0" | "否" | "详见详情")),
    };
    let family = family::family(&name, &category, figures);
    // A file with one list for each province names it there.
    let group = Some(entry.group.clone()).filter(|g| !g.is_ascii());
    let area = row
        .text(&row::AREA)
        .or_else(|| header_text(header, &["province", "area", "省份"]))
        .or(group)
        .unwrap_or_default();
    let audience = text::without_markup(&row.words(&row::AUDIENCE), 500);
    for (field, value) in [("name", &name), ("audience", &audience), ("area", &area)] {
        if let Some(hit) = port_in::condition(value) {
            return Err((field, Problem::new(&problems::PORT_IN_CONDITION).with("detail", &hit)));
        }
    }
    let operator = operator(&id, header, &row);
    let source_id = if id.to_lowercase().starts_with(operator) { id.clone() } else { format!("{operator}-{id}") };
    let (terms, contract_months) = terms(&row);
    Ok(Tariff {
        line: entry.line,
        offering_id: offering_id(&source_id),
        hash: hash(&entry.value, &area),
        source_id,
        operator,
        description: services.clone(),
        family,
        fee,
        allowances,
        directed_mb,
        terms,
        contract_months,
        from,
        to,
        area: text::without_markup(&area, 60),
        audience,
        category: text::without_markup(&category, 120),
        channel: text::without_markup(&row.words(&row::CHANNEL), 200),
        parts: if family == Family::Bundle { family::parts(&name, &services, figures) } else { Vec::new() },
        name,
        published: published.clone(),
    })
}

fn fee(row: &Row<'_>, name: &str) -> Result<Fee, Refused> {
    let standard = row.text(&row::STANDARD).filter(|t| text::amount(t).is_some());
    let price = row.text(&row::PRICE);
    let found =
        [price.as_deref(), standard.as_deref()].into_iter().flatten().find_map(|t| text::amount(t).map(|a| (t, a)));
    let Some((shown, (amount, rest))) = found else {
        let detail = price.or_else(|| row.text(&row::STANDARD)).unwrap_or_else(|| "—".to_owned());
        return Err(("price", Problem::new(&problems::ROW_NO_PRICE).with("detail", &detail)));
    };
    let amount = amount.map_err(|()| ("price", Problem::new(&problems::ROW_NO_PRICE).with("detail", shown)))?;
    if amount < Money::ZERO {
        return Err(("price", negative("price", shown)));
    }
    if let Some((Ok(stated), _)) =
        standard.as_deref().and_then(text::amount).filter(|(stated, _)| stated.is_ok_and(|m| m < Money::ZERO))
    {
        return Err(("tariffStandard", negative("tariffStandard", &stated.to_string())));
    }
    let unit_text = standard.as_deref().and_then(text::amount).map_or(rest, |(_, rest)| rest);
    let said = text::per(&unit_text);
    let per = if said == Per::Unsaid { by_name(name) } else { said };
    let (kind, months) = match per {
        Per::Months(n) => (PriceKind::Recurring, n),
        Per::Use => (PriceKind::Usage, 0),
        Per::Once => (PriceKind::OneTime, 0),
        Per::Unsaid => (PriceKind::Recurring, 1),
    };
    let text = standard.clone().unwrap_or_else(|| shown.to_owned());
    let text = if text.parse::<f64>().is_ok() { format!("{text}元") } else { text };
    Ok(Fee { kind, amount, months, text: text::without_markup(&text, 100), assumed: said == Per::Unsaid })
}

/// Where the price text names no unit: most such rows are monthly plans, but fees and yearly packs say so in their names.
fn by_name(name: &str) -> Per {
    if ["年包", "包年", "每年", "年费"].iter().any(|w| name.contains(w)) {
        Per::Months(12)
    } else if ["一次性", "初装", "押金", "移机", "调测", "安装", "工料"].iter().any(|w| name.contains(w))
    {
        Per::Once
    } else {
        Per::Unsaid
    }
}

fn negative(field: &'static str, detail: &str) -> Problem {
    Problem::new(&problems::ROW_NEGATIVE).with("field", field).with("detail", detail)
}

fn volume(row: &Row<'_>, names: &row::Names, field: &'static str) -> Result<Option<i64>, Refused> {
    row.value(names).map_or(Ok(None), text::data_mb).map_err(|t| (field, negative(field, &t)))
}

fn counted(row: &Row<'_>, names: &row::Names, field: &'static str) -> Result<Option<i64>, Refused> {
    row.value(names).map_or(Ok(None), text::count).map_err(|t| (field, negative(field, &t)))
}

fn validity(row: &Row<'_>) -> Result<(Option<Timestamp>, Option<Timestamp>), Refused> {
    let read = |names: &row::Names, field: &'static str| -> Result<Option<Date>, Refused> {
        dates::day(row.value(names))
            .map_err(|t| (field, Problem::new(&problems::ROW_DATE).with("field", field).with("detail", &t)))
    };
    let (online, offline) = (read(&row::ONLINE, "onlineDate")?, read(&row::OFFLINE, "offlineDate")?);
    if let (Some(from), Some(to)) = (online, offline)
        && to < from
    {
        return Err(("offlineDate", Problem::new(&problems::ROW_DATES).with("detail", &format!("{from} → {to}"))));
    }
    // The last day is a day of sale to its end.
    Ok((online.map(Date::start), offline.map(|d| d.plus_days(1).start().plus_seconds(-1))))
}

/// What binds the customer, and for how many months: what the operator demands, or a validity that does not renew itself.
fn terms(row: &Row<'_>) -> (Vec<Clause>, Option<i64>) {
    let contract = row.text(&row::CONTRACT_TEXT);
    // Some files join both in one text: validity first, then the demand.
    let halves = contract.as_deref().and_then(|t| t.split_once(['；', ';']));
    let validity = row.text(&row::VALIDITY).or_else(|| halves.map(|(v, _)| v.to_owned()));
    let demand = row
        .text(&row::CONTRACT)
        .or_else(|| halves.map(|(_, d)| d.to_owned()))
        .or_else(|| contract.clone().filter(|_| halves.is_none()));
    let demanded = demand.as_deref().and_then(text::months);
    let renews = |t: &str| ["续", "延", "展期", "长期"].iter().any(|w| t.contains(w));
    // Longer ones (`有效期20年`) say how long the product exists, and bind nobody.
    let plain = validity.as_deref().filter(|t| !renews(t)).and_then(text::months).filter(|n| *n <= 60);
    let mut terms = Vec::new();
    let says = |t: &Option<String>| {
        t.clone()
            .map(|t| text::without_markup(&t, 1_000))
            .filter(|t| !matches!(t.as_str(), "" | "无" | "无要求" | "-" | "详见详情"))
    };
    if let Some(text) = says(&validity) {
        let months = text::months(&text);
        terms.push(("有效期", text, months));
    }
    if let Some(text) = says(&demand) {
        terms.push(("在网要求", text, demanded));
    }
    for (name, names) in [("违约责任", &row::LIABILITY), ("套外资费", &row::OVERAGE)] {
        terms.extend(says(&row.text(names)).map(|text| (name, text, None)));
    }
    (terms, demanded.or(plain))
}

/// The operator, by the prefix of the id, the source named in the row or the file, or nothing known.
fn operator(id: &str, header: &Header, row: &Row<'_>) -> &'static str {
    const PREFIXES: [(&str, &str); 8] = [
        ("cmcc", "cmcc"),
        ("chinamobile", "cmcc"),
        ("unicom", "unicom"),
        ("cucc", "cucc"),
        ("ctcc", "ctcc"),
        ("chinatelecom", "ctcc"),
        ("telecom", "telecom"),
        ("cbn", "cbn"),
    ];
    const NAMES: [(&str, &str); 4] = [("移动", "cmcc"), ("联通", "unicom"), ("电信", "telecom"), ("广电", "cbn")];
    let lower = id.to_lowercase();
    if let Some((_, operator)) = PREFIXES.iter().find(|(p, _)| lower.starts_with(p)) {
        return operator;
    }
    let sources = row::Names(&["operator", "source", "company", "运营商", "来源"]);
    let named = header_text(header, &["operator", "source", "company", "运营商"]);
    let text = [row.text(&sources), named].into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase();
    let by_name = NAMES.iter().find(|(n, _)| text.contains(n));
    let by_prefix = PREFIXES.iter().find(|(p, _)| text.contains(p));
    by_name.or(by_prefix).map_or("tariff", |(_, operator)| operator)
}

fn header_text(header: &Header, names: &[&str]) -> Option<String> {
    names.iter().find_map(|n| header.get(*n).and_then(text::scalar))
}

/// An id that fits into an address: the published one where it does, otherwise what of it does and a digest of the rest.
fn offering_id(source_id: &str) -> String {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    if source_id.len() <= 56 && source_id.chars().all(fits) {
        return source_id.to_owned();
    }
    let words: String = source_id.chars().map(|c| if fits(c) { c } else { '-' }).collect();
    let words = words.split('-').filter(|w| !w.is_empty()).collect::<Vec<_>>().join("-");
    let words: String = words.chars().take(44).collect();
    format!("{words}-{}", digest(source_id))
}

fn hash(row: &Value, area: &str) -> String {
    let mut text = format!("{READING} {area} ");
    row::canonical(row, &mut text);
    Sha256::digest(&text).iter().take(16).map(|b| format!("{b:02x}")).collect()
}

fn digest(text: &str) -> String {
    Sha256::digest(text).iter().take(4).map(|b| format!("{b:02x}")).collect()
}

impl Refusal {
    pub fn code(&self) -> &'static Code {
        self.problem.code
    }
}

#[cfg(test)]
#[path = "tariff_tests.rs"]
mod tests;
