//! What agents say, by topic: data with versions, changed by people with the right.

use kernel::{OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Tx, params, sql};

sql! {
    ALL = "SELECT topic, version, zh_title, en_title, zh, en, updated_at, updated_by FROM hotline_script ORDER BY rank, topic";
    SAVE = "UPDATE hotline_script SET version = version + 1, zh_title = $3, en_title = $4, zh = $5, en = $6, updated_at = $7, updated_by = $8 \
            WHERE topic = $1 AND version = $2";
    ADD = "INSERT INTO hotline_script (topic, version, zh_title, en_title, zh, en, rank, updated_at, updated_by) \
           VALUES ($1, 1, $2, $3, $4, $5, 100, $6, $7) ON CONFLICT (topic) DO NOTHING";
    KNOWN = "SELECT version FROM hotline_script WHERE topic = $1 {for_update}";
    WRAPS = "SELECT code, zh, en FROM hotline_wrap ORDER BY rank, code";
}

pub fn all(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let rows = tx.query(&ALL, params![])?;
    let one = |r: &store::Row| {
        json!({
            "topic": r.str(0), "version": r.int(1), "zhTitle": r.str(2), "enTitle": r.str(3), "zh": r.str(4), "en": r.str(5),
            "updatedAt": r.opt_time(6), "updatedBy": r.opt_text(7),
        })
    };
    Ok(rows.iter().map(one).collect())
}

pub fn wraps(tx: &mut Tx<'_>) -> Result<Vec<Value>> {
    let rows = tx.query(&WRAPS, params![])?;
    Ok(rows.iter().map(|r| json!({"code": r.str(0), "zh": r.str(1), "en": r.str(2)})).collect())
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Script {
    zh_title: String,
    en_title: String,
    zh: String,
    en: String,
}

/// Writes a topic, new or changed. Both languages are needed: an agent may speak either.
pub fn save(tx: &mut Tx<'_>, topic: &str, script: &Script, check: impl Fn(i64) -> Result<()>) -> Result<()> {
    let good = (1..=40).contains(&topic.len()) && topic.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !good {
        return Err(Problem::invalid("topic", "1–40 a–z 0–9 -"));
    }
    let Script { zh_title, en_title, zh, en } = script;
    for (name, text, most) in
        [("zhTitle", zh_title, 60), ("enTitle", en_title, 60), ("zh", zh, 4_000), ("en", en, 4_000)]
    {
        if text.trim().is_empty() {
            return Err(Problem::missing(name));
        }
        if text.chars().count() > most {
            return Err(Problem::invalid(name, &format!("≤ {most}")));
        }
    }
    let (by, now) = (tx.actor().name.to_string(), tx.now());
    match tx.query_opt(&KNOWN, params![topic])?.map(|r| r.int(0)) {
        Some(version) => {
            check(version)?;
            tx.execute_versioned(&SAVE, params![topic, version, zh_title, en_title, zh, en, now, by])?;
        }
        None => drop(tx.execute(&ADD, params![topic, zh_title, en_title, zh, en, now, by])?),
    }
    tx.audit("hotline.script", "scripts", topic, &OrgPath::root(), &json!({"topic": topic}))
}
