//! Which column of a file is what, by the names that such files usually have; a unit may stand in the name, `时长(分钟)`.

use crate::{Texts, problems};
use kernel::{Problem, Result};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Column {
    Number,
    Product,
    Time,
    Kind,
    Direction,
    Amount,
    Unit,
    Peer,
    Place,
    Fee,
    Id,
}

const NAMES: [(Column, &[&str]); 11] = [
    (
        Column::Number,
        &["number", "msisdn", "phone", "servicenumber", "号码", "用户号码", "计费号码", "手机号", "业务号码"],
    ),
    (Column::Product, &["productid", "product", "产品编号", "产品实例", "产品"]),
    (
        Column::Time,
        &["at", "time", "start", "starttime", "startedat", "usagedate", "date", "开始时间", "时间", "起始时间", "日期"],
    ),
    (Column::Kind, &["kind", "type", "usagetype", "业务类型", "类型", "话单类型"]),
    (Column::Direction, &["direction", "方向", "呼叫类型", "主被叫"]),
    (
        Column::Amount,
        &["amount", "quantity", "duration", "volume", "usage", "用量", "时长", "通话时长", "流量", "数量"],
    ),
    (Column::Unit, &["unit", "单位"]),
    (Column::Peer, &["peer", "other", "othernumber", "called", "apn", "对端", "对端号码", "对方号码"]),
    (Column::Place, &["place", "roaming", "zone", "使用地", "漫游地", "通话地", "漫游"]),
    (Column::Fee, &["fee", "price", "费用", "金额", "信息费"]),
    (Column::Id, &["id", "recordid", "sourceid", "serial", "cdrid", "流水号", "话单号", "话单流水", "编号"]),
];

#[derive(Debug)]
pub(crate) struct Columns {
    at: [Option<usize>; 11],
    unit: String,
}

impl Columns {
    pub fn parse<'h>(header: impl Iterator<Item = &'h str>) -> Result<Self> {
        let mut columns = Self { at: [None; 11], unit: String::new() };
        for (i, name) in header.enumerate() {
            let name = name.trim_start_matches('\u{feff}').to_lowercase();
            let (name, unit) = match name.split_once(['(', '（']) {
                Some((name, unit)) => (name.to_owned(), unit.trim_end_matches([')', '）']).to_owned()),
                None => (name, String::new()),
            };
            let plain: String = name.chars().filter(|c| !matches!(c, ' ' | '_' | '-' | '"')).collect();
            let Some((column, _)) = NAMES.iter().find(|(_, names)| names.contains(&plain.as_str())) else { continue };
            let place = &mut columns.at[*column as usize];
            if place.is_none() {
                *place = Some(i);
                if *column == Column::Amount {
                    columns.unit = unit;
                }
            }
        }
        let has = |c: Column| columns.at[c as usize].is_some();
        let mut missing = Vec::new();
        if !has(Column::Number) && !has(Column::Product) {
            missing.push("number 号码");
        }
        for (column, name) in [
            (Column::Time, "start 开始时间"),
            (Column::Kind, "kind 业务类型"),
            (Column::Amount, "amount 用量"),
            (Column::Id, "id 流水号"),
        ] {
            if !has(column) {
                missing.push(name);
            }
        }
        match missing.is_empty() {
            true => Ok(columns),
            false => Err(Problem::new(&problems::HEADER).with("detail", &missing.join(", "))),
        }
    }

    /// The row's texts; a short row lacks the last ones.
    pub fn texts<'r>(&'r self, row: &'r csv::StringRecord) -> Texts<'r> {
        let text = |c: Column| self.at[c as usize].and_then(|i| row.get(i)).unwrap_or("");
        let unit = text(Column::Unit);
        Texts {
            number: text(Column::Number),
            product_id: text(Column::Product),
            at: text(Column::Time),
            kind: text(Column::Kind),
            direction: text(Column::Direction),
            amount: text(Column::Amount),
            unit: if unit.is_empty() { &self.unit } else { unit },
            peer: text(Column::Peer),
            place: text(Column::Place),
            fee: text(Column::Fee),
            id: text(Column::Id),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_known_in_both_languages_and_may_name_a_unit() {
        let columns =
            Columns::parse(["\u{feff}号码", "业务类型", "开始时间", "时长（分钟）", "流水号"].into_iter()).unwrap();
        let row = csv::StringRecord::from(vec!["13900138000", "语音", "2026-11-22 09:00", "1.5", "7"]);
        let record = crate::Incoming::parse(&columns.texts(&row)).unwrap();
        assert_eq!((record.amount, record.id.as_str()), (90, "7"));
        Columns::parse(["Number", "Kind", "Start Time", "Amount", "record_id", "unit"].into_iter()).unwrap();
        let problem = Columns::parse(["kind", "time"].into_iter()).unwrap_err();
        assert!(problem.params.iter().any(|(_, v)| v.contains("number") && v.contains("amount") && v.contains("id")));
    }
}
