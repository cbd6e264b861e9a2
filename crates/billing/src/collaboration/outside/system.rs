//! The billing systems beside the embedded one: where they are, how we say who we are, who speaks for them here.

use crate::{perms, problems};
use kernel::{OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Row, Tx, params, sql};

/// A system as it is called.
#[derive(Clone, Debug)]
pub struct Address {
    pub code: String,
    /// The root, or for answers the whole address.
    pub url: String,
    pub token: Option<String>,
}

/// As it comes from its page.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Ask {
    pub code: String,
    pub name: String,
    #[serde(default)]
    pub name_en: String,
    pub url: String,
    /// Left out: the one that is known stays.
    pub token: Option<String>,
    #[serde(default)]
    pub speaker: String,
    #[serde(default)]
    pub answer_url: String,
    pub enabled: bool,
}

sql! {
    ALL = "SELECT code, name, name_en, url, token, speaker, answer_url, enabled, version, updated_at FROM billing_system ORDER BY code";
    ONE = "SELECT code, name, name_en, url, token, speaker, answer_url, enabled, version, updated_at FROM billing_system WHERE code = $1";
    SPEAKS = "SELECT code FROM billing_system WHERE speaker = $1 AND enabled = 1 ORDER BY code";
    SPOKEN_FOR = "SELECT code FROM billing_system WHERE speaker = $1 AND code <> $2";
    ADD = "INSERT INTO billing_system (code, version, name, name_en, url, token, speaker, answer_url, enabled, created_at, updated_at) \
           VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (code) DO NOTHING";
    CHANGE = "UPDATE billing_system SET version = version + 1, name = $2, name_en = $3, url = $4, token = COALESCE($5, token), \
              speaker = $6, answer_url = $7, enabled = $8, updated_at = $9 WHERE code = $1";
    /// Orders on their way to it.
    OPEN = "SELECT COUNT(*) FROM (SELECT 1 FROM collaboration WHERE system = $1 \
            AND state IN ('waiting', 'sent', 'received', 'failed', 'manual') LIMIT 10001) AS counted";
}

fn shown(tx: &mut Tx<'_>, row: &Row) -> Result<Value> {
    let open = tx.query_one(&OPEN, params![row.str(0)])?.int(0);
    Ok(json!({
        "code": row.str(0), "name": row.str(1), "nameEn": row.str(2), "url": row.str(3), "hasToken": row.opt_text(4).is_some(),
        "speaker": row.str(5), "answerUrl": row.str(6), "enabled": row.flag(7), "version": row.int(8), "updatedAt": row.time(9),
        "open": open,
    }))
}

pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let rows = tx.query(&ALL, params![])?;
    rows.iter().map(|r| shown(tx, r)).collect()
}

pub fn one(tx: &mut Tx<'_>, code: &str) -> Result<Value> {
    let row = tx.query_one(&ONE, params![code])?;
    shown(tx, &row)
}

/// The codes of the systems that are in use.
pub fn enabled(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    Ok(tx.query(&ALL, params![])?.iter().filter(|r| r.flag(7)).map(|r| r.text(0)).collect())
}

/// A path that could be anybody's is nobody's: http or https, a host, no user name.
fn address(field: &str, text: &str) -> Result<String> {
    let url = text.trim().trim_end_matches('/');
    let rest = url.strip_prefix("http://").or_else(|| url.strip_prefix("https://"));
    match rest {
        Some(rest) if !rest.is_empty() && url.len() <= 300 && !rest.contains(['@', '?', '#', ' ', '\\']) => {
            Ok(url.to_owned())
        }
        _ => Err(Problem::invalid(field, "http(s)://host[:port]")),
    }
}

/// Adds a system, or changes one.
pub fn save(tx: &mut Tx<'_>, ask: &Ask, new: bool) -> Result<Value> {
    tx.allow(perms::COLLABORATION_ROUTE)?;
    let code = ask.code.trim();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
    if !(2..=30).contains(&code.len()) || !code.bytes().all(plain) || code == "embedded" || code == "dunning" {
        return Err(Problem::invalid("code", "a–z 0–9 -, 2–30"));
    }
    if !new {
        tx.query_one(&ONE, params![code])?;
    }
    let name = ask.name.trim();
    if !(1..=60).contains(&name.chars().count()) || ask.name_en.chars().count() > 60 {
        return Err(Problem::invalid("name", "1–60"));
    }
    let url = address("url", &ask.url)?;
    let answer_url =
        if ask.answer_url.trim().is_empty() { String::new() } else { address("answerUrl", &ask.answer_url)? };
    let speaker = ask.speaker.trim();
    if speaker.chars().count() > 60 {
        return Err(Problem::invalid("speaker", "≤ 60"));
    }
    if !speaker.is_empty()
        && let Some(other) = tx.query_opt(&SPOKEN_FOR, params![speaker, code])?
    {
        return Err(Problem::new(&problems::SYSTEM_SPEAKER).field("speaker").with("value", other.str(0)));
    }
    let token = ask.token.as_deref().map(str::trim).filter(|t| !t.is_empty());
    let token = token.map(|t| tx.vault().seal(t)).transpose()?;
    let (now, en) = (tx.now(), ask.name_en.trim());
    let binds = params![code, name, en, url, token, speaker, answer_url, ask.enabled, now];
    let done = tx.execute(if new { &ADD } else { &CHANGE }, binds)?;
    match (done, new) {
        (0, true) => return Err(Problem::new(&problems::SYSTEM_EXISTS).field("code").with("value", code)),
        (0, false) => return Err(Problem::not_found()),
        _ => {}
    }
    let detail = json!({"url": url, "speaker": speaker, "enabled": ask.enabled, "tokenChanged": ask.token.is_some()});
    tx.audit("billing.system", "billingSystem", code, &OrgPath::root(), &detail)?;
    one(tx, code)
}

fn address_of(tx: &mut Tx<'_>, row: &Row, url: usize) -> Result<Address> {
    let token = row.opt_text(4).map(|t| tx.vault().open_sealed(&t)).transpose()?;
    Ok(Address { code: row.text(0), url: row.text(url), token })
}

/// Where a system is called; refused where it is not in use.
pub fn address_to(tx: &mut Tx<'_>, code: &str) -> Result<Address> {
    let off = || Problem::new(&problems::SYSTEM_OFF).with("value", code);
    let row = tx.query_opt(&ONE, params![code])?.filter(|r| r.flag(7)).ok_or_else(off)?;
    address_of(tx, &row, 3)
}

/// Where a system wants to be told how its orders ended; none where it is no outside system, or asks by itself.
pub fn answered_at(tx: &mut Tx<'_>, code: &str) -> Result<Option<Address>> {
    let row = tx.query_opt(&ONE, params![code])?.filter(|r| r.flag(7) && !r.str(6).is_empty());
    row.map(|r| address_of(tx, &r, 6)).transpose()
}

/// The system that somebody speaks for.
pub fn system_of(tx: &mut Tx<'_>, speaker: &str) -> Result<Option<String>> {
    Ok(tx.query_opt(&SPEAKS, params![speaker])?.map(|r| r.text(0)))
}

#[cfg(test)]
mod tests {
    use super::address;

    #[test]
    fn an_address_is_a_plain_one() {
        assert_eq!(address("url", " http://10.0.0.1:8080/ ").unwrap(), "http://10.0.0.1:8080");
        assert_eq!(address("url", "https://b.example/base").unwrap(), "https://b.example/base");
        for bad in ["", "b.example", "ftp://b", "http://", "http://u:p@b", "http://b?x=1", "http://a b"] {
            assert!(address("url", bad).is_err(), "{bad}");
        }
    }
}
