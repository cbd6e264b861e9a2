//! The files exchanged with a bank. Lines end with CRLF, fields are parted by `|`, amounts are whole fen.
//!
//! ```text
//! out       H|YT01|batch|bank|date|lines|total              D|seq|agreement|bank account|payer|amount|account number   T|lines|total
//! answer    H|YT02|batch|bank|date|lines|total|serial       D|seq|code|amount|bank reference                          T|lines|total
//! reversal  H|YT03|batch|bank|date|0|0|serial|serial of the answer                                                    T|0|0
//! ```
//! The total of an answer is the sum of its collected amounts.

use crate::problems;
use encoding_rs::GBK;
use kernel::{Money, Problem, Result};

/// A line of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    pub line: i64,
    pub seq: i64,
    pub code: String,
    pub amount: Money,
    pub bank_ref: String,
}

/// An answer or a reversal as the bank sent it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Incoming {
    pub batch_no: String,
    pub bank: String,
    pub serial: String,
    /// The serial of the answer that is taken back.
    pub reverses: Option<String>,
    pub lines: Vec<Line>,
    pub total: Money,
}

/// A line of a file for the bank.
pub struct Asked<'a> {
    pub seq: i64,
    pub agreement_no: &'a str,
    pub bank_account: &'a str,
    pub payer: &'a str,
    pub amount: Money,
    pub account_no: &'a str,
}

/// Text of a bank's file, in UTF-8 or GBK, whichever it is.
pub fn text(bytes: &[u8]) -> Result<String> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(text.to_owned());
    }
    let (text, _, broken) = GBK.decode(bytes);
    if broken { Err(Problem::new(&problems::ENCODING).with("value", "GBK")) } else { Ok(text.into_owned()) }
}

/// Bytes of a file for the bank.
pub fn bytes(text: &str, encoding: &str) -> Result<Vec<u8>> {
    match encoding {
        "utf-8" => Ok(text.as_bytes().to_vec()),
        "gbk" => {
            let (bytes, _, lost) = GBK.encode(text);
            // A name that GBK has no character for would come out as something else.
            if lost { Err(Problem::new(&problems::ENCODING).with("value", "GBK")) } else { Ok(bytes.into_owned()) }
        }
        other => Err(Problem::new(&problems::ENCODING).with("value", other)),
    }
}

/// Writes the file for a bank.
pub fn write(batch_no: &str, bank: &str, date: &str, asked: &[Asked<'_>]) -> Result<String> {
    let mut total = Money::ZERO;
    for a in asked {
        total = total.plus(a.amount)?;
    }
    let (count, total) = (asked.len(), total.in_fen());
    let mut text = format!("H|YT01|{batch_no}|{bank}|{}|{count}|{total}\r\n", date.replace('-', ""));
    for a in asked {
        let payer: String = a.payer.chars().map(|c| if c == '|' || c.is_control() { ' ' } else { c }).collect();
        let (seq, agreement, account, no) = (a.seq, a.agreement_no, a.bank_account, a.account_no);
        text.push_str(&format!("D|{seq:06}|{agreement}|{account}|{payer}|{}|{no}\r\n", a.amount.in_fen()));
    }
    text.push_str(&format!("T|{count}|{total}\r\n"));
    Ok(text)
}

/// Reads what a bank sent. Totals must fit: a file that was cut off is not taken.
pub fn read(text: &str) -> Result<Incoming> {
    let wrong = |line: usize, detail: &str| {
        Problem::new(&problems::FILE_FORMAT).with("line", &line.to_string()).with("detail", detail)
    };
    let rows: Vec<(usize, Vec<&str>)> = text
        .lines()
        .enumerate()
        .filter(|(_, l)| !l.trim().is_empty())
        .map(|(n, l)| (n + 1, l.trim_end_matches('\r').split('|').map(str::trim).collect()))
        .collect();
    let [(_, head), body @ .., (last, tail)] = rows.as_slice() else { return Err(wrong(1, "H, D…, T")) };
    let whole = |n: usize, field: &str, value: &str| {
        value.parse::<i64>().ok().filter(|v| (0..=1_000_000_000_000).contains(v)).ok_or_else(|| wrong(n, field))
    };
    let (batch_no, bank, count, total, serial, reverses) = match head.as_slice() {
        ["H", "YT02", batch, bank, _, count, total, serial] => (batch, bank, count, total, serial, None),
        ["H", "YT03", batch, bank, _, count, total, serial, of] => (batch, bank, count, total, serial, Some(*of)),
        _ => return Err(wrong(1, "H|YT02|… / H|YT03|…")),
    };
    if serial.is_empty() || serial.len() > 40 || reverses.is_some_and(str::is_empty) {
        return Err(wrong(1, "serial"));
    }
    let (count, total) = (whole(1, "lines", count)?, whole(1, "total", total)?);
    let ["T", tail_count, tail_total] = tail.as_slice() else { return Err(wrong(*last, "T|lines|total")) };
    if whole(*last, "lines", tail_count)? != count || whole(*last, "total", tail_total)? != total {
        return Err(Problem::new(&problems::FILE_TOTALS).with("detail", "H ≠ T"));
    }
    let mut lines = Vec::with_capacity(body.len());
    let mut sum = Money::ZERO;
    for (n, row) in body {
        let ["D", seq, code, amount, bank_ref] = row.as_slice() else {
            return Err(wrong(*n, "D|seq|code|amount|reference"));
        };
        let code_fits = !code.is_empty() && code.len() <= 8 && code.bytes().all(|b| b.is_ascii_alphanumeric());
        if !code_fits || bank_ref.chars().count() > 60 {
            return Err(wrong(*n, "code, reference"));
        }
        let amount = Money::fen(whole(*n, "amount", amount)?);
        if *code == "0000" {
            sum = sum.plus(amount)?;
        }
        let line = i64::try_from(*n).unwrap_or(0);
        lines.push(Line {
            line,
            seq: whole(*n, "seq", seq)?,
            code: (*code).to_owned(),
            amount,
            bank_ref: (*bank_ref).to_owned(),
        });
    }
    if i64::try_from(lines.len()).unwrap_or(-1) != count || sum != Money::fen(total) {
        let detail = format!("{} / {count}, {sum} / {}", lines.len(), Money::fen(total));
        return Err(Problem::new(&problems::FILE_TOTALS).with("detail", &detail));
    }
    Ok(Incoming {
        batch_no: (*batch_no).to_owned(),
        bank: (*bank).to_owned(),
        serial: (*serial).to_owned(),
        reverses: reverses.map(str::to_owned),
        lines,
        total: Money::fen(total),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANSWER: &str = "H|YT02|TS-1|102|20261123|2|5000|R1\r\nD|1|0000|5000|B77\r\nD|000002|1001|0|\r\nT|2|5000\r\n";

    #[test]
    fn an_answer_is_read_whole_or_not_at_all() {
        let read_one = read(ANSWER).unwrap();
        assert_eq!((read_one.lines.len(), read_one.total, read_one.serial.as_str()), (2, Money::fen(5000), "R1"));
        assert_eq!(read_one.lines[1].seq, 2);
        for broken in [
            ANSWER.replace("T|2|5000\r\n", ""),
            ANSWER.replace("T|2|5000", "T|2|4000"),
            ANSWER.replace("|2|5000|R1", "|3|5000|R1").replace("T|2|", "T|3|"),
            ANSWER.replace("D|1|0000|5000", "D|1|0000|-5000"),
            ANSWER.replace("D|1|0000|5000", "D|1|0000|99999999999999999999"),
            ANSWER.replace("YT02", "YT09"),
            String::new(),
        ] {
            assert!(read(&broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn names_survive_gbk_and_those_that_cannot_are_refused() {
        let asked = Asked {
            seq: 1,
            agreement_no: "A1",
            bank_account: "6222",
            payer: "欧阳|娜娜",
            amount: Money::fen(1),
            account_no: "8",
        };
        let text_out = write("TS-1", "102", "2026-11-22", &[asked]).unwrap();
        assert!(text_out.contains("|欧阳 娜娜|"));
        assert_eq!(text(&bytes(&text_out, "gbk").unwrap()).unwrap(), text_out);
        assert!(bytes("😀", "gbk").is_err() && bytes("x", "big5").is_err());
    }
}
