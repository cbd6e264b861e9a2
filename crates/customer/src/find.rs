//! One box: telephone, name, pinyin, initials, certificate, account, circuit, broadband account, customer number.
//!
//! What was typed is folded as the keys are, and one range of the one index holds every key that begins with it. A whole
//! telephone number therefore costs one indexed query.

use crate::{
    keys::{self, KeyKind},
    summary::{self, Summary},
};
use kernel::{Phone, Result};
use party::PRIVACY_VIEW;
use store::{Filter, Tx};

/// A customer and what it was found by.
#[derive(Clone, Debug)]
pub struct Found {
    pub customer: Summary,
    pub by: KeyKind,
}

/// A range of keys: from `from`, and all that begin with it unless `whole`.
#[derive(Debug, PartialEq)]
struct Range {
    from: String,
    whole: bool,
}

/// True where `q` is a complete mobile number, which nothing but a telephone number can be.
pub fn is_mobile(q: &str) -> bool {
    Phone::parse(q).is_ok_and(|p| p.as_str().len() == 14 && p.as_str().starts_with("+861"))
}

/// Customers within the actor's scope that `q` finds, exact matches first, each once.
pub fn find(tx: &mut Tx<'_>, q: &str, limit: usize) -> Result<Vec<Found>> {
    let mut found: Vec<Found> = Vec::new();
    for range in ranges(q, tx.vault()) {
        search(tx, &range, limit, &mut found)?;
        if found.len() >= limit {
            break;
        }
    }
    found.truncate(limit);
    Ok(found)
}

fn ranges(q: &str, vault: &store::Vault) -> Vec<Range> {
    let folded = keys::fold(q);
    if folded.is_empty() {
        return Vec::new();
    }
    let digits = folded.bytes().filter(u8::is_ascii_digit).count();
    let phone = Phone::parse(q).ok().map(|p| keys::phone_key(&p));
    let mut ranges = Vec::new();
    // A certificate number is found whole only: its index is blind.
    if is_mobile(q) {
        ranges.push(Range { from: phone.unwrap_or(folded), whole: false });
        return ranges;
    }
    if folded.is_ascii() && (6..=24).contains(&folded.len()) && digits >= 5 {
        ranges.push(Range { from: keys::certificate_key(q, vault), whole: true });
    }
    let typed = match folded.strip_prefix("+86") {
        Some(rest) if rest.bytes().all(|b| b.is_ascii_digit()) && !rest.is_empty() => rest.to_owned(),
        _ => folded,
    };
    if let Some(phone) = phone.filter(|p| *p != typed) {
        ranges.push(Range { from: phone, whole: false });
    }
    ranges.push(Range { from: typed, whole: false });
    ranges
}

fn search(tx: &mut Tx<'_>, range: &Range, limit: usize, found: &mut Vec<Found>) -> Result<()> {
    let mut filter = Filter::default();
    if range.whole {
        filter.equal("key", range.from.as_str());
    } else {
        let (low, high) = (filter.bind(range.from.as_str()), filter.bind(format!("{}\u{10ffff}", range.from)));
        filter.and(format!("key >= {low} AND key < {high}"));
    }
    let actor = tx.actor().clone();
    filter.scope("org", &actor);
    // One customer may match by several keys; a little more is read so that enough customers remain.
    let most = filter.bind(i64::try_from(limit * 3).unwrap_or(i64::MAX));
    let text = format!(
        "SELECT k.kind, c.id, c.version, c.org, c.created_at, c.body FROM \
         (SELECT key, kind, customer_id FROM customer_key{} ORDER BY key, kind, customer_id LIMIT {most}) AS k \
         JOIN customer AS c ON c.id = k.customer_id ORDER BY k.key, k.kind, k.customer_id",
        filter.to_where()
    );
    let clear = actor.may(PRIVACY_VIEW);
    for row in tx.query(&text, &filter.binds)? {
        if found.len() >= limit || found.iter().any(|f| f.customer.id == row.str(1)) {
            continue;
        }
        let document = summary::from_row(&row, 1)?;
        let customer = if clear { summary::of_document(tx, &document)? } else { summary::brief(&document, false) };
        found.push(Found { customer, by: KeyKind::from_stored(row.int(0)) });
    }
    Ok(())
}
