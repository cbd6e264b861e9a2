//! Many rows in few statements: one round trip and one parse for up to 64 rows.

use crate::{Statement, Tx, Value};
use kernel::Result;

/// Rows a statement. More gains nothing on either engine, and 64 × 40 columns stays below both engines' bind limits.
const ROWS: usize = 64;

impl Tx<'_> {
    /// Runs `INSERT INTO {into} VALUES (…), (…) {suffix}` over `values`, which holds `width` values for each row, and
    /// returns how many rows were written. `into` names the table and its columns.
    pub fn insert_rows(&mut self, into: &str, width: usize, values: &[Value], suffix: &str) -> Result<u64> {
        let mut written = 0;
        for chunk in values.chunks(width * ROWS) {
            written += self.execute(&Insert { into, width, rows: chunk.len() / width, suffix }.text(), chunk)?;
        }
        Ok(written)
    }
}

struct Insert<'a> {
    into: &'a str,
    width: usize,
    rows: usize,
    suffix: &'a str,
}

impl Insert<'_> {
    fn text(&self) -> impl Statement + use<> {
        let mut text = String::with_capacity(64 + self.rows * self.width * 6);
        text.push_str("INSERT INTO ");
        text.push_str(self.into);
        text.push_str(" VALUES ");
        for row in 0..self.rows {
            text.push_str(if row == 0 { "(" } else { ", (" });
            for column in 0..self.width {
                if column > 0 {
                    text.push_str(", ");
                }
                text.push('$');
                text.push_str(&(row * self.width + column + 1).to_string());
            }
            text.push(')');
        }
        text.push(' ');
        text.push_str(self.suffix);
        text
    }
}
