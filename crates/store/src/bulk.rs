//! Many rows in few statements: one round trip and one parse for up to 64 rows.

use crate::{Engine, Statement, Tx, Value};
use kernel::Result;
use std::{borrow::Cow, cell::RefCell, collections::HashMap, rc::Rc};

/// Rows a statement. More gains nothing on either engine, and 64 × 40 columns stays below both engines' bind limits.
const ROWS: usize = 64;

impl Tx<'_> {
    /// Runs `INSERT INTO {into} VALUES (…), (…) {suffix}` over `values`, which holds `width` values for each row, and
    /// returns how many rows were written. `into` names the table and its columns.
    pub fn insert_rows(&mut self, into: &str, width: usize, values: &[Value], suffix: &str) -> Result<u64> {
        let mut written = 0;
        for chunk in values.chunks(width * ROWS) {
            let statement = insert(self.engine(), into, width, chunk.len() / width, suffix);
            written += self.execute(&statement, chunk)?;
        }
        Ok(written)
    }
}

/// Which statement: on SQLite or not, table and columns, values a row, rows, what follows.
type Shape = (bool, String, usize, usize, String);

thread_local! {
    /// The texts are long and few: they are written once a thread.
    static TEXTS: RefCell<HashMap<Shape, Rc<str>>> = RefCell::default();
}

/// A statement whose text is ready for its engine.
struct Ready(Rc<str>);

impl Statement for Ready {
    fn rendered(&self, _: Engine) -> Cow<'_, str> {
        Cow::Borrowed(&self.0)
    }
}

fn insert(engine: Engine, into: &str, width: usize, rows: usize, suffix: &str) -> Ready {
    TEXTS.with_borrow_mut(|texts| {
        if texts.len() > 1_000 {
            texts.clear();
        }
        let shape = (engine == Engine::Sqlite, into.to_owned(), width, rows, suffix.to_owned());
        Ready(texts.entry(shape).or_insert_with(|| engine.render(&text(into, width, rows, suffix)).into()).clone())
    })
}

fn text(into: &str, width: usize, rows: usize, suffix: &str) -> String {
    let row = |row: usize| {
        let binds: Vec<String> = (1..=width).map(|column| format!("${}", row * width + column)).collect();
        format!("({})", binds.join(", "))
    };
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("INSERT INTO {into} VALUES {} {suffix}", rows.join(", "))
}
