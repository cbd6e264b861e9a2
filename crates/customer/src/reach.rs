//! Where a customer can be reached, in clear: for messages that the system itself sends, never for a page.

use crate::{CUSTOMER, summary::contacts};
use http::tmf;
use kernel::Result;
use store::Tx;

/// How a customer can be reached.
#[derive(Clone, Debug, Default)]
pub struct Reach {
    pub name: String,
    pub kind: String,
    pub grade: String,
    pub telephone: Option<String>,
    pub mail: Option<String>,
    /// Id and name of the account manager.
    pub manager: Option<(String, String)>,
}

/// Name, class, telephone and mail of a customer within the actor's scope.
pub fn reach(tx: &mut Tx<'_>, id: &str) -> Result<Reach> {
    let doc = tmf::load(tx, &CUSTOMER, id)?;
    let mut known = contacts(&doc, "", true);
    known.sort_by_key(|c| !c.preferred);
    let first = |text: fn(&crate::Contact) -> &String| known.iter().map(text).find(|t| !t.is_empty()).cloned();
    Ok(Reach {
        name: doc.text("name").to_owned(),
        kind: if doc.text("kind") == "organization" { "organization" } else { "individual" }.to_owned(),
        grade: doc.text("grade").to_owned(),
        telephone: first(|c| &c.phone),
        mail: first(|c| &c.email),
        manager: crate::manager_of(&doc),
    })
}

/// The customer's telephone in clear, where one is known.
pub fn telephone(tx: &mut Tx<'_>, id: &str) -> Result<Option<String>> {
    Ok(reach(tx, id)?.telephone)
}
