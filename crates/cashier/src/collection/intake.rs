//! Taking in what a bank sent: checked and stored whole, in one transaction; booked afterwards by the job.

use super::{
    Turn,
    batch::{self, Batch},
    file::{self, Incoming},
    work,
};
use crate::problems;
use kernel::{Problem, Result};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use store::{Event, Filter, Row, Tx, Value as Bind, params, sql};

macro_rules! columns {
    () => {
        "id, version, org, batch_id, serial, kind, reverses, state, lines, total_fen, by_name, at, done_at"
    };
}

sql! {
    KNOWN = "SELECT at FROM collection_result WHERE digest = $1";
    OF_SERIAL = "SELECT id, state, kind FROM collection_result WHERE batch_id = $1 AND serial = $2 {for_update}";
    INSERT = "INSERT INTO collection_result (id, version, org, batch_id, serial, kind, reverses, digest, state, lines, total_fen, by_name, at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
    BEGIN_REVERSAL = "UPDATE collection_result SET version = version + 1, state = 'reversing' WHERE id = $1 AND state = 'done'";
    ONE = concat!("SELECT ", columns!(), " FROM collection_result WHERE id = $1");
    SUMS = "SELECT state, COUNT(*), CAST(SUM(amount_fen) AS BIGINT) FROM collection_line WHERE result_id = $1 GROUP BY state";
    REFUSED = "SELECT line, seq, code, amount_fen, bank_ref, reason_code, reason_zh, reason_en FROM collection_line \
               WHERE result_id = $1 AND state = 'refused' ORDER BY line LIMIT 100000";
}

/// Takes a bank's file in; returns the id of the result. The same file twice is refused, naming when it came first.
pub fn take_in(tx: &mut Tx<'_>, bytes: &[u8]) -> Result<String> {
    let digest: String = Sha256::digest(bytes).iter().map(|b| format!("{b:02x}")).collect();
    if let Some(row) = tx.query_opt(&KNOWN, params![digest])? {
        return Err(Problem::new(&problems::FILE_KNOWN).with("at", &row.time(0).to_string()));
    }
    let incoming = file::read(&file::text(bytes)?)?;
    let mut batch = batch::by_no(tx, &incoming.batch_no)?;
    if batch.bank != incoming.bank {
        return Err(
            Problem::new(&problems::FILE_BATCH).with("value", &format!("{} / {}", incoming.batch_no, incoming.bank))
        );
    }
    if tx.query_opt(&OF_SERIAL, params![batch.id, incoming.serial])?.is_some() {
        let problem = Problem::new(&problems::FILE_SERIAL).with("batch", &batch.batch_no);
        return Err(problem.with("serial", &incoming.serial));
    }
    let id = tx.new_id::<Incoming>().into_string();
    let by = tx.actor().name.to_string();
    let reverses = match &incoming.reverses {
        Some(serial) => Some(reversed(tx, &batch, serial)?),
        None => {
            batch.turn(tx, Turn::Answer(false))?;
            None
        }
    };
    let (kind, state) = if reverses.is_some() { ("reversal", "reversing") } else { ("answer", "booking") };
    let count = i64::try_from(incoming.lines.len()).unwrap_or(0);
    let values = params![
        id,
        batch.org,
        batch.id,
        incoming.serial,
        kind,
        reverses,
        digest,
        state,
        count,
        incoming.total,
        by,
        tx.now()
    ];
    tx.execute(&INSERT, values)?;
    let (waiting, none) = ("waiting", "");
    let mut rows: Vec<Bind> = Vec::with_capacity(incoming.lines.len() * 10);
    for l in &incoming.lines {
        rows.extend_from_slice(params![id, l.line, l.seq, l.code, l.amount, l.bank_ref, waiting, none, none, none]);
    }
    let into =
        "collection_line (result_id, line, seq, code, amount_fen, bank_ref, state, reason_code, reason_zh, reason_en)";
    tx.insert_rows(into, 10, &rows, "")?;
    flow::jobs::enqueue(tx, work::JOB, json!({"result": id}), tx.now())?;
    let event = Event::new("CollectionResultCreateEvent", "collection", &id, 1, &batch.org);
    tx.emit(event.audit(
        json!({"batchNo": batch.batch_no, "serial": incoming.serial, "kind": kind, "totalFen": incoming.total}),
    ))?;
    Ok(id)
}

/// The answer that a reversal takes back; from now on nobody else does.
fn reversed(tx: &mut Tx<'_>, batch: &Batch, serial: &str) -> Result<String> {
    let row = tx.query_opt(&OF_SERIAL, params![batch.id, serial])?.filter(|r| r.str(2) == "answer");
    let row = row.ok_or_else(|| Problem::new(&problems::FILE_RESULT).with("value", serial))?;
    match row.str(1) {
        "done" => {}
        "booking" => return Err(Problem::new(&problems::FILE_BUSY)),
        _ => return Err(Problem::new(&problems::FILE_REVERSED).with("value", serial)),
    }
    if tx.execute(&BEGIN_REVERSAL, params![row.str(0)])? == 0 {
        return Err(Problem::new(&problems::FILE_BUSY));
    }
    Ok(row.text(0))
}

fn shown(tx: &mut Tx<'_>, r: &Row) -> Result<Value> {
    let sums = tx.query(&SUMS, params![r.str(0)])?;
    let of = |state: &str| sums.iter().find(|s| s.str(0) == state).map_or((0, 0), |s| (s.int(1), s.int(2)));
    let (booked, refused, failed) = (of("booked"), of("refused"), of("noted"));
    Ok(json!({
        "id": r.str(0), "batchId": r.str(3), "serial": r.str(4), "kind": r.str(5), "reverses": r.opt_text(6), "state": r.str(7),
        "lines": r.int(8), "totalFen": r.int(9), "by": r.str(10), "at": r.time(11), "doneAt": r.opt_time(12),
        "booked": booked.0, "bookedFen": booked.1, "failed": failed.0, "returned": of("returned").0,
        "reversed": of("reversed").0, "refused": refused.0, "refusedFen": refused.1, "waiting": of("waiting").0,
    }))
}

pub fn view(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    shown(tx, &row)
}

/// Results within the actor's scope, newest first; of one batch where given.
pub fn list(tx: &mut Tx<'_>, batch: Option<&str>, limit: i64) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    if let Some(batch) = batch {
        filter.equal("batch_id", batch);
    }
    let limit = filter.bind(limit);
    let text =
        format!("SELECT {} FROM collection_result{} ORDER BY id DESC LIMIT {limit}", columns!(), filter.to_where());
    let rows = tx.query(&text, &filter.binds)?;
    rows.iter().map(|r| shown(tx, r)).collect()
}

/// The refused lines as a CSV file.
pub fn refused(tx: &mut Tx<'_>, id: &str) -> Result<String> {
    let row = tx.query_one(&ONE, params![id])?;
    tx.must_see(row.str(2))?;
    let mut csv = String::from("\u{feff}line,seq,code,amount,reference,reason,原因,reason_en\r\n");
    for r in tx.query(&REFUSED, params![id])? {
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let (line, seq, code, amount) = (r.int(0), r.int(1), r.str(2), r.money(3));
        let (reference, zh, en) = (quoted(r.str(4)), quoted(r.str(6)), quoted(r.str(7)));
        csv.push_str(&format!("{line},{seq},{code},{amount},{reference},{},{zh},{en}\r\n", r.str(5)));
    }
    Ok(csv)
}
