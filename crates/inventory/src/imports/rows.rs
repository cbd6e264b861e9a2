//! What the rows of a file say.

use crate::{
    numbers::Range,
    problems,
    stock::{Kind, check_serial},
};
use kernel::{OrgPath, Problem, Result, codes};
use serde_json::{Value, json};
use std::hash::{DefaultHasher, Hash, Hasher};

/// One row, ready to be taken in.
#[derive(Clone, Debug)]
pub(super) enum Wanted {
    Numbers { range: Range, org: Option<OrgPath>, class: Option<String> },
    Piece { kind: Kind, serial: String, model: String, imsi: Option<String>, secret: Option<Value> },
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    /// In the file, the heading being the first.
    pub at: i64,
    pub text: String,
    pub wanted: Result<Wanted>,
}

impl Line {
    /// How much work it is.
    pub fn size(&self) -> i64 {
        match &self.wanted {
            Ok(Wanted::Numbers { range, .. }) => i64::try_from(range.size()).unwrap_or(i64::MAX),
            _ => 1,
        }
    }
}

/// Columns by kind: our name, and what people write.
const NUMBERS: [(&str, &[&str]); 4] = [
    ("from", &["from", "起始号码", "号段起"]),
    ("to", &["to", "结束号码", "号段止"]),
    ("org", &["org", "组织", "归属"]),
    ("class", &["class", "等级", "号码等级"]),
];
const CARDS: [(&str, &[&str]); 6] = [
    ("iccid", &["iccid", "卡号"]),
    ("imsi", &["imsi"]),
    ("model", &["model", "profile", "卡类型", "型号"]),
    ("puk", &["puk", "puk1"]),
    ("pin", &["pin", "pin1"]),
    ("ki", &["ki"]),
];
const DEVICES: [(&str, &[&str]); 3] =
    [("kind", &["kind", "种类"]), ("serial", &["serial", "imei", "序列号"]), ("model", &["model", "型号"])];

fn columns(kind: &str) -> (&'static [(&'static str, &'static [&'static str])], usize) {
    match kind {
        "numbers" => (&NUMBERS, 2),
        "cards" => (&CARDS, 2),
        _ => (&DEVICES, 2),
    }
}

fn reader(content: &[u8]) -> csv::Reader<&[u8]> {
    let content = content.strip_prefix(b"\xef\xbb\xbf").unwrap_or(content);
    csv::ReaderBuilder::new().has_headers(true).flexible(true).trim(csv::Trim::All).from_reader(content)
}

/// Where each of our columns is; the first ones have to be there.
pub(super) fn heading(kind: &str, content: &[u8]) -> Result<Vec<Option<usize>>> {
    let invalid = |detail: &str| Problem::new(&codes::BODY_INVALID).with("detail", detail);
    if std::str::from_utf8(content).is_err() {
        return Err(invalid("UTF-8 CSV"));
    }
    let mut reader = reader(content);
    let names = reader.headers().map_err(|e| invalid(&e.to_string()))?.clone();
    let (columns, needed) = columns(kind);
    let place = |known: &[&str]| names.iter().position(|n| known.iter().any(|k| n.eq_ignore_ascii_case(k)));
    let places: Vec<Option<usize>> = columns.iter().map(|(_, known)| place(known)).collect();
    match places[..needed].iter().position(Option::is_none) {
        Some(missing) => {
            Err(Problem::new(&problems::IMPORT_COLUMN).with("column", columns[missing].0).with("kind", kind))
        }
        None => Ok(places),
    }
}

/// Every row of a file. Reading costs little beside taking in.
pub(super) fn read(kind: &str, content: &[u8]) -> Result<Vec<Line>> {
    let places = heading(kind, content)?;
    let mut lines = Vec::new();
    for (at, record) in (2..).zip(reader(content).records()) {
        let line = match record {
            Ok(record) => {
                let cell = |n: usize| {
                    let text = places.get(n).copied().flatten().and_then(|i| record.get(i)).unwrap_or("").trim();
                    (!text.is_empty()).then(|| text.to_owned())
                };
                let text = record.iter().collect::<Vec<_>>().join(",");
                Line { at, text, wanted: wanted(kind, &cell) }
            }
            Err(e) => {
                let problem = Problem::new(&codes::BODY_INVALID).with("detail", &e.to_string());
                Line { at, text: String::new(), wanted: Err(problem) }
            }
        };
        lines.push(line);
    }
    Ok(lines)
}

fn wanted(kind: &str, cell: &dyn Fn(usize) -> Option<String>) -> Result<Wanted> {
    let need = |n: usize, name: &str| cell(n).ok_or_else(|| Problem::missing(name));
    match kind {
        "numbers" => Ok(Wanted::Numbers {
            range: Range::parse(&need(0, "from")?, &need(1, "to")?)?,
            org: cell(2).map(|o| OrgPath::parse(&o)).transpose()?,
            class: cell(3),
        }),
        "cards" => {
            let (serial, imsi) = (need(0, "iccid")?, need(1, "imsi")?);
            check_serial(Kind::Sim, &serial)?;
            if imsi.len() != 15 || !imsi.bytes().all(|b| b.is_ascii_digit()) {
                return Err(Problem::invalid("imsi", "15 digits"));
            }
            let code = |n: usize, name: &str, length: &[usize]| match cell(n) {
                Some(c) if !length.contains(&c.len()) || !c.bytes().all(|b| b.is_ascii_alphanumeric()) => {
                    Err(Problem::invalid(name, "8 / 4 / 32"))
                }
                other => Ok(other),
            };
            let (puk, pin, ki) = (code(3, "puk", &[8])?, code(4, "pin", &[4])?, code(5, "ki", &[32])?);
            let kept = puk.is_some() || pin.is_some() || ki.is_some();
            let secret = kept.then(|| json!({"puk": puk, "pin": pin, "ki": ki}));
            let model = cell(2).unwrap_or_else(|| "USIM".to_owned());
            Ok(Wanted::Piece { kind: Kind::Sim, serial, model, imsi: Some(imsi), secret })
        }
        _ => {
            let kind = Kind::parse(&need(0, "kind")?)?;
            let serial = need(1, "serial")?;
            if kind == Kind::Sim {
                return Err(Problem::invalid("kind", "phone | onu | stb | smartHome"));
            }
            check_serial(kind, &serial)?;
            let model = cell(2).unwrap_or_else(|| "–".to_owned());
            Ok(Wanted::Piece { kind, serial, model, imsi: None, secret: None })
        }
    }
}

/// Tells one file from another.
pub(super) fn fingerprint(content: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    content.hash(&mut hasher);
    format!("{:x}-{}", hasher.finish(), content.len())
}

/// A cell that a spreadsheet does not take for a formula.
pub(super) fn cell(text: &str) -> String {
    if text.starts_with(['=', '+', '-', '@', '\t']) { format!("'{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_by_their_heading_in_either_language() {
        let lines = read(
            "numbers",
            "\u{feff}起始号码,结束号码,组织,等级\n13900138000,13900138999,/cn/44/4401,\n1,2,,\n".as_bytes(),
        );
        let lines = lines.unwrap();
        assert_eq!((lines.len(), lines[0].size(), lines[0].at), (2, 1_000, 2));
        assert_eq!(lines[1].wanted.as_ref().unwrap_err().code.id, "number.range");
        assert_eq!(heading("cards", b"a,b\n1,2\n").unwrap_err().code.id, "import.column");
        let cards = read("cards", b"iccid,imsi,puk\n898600123456789012,460001234567890,12345678\n").unwrap();
        assert_eq!(cards[0].wanted.as_ref().unwrap_err().code.id, "stock.serial");
    }
}
