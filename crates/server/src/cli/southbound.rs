//! Where activation systems are: one that speaks TMF641, and the directories of the legacy system 97. Without these
//! options the built-in systems play the other side.

use super::problems;
use clap::Args;
use kernel::{Problem, Result};
use std::path::{Path, PathBuf};
use store::Db;

#[derive(Args, Clone)]
pub struct SouthboundArgs {
    /// TMF641 开通系统地址 / The base address of an activation system that speaks TMF641
    #[arg(long, value_name = "URL", env = "YITAI_ACTIVATION_URL", requires = "activation_token_file")]
    activation_url: Option<String>,
    /// 存放其令牌的文件 / A file that holds its token
    #[arg(long, value_name = "FILE", env = "YITAI_ACTIVATION_TOKEN_FILE", requires = "activation_url")]
    activation_token_file: Option<PathBuf>,
    /// 九七系统接口目录（给出时由真实的九七读写） / The directories of the 97 interface, read and written by a real 97
    #[arg(long, value_name = "DIR", env = "YITAI_LEGACY97")]
    legacy97: Option<PathBuf>,
}

impl SouthboundArgs {
    pub fn apply(&self, db: &Db, data: &Path) -> Result<()> {
        let directory = self.legacy97.clone().unwrap_or_else(|| data.join("legacy97"));
        activation::use_legacy(db, activation::Legacy { directory, simulated: self.legacy97.is_none() })?;
        let (Some(base), Some(file)) = (&self.activation_url, &self.activation_token_file) else { return Ok(()) };
        let unreadable =
            |e: std::io::Error| Problem::new(&problems::FILE).with("value", &file.display().to_string()).because(e);
        let token = std::fs::read_to_string(file).map_err(unreadable)?.trim().to_owned();
        activation::use_tmf641(db, activation::Outside { base: base.trim_end_matches('/').to_owned(), token });
        Ok(())
    }
}
