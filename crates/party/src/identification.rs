//! Certificate numbers inside documents: sealed when stored, opened or masked when shown.

use crate::{Certificate, CertificateKind, problems};
use kernel::{Problem, Result, mask_certificate};
use serde_json::{Map, Value};
use store::Vault;

const LISTS: [&str; 2] = ["individualIdentification", "organizationIdentification"];
const NUMBER: &str = "identificationId";

/// A certificate of a stored document.
#[derive(Clone, Debug, PartialEq)]
pub struct Identification {
    /// As the document names it.
    pub kind: String,
    /// In clear: not to be stored, logged or sent without the right to see it.
    pub number: String,
}

/// The certificates of a stored document, opened.
pub fn identifications(doc: &Map<String, Value>, vault: &Vault) -> Vec<Identification> {
    let elements = LISTS.iter().filter_map(|l| doc.get(*l)?.as_array()).flatten();
    elements
        .filter_map(|element| {
            let number = vault.open_sealed(element.get(NUMBER)?.as_str()?).ok()?;
            let kind = element.get("identificationType").and_then(Value::as_str).unwrap_or("other").to_owned();
            Some(Identification { kind, number })
        })
        .collect()
}

/// Checks and seals the numbers of a document about to be stored. Numbers that `before` holds (sealed, or as their
/// masked form) stay what they were.
pub(crate) fn seal(before: Option<&Map<String, Value>>, doc: &mut Map<String, Value>, vault: &Vault) -> Result<()> {
    let known: Vec<(String, String)> = before
        .into_iter()
        .flat_map(|b| LISTS.iter().filter_map(|l| b.get(*l)?.as_array()).flatten())
        .filter_map(|element| {
            let sealed = element.get(NUMBER)?.as_str()?.to_owned();
            let masked = mask_certificate(&vault.open_sealed(&sealed).ok()?);
            Some((sealed, masked))
        })
        .collect();
    each_number(doc, |kind, text| {
        if known.iter().any(|(sealed, _)| sealed == text) {
            return Ok(());
        }
        if text.contains("**") {
            let original = known.iter().find(|(_, masked)| masked == text);
            *text = original.ok_or_else(|| Problem::new(&problems::MASKED).field(NUMBER))?.0.clone();
            return Ok(());
        }
        if !text.trim().is_empty() {
            *text = vault.seal(Certificate::parse(kind, text)?.number())?;
        }
        Ok(())
    })
}

/// Opens the numbers for a reader: in clear where `clear`, masked otherwise.
pub(crate) fn open(doc: &mut Map<String, Value>, vault: &Vault, clear: bool) {
    let _ = each_number(doc, |_, text| {
        if let Ok(number) = vault.open_sealed(text) {
            *text = if clear { number } else { mask_certificate(&number) };
        } else if !text.is_empty() {
            "***".clone_into(text); // sealed with another key: nothing to show, and no reason to fail the whole page
        }
        Ok(())
    });
}

fn each_number(
    doc: &mut Map<String, Value>,
    mut visit: impl FnMut(CertificateKind, &mut String) -> Result<()>,
) -> Result<()> {
    for list in LISTS {
        for element in doc.get_mut(list).and_then(Value::as_array_mut).into_iter().flatten() {
            let kind = CertificateKind::parse(element.get("identificationType").and_then(Value::as_str).unwrap_or(""));
            match element.get_mut(NUMBER) {
                Some(Value::String(text)) => visit(kind, text)?,
                None | Some(Value::Null) => {}
                // A number that came as a JSON number would be stored in clear: make it text first.
                Some(other) => {
                    let mut text = other.to_string();
                    visit(kind, &mut text)?;
                    *other = Value::String(text);
                }
            }
        }
    }
    Ok(())
}
