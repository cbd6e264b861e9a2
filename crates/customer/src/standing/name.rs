//! Is this customer's name good enough for this business? One question with one answer, for everything that sells.

use crate::{CUSTOMER, rules};
use http::tmf;
use kernel::{Problem, Result};
use party::realname::{self, Role};
use store::Tx;

/// What is to be done, and what was verified for it.
#[derive(Clone, Copy, Debug)]
pub struct NameCheck<'a> {
    pub customer_id: &'a str,
    /// Of the catalogue: mobile, broadband, …
    pub family: &'a str,
    /// open, transfer, …
    pub business: &'a str,
    pub verification_id: Option<&'a str>,
    /// Somebody else came: both certificates are verified.
    pub proxy_verification_id: Option<&'a str>,
}

/// Everything that stands against it, all at once; empty where nothing does.
pub fn check_name(tx: &mut Tx<'_>, ask: &NameCheck<'_>) -> Result<Vec<Problem>> {
    let required = realname::required(tx, ask.family, ask.business)?;
    let given = |id: Option<&'_ str>| id.filter(|id| !id.is_empty()).map(str::to_owned);
    let (verification, proxy) = (given(ask.verification_id), given(ask.proxy_verification_id));
    if !required.certificate() && verification.is_none() && proxy.is_none() {
        return Ok(Vec::new());
    }
    let customer = tmf::load(tx, &CUSTOMER, ask.customer_id)?;
    let party = rules::engaged_party(tx, &customer.body)?;
    let certificate = match party {
        Some(party) => realname::certificate_of(tx, &party.id),
        None => Err(Problem::new(&party::problems::NO_CERTIFICATE)),
    };
    let certificate = match certificate {
        Ok(certificate) => certificate,
        Err(problem) => return Ok(vec![problem]),
    };
    let mut found = Vec::new();
    match &verification {
        Some(id) => match realname::valid(tx, id, &certificate) {
            Ok(v) if v.role != Role::Holder => {
                found.push(Problem::new(&party::problems::ROLE).with("value", v.role.name()));
            }
            Ok(v) if !same_name(&v.name, customer.text("name")) => {
                found.push(Problem::new(&party::problems::NAME_DIFFERS));
            }
            Ok(_) => {}
            Err(problem) => found.push(problem),
        },
        None if required.verification() || proxy.is_some() => {
            found.push(Problem::new(&party::problems::VERIFICATION_MISSING));
        }
        None => {}
    }
    if let Some(id) = &proxy
        && let Err(problem) = realname::valid_proxy(tx, id, &certificate)
    {
        found.push(problem);
    }
    Ok(found)
}

/// Spaces, middle dots and case do not make another name.
pub(super) fn same_name(a: &str, b: &str) -> bool {
    let fold = |text: &str| crate::keys::fold(text).replace(['·', '•', '．', '.'], "");
    fold(a) == fold(b)
}
