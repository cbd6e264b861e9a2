//! SIM cards as orders take them: reserved with the order, bound with the change, given back when it is undone.

use inventory::{products, sims};
use kernel::{OrgPath, Problem, Result};
use serde_json::{Map, json};
use store::Tx;

/// A card taken for an order.
#[derive(Clone, Debug)]
pub struct Card {
    pub iccid: String,
    /// It is one of the hall's stock.
    pub stocked: bool,
}

/// Takes a card for the order: the one named, or one of the hall's. Where no stock is kept, a new ICCID.
pub fn reserve(tx: &mut Tx<'_>, iccid: Option<&str>, org: &OrgPath, order_id: &str) -> Result<Card> {
    if let Some(iccid) = iccid
        && !((18..=22).contains(&iccid.len()) && iccid.bytes().all(|b| b.is_ascii_digit()))
    {
        return Err(Problem::invalid("sim", "ICCID: 18–22 位数字 / digits"));
    }
    match sims::reserve(tx, iccid, org, order_id)? {
        Some(taken) => Ok(Card { stocked: sims::is_stocked(tx, &taken)?, iccid: taken }),
        None => Ok(Card { iccid: sims::generated(tx)?, stocked: false }),
    }
}

/// The product has the new card instead of the old one.
pub fn put_in(tx: &mut Tx<'_>, order_id: &str, product_id: &str, card: &Card) -> Result<()> {
    if card.stocked {
        let org = products::get(tx, product_id)?.org;
        sims::replace(tx, product_id, Some(&card.iccid), &org, order_id)?;
    }
    note(tx, product_id, Some(&card.iccid))
}

/// Takes [`put_in`] back.
pub fn take_out(tx: &mut Tx<'_>, order_id: &str, product_id: &str, card: &Card, old: Option<&str>) -> Result<()> {
    if card.stocked {
        sims::unreplace(tx, product_id, old, order_id)?;
    }
    note(tx, product_id, old)
}

fn note(tx: &mut Tx<'_>, product_id: &str, iccid: Option<&str>) -> Result<()> {
    products::set_characteristics(tx, product_id, &Map::from_iter([("iccid".to_owned(), json!(iccid))])).map(drop)
}
