//! Which tax a line includes: by the product line of its offering, as rows of rating's tables say. A line keeps the category
//! it was billed with; one that has none of its own goes by what its product is now.

use kernel::{Date, Money, Result};
use serde_json::{Value, json};
use store::{Tx, params, sql};

sql! {
    OFFERING = "SELECT offering_id FROM subscription WHERE product_id = $1";
}

/// The category of what an offering costs.
pub fn of_offering(tx: &mut Tx<'_>, offering_id: &str) -> Result<String> {
    let family = catalog::held(tx, offering_id).map_or("", |o| o.family.as_str());
    rating::tax_of_family(tx, family)
}

/// The same by a product; what belongs to no product is a basic service.
pub fn of_product(tx: &mut Tx<'_>, product_id: &str) -> Result<String> {
    if product_id.is_empty() {
        return rating::tax_of_family(tx, "");
    }
    match tx.query_opt(&OFFERING, params![product_id])? {
        Some(row) => of_offering(tx, row.str(0)),
        None => rating::tax_of_family(tx, ""),
    }
}

/// The category of a line as it stands on a bill.
pub fn of_line(tx: &mut Tx<'_>, kept: &str, product_id: &str) -> Result<String> {
    if kept.is_empty() { of_product(tx, product_id) } else { Ok(kept.to_owned()) }
}

/// How much of an amount is tax, by which category, rate and rule.
pub fn told(tx: &mut Tx<'_>, category: &str, amount: Money, on: Date) -> Result<Value> {
    let portion = rating::tax_portion(tx, category, amount, on)?;
    let mut view = json!({"category": category, "taxFen": portion});
    if let Some(tax) = rating::tax(tx, category, on)? {
        view["name"] = json!(tax.name);
        view["nameEn"] = json!(tax.name_en);
        view["permille"] = json!(tax.permille);
        view["source"] = json!(tax.source);
    }
    Ok(view)
}
