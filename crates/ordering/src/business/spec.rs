//! What a business file says about its business.

use super::Business;
use crate::acceptance::{Case, Change, Check, Effective, Field, Problems, Target};
use inventory::products::Status;
use kernel::{Perm, Result};
use store::Tx;

/// What a business is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Level {
    Product,
    Customer,
}

/// One row of the register of businesses.
pub struct Spec {
    pub business: Business,
    pub zh: &'static str,
    pub en: &'static str,
    pub level: Level,
    /// Offered as an action; opening and porting in are sales.
    pub listed: bool,
    /// The product lines it exists for; all where none is named.
    pub families: &'static [&'static str],
    /// The states of a product in which it can be asked for; not looked at where it is about the customer.
    pub states: &'static [Status],
    /// When it may take effect; the first is the default.
    pub effective: &'static [Effective],
    /// Who may.
    pub perm: Perm,
    /// The checks it shares with others.
    pub checks: &'static [Check],
    /// What the clerk fills in.
    pub fields: fn(&mut Tx<'_>, &Target) -> Result<Vec<Field>>,
    /// Its own checks; all are reported, not only the first.
    pub check: fn(&mut Tx<'_>, &Case, &mut Problems) -> Result<()>,
    /// What it will change. Reads only: the preview calls it too.
    pub plan: fn(&mut Tx<'_>, &Case) -> Result<Change>,
    /// Takes what must be kept for it (a number, a card) when the order is placed.
    pub reserve: fn(&mut Tx<'_>, &Case, &str, &mut Change) -> Result<()>,
}

impl Spec {
    /// What most businesses are: about a working product, at once, with the checks everybody needs.
    pub const fn new(
        business: Business,
        zh: &'static str,
        en: &'static str,
        plan: fn(&mut Tx<'_>, &Case) -> Result<Change>,
    ) -> Self {
        Self {
            business,
            zh,
            en,
            level: Level::Product,
            listed: true,
            families: &[],
            states: &[Status::Active],
            effective: &[Effective::Immediate],
            perm: crate::CHANGE,
            checks: &[],
            fields: |_, _| Ok(Vec::new()),
            check: |_, _, _| Ok(()),
            plan,
            reserve: |_, _, _, _| Ok(()),
        }
    }
    pub fn fits_family(&self, family: &str) -> bool {
        self.families.is_empty() || self.families.contains(&family)
    }
}
