//! The ways out for messages: mail over SMTP, short messages over SMPP. Without them messages wait to be fetched.

use clap::Args;
use kernel::Result;
use messaging::gateway::{Gateways, use_gateways};
use store::Db;

#[derive(Args, Clone)]
pub struct MessageArgs {
    /// 邮件服务器，如 smtp://用户:口令@主机:25 / The mail server, such as smtp://user:password@host:25
    #[arg(long, value_name = "URL", env = "YITAI_SMTP_URL")]
    smtp_url: Option<String>,
    /// 邮件发件人 / Who sends the mails
    #[arg(long, value_name = "ADDRESS", env = "YITAI_MAIL_FROM", default_value = "service@yitai.example")]
    mail_from: String,
    /// 短信网关，如 smpp://系统号:口令@主机:2775 / The message gateway, such as smpp://system-id:password@host:2775
    #[arg(long, value_name = "URL", env = "YITAI_SMPP_URL")]
    smpp_url: Option<String>,
    /// 短信统一发送号码 / The number that messages come from
    #[arg(long, value_name = "NUMBER", env = "YITAI_SMS_FROM", default_value = "10000")]
    sms_from: String,
}

impl MessageArgs {
    pub fn apply(&self, db: &Db) -> Result<()> {
        let gateways = Gateways {
            smtp: self.smtp_url.clone(),
            mail_from: self.mail_from.clone(),
            smpp: self.smpp_url.clone(),
            sms_from: self.sms_from.clone(),
        };
        use_gateways(db, gateways)
    }
}
