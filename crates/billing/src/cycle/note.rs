//! How an amount came about, in few bytes: a year of bills of a million accounts holds tens of millions of these.
//!
//! A line keeps a short code with its figures; both languages are written from it when somebody looks. Lines of other
//! origin keep their text: `~Chinese~English`, or Chinese alone.

use kernel::{Date, Money};

/// What a line says about itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Note {
    /// A whole cycle at this amount.
    Whole(Money),
    /// So many days of a monthly amount; the divisor that a month counts.
    Part {
        monthly: Money,
        divisor: i64,
        days: i64,
        from: Date,
        to: Date,
    },
    /// An amount that covers several months, from a day on.
    Months {
        months: i64,
        from: Date,
        to: Date,
    },
    /// A discount in percent, or of an amount a month, and its last day.
    Percent {
        percent: i64,
        until: Option<Date>,
    },
    Off {
        amount: Money,
        until: Option<Date>,
    },
    /// The fee of a voluntary suspension: monthly amount, numerator, denominator, days; whole cycle where days are none.
    Suspended {
        monthly: Money,
        months: i64,
        year: i64,
        days: Option<i64>,
    },
    /// Credits that were more than the charges went to the balance.
    ToBalance,
}

fn until(day: &Option<Date>) -> String {
    day.map(|d| d.to_string()).unwrap_or_default()
}

impl Note {
    pub fn code(&self) -> String {
        match self {
            Self::Whole(amount) => format!("=W:{}", amount.in_fen()),
            Self::Part { monthly, divisor, days, from, to } => {
                format!("=P:{}:{divisor}:{days}:{from}:{to}", monthly.in_fen())
            }
            Self::Months { months, from, to } => format!("=N:{months}:{from}:{to}"),
            Self::Percent { percent, until: day } => format!("=%:{percent}:{}", until(day)),
            Self::Off { amount, until: day } => format!("=-:{}:{}", amount.in_fen(), until(day)),
            Self::Suspended { monthly, months, year, days } => {
                format!("=S:{}:{months}:{year}:{}", monthly.in_fen(), days.unwrap_or(0))
            }
            Self::ToBalance => "=B".to_owned(),
        }
    }

    fn parse(code: &str) -> Option<Self> {
        let parts: Vec<&str> = code.split(':').collect();
        let int = |n: usize| parts.get(n)?.parse::<i64>().ok();
        let fen = |n: usize| int(n).map(Money::fen);
        let day = |n: usize| parts.get(n).and_then(|t| Date::parse(t).ok());
        Some(match *parts.first()? {
            "=W" => Self::Whole(fen(1)?),
            "=P" => Self::Part { monthly: fen(1)?, divisor: int(2)?, days: int(3)?, from: day(4)?, to: day(5)? },
            "=N" => Self::Months { months: int(1)?, from: day(2)?, to: day(3)? },
            "=%" => Self::Percent { percent: int(1)?, until: day(2) },
            "=-" => Self::Off { amount: fen(1)?, until: day(2) },
            "=S" => {
                Self::Suspended { monthly: fen(1)?, months: int(2)?, year: int(3)?, days: int(4).filter(|d| *d > 0) }
            }
            "=B" => Self::ToBalance,
            _ => return None,
        })
    }

    /// Chinese and English.
    pub fn texts(&self) -> (String, String) {
        match self {
            Self::Whole(amount) => (format!("整月 {amount} 元"), format!("whole month, {amount} yuan")),
            Self::Part { monthly, divisor, days, from, to } => (
                format!("月费 {monthly} 元 ÷ {divisor} × {days} 天（{from} 至 {to}）"),
                format!("{monthly} yuan a month ÷ {divisor} × {days} days ({from} to {to})"),
            ),
            Self::Months { months, from, to } => (
                format!("预收 {months} 个月（{from} 至 {to}）"),
                format!("{months} months in advance ({from} to {to})"),
            ),
            Self::Percent { percent, until } => with_end(format!("减 {percent}%"), format!("{percent}% off"), *until),
            Self::Off { amount, until } => {
                with_end(format!("每月减 {amount} 元"), format!("{amount} yuan off a month"), *until)
            }
            Self::Suspended { monthly, days: None, .. } => {
                (format!("停机保号整月 {monthly} 元"), format!("suspended the whole month, {monthly} yuan"))
            }
            Self::Suspended { monthly, months, year, days: Some(days) } => (
                format!("月费 {monthly} 元 × {months} ÷ {year} × {days} 天"),
                format!("{monthly} yuan a month × {months} ÷ {year} × {days} days"),
            ),
            Self::ToBalance => {
                ("抵扣大于费用的部分转入账户余额".into(), "credits beyond the charges went to the balance".into())
            }
        }
    }
}

fn with_end(zh: String, en: String, end: Option<Date>) -> (String, String) {
    match end {
        Some(end) => (format!("{zh}，至 {end}"), format!("{en} until {end}")),
        None => (zh, en),
    }
}

/// Two texts as a line keeps them.
pub fn both(zh: &str, en: &str) -> String {
    if en.is_empty() || en == zh { zh.to_owned() } else { format!("~{}~{en}", zh.replace('~', "～")) }
}

/// What a line keeps, in Chinese and English.
pub fn read(kept: &str) -> (String, String) {
    if let Some((zh, en)) = kept.strip_prefix('~').and_then(|rest| rest.split_once('~')) {
        return (zh.to_owned(), en.to_owned());
    }
    match Note::parse(kept) {
        Some(note) => note.texts(),
        None => (kept.to_owned(), kept.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_read_again_in_both_languages() {
        let day = Date::parse("2026-11-16").unwrap();
        let fen = Money::fen;
        for note in [
            Note::Whole(fen(12_900)),
            Note::Part { monthly: fen(300_000), divisor: 30, days: 15, from: day, to: day.last_of_month() },
            Note::Months { months: 12, from: day, to: day.plus_months(12) },
            Note::Percent { percent: 50, until: Some(day) },
            Note::Off { amount: fen(1_000), until: None },
            Note::Suspended { monthly: fen(500), months: 12, year: 365, days: Some(10) },
            Note::Suspended { monthly: fen(500), months: 12, year: 365, days: None },
            Note::ToBalance,
        ] {
            assert_eq!(Note::parse(&note.code()).as_ref(), Some(&note));
            assert_eq!(read(&note.code()), note.texts());
        }
        assert_eq!(read(&both("一次性费用", "one-time charge")), ("一次性费用".into(), "one-time charge".into()));
        assert_eq!(read("整月 129.00 元").1, "整月 129.00 元");
        assert_eq!(read("=?").0, "=?");
    }
}
