//! The product lines and the kinds of price.

use kernel::{Problem, Result};
use std::fmt;

/// The product line an offering belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Debug)]
pub enum Family {
    Mobile,
    Broadband,
    Iptv,
    /// The telephone at home or in the office.
    FixedVoice,
    /// Voice over the customer's own internet line, with lines and extensions.
    Voip,
    /// Data networks of companies: VPN, IoT cards.
    Data,
    /// A circuit between two places, with a contract.
    LeasedLine,
    /// Films, music, games, cloud storage.
    Content,
    Device,
    SmartHome,
    /// Work by people: network design, training.
    Consulting,
    /// Sold on top of a line: data packs, benefits, discounts, one-time services.
    Option,
    /// Several customers' lines sharing something: a family, a company's numbers.
    Group,
    /// Several product lines under one price.
    Bundle,
}

impl Family {
    pub const ALL: [Self; 14] = [
        Self::Mobile,
        Self::Broadband,
        Self::Iptv,
        Self::FixedVoice,
        Self::Voip,
        Self::Data,
        Self::LeasedLine,
        Self::Content,
        Self::Device,
        Self::SmartHome,
        Self::Consulting,
        Self::Option,
        Self::Group,
        Self::Bundle,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mobile => "mobile",
            Self::Broadband => "broadband",
            Self::Iptv => "iptv",
            Self::FixedVoice => "fixedVoice",
            Self::Voip => "voip",
            Self::Data => "data",
            Self::LeasedLine => "leasedLine",
            Self::Content => "content",
            Self::Device => "device",
            Self::SmartHome => "smartHome",
            Self::Consulting => "consulting",
            Self::Option => "option",
            Self::Group => "group",
            Self::Bundle => "bundle",
        }
    }
    /// The name people know it by.
    pub const fn title(self) -> (&'static str, &'static str) {
        match self {
            Self::Mobile => ("移动电话", "mobile"),
            Self::Broadband => ("宽带", "broadband"),
            Self::Iptv => ("电视", "television"),
            Self::FixedVoice => ("固定电话", "fixed telephone"),
            Self::Voip => ("网络电话", "VoIP"),
            Self::Data => ("数据业务", "data network"),
            Self::LeasedLine => ("专线", "leased line"),
            Self::Content => ("内容", "content"),
            Self::Device => ("终端", "device"),
            Self::SmartHome => ("智能家居", "smart home"),
            Self::Consulting => ("咨询服务", "consulting"),
            Self::Option => ("附加产品", "option"),
            Self::Group => ("群组", "group"),
            Self::Bundle => ("融合套餐", "bundle"),
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == text).ok_or_else(|| Problem::invalid("family", text))
    }
    /// A service that a customer may need by itself: a bundle must not be the only way to it.
    pub const fn is_service(self) -> bool {
        !matches!(self, Self::Option | Self::Bundle | Self::Device | Self::Consulting)
    }
}

impl fmt::Display for Family {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum PriceKind {
    OneTime,
    Recurring,
    /// Charged by use, such as yuan per GB beyond the allowance, or per day of use.
    Usage,
}

impl PriceKind {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OneTime => "oneTime",
            Self::Recurring => "recurring",
            Self::Usage => "usage",
        }
    }
    pub fn parse(text: &str) -> Self {
        match text.to_ascii_lowercase().as_str() {
            "recurring" => Self::Recurring,
            "usage" | "allowance" => Self::Usage,
            _ => Self::OneTime,
        }
    }
}
