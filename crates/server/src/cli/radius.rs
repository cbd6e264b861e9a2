//! Where broadband accounts are provisioned: a RADIUS server, or without these options the built-in network.

use super::problems;
use activation::RadiusServer;
use clap::Args;
use kernel::{Problem, Result};
use std::{net::SocketAddr, path::PathBuf};
use store::Db;

/// All three or none.
#[derive(Args, Clone)]
pub struct RadiusArgs {
    /// RADIUS 服务器读取的 SQLite 用户库 / The SQLite data base that the RADIUS server reads
    #[arg(long, value_name = "FILE", env = "YITAI_RADIUS_DB", requires_all = ["radius_server", "radius_secret_file"])]
    radius_db: Option<PathBuf>,
    /// RADIUS 服务器地址 / The RADIUS server's address
    #[arg(long, value_name = "ADDRESS", env = "YITAI_RADIUS_SERVER", requires = "radius_db")]
    radius_server: Option<SocketAddr>,
    /// 存放共享密钥的文件 / A file that holds the shared secret
    #[arg(long, value_name = "FILE", env = "YITAI_RADIUS_SECRET_FILE", requires = "radius_db")]
    radius_secret_file: Option<PathBuf>,
}

impl RadiusArgs {
    pub fn apply(&self, db: &Db) -> Result<()> {
        let (Some(database), Some(address), Some(file)) =
            (&self.radius_db, self.radius_server, &self.radius_secret_file)
        else {
            return Ok(());
        };
        let unreadable =
            |e: std::io::Error| Problem::new(&problems::FILE).with("value", &file.display().to_string()).because(e);
        let secret = std::fs::read_to_string(file).map_err(unreadable)?.trim().to_owned();
        activation::use_radius(db, RadiusServer { database: database.clone(), address, secret })
    }
}
