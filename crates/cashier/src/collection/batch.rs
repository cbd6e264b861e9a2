//! Batches: what is asked of a bank, and how far it has answered.

use super::{BatchState, Turn, agreement, file};
use crate::{problems, settings};
use kernel::{Lang, Money, OrgPath, Problem, Result};
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, Value as Bind, params, sql};

#[derive(Clone, Debug)]
pub struct Batch {
    pub id: String,
    pub version: i64,
    pub org: OrgPath,
    pub batch_no: String,
    pub bank: String,
    pub state: BatchState,
}

macro_rules! columns {
    () => {
        "id, version, org, batch_no, bank_code, state, items, total_fen, by_name, created_at, sent_at"
    };
}

sql! {
    ONE = concat!("SELECT ", columns!(), " FROM collection_batch WHERE id = $1");
    LOCK = concat!("SELECT ", columns!(), " FROM collection_batch WHERE id = $1 {for_update}");
    BY_NO = concat!("SELECT ", columns!(), " FROM collection_batch WHERE batch_no = $1 {for_update}");
    AGREED = "SELECT a.id, a.account_id, a.limit_fen, a.org FROM collection_agreement a WHERE a.bank_code = $1 AND a.state = 'active' \
              AND a.valid_from <= $2 AND a.id > $3 AND NOT EXISTS (SELECT 1 FROM collection_item i WHERE i.account_id = a.account_id \
              AND i.state = 'waiting') ORDER BY a.id LIMIT $4";
    INSERT = "INSERT INTO collection_batch (id, version, org, batch_no, bank_code, state, items, total_fen, by_name, created_at) \
              VALUES ($1, 1, $2, $3, $4, 'made', $5, $6, $7, $8)";
    MOVE = "UPDATE collection_batch SET version = version + 1, state = $3, sent_at = COALESCE(sent_at, $4) WHERE id = $1 AND version = $2";
    ITEMS = "SELECT i.seq, a.agreement_no, a.bank_account, a.payer_name, i.amount_fen, i.account_id FROM collection_item i \
             JOIN collection_agreement a ON a.id = i.agreement_id WHERE i.batch_id = $1 ORDER BY i.seq";
    CANCEL_ITEMS = "UPDATE collection_item SET state = 'cancelled' WHERE batch_id = $1 AND state = 'waiting'";
    SUMS = "SELECT state, COUNT(*), CAST(SUM(amount_fen) AS BIGINT), CAST(SUM(collected_fen) AS BIGINT) FROM collection_item \
            WHERE batch_id = $1 GROUP BY state";
    WAITING = "SELECT COUNT(*) FROM collection_item WHERE batch_id = $1 AND state = 'waiting'";
    SHOWN = "SELECT i.seq, a.agreement_no, a.payer_name, a.bank_masked, i.amount_fen, i.state, i.collected_fen, i.code, i.payment_id, \
             i.account_id, a.customer_id FROM collection_item i JOIN collection_agreement a ON a.id = i.agreement_id \
             WHERE i.batch_id = $1 ORDER BY i.seq LIMIT $2 OFFSET $3";
    CODES = "SELECT code, name, name_en FROM collection_code";
}

fn read(row: &Row) -> Result<Batch> {
    Ok(Batch {
        id: row.text(0),
        version: row.int(1),
        org: OrgPath::parse(row.str(2))?,
        batch_no: row.text(3),
        bank: row.text(4),
        state: BatchState::named(row.str(5))?,
    })
}

pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Batch> {
    let row = tx.query_one(&LOCK, params![id])?;
    tx.must_see(row.str(2))?;
    read(&row)
}

/// By the number that a bank's file names.
pub fn by_no(tx: &mut Tx<'_>, no: &str) -> Result<Batch> {
    let unknown = || Problem::new(&problems::FILE_BATCH).with("value", no);
    let row = tx.query_opt(&BY_NO, params![no])?.ok_or_else(unknown)?;
    if tx.actor().sees(row.str(2)) { read(&row) } else { Err(unknown()) }
}

/// What could be asked of a bank now: agreement, account, amount.
pub struct Asked {
    agreement: String,
    account: String,
    amount: Money,
}

/// Looks through the agreements with the bank within the actor's scope: reads only, and so may take its time.
pub fn dues(tx: &mut Tx<'_>, bank: &str) -> Result<Vec<Asked>> {
    agreement::bank(tx, bank)?;
    let most = usize::try_from(settings::ITEMS_MAX.number(tx)?).unwrap_or(0);
    let today = tx.now().date().to_string();
    let (mut after, mut found) = (String::new(), Vec::new());
    loop {
        let rows = tx.query(&AGREED, params![bank, today, after, 1_000i64])?;
        let Some(last) = rows.last() else { break };
        after = last.text(0);
        for r in &rows {
            if !tx.actor().sees(r.str(3)) {
                continue;
            }
            let due = billing::due_of_account(tx, r.str(1))?;
            let amount = r.opt_int(2).map_or(due, |limit| due.min(Money::fen(limit)));
            if amount > Money::ZERO && found.len() < most {
                found.push(Asked { agreement: r.text(0), account: r.text(1), amount });
            }
        }
    }
    if found.is_empty() { Err(Problem::new(&problems::NOTHING_DUE)) } else { Ok(found) }
}

/// Writes down a batch. An account that got into another file meanwhile is refused by its unique waiting item.
pub fn make(tx: &mut Tx<'_>, bank: &str, asked: &[Asked]) -> Result<String> {
    let id = tx.new_id::<Batch>().into_string();
    let org = tx.actor().org.clone();
    let mut total = Money::ZERO;
    let mut values: Vec<Bind> = Vec::with_capacity(asked.len() * 8);
    let (waiting, none) = ("waiting", "");
    for (seq, a) in (1i64..).zip(asked) {
        total = total.plus(a.amount)?;
        values.extend_from_slice(params![id, seq, a.agreement, a.account, a.amount, waiting, 0i64, none]);
    }
    let no = tx.next_number("TS", &org)?;
    let by = tx.actor().name.to_string();
    let count = i64::try_from(asked.len()).unwrap_or(0);
    tx.execute(&INSERT, params![id, org, no, bank, count, total, by, tx.now()])?;
    let into = "collection_item (batch_id, seq, agreement_id, account_id, amount_fen, state, collected_fen, code)";
    let written = tx.insert_rows(into, 8, &values, "ON CONFLICT DO NOTHING")?;
    if written != asked.len() as u64 {
        return Err(Problem::new(&kernel::codes::CONFLICT));
    }
    let event = Event::new("CollectionBatchCreateEvent", "collection", &id, 1, &org);
    tx.emit(event.audit(json!({"batchNo": no, "bank": bank, "items": count, "totalFen": total})))?;
    Ok(id)
}

impl Batch {
    pub fn turn(&mut self, tx: &mut Tx<'_>, turn: Turn) -> Result<()> {
        let next = self.state.after(turn)?;
        if turn == Turn::Cancel {
            tx.execute(&CANCEL_ITEMS, params![self.id])?;
        }
        let sent = (turn == Turn::Send).then(|| tx.now());
        tx.execute_versioned(&MOVE, params![self.id, self.version, next.name(), sent])?;
        self.version += 1;
        let was = std::mem::replace(&mut self.state, next);
        let event = Event::new("CollectionBatchStateChangeEvent", "collection", &self.id, self.version, &self.org);
        tx.emit(event.audit(json!({"batchNo": self.batch_no, "from": was.name(), "to": next.name()})))
    }

    /// Whether every item is answered.
    pub fn is_answered(&self, tx: &mut Tx<'_>) -> Result<bool> {
        Ok(tx.query_one(&WAITING, params![self.id])?.int(0) == 0)
    }
}

/// The file for the bank, with the bank accounts in clear: whoever fetches it leaves a trace.
pub fn content(tx: &mut Tx<'_>, id: &str) -> Result<(String, String)> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    let batch = read(&row)?;
    let date = row.time(9).date().to_string();
    let mut parts = Vec::new();
    for r in tx.query(&ITEMS, params![id])? {
        let bank_account = tx.vault().open_sealed(r.str(2))?;
        let account_no = billing::account(tx, r.str(5)).map(|a| a.account_no).unwrap_or_default();
        parts.push((r.int(0), r.text(1), bank_account, r.text(3), r.money(4), account_no));
    }
    let asked: Vec<file::Asked<'_>> = parts
        .iter()
        .map(|(seq, no, bank, payer, amount, account)| file::Asked {
            seq: *seq,
            agreement_no: no,
            bank_account: bank,
            payer,
            amount: *amount,
            account_no: account,
        })
        .collect();
    tx.audit("collection.file_fetched", "collection", id, &batch.org, &json!({"batchNo": batch.batch_no}))?;
    Ok((format!("{}.txt", batch.batch_no), file::write(&batch.batch_no, &batch.bank, &date, &asked)?))
}

fn shown(tx: &mut Tx<'_>, r: &Row) -> Result<Value> {
    let (zh, en) = agreement::bank(tx, r.str(4))?;
    let sums: Value = tx
        .query(&SUMS, params![r.str(0)])?
        .iter()
        .map(|s| json!({"state": s.str(0), "count": s.int(1), "amountFen": s.int(2), "collectedFen": s.int(3)}))
        .collect();
    let wait = settings::ANSWER_DAYS.number(tx)?;
    let late = matches!(BatchState::named(r.str(5))?, BatchState::Sent | BatchState::Answered)
        && r.opt_time(10).is_some_and(|at| tx.now().date().days_since(at.date()) > wait);
    Ok(json!({
        "id": r.str(0), "org": r.str(2), "batchNo": r.str(3), "bankCode": r.str(4), "bankZh": zh, "bankEn": en, "state": r.str(5),
        "items": r.int(6), "totalFen": r.int(7), "by": r.str(8), "createdAt": r.time(9), "sentAt": r.opt_time(10), "late": late, "sums": sums,
    }))
}

pub fn view(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    shown(tx, &row)
}

pub fn list(tx: &mut Tx<'_>, offset: i64, limit: i64) -> Result<(Vec<Value>, i64)> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    let condition = filter.to_where();
    let total = tx.query_one(&format!("SELECT COUNT(*) FROM collection_batch{condition}"), &filter.binds)?.int(0);
    let (limit, offset) = (filter.bind(limit), filter.bind(offset));
    let text = format!(
        "SELECT {} FROM collection_batch{condition} ORDER BY id DESC LIMIT {limit} OFFSET {offset}",
        columns!()
    );
    let rows = tx.query(&text, &filter.binds)?;
    let rows = rows.iter().map(|r| shown(tx, r)).collect::<Result<Vec<Value>>>()?;
    Ok((rows, total))
}

/// The items of a batch, with what the bank said about each.
pub fn items(tx: &mut Tx<'_>, id: &str, offset: i64, limit: i64) -> Result<Vec<Value>> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    let codes = tx.query(&CODES, params![])?;
    let rows = tx.query(&SHOWN, params![id, limit, offset])?;
    Ok(rows
        .iter()
        .map(|r| {
            let code = codes.iter().find(|c| c.str(0) == r.str(7));
            json!({
                "seq": r.int(0), "agreementNo": r.str(1), "payerName": r.str(2), "bankAccount": r.str(3), "amountFen": r.int(4),
                "state": r.str(5), "collectedFen": r.int(6), "code": r.str(7), "paymentId": r.opt_text(8), "accountId": r.str(9),
                "customerId": r.str(10), "codeZh": code.map(|c| c.text(1)), "codeEn": code.map(|c| c.text(2)),
            })
        })
        .collect())
}

/// What a problem says, in both languages, for a refused line.
pub fn both(problem: &Problem) -> (String, String, String) {
    (problem.code.id.to_owned(), problem.reason(Lang::Zh), problem.reason(Lang::En))
}
