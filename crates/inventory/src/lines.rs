//! The lines that customers hold, wherever they were sold: for the count of numbers on a certificate.

use kernel::Result;
use store::{Tx, params, sql};

/// A live line with a telephone number.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    pub product_id: String,
    pub number: String,
    pub status: String,
    pub org: String,
}

sql! {
    LINES = "SELECT id, number, status, org FROM product WHERE customer_id = $1 AND live = 1 AND number IS NOT NULL ORDER BY created_at";
}

/// The live lines of these customers, whoever asks.
pub fn lines_of(tx: &mut Tx<'_>, customers: &[String]) -> Result<Vec<Line>> {
    let mut lines = Vec::new();
    for customer in customers {
        let rows = tx.query(&LINES, params![customer])?;
        lines.extend(rows.iter().map(|r| Line {
            product_id: r.text(0),
            number: r.text(1),
            status: r.text(2),
            org: r.text(3),
        }));
    }
    Ok(lines)
}
