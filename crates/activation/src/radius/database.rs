//! The data base that FreeRADIUS reads, in the schema of its own `rlm_sql_sqlite`.

use crate::adapter::Verb;
use rusqlite::{Connection, Result, params};
use std::{path::Path, time::Duration};

const SCHEMA: &str = "
    PRAGMA journal_mode = WAL;
    CREATE TABLE IF NOT EXISTS radcheck (id INTEGER PRIMARY KEY AUTOINCREMENT, username VARCHAR(64) NOT NULL DEFAULT '',
        attribute VARCHAR(64) NOT NULL DEFAULT '', op CHAR(2) NOT NULL DEFAULT '==', value VARCHAR(253) NOT NULL DEFAULT '');
    CREATE INDEX IF NOT EXISTS check_username ON radcheck (username);
    CREATE TABLE IF NOT EXISTS radreply (id INTEGER PRIMARY KEY AUTOINCREMENT, username VARCHAR(64) NOT NULL DEFAULT '',
        attribute VARCHAR(64) NOT NULL DEFAULT '', op CHAR(2) NOT NULL DEFAULT '=', value VARCHAR(253) NOT NULL DEFAULT '');
    CREATE INDEX IF NOT EXISTS reply_username ON radreply (username);
    CREATE TABLE IF NOT EXISTS radusergroup (id INTEGER PRIMARY KEY AUTOINCREMENT, username VARCHAR(64) NOT NULL DEFAULT '',
        groupname VARCHAR(64) NOT NULL DEFAULT '', priority INTEGER NOT NULL DEFAULT 1);
    CREATE TABLE IF NOT EXISTS radgroupcheck (id INTEGER PRIMARY KEY AUTOINCREMENT, groupname VARCHAR(64) NOT NULL DEFAULT '',
        attribute VARCHAR(64) NOT NULL DEFAULT '', op CHAR(2) NOT NULL DEFAULT '==', value VARCHAR(253) NOT NULL DEFAULT '');
    CREATE TABLE IF NOT EXISTS radgroupreply (id INTEGER PRIMARY KEY AUTOINCREMENT, groupname VARCHAR(64) NOT NULL DEFAULT '',
        attribute VARCHAR(64) NOT NULL DEFAULT '', op CHAR(2) NOT NULL DEFAULT '=', value VARCHAR(253) NOT NULL DEFAULT '');
    CREATE TABLE IF NOT EXISTS nas (id INTEGER PRIMARY KEY AUTOINCREMENT, nasname VARCHAR(128) NOT NULL, shortname VARCHAR(32),
        type VARCHAR(30) DEFAULT 'other', ports INTEGER, secret VARCHAR(60) NOT NULL DEFAULT 'secret', server VARCHAR(64),
        community VARCHAR(50), description VARCHAR(200) DEFAULT 'RADIUS Client');
    CREATE TABLE IF NOT EXISTS provisioning_request (request_key TEXT NOT NULL PRIMARY KEY);
";

fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    Ok(connection)
}

pub fn prepare(path: &Path) -> Result<()> {
    open(path)?.execute_batch(SCHEMA)
}

pub fn known(path: &Path, key: &str) -> Result<bool> {
    open(path)?.query_row("SELECT COUNT(*) FROM provisioning_request WHERE request_key = ?1", [key], |r| {
        Ok(r.get::<_, i64>(0)? > 0)
    })
}

/// Brings the account into the state that `verb` asks for, once for each key.
pub fn perform(path: &Path, key: &str, verb: Verb, account: &str, secret: &str, rate: &str) -> Result<()> {
    let mut connection = open(path)?;
    let tx = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    if tx.execute("INSERT INTO provisioning_request (request_key) VALUES (?1) ON CONFLICT DO NOTHING", [key])? == 0 {
        return Ok(());
    }
    const BARRED: &str = "DELETE FROM radcheck WHERE username = ?1 AND attribute = 'Auth-Type'";
    const CHECK: &str = "INSERT INTO radcheck (username, attribute, op, value) VALUES (?1, ?2, ':=', ?3)";
    match verb {
        Verb::Activate => {
            tx.execute("DELETE FROM radcheck WHERE username = ?1", [account])?;
            tx.execute("DELETE FROM radreply WHERE username = ?1", [account])?;
            tx.execute(CHECK, params![account, "Cleartext-Password", secret])?;
            if !rate.is_empty() {
                let reply = "INSERT INTO radreply (username, attribute, op, value) VALUES (?1, 'Filter-Id', '=', ?2)";
                tx.execute(reply, params![account, format!("down-{rate}M")])?;
            }
        }
        Verb::Deactivate => {
            tx.execute("DELETE FROM radcheck WHERE username = ?1", [account])?;
            tx.execute("DELETE FROM radreply WHERE username = ?1", [account])?;
        }
        Verb::Change => {
            // Another rate; the password and whether the account is barred stay as they are.
            tx.execute("DELETE FROM radreply WHERE username = ?1 AND attribute = 'Filter-Id'", [account])?;
            if !rate.is_empty() {
                let reply = "INSERT INTO radreply (username, attribute, op, value) VALUES (?1, 'Filter-Id', '=', ?2)";
                tx.execute(reply, params![account, format!("down-{rate}M")])?;
            }
        }
        Verb::Suspend => {
            tx.execute(BARRED, [account])?;
            tx.execute(CHECK, params![account, "Auth-Type", "Reject"])?;
        }
        Verb::Resume => {
            tx.execute(BARRED, [account])?;
        }
    }
    tx.commit()
}
