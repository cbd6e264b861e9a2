//! The proof that the money is right: run by `yitai check`, after every crash test, and whenever somebody doubts it.

use kernel::Result;
use store::{Sql, Tx, sql};

sql! {
    UNBALANCED = "SELECT txn_id, CAST(SUM(amount_fen) AS BIGINT) FROM ledger_entry GROUP BY txn_id HAVING SUM(amount_fen) <> 0 LIMIT 100";
    ORPHANS = "SELECT e.txn_id, e.seq FROM ledger_entry e LEFT JOIN ledger_txn t ON t.id = e.txn_id WHERE t.id IS NULL LIMIT 100";
    DRIFTED = "SELECT b.owner, b.amount_fen FROM ledger_balance b LEFT JOIN \
               (SELECT owner, kind, book, CAST(SUM(amount_fen) AS BIGINT) AS total FROM ledger_entry \
                WHERE kind IN ('receivable', 'balance', 'deposit') GROUP BY owner, kind, book) e \
               ON e.owner = b.owner AND e.kind = b.kind AND e.book = b.book \
               WHERE b.amount_fen <> COALESCE(e.total, 0) LIMIT 100";
    UNKEPT = "SELECT DISTINCT e.owner, e.kind FROM ledger_entry e LEFT JOIN ledger_balance b \
              ON b.owner = e.owner AND b.kind = e.kind AND b.book = e.book \
              WHERE e.kind IN ('receivable', 'balance', 'deposit') AND b.owner IS NULL LIMIT 100";
    OVERDRAWN = "SELECT owner, amount_fen FROM ledger_balance WHERE kind IN ('balance', 'deposit') AND amount_fen > 0 LIMIT 100";
    BILLS = "SELECT b.bill_no, b.remaining_fen FROM bill b LEFT JOIN \
             (SELECT bill_id, CAST(SUM(amount_fen) AS BIGINT) AS total FROM bill_application GROUP BY bill_id) a ON a.bill_id = b.id \
             WHERE b.remaining_fen <> b.amount_fen - COALESCE(a.total, 0) OR b.remaining_fen < 0 OR b.remaining_fen > b.amount_fen \
             LIMIT 100";
    LINES = "SELECT b.bill_no, b.amount_fen FROM bill b LEFT JOIN \
             (SELECT bill_id, CAST(SUM(amount_fen) AS BIGINT) AS total FROM bill_line GROUP BY bill_id) l ON l.bill_id = b.id \
             WHERE b.amount_fen <> COALESCE(l.total, 0) LIMIT 100";
    OWED = "SELECT o.account_id, o.total FROM \
            (SELECT account_id, CAST(SUM(remaining_fen) AS BIGINT) AS total FROM bill GROUP BY account_id) o LEFT JOIN \
            ledger_balance b ON b.owner = o.account_id AND b.kind = 'receivable' \
            WHERE o.total <> COALESCE(b.amount_fen, 0) LIMIT 100";
    PAYMENTS = "SELECT p.id, p.amount_fen FROM payment p LEFT JOIN \
                (SELECT t.subject_id, CAST(SUM(a.amount_fen) AS BIGINT) AS total FROM bill_application a \
                 JOIN ledger_txn t ON t.id = a.txn_id WHERE t.subject_type = 'payment' GROUP BY t.subject_id) a ON a.subject_id = p.id \
                WHERE p.status <> 'pending' AND p.amount_fen <> COALESCE(a.total, 0) + p.to_balance_fen + p.late_fee_fen LIMIT 100";
    REVERSALS = "SELECT r.id, r.amount_fen FROM payment r JOIN payment o ON o.id = r.reverses \
                 WHERE r.amount_fen + o.amount_fen <> 0 OR r.to_balance_fen + o.to_balance_fen <> 0 OR r.late_fee_fen + o.late_fee_fen <> 0 OR r.gift_fen + o.gift_fen <> 0 OR o.status <> 'reversed' LIMIT 100";
    RECEIPTS = "SELECT hall, day FROM receipt GROUP BY hall, day HAVING COUNT(*) <> MAX(seq) OR MIN(seq) <> 1 LIMIT 100";
    UNRECEIPTED = "SELECT p.id, p.amount_fen FROM payment p LEFT JOIN receipt r ON r.receipt_no = p.receipt_no \
                   WHERE p.status <> 'pending' AND (r.receipt_no IS NULL OR r.subject_id <> p.id) LIMIT 100";
}

static PROOFS: [(&str, &Sql); 12] = [
    ("ledger transaction does not sum to zero", &UNBALANCED),
    ("ledger entry without its transaction", &ORPHANS),
    ("kept balance differs from the sum of its entries", &DRIFTED),
    ("entries of an account without a kept balance", &UNKEPT),
    ("deposit below zero", &OVERDRAWN),
    ("bill remainder differs from amount less what was applied", &BILLS),
    ("bill amount differs from the sum of its lines", &LINES),
    ("account owes another sum than its bills", &OWED),
    ("payment differs from what it was put to", &PAYMENTS),
    ("reversal does not cancel its payment", &REVERSALS),
    ("gap in the receipt numbers", &RECEIPTS),
    ("payment without its receipt", &UNRECEIPTED),
];

/// What is wrong with the money, a line each; nothing when all is right. Reads everything: not for a request.
pub fn check(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for (what, proof) in PROOFS {
        for row in tx.query(proof, &[])? {
            findings.push(format!("{what}: {:?} {:?}", row.value(0), row.value(1)));
        }
    }
    Ok(findings)
}

#[cfg(test)]
mod tests {
    use store::STATEMENTS;

    #[test]
    fn no_statement_changes_or_deletes_what_is_append_only() {
        let kept = [
            "ledger_txn",
            "ledger_entry",
            "bill_application",
            "receipt",
            "subscription_change",
            "collaboration_history",
        ];
        for statement in STATEMENTS {
            let words: Vec<&str> = statement.text.split_whitespace().collect();
            let target = match words[..] {
                ["UPDATE", table, ..] | ["DELETE", "FROM", table, ..] => table,
                _ => continue,
            };
            assert!(!kept.contains(&target), "{}: {}", statement.name, statement.text);
        }
    }
}
