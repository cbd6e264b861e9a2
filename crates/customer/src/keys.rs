//! The look-up keys of a customer: what people type into the one box, folded so that spelling does not matter.

use crate::pinyin::romanise;
use kernel::{OrgPath, Phone, Result};
use party::{Certificate, PartyKind, identifications};
use serde_json::{Map, Value};
use store::{Tx, Vault, params, sql};

/// What a key is. The numbers are stored; those from 5 on cannot be derived from the customer's document.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum KeyKind {
    CustomerNo = 0,
    Name = 1,
    Pinyin = 2,
    Initials = 3,
    Phone = 4,
    Certificate = 5,
    Account = 6,
    Circuit = 7,
    Broadband = 8,
    /// The number of a product the customer holds.
    Number = 9,
    /// A telephone number entered with the person behind the customer.
    PartyPhone = 10,
}

impl KeyKind {
    pub(crate) fn from_stored(n: i64) -> Self {
        match n {
            0 => Self::CustomerNo,
            2 => Self::Pinyin,
            3 => Self::Initials,
            4 => Self::Phone,
            5 => Self::Certificate,
            6 => Self::Account,
            7 => Self::Circuit,
            8 => Self::Broadband,
            9 => Self::Number,
            10 => Self::PartyPhone,
            _ => Self::Name,
        }
    }
    /// As the API names it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CustomerNo => "customerNo",
            Self::Name => "name",
            Self::Pinyin => "pinyin",
            Self::Initials => "initials",
            Self::Phone | Self::Number | Self::PartyPhone => "phone",
            Self::Certificate => "certificate",
            Self::Account => "account",
            Self::Circuit => "circuit",
            Self::Broadband => "broadband",
        }
    }
}

pub(crate) type Key = (String, KeyKind);

/// Certificates live in a part of the order that no typed text reaches.
const CERTIFICATE_MARK: char = '\u{1}';
/// Longer texts are found by their beginning.
const LENGTH: usize = 64;

/// Lower case, half width, without white space and control characters.
pub(crate) fn fold(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
            'ü' | 'Ü' => 'v',
            c => c,
        })
        .filter(|c| !c.is_whitespace() && !c.is_control())
        .flat_map(char::to_lowercase)
        .take(LENGTH)
        .collect()
}

/// A telephone number as a key: without China's country code, as it is typed.
pub(crate) fn phone_key(phone: &Phone) -> String {
    phone.national().to_owned()
}

pub(crate) fn certificate_key(number: &str, vault: &Vault) -> String {
    format!("{CERTIFICATE_MARK}{}", vault.blind("certificate", &Certificate::look_up_text(number)))
}

/// The form of `text` under which a key of `kind` is kept.
pub(crate) fn key_text(kind: KeyKind, text: &str, vault: &Vault) -> String {
    match kind {
        KeyKind::Certificate => certificate_key(text, vault),
        KeyKind::Phone | KeyKind::Number | KeyKind::PartyPhone => {
            Phone::parse(text).map_or_else(|_| fold(text), |p| phone_key(&p))
        }
        _ => fold(text),
    }
}

/// The keys that the customer's document gives.
pub(crate) fn of_document(doc: &Map<String, Value>) -> Vec<Key> {
    let text = |name: &str| doc.get(name).and_then(Value::as_str).unwrap_or("");
    let name = text("name");
    let mut keys = vec![(fold(text("customerNo")), KeyKind::CustomerNo), (fold(name), KeyKind::Name)];
    if let Some((full, initials)) = romanise(name.trim(), text("kind") != PartyKind::Organization.name()) {
        keys.push((fold(&full), KeyKind::Pinyin));
        keys.push((fold(&initials), KeyKind::Initials));
    }
    keys.extend(party::phones(doc).iter().map(|p| (phone_key(p), KeyKind::Phone)));
    tidy(keys)
}

/// The keys that the document of the person or organisation behind the customer gives.
pub(crate) fn of_party(doc: &Map<String, Value>, vault: &Vault) -> Vec<Key> {
    let certificates =
        identifications(doc, vault).into_iter().map(|i| (certificate_key(&i.number, vault), KeyKind::Certificate));
    let phones = party::phones(doc).into_iter().map(|p| (phone_key(&p), KeyKind::PartyPhone));
    tidy(certificates.chain(phones).collect())
}

fn tidy(mut keys: Vec<Key>) -> Vec<Key> {
    keys.retain(|(key, _)| !key.is_empty());
    keys.sort_unstable();
    keys.dedup();
    keys
}

sql! {
    INSERT = "INSERT INTO customer_key (key, kind, customer_id, org) VALUES ($1, $2, $3, $4) \
              ON CONFLICT (key, kind, customer_id) DO UPDATE SET org = $4";
    /// What a merged customer was known by stays, whatever the survivor's own record says.
    DELETE = "DELETE FROM customer_key WHERE key = $1 AND kind = $2 AND customer_id = $3 AND NOT EXISTS \
              (SELECT 1 FROM customer_merged_key m WHERE m.into_id = $3 AND m.key = $1 AND m.kind = $2)";
    DELETE_HARD = "DELETE FROM customer_key WHERE key = $1 AND kind = $2 AND customer_id = $3";
    OTHERS = "SELECT key, kind FROM customer_key WHERE customer_id = $1 AND kind >= 5";
    MOVE_OTHERS = "UPDATE customer_key SET org = $2 WHERE customer_id = $1 AND kind >= 5";
    DELETE_OTHERS = "DELETE FROM customer_key WHERE customer_id = $1 AND kind >= 5";
}

pub(crate) fn insert(tx: &mut Tx<'_>, customer_id: &str, org: &OrgPath, keys: &[Key]) -> Result<()> {
    keys.iter().try_for_each(|(key, kind)| tx.execute(&INSERT, params![key, *kind as i64, customer_id, org]).map(drop))
}

pub(crate) fn delete(tx: &mut Tx<'_>, customer_id: &str, keys: &[Key]) -> Result<()> {
    keys.iter().try_for_each(|(key, kind)| tx.execute(&DELETE, params![key, *kind as i64, customer_id]).map(drop))
}

/// Without regard to merges.
pub(crate) fn delete_hard(tx: &mut Tx<'_>, customer_id: &str, key: &str, kind: KeyKind) -> Result<()> {
    tx.execute(&DELETE_HARD, params![key, kind as i64, customer_id]).map(drop)
}

pub(crate) fn delete_others(tx: &mut Tx<'_>, customer_id: &str) -> Result<()> {
    tx.execute(&DELETE_OTHERS, params![customer_id]).map(drop)
}

pub(crate) fn move_others(tx: &mut Tx<'_>, customer_id: &str, org: &OrgPath) -> Result<()> {
    tx.execute(&MOVE_OTHERS, params![customer_id, org]).map(drop)
}

/// Makes the keys of the party behind the customer what `doc` says.
pub(crate) fn refresh_party(
    tx: &mut Tx<'_>,
    customer_id: &str,
    org: &OrgPath,
    doc: Option<&Map<String, Value>>,
) -> Result<()> {
    let wanted = doc.map_or_else(Vec::new, |doc| of_party(doc, tx.vault()));
    let rows = tx.query(&OTHERS, params![customer_id])?;
    let present = rows.iter().map(|r| (r.text(0), KeyKind::from_stored(r.int(1))));
    let present: Vec<Key> = present.filter(|(_, k)| matches!(k, KeyKind::Certificate | KeyKind::PartyPhone)).collect();
    let gone: Vec<Key> = present.into_iter().filter(|k| !wanted.contains(k)).collect();
    delete(tx, customer_id, &gone)?;
    insert(tx, customer_id, org, &wanted)
}

/// Lets the customer be found by `text`: an account or circuit number, a broadband account, the number of a product.
/// Adding the same key twice is no error.
pub fn add_key(tx: &mut Tx<'_>, customer_id: &str, kind: KeyKind, text: &str) -> Result<()> {
    let key = key_text(kind, text, tx.vault());
    if key.is_empty() {
        return Ok(());
    }
    let org = crate::org_of(tx, customer_id)?;
    insert(tx, customer_id, &org, &[(key, kind)])
}

/// Takes back what [`add_key`] added; no error where it is gone already.
pub fn remove_key(tx: &mut Tx<'_>, customer_id: &str, kind: KeyKind, text: &str) -> Result<()> {
    let key = key_text(kind, text, tx.vault());
    delete(tx, customer_id, &[(key, kind)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spelling_does_not_matter() {
        assert_eq!(fold(" Ｚhang　Wei "), "zhangwei");
        assert_eq!(fold("LÜ bu"), "lvbu");
        assert_eq!(fold("\u{1}abc\u{202e}"), "abc\u{202e}");
        assert_eq!(fold(&"长".repeat(100)).chars().count(), LENGTH);
    }
}
