//! Many new customers at once: rows prepared beside the writer, stored in few statements, one event for all of them.

use crate::{CUSTOMER, create::NewCustomer, keys, number};
use http::tmf::{self, Document};
use kernel::{OrgPath, Result, Timestamp};
use party::PartyKind;
use std::collections::HashMap;
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
        Ok(Identity { party_id: env.new_id::<Document>().into_string(), id: env.new_id::<Document>().into_string(), customer_no })
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

/// Customers ready to be stored.
#[derive(Default, Clone)]
pub struct Load {
    individuals: Vec<Value>,
    organizations: Vec<Value>,
    customers: Vec<Value>,
    keys: Vec<[Value; 4]>,
    count: usize,
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
        let vault = db.vault();
        let party = new.party().document(party_id.clone(), org, at, vault)?;
        let row = tmf::row(new.kind.resource(), &party)?;
        match new.kind {
            PartyKind::Individual => self.individuals.extend(row),
            PartyKind::Organization => self.organizations.extend(row),
        }
        let body = new.body(id, customer_no, party_id);
        for (key, kind) in new.keys(&body, vault) {
            self.keys.push([Value::Text(key), Value::Int(kind as i64), Value::Text(id.clone()), org.to_value()]);
        }
        let customer = Document { id: id.clone(), version: 1, org: org.clone(), created_at: at, body };
        self.customers.extend(tmf::row(&CUSTOMER, &customer)?);
        self.count += 1;
        Ok(())
    }
    /// Adds a further key of a customer of this load, such as the number of a product.
    pub fn add_key(&mut self, db: &Db, customer_id: &str, org: &OrgPath, kind: keys::KeyKind, text: &str) {
        let key = keys::key_text(kind, text, db.vault());
        self.keys.push([Value::Text(key), Value::Int(kind as i64), Value::Text(customer_id.to_owned()), org.to_value()]);
    }
    /// Puts the keys into the order of their tree: neighbours are written together, which is what makes a load fast once
    /// the tree is larger than the cache.
    pub fn order(&mut self) {
        let text = |v: &[Value; 4]| if let Value::Text(s) = &v[0] { s.clone() } else { String::new() };
        self.keys.sort_by_cached_key(text);
    }
    /// Stores all of it.
    pub fn store(&self, tx: &mut Tx<'_>) -> Result<()> {
        tmf::insert_rows(tx, &party::INDIVIDUAL, &self.individuals)?;
        tmf::insert_rows(tx, &party::ORGANIZATION, &self.organizations)?;
        tmf::insert_rows(tx, &CUSTOMER, &self.customers)?;
        let keys: Vec<Value> = self.keys.iter().flatten().cloned().collect();
        tx.insert_rows("customer_key (key, kind, customer_id, org)", 4, &keys, "ON CONFLICT DO NOTHING")?;
        Ok(())
    }
}

/// The one event that stands for all customers of a load.
pub fn announce(tx: &mut Tx<'_>, event_type: &str, batch_id: &str, org: &OrgPath, detail: &serde_json::Value) -> Result<()> {
    let payload = serde_json::json!({"importBatch": detail});
    tx.emit(Event::new(event_type, "importBatch", batch_id, 1, org).payload(payload).audit(detail.clone()))
}
