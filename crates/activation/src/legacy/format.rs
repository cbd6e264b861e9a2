//! The lines of a file to or from 97.
//!
//! ```text
//! 97|1.0|O|0000000012|20261122100000
//! M|<message>|<version>|order|<product order>|<place>|2
//! I|3|activate|olt|<subscriber>|configure-onu|rfs-onu
//! V|3|downMbps|300
//! T|4|9f86d081884c7d65
//! ```
//! The last line counts the lines before it and carries the first 16 hexadecimal digits of their SHA-256. `|`, `\` and line
//! ends within a value are written `\p`, `\\`, `\n`.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

#[derive(Clone, PartialEq, Eq, Debug)]
pub struct File {
    /// `O` order, `C` cancel, `Q` question, `A` acknowledgement, `R` result.
    pub kind: char,
    pub seq: i64,
    pub at: String,
    pub lines: Vec<Vec<String>>,
}

/// Why a file cannot be read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fault {
    /// The last line is missing or counts more lines than there are: perhaps it is still being written.
    Truncated,
    Checksum,
    Shape(String),
}

impl Fault {
    pub fn text(&self) -> String {
        match self {
            Self::Truncated => "truncated".to_owned(),
            Self::Checksum => "checksum".to_owned(),
            Self::Shape(what) => format!("format: {what}"),
        }
    }
}

pub fn name(kind: char, seq: i64) -> String {
    format!("{kind}{seq:010}.97{kind}")
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\\\").replace('|', "\\p").replace('\n', "\\n").replace('\r', "")
}

fn plain(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => out.push(match rest.next()? {
                'p' => '|',
                'n' => '\n',
                '\\' => '\\',
                _ => return None,
            }),
            c => out.push(c),
        }
    }
    Some(out)
}

fn checksum(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().take(8).map(|b| format!("{b:02x}")).collect()
}

pub fn write(file: &File) -> String {
    let mut text = format!("97|1.0|{}|{:010}|{}\n", file.kind, file.seq, file.at);
    for line in &file.lines {
        let fields: Vec<String> = line.iter().map(|f| escaped(f)).collect();
        text.push_str(&fields.join("|"));
        text.push('\n');
    }
    let sum = checksum(&text);
    text.push_str(&format!("T|{}|{sum}\n", file.lines.len() + 1));
    text
}

/// The file and its checksum.
pub fn parse(text: &str) -> Result<(File, String), Fault> {
    let Some(body) = text.strip_suffix('\n') else { return Err(Fault::Truncated) };
    let start = body.rfind('\n').map_or(0, |i| i + 1);
    let last: Vec<&str> = body[start..].split('|').collect();
    let &["T", count, sum] = last.as_slice() else { return Err(Fault::Truncated) };
    let before = &text[..start];
    if count.parse() != Ok(before.lines().count()) {
        return Err(Fault::Truncated);
    }
    if checksum(before) != sum {
        return Err(Fault::Checksum);
    }
    let shape = |what: &str| Fault::Shape(what.to_owned());
    let mut lines = before.lines();
    let head: Vec<&str> = lines.next().unwrap_or("").split('|').collect();
    let &["97", "1.0", kind, seq, at] = head.as_slice() else { return Err(shape("head")) };
    let kind = kind.chars().next().filter(|k| kind.len() == 1 && "OCQAR".contains(*k)).ok_or_else(|| shape("kind"))?;
    let seq = seq.parse().ok().filter(|s| *s > 0).ok_or_else(|| shape("number"))?;
    let fields = |line: &str| line.split('|').map(|f| plain(f).ok_or_else(|| shape("escape"))).collect();
    let lines = lines.map(fields).collect::<Result<Vec<Vec<String>>, Fault>>()?;
    Ok((File { kind, seq, at: at.to_owned(), lines }, sum.to_owned()))
}

impl File {
    /// The fields of the first line that begins with `tag`.
    pub fn line(&self, tag: &str) -> Option<&[String]> {
        self.lines.iter().find(|l| l.first().is_some_and(|t| t == tag)).map(Vec::as_slice)
    }
    pub fn all<'a>(&'a self, tag: &'a str) -> impl Iterator<Item = &'a [String]> {
        self.lines.iter().filter(move |l| l.first().is_some_and(|t| t == tag)).map(Vec::as_slice)
    }
}

fn line(fields: &[&str]) -> Vec<String> {
    fields.iter().map(|f| (*f).to_owned()).collect()
}

/// The lines of an order from its TMF641 body. Passwords stay here: 97 makes its own.
pub fn order_lines(body: &Value) -> Vec<Vec<String>> {
    let text = |v: &Value| match v {
        Value::String(s) => s.clone(),
        Value::Null => String::new(),
        other => other.to_string(),
    };
    let items = body["serviceOrderItem"].as_array().map_or(&[][..], Vec::as_slice);
    let mut lines = vec![
        ["M".to_owned(), text(&body["externalId"]), text(&body["orderVersion"]), text(&body["category"])]
            .into_iter()
            .chain([text(&body["productOrder"]), text(&body["place"]), items.len().to_string()])
            .collect::<Vec<_>>(),
    ];
    for item in items {
        let (id, service) = (text(&item["id"]), &item["service"]);
        lines.push(vec![
            "I".into(),
            id.clone(),
            text(&item["verb"]),
            text(&item["target"]),
            text(&service["id"]),
            text(&service["name"]),
            text(&service["serviceSpecification"]["id"]),
        ]);
        for c in service["serviceCharacteristic"].as_array().into_iter().flatten() {
            if c["name"] != "password" {
                lines.push(vec!["V".into(), id.clone(), text(&c["name"]), text(&c["value"])]);
            }
        }
    }
    lines
}

/// The TMF641 body of an order file: what the built-in 97 works on.
pub fn order_body(file: &File) -> Option<Value> {
    let m = file.line("M")?;
    let field = |i: usize| m.get(i).map_or("", String::as_str);
    let items: Vec<Value> = file
        .all("I")
        .map(|i| {
            let get = |n: usize| i.get(n).map_or("", String::as_str);
            let values: Vec<Value> = file
                .all("V")
                .filter(|v| v.get(1).map(String::as_str) == Some(get(1)))
                .map(|v| json!({"name": v.get(2), "value": v.get(3)}))
                .collect();
            json!({
                "id": get(1), "verb": get(2), "target": get(3),
                "service": {"id": get(4), "name": get(5), "serviceSpecification": {"id": get(6)}, "serviceCharacteristic": values},
            })
        })
        .collect();
    Some(json!({
        "externalId": field(1), "orderVersion": field(2).parse::<i64>().ok()?, "category": field(3),
        "productOrder": field(4), "place": field(5), "serviceOrderItem": items,
    }))
}

/// A message's id and version in a file that is about it.
pub fn about(file: &File) -> Option<(String, i64)> {
    let m = file.line("M")?;
    Some((m.get(1)?.clone(), m.get(2)?.parse().ok()?))
}

/// The lines of a cancellation, a question or an answer.
pub fn about_lines(message: &str, version: i64, more: &[&[&str]]) -> Vec<Vec<String>> {
    let mut lines = vec![line(&["M", message, &version.to_string()])];
    lines.extend(more.iter().map(|l| line(l)));
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> File {
        let lines = vec![line(&["M", "m-1", "2", "order", "o", "/cn", "1"]), line(&["V", "3", "place", "a|b\\c\nd"])];
        File { kind: 'O', seq: 12, at: "20261122100000".into(), lines }
    }

    #[test]
    fn a_file_comes_back_as_it_was() {
        let text = write(&sample());
        assert_eq!(parse(&text).map(|(f, _)| f), Ok(sample()));
        assert_eq!(name('O', 12), "O0000000012.97O");
    }

    #[test]
    fn every_cut_and_every_changed_byte_is_noticed() {
        let text = write(&sample());
        for end in 0..text.len() {
            if text.is_char_boundary(end) {
                assert!(parse(&text[..end]).is_err(), "cut at {end}");
            }
        }
        for at in 0..text.len() - 1 {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'7' { b'8' } else { b'7' };
            let read = String::from_utf8(bytes).map(|changed| parse(&changed));
            assert!(!matches!(read, Ok(Ok((file, _))) if file == sample()), "changed at {at}");
        }
    }
}
