//! Every business (业务) that a customer can ask for, one file each: its titles, where it fits, what it checks, what it
//! changes. To know what 过户 checks, read `business/transfer.rs`; what all businesses share is in `acceptance`.

mod spec;
mod tariff;

pub use spec::{Level, Spec};

use http::tmf::Document;
use kernel::{Problem, Result};
use serde::Serialize;

macro_rules! businesses {
    ($($variant:ident = $name:literal in $module:ident;)*) => {
        $(pub(crate) mod $module;)*

        /// The names are those of the API.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Business { $($variant),* }

        impl Business {
            /// In the order clerks use them most.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
            pub fn spec(self) -> &'static Spec {
                match self { $(Self::$variant => &$module::SPEC),* }
            }
        }
    };
}

businesses! {
    ChangePlan = "changePlan" in change_plan;
    AddOption = "addOption" in add_option;
    RemoveOption = "removeOption" in remove_option;
    Suspend = "suspend" in suspend;
    Resume = "resume" in resume;
    ReplaceSim = "replaceSim" in replace_sim;
    Close = "close" in close;
    ReportLoss = "reportLoss" in report_loss;
    WithdrawLoss = "withdrawLoss" in withdraw_loss;
    ChangeNumber = "changeNumber" in change_number;
    Transfer = "transfer" in transfer;
    Relocate = "relocate" in relocate;
    ChangeSpeed = "changeSpeed" in change_speed;
    Rename = "rename" in rename;
    ChangePayer = "changePayer" in change_payer;
    MergeAccounts = "mergeAccounts" in merge_accounts;
    SplitAccount = "splitAccount" in split_account;
    Refund = "refund" in refund;
    Bundle = "bundle" in bundle;
    Unbundle = "unbundle" in unbundle;
    JoinGroup = "joinGroup" in join_group;
    LeaveGroup = "leaveGroup" in leave_group;
    Bar = "bar" in bar;
    Unbar = "unbar" in unbar;
    Open = "open" in open;
    PortIn = "portIn" in port_in;
    PortOut = "portOut" in port_out;
}

/// The bundle a product is part of: its offering, and the order and item it was sold by.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SoldIn {
    pub offering_id: String,
    pub version: Option<i64>,
    pub order_id: String,
    pub item_id: String,
}

pub fn bundle_of(product: &Document) -> Option<SoldIn> {
    let sold = product.body.get("soldIn")?;
    let text = |name: &str| sold[name].as_str().map(str::to_owned);
    Some(SoldIn {
        offering_id: text("offeringId")?,
        version: sold["version"].as_i64(),
        order_id: text("orderId").unwrap_or_else(|| product.text("orderId").to_owned()),
        item_id: text("itemId")?,
    })
}

/// Whether a product hangs on another (an option on its line).
pub fn relies_on(product: &Document, on: &str) -> bool {
    let mut relations =
        product.body.get("productRelationship").and_then(serde_json::Value::as_array).into_iter().flatten();
    relations.any(|r| r["relationshipType"] == "reliesOn" && r["product"]["id"] == on)
}

impl Business {
    pub fn parse(text: &str) -> Result<Self> {
        let found = Self::ALL.iter().copied().find(|b| b.name() == text);
        found.ok_or_else(|| {
            let names: Vec<&str> = Self::ALL.iter().map(|b| b.name()).collect();
            Problem::invalid("business", &names.join(" | "))
        })
    }
}

impl Serialize for Business {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_business_is_found_by_its_name_and_says_what_it_is() {
        for business in Business::ALL {
            assert_eq!(Business::parse(business.name()).ok(), Some(*business));
            let spec = business.spec();
            assert_eq!(spec.business, *business);
            assert!(!spec.zh.is_empty() && !spec.en.is_empty() && !spec.effective.is_empty());
        }
        assert!(Business::parse("dance").is_err());
    }
}
