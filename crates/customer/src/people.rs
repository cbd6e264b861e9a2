//! Customers as the matching of identities reads them: everything that tells who they are, in clear, page by page.

use crate::{rules, summary};
use kernel::{OrgPath, Result, Timestamp};
use store::{Row, Tx, params, sql};

/// Who a customer is. In clear: not to be sent to anybody.
#[derive(Clone, Debug)]
pub struct Standing {
    pub id: String,
    pub org: OrgPath,
    pub name: String,
    pub organization: bool,
    /// Kind and number.
    pub certificate: Option<(String, String)>,
    pub phones: Vec<String>,
    pub address: String,
    /// Lives on in another customer.
    pub merged: bool,
}

sql! {
    PAGE = "SELECT id, version, org, created_at, body FROM customer WHERE id > $1 AND updated_at >= $2 ORDER BY id LIMIT $3";
    ONE = "SELECT id, version, org, created_at, body FROM customer WHERE id = $1";
}

/// Customers changed since `since`, in the order of their ids, after `after`; whoever asks.
pub fn standing_people(tx: &mut Tx<'_>, after: &str, since: Timestamp, limit: i64) -> Result<Vec<Standing>> {
    let rows = tx.query(&PAGE, params![after, since, limit])?;
    rows.iter().map(|row| read(tx, row)).collect()
}

/// One customer, whoever asks.
pub fn standing_person(tx: &mut Tx<'_>, id: &str) -> Result<Option<Standing>> {
    let row = tx.query_opt(&ONE, params![id])?;
    row.map(|row| read(tx, &row)).transpose()
}

fn read(tx: &mut Tx<'_>, row: &Row) -> Result<Standing> {
    let doc = summary::from_row(row, 0)?;
    let party = rules::engaged_party(tx, &doc.body)?;
    let first = party.and_then(|p| party::identifications(&p.body, tx.vault()).into_iter().next());
    let address = party::contact_media(&doc.body).into_iter().find_map(|m| m.address);
    Ok(Standing {
        name: doc.text("name").to_owned(),
        organization: doc.text("kind") == party::PartyKind::Organization.name(),
        certificate: first.map(|i| (i.kind, i.number)),
        phones: party::phones(&doc.body).iter().map(|p| p.as_str().to_owned()).collect(),
        address: address.unwrap_or_default(),
        merged: doc.body.contains_key("mergedInto"),
        id: doc.id,
        org: doc.org,
    })
}
