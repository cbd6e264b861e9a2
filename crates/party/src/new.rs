//! A person or an organisation as the counter, an import or the demo data enters it.

use crate::{Certificate, INDIVIDUAL, ORGANIZATION};
use http::tmf::{self, Document, Resource};
use kernel::{OrgPath, Result};
use serde_json::{Map, Value, json};
use store::{Tx, Vault};

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PartyKind {
    Individual,
    Organization,
}

impl PartyKind {
    pub fn name(self) -> &'static str {
        match self {
            Self::Individual => "individual",
            Self::Organization => "organization",
        }
    }
    pub fn type_name(self) -> &'static str {
        self.resource().type_name
    }
    pub fn resource(self) -> &'static Resource {
        match self {
            Self::Individual => &INDIVIDUAL,
            Self::Organization => &ORGANIZATION,
        }
    }
}

/// What is known of somebody at the counter; already parsed, so that it can be stored as it is.
#[derive(Clone, Debug)]
pub struct NewParty {
    pub kind: PartyKind,
    pub name: String,
    pub certificate: Option<Certificate>,
}

impl NewParty {
    /// The document with its certificate sealed.
    pub fn body(&self, id: &str, vault: &Vault) -> Result<Map<String, Value>> {
        let resource = self.kind.resource();
        let mut doc = Map::with_capacity(10);
        doc.insert("id".into(), json!(id));
        doc.insert("href".into(), json!(resource.href(id)));
        doc.insert("@type".into(), json!(resource.type_name));
        let list = match self.kind {
            PartyKind::Individual => {
                let (family, given) = split_name(&self.name);
                doc.insert("familyName".into(), json!(family));
                doc.insert("givenName".into(), json!(given));
                doc.insert("fullName".into(), json!(self.name));
                if let Some((birth, male)) = self.certificate.as_ref().and_then(Certificate::birth) {
                    doc.insert("birthDate".into(), json!(birth));
                    doc.insert("gender".into(), json!(if male { "male" } else { "female" }));
                }
                "individualIdentification"
            }
            PartyKind::Organization => {
                doc.insert("tradingName".into(), json!(self.name));
                "organizationIdentification"
            }
        };
        if let Some(certificate) = &self.certificate {
            let sealed = vault.seal(certificate.number())?;
            doc.insert(
                list.into(),
                json!([{"identificationType": certificate.kind.name(), "identificationId": sealed}]),
            );
        }
        Ok(doc)
    }
    /// The document ready for [`tmf::insert_silently`].
    pub fn document(&self, id: String, org: &OrgPath, at: kernel::Timestamp, vault: &Vault) -> Result<Document> {
        Ok(Document { body: self.body(&id, vault)?, id, version: 1, org: org.clone(), created_at: at })
    }
    /// Stores the party with its event; returns its id.
    pub fn create(&self, tx: &mut Tx<'_>, org: &OrgPath) -> Result<String> {
        let id = tx.new_id::<Document>().into_string();
        let resource = self.kind.resource();
        let document = self.document(id, org, tx.now(), tx.vault())?;
        tmf::insert_silently(tx, resource, &document)?;
        tmf::publish(tx, resource, &document, "Create")?;
        Ok(document.id)
    }
}

/// Two-character family names; all others have one.
const COMPOUND: [&str; 40] = [
    "欧阳", "司马", "上官", "诸葛", "东方", "皇甫", "尉迟", "公孙", "轩辕", "令狐", "宇文", "长孙", "慕容", "司徒",
    "司空", "夏侯", "端木", "百里", "呼延", "南宫", "东郭", "西门", "独孤", "万俟", "闻人", "澹台", "赫连", "拓跋",
    "公冶", "宗政", "濮阳", "淳于", "单于", "太叔", "申屠", "仲孙", "钟离", "闾丘", "第五", "左丘",
];

/// Family and given name: `欧阳修` → `欧阳`, `修`; `John Smith` → `Smith`, `John`; what is neither is all family name.
pub fn split_name(name: &str) -> (&str, &str) {
    if let Some(family) = COMPOUND.iter().find(|c| name.starts_with(**c) && name.len() > c.len()) {
        return name.split_at(family.len());
    }
    let han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c) || ('\u{3400}'..='\u{4dbf}').contains(&c);
    let count = name.chars().take(5).count();
    if (2..=4).contains(&count) && name.chars().all(han) {
        return name.split_at(name.chars().next().map_or(0, char::len_utf8));
    }
    match name.rsplit_once(' ') {
        Some((given, family)) if !family.is_empty() && !given.trim().is_empty() => (family, given),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split_as_their_bearers_write_them() {
        for (name, family, given) in [
            ("张伟", "张", "伟"),
            ("欧阳娜娜", "欧阳", "娜娜"),
            ("尉迟恭", "尉迟", "恭"),
            ("John Ronald Smith", "Smith", "John Ronald"),
            ("阿依古丽·买买提", "阿依古丽·买买提", ""),
            ("万俟", "万", "俟"),
            ("", "", ""),
        ] {
            assert_eq!(split_name(name), (family, given), "{name}");
        }
    }
}
