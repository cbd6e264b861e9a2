//! Many new customers at once: rows prepared beside the writer, stored in few statements, one event for all of them.

use crate::{CUSTOMER, KeyKind, create::NewCustomer, keys::key_text, number};
use http::tmf::{self, Document};
use kernel::{OrgPath, Result, Timestamp};
use party::PartyKind;
use std::{borrow::Cow, collections::HashMap};
use store::{Db, Event, ToValue, Tx, Value};

/// The ids and the number of a customer about to be stored.
#[derive(Clone, Debug)]
pub struct Identity {
    pub id: String,
    pub party_id: String,
    pub customer_no: String,
}

/// Hands out ids and customer numbers for a bulk load; numbers are taken in blocks, in transactions of their own, so a
/// load that fails leaves gaps.
pub struct Identities {
    db: Db,
    blocks: HashMap<String, number::Block>,
    block: i64,
}

impl Identities {
    pub fn new(db: &Db, block: i64) -> Self {
        Self { db: db.clone(), blocks: HashMap::new(), block }
    }
    /// `given` is a customer number from elsewhere.
    pub fn next(&mut self, org: &OrgPath, given: Option<&str>) -> Result<Identity> {
        let customer_no = match given {
            Some(given) => given.to_owned(),
            None => self.number(org)?,
        };
        let env = self.db.env();
        Ok(Identity {
            party_id: env.new_id::<Document>().into_string(),
            id: env.new_id::<Document>().into_string(),
            customer_no,
        })
    }
    fn number(&mut self, org: &OrgPath) -> Result<String> {
        let place = number::block_name(org);
        if let Some(number) = self.blocks.get_mut(&place).and_then(number::Block::next) {
            return Ok(number);
        }
        let (org, n) = (org.clone(), self.block);
        let mut block = self.db.write_blocking(kernel::Actor::system(), move |tx| number::Block::take(tx, &org, n))?;
        let number = block.next().unwrap_or_default();
        self.blocks.insert(place, block);
        Ok(number)
    }
}

/// Customers ready to be stored: rows laid end to end, as the store takes them.
#[derive(Default)]
pub struct Load {
    individuals: Table,
    organizations: Table,
    customers: Table,
    keys: Table,
    count: usize,
}

/// Rows of one table and which customer of the load each belongs to.
#[derive(Default)]
struct Table {
    values: Vec<Value>,
    owners: Vec<usize>,
}

impl Table {
    fn width(&self) -> usize {
        self.values.len() / self.owners.len().max(1)
    }
    fn push(&mut self, owner: usize, row: impl IntoIterator<Item = Value>) {
        self.values.extend(row);
        self.owners.push(owner);
    }
    /// The rows of the customers that `wanted` names, without a copy where that is all of them.
    fn only(&self, wanted: Option<&[bool]>) -> Cow<'_, [Value]> {
        let Some(wanted) = wanted else { return Cow::Borrowed(&self.values) };
        let rows = self.values.chunks(self.width().max(1)).zip(&self.owners);
        rows.filter(|(_, owner)| wanted.get(**owner).copied().unwrap_or(false))
            .flat_map(|(row, _)| row)
            .cloned()
            .collect()
    }
}

impl Load {
    pub fn len(&self) -> usize {
        self.count
    }
    pub fn is_empty(&self) -> bool {
        self.count == 0
    }
    /// Prepares one customer: documents, sealing, keys. Needs no transaction.
    pub fn add(&mut self, db: &Db, new: &NewCustomer, identity: &Identity, org: &OrgPath, at: Timestamp) -> Result<()> {
        let Identity { id, party_id, customer_no } = identity;
        let (vault, owner) = (db.vault(), self.count);
        let party = new.party().document(party_id.clone(), org, at, vault)?;
        let row = tmf::row(new.kind.resource(), &party)?;
        match new.kind {
            PartyKind::Individual => self.individuals.push(owner, row),
            PartyKind::Organization => self.organizations.push(owner, row),
        }
        let body = new.body(id, customer_no, party_id);
        for (key, kind) in new.keys(&body, vault) {
            self.keys.push(owner, [Value::Text(key), Value::Int(kind as i64), Value::Text(id.clone()), org.to_value()]);
        }
        let customer = Document { id: id.clone(), version: 1, org: org.clone(), created_at: at, body };
        self.customers.push(owner, tmf::row(&CUSTOMER, &customer)?);
        self.count += 1;
        Ok(())
    }
    /// A further key of the customer added last, such as the number of a product it holds.
    pub fn key(&mut self, db: &Db, kind: KeyKind, text: &str, customer_id: &str, org: &OrgPath) {
        let text = key_text(kind, text, db.vault());
        let row = [Value::Text(text), Value::Int(kind as i64), Value::Text(customer_id.to_owned()), org.to_value()];
        self.keys.push(self.count.saturating_sub(1), row);
    }
    /// Puts the keys into the order of their tree: neighbours are written together, which is what makes a load fast once
    /// the tree is larger than the cache.
    pub fn order(&mut self) {
        let Table { values, owners } = std::mem::take(&mut self.keys);
        let mut values = values.into_iter();
        let mut rows: Vec<(usize, [Value; 4])> = Vec::with_capacity(owners.len());
        for owner in owners {
            if let (Some(a), Some(b), Some(c), Some(d)) = (values.next(), values.next(), values.next(), values.next()) {
                rows.push((owner, [a, b, c, d]));
            }
        }
        fn key(row: &(usize, [Value; 4])) -> &str {
            if let Value::Text(text) = &row.1[0] { text } else { "" }
        }
        rows.sort_unstable_by(|a, b| key(a).cmp(key(b)));
        for (owner, row) in rows {
            self.keys.push(owner, row);
        }
    }
    /// Stores all of it.
    pub fn store(&self, tx: &mut Tx<'_>) -> Result<()> {
        self.store_only(tx, None)
    }
    /// Stores the customers that `wanted` names by their place in the load.
    pub(crate) fn store_only(&self, tx: &mut Tx<'_>, wanted: Option<&[bool]>) -> Result<()> {
        tmf::insert_rows(tx, &party::INDIVIDUAL, &self.individuals.only(wanted))?;
        tmf::insert_rows(tx, &party::ORGANIZATION, &self.organizations.only(wanted))?;
        tmf::insert_rows(tx, &CUSTOMER, &self.customers.only(wanted))?;
        let keys = self.keys.only(wanted);
        tx.insert_rows("customer_key (key, kind, customer_id, org)", 4, &keys, "ON CONFLICT DO NOTHING").map(drop)
    }
}

/// The one event that stands for all customers of a load.
pub fn announce(
    tx: &mut Tx<'_>,
    event_type: &str,
    batch_id: &str,
    org: &OrgPath,
    detail: &serde_json::Value,
) -> Result<()> {
    let payload = serde_json::json!({"importBatch": detail});
    tx.emit(Event::new(event_type, "importBatch", batch_id, 1, org).payload(payload).audit(detail.clone()))
}
