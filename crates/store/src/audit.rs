//! Who did what: append-only entries, sealed into signed checkpoints by `access`.

use crate::{Tx, params, sql};
use kernel::{ActorKind, OrgPath, Result, Timestamp};
use serde_json::Value as Json;

#[derive(Clone, Debug)]
pub struct AuditEntry {
    pub id: String,
    pub at: Timestamp,
    pub actor: String,
    pub actor_name: String,
    pub action: String,
    pub subject_type: String,
    pub subject_id: String,
    pub org: String,
    pub detail: Json,
}

sql! {
    INSERT = "INSERT INTO audit_entry (id, at, actor_kind, actor, actor_name, action, subject_type, subject_id, org, detail) \
              VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
}

impl Tx<'_> {
    /// Adds an entry to the audit chain. `detail` must not hold personal data in clear.
    pub fn audit(
        &mut self,
        action: &str,
        subject_type: &str,
        subject_id: &str,
        org: &OrgPath,
        detail: &Json,
    ) -> Result<()> {
        let id = self.new_id::<AuditEntry>();
        let kind = match self.actor.kind {
            ActorKind::Staff => "staff",
            ActorKind::Token => "token",
            ActorKind::System => "system",
        };
        self.execute(
            &INSERT,
            params![
                id,
                self.now,
                kind,
                &*self.actor.id,
                &*self.actor.name,
                action,
                subject_type,
                subject_id,
                org,
                detail
            ],
        )
        .map(drop)
    }
}
