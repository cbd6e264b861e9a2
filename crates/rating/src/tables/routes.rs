//! The tables of rating over HTTP: read by who sees plans, changed by who puts plans into force, each row with its source.

use super::{BANDS, DEFAULTS, DESTINATIONS, FAMILIES, FREE, TAXES, ZONES, forget, tables};
use crate::plan::routes::{ACTIVATE, READ};
use http::{Access, Answer, Body, Ctx, Reply, Route, axum::extract::Path};
use kernel::{Date, OrgPath, Problem, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use store::{Event, Tx, params, sql};

sql! {
    SET_DESTINATION = "INSERT INTO rate_destination (prefix, class, name, name_en, source) VALUES ($1, $2, $3, $4, $5) \
                       ON CONFLICT (prefix) DO UPDATE SET class = excluded.class, name = excluded.name, name_en = excluded.name_en, source = excluded.source";
    SET_FREE = "INSERT INTO rate_free_number (number, name, name_en, source) VALUES ($1, $2, $3, $4) \
                ON CONFLICT (number) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, source = excluded.source";
    SET_BAND = "INSERT INTO rate_band (id, seq, name, name_en, days, from_minute, to_minute, source) VALUES ($1, 1, $2, $3, $4, $5, $6, $7) \
                ON CONFLICT (id, seq) DO UPDATE SET name = excluded.name, name_en = excluded.name_en, days = excluded.days, \
                from_minute = excluded.from_minute, to_minute = excluded.to_minute, source = excluded.source";
    SET_ZONE = "INSERT INTO rate_zone (code, class, name, name_en, source) VALUES ($1, $2, $3, $4, $5) \
                ON CONFLICT (code) DO UPDATE SET class = excluded.class, name = excluded.name, name_en = excluded.name_en, source = excluded.source";
    SET_TAX = "INSERT INTO rate_tax (category, valid_from, permille, name, name_en, source) VALUES ($1, $2, $3, $4, $5, $6) \
               ON CONFLICT (category, valid_from) DO UPDATE SET permille = excluded.permille, name = excluded.name, \
               name_en = excluded.name_en, source = excluded.source";
    SET_FAMILY = "INSERT INTO rate_tax_family (family, category, name, name_en, source) VALUES ($1, $2, $3, $4, $5) \
                  ON CONFLICT (family) DO UPDATE SET category = excluded.category, name = excluded.name, \
                  name_en = excluded.name_en, source = excluded.source";
    SET_DEFAULT = "UPDATE rate_default SET value = $2, source = $3 WHERE name = $1";
}

pub fn routes() -> Vec<Route> {
    vec![
        Route::get("/api/v1/rating/tables", Access::Needs(READ), all).doc(
            "Destinations, free numbers, time bands, roaming zones, taxes and usual prices, each row with its source",
        ),
        Route::put("/api/v1/rating/tables/{table}", Access::Needs(ACTIVATE), set)
            .doc("Set one row of a table: destination, free, band, zone, tax, taxFamily or default"),
    ]
}

fn rows(tx: &mut Tx<'_>, sql: &'static store::Sql, names: &[&str]) -> Result<Vec<Value>> {
    let one = |r: &store::Row| {
        let mut row = serde_json::Map::new();
        for (i, name) in names.iter().enumerate() {
            let value = match r.value(i) {
                store::Value::Int(n) => json!(n),
                store::Value::Text(t) => json!(t),
                store::Value::Null | store::Value::Real(_) | store::Value::Blob(_) => Value::Null,
            };
            row.insert((*name).to_owned(), value);
        }
        Value::Object(row)
    };
    Ok(tx.query(sql, params![])?.iter().map(one).collect())
}

async fn all(ctx: Ctx) -> Answer {
    let body = ctx
        .read(|tx| {
            Ok(json!({
                "destination": rows(tx, &DESTINATIONS, &["key", "class", "name", "nameEn", "source"])?,
                "free": rows(tx, &FREE, &["key", "name", "nameEn", "source"])?,
                "band": rows(tx, &BANDS, &["key", "seq", "name", "nameEn", "days", "fromMinute", "toMinute", "source"])?,
                "zone": rows(tx, &ZONES, &["key", "class", "name", "nameEn", "source"])?,
                "tax": rows(tx, &TAXES, &["key", "validFrom", "permille", "name", "nameEn", "source"])?,
                "taxFamily": rows(tx, &FAMILIES, &["key", "class", "name", "nameEn", "source"])?,
                "default": rows(tx, &DEFAULTS, &["key", "value", "source"])?,
            }))
        })
        .await?;
    Ok(Reply::ok(&body))
}

#[derive(Deserialize, Clone, Default)]
#[serde(rename_all = "camelCase", default)]
struct NewRow {
    key: String,
    class: String,
    name: String,
    name_en: String,
    source: String,
    days: i64,
    from_minute: i64,
    to_minute: i64,
    permille: i64,
    valid_from: String,
    value: i64,
}

async fn set(ctx: Ctx, Path(table): Path<String>, body: Body<NewRow>) -> Answer {
    let new = body.value;
    let word = |text: &str, most: usize| text.chars().count() <= most && !text.chars().any(char::is_control);
    if new.source.trim().is_empty() || !word(&new.source, 300) {
        return Err(Problem::missing("source").into());
    }
    if !word(&new.key, 40) || !word(&new.class, 40) || !word(&new.name, 100) || !word(&new.name_en, 100) {
        return Err(Problem::invalid("key", "≤ 40").into());
    }
    ctx.write(move |tx| {
        tx.must_see(OrgPath::root().as_str())?; // the tables hold for the whole group
        put(tx, &table, &new)?;
        forget(tx);
        let audit = json!({
            "table": table, "key": new.key, "class": new.class, "value": new.value, "permille": new.permille, "source": new.source,
        });
        tx.emit(Event::new("RatingTableChangeEvent", "ratingTable", &table, 1, &OrgPath::root()).audit(audit))
    })
    .await?;
    Ok(Reply::no_content())
}

fn put(tx: &mut Tx<'_>, table: &str, r: &NewRow) -> Result<()> {
    let named = || if r.name.trim().is_empty() { Err(Problem::missing("name")) } else { Ok(()) };
    let digits = |text: &str| text.strip_prefix('+').unwrap_or(text).bytes().all(|b| b.is_ascii_digit());
    let class = || {
        let fits = !r.class.is_empty() && r.class.bytes().all(|b| b.is_ascii_alphanumeric());
        if fits { Ok(()) } else { Err(Problem::invalid("class", "a–z, 0–9")) }
    };
    match table {
        "destination" => {
            named()?;
            class()?;
            if !digits(&r.key) {
                return Err(Problem::invalid("key", "+86…"));
            }
            tx.execute(&SET_DESTINATION, params![r.key, r.class, r.name, r.name_en, r.source])?;
        }
        "free" => {
            named()?;
            if r.key.len() < 3 || !digits(&r.key) {
                return Err(Problem::invalid("key", "110"));
            }
            tx.execute(&SET_FREE, params![r.key, r.name, r.name_en, r.source])?;
        }
        "band" => {
            named()?;
            let day = 0..=1_440;
            let minutes = day.contains(&r.from_minute) && day.contains(&r.to_minute) && r.from_minute != r.to_minute;
            if r.key.is_empty() || !(1..=127).contains(&r.days) || !minutes {
                return Err(Problem::invalid("days", "1–127, 0–1440"));
            }
            let binds = params![r.key, r.name, r.name_en, r.days, r.from_minute, r.to_minute, r.source];
            tx.execute(&SET_BAND, binds)?;
        }
        "zone" => {
            named()?;
            class()?;
            tx.execute(&SET_ZONE, params![r.key, r.class, r.name, r.name_en, r.source])?;
        }
        "tax" => {
            named()?;
            if r.key.is_empty() || !(0..=1_000).contains(&r.permille) {
                return Err(Problem::invalid("permille", "0–1000"));
            }
            let from = Date::parse(&r.valid_from)?.to_string();
            tx.execute(&SET_TAX, params![r.key, from, r.permille, r.name, r.name_en, r.source])?;
        }
        "taxFamily" => {
            named()?;
            catalog::Family::parse(&r.key)?;
            if tables(tx)?.taxes.iter().all(|t| t.category != r.class) {
                return Err(Problem::invalid("class", "basic | valueAdded | …"));
            }
            tx.execute(&SET_FAMILY, params![r.key, r.class, r.name, r.name_en, r.source])?;
        }
        "default" => {
            if !(0..=1_000_000_000).contains(&r.value) {
                return Err(Problem::invalid("value", "0–1000000000"));
            }
            if tx.execute(&SET_DEFAULT, params![r.key, r.value, r.source])? != 1 {
                return Err(Problem::not_found());
            }
        }
        _ => return Err(Problem::not_found()),
    }
    Ok(())
}
