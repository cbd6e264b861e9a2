//! Changes of what is charged. Charges are never overwritten: what ends gets its last day, what begins is added.

use super::{CHANGED, CHARGE, Subscription};
use crate::pricing::{Charge, DiscountLine, Reduction};
use kernel::{Date, Result};
use store::{Tx, params, sql};

sql! {
    CHARGED = "SELECT account_id FROM subscription WHERE id = $1";
    MOVED = "INSERT INTO subscription_move (subscription_id, seq, effective, from_account, to_account, collaboration_id) \
             VALUES ($1, $2, $3, $4, $5, $6)";
    SAVE = "UPDATE subscription SET version = version + 1, state = $3, charged_to = $4, updated_at = $5, org = $6, account_id = $7, \
            customer_id = $8, offering_id = $9, offering_version = $10, name = $11, number = $12 WHERE id = $1 AND version = $2";
    CHARGES = "SELECT price_id, name, amount_fen, months FROM subscription_charge WHERE subscription_id = $1 AND charged_to IS NULL \
               ORDER BY seq";
    END_CHARGES = "UPDATE subscription_charge SET charged_to = $2 WHERE subscription_id = $1 AND charged_to IS NULL";
    LAST_CHARGE = "SELECT CAST(COALESCE(MAX(seq), -1) AS BIGINT) FROM subscription_charge WHERE subscription_id = $1";
    OFFERINGS = "SELECT DISTINCT offering_id FROM subscription WHERE customer_id = $1 AND state <> 'terminated'";
    SIBLINGS = "SELECT COUNT(*) FROM subscription WHERE order_id = $1 AND bundle = $2 AND offering_id = $3 AND product_id <> $4";
    DISCOUNT = "INSERT INTO subscription_discount (id, subscription_id, product_id, discount_id, name, kind, percent, amount_fen, \
                valid_from, valid_to, source, request_id, reason, collaboration_id, created_at) \
                VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    IN_FORCE = "SELECT id, discount_id, name, kind, percent, amount_fen, valid_from, valid_to, source, reason \
                FROM subscription_discount WHERE product_id = $1 AND (valid_to IS NULL OR valid_to >= $2) ORDER BY id";
}

/// Writes what may change of a subscription, and what it became.
pub fn save(tx: &mut Tx<'_>, s: &mut Subscription, effective: Date, collaboration_id: &str) -> Result<()> {
    let charged = tx.query_one(&CHARGED, params![s.id])?.text(0);
    if charged != s.account_id {
        let binds = params![s.id, s.version + 1, effective.to_string(), charged, s.account_id, collaboration_id];
        tx.execute(&MOVED, binds)?;
    }
    let charged_to = s.charged_to.map(|d| d.to_string());
    tx.execute_versioned(
        &SAVE,
        params![
            s.id,
            s.version,
            s.state.name(),
            charged_to,
            tx.now(),
            s.org,
            s.account_id,
            s.customer_id,
            s.offering_id,
            s.offering_version,
            s.name,
            s.number
        ],
    )?;
    s.version += 1;
    let binds = params![s.id, s.version, tx.now(), effective.to_string(), s.state.name(), collaboration_id];
    tx.execute(&CHANGED, binds).map(drop)
}

/// What is charged now.
pub fn charges_of(tx: &mut Tx<'_>, subscription_id: &str) -> Result<Vec<Charge>> {
    let rows = tx.query(&CHARGES, params![subscription_id])?;
    let charge = |r: &store::Row| Charge { price_id: r.text(0), name: r.text(1), amount: r.money(2), months: r.int(3) };
    Ok(rows.iter().map(charge).collect())
}

/// Ends what is charged and charges this instead, from `day` on.
pub fn replace_charges(tx: &mut Tx<'_>, subscription_id: &str, charges: &[Charge], day: Date) -> Result<()> {
    tx.execute(&END_CHARGES, params![subscription_id, day.to_string()])?;
    let mut seq = tx.query_one(&LAST_CHARGE, params![subscription_id])?.int(0);
    for charge in charges {
        seq += 1;
        let kind = if charge.months == 0 { "oneTime" } else { "recurring" };
        let (price, from) = (&charge.price_id, day.to_string());
        tx.execute(
            &CHARGE,
            params![subscription_id, seq, price, charge.name, kind, charge.amount, charge.months, from],
        )?;
    }
    Ok(())
}

/// The offerings a customer holds.
pub fn offerings_of(tx: &mut Tx<'_>, customer_id: &str) -> Result<Vec<String>> {
    Ok(tx.query(&OFFERINGS, params![customer_id])?.iter().map(|r| r.text(0)).collect())
}

/// How many other parts of the same offering a bundle has already.
pub fn siblings(tx: &mut Tx<'_>, order_id: &str, bundle: &str, offering_id: &str, product_id: &str) -> Result<i64> {
    Ok(tx.query_one(&SIBLINGS, params![order_id, bundle, offering_id, product_id])?.int(0))
}

/// Keeps a discount with the product, so that every further bill can take it off.
pub fn keep_discount(
    tx: &mut Tx<'_>,
    subscription: (&str, &str),
    reduction: &Reduction,
    line: &DiscountLine,
    collaboration_id: &str,
) -> Result<String> {
    use crate::pricing::Cut;
    let id = tx.new_id::<Reduction>().into_string();
    let (percent, fen) = match reduction.cut {
        Cut::Percent(percent) => (Some(percent), None),
        Cut::Fen(amount) => (None, Some(amount)),
    };
    tx.execute(
        &DISCOUNT,
        params![
            id,
            subscription.0,
            subscription.1,
            reduction.id,
            reduction.name,
            reduction.applies.name(),
            percent,
            fen,
            line.from.to_string(),
            line.until.map(|d| d.to_string()),
            reduction.source,
            reduction.request_id,
            reduction.reason,
            collaboration_id,
            tx.now()
        ],
    )?;
    Ok(id)
}

/// The discounts of a product that hold on `day`.
pub fn in_force(tx: &mut Tx<'_>, product_id: &str, day: Date) -> Result<Vec<serde_json::Value>> {
    let rows = tx.query(&IN_FORCE, params![product_id, day.to_string()])?;
    let one = |r: &store::Row| {
        serde_json::json!({
            "id": r.str(0), "discountId": r.str(1), "name": r.str(2), "type": r.str(3), "percent": r.opt_int(4),
            "amountFen": r.opt_int(5), "from": r.str(6), "until": r.opt_text(7), "source": r.str(8), "reason": r.str(9),
        })
    };
    Ok(rows.iter().map(one).collect())
}
