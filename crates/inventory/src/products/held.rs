//! What a customer holds or held, in one statement: for views that are opened all day.

use super::PRODUCT;
use http::tmf::Document;
use kernel::{OrgPath, Problem, Result};
use serde_json::Value;
use store::{Tx, params, sql};

sql! {
    HELD = "SELECT id, version, org, created_at, body FROM product WHERE customer_id = $1 ORDER BY created_at DESC, id DESC LIMIT $2";
}

/// The newest products of a customer, as far as the actor sees them.
pub fn held_by(tx: &mut Tx<'_>, customer_id: &str, most: i64) -> Result<Vec<Document>> {
    let rows = tx.query(&HELD, params![customer_id, most])?;
    let mut held = Vec::with_capacity(rows.len());
    for row in rows.iter().filter(|r| tx.actor().sees(r.str(2))) {
        let Value::Object(body) = row.json(4) else {
            return Err(Problem::internal(format!("a stored {} is no object", PRODUCT.name)));
        };
        let org = OrgPath::parse(row.str(2))?;
        held.push(Document { id: row.text(0), version: row.int(1), org, created_at: row.time(3), body });
    }
    Ok(held)
}
