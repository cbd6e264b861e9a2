//! Records of a CSV file with the place where each begins.
//!
//! A record ends at a line break outside quotes. A quote that is never closed must not swallow the rest of the file: a
//! record longer than [`LONGEST`] is given up, and reading goes on behind its first line.

use std::io::{BufRead, BufReader, Read, Result, Seek, SeekFrom};

const LONGEST: usize = 64 << 10;

pub(super) struct Lines<R> {
    source: BufReader<R>,
    /// Where the next record begins.
    pub position: u64,
    /// The number of the line on which it begins, from 1.
    pub line: u64,
}

/// One record as it stands in the file.
#[derive(Debug, Default)]
pub(super) struct Record {
    pub text: Vec<u8>,
    pub line: u64,
    /// A quote was opened and not closed; `text` is the first line only.
    pub broken: bool,
}

impl<R: Read + Seek> Lines<R> {
    pub fn new(source: R) -> Self {
        Self { source: BufReader::with_capacity(1 << 18, source), position: 0, line: 1 }
    }
    pub fn go_to(&mut self, position: u64, line: u64) -> Result<()> {
        self.source.seek(SeekFrom::Start(position))?;
        (self.position, self.line) = (position, line);
        Ok(())
    }
    /// The next record without its line break; empty lines are passed over. `None` at the end.
    pub fn next(&mut self) -> Result<Option<Record>> {
        loop {
            let mut record = Record { line: self.line, ..Record::default() };
            let first = self.read_line(&mut record.text)?;
            if first == 0 {
                return Ok(None);
            }
            let (mut used, mut lines) = (first, 1);
            while open_quote(&record.text) {
                let more = if record.text.len() > LONGEST { 0 } else { self.read_line(&mut record.text)? };
                if more == 0 {
                    record.text.truncate(first);
                    record.broken = true;
                    self.source.seek(SeekFrom::Start(self.position + first as u64))?;
                    (used, lines) = (first, 1);
                    break;
                }
                used += more;
                lines += 1;
            }
            self.position += used as u64;
            self.line += lines;
            while matches!(record.text.last(), Some(b'\n' | b'\r')) {
                record.text.pop();
            }
            if !record.text.iter().all(u8::is_ascii_whitespace) {
                return Ok(Some(record));
            }
        }
    }
    fn read_line(&mut self, out: &mut Vec<u8>) -> Result<usize> {
        // A "line" without any break (a binary file) must not fill the memory.
        (&mut self.source).take(1 << 20).read_until(b'\n', out)
    }
}

fn open_quote(text: &[u8]) -> bool {
    text.contains(&b'"') && text.iter().filter(|b| **b == b'"').count() % 2 == 1
}

/// The fields of a record. Quotes are taken off, doubled quotes inside become one.
pub(super) fn fields(text: &str, delimiter: char) -> Vec<String> {
    if !text.contains('"') {
        return text.split(delimiter).map(str::to_owned).collect();
    }
    let (mut all, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if quoted && chars.peek() == Some(&'"') => {
                chars.next();
                field.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if field.is_empty() => quoted = true,
            c if c == delimiter && !quoted => all.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    all.push(field);
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    fn all(text: &str) -> Vec<(u64, String, bool)> {
        let mut lines = Lines::new(Cursor::new(text.as_bytes().to_vec()));
        std::iter::from_fn(|| lines.next().unwrap())
            .map(|r| (r.line, String::from_utf8(r.text).unwrap(), r.broken))
            .collect()
    }

    #[test]
    fn quoted_line_breaks_belong_to_the_record() {
        let read = all("a,b\r\n\"x\ny\",2\n\n3,4");
        assert_eq!(read, [(1, "a,b".into(), false), (2, "\"x\ny\",2".into(), false), (5, "3,4".into(), false)]);
        assert_eq!(fields("\"x\"\"y\",,a\"b\"", ','), ["x\"y", "", "a\"b\""]);
    }

    #[test]
    fn an_unclosed_quote_costs_its_own_line_only() {
        let read = all("1,\"oops\n2,fine\n3,fine");
        assert_eq!(read[0], (1, "1,\"oops".into(), true));
        assert_eq!(read[1..], [(2, "2,fine".into(), false), (3, "3,fine".into(), false)]);
    }
}
