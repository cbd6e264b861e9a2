//! Where the records are, and how a command opens them.

use super::problems;
use crate::modules;
use clap::Args;
use http::Module;
use kernel::{Env, Problem, Result};
use std::{fs::File, path::PathBuf};
use store::{Config, Db, Migration};

#[derive(Args, Clone)]
pub struct Place {
    /// 数据目录 / The data directory
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// PostgreSQL 地址；不填则使用内置库 / A PostgreSQL address; the embedded engine without it
    #[arg(long, value_name = "URL", env = "YITAI_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// 只用于持久性测试：模拟磁盘 / For the durability tests: a simulated disk
    #[cfg(feature = "faults")]
    #[arg(long, hide = true, value_name = "SPEC")]
    pub vfs: Option<String>,
    #[cfg(feature = "faults")]
    #[arg(long, hide = true, value_name = "full|normal")]
    pub synchronous: Option<String>,
}

impl Place {
    fn config(&self) -> Result<Config> {
        let config = match &self.database_url {
            None => Config::sqlite(&self.data),
            Some(url) => Config::postgres(&self.data, url),
        };
        #[cfg(feature = "faults")]
        let config = self.faulty(config)?;
        Ok(config)
    }
    #[cfg(feature = "faults")]
    fn faulty(&self, mut config: Config) -> Result<Config> {
        if let Some(spec) = &self.vfs {
            config.vfs = Some(faultfs::install(spec).map_err(Problem::internal)?.to_owned());
        }
        match self.synchronous.as_deref() {
            None | Some("full") => {}
            Some("normal") => config.synchronous = store::Synchronous::Normal,
            Some(other) => return Err(Problem::internal(format!("--synchronous {other}"))),
        }
        Ok(config)
    }

    /// Opens the store, making it where it is not there yet.
    pub fn open(&self, env: Env) -> Result<(Db, Vec<Module>)> {
        let modules = modules::all();
        self.make_directory()?;
        let db = Db::open(&self.config()?, env, &migrations(&modules))?;
        Ok((db, modules))
    }
    /// Opens a store that must be there: a mistyped directory must not become an empty store.
    pub fn open_existing(&self) -> Result<(Db, Vec<Module>)> {
        if !self.master_key().exists() {
            return Err(Problem::new(&problems::NOTHING).with("value", &self.data.display().to_string()));
        }
        self.open(Env::system())
    }
    /// Records of customers are nobody's business but the owner's.
    fn make_directory(&self) -> Result<()> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        let failed = |e| Problem::new(&problems::FILE).with("value", &self.data.display().to_string()).because(e);
        builder.create(&self.data).map_err(failed)
    }
    pub fn master_key(&self) -> PathBuf {
        self.data.join("master.key")
    }
    /// Held by a server for as long as it runs: of two on one data directory the second is refused.
    pub fn hold(&self) -> Result<File> {
        let path = self.data.join("server.lock");
        let failed =
            |e: std::io::Error| Problem::new(&problems::FILE).with("value", &path.display().to_string()).because(e);
        self.make_directory()?;
        let file = File::options().create(true).truncate(false).write(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(_) => Err(Problem::new(&problems::IN_USE).with("value", &self.data.display().to_string())),
        }
    }
}

pub fn migrations(modules: &[Module]) -> Vec<Migration> {
    store::MIGRATIONS.iter().chain(modules.iter().flat_map(|m| m.migrations)).copied().collect()
}
