//! 退费: money that the customer paid in advance goes back.
//!
//! Checks: the account is the customer's; it holds so much; nothing is overdue on any of them; the customer in person is
//! identified. Money moves in billing's ledger only.

use super::{Business, Level, Spec, merge_accounts};
use crate::{
    acceptance::{Case, Change, Check, Fact, Field, FieldKind},
    problems,
};
use billing::CollaborationKind;
use kernel::{Money, Problem, Result};
use serde_json::json;
use store::Tx;

pub static SPEC: Spec = Spec {
    level: Level::Customer,
    perm: crate::REFUND,
    checks: &[Check::RealName, Check::Arrears],
    fields: |tx, target| {
        Ok(vec![
            merge_accounts::accounts(tx, target, Field::new("account", FieldKind::Account, "退费账户", "Account"))?,
            Field::new("amountFen", FieldKind::Money, "退费金额", "Amount"),
            Field::new("method", FieldKind::Choice, "退费方式", "How")
                .choice("cash", "现金", "Cash")
                .choice("transfer", "转账", "Bank transfer"),
        ])
    },
    check: |tx, case, problems| {
        let held = billing::accounts_of(tx, &case.target.customer.id)?;
        match held.iter().find(|a| a.id == case.text("account")) {
            None => problems.push(Problem::unknown_reference("account", case.text("account"))),
            Some(account) if account.balance < Money::fen(case.fen("amountFen")) => {
                let problem = Problem::new(&problems::BALANCE_SHORT).with("balance", &account.balance.to_string());
                problems.push(problem.field("amountFen"));
            }
            Some(_) => {}
        }
        Ok(())
    },
    ..Spec::new(Business::Refund, "退费", "Refund", plan)
};

fn plan(tx: &mut Tx<'_>, case: &Case) -> Result<Change> {
    let account = billing::account(tx, case.text("account"))?;
    let amount = Money::fen(case.fen("amountFen"));
    let mut change = Change::of(format!("{} {amount}", account.account_no));
    change.locks.push(account.id.clone());
    change.charge("退费", amount.negated(), "refund");
    change.facts.push(
        Fact::new(CollaborationKind::Refund, &account.id)
            .to(json!({"accountId": account.id, "amountFen": amount, "method": case.text("method")})),
    );
    Ok(change)
}
