//! The description of a resource.

use super::Column;
use kernel::{Actor, OrgPath, Perm, Result};
use serde_json::{Map, Value};
use store::{Tx, Vault};

/// One TM Forum API: its base path and the other spellings of it that are around.
#[derive(Debug)]
pub struct Api {
    pub base: &'static str,
    pub aliases: &'static [&'static str],
}

/// Which operations a resource offers.
#[derive(Clone, Copy, Debug)]
pub struct Ops {
    pub create: bool,
    pub patch: bool,
    pub delete: bool,
}

impl Ops {
    pub const ALL: Self = Self { create: true, patch: true, delete: true };
    pub const READ: Self = Self { create: false, patch: false, delete: false };
    pub const CREATE: Self = Self { create: true, patch: false, delete: false };
    pub const PATCH: Self = Self { create: false, patch: true, delete: false };
}

pub struct Resource {
    pub api: &'static Api,
    /// The path segment, such as `productOrder`.
    pub name: &'static str,
    /// `@type` where the client gives none, and the stem of event names, such as `ProductOrder`.
    pub type_name: &'static str,
    pub table: &'static str,
    /// Attributes with a column of their own: filters and sorting use the column and its index.
    pub columns: &'static [Column],
    /// Attributes a create must carry.
    pub mandatory: &'static [&'static str],
    pub ops: Ops,
    pub read: Perm,
    pub write: Perm,
    pub rules: &'static dyn Rules,
}

impl std::fmt::Debug for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}/{}", self.api.base, self.name)
    }
}

impl Resource {
    pub fn href(&self, id: &str) -> String {
        format!("{}/{}/{id}", self.api.base, self.name)
    }
    /// `ProductOrderCreateEvent`, `ProductOrderStateChangeEvent`, …
    pub fn event(&self, what: &str) -> String {
        format!("{}{what}Event", self.type_name)
    }
}

/// A condition for one row with its binds.
pub type RowKey = fn(id: &str) -> Option<(&'static str, Vec<store::Value>)>;
/// Documents out of rows.
pub type RowWriter = fn(&mut Tx<'_>, &[store::Row]) -> Result<Vec<Map<String, Value>>>;

/// A document that is written from columns when somebody asks, because the rows are many and have to be small. The body
/// keeps only what clients added.
pub struct Rendered {
    /// `SELECT id, version, org, created_at, body, … FROM table`, without conditions.
    pub select: &'static str,
    /// The condition for one row, and its binds; none where no row can have this id.
    pub key: RowKey,
    /// How a list is ordered unless asked otherwise, and what makes another order complete.
    pub order: &'static str,
    pub tie: &'static str,
    /// The documents of these rows, in their order.
    pub write: RowWriter,
    /// Where filters look for attributes without a column: the body, or nothing where clients cannot add any.
    pub document: &'static str,
    /// What of a changed document is kept in the body.
    pub keep: fn(&Map<String, Value>) -> Map<String, Value>,
}

/// What a domain decides about its documents. All run inside the transaction.
pub trait Rules: Sync {
    /// Checks a new document and fills in defaults. `id`, `href` and `@type` are set. Returns where it belongs.
    fn create(&self, tx: &mut Tx<'_>, doc: &mut Map<String, Value>) -> Result<OrgPath> {
        let _ = doc;
        Ok(tx.actor().org.clone())
    }
    /// What follows from the insertion (further records); the document is stored already.
    fn created(&self, tx: &mut Tx<'_>, doc: &super::Document) -> Result<()> {
        let _ = (tx, doc);
        Ok(())
    }
    /// Checks a change made by a client.
    fn change(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, after: &mut Map<String, Value>) -> Result<()> {
        let _ = (tx, before, after);
        Ok(())
    }
    /// What follows from a change.
    fn changed(&self, tx: &mut Tx<'_>, before: &Map<String, Value>, doc: &super::Document) -> Result<()> {
        let _ = (tx, before, doc);
        Ok(())
    }
    /// Checks a deletion; removes what hangs on the document.
    fn delete(&self, tx: &mut Tx<'_>, doc: &super::Document) -> Result<()> {
        let _ = (tx, doc);
        Ok(())
    }
    /// The projected columns beside the standard ones, always all of them and always in the same order.
    fn columns(&self, doc: &Map<String, Value>) -> Vec<(&'static str, store::Value)> {
        let _ = doc;
        Vec::new()
    }
    /// True where `actor` must not see every attribute: then [`mask`](Self::mask) is applied to what is sent.
    fn masks(&self, actor: &Actor) -> bool {
        let _ = actor;
        false
    }
    fn mask(&self, doc: &mut Map<String, Value>) {
        let _ = doc;
    }
    /// `fields=` returns exactly what is named, without `id` and `href` (the TMF621 and TMF679 kits count keys).
    fn exact_fields(&self) -> bool {
        false
    }
    /// Given where documents are written from columns instead of being stored.
    fn rendered(&self) -> Option<&'static Rendered> {
        None
    }
    /// True where everybody who may read the resource may read every record, wherever it belongs: the catalogue, which the
    /// group or a province keeps for all halls below. Changing one still needs the record within one's scope.
    fn shared(&self) -> bool {
        false
    }
    /// What `actor` gets to see where [`masks`](Self::masks) says so; sealed attributes are opened here.
    fn show(&self, doc: &mut Map<String, Value>, actor: &Actor, vault: &Vault) {
        let _ = (actor, vault);
        self.mask(doc);
    }
    /// What live pages subscribe to in order to follow this document; `productOrder:ID` and the like by itself.
    fn topic(&self, doc: &Map<String, Value>) -> Option<String> {
        let _ = doc;
        None
    }
    /// Further event names for a change, such as `ProductOrderStateChangeEvent`.
    fn events(&self, before: &Map<String, Value>, after: &Map<String, Value>) -> Vec<&'static str> {
        let _ = (before, after);
        Vec::new()
    }
}

/// No rules beyond the mandatory attributes.
pub struct Unruled;
impl Rules for Unruled {}
