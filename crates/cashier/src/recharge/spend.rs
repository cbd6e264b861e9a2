//! A card becomes a payment.

use super::{CardState, CardVerb, issue::blind};
use crate::{problems, settings};
use billing::{Method, Take};
use kernel::{Money, OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use store::{Event, Tx, params, sql};

sql! {
    BY_SERIAL = "SELECT serial, org, face_fen, valid_to, pin_blind, state, wrong FROM recharge_card WHERE serial = $1 {for_update}";
    BY_PIN = "SELECT serial, org, face_fen, valid_to, pin_blind, state, wrong FROM recharge_card WHERE pin_blind = $1 {for_update}";
    USE = "UPDATE recharge_card SET state = 'used', used_at = $2, used_by = $3, account_id = $4, payment_id = $5 \
           WHERE serial = $1 AND state = 'active'";
    WRONG = "UPDATE recharge_card SET wrong = wrong + 1, state = $2 WHERE serial = $1";
    TRIES = "SELECT wrong FROM recharge_try WHERE subject = $1 AND day = $2";
    TRY = "INSERT INTO recharge_try (subject, day, wrong) VALUES ($1, $2, 1) \
           ON CONFLICT (subject, day) DO UPDATE SET wrong = recharge_try.wrong + 1";
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ask {
    /// The telephone or account number to recharge.
    #[serde(default)]
    pub number: String,
    pub account_id: Option<String>,
    /// The card's number; the PIN alone finds it too.
    #[serde(default)]
    pub serial: String,
    pub pin: String,
}

/// What came of it. A wrong PIN is no error of the transaction: it has to be counted, while an error would be undone.
pub enum Verdict {
    Done(Value),
    Wrong(Problem),
}

/// Recharges with a card, exactly once.
pub fn redeem(tx: &mut Tx<'_>, ask: &Ask) -> Result<Verdict> {
    let (account_id, customer_id) = target(tx, ask)?;
    let pin: String = ask.pin.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if !(12..=24).contains(&pin.len()) || !pin.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::invalid("pin", "12–24"));
    }
    let most = settings::MAX_WRONG.number(tx)?;
    let today = tx.now().date().to_string();
    let tried = tx.query_opt(&TRIES, params![account_id, today])?.map_or(0, |r| r.int(0));
    if tried >= most {
        return Err(Problem::new(&problems::CARD_LOCKED));
    }
    let serial = ask.serial.trim();
    let blind = blind(tx, &pin);
    let found = if serial.is_empty() {
        tx.query_opt(&BY_PIN, params![blind])?
    } else {
        tx.query_opt(&BY_SERIAL, params![serial])?
    };
    let Some(card) = found else { return wrong(tx, &account_id, &today, tried, most, None) };
    let state = CardState::named(card.str(5))?;
    if card.str(4) != blind {
        if state == CardState::Locked {
            return Err(Problem::new(&problems::CARD_LOCKED));
        }
        let before = card.int(6).max(tried);
        // A card that is not on sale yet has nothing to lock.
        let next = if before + 1 >= most { state.after(CardVerb::Lock).unwrap_or(state) } else { state };
        let org = OrgPath::parse(card.str(1))?;
        return wrong(tx, &account_id, &today, before, most, Some((card.str(0), next, &org)));
    }
    state.after(CardVerb::Use)?;
    if *card.str(3) < *today {
        return Err(Problem::new(&problems::CARD_EXPIRED));
    }
    let (serial, face) = (card.text(0), card.money(2));
    let taken = pay(tx, &account_id, &customer_id, &serial, face)?;
    let by = tx.actor().name.to_string();
    if tx.execute(&USE, params![serial, tx.now(), by, account_id, taken.id])? == 0 {
        return Err(Problem::new(&problems::CARD_USED));
    }
    let org = OrgPath::parse(card.str(1))?;
    let event = Event::new("RechargeCardUseEvent", "recharge", &serial, 1, &org)
        .topic(format!("customer:{customer_id}"))
        .audit(json!({"serial": serial, "faceFen": face, "payment": taken.id}));
    tx.emit(event)?;
    Ok(Verdict::Done(json!({
        "serial": serial, "faceFen": face, "paymentId": taken.id, "receiptNo": taken.receipt_no, "balanceFen": taken.balance,
        "toBalanceFen": taken.to_balance, "applied": taken.applied, "at": taken.at,
    })))
}

fn target(tx: &mut Tx<'_>, ask: &Ask) -> Result<(String, String)> {
    if let Some(id) = ask.account_id.as_deref().filter(|id| !id.is_empty()) {
        let account = billing::account(tx, id)?;
        return Ok((account.id, account.customer_id));
    }
    if ask.number.trim().is_empty() {
        return Err(Problem::missing("number"));
    }
    let found = billing::account_of_any_number(tx, &ask.number)?;
    found.ok_or_else(|| Problem::new(&problems::NUMBER_NOBODY).field("number").with("value", ask.number.trim()))
}

fn pay(tx: &mut Tx<'_>, account: &str, customer: &str, serial: &str, face: Money) -> Result<billing::Taken> {
    let ask = Take {
        customer_id: customer.to_owned(),
        account_id: Some(account.to_owned()),
        amount: face,
        method: Method::RechargeCard,
        tendered: None,
        reference: serial.to_owned(),
        note: String::new(),
        extra: Map::new(),
    };
    billing::take(tx, &ask)
}

/// Counts a wrong try: for the day of whom it was to recharge, and on the card that was named.
fn wrong(
    tx: &mut Tx<'_>,
    account: &str,
    today: &str,
    before: i64,
    most: i64,
    card: Option<(&str, CardState, &OrgPath)>,
) -> Result<Verdict> {
    tx.execute(&TRY, params![account, today])?;
    let left = (most - before - 1).max(0);
    if let Some((serial, next, org)) = card {
        tx.execute(&WRONG, params![serial, next.name()])?;
        tx.audit("recharge.wrong_pin", "recharge", serial, org, &json!({"left": left}))?;
    }
    Ok(Verdict::Wrong(if left == 0 {
        Problem::new(&problems::CARD_LOCKED)
    } else {
        Problem::new(&problems::CARD_WRONG).field("pin").with("left", &left.to_string())
    }))
}
