//! Making cards: generated here by a job, or imported from a maker's file; activated, voided, their PINs fetched once.

use crate::{problems, settings};
use http::App;
use kernel::{Actor, Date, Money, OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::HashSet;
use store::{Event, Tx, Value as Bind, params, sql};

pub const JOB: &str = "cashier.cards";
/// Cards a transaction.
const CHUNK: i64 = 1_000;
const PIN_DIGITS: usize = 18;
const INTO: &str = "recharge_card (serial, batch_id, org, face_fen, valid_to, pin_blind, pin_sealed, state, wrong)";

macro_rules! columns {
    () => {
        "id, version, org, batch_no, source, face_fen, cards, valid_to, state, made, pins_fetched_at, pins_fetched_by, by_name, created_at"
    };
}
pub(super) use columns;

sql! {
    INSERT = "INSERT INTO recharge_batch (id, version, org, batch_no, source, face_fen, cards, valid_to, state, made, by_name, created_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
    LOCK = concat!("SELECT ", columns!(), " FROM recharge_batch WHERE id = $1 {for_update}");
    GROW = "UPDATE recharge_batch SET made = made + $2, state = CASE WHEN made + $2 >= cards THEN 'made' ELSE state END, \
            version = version + 1 WHERE id = $1 AND made = $3 AND state = 'making'";
    MOVE = "UPDATE recharge_batch SET state = $2, version = version + 1 WHERE id = $1";
    CARDS = "UPDATE recharge_card SET state = $2 WHERE batch_id = $1 AND state = $3";
    PINS = "SELECT serial, pin_sealed FROM recharge_card WHERE batch_id = $1 AND pin_sealed IS NOT NULL ORDER BY serial";
    CLEAR = "UPDATE recharge_card SET pin_sealed = NULL WHERE batch_id = $1";
    FETCHED = "UPDATE recharge_batch SET pins_fetched_at = $2, pins_fetched_by = $3, version = version + 1 WHERE id = $1 AND pins_fetched_at IS NULL";
    TAKEN = "SELECT serial FROM recharge_card WHERE serial = $1 OR pin_blind = $2";
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewBatch {
    pub face_fen: i64,
    #[serde(default)]
    pub cards: i64,
    pub valid_to: String,
}

/// What a new batch may be: face, number of cards, last day.
fn checked(tx: &mut Tx<'_>, new: &NewBatch) -> Result<(Money, Date)> {
    let face = Money::fen(new.face_fen);
    if new.face_fen % 100 != 0 || !(1_000..=100_000).contains(&new.face_fen) {
        return Err(Problem::new(&problems::CARD_FACE).field("faceFen").with("value", &face.to_string()));
    }
    let most = settings::CARDS_MAX.number(tx)?;
    if new.cards < 1 || new.cards > most {
        return Err(Problem::new(&problems::CARDS_MANY).field("cards").with("value", &most.to_string()));
    }
    let valid_to = Date::parse(&new.valid_to)?;
    if valid_to <= tx.now().date() {
        return Err(Problem::new(&problems::CARD_DAY).field("validTo"));
    }
    Ok((face, valid_to))
}

fn insert(tx: &mut Tx<'_>, new: &NewBatch, source: &str, state: &str) -> Result<(String, String, OrgPath)> {
    let (face, valid_to) = checked(tx, new)?;
    let id = tx.new_id::<NewBatch>().into_string();
    let org = tx.actor().org.clone();
    let no = format!("CZ{:06}", tx.next_in_series("recharge batch")?);
    let made = if state == "making" { 0 } else { new.cards };
    let by = tx.actor().name.to_string();
    let values = params![id, org, no, source, face, new.cards, valid_to.to_string(), state, made, by, tx.now()];
    tx.execute(&INSERT, values)?;
    let event = Event::new("RechargeBatchCreateEvent", "recharge", &id, 1, &org);
    tx.emit(event.audit(json!({"batchNo": no, "faceFen": face, "cards": new.cards, "source": source})))?;
    Ok((id, no, org))
}

/// Orders a batch; a job makes its cards.
pub fn order(tx: &mut Tx<'_>, new: &NewBatch) -> Result<String> {
    let (id, _, _) = insert(tx, new, "generated", "making")?;
    flow::jobs::enqueue(tx, JOB, json!({"batch": id}), tx.now())?;
    Ok(id)
}

/// The job: cards in portions, going on behind what is there.
pub async fn make(app: App, payload: Value) -> Result<()> {
    let id = payload["batch"].as_str().unwrap_or_default().to_owned();
    loop {
        let same = id.clone();
        if app.db().write(Actor::system(), move |tx| portion(tx, &same)).await? == 0 {
            return Ok(());
        }
    }
}

fn portion(tx: &mut Tx<'_>, id: &str) -> Result<i64> {
    let batch = tx.query_one(&LOCK, params![id])?;
    let (org, no, face, valid_to) = (batch.text(2), batch.text(3), batch.money(5), batch.text(7));
    let (cards, made) = (batch.int(6), batch.int(9));
    let portion = (cards - made).min(CHUNK);
    if batch.str(8) != "making" || portion <= 0 {
        return Ok(0);
    }
    let mut rows: Vec<Bind> = Vec::new();
    for n in made + 1..=made + portion {
        let pin = pin(tx);
        let (blind, sealed) = (blind(tx, &pin), tx.vault().seal(&pin)?);
        let serial = format!("{}{n:06}", no.trim_start_matches("CZ"));
        rows.extend_from_slice(params![serial, id, org, face, valid_to, blind, sealed, "made", 0i64]);
    }
    tx.insert_rows(INTO, 9, &rows, "")?;
    if tx.execute(&GROW, params![id, portion, made])? == 0 {
        return Err(Problem::new(&kernel::codes::CONFLICT));
    }
    if made + portion == cards {
        tx.emit(Event::new("RechargeBatchMadeEvent", "recharge", id, batch.int(1) + 1, &OrgPath::parse(&org)?))?;
    }
    Ok(portion)
}

/// Digits that nobody can guess; no PIN begins with zero, so that none is shortened by a spreadsheet.
fn pin(tx: &Tx<'_>) -> String {
    let mut digits = String::with_capacity(PIN_DIGITS);
    while digits.len() < PIN_DIGITS {
        let mut bytes = [0u8; 32];
        tx.env().random(&mut bytes);
        for b in bytes {
            // 250 is the largest multiple of ten in a byte: the rest would favour small digits.
            if b < 250 && digits.len() < PIN_DIGITS && !(digits.is_empty() && b % 10 == 0) {
                digits.push(char::from(b'0' + b % 10));
            }
        }
    }
    digits
}

pub fn blind(tx: &Tx<'_>, pin: &str) -> String {
    tx.vault().blind("recharge-pin", pin)
}

/// Cards of a maker: lines of `serial,pin`. All or nothing, every line that does not fit named.
pub fn import(tx: &mut Tx<'_>, new: &NewBatch, text: &str) -> Result<String> {
    let mut found: Vec<(String, String)> = Vec::new();
    let mut wrong = Vec::new();
    let mut seen = HashSet::new();
    for (n, line) in text.trim_start_matches('\u{feff}').lines().enumerate() {
        let line = line.trim();
        if line.is_empty() || (n == 0 && line.chars().any(char::is_alphabetic)) {
            continue;
        }
        let fields: Vec<&str> = line.split([',', '\t', ';']).map(str::trim).collect();
        let digits = |t: &str, least: usize| (least..=24).contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
        let reason = match fields.as_slice() {
            [serial, pin] if digits(serial, 6) && digits(pin, 12) => {
                let blind = blind(tx, pin);
                if !seen.insert((*serial).to_owned()) || !seen.insert(blind.clone()) {
                    Some("twice")
                } else if tx.query_opt(&TAKEN, params![*serial, blind])?.is_some() {
                    Some("known")
                } else {
                    found.push(((*serial).to_owned(), blind));
                    None
                }
            }
            _ => Some("format"),
        };
        if let Some(reason) = reason
            && wrong.len() < 100
        {
            wrong.push(json!({"line": n + 1, "reason": reason}));
        }
    }
    if !wrong.is_empty() {
        let first = wrong[0]["line"].to_string();
        let problem = Problem::new(&problems::FILE_FORMAT).with("line", &first).with("detail", "serial,PIN");
        return Err(problem.extra("lines", Value::Array(wrong)));
    }
    let new = NewBatch { cards: i64::try_from(found.len()).unwrap_or(0), ..new.clone() };
    let (id, _, org) = insert(tx, &new, "imported", "made")?;
    let mut rows: Vec<Bind> = Vec::with_capacity(found.len() * 9);
    for (serial, blind) in &found {
        let face = Money::fen(new.face_fen);
        rows.extend_from_slice(params![serial, id, org, face, new.valid_to, blind, None::<String>, "made", 0i64]);
    }
    tx.insert_rows(INTO, 9, &rows, "")?;
    Ok(id)
}

/// `activate` makes every card of the batch usable, `void` every unused one useless.
pub fn turn(tx: &mut Tx<'_>, id: &str, verb: &str, reason: &str) -> Result<()> {
    let batch = tx.query_one(&LOCK, params![id])?;
    tx.must_see(batch.str(2))?;
    let (was, next) = (batch.text(8), if verb == "activate" { "active" } else { "void" });
    let refuse = || Problem::new(&problems::CARD_STATE).with("state", &was).with("verb", verb);
    match (verb, was.as_str()) {
        ("activate", "made") => drop(tx.execute(&CARDS, params![id, "active", "made"])?),
        ("void", "made" | "active") => {
            if reason.trim().is_empty() || reason.chars().count() > 200 {
                return Err(Problem::invalid("reason", "1–200"));
            }
            for state in ["made", "active", "locked"] {
                tx.execute(&CARDS, params![id, "void", state])?;
            }
        }
        ("activate" | "void", _) => return Err(refuse()),
        _ => return Err(Problem::not_found()),
    }
    tx.execute(&MOVE, params![id, next])?;
    let org = OrgPath::parse(batch.str(2))?;
    let event = Event::new("RechargeBatchStateChangeEvent", "recharge", id, batch.int(1) + 1, &org);
    tx.emit(event.audit(json!({"from": was, "to": next, "reason": reason})))
}

/// The PINs, for the printing house: once, with a reason, before anything is sold. Afterwards nobody can read them.
pub fn pins(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<(String, String)> {
    let batch = tx.query_one(&LOCK, params![id])?;
    tx.must_see(batch.str(2))?;
    if reason.trim().is_empty() || reason.chars().count() > 200 {
        return Err(Problem::invalid("reason", "1–200"));
    }
    if batch.str(8) != "made" || batch.str(4) != "generated" || batch.opt_time(10).is_some() {
        return Err(Problem::new(&problems::PINS_GONE));
    }
    let mut csv = String::from("serial,pin,face,validTo\r\n");
    let (face, valid_to) = (batch.money(5), batch.text(7));
    for r in tx.query(&PINS, params![id])? {
        let pin = tx.vault().open_sealed(r.str(1))?;
        csv.push_str(&format!("{},{pin},{face},{valid_to}\r\n", r.str(0)));
    }
    let by = tx.actor().name.to_string();
    if tx.execute(&FETCHED, params![id, tx.now(), by])? == 0 {
        return Err(Problem::new(&problems::PINS_GONE));
    }
    tx.execute(&CLEAR, params![id])?;
    let org = OrgPath::parse(batch.str(2))?;
    tx.audit("recharge.pins_fetched", "recharge", id, &org, &json!({"reason": reason, "batchNo": batch.str(3)}))?;
    Ok((format!("{}.csv", batch.str(3)), csv))
}
