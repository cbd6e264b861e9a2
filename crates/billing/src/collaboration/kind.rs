//! The kinds of fact that change charging, each with the kind that takes it back.

use kernel::{Problem, Result};
use serde::Serialize;

/// What is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum CollaborationKind {
    /// 起租: the product works, charge it.
    Start,
    /// 停租 / 拆机: the product is gone, charge it no more.
    Stop,
    /// 停机.
    Suspend,
    /// 复机.
    Resume,
    /// 变更资费.
    ChangeTariff,
    /// 过户.
    Transfer,
    /// 更名.
    Rename,
    /// 改号.
    ChangeNumber,
    /// 付费关系变更.
    ChangePayer,
    /// 合户.
    MergeAccounts,
    /// 分户.
    SplitAccount,
    /// 退费.
    Refund,
    /// 合同.
    Contract,
    /// 折扣.
    Discount,
    /// 入群 / 退群.
    GroupMember,
}

impl CollaborationKind {
    pub const ALL: [Self; 15] = [
        Self::Start,
        Self::Stop,
        Self::Suspend,
        Self::Resume,
        Self::ChangeTariff,
        Self::Transfer,
        Self::Rename,
        Self::ChangeNumber,
        Self::ChangePayer,
        Self::MergeAccounts,
        Self::SplitAccount,
        Self::Refund,
        Self::Contract,
        Self::Discount,
        Self::GroupMember,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Stop => "stop",
            Self::Suspend => "suspend",
            Self::Resume => "resume",
            Self::ChangeTariff => "changeTariff",
            Self::Transfer => "transfer",
            Self::Rename => "rename",
            Self::ChangeNumber => "changeNumber",
            Self::ChangePayer => "changePayer",
            Self::MergeAccounts => "mergeAccounts",
            Self::SplitAccount => "splitAccount",
            Self::Refund => "refund",
            Self::Contract => "contract",
            Self::Discount => "discount",
            Self::GroupMember => "groupMember",
        }
    }
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Start => "起租",
            Self::Stop => "停租",
            Self::Suspend => "停机",
            Self::Resume => "复机",
            Self::ChangeTariff => "变更资费",
            Self::Transfer => "过户",
            Self::Rename => "更名",
            Self::ChangeNumber => "改号",
            Self::ChangePayer => "付费关系变更",
            Self::MergeAccounts => "合户",
            Self::SplitAccount => "分户",
            Self::Refund => "退费",
            Self::Contract => "合同变更",
            Self::Discount => "折扣变更",
            Self::GroupMember => "群组成员变更",
        }
    }
    /// The kind under which this one is taken back; for most it is the same with old and new exchanged.
    pub const fn inverse(self) -> Self {
        match self {
            Self::Start => Self::Stop,
            Self::Stop => Self::Start,
            Self::Suspend => Self::Resume,
            Self::Resume => Self::Suspend,
            Self::MergeAccounts => Self::SplitAccount,
            Self::SplitAccount => Self::MergeAccounts,
            same @ (Self::ChangeTariff
            | Self::Transfer
            | Self::Rename
            | Self::ChangeNumber
            | Self::ChangePayer
            | Self::Refund
            | Self::Contract
            | Self::Discount
            | Self::GroupMember) => same,
        }
    }
    pub fn parse(text: &str) -> Result<Self> {
        Self::ALL
            .into_iter()
            .find(|k| k.name() == text)
            .ok_or_else(|| Problem::internal(format!("collaboration kind {text}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn taking_back_what_was_taken_back_is_the_first_again() {
        for kind in CollaborationKind::ALL {
            assert_eq!(kind.inverse().inverse(), kind);
            assert_eq!(CollaborationKind::parse(kind.name()).unwrap(), kind);
        }
    }
}
