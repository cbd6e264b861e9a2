//! The documents of TMF666 that carry no money of ours: kept as they are sent.

use super::BILLING_ACCOUNT;
use crate::perms;
use http::{
    Route,
    tmf::{self, Api, Column, Kind, Ops, Resource, Rules},
};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, Value};
use store::Tx;

pub static API: Api = Api { base: "/tmf-api/accountManagement/v4", aliases: &[] };

const ID: Column = Column { attribute: "id", column: "id", kind: Kind::Text };

const fn resource(
    name: &'static str,
    type_name: &'static str,
    table: &'static str,
    mandatory: &'static [&'static str],
    rules: &'static dyn Rules,
) -> Resource {
    Resource {
        api: &API,
        name,
        type_name,
        table,
        columns: &[ID],
        mandatory,
        ops: Ops::ALL,
        read: perms::ACCOUNT_READ,
        write: perms::ACCOUNT_WRITE,
        rules,
    }
}

static PARTY_ACCOUNT: Resource =
    resource("partyAccount", "PartyAccount", "party_account", &["name", "relatedParty"], &OWN);
static SETTLEMENT_ACCOUNT: Resource =
    resource("settlementAccount", "SettlementAccount", "settlement_account", &["name", "relatedParty"], &OWN);
static FINANCIAL_ACCOUNT: Resource =
    resource("financialAccount", "FinancialAccount", "financial_account", &["name"], &OWN);
static CYCLE: Resource = resource(
    "billingCycleSpecification",
    "BillingCycleSpecification",
    "billing_cycle_specification",
    &["name"],
    &COMMON,
);
static FORMAT: Resource = resource("billFormat", "BillFormat", "bill_format", &["name"], &COMMON);
static MEDIA: Resource =
    resource("billPresentationMedia", "BillPresentationMedia", "bill_presentation_media", &["name"], &COMMON);

pub fn routes() -> Vec<Route> {
    [&BILLING_ACCOUNT, &PARTY_ACCOUNT, &SETTLEMENT_ACCOUNT, &FINANCIAL_ACCOUNT, &CYCLE, &FORMAT, &MEDIA]
        .into_iter()
        .flat_map(tmf::routes)
        .collect()
}

/// A name is a text and parties are a list of references.
#[derive(Debug)]
struct Named {
    /// Read by everybody: how the group bills is no secret of one hall.
    shared: bool,
}

static OWN: Named = Named { shared: false };
static COMMON: Named = Named { shared: true };

impl Rules for Named {
    fn shared(&self) -> bool {
        self.shared
    }
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        checked(doc)?;
        Ok(tx.actor().org.clone())
    }
    fn change(&self, _: &mut Tx<'_>, _: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        checked(after)
    }
}

fn checked(doc: &Map<String, Value>) -> Result<()> {
    if !doc.get("name").is_some_and(Value::is_string) {
        return Err(Problem::invalid("name", "text"));
    }
    match doc.get("relatedParty") {
        None | Some(Value::Array(_)) => Ok(()),
        Some(_) => Err(Problem::invalid("relatedParty", "[{id}]")),
    }
}
