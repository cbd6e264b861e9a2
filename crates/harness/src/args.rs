//! What the command line asks for.

use crate::Done;
use std::path::PathBuf;

#[derive(Clone, Debug)]
pub struct Args {
    pub engine: Engine,
    pub server: PathBuf,
    pub json: Option<PathBuf>,
    pub database_url: Option<String>,
    /// PostgreSQL's data directory and the line that starts it, for killing it.
    pub postgres_data: Option<PathBuf>,
    pub postgres_start: Option<String>,
    pub kills: usize,
    pub cuts: usize,
    pub customers: usize,
    /// Months of bills that every customer comes with, and services held.
    pub months: usize,
    pub names: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

impl Args {
    pub fn read(mut arguments: impl Iterator<Item = String>) -> Done<Self> {
        let mut args = Self {
            engine: Engine::Sqlite,
            server: PathBuf::from("target/release/yitai"),
            json: None,
            database_url: None,
            postgres_data: None,
            postgres_start: None,
            kills: 20,
            cuts: 20,
            customers: 100_000,
            months: 0,
            names: Vec::new(),
        };
        while let Some(name) = arguments.next() {
            if !name.starts_with("--") {
                args.names.push(name);
                continue;
            }
            let value = arguments.next().ok_or_else(|| format!("{name} needs a value"))?;
            let number = || value.replace('_', "").parse::<usize>().map_err(|e| format!("{name} {value}: {e}"));
            match name.as_str() {
                "--engine" if value == "sqlite" => args.engine = Engine::Sqlite,
                "--engine" if value == "postgres" => args.engine = Engine::Postgres,
                "--server" => args.server = value.into(),
                "--json" => args.json = Some(value.into()),
                "--database-url" => args.database_url = Some(value),
                "--postgres-data" => args.postgres_data = Some(value.into()),
                "--postgres-start" => args.postgres_start = Some(value),
                "--kills" => args.kills = number()?,
                "--cuts" => args.cuts = number()?,
                "--customers" => args.customers = number()?,
                "--months" => args.months = number()?,
                _ => return Err(format!("unknown: {name} {value}")),
            }
        }
        Ok(args)
    }
    pub fn write_json(&self, value: &serde_json::Value) -> Done {
        let text = serde_json::to_string_pretty(value).map_err(|e| e.to_string())?;
        match &self.json {
            Some(path) => std::fs::write(path, text + "\n").map_err(|e| format!("{}: {e}", path.display())),
            None => {
                println!("{text}");
                Ok(())
            }
        }
    }
}
