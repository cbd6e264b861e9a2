//! Bank slips (缴款单): entered strictly from the bank's paper, each once.

use super::{SheetState, sheet, turn};
use crate::{problems, settings};
use billing::Method;
use kernel::{Date, Money, Problem, Result, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Event, Row, Tx, params, sql};

#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Slip {
    pub id: String,
    pub method: String,
    pub kind: String,
    pub bank: String,
    pub number: String,
    #[serde(rename = "amountFen")]
    pub amount: Money,
    pub slip_day: String,
    pub carried_by: String,
    pub witness: String,
    pub state: String,
    pub reason: String,
    pub entered_by: String,
    pub entered_at: Timestamp,
}

sql! {
    OF_SHEET = "SELECT id, method, kind, bank, number, amount_fen, slip_day, carried_by, witness, state, reason, entered_name, entered_at \
                FROM bank_slip WHERE sheet_id = $1 ORDER BY id";
    KNOWN = "SELECT id FROM bank_slip WHERE kind = $1 AND bank = $2 AND number = $3 AND state = 'entered'";
    INSERT = "INSERT INTO bank_slip (id, org, sheet_id, method, kind, bank, number, amount_fen, slip_day, carried_by, witness, state, \
              reason, entered_by, entered_name, entered_at) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 'entered', '', $12, $13, $14) ON CONFLICT DO NOTHING";
    SHEET_OF = "SELECT sheet_id, org FROM bank_slip WHERE id = $1";
    WITHDRAW = "UPDATE bank_slip SET state = 'withdrawn', reason = $2 WHERE id = $1 AND state = 'entered'";
}

fn read(r: &Row) -> Slip {
    Slip {
        id: r.text(0),
        method: r.text(1),
        kind: r.text(2),
        bank: r.text(3),
        number: r.text(4),
        amount: r.money(5),
        slip_day: r.text(6),
        carried_by: r.text(7),
        witness: r.text(8),
        state: r.text(9),
        reason: r.text(10),
        entered_by: r.text(11),
        entered_at: r.time(12),
    }
}

/// The slips of a sheet, also those withdrawn.
pub fn of_sheet(tx: &mut Tx<'_>, sheet_id: &str) -> Result<Vec<Slip>> {
    Ok(tx.query(&OF_SHEET, params![sheet_id])?.iter().map(read).collect())
}

/// What kind of paper proves the money of a method.
pub const fn paper(method: Method) -> Option<&'static str> {
    match method {
        Method::Cash => Some("cashDeposit"),
        Method::Card => Some("posSettlement"),
        Method::Cheque => Some("chequeDeposit"),
        Method::Transfer => Some("transferAdvice"),
        Method::Qr => Some("qrSettlement"),
        Method::Collection | Method::RechargeCard | Method::Points => None,
    }
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewSlip {
    method: String,
    bank: String,
    number: String,
    amount_fen: i64,
    slip_day: String,
    #[serde(default)]
    audit_code: String,
    #[serde(default)]
    carried_by: String,
    #[serde(default)]
    witness: String,
}

pub fn enter(tx: &mut Tx<'_>, sheet_id: &str, new: &NewSlip) -> Result<()> {
    let sheet = sheet::lock(tx, sheet_id)?;
    turn::may_touch(tx, &sheet, SheetState::Hall)?;
    let method = Method::parse(&new.method)?;
    let kind = paper(method).ok_or_else(|| Problem::invalid("method", &new.method))?;
    let text = |field: &str, value: &str, most: usize, needed: bool| {
        let value = value.trim().to_owned();
        let fits = value.chars().count() <= most && !value.chars().any(char::is_control);
        if fits && !(needed && value.is_empty()) {
            Ok(value)
        } else {
            Err(Problem::invalid(field, &format!("1–{most}")))
        }
    };
    let bank = text("bank", &new.bank, 60, true)?;
    let number = text("number", &new.number, 40, true)?;
    let carried_by = text("carriedBy", &new.carried_by, 40, false)?;
    let witness = text("witness", &new.witness, 40, false)?;
    let amount = Money::fen(new.amount_fen);
    if amount <= Money::ZERO || amount > Money::fen(1_000_000_000_000) {
        return Err(Problem::invalid("amountFen", "> 0"));
    }
    let slip_day = Date::parse(&new.slip_day)?;
    if slip_day < sheet.date()? || slip_day > tx.now().date() {
        return Err(Problem::invalid("slipDay", &format!("{}–{}", sheet.day, tx.now().date())));
    }
    if method == Method::Cash {
        if new.audit_code.trim() != sheet.audit_code {
            return Err(Problem::new(&problems::SLIP_CODE).field("auditCode").with("value", &sheet.audit_code));
        }
        let two = settings::TWO_PERSONS.number(tx)? != 0;
        if two && (carried_by.is_empty() || witness.is_empty() || carried_by == witness) {
            return Err(Problem::new(&problems::SLIP_PERSONS).field("witness"));
        }
    }
    let known = || Problem::new(&problems::SLIP_KNOWN).field("number").with("value", &number);
    if tx.query_opt(&KNOWN, params![kind, bank, number])?.is_some() {
        return Err(known());
    }
    let id = tx.new_id::<Slip>().into_string();
    let (by, name) = (tx.actor().id.to_string(), tx.actor().name.to_string());
    let values = params![
        id,
        sheet.org,
        sheet.id,
        method.name(),
        kind,
        bank,
        number,
        amount,
        slip_day.to_string(),
        carried_by,
        witness,
        by,
        name,
        tx.now()
    ];
    if tx.execute(&INSERT, values)? == 0 {
        return Err(known());
    }
    let event = Event::new("BankSlipCreateEvent", "auditSheet", &sheet.id, sheet.version, &sheet.org);
    tx.emit(event.audit(json!({"number": number, "bank": bank, "amountFen": amount, "method": method.name()})))
}

/// A slip that was entered wrongly goes out with a reason; its number may be entered again.
pub fn withdraw(tx: &mut Tx<'_>, slip_id: &str, reason: &str) -> Result<String> {
    let row = tx.query_one(&SHEET_OF, params![slip_id])?;
    tx.must_see(row.str(1))?;
    let sheet = sheet::lock(tx, row.str(0))?;
    turn::may_touch(tx, &sheet, SheetState::Hall)?;
    if reason.trim().is_empty() || reason.chars().count() > 200 {
        return Err(Problem::invalid("reason", "1–200"));
    }
    if tx.execute(&WITHDRAW, params![slip_id, reason.trim()])? == 0 {
        return Err(sheet.state.refuse("撤销"));
    }
    let event = Event::new("BankSlipWithdrawEvent", "auditSheet", &sheet.id, sheet.version, &sheet.org);
    tx.emit(event.audit(json!({"slip": slip_id, "reason": reason.trim()})))?;
    Ok(sheet.id)
}
