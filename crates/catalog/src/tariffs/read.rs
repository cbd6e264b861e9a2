//! Finds the list of tariffs in a file and hands its rows over one at a time, with the line each begins in.
//!
//! The list may be the file itself, or stand anywhere in an envelope (`plans`, `data.rows`, one list a province …): every
//! array of objects outside a row is taken as rows. The scalars of the envelope (province, operator) are the header.

use crate::problems;
use kernel::{Problem, Result};
use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::{
    cell::Cell,
    fmt,
    fs::File,
    io::{self, BufReader, Cursor, Read},
    path::PathBuf,
    rc::Rc,
    sync::Arc,
};

/// Where the tariffs come from. Read twice: once to check the whole of it, once to store it.
#[derive(Clone, Debug)]
pub enum Input {
    File(PathBuf),
    Bytes { name: String, bytes: Arc<Vec<u8>> },
}

impl Input {
    pub fn name(&self) -> String {
        match self {
            Self::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            Self::Bytes { name, .. } => name.clone(),
        }
    }
    fn open(&self) -> io::Result<Box<dyn Read>> {
        let mut reader: Box<dyn Read> = match self {
            Self::File(path) => Box::new(BufReader::with_capacity(1 << 16, File::open(path)?)),
            Self::Bytes { bytes, .. } => Box::new(Cursor::new(Bytes(Arc::clone(bytes)))),
        };
        let mut start = Vec::with_capacity(3);
        reader.by_ref().take(3).read_to_end(&mut start)?;
        if start == [0xef, 0xbb, 0xbf] {
            start.clear(); // a byte-order mark
        }
        Ok(Box::new(Cursor::new(start).chain(reader)))
    }
}

struct Bytes(Arc<Vec<u8>>);
impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// One entry of the list.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Counted from 0.
    pub index: u64,
    /// The line the entry begins in, counted from 1.
    pub line: u64,
    /// The name the list had in the envelope, such as `plans` or `广东`.
    pub group: String,
    pub value: Value,
}

/// The scalars beside the list.
pub type Header = Map<String, Value>;

/// Reads the file to its end. Fails, before or after any number of calls of `visit`, where the JSON is broken.
pub fn read(input: &Input, visit: &mut dyn FnMut(&Header, Entry) -> Result<()>) -> Result<(Header, u64)> {
    let unreadable = |e: &io::Error| Problem::new(&problems::TARIFF_UNREADABLE).with("detail", &e.to_string());
    let reader = input.open().map_err(|e| unreadable(&e))?;
    let lines = Rc::new(Cell::new(0));
    let mut state = State { lines: Rc::clone(&lines), header: Header::new(), index: 0, visit, failure: None };
    let mut json = serde_json::Deserializer::from_reader(Counted { reader, lines });
    let outcome =
        Node { state: &mut state, depth: 0, name: String::new() }.deserialize(&mut json).and_then(|()| json.end());
    if let Some(problem) = state.failure {
        return Err(problem);
    }
    match outcome {
        Ok(()) if state.index == 0 => Err(Problem::new(&problems::TARIFF_NO_ROWS)),
        Ok(()) => Ok((state.header, state.index)),
        Err(e) => Err(broken(&e)),
    }
}

fn broken(e: &serde_json::Error) -> Problem {
    let (line, detail) = (e.line().to_string(), e.to_string());
    let code = match e.classify() {
        serde_json::error::Category::Io => &problems::TARIFF_UNREADABLE,
        serde_json::error::Category::Eof => &problems::TARIFF_CUT,
        _ if detail.contains("unicode code point") => &problems::TARIFF_ENCODING,
        _ => &problems::TARIFF_BROKEN,
    };
    Problem::new(code).with("line", &line).with("column", &e.column().to_string()).with("detail", &detail)
}

/// Counts line ends as the parser consumes them, byte by byte.
struct Counted {
    reader: Box<dyn Read>,
    lines: Rc<Cell<u64>>,
}

impl Read for Counted {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = self.reader.read(out)?;
        let ends = out[..n].iter().filter(|b| **b == b'\n').count() as u64;
        self.lines.set(self.lines.get() + ends);
        Ok(n)
    }
}

struct State<'v> {
    lines: Rc<Cell<u64>>,
    header: Header,
    index: u64,
    visit: &'v mut dyn FnMut(&Header, Entry) -> Result<()>,
    failure: Option<Problem>,
}

/// Deeper envelopes than this hold no list of tariffs.
const ENVELOPE_DEPTH: usize = 4;

/// A value of the envelope.
struct Node<'s, 'v> {
    state: &'s mut State<'v>,
    depth: usize,
    name: String,
}

impl Node<'_, '_> {
    fn note<E>(self, value: Value) -> Result<(), E> {
        if !self.name.is_empty() {
            self.state.header.entry(self.name).or_insert(value);
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Node<'_, '_> {
    type Value = ();
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_, '_> {
    type Value = ();
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of tariffs")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if self.depth < ENVELOPE_DEPTH {
                map.next_value_seed(Node { state: &mut *self.state, depth: self.depth + 1, name })?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let mut objects = self.depth == 0;
        while let Some((line, value)) = seq.next_element_seed(Element { lines: &self.state.lines })? {
            objects |= value.is_object();
            if !objects {
                continue; // a list of words in the envelope, not of tariffs
            }
            let entry = Entry { index: self.state.index, line, group: self.name.clone(), value };
            self.state.index += 1;
            if let Err(problem) = (self.state.visit)(&self.state.header, entry) {
                self.state.failure = Some(problem);
                return Err(de::Error::custom("stopped"));
            }
        }
        Ok(())
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<(), E> {
        self.note(text.into())
    }
    fn visit_i64<E: de::Error>(self, n: i64) -> Result<(), E> {
        self.note(n.into())
    }
    fn visit_u64<E: de::Error>(self, n: u64) -> Result<(), E> {
        self.note(n.into())
    }
    fn visit_f64<E: de::Error>(self, n: f64) -> Result<(), E> {
        self.note(n.into())
    }
    fn visit_bool<E: de::Error>(self, b: bool) -> Result<(), E> {
        self.note(b.into())
    }
    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        Ok(())
    }
}

/// An element of the list, with the line it begins in.
struct Element<'s> {
    lines: &'s Cell<u64>,
}

impl<'de> DeserializeSeed<'de> for Element<'_> {
    type Value = (u64, Value);
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Element<'_> {
    type Value = (u64, Value);
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a tariff")
    }
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let line = self.lines.get() + 1; // the brace is consumed, nothing after it
        let mut row = Map::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            row.insert(name, value);
        }
        Ok((line, Value::Object(row)))
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        let line = self.lines.get() + 1;
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok((line, Value::Array(Vec::new())))
    }
    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok((self.lines.get() + 1, text.into()))
    }
    fn visit_i64<E: de::Error>(self, n: i64) -> Result<Self::Value, E> {
        Ok((self.lines.get() + 1, n.into()))
    }
    fn visit_u64<E: de::Error>(self, n: u64) -> Result<Self::Value, E> {
        Ok((self.lines.get() + 1, n.into()))
    }
    fn visit_f64<E: de::Error>(self, n: f64) -> Result<Self::Value, E> {
        Ok((self.lines.get() + 1, n.into()))
    }
    fn visit_bool<E: de::Error>(self, b: bool) -> Result<Self::Value, E> {
        Ok((self.lines.get() + 1, b.into()))
    }
    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok((self.lines.get() + 1, Value::Null))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &[u8]) -> Result<(Header, Vec<Entry>)> {
        let input = Input::Bytes { name: "t.json".into(), bytes: Arc::new(text.to_vec()) };
        let mut entries = Vec::new();
        let (header, total) = read(&input, &mut |_, entry| {
            entries.push(entry);
            Ok(())
        })?;
        assert_eq!(total, entries.len() as u64);
        Ok((header, entries))
    }

    #[test]
    fn rows_are_found_in_any_envelope_with_their_lines() {
        let (header, found) = rows(
            "\u{feff}{\n \"province\": \"青海\",\n \"plans\": [\n  {\"id\": 1},\n\n  {\n   \"id\": 2}\n ]\n}\n"
                .as_bytes(),
        )
        .unwrap();
        assert_eq!(header["province"], "青海");
        assert_eq!(found.iter().map(|e| (e.index, e.line)).collect::<Vec<_>>(), [(0, 4), (1, 6)]);
        let (_, top) = rows(b"[{\"id\":1},{\"id\":2},7]").unwrap();
        assert_eq!(top.len(), 3, "a scalar in the list itself is a row to refuse");
        let (_, deep) =
            rows(br#"{"code":0,"columns":["a","b"],"data":{"rows":[{"id":1}],"more":{"x":[{"id":2}]}}}"#).unwrap();
        assert_eq!(deep.iter().map(|e| e.group.as_str()).collect::<Vec<_>>(), ["rows", "x"]);
    }

    #[test]
    fn a_cut_a_broken_a_foreign_and_an_empty_file_are_told_apart() {
        let code = |text: &[u8]| rows(text).unwrap_err().code.id;
        assert_eq!(code(b"{\"plans\":[{\"id\":1},{\"id\":"), "tariff.truncated");
        assert_eq!(code(b""), "tariff.truncated");
        assert_eq!(code(b"{\"plans\":[{\"id\":1},{\"id\":1}"), "tariff.truncated");
        assert_eq!(code(b"[{\"id\":1},}"), "tariff.broken");
        assert_eq!(code(b"[{\"id\":1}] trailing"), "tariff.broken");
        assert_eq!(code(b"[{\"name\":\"\xc1\xf7\xc1\xbf\"}]"), "tariff.encoding");
        assert_eq!(code(b"{\"plans\":[]}"), "tariff.no_rows");
        assert_eq!(code(b"3"), "tariff.no_rows");
        assert_eq!(code(format!("[{{\"x\":{}", "[".repeat(5_000)).as_bytes()), "tariff.broken", "depth is limited");
        let cut = rows(b"{\"plans\":[\n{\"id\":1},\n{\"id\":").unwrap_err();
        assert!(
            cut.reason(kernel::Lang::En).contains("line 3")
                && cut.help(kernel::Lang::En).contains("Nothing was written")
        );
    }
}
