//! Many allocations or collections at once: by hand, from a file, by a rule. Either all or none, or the good rows with a list
//! of the refused ones.

use crate::{
    allocate::{self, Kind, Much},
    member::{self, Member},
    problems, settings, unit,
    unit::Unit,
};
use kernel::{Lang, Money, Problem, Result, Timestamp};
use serde::Serialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use store::{Row, Tx, params, sql};

/// One row: whom, how much, and the text it came from.
#[derive(Clone, Debug)]
pub struct Item {
    pub line: i64,
    pub text: String,
    /// A member's id, or its number.
    pub whom: String,
    pub much: Result<Much>,
}

#[derive(Clone, Debug)]
pub struct Batch {
    pub kind: Kind,
    /// Nothing is done where one row is refused.
    pub whole: bool,
    /// `manual`, `file`, `rule`.
    pub source: &'static str,
    /// The rule and the month it is for.
    pub rule: Option<(String, String)>,
    pub note: String,
    /// The same file may be done again.
    pub again: bool,
    pub items: Vec<Item>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    pub line: i64,
    pub content: String,
    pub code: String,
    #[serde(rename = "zh-CN")]
    pub zh: String,
    pub en: String,
}

/// What became of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Done {
    pub id: String,
    pub kind: Kind,
    pub rows: i64,
    pub done: i64,
    /// Rows for which nothing had to be moved.
    pub nothing: i64,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    #[serde(rename = "balanceFen")]
    pub balance: Money,
    pub refused: Vec<Refusal>,
}

sql! {
    INSERT = "INSERT INTO unit_batch (id, unit_id, org, kind, source, rule_id, period, digest, row_count, done, refused, amount_fen, note, \
              operator_name, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    REFUSED = "INSERT INTO unit_batch_refusal (batch_id, line, content, code, zh, en) VALUES ($1, $2, $3, $4, $5, $6)";
    SAME = "SELECT id, at FROM unit_batch WHERE unit_id = $1 AND digest = $2 AND done > 0 ORDER BY id DESC LIMIT 1";
    LIST = "SELECT id, kind, source, row_count, done, refused, amount_fen, note, operator_name, at FROM unit_batch WHERE unit_id = $1 \
            ORDER BY id DESC LIMIT $2 OFFSET $3";
    REFUSALS = "SELECT r.line, r.content, r.code, r.zh, r.en FROM unit_batch_refusal r JOIN unit_batch b ON b.id = r.batch_id \
                WHERE r.batch_id = $1 AND b.unit_id = $2 ORDER BY r.line";
    EXISTS = "SELECT 1 FROM unit_batch WHERE id = $1 AND unit_id = $2";
}

fn digest(batch: &Batch) -> String {
    let mut sum = Sha256::new();
    sum.update(batch.kind.name());
    for item in &batch.items {
        sum.update(item.text.as_bytes());
        sum.update(b"\n");
    }
    sum.finalize().iter().map(|b| format!("{b:02x}")).collect()
}

/// Does a batch. The unit is locked, then its members in one order.
pub fn run(tx: &mut Tx<'_>, unit_id: &str, batch: &Batch) -> Result<Done> {
    let unit = unit::lock(tx, unit_id)?;
    unit.must_be_active()?;
    let most = settings::MOST_ROWS.number(tx)?;
    if batch.items.is_empty() {
        return Err(Problem::new(&problems::BATCH_EMPTY));
    }
    if batch.items.len() as i64 > most {
        return Err(Problem::new(&problems::BATCH_LARGE).with("limit", &most.to_string()));
    }
    if batch.note.chars().count() > 200 {
        return Err(Problem::invalid("note", "≤ 200"));
    }
    let sum = digest(batch);
    let fresh = batch.source != "file" || batch.again;
    if let Some(row) = if fresh { None } else { tx.query_opt(&SAME, params![unit.id, sum])? } {
        let at = row.time(1).date().to_string();
        return Err(Problem::new(&problems::BATCH_SAME).with("value", row.str(0)).with("at", &at));
    }
    let members = members_by_name(tx, &unit, batch)?;
    let id = tx.new_id::<Batch>().into_string();
    let mut result = Done {
        id,
        kind: batch.kind,
        rows: batch.items.len() as i64,
        done: 0,
        nothing: 0,
        amount: Money::ZERO,
        balance: Money::ZERO,
        refused: vec![],
    };
    for item in &batch.items {
        match row(tx, &unit, batch, item, &members, &result.id) {
            Ok(moved) if moved.is_zero() => result.nothing += 1,
            Ok(moved) => {
                result.done += 1;
                result.amount = result.amount.plus(moved)?;
            }
            Err(problem) if problem.code.status < 500 => result.refused.push(refusal(item, &problem)),
            Err(problem) => return Err(problem),
        }
    }
    if batch.whole && !result.refused.is_empty() {
        let problem = Problem::new(&problems::BATCH_REFUSED).with("count", &result.refused.len().to_string());
        return Err(problem.extra("refused", json!(result.refused)));
    }
    keep(tx, &unit, batch, &result, &sum)?;
    result.balance = unit.balance(tx)?;
    let audit = json!({"kind": batch.kind, "rows": result.rows, "done": result.done, "amountFen": result.amount, "batchId": result.id});
    unit.publish(tx, if batch.kind == Kind::Allocate { "Allocation" } else { "Collection" }, audit)?;
    Ok(result)
}

/// The members the rows speak of, locked, by id and by number.
fn members_by_name(tx: &mut Tx<'_>, unit: &Unit, batch: &Batch) -> Result<BTreeMap<String, Member>> {
    let live = member::of_unit(tx, &unit.id, false)?;
    let wanted: std::collections::BTreeSet<&str> = batch.items.iter().map(|i| i.whom.as_str()).collect();
    let named = live.iter().filter(|m| wanted.contains(m.id.as_str()) || wanted.contains(m.identifier.as_str()));
    let ids: Vec<String> = named.map(|m| m.id.clone()).collect();
    let mut found = BTreeMap::new();
    for member in allocate::lock_all(tx, unit, &ids)? {
        found.insert(member.id.clone(), member.clone());
        found.insert(member.identifier.clone(), member);
    }
    Ok(found)
}

fn row(
    tx: &mut Tx<'_>,
    unit: &Unit,
    batch: &Batch,
    item: &Item,
    members: &BTreeMap<String, Member>,
    id: &str,
) -> Result<Money> {
    let much = item.much.clone()?;
    let member = members.get(&item.whom);
    let member = member.ok_or_else(|| Problem::new(&problems::MEMBER_UNKNOWN).with("value", &item.whom))?;
    allocate::one(tx, unit, member, batch.kind, much, Some(id), &batch.note)
}

fn refusal(item: &Item, problem: &Problem) -> Refusal {
    Refusal {
        line: item.line,
        content: item.text.chars().take(200).collect(),
        code: problem.code.id.to_owned(),
        zh: problem.reason(Lang::Zh),
        en: problem.reason(Lang::En),
    }
}

fn keep(tx: &mut Tx<'_>, unit: &Unit, batch: &Batch, result: &Done, sum: &str) -> Result<()> {
    let (rule, period) = batch.rule.clone().map_or((None, String::new()), |(rule, period)| (Some(rule), period));
    let by = tx.actor().name.to_string();
    let now = tx.now();
    tx.execute(
        &INSERT,
        params![
            result.id,
            unit.id,
            unit.org,
            batch.kind.name(),
            batch.source,
            rule,
            period,
            sum,
            result.rows,
            result.done,
            result.refused.len(),
            result.amount,
            batch.note,
            by,
            now
        ],
    )?;
    for r in &result.refused {
        tx.execute(&REFUSED, params![result.id, r.line, r.content, r.code, r.zh, r.en])?;
    }
    Ok(())
}

/// Earlier batches of a unit, newest first.
pub fn list(tx: &mut Tx<'_>, unit_id: &str, paging: http::Paging) -> Result<Vec<Value>> {
    let one = |r: &Row| {
        let at: Timestamp = r.time(9);
        json!({
            "id": r.str(0), "kind": r.str(1), "source": r.str(2), "rows": r.int(3), "done": r.int(4), "refused": r.int(5),
            "amountFen": r.int(6), "note": r.str(7), "operator": r.str(8), "at": at,
        })
    };
    Ok(tx.query(&LIST, params![unit_id, paging.limit, paging.offset])?.iter().map(one).collect())
}

/// The refused rows of a batch of this unit.
pub fn refusals(tx: &mut Tx<'_>, unit_id: &str, id: &str) -> Result<Vec<Refusal>> {
    tx.query_one(&EXISTS, params![id, unit_id])?;
    let one = |r: &Row| Refusal { line: r.int(0), content: r.text(1), code: r.text(2), zh: r.text(3), en: r.text(4) };
    Ok(tx.query(&REFUSALS, params![id, unit_id])?.iter().map(one).collect())
}

/// The rows of a CSV file with the columns number and amount (yuan; `all` collects everything, `quota` fills up).
pub fn read_csv(text: &str, kind: Kind) -> Result<Vec<Item>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let unreadable = |detail: &str| Problem::new(&problems::FILE).with("detail", detail);
    let mut reader = csv::ReaderBuilder::new().flexible(true).trim(csv::Trim::All).from_reader(text.as_bytes());
    let heading = reader.headers().map_err(|e| unreadable(&e.to_string()))?.clone();
    let place = |known: &[&str]| heading.iter().position(|h| known.iter().any(|k| h.eq_ignore_ascii_case(k)));
    let whom = place(&["number", "identifier", "号码", "卡号", "成员"]).ok_or_else(|| unreadable("number / 号码"))?;
    let amount = place(&["amount", "金额", "金额(元)", "金额（元）"]);
    if amount.is_none() && kind == Kind::Allocate {
        return Err(unreadable("amount / 金额"));
    }
    let mut items = Vec::new();
    for (at, record) in (2..).zip(reader.records()) {
        let record = match record {
            Ok(record) => record,
            Err(e) => {
                let problem = Problem::new(&problems::ROW).with("detail", &e.to_string());
                items.push(Item { line: at, text: String::new(), whom: String::new(), much: Err(problem) });
                continue;
            }
        };
        if record.iter().all(str::is_empty) {
            continue;
        }
        let cell = amount.and_then(|i| record.get(i)).unwrap_or("").replace([',', '，', '¥', '￥'], "");
        let much = match (cell.as_str(), kind) {
            ("" | "all" | "全部", Kind::Collect) => Ok(Much::All),
            ("quota" | "定额", Kind::Allocate) => Ok(Much::ToQuota),
            (text, _) => Money::parse_yuan(text).map(Much::Fixed),
        };
        let text = record.iter().collect::<Vec<_>>().join(",");
        items.push(Item { line: at, text, whom: record.get(whom).unwrap_or("").replace(' ', ""), much });
    }
    Ok(items)
}

/// Refused rows as a file for a spreadsheet: nothing in it is taken for a formula.
pub fn to_csv(refused: &[Refusal]) -> String {
    let cell = |text: &str| {
        let safe = if text.starts_with(['=', '+', '-', '@']) { format!("'{text}") } else { text.to_owned() };
        format!("\"{}\"", safe.replace('"', "\"\""))
    };
    let mut out = String::from("\u{feff}line,content,code,zh,en\r\n");
    for r in refused {
        out.push_str(&format!("{},{},{},{},{}\r\n", r.line, cell(&r.content), cell(&r.code), cell(&r.zh), cell(&r.en)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_row_by_row_and_a_bad_row_is_only_its_own() {
        let text = "\u{feff}号码,姓名,金额\n138 0013 8000,张,12.5\n,,\n13900139000,李,abc\nC-100001,王,\"1,000\"\n13700137000,赵,定额\n";
        let items = read_csv(text, Kind::Allocate).unwrap();
        assert_eq!(items.len(), 4);
        assert_eq!((items[0].whom.as_str(), items[0].line), ("13800138000", 2));
        assert_eq!(items[0].much.clone().unwrap(), Much::Fixed(Money::fen(1_250)));
        assert!(items[1].much.is_err());
        assert_eq!(items[2].much.clone().unwrap(), Much::Fixed(Money::fen(100_000)));
        assert_eq!(items[3].much.clone().unwrap(), Much::ToQuota);
        assert!(read_csv("号码\n1\n", Kind::Allocate).is_err() && read_csv("x,y\n1,2\n", Kind::Collect).is_err());
        assert_eq!(read_csv("卡号\nC1\n", Kind::Collect).unwrap()[0].much.clone().unwrap(), Much::All);
    }

    #[test]
    fn a_refused_row_is_no_formula() {
        let refused = [Refusal {
            line: 2,
            content: "=1+1".into(),
            code: "unit.row".into(),
            zh: "错\"误".into(),
            en: "bad".into(),
        }];
        assert_eq!(
            to_csv(&refused),
            "\u{feff}line,content,code,zh,en\r\n2,\"'=1+1\",\"unit.row\",\"错\"\"误\",\"bad\"\r\n"
        );
    }
}
