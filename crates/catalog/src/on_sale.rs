//! What could be offered to somebody: the offerings of a family that are on sale now, cheapest first.

use crate::Family;
use kernel::Result;
use store::{Tx, params, sql};

sql! {
    ON_SALE = "SELECT id FROM product_offering WHERE family = $1 AND sold_alone = 1 AND status IN ('Active', 'Launched') \
               AND price_fen >= $2 AND (valid_from IS NULL OR valid_from <= $3) AND (valid_to IS NULL OR valid_to >= $3) \
               ORDER BY price_fen, id LIMIT $4";
}

/// Ids of at most `most` offerings of the family whose monthly price is at least `from_fen`.
pub fn on_sale(tx: &mut Tx<'_>, family: Family, from_fen: i64, most: i64) -> Result<Vec<String>> {
    let rows = tx.query(&ON_SALE, params![family.as_str(), from_fen, tx.now(), most])?;
    Ok(rows.iter().map(|r| r.text(0)).collect())
}
