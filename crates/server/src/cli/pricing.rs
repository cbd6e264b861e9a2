//! Who computes prices: this program, or with these options another billing system.

use super::problems;
use billing::Outside;
use clap::Args;
use kernel::{Problem, Result};
use std::path::PathBuf;
use store::Db;

#[derive(Args, Clone)]
pub struct PricingArgs {
    /// 由另一计费系统报价（其地址） / Another billing system computes the prices (its address)
    #[arg(long, value_name = "URL", env = "YITAI_PRICING_URL")]
    pricing_url: Option<String>,
    /// 存放访问令牌的文件 / A file that holds the token for it
    #[arg(long, value_name = "FILE", env = "YITAI_PRICING_TOKEN_FILE", requires = "pricing_url")]
    pricing_token_file: Option<PathBuf>,
}

impl PricingArgs {
    pub fn apply(&self, db: &Db) -> Result<()> {
        let Some(url) = &self.pricing_url else { return Ok(()) };
        let token = match &self.pricing_token_file {
            None => None,
            Some(file) => {
                let unreadable = |e: std::io::Error| {
                    Problem::new(&problems::FILE).with("value", &file.display().to_string()).because(e)
                };
                Some(std::fs::read_to_string(file).map_err(unreadable)?.trim().to_owned())
            }
        };
        billing::use_pricing(db, Some(Outside::new(url, token)?));
        Ok(())
    }
}
