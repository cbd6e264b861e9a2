//! The ways money comes in. Each is an account of its own in the ledger, owned by the till that took it.

use crate::{ledger::Kind, problems};
use kernel::{Problem, Result};
use serde::Serialize;

#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Method {
    Cash,
    Card,
    Cheque,
    Transfer,
    Qr,
    /// 托收: by the files exchanged with a bank.
    Collection,
    RechargeCard,
    Points,
}

impl Method {
    pub const ALL: [Self; 8] = [
        Self::Cash,
        Self::Card,
        Self::Cheque,
        Self::Transfer,
        Self::Qr,
        Self::Collection,
        Self::RechargeCard,
        Self::Points,
    ];

    pub fn parse(text: &str) -> Result<Self> {
        match text {
            "transfer" | "bankTransfer" | "bankAccountTransfer" => return Ok(Self::Transfer),
            "bankCard" | "bankCardPayment" => return Ok(Self::Card),
            "check" => return Ok(Self::Cheque),
            "digitalWallet" => return Ok(Self::Qr),
            _ => {}
        }
        Self::ALL
            .into_iter()
            .find(|m| m.name() == text)
            .ok_or_else(|| Problem::new(&problems::METHOD_UNKNOWN).field("method").with("value", text))
    }
    pub const fn name(self) -> &'static str {
        match self {
            Self::Cash => "cash",
            Self::Card => "card",
            Self::Cheque => "cheque",
            Self::Transfer => "transfer",
            Self::Qr => "qr",
            Self::Collection => "collection",
            Self::RechargeCard => "rechargeCard",
            Self::Points => "points",
        }
    }
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Cash => "现金",
            Self::Card => "银行卡",
            Self::Cheque => "支票",
            Self::Transfer => "转账",
            Self::Qr => "扫码支付",
            Self::Collection => "银行托收",
            Self::RechargeCard => "充值卡",
            Self::Points => "积分",
        }
    }
    pub const fn en(self) -> &'static str {
        match self {
            Self::Cash => "Cash",
            Self::Card => "Bank card",
            Self::Cheque => "Cheque",
            Self::Transfer => "Bank transfer",
            Self::Qr => "QR payment",
            Self::Collection => "Bank collection",
            Self::RechargeCard => "Recharge card",
            Self::Points => "Points",
        }
    }
    /// For a message, whose values are the same in both languages.
    pub fn both(self) -> String {
        format!("{} {}", self.zh(), self.en())
    }
    pub const fn account(self) -> Kind {
        match self {
            Self::Cash => Kind::Cash,
            Self::Card => Kind::Card,
            Self::Cheque => Kind::Cheque,
            Self::Transfer => Kind::Transfer,
            Self::Qr => Kind::Qr,
            Self::Collection => Kind::Collection,
            Self::RechargeCard => Kind::RechargeCard,
            Self::Points => Kind::Points,
        }
    }
    /// A person at a counter may take it. The others need something taken elsewhere in the same transaction: the line of a
    /// bank's file, a card made void, points burnt.
    pub const fn is_for_counters(self) -> bool {
        matches!(self, Self::Cash | Self::Card | Self::Cheque | Self::Transfer | Self::Qr)
    }
    /// Money can go back the same way it came. Points and recharge cards go back to the balance.
    pub const fn pays_back(self) -> bool {
        matches!(self, Self::Cash | Self::Card | Self::Transfer | Self::Qr)
    }
    /// Taken now, and only certain when the bank has paid: it may bounce.
    pub const fn clears_later(self) -> bool {
        matches!(self, Self::Cheque)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_is_read_back_by_its_name() {
        for method in Method::ALL {
            assert_eq!(Method::parse(method.name()).unwrap(), method);
            assert_eq!(method.account().name(), method.name());
        }
        assert_eq!(Method::parse("bankTransfer").unwrap(), Method::Transfer);
        assert!(Method::parse("gold").is_err());
    }
}
