//! Contact media as TM Forum writes them: `contactMedium[].characteristic{phoneNumber, emailAddress, street1, …}`.

use crate::problems;
use kernel::{Phone, Problem, Result, mask_phone};
use serde_json::{Map, Value, json};

/// One contact medium of a document, in the shape pages use.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContactMedium {
    pub medium_type: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub address: Option<String>,
    pub preferred: bool,
}

impl ContactMedium {
    pub fn phone(number: &str, preferred: bool) -> Value {
        json!({"mediumType": "mobile", "preferred": preferred, "characteristic": {"contactType": "mobile", "phoneNumber": number}})
    }
    pub fn email(address: &str) -> Value {
        json!({"mediumType": "email", "preferred": false, "characteristic": {"contactType": "email", "emailAddress": address}})
    }
    pub fn postal(address: &str) -> Value {
        json!({"mediumType": "postalAddress", "preferred": false, "characteristic": {"contactType": "home", "country": "CN", "street1": address}})
    }
}

fn media(doc: &Map<String, Value>) -> impl Iterator<Item = &Map<String, Value>> {
    doc.get("contactMedium").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object)
}

/// All contact media of a document.
pub fn contact_media(doc: &Map<String, Value>) -> Vec<ContactMedium> {
    media(doc)
        .map(|medium| {
            let text = |name: &str| medium.get("characteristic")?.get(name)?.as_str().map(str::to_owned);
            let parts = ["stateOrProvince", "city", "street1", "street2"].map(text);
            let address: String = parts.into_iter().flatten().collect();
            ContactMedium {
                medium_type: medium.get("mediumType").and_then(Value::as_str).unwrap_or("").to_owned(),
                phone: text("phoneNumber").filter(|p| !p.is_empty()),
                email: text("emailAddress").filter(|e| !e.is_empty()),
                address: (!address.is_empty()).then_some(address),
                preferred: medium.get("preferred").and_then(Value::as_bool).unwrap_or(false),
            }
        })
        .collect()
}

/// The telephone numbers of a document in E.164, the preferred one first. What is no number is left out: other systems
/// write anything there, and it is kept in the document all the same.
pub fn phones(doc: &Map<String, Value>) -> Vec<Phone> {
    let mut media: Vec<ContactMedium> = contact_media(doc).into_iter().filter(|m| m.phone.is_some()).collect();
    media.sort_by_key(|m| !m.preferred);
    media.iter().filter_map(|m| Phone::parse(m.phone.as_deref()?).ok()).collect()
}

pub fn emails(doc: &Map<String, Value>) -> Vec<String> {
    contact_media(doc).into_iter().filter_map(|m| m.email).collect()
}

const PHONE_NAMES: [&str; 2] = ["phoneNumber", "faxNumber"];

/// Masks telephone and fax numbers for readers without the right.
pub fn mask_contacts(doc: &mut Map<String, Value>) {
    each_number(doc, |_, text| {
        *text = masked(text);
        Ok(())
    })
    .unwrap_or_default();
}

/// A reader who saw masked numbers may send them back with another change: the stored numbers are put in their place.
/// A masked number that was not there before is refused.
pub fn restore_masked_contacts(before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
    let mut known = Vec::new();
    each_number(&mut before.clone(), |_, text| {
        known.push(text.clone());
        Ok(())
    })?;
    each_number(after, |name, text| {
        if !text.contains("**") || known.contains(text) {
            return Ok(());
        }
        let original = known.iter().find(|k| masked(k) == *text);
        *text = original.ok_or_else(|| Problem::new(&problems::MASKED).field(name))?.clone();
        Ok(())
    })
}

fn masked(text: &str) -> String {
    Phone::parse(text).map_or_else(|_| mask_phone(text), |phone| phone.masked())
}

fn each_number(doc: &mut Map<String, Value>, mut visit: impl FnMut(&str, &mut String) -> Result<()>) -> Result<()> {
    let media = doc.get_mut("contactMedium").and_then(Value::as_array_mut);
    for medium in media.into_iter().flatten() {
        let Some(characteristic) = medium.get_mut("characteristic").and_then(Value::as_object_mut) else { continue };
        for name in PHONE_NAMES {
            if let Some(Value::String(text)) = characteristic.get_mut(name) {
                visit(name, text)?;
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn doc(number: &str) -> Map<String, Value> {
        let Value::Object(doc) = json!({"contactMedium": [ContactMedium::phone(number, true)]}) else { unreachable!() };
        doc
    }

    #[test]
    fn a_masked_number_sent_back_keeps_the_stored_one() {
        let before = doc("139 0013 8000");
        let mut seen = before.clone();
        mask_contacts(&mut seen);
        assert_eq!(seen["contactMedium"][0]["characteristic"]["phoneNumber"], "139****8000");
        restore_masked_contacts(&before, &mut seen).unwrap();
        assert_eq!(seen, before);
        assert!(restore_masked_contacts(&before, &mut doc("138****1111")).is_err());
        assert!(restore_masked_contacts(&before, &mut doc("13811112222")).is_ok());
    }

    #[test]
    fn a_document_without_media_is_left_alone() {
        let Value::Object(mut odd) = json!({"contactMedium": {"characteristic": 5}}) else { unreachable!() };
        let before = odd.clone();
        mask_contacts(&mut odd);
        assert_eq!(odd, before);
        assert!(phones(&odd).is_empty());
    }
}
