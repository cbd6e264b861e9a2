//! Booking the lines of a result, a few a transaction; where one of them is refused, line by line.

use super::{Turn, batch};
use billing::{Ground, Method, Take};
use http::App;
use kernel::{Actor, Money, OrgPath, Problem, Result};
use serde_json::{Map, Value};
use store::{Event, Tx, params, sql};

pub const JOB: &str = "cashier.collection";
/// Lines a transaction.
const CHUNK: i64 = 50;

sql! {
    RESULT = "SELECT org, batch_id, kind, reverses, state, version FROM collection_result WHERE id = $1";
    NEXT = "SELECT line, seq, code, amount_fen, bank_ref FROM collection_line WHERE result_id = $1 AND state = 'waiting' ORDER BY line LIMIT $2";
    BOOKED = "SELECT line, payment_id FROM collection_line WHERE result_id = $1 AND state = 'booked' AND payment_id IS NOT NULL ORDER BY line LIMIT $2";
    CLAIM = "UPDATE collection_line SET state = $3, payment_id = $4, reason_code = $5, reason_zh = $6, reason_en = $7 \
             WHERE result_id = $1 AND line = $2 AND state = $8";
    ITEM = "SELECT state, account_id, amount_fen, payment_id FROM collection_item WHERE batch_id = $1 AND seq = $2 {for_update}";
    ANSWER = "UPDATE collection_item SET state = $3, collected_fen = $4, code = $5, payment_id = $6 WHERE batch_id = $1 AND seq = $2";
    OF_PAYMENT = "UPDATE collection_item SET state = 'returned', collected_fen = 0 WHERE batch_id = $1 AND payment_id = $2 AND state = 'collected'";
    OUTCOME = "SELECT outcome, name FROM collection_code WHERE code = $1";
    UNPAID = "SELECT batch_id, seq FROM collection_item WHERE state = 'collected' AND payment_id IS NULL LIMIT 100";
    END = "UPDATE collection_result SET version = version + 1, state = $2, done_at = $3 WHERE id = $1 AND state <> $2";
}

/// One line of a bank's answer.
#[derive(Clone)]
struct Line {
    line: i64,
    seq: i64,
    code: String,
    amount: Money,
    bank_ref: String,
}

/// The result that a step works on.
#[derive(Clone)]
struct Answer {
    id: String,
    org: OrgPath,
    batch: String,
    reverses: Option<String>,
}

pub async fn work(app: App, payload: Value) -> Result<()> {
    let id = payload["result"].as_str().unwrap_or_default().to_owned();
    let result = app.db().read(Actor::system(), move |tx| {
        let r = tx.query_one(&RESULT, params![id])?;
        Ok(Answer { id: id.clone(), org: OrgPath::parse(r.str(0))?, batch: r.text(1), reverses: r.opt_text(3) })
    });
    let result = result.await?;
    let actor = Actor::system_at(result.org.clone());
    let from = result.reverses.clone().unwrap_or_else(|| result.id.clone());
    let reversing = result.reverses.is_some();
    loop {
        let (source, same) = (from.clone(), result.clone());
        let chunk = app.db().write(actor.clone(), move |tx| step(tx, &same, &source, CHUNK));
        match chunk.await {
            Ok(0) => break,
            Ok(_) => {}
            Err(problem) if problem.code.status >= 500 => return Err(problem),
            // One of them is refused: it is found and noted by itself.
            Err(_) => {
                let (source, same) = (from.clone(), result.clone());
                let alone = app.db().write(actor.clone(), move |tx| step(tx, &same, &source, 1)).await;
                match alone {
                    Ok(_) => {}
                    Err(problem) if problem.code.status >= 500 => return Err(problem),
                    // Another runner took it: look again.
                    Err(problem) if problem.is(&kernel::codes::CONFLICT) => {}
                    Err(problem) => {
                        let source = from.clone();
                        app.db().write(actor.clone(), move |tx| refuse_first(tx, &source, reversing, &problem)).await?;
                    }
                }
            }
        }
        if app.is_stopping() {
            return Err(Problem::new(&kernel::codes::UNAVAILABLE)); // the job comes again and goes on behind what is booked
        }
    }
    app.db().write(actor, move |tx| finish(tx, &result)).await
}

/// Books up to `most` lines; how many there were.
fn step(tx: &mut Tx<'_>, result: &Answer, source: &str, most: i64) -> Result<usize> {
    if result.reverses.is_some() {
        let rows = tx.query(&BOOKED, params![source, most])?;
        for r in &rows {
            give_back(tx, result, source, r.int(0), r.str(1))?;
        }
        return Ok(rows.len());
    }
    let rows = tx.query(&NEXT, params![source, most])?;
    for r in &rows {
        let line = Line { line: r.int(0), seq: r.int(1), code: r.text(2), amount: r.money(3), bank_ref: r.text(4) };
        book(tx, result, &line)?;
    }
    Ok(rows.len())
}

fn claim(
    tx: &mut Tx<'_>,
    source: &str,
    line: i64,
    from: &str,
    to: &str,
    payment: Option<&str>,
    why: (&str, &str, &str),
) -> Result<()> {
    let values = params![source, line, to, payment, why.0, why.1, why.2, from];
    // Somebody else was faster: the whole step is undone and looks again.
    if tx.execute(&CLAIM, values)? == 1 { Ok(()) } else { Err(Problem::new(&kernel::codes::CONFLICT)) }
}

fn book(tx: &mut Tx<'_>, result: &Answer, line: &Line) -> Result<()> {
    let refuse = |tx: &mut Tx<'_>, zh: &str, en: &str| {
        claim(tx, &result.id, line.line, "waiting", "refused", None, ("collection.line", zh, en))
    };
    let Some(item) = tx.query_opt(&ITEM, params![result.batch, line.seq])? else {
        return refuse(tx, "批次中没有该序号", "The batch has no such item");
    };
    let (state, account, asked, paid_by) = (item.text(0), item.text(1), item.money(2), item.opt_text(3));
    let known = tx.query_opt(&OUTCOME, params![line.code])?;
    let outcome = known.as_ref().map_or("failed", |r| r.str(0));
    match (outcome, state.as_str()) {
        ("collected", "waiting") if line.amount > asked => {
            refuse(tx, "扣款金额大于送盘金额", "More was collected than was asked for")
        }
        ("collected", "waiting") if line.amount <= Money::ZERO => {
            refuse(tx, "扣款成功但金额为零", "Collected without an amount")
        }
        ("collected", "waiting") => {
            let ask = Take {
                customer_id: String::new(),
                account_id: Some(account),
                amount: line.amount,
                method: Method::Collection,
                tendered: None,
                reference: line.bank_ref.clone(),
                note: String::new(),
                extra: Map::new(),
            };
            let taken = billing::take(tx, &ask)?;
            tx.execute(&ANSWER, params![result.batch, line.seq, "collected", line.amount, line.code, taken.id])?;
            claim(tx, &result.id, line.line, "waiting", "booked", Some(&taken.id), ("", "", ""))
        }
        ("returned", "collected") => {
            let Some(payment) = paid_by else {
                return refuse(tx, "该笔没有缴费记录", "There is no payment of this item");
            };
            billing::reverse_with(tx, &payment, "银行退回", Ground::Bank)?;
            tx.execute(&ANSWER, params![result.batch, line.seq, "returned", 0i64, line.code, payment])?;
            claim(tx, &result.id, line.line, "waiting", "returned", Some(&payment), ("", "", ""))
        }
        ("failed", "waiting") => {
            let none = None::<String>;
            tx.execute(&ANSWER, params![result.batch, line.seq, "failed", 0i64, line.code, none])?;
            claim(tx, &result.id, line.line, "waiting", "noted", None, ("", "", ""))
        }
        _ => refuse(tx, "该笔此前已有回盘结果", "The item was answered before"),
    }
}

/// Takes a booked line back because its file was reversed.
fn give_back(tx: &mut Tx<'_>, result: &Answer, source: &str, line: i64, payment: &str) -> Result<()> {
    // Returned by the bank in the meantime: there is nothing left to take back.
    if tx.execute(&OF_PAYMENT, params![result.batch, payment])? == 1 {
        billing::reverse_with(tx, payment, "银行托收文件冲回", Ground::Bank)?;
    }
    claim(tx, source, line, "booked", "reversed", Some(payment), ("", "", ""))
}

/// Notes why the first line in the queue cannot be booked.
fn refuse_first(tx: &mut Tx<'_>, source: &str, reversing: bool, problem: &Problem) -> Result<()> {
    let (code, zh, en) = batch::both(problem);
    let (found, from) = if reversing {
        (tx.query_opt(&BOOKED, params![source, 1i64])?, "booked")
    } else {
        (tx.query_opt(&NEXT, params![source, 1i64])?, "waiting")
    };
    let Some(row) = found else { return Ok(()) };
    let payment = reversing.then(|| row.text(1));
    claim(tx, source, row.int(0), from, "refused", payment.as_deref(), (&code, &zh, &en))
}

fn finish(tx: &mut Tx<'_>, result: &Answer) -> Result<()> {
    let now = tx.now();
    if tx.execute(&END, params![result.id, "done", now])? == 0 {
        return Ok(());
    }
    if let Some(original) = &result.reverses {
        tx.execute(&END, params![original, "reversed", now])?;
    } else {
        let mut batch = batch::lock(tx, &result.batch)?;
        let all = batch.is_answered(tx)?;
        batch.turn(tx, Turn::Answer(all))?;
    }
    tx.emit(Event::new("CollectionResultDoneEvent", "collection", &result.id, 2, &result.org))
}

/// Items that say they were collected and have no payment: a proof for `yitai check`.
pub fn unpaid(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let rows = tx.query(&UNPAID, params![])?;
    Ok(rows.iter().map(|r| format!("collected item without a payment: {} {}", r.str(0), r.int(1))).collect())
}
