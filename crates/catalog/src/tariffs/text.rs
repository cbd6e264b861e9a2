//! Reading amounts, volumes, speeds and periods out of what operators publish: numbers, strings with units, prose.
//!
//! A text that says nothing usable (`详见详情`, `-`, `无`) is `None` and never zero.

use kernel::Money;
use regex::Regex;
use serde_json::Value;
use std::sync::LazyLock;

/// Full-width digits and signs as their plain forms; thousands separators removed.
pub fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let chars: Vec<char> = text.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let c = match c {
            '０'..='９' => char::from_u32(*c as u32 - '０' as u32 + '0' as u32).unwrap_or(*c),
            '．' => '.',
            '－' | '−' => '-',
            '／' => '/',
            '，' | ',' => {
                let digit = |c: Option<&char>| c.is_some_and(char::is_ascii_digit);
                let group = chars.get(i + 1..i + 4).is_some_and(|g| g.iter().all(char::is_ascii_digit));
                if i > 0 && digit(chars.get(i - 1)) && group && !digit(chars.get(i + 4)) {
                    continue;
                }
                ','
            }
            other => *other,
        };
        out.push(c);
    }
    out
}

/// A scalar as text; `None` for null, arrays, objects and blanks.
pub fn scalar(value: &Value) -> Option<String> {
    let text = match value {
        Value::String(s) => s.trim().to_owned(),
        Value::Number(n) => n.to_string(),
        Value::Bool(b) => b.to_string(),
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

macro_rules! pattern {
    ($name:ident = $text:literal) => {
        static $name: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new($text).ok());
    };
}

pattern!(NUMBER = r"-?\d+(?:\.\d+)?");
pattern!(VOLUME = r"(?i)(-?\d+(?:\.\d+)?)\s*(TB?|GB?|MB?|KB?|兆|吉)?");
pattern!(SPEED = r"(?i)(\d+(?:\.\d+)?)\s*(Gbps|Mbps|GB?|MB?|兆)");
pattern!(PERIOD = r"(\d+|十二|十八|二十四|三十六|半|一|两|二|三|四|五|六|十)\s*(个月|个自然月|月|年|天|日)");
pattern!(PER = r"[/每]\s*(\d+|十二|半|一|两|二|三|四|五|六|十)?\s*个?(月|季|年|日|天|周)");

/// The first amount in a text, in yuan, and what follows it.
pub fn amount(text: &str) -> Option<(Result<Money, ()>, String)> {
    let text = plain(text);
    let hit = NUMBER.as_ref()?.find(&text)?;
    // Only at the very start is a dash a sign; elsewhere it joins words or the ends of a range.
    let digits = if hit.start() == 0 { hit.as_str() } else { hit.as_str().trim_start_matches('-') };
    let money = Money::parse_yuan(&rounded(digits)).map_err(|_| ());
    Some((money, text[hit.end()..].to_owned()))
}

/// At most two decimals: `29.900000000000002` is how a spreadsheet writes 29.90.
fn rounded(number: &str) -> String {
    match number.split_once('.') {
        Some((_, fraction)) if fraction.len() > 2 => {
            number.parse::<f64>().map_or_else(|_| number.to_owned(), |n| format!("{n:.2}"))
        }
        _ => number.to_owned(),
    }
}

/// Monthly data in MB: a bare number is GB; `100G`, `500MB`, `30G通用+10G定向` (a sum). `Err` for a negative one.
pub fn data_mb(value: &Value) -> Result<Option<i64>, String> {
    let Some(text) = scalar(value) else { return Ok(None) };
    let text = plain(&text);
    let mut sum: Option<f64> = None;
    let Some(volume) = VOLUME.as_ref() else { return Ok(None) };
    for hit in volume.captures_iter(&text) {
        let unit = hit.get(2).map_or("", |u| u.as_str()).to_ascii_uppercase();
        let whole = hit.get(0).map_or("", |m| m.as_str()).len() == text.len();
        let factor = match unit.chars().next() {
            Some('T') => 1024.0 * 1024.0,
            Some('G') | Some('吉') => 1024.0,
            Some('M') | Some('兆') => 1.0,
            Some('K') => 1.0 / 1024.0,
            _ if whole => 1024.0,
            _ => continue, // a number of something else
        };
        let n: f64 = hit[1].parse().unwrap_or(0.0);
        sum = Some(sum.unwrap_or(0.0) + n * factor);
        if !text.contains('+') {
            break;
        }
    }
    match sum {
        Some(n) if n < 0.0 => Err(text),
        Some(n) if n < 1e12 => Ok(Some(n.round() as i64)),
        _ => Ok(None),
    }
}

/// A count of minutes or messages: `100`, `"300分钟"`; a number followed by 元 is a tariff, not a count.
pub fn count(value: &Value) -> Result<Option<i64>, String> {
    let Some(text) = scalar(value) else { return Ok(None) };
    let text = plain(&text);
    let Some(number) = NUMBER.as_ref() else { return Ok(None) };
    for hit in number.find_iter(&text) {
        if text[hit.end()..].starts_with(['元', '角', '折']) {
            continue;
        }
        return match hit.as_str().parse::<f64>() {
            Ok(n) if n < 0.0 && hit.start() == 0 => Err(text),
            Ok(n) if n.abs() < 1e12 => Ok(Some(n.abs().round() as i64)),
            _ => Ok(None),
        };
    }
    Ok(None)
}

/// The download speed in Mbit/s: `1000M`, `一条2000M宽带`, `下行300M，上行40M`, `万兆`, a bare `600`.
pub fn speed_mbps(value: &Value) -> Option<i64> {
    let text = plain(&scalar(value)?);
    if let Ok(n) = text.parse::<f64>() {
        return (1.0..1e7).contains(&n).then_some(n as i64);
    }
    let downstream = text.find("下行").map_or(text.as_str(), |at| &text[at..]);
    let number = SPEED.as_ref()?.captures(downstream).and_then(|hit| {
        let n: f64 = hit[1].parse().ok()?;
        let giga = hit[2].to_ascii_uppercase().starts_with('G');
        Some(if giga { n * 1000.0 } else { n })
    });
    let words = [("万兆", 10_000), ("千兆", 1_000), ("百兆", 100)];
    let word = words.iter().find(|(w, _)| text.contains(w)).map(|(_, n)| *n);
    number.filter(|n| (1.0..1e7).contains(n)).map(|n| n as i64).or(word)
}

fn numeral(text: &str) -> Option<f64> {
    Some(match text {
        "半" => 0.5,
        "一" => 1.0,
        "两" | "二" => 2.0,
        "三" => 3.0,
        "四" => 4.0,
        "五" => 5.0,
        "六" => 6.0,
        "十" => 10.0,
        "十二" => 12.0,
        "十八" => 18.0,
        "二十四" => 24.0,
        "三十六" => 36.0,
        digits => digits.parse().ok()?,
    })
}

/// A period in months: `24个月`, `三年`, `365天`. Parts of a date (`2030年12月31日`) are no period.
pub fn months(text: &str) -> Option<i64> {
    let text = plain(text);
    for hit in PERIOD.as_ref()?.captures_iter(&text) {
        let n = numeral(&hit[1])?;
        let (before, rest) = hit.get(0).map_or(("", ""), |m| (&text[..m.start()], &text[m.end()..]));
        let months = match &hit[2] {
            "年" if n > 60.0 || rest.starts_with(|c: char| c.is_ascii_digit()) => continue,
            "月" if rest.starts_with(|c: char| c.is_ascii_digit()) => continue,
            "日" if before.ends_with('月') => continue,
            "年" => n * 12.0,
            "天" | "日" => (n / 30.4).floor(),
            _ => n,
        };
        return (1.0..=1_200.0).contains(&months).then_some(months as i64);
    }
    None
}

/// What a charge is per, read from the text after the amount.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Per {
    Months(i64),
    /// Per day or week of use.
    Use,
    Once,
    /// The text does not say.
    Unsaid,
}

pub fn per(text: &str) -> Per {
    let text = plain(text);
    if let Some(hit) = PER.as_ref().and_then(|p| p.captures(&text)) {
        let n = hit.get(1).and_then(|n| numeral(n.as_str())).unwrap_or(1.0);
        let months = match &hit[2] {
            "月" => n,
            "季" => n * 3.0,
            "年" => n * 12.0,
            _ => return Per::Use,
        };
        if (1.0..=1_200.0).contains(&months) {
            return Per::Months(months as i64);
        }
    }
    if text.contains("一次性")
        || text.contains("/次")
        || text.contains("每次")
        || text.contains("/米")
        || text.contains("/台")
    {
        return Per::Once;
    }
    if text.contains("月费") || text.contains("月租") || text.contains("包月") {
        return Per::Months(1);
    }
    // `10元/2米`, `5元/条`: per piece, so once.
    if text.contains('米') || text.contains("/条") || text.contains("/个") { Per::Once } else { Per::Unsaid }
}

/// The text without mark-up, entities and superfluous space, at most `limit` characters.
pub fn without_markup(text: &str, limit: usize) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = rest[at + 1..].chars().next();
        match rest[at..].find('>') {
            Some(end) if tag.is_some_and(|c| c.is_ascii_alphabetic() || matches!(c, '/' | '!')) => {
                out.push(' ');
                rest = &rest[at + end + 1..];
            }
            _ => {
                out.push('<');
                rest = &rest[at + 1..];
            }
        }
    }
    out.push_str(rest);
    for (entity, plain) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        out = out.replace(entity, plain);
    }
    out.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(limit).collect()
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
