//! Transfers between warehouses: one person sends, another one receives, and what differs is written down and settled.
//!
//! ```text
//! dispatched ──receive──→ received      (all there)
//!      │          └────→ differing ──settle──→ settled
//!      └─cancel (by the sender's side, before anything is received)──→ cancelled
//! ```

mod differences;

use super::{
    ItemState, Kind,
    items::{self, Holder},
    state::Change,
    warehouses,
};
use crate::problems;
pub(super) use differences::{Settlement, cancel, settle};
use kernel::{OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

/// What is to be sent: named pieces, or so many of a kind.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Dispatch {
    pub from_id: String,
    pub to_id: String,
    pub kind: String,
    #[serde(default)]
    pub serials: Vec<String>,
    #[serde(default)]
    pub quantity: i64,
    #[serde(default)]
    pub model: String,
    #[serde(default)]
    pub note: String,
}

/// What arrived: everything, or the pieces named.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Receipt {
    #[serde(default)]
    pub all: bool,
    #[serde(default)]
    pub serials: Vec<String>,
    #[serde(default)]
    pub damaged: Vec<String>,
}

/// Pieces of one transfer.
const MOST: usize = 5_000;

sql! {
    PICK = "SELECT serial FROM stock_item WHERE warehouse_id = $1 AND kind = $2 AND state = 'inStock' AND ($3 = '' OR model = $3) \
            ORDER BY serial LIMIT $4 {skip_locked}";
    ADD = "INSERT INTO stock_transfer (id, transfer_no, from_id, to_id, from_org, to_org, kind, state, sent, received, missing, surplus, damaged, \
           note, sent_by, sent_name, sent_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 'dispatched', $8, 0, 0, 0, 0, $9, $10, $11, $12)";
    GET = "SELECT id, transfer_no, from_id, to_id, from_org, to_org, kind, state, sent, received, missing, surplus, damaged, note, sent_by, \
           sent_name, sent_at, received_by, received_name, received_at FROM stock_transfer WHERE id = $1";
    LINES = "SELECT serial, result, settled FROM stock_transfer_line WHERE transfer_id = $1 ORDER BY serial";
    RESULT = "INSERT INTO stock_transfer_line (transfer_id, serial, result) VALUES ($1, $2, $3) \
              ON CONFLICT (transfer_id, serial) DO UPDATE SET result = $3";
    END = "UPDATE stock_transfer SET state = $2, received = $3, missing = $4, surplus = $5, damaged = $6, received_by = $7, received_name = $8, \
           received_at = $9 WHERE id = $1 AND state = 'dispatched'";
}

pub(super) struct Transfer {
    pub id: String,
    pub from_id: String,
    pub to_id: String,
    pub from_org: OrgPath,
    pub to_org: OrgPath,
    pub kind: Kind,
    pub state: String,
    pub sent_by: String,
    pub sent_name: String,
    pub received_by: Option<String>,
    view: Value,
}

fn read(row: &Row) -> Result<Transfer> {
    let view = json!({
        "id": row.str(0), "transferNo": row.str(1), "fromId": row.str(2), "toId": row.str(3), "fromOrg": row.str(4), "toOrg": row.str(5),
        "kind": row.str(6), "state": row.str(7), "sent": row.int(8), "received": row.int(9), "missing": row.int(10),
        "surplus": row.int(11), "damaged": row.int(12), "note": row.str(13), "sentBy": row.str(15), "sentAt": row.time(16),
        "receivedBy": row.opt_text(18), "receivedAt": row.opt_time(19),
    });
    Ok(Transfer {
        id: row.text(0),
        from_id: row.text(2),
        to_id: row.text(3),
        from_org: OrgPath::parse(row.str(4))?,
        to_org: OrgPath::parse(row.str(5))?,
        kind: Kind::parse(row.str(6))?,
        state: row.text(7),
        sent_by: row.text(14),
        sent_name: row.text(15),
        received_by: row.opt_text(17),
        view,
    })
}

/// A transfer of which the actor sees one end.
pub(super) fn load(tx: &mut Tx<'_>, id: &str) -> Result<Transfer> {
    let transfer = read(&tx.query_one(&GET, params![id])?)?;
    let seen = tx.actor().sees(transfer.from_org.as_str()) || tx.actor().sees(transfer.to_org.as_str());
    if seen { Ok(transfer) } else { Err(Problem::not_found()) }
}

pub(super) fn view(tx: &mut Tx<'_>, id: &str) -> Result<Value> {
    let mut shown = load(tx, id)?.view;
    let rows = tx.query(&LINES, params![id])?;
    let line = |r: &Row| json!({"serial": r.str(0), "result": r.opt_text(1), "settled": r.opt_text(2)});
    shown["lines"] = rows.iter().map(line).collect();
    for end in ["fromId", "toId"] {
        let name = warehouses::get(tx, shown[end].as_str().unwrap_or(""))?.name;
        shown[end.replace("Id", "Name")] = json!(name);
    }
    Ok(shown)
}

pub(super) fn list(tx: &mut Tx<'_>, state: Option<&str>, limit: i64, offset: i64) -> Result<Vec<Value>> {
    let mut filter = Filter::default();
    if !tx.actor().scope.is_root() {
        let (own, (from, to)) = (filter.bind(tx.actor().scope.as_str()), tx.actor().scope.below());
        let (from, to) = (filter.bind(from), filter.bind(to));
        let within = |c: &str| format!("{c} = {own} OR ({c} >= {from} AND {c} < {to})");
        filter.and(format!("({} OR {})", within("t.from_org"), within("t.to_org")));
    }
    if let Some(state) = state {
        filter.equal("t.state", state);
    }
    let (limit, offset) = (filter.bind(limit), filter.bind(offset));
    let text = format!(
        "SELECT t.id, t.transfer_no, t.from_id, t.to_id, t.from_org, t.to_org, t.kind, t.state, t.sent, t.received, t.missing, t.surplus, \
         t.damaged, t.note, t.sent_by, t.sent_name, t.sent_at, t.received_by, t.received_name, t.received_at, f.name, g.name \
         FROM stock_transfer t JOIN warehouse f ON f.id = t.from_id JOIN warehouse g ON g.id = t.to_id{} \
         ORDER BY t.sent_at DESC, t.id DESC LIMIT {limit} OFFSET {offset}",
        filter.to_where()
    );
    let rows = tx.query(&text, &filter.binds)?;
    let show = |row: &Row| {
        let mut shown = read(row)?.view;
        shown["fromName"] = json!(row.str(20));
        shown["toName"] = json!(row.str(21));
        Ok(shown)
    };
    rows.iter().map(show).collect()
}

pub(super) fn announce(tx: &mut Tx<'_>, transfer: &Transfer, what: &str, detail: Value) -> Result<()> {
    let (version, topic) = (tx.now().micros(), format!("stockTransfer:{}", transfer.id));
    for org in [&transfer.from_org, &transfer.to_org] {
        let event = Event::new(what.to_owned(), "stockTransfer", &transfer.id, version, org);
        tx.emit(event.topic(topic.clone()).audit(detail.clone()))?;
    }
    Ok(())
}

/// Sends pieces on their way. They are nowhere in stock until somebody else receives them.
pub fn dispatch(tx: &mut Tx<'_>, wanted: &Dispatch) -> Result<String> {
    let kind = Kind::parse(&wanted.kind)?;
    let (from, to) = (warehouses::own(tx, &wanted.from_id)?, warehouses::get(tx, &wanted.to_id)?);
    if from.id == to.id || !to.active {
        return Err(Problem::unknown_reference("toId", &wanted.to_id));
    }
    let mut serials = wanted.serials.clone();
    serials.sort();
    serials.dedup();
    if serials.is_empty() {
        let most = i64::try_from(MOST).unwrap_or(0);
        if !(1..=most).contains(&wanted.quantity) {
            return Err(Problem::invalid("quantity", &format!("1–{most}")));
        }
        let model = wanted.model.trim();
        let rows = tx.query(&PICK, params![from.id, kind.text(), model, wanted.quantity])?;
        serials = rows.iter().map(|r| r.text(0)).collect();
        if (serials.len() as i64) < wanted.quantity {
            let left = serials.len().to_string();
            return Err(Problem::new(&problems::STOCK_SHORT)
                .with("name", &from.name)
                .with("left", &left)
                .field("quantity"));
        }
    }
    if serials.len() > MOST {
        return Err(Problem::invalid("serials", &format!("≤ {MOST}")));
    }
    let id = tx.new_id::<Transfer>().into_string();
    for serial in &serials {
        let item = items::load(tx, serial)?;
        if item.warehouse_id != from.id || item.kind != kind {
            return Err(Problem::new(&problems::ITEM_ELSEWHERE).with("serial", serial).field("serials"));
        }
        let holder = Holder { transfer: Some(&id), ..Holder::default() };
        items::turn(tx, &item, Change::Dispatch, &holder, wanted.note.trim(), &id)?;
    }
    let lines: Vec<store::Value> =
        serials.iter().flat_map(|s| [store::Value::Text(id.clone()), store::Value::Text(s.clone())]).collect();
    tx.insert_rows("stock_transfer_line (transfer_id, serial)", 2, &lines, "")?;
    let number = tx.next_number("T", &from.org)?;
    let (by, name, now) = (tx.actor().id.to_string(), tx.actor().name.to_string(), tx.now());
    let note: String = wanted.note.trim().chars().take(200).collect();
    tx.execute(
        &ADD,
        params![id, number, from.id, to.id, from.org, to.org, kind.text(), serials.len(), note, by, name, now],
    )?;
    let transfer = load(tx, &id)?;
    announce(tx, &transfer, "StockTransferCreateEvent", json!({"sent": serials.len(), "to": to.id}))?;
    Ok(id)
}

/// Takes pieces in. The receiver is somebody else than the sender; what is missing, damaged or too much is recorded.
pub fn receive(tx: &mut Tx<'_>, id: &str, receipt: &Receipt) -> Result<()> {
    let transfer = load(tx, id)?;
    if !tx.actor().sees(transfer.to_org.as_str()) {
        return Err(Problem::not_found());
    }
    in_state(&transfer, "dispatched")?;
    another(tx, &transfer.sent_by, &transfer.sent_name)?;
    let sent: Vec<String> = tx.query(&LINES, params![id])?.iter().map(|r| r.text(0)).collect();
    let mut arrived = if receipt.all { sent.clone() } else { receipt.serials.clone() };
    arrived.sort();
    arrived.dedup();
    if arrived.is_empty() && receipt.damaged.is_empty() {
        return Err(Problem::missing("serials"));
    }
    let (mut received, mut missing, mut surplus, mut damaged) = (0, 0, 0, 0);
    for serial in &sent {
        let broken = receipt.damaged.contains(serial);
        let item = items::load_any(tx, serial)?;
        let here = Holder { to: Some((&transfer.to_id, &transfer.to_org)), ..Holder::default() };
        let result = if broken {
            damaged += 1;
            items::turn(tx, &item, Change::Damage, &here, "", id)?;
            "damaged"
        } else if arrived.contains(serial) {
            received += 1;
            items::turn(tx, &item, Change::Receive, &here, "", id)?;
            "received"
        } else {
            missing += 1;
            "missing"
        };
        tx.execute(&RESULT, params![id, serial, result])?;
    }
    for serial in arrived.iter().filter(|s| sent.binary_search(s).is_err()) {
        surplus += 1;
        let result = more_than_sent(tx, &transfer, serial)?;
        tx.execute(&RESULT, params![id, serial, result])?;
    }
    let state = if missing + surplus + damaged > 0 { "differing" } else { "received" };
    let (by, name, now) = (tx.actor().id.to_string(), tx.actor().name.to_string(), tx.now());
    if tx.execute(&END, params![id, state, received, missing, surplus, damaged, by, name, now])? == 0 {
        return Err(Problem::new(&problems::TRANSFER_STATE).with("state", &load(tx, id)?.state));
    }
    let detail = json!({"received": received, "missing": missing, "surplus": surplus, "damaged": damaged});
    announce(tx, &transfer, "StockTransferStateChangeEvent", detail)
}

/// A piece in the parcel that was not on the list: one that the sender still had in stock comes along; any other is only
/// written down.
fn more_than_sent(tx: &mut Tx<'_>, transfer: &Transfer, serial: &str) -> Result<&'static str> {
    let Some(item) = items::get(tx, serial)? else { return Ok("unknown") };
    if item.state != ItemState::InStock || item.warehouse_id != transfer.from_id || item.kind != transfer.kind {
        return Ok("unknown");
    }
    let on_the_way = Holder { transfer: Some(&transfer.id), ..Holder::default() };
    items::turn(tx, &item, Change::Dispatch, &on_the_way, "", &transfer.id)?;
    let item = items::load_any(tx, serial)?;
    let here = Holder { to: Some((&transfer.to_id, &transfer.to_org)), ..Holder::default() };
    items::turn(tx, &item, Change::Receive, &here, "", &transfer.id)?;
    Ok("surplus")
}

pub(super) fn in_state(transfer: &Transfer, wanted: &str) -> Result<()> {
    if transfer.state == wanted {
        return Ok(());
    }
    Err(Problem::new(&problems::TRANSFER_STATE).with("state", &transfer.state))
}

pub(super) fn another(tx: &Tx<'_>, first: &str, name: &str) -> Result<()> {
    if &*tx.actor().id == first { Err(Problem::new(&problems::SAME_PERSON).with("who", name)) } else { Ok(()) }
}
