//! One record of usage, as the network reported it.

use crate::ServiceKey;
use kernel::Timestamp;
use serde::{Deserialize, Serialize};

/// What was used. The numbers are on disk: they stay.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[repr(u8)]
pub enum Kind {
    Call = 0,
    Sms = 1,
    Mms = 2,
    Data = 3,
    /// A content or other third-party fee, known when it is reported.
    Content = 4,
}

impl Kind {
    pub const ALL: [Self; 5] = [Self::Call, Self::Sms, Self::Mms, Self::Data, Self::Content];

    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Sms => "sms",
            Self::Mms => "mms",
            Self::Data => "data",
            Self::Content => "content",
        }
    }
    pub fn zh(self) -> &'static str {
        match self {
            Self::Call => "语音",
            Self::Sms => "短信",
            Self::Mms => "彩信",
            Self::Data => "流量",
            Self::Content => "内容费",
        }
    }
    /// What `amount` counts.
    pub fn unit(self) -> &'static str {
        match self {
            Self::Call => "s",
            Self::Sms | Self::Mms | Self::Content => "1",
            Self::Data => "B",
        }
    }
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim().to_lowercase();
        match text.as_str() {
            "call" | "voice" | "语音" | "通话" | "电话" => Some(Self::Call),
            "sms" | "message" | "短信" | "点对点短信" => Some(Self::Sms),
            "mms" | "彩信" => Some(Self::Mms),
            "data" | "internet" | "gprs" | "流量" | "上网" | "数据" => Some(Self::Data),
            "content" | "fee" | "内容费" | "内容" | "代收费" | "信息费" => Some(Self::Content),
            _ => None,
        }
    }
    pub(crate) fn from_bits(bits: u8) -> Option<Self> {
        Self::ALL.get(usize::from(bits)).copied()
    }
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Direction {
    #[default]
    Out,
    In,
}

impl Direction {
    pub fn name(self) -> &'static str {
        match self {
            Self::Out => "out",
            Self::In => "in",
        }
    }
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim().to_lowercase().as_str() {
            "" | "out" | "outgoing" | "mo" | "主叫" | "发送" | "呼出" | "上行" => Some(Self::Out),
            "in" | "incoming" | "mt" | "被叫" | "接收" | "呼入" | "下行" => Some(Self::In),
            _ => None,
        }
    }
}

/// `at` is when it began, to the millisecond; the order of a service's records is (`at`, `id`).
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    pub service: ServiceKey,
    pub at: Timestamp,
    pub kind: Kind,
    pub direction: Direction,
    /// Seconds of a call, messages, bytes of data; 1 for a content fee. See [`Kind::unit`].
    pub amount: u64,
    /// The other number in E.164, the access point, or what the content fee is for.
    pub peer: String,
    /// Where it was used: empty at home, else a province (`44`) or a zone abroad (`+852`).
    pub place: String,
    pub fee_fen: u64,
    /// The reporting system's own id: once a service and cycle.
    pub id: String,
    /// It came after its cycle was closed and counts in the next one.
    pub late: bool,
    /// Taken back before it was billed: [`records`](crate::records) leaves out what has such a mark.
    #[serde(skip)]
    pub(crate) removed: bool,
}

impl Record {
    /// Makes a record that is to be taken in.
    pub fn new(service: ServiceKey, at: Timestamp, kind: Kind, amount: u64, id: impl Into<String>) -> Self {
        Self {
            service,
            at: Timestamp::from_micros(at.millis() * 1_000),
            kind,
            direction: Direction::Out,
            amount,
            peer: String::new(),
            place: String::new(),
            fee_fen: 0,
            id: id.into(),
            late: false,
            removed: false,
        }
    }
}
