//! What a file, a stream or a document says was used, checked in itself but not yet against anything that we know.

use crate::{Direction, Kind, problems};
use kernel::{Code, Date, Money, Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};

/// A reported record: under which number or product, when, how much.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Incoming {
    /// As the map writes it (see [`normalise`](crate::normalise)); empty where a product is named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub number: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub product_id: String,
    pub at: Timestamp,
    pub kind: Kind,
    #[serde(default)]
    pub direction: Direction,
    pub amount: u64,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub peer: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub place: String,
    #[serde(default)]
    pub fee_fen: u64,
    pub id: String,
}

/// More is a mistake of the reporting system: 116 days of talking, a pebibyte, a hundred million yuan.
const MOST_SECONDS: u64 = 10_000_000;
const MOST_MESSAGES: u64 = 1_000_000;
const MOST_BYTES: u64 = 1 << 50;
const MOST_FEN: u64 = 10_000_000_000;

/// The texts of one row, before anything is known about them.
#[derive(Clone, Copy, Default, Debug)]
pub struct Texts<'a> {
    pub number: &'a str,
    pub product_id: &'a str,
    pub at: &'a str,
    pub kind: &'a str,
    pub direction: &'a str,
    pub amount: &'a str,
    /// What one of the amount is: `s`, `min`, `h`, `B`, `KB`, `MB`, `GB`, `1`; empty for the kind's own.
    pub unit: &'a str,
    pub peer: &'a str,
    pub place: &'a str,
    /// In yuan.
    pub fee: &'a str,
    pub id: &'a str,
}

fn refuse(code: &'static Code, value: &str) -> Problem {
    Problem::new(code).with("value", &value.chars().take(80).collect::<String>())
}

impl Incoming {
    pub fn parse(t: &Texts<'_>) -> Result<Self> {
        let id = word(t.id, 64).ok_or_else(|| refuse(&problems::NO_ID, t.id))?;
        if id.is_empty() {
            return Err(refuse(&problems::NO_ID, ""));
        }
        let at = time(t.at).ok_or_else(|| refuse(&problems::TIME, t.at))?;
        let kind = Kind::parse(t.kind).ok_or_else(|| refuse(&problems::KIND, t.kind))?;
        let direction = Direction::parse(t.direction).ok_or_else(|| refuse(&problems::DIRECTION, t.direction))?;
        let number = word(&crate::normalise(t.number), 64).ok_or_else(|| refuse(&problems::NUMBER, t.number))?;
        let product_id = word(t.product_id, 64).ok_or_else(|| refuse(&problems::NUMBER, t.product_id))?;
        if number.is_empty() && product_id.is_empty() {
            return Err(refuse(&problems::NUMBER, ""));
        }
        let fee_fen = fee(t.fee)?;
        let amount = match (kind, t.amount.trim()) {
            (Kind::Sms | Kind::Mms | Kind::Content, "") => 1,
            (_, text) => amount(kind, text, t.unit)?,
        };
        let peer = word(&peer(t.peer), 64).ok_or_else(|| refuse(&problems::PEER, t.peer))?;
        let place = word(&place(t.place), 16).ok_or_else(|| refuse(&problems::PLACE, t.place))?;
        Ok(Self { number, product_id, at, kind, direction, amount, peer, place, fee_fen, id }).and_then(Self::checked)
    }

    /// Fails where an amount is larger than anything real: sums of many can then never overflow.
    pub fn checked(self) -> Result<Self> {
        let most = match self.kind {
            Kind::Call => MOST_SECONDS,
            Kind::Sms | Kind::Mms | Kind::Content => MOST_MESSAGES,
            Kind::Data => MOST_BYTES,
        };
        if self.amount > most || self.fee_fen > MOST_FEN {
            return Err(refuse(&problems::OVERFLOW, &self.amount.max(self.fee_fen).to_string()));
        }
        Ok(Self { at: Timestamp::from_micros(self.at.millis() * 1_000), ..self })
    }
}

/// Trimmed, at most so many characters, none of them a control character.
fn word(text: &str, most: usize) -> Option<String> {
    let text = text.trim();
    let fine = text.chars().count() <= most && !text.chars().any(|c| c.is_control() || c == '\u{fffd}');
    fine.then(|| text.to_owned())
}

fn peer(text: &str) -> String {
    match kernel::Phone::parse(text) {
        Ok(phone) => phone.as_str().to_owned(),
        Err(_) => text.to_owned(),
    }
}

fn place(text: &str) -> String {
    match text.trim() {
        "home" | "local" | "本地" | "归属地" | "非漫游" => String::new(),
        other => other.to_owned(),
    }
}

fn fee(text: &str) -> Result<u64> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(0);
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.split('.').next().is_some_and(|whole| whole.len() > 12 && whole.bytes().all(|b| b.is_ascii_digit())) {
        return Err(refuse(&problems::OVERFLOW, text));
    }
    let money = Money::parse_yuan(text).map_err(|_| refuse(&problems::FEE, text))?;
    u64::try_from(money.in_fen()).map_err(|_| refuse(&problems::NEGATIVE, text))
}

/// A decimal number of units as the kind's own unit: a begun second counts, a begun byte does not.
fn amount(kind: Kind, text: &str, unit: &str) -> Result<u64> {
    let malformed = || refuse(&problems::AMOUNT, text);
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let numeric = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !numeric(whole) || !numeric(fraction) || fraction.len() > 18 {
        return Err(malformed());
    }
    if negative && digits.bytes().any(|b| (b'1'..=b'9').contains(&b)) {
        return Err(refuse(&problems::NEGATIVE, text));
    }
    let factor = factor(kind, unit).ok_or_else(|| refuse(&problems::UNIT, unit))?;
    let overflow = || refuse(&problems::OVERFLOW, text);
    let scale = 10u128.pow(fraction.len() as u32);
    let value = format!("{whole}{fraction}").parse::<u128>().ok().filter(|n| *n < 1 << 100).ok_or_else(overflow)?;
    let scaled = value.checked_mul(u128::from(factor)).ok_or_else(overflow)?;
    let amount = if kind == Kind::Data { scaled / scale } else { scaled.div_ceil(scale) };
    u64::try_from(amount).map_err(|_| overflow())
}

/// How many of the kind's own units one of `unit` is.
fn factor(kind: Kind, unit: &str) -> Option<u64> {
    let unit = unit.trim().to_lowercase();
    Some(match (kind, unit.as_str()) {
        (_, "") => 1,
        (Kind::Call, "s" | "sec" | "second" | "seconds" | "秒") => 1,
        (Kind::Call, "min" | "minute" | "minutes" | "分" | "分钟") => 60,
        (Kind::Call, "h" | "hour" | "hours" | "小时") => 3_600,
        (Kind::Data, "b" | "byte" | "bytes" | "字节") => 1,
        (Kind::Data, "kb" | "k" | "kib") => 1 << 10,
        (Kind::Data, "mb" | "m" | "mib" | "兆") => 1 << 20,
        (Kind::Data, "gb" | "g" | "gib") => 1 << 30,
        (Kind::Sms | Kind::Mms | Kind::Content, "1" | "条" | "次" | "message" | "messages" | "event") => 1,
        _ => return None,
    })
}

/// RFC 3339, `2026-11-22 09:00:00`, `2026/11/22 9:05`, `20261122090000`, or a day; without a zone it is China's time.
pub fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(at) = Timestamp::parse(text) {
        return Some(at);
    }
    if text.len() == 14 && text.bytes().all(|b| b.is_ascii_digit()) {
        let clock = format!("{}:{}:{}", &text[8..10], &text[10..12], &text[12..14]);
        return at(&text[..8], &clock);
    }
    let (day, clock) = text.split_once([' ', 'T'])?;
    at(day, clock.trim())
}

fn at(day: &str, clock: &str) -> Option<Timestamp> {
    let day = Date::parse(&padded(day)?).ok()?;
    let (clock, fraction) = clock.split_once('.').unwrap_or((clock, ""));
    let mut parts = clock.split(':').map(|p| (p.len() <= 2).then(|| p.parse::<i64>().ok()).flatten());
    let (hour, minute, second) = (parts.next()??, parts.next()??, parts.next().unwrap_or(Some(0))?);
    if parts.next().is_some() || !(0..24).contains(&hour) || !(0..60).contains(&minute) || !(0..60).contains(&second) {
        return None;
    }
    let millis = match fraction.get(..3).unwrap_or(fraction) {
        "" => 0,
        digits if fraction.bytes().all(|b| b.is_ascii_digit()) => format!("{digits:0<3}").parse::<i64>().ok()?,
        _ => return None,
    };
    Some(day.start().plus_seconds(hour * 3_600 + minute * 60 + second).plus_millis(millis))
}

/// `2026-1-5` as `2026-01-05`.
fn padded(day: &str) -> Option<String> {
    let parts: Vec<&str> = day.split(['-', '/']).collect();
    match parts.as_slice() {
        [_] => Some(day.to_owned()),
        [y, m, d] if m.len() <= 2 && d.len() <= 2 => Some(format!("{y}-{m:0>2}-{d:0>2}")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row<'a>() -> Texts<'a> {
        Texts {
            number: "139 0013 8000",
            at: "2026-11-22 09:00:00",
            kind: "语音",
            amount: "61",
            id: "A1",
            ..Texts::default()
        }
    }
    fn code(t: &Texts<'_>) -> &'static str {
        Incoming::parse(t).unwrap_err().code.id
    }

    #[test]
    fn amounts_become_the_own_unit_exactly() {
        assert_eq!(amount(Kind::Call, "8.52", "min").unwrap(), 512);
        assert_eq!(amount(Kind::Call, "0.01", "分钟").unwrap(), 1);
        assert_eq!(amount(Kind::Call, "0", "").unwrap(), 0);
        assert_eq!(amount(Kind::Data, "112.95", "MB").unwrap(), 118_436_659);
        assert_eq!(amount(Kind::Data, "1", "gb").unwrap(), 1 << 30);
        assert_eq!(amount(Kind::Call, "-0", "").unwrap(), 0);
    }

    #[test]
    fn what_cannot_be_is_refused_by_name() {
        assert_eq!(code(&Texts { amount: "-5", ..row() }), "usage.negative");
        assert_eq!(code(&Texts { amount: "99999999999999999999999999999999999999999999", ..row() }), "usage.overflow");
        assert_eq!(code(&Texts { amount: "18446744073709551615", unit: "h", ..row() }), "usage.overflow");
        assert_eq!(code(&Texts { amount: "10000001", ..row() }), "usage.overflow");
        assert_eq!(code(&Texts { amount: "1e9", ..row() }), "usage.amount");
        assert_eq!(code(&Texts { amount: "NaN", ..row() }), "usage.amount");
        assert_eq!(code(&Texts { amount: "", ..row() }), "usage.amount");
        assert_eq!(code(&Texts { unit: "MB", ..row() }), "usage.unit");
        assert_eq!(code(&Texts { id: " ", ..row() }), "usage.no_id");
        assert_eq!(code(&Texts { at: "2026-02-29 00:00:00", ..row() }), "usage.time");
        assert_eq!(code(&Texts { at: "2026-11-22 25:00:00", ..row() }), "usage.time");
        assert_eq!(code(&Texts { kind: "fax", ..row() }), "usage.kind");
        assert_eq!(code(&Texts { number: "", ..row() }), "usage.number");
        assert_eq!(code(&Texts { number: "139\u{0}", ..row() }), "usage.number");
        assert_eq!(code(&Texts { fee: "-1.00", ..row() }), "usage.negative");
        assert_eq!(code(&Texts { fee: "9999999999999999", ..row() }), "usage.overflow");
        assert_eq!(code(&Texts { fee: "1.234", ..row() }), "usage.fee");
        assert_eq!(code(&Texts { direction: "sideways", ..row() }), "usage.direction");
    }

    #[test]
    fn times_are_read_in_their_usual_spellings() {
        let nine = Timestamp::parse("2026-11-22T01:00:00Z").unwrap();
        for text in [
            "2026-11-22 09:00:00",
            "2026/11/22 9:00",
            "20261122090000",
            "2026-11-22T09:00:00+08:00",
            "2026-11-22T09:00:00.000",
        ] {
            assert_eq!(time(text), Some(nine), "{text}");
        }
        assert_eq!(time("2028-02-29 00:00:00").unwrap().date().to_string(), "2028-02-29");
        assert_eq!(time("2026-11-22 09:00:00.5").unwrap().micros() - nine.micros(), 500_000);
        for bad in ["", "yesterday", "2026-11-22 9", "2026-11-31 00:00:00", "2026-11-22 09:00:00.x", "20261122096100"] {
            assert_eq!(time(bad), None, "{bad}");
        }
    }
}
