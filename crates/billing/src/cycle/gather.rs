//! What billing knows about the products of many accounts, read in a few statements: a batch of the run.

use super::reckon::{ChargeRow, DiscountRow, Facts, Move, Suspended, Terms, Turn};
use crate::{relation::Relation, settings, subscription::State};
use kernel::{Cycle, Date, Money, Problem, Result};
use std::collections::BTreeMap;
use store::{Row, Tx, params, sql};

macro_rules! products {
    () => {
        "SELECT s.id, s.product_id, s.offering_id, s.name, s.number, s.account_id, s.version, s.charged_from, s.charged_to \
         FROM subscription s "
    };
}

sql! {
    PRODUCTS = concat!(products!(), "WHERE s.account_id >= $1 AND s.account_id <= $2 AND (s.charged_to IS NULL OR s.charged_to > $3)");
    MOVED_AWAY = concat!(products!(), "WHERE s.id IN (SELECT m.subscription_id FROM subscription_move m \
                  WHERE m.from_account >= $1 AND m.from_account <= $2 AND m.effective > $3)");
    ONE = concat!(products!(), "WHERE s.product_id = $1");
    CHARGES = "SELECT c.subscription_id, c.price_id, c.name, c.amount_fen, c.months, c.charged_from, c.charged_to \
               FROM subscription s JOIN subscription_charge c ON c.subscription_id = s.id \
               WHERE s.account_id >= $1 AND s.account_id <= $2 AND (s.charged_to IS NULL OR s.charged_to > $3) AND c.months > 0 \
               ORDER BY c.subscription_id, c.seq";
    CHARGES_OF = "SELECT subscription_id, price_id, name, amount_fen, months, charged_from, charged_to \
                  FROM subscription_charge WHERE subscription_id = $1 AND months > 0 ORDER BY seq";
    TURNS = "SELECT c.effective, c.state, e.undone_at, {json_text:o.content:new.reason} FROM subscription_change c \
             LEFT JOIN collaboration_effect e ON e.collaboration_id = c.collaboration_id \
             LEFT JOIN collaboration o ON o.id = c.collaboration_id WHERE c.subscription_id = $1 ORDER BY c.seq";
    MOVES = "SELECT m.effective, m.from_account, m.to_account, e.undone_at FROM subscription_move m \
             LEFT JOIN collaboration_effect e ON e.collaboration_id = m.collaboration_id \
             WHERE m.subscription_id = $1 ORDER BY m.seq";
    DISCOUNTS = "SELECT d.subscription_id, d.name, d.percent, d.amount_fen, d.valid_from, d.valid_to, d.source \
                 FROM subscription s JOIN subscription_discount d ON d.product_id = s.product_id \
                 WHERE s.account_id >= $1 AND s.account_id <= $2 AND d.kind = 'recurring' AND d.valid_from <= $4 \
                 AND (d.valid_to IS NULL OR d.valid_to >= $3) ORDER BY d.id";
    DISCOUNTS_OF = "SELECT subscription_id, name, percent, amount_fen, valid_from, valid_to, source FROM subscription_discount \
                    WHERE product_id = $1 AND kind = 'recurring' ORDER BY id";
    RELATIONS = "SELECT product_id, account_id, priority, scope, percent, limit_fen FROM payment_relation \
                 WHERE product_id > $1 AND valid_from <= $2 AND (valid_to IS NULL OR valid_to > $2) \
                 ORDER BY product_id, priority, id LIMIT $3";
    SUSPENDED = "SELECT reason, rule, days FROM suspension_charging";
}

/// On which day the cycles of the account begin that a product is charged to.
pub fn day_of_product(tx: &mut Tx<'_>, product_id: &str) -> Result<i8> {
    match tx.query_opt(&ONE, params![product_id])? {
        Some(row) => super::day::of_account(tx, row.str(5)),
        None => Ok(1),
    }
}

/// Rules of the whole run.
pub fn terms(tx: &mut Tx<'_>) -> Result<Terms> {
    let suspended = |row: &Row| {
        let rule = match row.str(1) {
            "fee" => Suspended::Fee,
            "chargedFor" => Suspended::ChargedFor(row.int(2)),
            _ => Suspended::Charged,
        };
        (row.text(0), rule)
    };
    let suspended = tx.query(&SUSPENDED, &[])?.iter().map(suspended).collect();
    Ok(Terms {
        divisor: settings::DIVISOR.number(tx)?.max(1),
        suspension_monthly: settings::SUSPENSION_MONTHLY.money(tx)?,
        suspension_months: settings::SUSPENSION_MONTHS.number(tx)?,
        suspension_days: settings::SUSPENSION_DAYS.number(tx)?,
        suspended,
    })
}

fn product(tx: &mut Tx<'_>, row: &Row) -> Result<Facts> {
    Ok(Facts {
        subscription_id: row.text(0),
        product_id: row.text(1),
        name: row.text(3),
        number: row.text(4),
        tax: crate::tax::of_offering(tx, row.str(2))?,
        account_id: row.text(5),
        version: row.int(6),
        from: Date::parse(row.str(7))?,
        to: date(row, 8)?,
        charges: Vec::new(),
        turns: Vec::new(),
        moves: Vec::new(),
        discounts: Vec::new(),
    })
}

fn date(row: &Row, column: usize) -> Result<Option<Date>> {
    if row.is_null(column) { Ok(None) } else { Date::parse(row.str(column)).map(Some) }
}

fn charge(row: &Row, from: Date) -> Result<ChargeRow> {
    Ok(ChargeRow {
        price_id: row.text(1),
        name: row.text(2),
        amount: row.money(3),
        months: row.int(4),
        from: date(row, 5)?.unwrap_or(from),
        to: date(row, 6)?,
    })
}

fn discount(row: &Row) -> Result<DiscountRow> {
    Ok(DiscountRow {
        name: row.text(1),
        percent: row.opt_int(2),
        amount: row.opt_int(3).map(Money::fen),
        from: Date::parse(row.str(4))?,
        until: date(row, 5)?,
        published: row.str(6) == "published",
    })
}

/// What happened to it: most products have never been changed, and are not asked for.
fn history(tx: &mut Tx<'_>, facts: &mut Facts) -> Result<()> {
    for row in tx.query(&TURNS, params![facts.subscription_id])? {
        if row.is_null(2) {
            facts.turns.push(Turn {
                effective: Date::parse(row.str(0))?,
                state: State::named(row.str(1))?,
                reason: row.opt_text(3).unwrap_or_default(),
            });
        }
    }
    for row in tx.query(&MOVES, params![facts.subscription_id])? {
        facts.moves.push(Move {
            effective: Date::parse(row.str(0))?,
            from: row.text(1),
            to: row.text(2),
            void: !row.is_null(3),
        });
    }
    Ok(())
}

fn details(tx: &mut Tx<'_>, facts: &mut Facts) -> Result<()> {
    let from = facts.from;
    let charges = tx.query(&CHARGES_OF, params![facts.subscription_id])?;
    facts.charges = charges.iter().map(|row| charge(row, from)).collect::<Result<_>>()?;
    let discounts = tx.query(&DISCOUNTS_OF, params![facts.product_id])?;
    facts.discounts = discounts.iter().map(discount).collect::<Result<_>>()?;
    history(tx, facts)
}

/// One product, whoever pays for it.
pub fn one(tx: &mut Tx<'_>, product_id: &str) -> Result<Option<Facts>> {
    let Some(row) = tx.query_opt(&ONE, params![product_id])? else { return Ok(None) };
    let mut facts = product(tx, &row)?;
    details(tx, &mut facts)?;
    Ok(Some(facts))
}

/// The products that the accounts from `from` to `to` were charged for in the cycle, in the order of their ids.
pub fn products(tx: &mut Tx<'_>, cycle: Cycle, from: &str, to: &str) -> Result<Vec<Facts>> {
    let (first, last) = (cycle.first().to_string(), cycle.last().to_string());
    let range = params![from, to, first].to_vec();
    let mut all: BTreeMap<String, Facts> = BTreeMap::new();
    for row in tx.query(&PRODUCTS, &range)? {
        let facts = product(tx, &row)?;
        all.insert(facts.subscription_id.clone(), facts);
    }
    for row in tx.query(&CHARGES, &range)? {
        if let Some(facts) = all.get_mut(row.str(0)) {
            let begun = facts.from;
            facts.charges.push(charge(&row, begun)?);
        }
    }
    for row in tx.query(&DISCOUNTS, params![from, to, first, last])? {
        if let Some(facts) = all.get_mut(row.str(0)) {
            facts.discounts.push(discount(&row)?);
        }
    }
    for facts in all.values_mut().filter(|f| f.version > 1) {
        history(tx, facts)?;
    }
    for row in tx.query(&MOVED_AWAY, &range)? {
        if !all.contains_key(row.str(0)) {
            let mut facts = product(tx, &row)?;
            details(tx, &mut facts)?;
            all.insert(facts.subscription_id.clone(), facts);
        }
    }
    Ok(all.into_values().filter(|f| super::reckon::stood(f, cycle)).collect())
}

/// A product and who pays for it besides its own account.
type Shared = (String, Vec<Relation>);

/// Products after `after` that others than their own account pay for at the end of the cycle, with these payers.
pub fn related(tx: &mut Tx<'_>, cycle: Cycle, after: &str, most: usize) -> Result<(Vec<Shared>, bool)> {
    let limit = i64::try_from(most * 10).map_err(Problem::internal)?;
    let rows = tx.query(&RELATIONS, params![after, cycle.last().to_string(), limit])?;
    let full = rows.len() as i64 == limit;
    let mut found: Vec<Shared> = Vec::new();
    for row in rows {
        let relation = Relation {
            account_id: row.text(1),
            priority: row.int(2),
            scope: row.text(3),
            percent: row.int(4),
            limit: row.opt_int(5).map(Money::fen),
        };
        match found.last_mut() {
            Some((product, relations)) if *product == row.str(0) => relations.push(relation),
            _ => found.push((row.text(0), vec![relation])),
        }
    }
    if full && found.len() > 1 {
        found.pop(); // its payers may not all be here
    }
    Ok((found, full))
}
