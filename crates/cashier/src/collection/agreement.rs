//! Agreements to collect from a bank account (托收协议).

use crate::problems;
use kernel::{Date, Money, OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Filter, Row, Tx, params, sql};

macro_rules! columns {
    () => {
        "id, org, agreement_no, account_id, customer_id, bank_code, payer_name, bank_masked, limit_fen, state, valid_from, ended_at, \
         end_reason, by_name, created_at"
    };
}

sql! {
    INSERT = "INSERT INTO collection_agreement (id, version, org, agreement_no, account_id, customer_id, bank_code, payer_name, bank_account, \
              bank_masked, limit_fen, state, valid_from, end_reason, by_name, created_at) \
              VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'active', $11, '', $12, $13) ON CONFLICT DO NOTHING";
    END = "UPDATE collection_agreement SET version = version + 1, state = 'ended', ended_at = $2, end_reason = $3 \
           WHERE id = $1 AND state = 'active'";
    ORG_OF = "SELECT org FROM collection_agreement WHERE id = $1";
    ONE = concat!("SELECT ", columns!(), " FROM collection_agreement WHERE id = $1");
    BANK = "SELECT name, name_en FROM collection_bank WHERE code = $1";
    BANKS = "SELECT code, name, name_en FROM collection_bank ORDER BY code";
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NewAgreement {
    pub account_id: Option<String>,
    /// A telephone or account number, where the account's id is not known.
    pub number: Option<String>,
    pub bank_code: String,
    pub payer_name: String,
    pub bank_account: String,
    pub limit_fen: Option<i64>,
    pub valid_from: Option<String>,
}

pub fn banks(tx: &mut Tx<'_>) -> Result<Value> {
    let rows = tx.query(&BANKS, params![])?;
    Ok(rows.iter().map(|r| json!({"code": r.str(0), "zh": r.str(1), "en": r.str(2)})).collect())
}

pub fn bank(tx: &mut Tx<'_>, code: &str) -> Result<(String, String)> {
    let row = tx.query_opt(&BANK, params![code])?;
    row.map(|r| (r.text(0), r.text(1))).ok_or_else(|| Problem::unknown_reference("bankCode", code))
}

pub fn make(tx: &mut Tx<'_>, new: &NewAgreement) -> Result<Value> {
    bank(tx, &new.bank_code)?;
    let account_id = match (new.account_id.as_deref(), new.number.as_deref()) {
        (Some(id), _) if !id.is_empty() => id.to_owned(),
        (_, Some(number)) => {
            let found = billing::account_of_any_number(tx, number)?;
            found.ok_or_else(|| Problem::new(&problems::NUMBER_NOBODY).field("number").with("value", number))?.0
        }
        _ => return Err(Problem::missing("accountId")),
    };
    let account = billing::account(tx, &account_id)?;
    billing::must_be_open(tx, &account_id)?;
    let payer = new.payer_name.trim();
    if payer.is_empty() || payer.chars().count() > 60 || payer.chars().any(|c| c.is_control() || c == '|') {
        return Err(Problem::invalid("payerName", "1–60"));
    }
    let number: String = new.bank_account.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if !(8..=32).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_digit()) {
        return Err(Problem::new(&problems::BANK_ACCOUNT).field("bankAccount"));
    }
    let limit = new.limit_fen.filter(|l| *l != 0).map(Money::fen);
    if limit.is_some_and(|l| l < Money::ZERO || l > Money::fen(1_000_000_000_000)) {
        return Err(Problem::invalid("limitFen", "> 0"));
    }
    let from = match new.valid_from.as_deref().filter(|t| !t.is_empty()) {
        Some(text) => Date::parse(text)?,
        None => tx.now().date(),
    };
    let masked = format!("{}****{}", &number[..4], &number[number.len() - 4..]);
    let sealed = tx.vault().seal(&number)?;
    let id = tx.new_id::<NewAgreement>().into_string();
    let org = account.org.clone();
    let no = tx.next_number("TSX", &org)?;
    let by = tx.actor().name.to_string();
    let values = params![
        id,
        org,
        no,
        account.id,
        account.customer_id,
        new.bank_code,
        payer,
        sealed,
        masked,
        limit,
        from.to_string(),
        by,
        tx.now()
    ];
    if tx.execute(&INSERT, values)? == 0 {
        return Err(Problem::new(&problems::AGREEMENT_EXISTS));
    }
    let event = Event::new("CollectionAgreementCreateEvent", "collection", &id, 1, &org)
        .topic(format!("customer:{}", account.customer_id))
        .audit(json!({"agreementNo": no, "account": account.id, "bank": new.bank_code, "bankAccount": masked}));
    tx.emit(event)?;
    let row = tx.query_one(&ONE, params![id])?;
    view(tx, &row)
}

pub fn end(tx: &mut Tx<'_>, id: &str, reason: &str) -> Result<Value> {
    let org = tx.query_one(&ORG_OF, params![id])?.text(0);
    tx.must_see(&org)?;
    if reason.trim().is_empty() || reason.chars().count() > 200 {
        return Err(Problem::invalid("reason", "1–200"));
    }
    if tx.execute(&END, params![id, tx.now(), reason.trim()])? == 0 {
        return Err(Problem::new(&problems::AGREEMENT_ENDED));
    }
    let event = Event::new("CollectionAgreementEndEvent", "collection", id, 2, &OrgPath::parse(&org)?);
    tx.emit(event.audit(json!({"reason": reason.trim()})))?;
    let row = tx.query_one(&ONE, params![id])?;
    view(tx, &row)
}

fn view(tx: &mut Tx<'_>, r: &Row) -> Result<Value> {
    let customer = customer::summary(tx, r.str(4)).map(|c| c.name).unwrap_or_default();
    let account = billing::account(tx, r.str(3)).map(|a| a.account_no).unwrap_or_default();
    Ok(json!({
        "id": r.str(0), "org": r.str(1), "agreementNo": r.str(2), "accountId": r.str(3), "accountNo": account,
        "customerId": r.str(4), "customer": customer, "bankCode": r.str(5), "payerName": r.str(6), "bankAccount": r.str(7),
        "limitFen": r.opt_int(8), "state": r.str(9), "validFrom": r.str(10), "endedAt": r.opt_time(11), "endReason": r.str(12),
        "by": r.str(13), "createdAt": r.time(14),
    }))
}

/// Agreements within the actor's scope, newest first; of one customer or bank where given.
pub fn list(tx: &mut Tx<'_>, by: &[(&str, Option<String>)], offset: i64, limit: i64) -> Result<(Vec<Value>, i64)> {
    let mut filter = Filter::default();
    filter.scope("org", tx.actor());
    for (column, value) in by {
        if let Some(value) = value {
            filter.equal(column, value.as_str());
        }
    }
    let condition = filter.to_where();
    let total = tx.query_one(&format!("SELECT COUNT(*) FROM collection_agreement{condition}"), &filter.binds)?.int(0);
    let (limit, offset) = (filter.bind(limit), filter.bind(offset));
    let text = format!(
        "SELECT {} FROM collection_agreement{condition} ORDER BY id DESC LIMIT {limit} OFFSET {offset}",
        columns!()
    );
    let rows = tx.query(&text, &filter.binds)?;
    let rows = rows.iter().map(|r| view(tx, r)).collect::<Result<Vec<Value>>>()?;
    Ok((rows, total))
}
