//! What a demonstration has behind its counter: a sheet to audit, agreements with a bank and a file for it, a batch of cards.

use crate::{audit, collection, recharge};
use kernel::Result;
use store::Tx;

/// Made by the actor, where the actor works, for these accounts and the names of who pays them.
pub fn demo(tx: &mut Tx<'_>, accounts: &[(String, String)]) -> Result<()> {
    let today = tx.now().date();
    let hall = tx.actor().org.clone();
    audit::open_sheet(tx, &hall, today)?;
    for (n, (account, name)) in (1i64..).zip(accounts) {
        let agreement = collection::NewAgreement {
            account_id: Some(account.clone()),
            number: None,
            bank_code: "102".to_owned(),
            payer_name: name.clone(),
            bank_account: format!("62220208{:011}", 33_917 * n),
            limit_fen: None,
            valid_from: None,
        };
        collection::agree(tx, &agreement)?;
    }
    if !accounts.is_empty() {
        let dues = collection::dues(tx, "102")?;
        collection::make_batch(tx, "102", &dues)?;
    }
    let valid_to = today.plus_months(24).to_string();
    recharge::order(tx, &recharge::NewBatch { face_fen: 5_000, cards: 50, valid_to }).map(drop)
}
