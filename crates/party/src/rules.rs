//! What holds for persons and organisations as documents.

use crate::{PRIVACY_VIEW, contact, identification};
use http::tmf::Rules;
use kernel::{Actor, OrgPath, Problem, Result};
use serde_json::{Map, Value};
use store::{ToValue, Tx, Vault};

/// The same rules for both kinds; they differ in the attributes that have a column, `(column, attribute)`.
pub(crate) struct Party {
    pub columns: &'static [(&'static str, &'static str)],
}

/// Lists that must be lists: a wrong shape would hide a certificate number from the sealing.
fn check(doc: &Map<String, Value>) -> Result<()> {
    for name in ["contactMedium", "individualIdentification", "organizationIdentification"] {
        let list =
            doc.get(name).is_none_or(|v| v.is_null() || v.as_array().is_some_and(|a| a.iter().all(Value::is_object)));
        if !list {
            return Err(Problem::invalid(name, "应为对象数组 / an array of objects is expected"));
        }
    }
    for name in ["givenName", "familyName", "tradingName", "name", "fullName"] {
        if doc.get(name).is_some_and(|v| !v.is_string() && !v.is_null()) {
            return Err(Problem::invalid(name, "应为文本 / text is expected"));
        }
    }
    Ok(())
}

impl Rules for Party {
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        check(doc)?;
        identification::seal(None, doc, tx.vault())?;
        Ok(tx.actor().org.clone())
    }
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        check(after)?;
        contact::restore_masked_contacts(before, after)?;
        identification::seal(Some(before), after, tx.vault())
    }
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let text = |name: &str| doc.get(name).and_then(Value::as_str).to_value();
        self.columns.iter().map(|(column, attribute)| (*column, text(attribute))).collect()
    }
    /// Always: the stored form is sealed.
    fn masks(&self, _: &Actor) -> bool {
        true
    }
    fn show(&self, doc: &mut Map<String, Value>, actor: &Actor, vault: &Vault) {
        let clear = actor.may(PRIVACY_VIEW);
        identification::open(doc, vault, clear);
        if !clear {
            contact::mask_contacts(doc);
        }
    }
}
