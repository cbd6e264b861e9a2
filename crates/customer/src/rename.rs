//! 更名: the customer's name in our records follows the certificate.

use crate::{CUSTOMER, keys};
use http::tmf;
use kernel::{Problem, Result};
use store::Tx;

const LONGEST: usize = 200;

/// Gives a customer another name and lets it be found by it; returns the old one.
pub fn rename(tx: &mut Tx<'_>, customer_id: &str, name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST {
        return Err(Problem::invalid("name", "1–200"));
    }
    let mut doc = tmf::lock(tx, &CUSTOMER, customer_id)?;
    let (before, old) = (doc.body.clone(), doc.text("name").to_owned());
    if old == name {
        return Ok(old);
    }
    doc.set("name", name);
    tmf::save(tx, &CUSTOMER, &before, &mut doc)?;
    let (gone, come) = (keys::of_document(&before), keys::of_document(&doc.body));
    keys::delete(tx, customer_id, &gone)?;
    keys::insert(tx, customer_id, &doc.org, &come)?;
    Ok(old)
}
