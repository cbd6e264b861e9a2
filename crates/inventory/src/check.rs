//! What must hold in a sound inventory.

use http::Check;
use kernel::Result;
use store::{Tx, params, sql};

pub const ALL: &[Check] = &[
    Check { name: "every number in use has exactly one live product", run: numbers_without_product },
    Check { name: "every live product's number is in use", run: products_without_number },
    Check { name: "every reserved number has its order", run: reserved_without_order },
];

sql! {
    NUMBERS = "SELECT n.number, n.state FROM number_pool n LEFT JOIN product p ON p.id = n.product_id AND p.number = n.number AND p.live = 1 \
               WHERE n.state IN ('inUse', 'suspended') AND p.id IS NULL ORDER BY n.number LIMIT 100";
    PRODUCTS = "SELECT p.id, p.number, COALESCE(n.state, 'missing') FROM product p LEFT JOIN number_pool n ON n.number = p.number \
                WHERE p.number IS NOT NULL AND p.status IN ('active', 'suspended', 'pendingTerminate') \
                AND (n.product_id IS NULL OR n.product_id <> p.id OR n.state NOT IN ('inUse', 'suspended')) ORDER BY p.id LIMIT 100";
    RESERVED = "SELECT number FROM number_pool WHERE state = 'reserved' AND order_id IS NULL AND customer_id IS NULL ORDER BY number LIMIT 100";
}

fn numbers_without_product(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let rows = tx.query(&NUMBERS, params![])?;
    Ok(rows.iter().map(|r| format!("number {} is {} without a live product", r.str(0), r.str(1))).collect())
}

fn products_without_number(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let rows = tx.query(&PRODUCTS, params![])?;
    Ok(rows.iter().map(|r| format!("product {} has number {} which is {}", r.str(0), r.str(1), r.str(2))).collect())
}

fn reserved_without_order(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let rows = tx.query(&RESERVED, params![])?;
    Ok(rows.iter().map(|r| format!("number {} is reserved for no order", r.str(0))).collect())
}
