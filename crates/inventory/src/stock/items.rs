//! Giving items to orders and products, and taking them back.

use super::{ItemState, Kind, Movement, record, state::Change};
use crate::{ports::city, problems};
use kernel::{OrgPath, Problem, Result};
use store::{Row, Tx, params, sql};

#[derive(Clone, Debug)]
pub struct Item {
    pub serial: String,
    pub kind: Kind,
    pub model: String,
    pub imsi: Option<String>,
    pub warehouse_id: String,
    pub org: OrgPath,
    pub state: ItemState,
    pub order_id: Option<String>,
    pub product_id: Option<String>,
    pub transfer_id: Option<String>,
}

sql! {
    GET = "SELECT serial, kind, model, imsi, warehouse_id, org, state, order_id, product_id, transfer_id FROM stock_item WHERE serial = $1";
    FREE = "SELECT serial, kind, model, imsi, warehouse_id, org, state, order_id, product_id, transfer_id FROM stock_item \
            WHERE kind = $1 AND state = 'inStock' AND (org = $2 OR (org >= $3 AND org < $4)) AND serial LIKE $5 ORDER BY serial LIMIT $6";
    OF_PRODUCT = "SELECT serial, kind, model, imsi, warehouse_id, org, state, order_id, product_id, transfer_id FROM stock_item \
                  WHERE product_id = $1 AND kind = $2";
    ALL_OF_PRODUCT = "SELECT serial FROM stock_item WHERE product_id = $1 ORDER BY serial";
    ALL_OF_ORDER = "SELECT serial FROM stock_item WHERE order_id = $1 AND state = 'reserved' ORDER BY serial";
    ANY = "SELECT COUNT(*) FROM (SELECT 1 FROM stock_item WHERE kind = $1 AND (org = $2 OR (org >= $3 AND org < $4)) LIMIT 1) AS some_item";
    TAKE = "UPDATE stock_item SET state = 'reserved', order_id = $5, updated_at = $6 WHERE serial = \
            (SELECT serial FROM stock_item WHERE kind = $1 AND state = 'inStock' AND (org = $2 OR (org >= $3 AND org < $4)) \
             ORDER BY serial LIMIT 1 {skip_locked}) AND state = 'inStock' RETURNING serial";
    TURN = "UPDATE stock_item SET state = $3, order_id = $4, product_id = $5, transfer_id = $6, warehouse_id = $7, org = $8, updated_at = $9 \
            WHERE serial = $1 AND state = $2";
    SETTING = "SELECT value FROM inventory_setting WHERE name = $1";
}

pub(super) fn read(row: &Row) -> Result<Item> {
    Ok(Item {
        serial: row.text(0),
        kind: Kind::parse(row.str(1))?,
        model: row.text(2),
        imsi: row.opt_text(3),
        warehouse_id: row.text(4),
        org: OrgPath::parse(row.str(5))?,
        state: ItemState::parse(row.str(6))?,
        order_id: row.opt_text(7),
        product_id: row.opt_text(8),
        transfer_id: row.opt_text(9),
    })
}

pub(super) fn get(tx: &mut Tx<'_>, serial: &str) -> Result<Option<Item>> {
    tx.query_opt(&GET, params![serial])?.as_ref().map(read).transpose()
}

/// An item that the actor may see; 404 otherwise.
pub(super) fn load(tx: &mut Tx<'_>, serial: &str) -> Result<Item> {
    let item = get(tx, serial)?.filter(|i| tx.actor().sees(i.org.as_str()));
    item.ok_or_else(|| Problem::new(&problems::ITEM_UNKNOWN).with("serial", serial))
}

/// What an item becomes beside its state.
#[derive(Clone, Debug, Default)]
pub(super) struct Holder<'h> {
    pub order: Option<&'h str>,
    pub product: Option<&'h str>,
    pub transfer: Option<&'h str>,
    /// A warehouse and its place, where the item moves.
    pub to: Option<(&'h str, &'h OrgPath)>,
}

/// The one way an item changes: from the state it was seen in, with a line in the ledger.
pub(super) fn turn(
    tx: &mut Tx<'_>,
    item: &Item,
    change: Change,
    holder: &Holder<'_>,
    reason: &str,
    reference: &str,
) -> Result<ItemState> {
    let refused = |tx: &mut Tx<'_>| -> Problem {
        let now = get(tx, &item.serial).ok().flatten().map_or(item.state, |i| i.state);
        Problem::new(&problems::ITEM_STATE)
            .with("serial", &item.serial)
            .with("state", now.text())
            .with("action", change.text())
            .field("serial")
    };
    let Some(to) = item.state.after(change, item.kind) else { return Err(refused(tx)) };
    let (warehouse, org) = holder.to.unwrap_or((&item.warehouse_id, &item.org));
    let now = tx.now();
    let touched = tx.execute(
        &TURN,
        params![
            item.serial,
            item.state.text(),
            to.text(),
            holder.order,
            holder.product,
            holder.transfer,
            warehouse,
            org,
            now
        ],
    )?;
    if touched == 0 {
        return Err(refused(tx));
    }
    let (kind, from) = (item.kind, Some(item.state));
    let movement =
        Movement { serial: &item.serial, kind, what: change.text(), from, to, warehouse, org, reason, reference };
    record(tx, &[movement])?;
    Ok(to)
}

/// Free items of a place whose serial holds `part`.
pub fn free(tx: &mut Tx<'_>, kind: Kind, org: &OrgPath, part: &str, limit: i64) -> Result<Vec<Item>> {
    let (from, to) = org.below();
    let part: String = part.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
    tx.query(&FREE, params![kind.text(), org, from, to, format!("%{part}%"), limit])?.iter().map(read).collect()
}

/// Whether the city of a place keeps such things in stock at all.
pub fn kept_for(tx: &mut Tx<'_>, kind: Kind, org: &OrgPath) -> Result<bool> {
    let city = city(org);
    let (from, to) = city.below();
    Ok(tx.query_one(&ANY, params![kind.text(), city, from, to])?.int(0) > 0)
}

/// Whether there is such an item at all, in whatever state.
pub fn known(tx: &mut Tx<'_>, serial: &str) -> Result<bool> {
    Ok(get(tx, serial)?.is_some())
}

pub fn of_product(tx: &mut Tx<'_>, kind: Kind, product_id: &str) -> Result<Option<Item>> {
    tx.query_opt(&OF_PRODUCT, params![product_id, kind.text()])?.as_ref().map(read).transpose()
}

/// Reserves an item of the place for an order: the named one, or any. `None` where the place keeps none of the kind and the
/// setting lets it do without. The same again for the same order.
pub fn reserve(
    tx: &mut Tx<'_>,
    kind: Kind,
    serial: Option<&str>,
    org: &OrgPath,
    order_id: &str,
) -> Result<Option<String>> {
    if let Some(serial) = serial {
        return reserve_named(tx, kind, serial, org, order_id);
    }
    let ((from, to), now) = (org.below(), tx.now());
    if let Some(row) = tx.query_opt(&TAKE, params![kind.text(), org, from, to, order_id, now])? {
        let serial = row.text(0);
        if let Some(item) = get(tx, &serial)? {
            note(tx, &item, Change::Reserve, ItemState::InStock, order_id)?;
        }
        return Ok(Some(serial));
    }
    let generated = tx.query_one(&SETTING, params!["sim.generate_without_stock"])?.int(0) > 0;
    if !kept_for(tx, kind, org)? || (kind == Kind::Sim && generated) {
        return Ok(None);
    }
    Err(Problem::new(&problems::STOCK_NONE).with("kind", kind.text()).with("org", org.as_str()))
}

fn reserve_named(tx: &mut Tx<'_>, kind: Kind, serial: &str, org: &OrgPath, order_id: &str) -> Result<Option<String>> {
    let Some(item) = get(tx, serial)? else {
        if kept_for(tx, kind, org)? {
            return Err(Problem::new(&problems::ITEM_UNKNOWN).with("serial", serial).field("serial"));
        }
        return Ok(Some(serial.to_owned())); // another system keeps this city's stock
    };
    if item.kind != kind {
        return Err(Problem::new(&problems::ITEM_UNKNOWN).with("serial", serial).field("serial"));
    }
    if item.state == ItemState::Reserved && item.order_id.as_deref() == Some(order_id) {
        return Ok(Some(item.serial));
    }
    // What lies where the line belongs, or where the customer stands now.
    let near = |place: &OrgPath| place.contains(&item.org) || item.org.contains(place);
    if !near(org) && !near(&tx.actor().org) {
        return Err(Problem::new(&problems::ITEM_ELSEWHERE).with("serial", serial).field("serial"));
    }
    turn(tx, &item, Change::Reserve, &Holder { order: Some(order_id), ..Holder::default() }, "", order_id)?;
    Ok(Some(item.serial))
}

fn note(tx: &mut Tx<'_>, item: &Item, change: Change, from: ItemState, reference: &str) -> Result<()> {
    let Item { serial, kind, warehouse_id: warehouse, org, state: to, .. } = item;
    let (kind, to, what) = (*kind, *to, change.text());
    record(tx, &[Movement { serial, kind, what, from: Some(from), to, warehouse, org, reason: "", reference }])
}

/// Gives a product an item of the place: the one it has already, the named one, one that its order has reserved, or any.
/// `None` where the place keeps none of the kind.
pub fn bind(
    tx: &mut Tx<'_>,
    kind: Kind,
    serial: Option<&str>,
    org: &OrgPath,
    order_id: &str,
    product_id: &str,
) -> Result<Option<String>> {
    if let Some(item) = of_product(tx, kind, product_id)? {
        return Ok(Some(item.serial));
    }
    let Some(serial) = reserve(tx, kind, serial, org, order_id)? else { return Ok(None) };
    let Some(item) = get(tx, &serial)? else { return Ok(Some(serial)) };
    let holder = Holder { order: Some(order_id), product: Some(product_id), ..Holder::default() };
    turn(tx, &item, Change::Bind, &holder, "", order_id)?;
    Ok(Some(serial))
}

/// Takes [`bind`] back: the customer never had it.
pub fn unbind(tx: &mut Tx<'_>, kind: Kind, product_id: &str) -> Result<()> {
    let Some(item) = of_product(tx, kind, product_id)? else { return Ok(()) };
    if item.state == ItemState::Bound { put_back(tx, &item, Change::Unbind) } else { Ok(()) }
}

fn put_back(tx: &mut Tx<'_>, item: &Item, change: Change) -> Result<()> {
    let reference = item.order_id.clone().unwrap_or_default();
    turn(tx, item, change, &Holder::default(), "", &reference).map(drop)
}

/// The line is closed: what it ran on comes back from the customer. Cards are not used again, devices can be.
pub fn release_product(tx: &mut Tx<'_>, product_id: &str) -> Result<Vec<String>> {
    each(tx, &ALL_OF_PRODUCT, product_id, ItemState::Bound, Change::Return)
}

/// The order is cancelled: what it had reserved is free again.
pub fn release_order(tx: &mut Tx<'_>, order_id: &str) -> Result<()> {
    each(tx, &ALL_OF_ORDER, order_id, ItemState::Reserved, Change::Cancel).map(drop)
}

fn each(
    tx: &mut Tx<'_>,
    which: &'static store::Sql,
    key: &str,
    state: ItemState,
    change: Change,
) -> Result<Vec<String>> {
    let serials: Vec<String> = tx.query(which, params![key])?.iter().map(|r| r.text(0)).collect();
    for serial in &serials {
        if let Some(item) = get(tx, serial)?
            && item.state == state
        {
            put_back(tx, &item, change)?;
        }
    }
    Ok(serials)
}

/// Takes a [`release_product`] back: the product has what it ran on again.
pub fn take_back(tx: &mut Tx<'_>, serials: &[String], order_id: &str, product_id: &str) -> Result<()> {
    for serial in serials {
        let Some(item) = get(tx, serial)?.filter(|i| i.state == ItemState::Returned) else { continue };
        give_back(tx, &item, order_id, product_id)?;
    }
    Ok(())
}

/// From returned to bound again: only an undo does that.
fn give_back(tx: &mut Tx<'_>, item: &Item, order_id: &str, product_id: &str) -> Result<()> {
    let (now, none) = (tx.now(), None::<String>);
    // Without an order: what gave it back is undone, and may be done again.
    let touched = tx.execute(
        &TURN,
        params![item.serial, "returned", "bound", none, product_id, none, item.warehouse_id, item.org, now],
    )?;
    if touched == 0 {
        return Err(Problem::new(&problems::ITEM_STATE)
            .with("serial", &item.serial)
            .with("state", item.state.text())
            .with("action", "undo"));
    }
    let bound = Item { state: ItemState::Bound, ..item.clone() };
    note(tx, &bound, Change::Bind, ItemState::Returned, order_id)
}

/// The product gets another item of the kind; the old one comes back. Returns the old and the new one.
pub fn replace(
    tx: &mut Tx<'_>,
    kind: Kind,
    product_id: &str,
    new: Option<&str>,
    org: &OrgPath,
    order_id: &str,
) -> Result<(Option<String>, Option<String>)> {
    let old = of_product(tx, kind, product_id)?;
    if let Some(item) = &old {
        if item.order_id.as_deref() == Some(order_id) {
            return Ok((None, Some(item.serial.clone()))); // done before
        }
        put_back(tx, item, Change::Return)?;
    }
    let new = bind(tx, kind, new, org, order_id, product_id)?;
    Ok((old.map(|i| i.serial), new))
}

/// Takes [`replace`] back.
pub fn unreplace(tx: &mut Tx<'_>, kind: Kind, product_id: &str, old: Option<&str>, order_id: &str) -> Result<()> {
    unbind(tx, kind, product_id)?;
    if let Some(old) = old
        && let Some(item) = get(tx, old)?.filter(|i| i.state == ItemState::Returned)
    {
        give_back(tx, &item, order_id, product_id)?;
    }
    Ok(())
}

/// An item wherever it is: for what came by a transfer that the actor may handle.
pub(super) fn load_any(tx: &mut Tx<'_>, serial: &str) -> Result<Item> {
    get(tx, serial)?.ok_or_else(|| Problem::new(&problems::ITEM_UNKNOWN).with("serial", serial))
}
