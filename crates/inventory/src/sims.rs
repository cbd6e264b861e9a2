//! SIM cards for orders: the card of a hall, reserved, put in, replaced, given back. A thin name over [`crate::stock`].

use crate::stock::{self, Item, Kind, with_luhn};
use kernel::{OrgPath, Result};
use store::Tx;

/// What a replacement changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replaced {
    /// The card that came back; `None` where it was none of our stock.
    pub old: Option<String>,
    pub new: String,
}

/// Free cards of a place whose ICCID holds `part`.
pub fn pick(tx: &mut Tx<'_>, org: &OrgPath, part: &str, limit: i64) -> Result<Vec<Item>> {
    stock::free(tx, Kind::Sim, org, part, limit)
}

/// Reserves a card of the place for an order: the named one, or any. `None` where the city keeps no cards here: then
/// [`bind`] makes one up.
pub fn reserve(tx: &mut Tx<'_>, iccid: Option<&str>, org: &OrgPath, order_id: &str) -> Result<Option<String>> {
    stock::reserve(tx, Kind::Sim, iccid, org, order_id)
}

/// Puts a card into a product: the one it has, the named one, one of the place, or, where the city keeps none, a made-up
/// one. Returns its ICCID.
pub fn bind(tx: &mut Tx<'_>, iccid: Option<&str>, org: &OrgPath, order_id: &str, product_id: &str) -> Result<String> {
    match stock::bind(tx, Kind::Sim, iccid, org, order_id, product_id)? {
        Some(iccid) => Ok(iccid),
        None => generated(tx),
    }
}

/// A card number where no stock is kept.
pub fn generated(tx: &mut Tx<'_>) -> Result<String> {
    Ok(with_luhn(&format!("898600{:012}", tx.next_in_series("sim-card")?)))
}

/// Whether a card is one of our stock.
pub fn is_stocked(tx: &mut Tx<'_>, iccid: &str) -> Result<bool> {
    stock::known(tx, iccid)
}

/// Takes [`bind`] back: the card is free again.
pub fn unbind(tx: &mut Tx<'_>, product_id: &str) -> Result<()> {
    stock::unbind(tx, Kind::Sim, product_id)
}

/// The order is cancelled: what it had reserved (cards and devices) is free again.
pub fn release_order(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    stock::release_order(tx, order_id)
}

/// The line is closed: its card and devices come back. Returns their serials, which [`take_back`] needs.
pub fn release(tx: &mut Tx<'_>, product_id: &str) -> Result<Vec<String>> {
    stock::release_product(tx, product_id)
}

/// Takes [`release`] back.
pub fn take_back(tx: &mut Tx<'_>, serials: &[String], order_id: &str, product_id: &str) -> Result<()> {
    stock::take_back(tx, serials, order_id, product_id)
}

/// Another card for the product; the old one comes back and is not used again.
pub fn replace(
    tx: &mut Tx<'_>,
    product_id: &str,
    new: Option<&str>,
    org: &OrgPath,
    order_id: &str,
) -> Result<Replaced> {
    let (old, new) = stock::replace(tx, Kind::Sim, product_id, new, org, order_id)?;
    let new = match new {
        Some(new) => new,
        None => generated(tx)?,
    };
    Ok(Replaced { old, new })
}

/// Takes [`replace`] back.
pub fn unreplace(tx: &mut Tx<'_>, product_id: &str, old: Option<&str>, order_id: &str) -> Result<()> {
    stock::unreplace(tx, Kind::Sim, product_id, old, order_id)
}
