//! Why a figure is what it is, in words.

use crate::{
    engine::{Line, Rated, Step, Why},
    plan::Round,
};
use kernel::Money;
use usage::Record;

type Note = (String, String);

/// `3 h 2 min 5 s`, `1.50 GB`: for notes, where units help and exactness stands beside.
fn quantity(unit: &str, n: u128) -> Note {
    match unit {
        "s" => {
            let (m, s) = (n / 60, n % 60);
            (format!("{m} 分 {s} 秒"), format!("{m} min {s} s"))
        }
        "B" => {
            let text = if n >= 1 << 30 {
                format!("{}.{:02} GB", n >> 30, ((n & ((1 << 30) - 1)) * 100) >> 30)
            } else {
                format!("{}.{:02} MB", n >> 20, ((n & ((1 << 20) - 1)) * 100) >> 20)
            };
            (text.clone(), text)
        }
        "1" => (format!("{n} 条"), format!("{n}")),
        _ => (n.to_string(), n.to_string()),
    }
}

pub fn of_line(line: &Line) -> Note {
    let (mut zh, mut en) = (String::new(), String::new());
    if line.records > 0 {
        zh = format!("{} 次", line.records);
        en = format!("{} records", line.records);
        if !line.unit.is_empty() {
            let (used_zh, used_en) = quantity(line.unit, line.quantity);
            zh.push_str(&format!("，共 {used_zh}"));
            en.push_str(&format!(", {used_en}"));
        }
        if line.included > 0 {
            let (inc_zh, inc_en) = quantity(line.unit, line.included);
            zh.push_str(&format!("；套内 {inc_zh}"));
            en.push_str(&format!("; {inc_en} included"));
        }
        if line.charged_units > 0 {
            zh.push_str(&format!("；计费 {} 单位", line.charged_units));
            en.push_str(&format!("; {} units charged", line.charged_units));
        }
    }
    if line.late > 0 {
        zh.push_str(&format!("；含上账期迟到话单 {} 条", line.late));
        en.push_str(&format!("; {} of them came after their own cycle was closed", line.late));
    }
    if line.rule_id == "unrated" {
        zh.push_str("；使用时没有适用的资费，请核查");
        en.push_str("; no plan was in force: to be looked into");
    }
    (zh, en)
}

/// A discount, cap or top-up: what it was reckoned from.
pub fn of_extra(rated: &Rated, line: &Line) -> Note {
    let same = rated.lines.iter().filter(|l| l.member == line.member && l.held == line.held && l.records > 0);
    let sum: i64 = same.map(|l| l.amount.in_fen()).sum();
    let sum = Money::fen(sum);
    (format!("按本方案用量费 {sum} 计算"), format!("reckoned from {sum} of usage under this plan"))
}

fn period(round: Round) -> (&'static str, &'static str) {
    match round {
        Round::Record => ("次", "record"),
        Round::Day => ("日", "day"),
        Round::Cycle => ("账期", "cycle"),
    }
}

pub fn of_step(step: &Step, record: Option<&Record>) -> Note {
    let (mut zh, mut en) = match &step.why {
        Why::Priced if step.used.is_empty() => (String::new(), String::new()),
        Why::Priced => {
            ("套内用尽，超出部分计费".to_owned(), "the allowance is used up; the rest is charged".to_owned())
        }
        Why::Free(zh, en) => (format!("公益与免费号码（{zh}）"), format!("public-service or free number ({en})")),
        Why::FreeRule => ("免费".to_owned(), "free".to_owned()),
        Why::ZeroLength => ("时长为 0，免费".to_owned(), "length 0: free".to_owned()),
        Why::Included => ("套内".to_owned(), "included".to_owned()),
        Why::Summed(round) => {
            let (zh, en) = period(*round);
            (format!("超出部分按{zh}累计后计费"), format!("the rest is added up over the {en}"))
        }
        Why::Rounded(round, raw) => {
            let (zh, en) = period(*round);
            (format!("按{zh}累计 {raw}，向上取整"), format!("{raw} over the {en}, rounded up"))
        }
        Why::Passed => ("按话单所载费用代收".to_owned(), "the fee that the record carries".to_owned()),
        Why::NoPlan => ("没有适用的资费".to_owned(), "no plan was in force".to_owned()),
    };
    if record.is_some_and(|r| r.late) {
        let join = |text: &mut String, more: &str, sep: &str| {
            if !text.is_empty() {
                text.push_str(sep);
            }
            text.push_str(more);
        };
        join(&mut zh, "所属账期已出账，计入本账期", "；");
        join(&mut en, "its own cycle was closed: counted in this one", "; ");
    }
    (zh, en)
}
