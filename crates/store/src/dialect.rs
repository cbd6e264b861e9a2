//! The few places where the two engines spell the same thing differently.

use crate::{ToValue, Value};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    /// Renders the common dialect. Tokens:
    /// `$n` binds · `{key}` text compared byte by byte · `{json}` a document column · `{blob}` ·
    /// `{for_update}` · `{skip_locked}` · `{clustered}` after a table: its rows lie in the order of the
    /// primary key, without a second tree · `{json_text:column:a.b}` the text at a path of a document.
    pub fn render(self, text: &str) -> String {
        let mut out = String::with_capacity(text.len() + 32);
        let mut rest = text;
        while let Some(at) = rest.find(['$', '{']) {
            out.push_str(&rest[..at]);
            let tail = &rest[at..];
            let (token, used) = if let Some(bind) = tail.strip_prefix('$') {
                let digits = bind.bytes().take_while(u8::is_ascii_digit).count();
                let sign = if self == Self::Sqlite && digits > 0 { "?" } else { "$" };
                (format!("{sign}{}", &bind[..digits]), 1 + digits)
            } else {
                let end = tail.find('}').map_or(tail.len(), |e| e + 1);
                match self.token(&tail[1..end - 1]) {
                    Some(token) => (token, end),
                    None => ("{".to_owned(), 1),
                }
            };
            out.push_str(&token);
            rest = &tail[used..];
        }
        out.push_str(rest);
        out
    }

    fn token(self, name: &str) -> Option<String> {
        let pick = |sqlite: &str, postgres: &str| {
            Some(if self == Self::Sqlite { sqlite.to_owned() } else { postgres.to_owned() })
        };
        match name {
            "key" => pick("TEXT", "TEXT COLLATE \"C\""),
            "json" => pick("TEXT", "JSONB"),
            "blob" => pick("BLOB", "BYTEA"),
            "for_update" => pick("", "FOR UPDATE"),
            "clustered" => pick("WITHOUT ROWID", ""),
            "skip_locked" => pick("", "FOR UPDATE SKIP LOCKED"),
            _ => {
                let (column, path) = name.strip_prefix("json_text:")?.split_once(':')?;
                Some(self.json_text(column, &path.split('.').map(str::to_owned).collect::<Vec<_>>()))
            }
        }
    }

    /// The text of the scalar at `path` in the document `column`.
    pub fn json_text(self, column: &str, path: &[String]) -> String {
        match self {
            Self::Sqlite => format!("({column} ->> {})", quoted(&json_path(path))),
            Self::Postgres => format!("({column} #>> {})", quoted(&format!("{{{}}}", path.join(",")))),
        }
    }

    /// The document (array or object) at `path` in `column`.
    pub fn json_document(self, column: &str, path: &[String]) -> String {
        if path.is_empty() {
            return column.to_owned();
        }
        match self {
            Self::Sqlite => format!("({column} -> {})", quoted(&json_path(path))),
            Self::Postgres => format!("({column} #> {})", quoted(&format!("{{{}}}", path.join(",")))),
        }
    }

    /// A table expression over the elements of a JSON array, or over the value itself where it is no array;
    /// `{alias}.value` is the element.
    pub fn json_elements(self, document: &str, alias: &str) -> String {
        match self {
            Self::Sqlite => format!(
                "json_each(CASE json_type({document}) WHEN 'array' THEN {document} ELSE json_array(json({document})) END) AS {alias}"
            ),
            Self::Postgres => format!(
                "jsonb_array_elements(CASE jsonb_typeof({document}) WHEN 'array' THEN {document} \
                 ELSE jsonb_build_array({document}) END) AS {alias}(value)"
            ),
        }
    }

    /// Like [`json_text`](Self::json_text), with `true` and `false` spelt the same on both engines.
    pub fn json_scalar(self, column: &str, path: &[String]) -> String {
        match self {
            Self::Sqlite => {
                let place = quoted(&json_path(path));
                format!(
                    "(CASE json_type({column}, {place}) WHEN 'true' THEN 'true' WHEN 'false' THEN 'false' \
                     ELSE CAST({column} ->> {place} AS TEXT) END)"
                )
            }
            Self::Postgres => self.json_text(column, path),
        }
    }

    pub fn is_array(self, document: &str) -> String {
        match self {
            Self::Sqlite => format!("json_type({document}) = 'array'"),
            Self::Postgres => format!("jsonb_typeof({document}) = 'array'"),
        }
    }

    pub fn element_is_object(self, alias: &str) -> String {
        match self {
            Self::Sqlite => format!("{alias}.type = 'object'"),
            Self::Postgres => format!("jsonb_typeof({alias}.value) = 'object'"),
        }
    }

    /// The element itself as text, for arrays of scalars.
    pub fn element_text(self, alias: &str) -> String {
        match self {
            Self::Sqlite => format!("CAST({alias}.value AS TEXT)"),
            Self::Postgres => format!("({alias}.value #>> '{{}}')"),
        }
    }

    /// `text` compared as a number where it is one; NULL otherwise.
    pub fn as_number(self, text: &str) -> String {
        match self {
            Self::Sqlite => format!("(CASE WHEN {text} REGEXP '^-?[0-9]+(\\.[0-9]+)?$' THEN CAST({text} AS REAL) END)"),
            Self::Postgres => {
                format!("(CASE WHEN {text} ~ '^-?[0-9]+(\\.[0-9]+)?$' THEN CAST({text} AS DOUBLE PRECISION) END)")
            }
        }
    }

    pub fn regex(self, text: &str, bind: &str) -> String {
        match self {
            Self::Sqlite => format!("({text} REGEXP {bind})"),
            Self::Postgres => format!("({text} ~ {bind})"),
        }
    }
}

fn json_path(path: &[String]) -> String {
    path.iter().fold("$".to_owned(), |p, name| format!("{p}.\"{name}\""))
}

/// A SQL string literal. Only attribute names that passed the query parser get here; binds carry all values.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A condition under construction: SQL text in the common dialect and the values bound by it.
#[derive(Debug, Default, Clone)]
pub struct Filter {
    clauses: Vec<String>,
    pub binds: Vec<Value>,
}

impl Filter {
    pub fn bind(&mut self, value: impl ToValue) -> String {
        self.binds.push(value.to_value());
        format!("${}", self.binds.len())
    }
    pub fn and(&mut self, clause: String) {
        self.clauses.push(clause);
    }
    /// Adds `column = value`.
    pub fn equal(&mut self, column: &str, value: impl ToValue) {
        let bind = self.bind(value);
        self.and(format!("{column} = {bind}"));
    }
    /// Restricts `column` (an organisation path) to what `actor` may see.
    pub fn scope(&mut self, column: &str, actor: &kernel::Actor) {
        if actor.scope.is_root() {
            return;
        }
        let (from, to) = actor.scope.below();
        let (own, from, to) = (self.bind(actor.scope.as_str()), self.bind(from), self.bind(to));
        self.and(format!("({column} = {own} OR ({column} >= {from} AND {column} < {to}))"));
    }
    pub fn is_empty(&self) -> bool {
        self.clauses.is_empty()
    }
    /// ` WHERE a AND b`, or nothing.
    pub fn to_where(&self) -> String {
        if self.clauses.is_empty() { String::new() } else { format!(" WHERE {}", self.clauses.join(" AND ")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_and_binds_are_spelt_for_each_engine() {
        let text = "SELECT {json_text:body:a.b} FROM t WHERE id = $1 AND x = '{}' {for_update}";
        assert_eq!(Engine::Sqlite.render(text), "SELECT (body ->> '$.\"a\".\"b\"') FROM t WHERE id = ?1 AND x = '{}' ");
        assert_eq!(
            Engine::Postgres.render(text),
            "SELECT (body #>> '{a,b}') FROM t WHERE id = $1 AND x = '{}' FOR UPDATE"
        );
    }
}
