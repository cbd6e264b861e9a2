//! Verifying a caller: four ways, limited tries, everything on record. A wrong answer tells nothing but that it is wrong.

use super::call::{Call, Level};
use crate::problems;
use customer::Summary;
use inventory::products;
use kernel::{Problem, Result};
use messaging::Sms;
use serde_json::{Value, json};
use store::{Tx, params, sql};

sql! {
    SETTING = "SELECT value FROM hotline_setting WHERE name = $1";
    METHODS = "SELECT code, zh, en, zh_ask, en_ask, level FROM hotline_method ORDER BY rank";
    FAILURES = "SELECT failures FROM hotline_failure WHERE customer_id = $1 AND day = $2";
    FAIL = "INSERT INTO hotline_failure (customer_id, day, failures) VALUES ($1, $2, 1) \
            ON CONFLICT (customer_id, day) DO UPDATE SET failures = hotline_failure.failures + 1";
    PASSWORD = "SELECT blind FROM service_password WHERE customer_id = $1";
    SET_PASSWORD = "INSERT INTO service_password (customer_id, blind, set_by, updated_at) VALUES ($1, $2, $3, $4) \
                    ON CONFLICT (customer_id) DO UPDATE SET blind = $2, set_by = $3, updated_at = $4";
    CODE = "SELECT blind, sent, valid_until, customer_id FROM hotline_code WHERE call_id = $1";
    SET_CODE = "INSERT INTO hotline_code (call_id, customer_id, blind, sent, valid_until) VALUES ($1, $2, $3, 1, $4) \
                ON CONFLICT (call_id) DO UPDATE SET customer_id = $2, blind = $3, sent = hotline_code.sent + 1, valid_until = $4";
    USE_CODE = "UPDATE hotline_code SET blind = '' WHERE call_id = $1";
}

pub fn setting(tx: &mut Tx<'_>, name: &str) -> Result<i64> {
    Ok(tx.query_one(&SETTING, params![name])?.int(0))
}

/// The ways, for the page.
pub fn methods(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let rows = tx.query(&METHODS, params![])?;
    let one = |r: &store::Row| {
        json!({
            "code": r.str(0), "zh": r.str(1), "en": r.str(2), "zhAsk": r.str(3), "enAsk": r.str(4), "level": r.str(5),
        })
    };
    Ok(rows.iter().map(one).collect())
}

fn level_of(tx: &mut Tx<'_>, method: &str) -> Result<Level> {
    let rows = tx.query(&METHODS, params![])?;
    let row = rows.iter().find(|r| r.str(0) == method);
    let row = row.ok_or_else(|| Problem::new(&problems::METHOD).with("value", method).field("method"))?;
    Ok(Level::parse(row.str(5)))
}

fn day(tx: &Tx<'_>) -> String {
    tx.now().date().to_string()
}

/// Why nothing can be tried any more, if so; and how many tries are left.
fn left(tx: &mut Tx<'_>, call: &Call, customer: &str) -> Result<i64> {
    let (in_call, in_day) = (setting(tx, "verify.failures_call")?, setting(tx, "verify.failures_day")?);
    let day = day(tx);
    let failed = tx.query_opt(&FAILURES, params![customer, day])?.map_or(0, |r| r.int(0));
    Ok((in_call - call.failures).min(in_day - failed).max(0))
}

/// What came of a try. A wrong one is no error of the request: it has to be kept, while an error would be rolled back.
pub enum Verdict {
    Right,
    Wrong(Problem),
}

/// Tries to verify the caller. `seen` is the customer with the certificate in clear.
pub fn attempt(tx: &mut Tx<'_>, call: &mut Call, seen: &Summary, method: &str, value: &str) -> Result<Verdict> {
    let reaches = level_of(tx, method)?;
    if left(tx, call, &seen.id)? == 0 {
        return Err(Problem::new(&problems::LOCKED));
    }
    let value = value.trim();
    if value.is_empty() || value.chars().count() > 40 {
        return Err(Problem::missing("value"));
    }
    let right = match method {
        "servicePassword" => password(tx, seen, value)?,
        "certificateTail" => certificate_tail(seen, value)?,
        "billAmount" => bill_amount(tx, seen, value)?,
        "oneTimeCode" => one_time_code(tx, call, seen, value)?,
        other => return Err(Problem::new(&problems::METHOD).with("value", other).field("method")),
    };
    if !right {
        call.failures += 1;
        let day = day(tx);
        tx.execute(&FAIL, params![seen.id, day])?;
        call.save(tx)?;
        call.tell(tx, "CallVerificationFailEvent", json!({"method": method, "customer": seen.id}))?;
        let left = left(tx, call, &seen.id)?;
        let problem = if left == 0 {
            Problem::new(&problems::LOCKED)
        } else {
            Problem::new(&problems::WRONG).with("left", &left.to_string())
        };
        return Ok(Verdict::Wrong(problem));
    }
    if !call.methods.iter().any(|m| m == method) {
        call.methods.push(method.to_owned());
    }
    // Two things known are as good as one secret held.
    let two = call.methods.len() >= 2;
    call.level = call.level.max(if two { Level::Full } else { reaches });
    call.verified_at = Some(tx.now());
    call.save(tx)?;
    call.tell(tx, "CallVerificationEvent", json!({"method": method, "level": call.level.text(), "customer": seen.id}))?;
    Ok(Verdict::Right)
}

fn password(tx: &mut Tx<'_>, seen: &Summary, value: &str) -> Result<bool> {
    let row = tx.query_opt(&PASSWORD, params![seen.id])?;
    let row = row.ok_or_else(|| Problem::new(&problems::METHOD).with("value", "servicePassword"))?;
    Ok(row.str(0) == blind(tx, "service-password", &seen.id, value))
}

fn blind(tx: &Tx<'_>, kind: &str, whose: &str, value: &str) -> String {
    tx.vault().blind(kind, &format!("{whose}\u{1f}{value}"))
}

fn certificate_tail(seen: &Summary, value: &str) -> Result<bool> {
    if seen.certificate.chars().count() < 6 {
        return Err(Problem::new(&problems::METHOD).with("value", "certificateTail"));
    }
    let number = party::Certificate::look_up_text(&seen.certificate);
    let tail: String = number.chars().skip(number.chars().count().saturating_sub(4)).collect();
    Ok(tail == party::Certificate::look_up_text(value))
}

/// One of the last three bills, to the yuan or to the fen.
fn bill_amount(tx: &mut Tx<'_>, seen: &Summary, value: &str) -> Result<bool> {
    let bills = billing::bills_of(tx, &seen.id, 3)?;
    if bills.is_empty() {
        return Err(Problem::new(&problems::METHOD).with("value", "billAmount"));
    }
    let said: String = value.chars().filter(|c| c.is_ascii_digit() || *c == '.').collect();
    let (whole, exact) = (said.split('.').next().unwrap_or("").to_owned(), said.contains('.'));
    Ok(bills.iter().any(|b| {
        let amount = b.amount.to_string();
        let yuan = amount.split('.').next().unwrap_or("");
        !whole.is_empty()
            && if exact {
                amount.trim_end_matches('0').trim_end_matches('.') == said.trim_end_matches('0').trim_end_matches('.')
            } else {
                yuan == whole
            }
    }))
}

fn one_time_code(tx: &mut Tx<'_>, call: &Call, seen: &Summary, value: &str) -> Result<bool> {
    let row = tx.query_opt(&CODE, params![call.id])?;
    let row = row.filter(|r| r.str(3) == seen.id && !r.str(0).is_empty() && tx.now() < r.time(2));
    let row = row.ok_or_else(|| Problem::new(&problems::NO_CODE))?;
    let right = row.str(0) == blind(tx, "hotline-code", &call.id, value);
    if right {
        tx.execute(&USE_CODE, params![call.id])?; // once
    }
    Ok(right)
}

/// Sends a code to a number of the customer: a line of ours first, the contact number otherwise. Returns it masked.
pub fn send_code(tx: &mut Tx<'_>, call: &Call, seen: &Summary) -> Result<String> {
    let most = setting(tx, "code.per_call")?;
    if tx.query_opt(&CODE, params![call.id])?.is_some_and(|r| r.int(1) >= most) {
        return Err(Problem::new(&problems::CODES).with("limit", &most.to_string()));
    }
    let held = products::of_customer(tx, &seen.id)?;
    let lines = held.iter().filter(|p| p.text("family") == "mobile" && p.text("status") == "active");
    let mut numbers: Vec<String> = lines.filter_map(|p| products::characteristic(&p.body, "number")).collect();
    // The line the call comes from, when it is one of theirs: its holder has it in hand.
    numbers.sort_by_key(|n| *n != call.number);
    let number = numbers.into_iter().next().or_else(|| Some(seen.phone.clone()).filter(|p| !p.is_empty()));
    let number = number.ok_or_else(|| Problem::new(&problems::NO_NUMBER))?;
    let mut bytes = [0u8; 8];
    tx.env().random(&mut bytes);
    let code = format!("{:06}", u64::from_le_bytes(bytes) % 1_000_000);
    let until = tx.now().plus_seconds(setting(tx, "code.minutes")? * 60);
    let hidden = blind(tx, "hotline-code", &call.id, &code);
    tx.execute(&SET_CODE, params![call.id, seen.id, hidden, until])?;
    let text = format!("【一台电信】您正在与客服通话，验证码 {code}，5 分钟内有效。如非本人来电请勿告知他人。");
    let sms = Sms {
        number: &number,
        purpose: "hotline.code",
        text: &text,
        secret: Some(&code),
        customer_id: Some(&seen.id),
        org: &seen.org,
    };
    messaging::send(tx, &sms)?;
    Ok(kernel::mask_phone(&number))
}

/// Sets a customer's service password, after the person was identified at a counter.
pub fn set_password(tx: &mut Tx<'_>, customer_id: &str, password: &str) -> Result<()> {
    let customer = customer::summary(tx, customer_id)?;
    let digits: Vec<u8> = password.bytes().collect();
    let weak = digits.len() != 6
        || !digits.iter().all(u8::is_ascii_digit)
        || digits.windows(2).all(|w| w[0] == w[1])
        || digits.windows(2).all(|w| w[1] == w[0].wrapping_add(1))
        || digits.windows(2).all(|w| w[0] == w[1].wrapping_add(1))
        || (!customer.phone.is_empty() && customer.phone.ends_with(password))
        || customer.certificate.contains(password);
    if weak {
        return Err(Problem::new(&problems::PASSWORD_WEAK).field("password"));
    }
    let hidden = blind(tx, "service-password", customer_id, password);
    let (by, now) = (tx.actor().id.to_string(), tx.now());
    tx.execute(&SET_PASSWORD, params![customer_id, hidden, by, now])?;
    tx.audit("customer.servicePassword", "customer", customer_id, &customer.org, &json!({}))
}
