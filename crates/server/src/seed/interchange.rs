//! What billing has asked of order entry. The server does it when it starts.

use super::Sample;
use ::interchange::{BackOrder, Kind, Subject};
use inventory::products::{self, locks::Reason};
use kernel::{Actor, Result, Timestamp};
use serde_json::{Value, json};
use store::{Db, Tx};

/// Products looked for, from the last customers on: who tries the first ones meets lines that work.
const LINES: usize = 6;

pub(super) fn fill(db: &Db, samples: &[Sample], seed: u64) -> Result<()> {
    let customers: Vec<String> = samples.iter().rev().take(120).map(|s| s.id.clone()).collect();
    db.write_blocking(Actor::system(), move |tx| {
        let mut lines = Vec::new();
        for customer in &customers {
            let held = products::of_customer(tx, customer)?;
            let mobile = held.iter().find(|p| p.text("family") == "mobile" && p.text("status") == "active");
            lines.extend(mobile.map(|p| p.id.clone()));
            if lines.len() == LINES {
                break;
            }
        }
        let now = tx.now();
        let asks = [
            (Kind::BarOutgoing, -7_200, "欠费 86.40 元，逾期 35 天", Value::Null),
            (Kind::BarAll, -5_400, "欠费 214.00 元，单停满 15 天", Value::Null),
            (Kind::BarOutgoing, -4_000, "欠费 59.00 元，逾期 31 天", Value::Null),
            (Kind::Unbar, -3_000, "已缴清", Value::Null),
            (Kind::HighCharge, -1_800, "本月费用超过近三月平均的 5 倍", json!({"amountFen": 48_650, "meanFen": 8_900})),
            (Kind::Credit, -600, "信用度调整", json!({"limitFen": 30_000})),
        ];
        for (n, (line, (kind, ago, note, detail))) in lines.iter().zip(asks).enumerate() {
            ask(tx, &format!("demo-{seed}-{}", n + 1), line, kind, now.plus_seconds(ago), note, detail)?;
        }
        Ok(())
    })
}

fn ask(tx: &mut Tx<'_>, id: &str, line: &str, kind: Kind, at: Timestamp, note: &str, detail: Value) -> Result<()> {
    let order = BackOrder {
        id: id.to_owned(),
        kind,
        subject: Subject::Product(line.to_owned()),
        reason: Reason::Arrears,
        source: "billing".to_owned(),
        at,
        note: note.to_owned(),
        detail,
    };
    ::interchange::submit(tx, &order).map(drop)
}
