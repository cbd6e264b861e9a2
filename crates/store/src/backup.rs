//! One file with everything, independent of the engine: a backup of SQLite restores into PostgreSQL and back.
//!
//! Format: gzip of JSON lines. First `{"yitai":1,"at":…,"migrations":[…]}`, then for each table `{"table":…,"columns":[…]}`
//! followed by one array a row, last `{"end":true,"rows":…,"sha256":…}` over all lines before it. A file without its last
//! line was cut short and is refused before anything is written.

use crate::{Db, Engine, Row, Tx, Value, params};
use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use kernel::{Actor, Problem, Result};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{BufRead, BufReader, BufWriter, Write},
    path::{Path, PathBuf},
};

#[derive(Clone, Debug, PartialEq)]
pub struct BackupReport {
    pub tables: usize,
    pub rows: u64,
}

/// Writes a consistent snapshot to `path` (through a temporary file beside it, so that a cut never leaves half a backup).
pub fn backup(db: &Db, path: &Path) -> Result<BackupReport> {
    let (target, temporary) = (path.to_owned(), path.with_extension("partial"));
    let partial = temporary.clone();
    let report = db.read_blocking(Actor::system(), move |tx| write_all(tx, &partial))?;
    std::fs::rename(&temporary, &target).map_err(failed(&target))?;
    Ok(report)
}

fn write_all(tx: &mut Tx<'_>, path: &Path) -> Result<BackupReport> {
    let file = File::create(path).map_err(failed(path))?;
    let mut out = Lines {
        gzip: GzEncoder::new(BufWriter::new(file), Compression::fast()),
        hash: Sha256::new(),
        path: path.to_owned(),
    };
    let migrations =
        tx.query(&"SELECT module, version, checksum FROM schema_migration ORDER BY module, version".to_owned(), &[])?;
    let migrations: Vec<Json> = migrations.iter().map(|r| json!([r.str(0), r.int(1), r.str(2)])).collect();
    out.line(&json!({"yitai": 1, "at": tx.now(), "migrations": migrations}))?;
    let mut report = BackupReport { tables: 0, rows: 0 };
    for table in tables(tx)? {
        let columns = columns(tx, &table)?;
        out.line(&json!({"table": table, "columns": columns}))?;
        let select = format!("SELECT {} FROM {table}", columns.join(", "));
        tx.each(&select, &[], |row| {
            report.rows += 1;
            out.line(&Json::Array(row.0.iter().map(to_json).collect()))
        })?;
        report.tables += 1;
    }
    out.end(report.rows)?;
    Ok(report)
}

static NOT_EMPTY: kernel::Code = kernel::Code {
    id: "store.not_empty",
    status: 409,
    zh: "目标库中已有数据",
    en: "The target store holds records already",
    zh_help: "请恢复到新的数据目录或空的数据库",
    en_help: "Restore into a new data directory or an empty database",
};

/// Fills a fresh database from `path`, in one transaction.
pub fn restore(db: &Db, path: &Path) -> Result<BackupReport> {
    verify(path)?;
    let path = path.to_owned();
    db.write_blocking(Actor::system(), move |tx| read_all(tx, &path))
}

fn read_all(tx: &mut Tx<'_>, path: &Path) -> Result<BackupReport> {
    // Nothing can have happened in a fresh database without leaving a trace in these.
    for table in ["audit_entry", "outbox"] {
        if tx.query_opt(&format!("SELECT 1 FROM {table} LIMIT 1"), &[])?.is_some() {
            return Err(Problem::new(&NOT_EMPTY));
        }
    }
    let mut report = BackupReport { tables: 0, rows: 0 };
    let mut insert = String::new();
    for line in lines(path)? {
        let line: Json = serde_json::from_str(&line.map_err(failed(path))?).map_err(Problem::internal)?;
        if let Some(table) = line["table"].as_str() {
            // What a migration put there comes again from the file.
            tx.execute(&format!("DELETE FROM {table}"), &[])?;
            let names: Vec<&str> = line["columns"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
            let binds: Vec<String> = (1..=names.len()).map(|n| format!("${n}")).collect();
            insert = format!("INSERT INTO {table} ({}) VALUES ({})", names.join(", "), binds.join(", "));
            report.tables += 1;
        } else if let Some(values) = line.as_array() {
            let values = values.iter().map(from_json).collect::<Result<Vec<Value>>>()?;
            tx.execute(&insert, &values)?;
            report.rows += 1;
        }
    }
    Ok(report)
}

/// Reads the whole file once: checks its sum and its end before anything is written.
fn verify(path: &Path) -> Result<()> {
    let broken = |why: &str| Problem::internal(format!("{}: {why}", path.display()));
    let mut hash = Sha256::new();
    let mut complete = false;
    for line in lines(path)? {
        let line = line.map_err(|e| broken(&format!("the file is damaged or was cut short ({e})")))?;
        if line.starts_with("{\"end\":") {
            let end: Json = serde_json::from_str(&line).map_err(|_| broken("the last line is damaged"))?;
            if end["sha256"] != hex(&hash.clone().finalize()) {
                return Err(broken("the checksum does not match"));
            }
            complete = true;
            break;
        }
        hash.update(line.as_bytes());
        hash.update(b"\n");
    }
    if complete { Ok(()) } else { Err(broken("the file was cut short")) }
}

struct Lines {
    gzip: GzEncoder<BufWriter<File>>,
    hash: Sha256,
    path: PathBuf,
}

impl Lines {
    fn line(&mut self, value: &Json) -> Result<()> {
        let mut text = value.to_string();
        text.push('\n');
        self.hash.update(text.as_bytes());
        self.gzip.write_all(text.as_bytes()).map_err(failed(&self.path))
    }
    fn end(mut self, rows: u64) -> Result<()> {
        let sum = hex(&self.hash.clone().finalize());
        self.line(&json!({"end": true, "rows": rows, "sha256": sum}))?;
        let file = self.gzip.finish().and_then(|b| b.into_inner().map_err(std::io::IntoInnerError::into_error));
        file.and_then(|f| f.sync_all()).map_err(failed(&self.path))
    }
}

fn lines(path: &Path) -> Result<impl Iterator<Item = std::io::Result<String>>> {
    let file = File::open(path).map_err(failed(path))?;
    Ok(BufReader::new(GzDecoder::new(BufReader::new(file))).lines())
}

fn tables(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let query = match tx.engine() {
        Engine::Sqlite => {
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name"
        }
        Engine::Postgres => {
            "SELECT CAST(table_name AS TEXT) FROM information_schema.tables \
             WHERE table_schema = current_schema() AND table_type = 'BASE TABLE' ORDER BY 1"
        }
    };
    let rows = tx.query(&query.to_owned(), &[])?;
    Ok(rows.iter().map(|r| r.text(0)).filter(|t| t != "schema_migration").collect())
}

fn columns(tx: &mut Tx<'_>, table: &str) -> Result<Vec<String>> {
    let query = match tx.engine() {
        Engine::Sqlite => "SELECT name FROM pragma_table_info($1) ORDER BY cid",
        Engine::Postgres => {
            "SELECT CAST(column_name AS TEXT) FROM information_schema.columns \
             WHERE table_schema = current_schema() AND table_name = $1 ORDER BY ordinal_position"
        }
    };
    Ok(tx.query(&query.to_owned(), params![table])?.iter().map(|r: &Row| r.text(0)).collect())
}

fn to_json(value: &Value) -> Json {
    match value {
        Value::Null => Json::Null,
        Value::Int(n) => json!(n),
        Value::Real(n) => json!(n),
        Value::Text(s) => json!(s),
        Value::Blob(b) => json!({"b": BASE64.encode(b)}),
    }
}

fn from_json(value: &Json) -> Result<Value> {
    Ok(match value {
        Json::Number(n) => n.as_i64().map_or_else(|| Value::Real(n.as_f64().unwrap_or(0.0)), Value::Int),
        Json::String(s) => Value::Text(s.clone()),
        Json::Object(o) => {
            let text = o.get("b").and_then(Json::as_str).unwrap_or_default();
            Value::Blob(BASE64.decode(text).map_err(Problem::internal)?)
        }
        _ => Value::Null,
    })
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

fn failed(path: &Path) -> impl Fn(std::io::Error) -> Problem + use<> {
    let path = path.to_owned();
    move |error| match error.kind() {
        std::io::ErrorKind::StorageFull => Problem::new(&kernel::codes::STORAGE_FULL).because(error),
        _ => Problem::internal(format!("{}: {error}", path.display())),
    }
}
