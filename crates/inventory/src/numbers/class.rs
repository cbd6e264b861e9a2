//! Classes of numbers and what they ask of the buyer, held as data so that each city can set its own.

use super::Pattern;
use kernel::{Money, Result};
use store::{Tx, params, sql};

pub(super) struct Class {
    pub name: String,
    /// Its place among the classes, which is how a bulk load names it.
    pub rank: i64,
    patterns: Vec<Pattern>,
}

/// What a class asks of its buyer.
#[derive(Clone, Debug)]
pub struct Terms {
    pub class: String,
    pub deposit: Money,
    /// A month.
    pub min_spend: Money,
}

sql! {
    ALL = "SELECT class, patterns, rank FROM number_class ORDER BY rank DESC";
    TERMS = "SELECT class, deposit_fen, min_spend_fen FROM number_class";
}

pub(super) fn load(tx: &mut Tx<'_>) -> Result<Vec<Class>> {
    let rows = tx.query(&ALL, params![])?;
    rows.iter()
        .map(|row| {
            let patterns = row.str(1).split(',').filter(|p| !p.is_empty());
            let ending = |p: &str| Pattern::parse(&format!("*{p}"));
            Ok(Class { name: row.text(0), rank: row.int(2), patterns: patterns.map(ending).collect::<Result<_>>()? })
        })
        .collect()
}

/// The names of all classes, the highest first.
pub(super) fn names(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    Ok(tx.query(&ALL, params![])?.iter().map(|r| r.text(0)).collect())
}

/// The highest class with a pattern that fits; a class without patterns takes the rest.
pub(super) fn of<'c>(classes: &'c [Class], number: &str) -> Option<&'c Class> {
    let fits = |c: &&Class| c.patterns.is_empty() || c.patterns.iter().any(|p| p.fits(number));
    classes.iter().find(fits).or(classes.last())
}

pub fn terms(tx: &mut Tx<'_>) -> Result<Vec<Terms>> {
    let rows = tx.query(&TERMS, params![])?;
    Ok(rows.iter().map(|r| Terms { class: r.text(0), deposit: r.money(1), min_spend: r.money(2) }).collect())
}
