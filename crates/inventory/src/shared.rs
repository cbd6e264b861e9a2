//! Something that several products of a place use together, such as the ONU behind an access line: it goes with the last of
//! them.
//!
//! Whoever attaches or detaches first takes the resource's own row, so that of two that leave at once exactly one is last.

use kernel::Result;
use store::{Tx, params, sql};

/// What is left of a shared resource.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Left {
    /// Products that still use it.
    pub holders: i64,
    /// This call detached the product; false where it was not attached.
    pub detached: bool,
}

impl Left {
    /// The product was the last one: the resource goes with it.
    pub fn was_last(self) -> bool {
        self.detached && self.holders == 0
    }
}

sql! {
    TURN = "INSERT INTO shared_resource (kind, key, turn) VALUES ($1, $2, 1) \
            ON CONFLICT (kind, key) DO UPDATE SET turn = shared_resource.turn + 1";
    ATTACH = "INSERT INTO shared_holder (kind, key, product_id, since) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";
    DETACH = "DELETE FROM shared_holder WHERE kind = $1 AND key = $2 AND product_id = $3";
    COUNT = "SELECT COUNT(*) FROM shared_holder WHERE kind = $1 AND key = $2";
    HOLDERS = "SELECT product_id FROM shared_holder WHERE kind = $1 AND key = $2 ORDER BY since, product_id";
    OF_PRODUCT = "SELECT kind, key FROM shared_holder WHERE product_id = $1 ORDER BY kind, key";
}

/// The product uses the resource from now on; says how many do, itself included. Again is fine.
pub fn attach(tx: &mut Tx<'_>, kind: &str, key: &str, product_id: &str) -> Result<i64> {
    tx.execute(&TURN, params![kind, key])?;
    let now = tx.now();
    tx.execute(&ATTACH, params![kind, key, product_id, now])?;
    Ok(tx.query_one(&COUNT, params![kind, key])?.int(0))
}

/// The product does not use the resource any more.
pub fn detach(tx: &mut Tx<'_>, kind: &str, key: &str, product_id: &str) -> Result<Left> {
    tx.execute(&TURN, params![kind, key])?;
    let detached = tx.execute(&DETACH, params![kind, key, product_id])? == 1;
    Ok(Left { holders: tx.query_one(&COUNT, params![kind, key])?.int(0), detached })
}

/// The products that use it, the first one first.
pub fn holders(tx: &mut Tx<'_>, kind: &str, key: &str) -> Result<Vec<String>> {
    Ok(tx.query(&HOLDERS, params![kind, key])?.iter().map(|r| r.text(0)).collect())
}

/// What a product shares with others, as `(kind, key)`.
pub fn of_product(tx: &mut Tx<'_>, product_id: &str) -> Result<Vec<(String, String)>> {
    Ok(tx.query(&OF_PRODUCT, params![product_id])?.iter().map(|r| (r.text(0), r.text(1))).collect())
}
