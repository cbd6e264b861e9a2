//! The proof that the money is right: run by `yitai check`, after every crash test, and whenever somebody doubts it.
//!
//! It reads each table once, in whatever order it lies, and keeps a few numbers: a **sketch** of a table is `Σ h(key) ×
//! amount` modulo a prime, with a hash that is drawn anew for each run. Two tables that agree for every key have equal
//! sketches; two that differ for any key have different ones, but for a chance of one in 2⁶⁰. So "each transaction sums to
//! zero" is "the sketch over transactions is zero", and no sum a key is ever kept. Only where sketches differ are the slow
//! statements run that name what is wrong.

use kernel::Result;
use std::hash::{BuildHasher, Hasher};
use store::{Row, Sql, Tx, sql};

sql! {
    ENTRIES = "SELECT txn_id, seq, kind, owner, book, amount_fen FROM ledger_entry";
    TXNS = "SELECT id FROM ledger_txn";
    EMPTY_TXNS = "SELECT t.id FROM ledger_txn t WHERE t.kind = 'carriedOver' AND NOT EXISTS (SELECT 1 FROM ledger_entry e WHERE e.txn_id = t.id)";
    BALANCES = "SELECT kind, owner, book, amount_fen FROM ledger_balance";
    RECEIVABLES = "SELECT owner, amount_fen FROM ledger_balance WHERE kind = 'receivable'";
    BILL_ROWS = "SELECT id, account_id, amount_fen, remaining_fen FROM bill";
    LINE_ROWS = "SELECT bill_id, amount_fen FROM bill_line";
    APPLICATION_ROWS = "SELECT bill_id, payment_id, amount_fen FROM bill_application";
    PAYMENT_ROWS = "SELECT COALESCE(reverses, id), amount_fen, to_balance_fen + late_fee_fen FROM payment WHERE status <> 'pending'";

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
    BILLS = "SELECT b.bill_no, b.remaining_fen FROM bill b LEFT JOIN \
             (SELECT bill_id, CAST(SUM(amount_fen) AS BIGINT) AS total FROM bill_application GROUP BY bill_id) a ON a.bill_id = b.id \
             WHERE b.remaining_fen <> b.amount_fen - COALESCE(a.total, 0) LIMIT 100";
    LINES = "SELECT b.bill_no, b.amount_fen FROM bill b LEFT JOIN \
             (SELECT bill_id, CAST(SUM(amount_fen) AS BIGINT) AS total FROM bill_line GROUP BY bill_id) l ON l.bill_id = b.id \
             WHERE b.amount_fen <> COALESCE(l.total, 0) LIMIT 100";
    OWED = "SELECT o.account_id, o.total FROM \
            (SELECT account_id, CAST(SUM(remaining_fen) AS BIGINT) AS total FROM bill GROUP BY account_id) o LEFT JOIN \
            ledger_balance b ON b.owner = o.account_id AND b.kind = 'receivable' \
            WHERE o.total <> COALESCE(b.amount_fen, 0) LIMIT 100";
    PAYMENTS = "SELECT p.paid, p.total FROM \
                (SELECT COALESCE(reverses, id) AS paid, CAST(SUM(amount_fen - to_balance_fen - late_fee_fen) AS BIGINT) AS total \
                 FROM payment WHERE status <> 'pending' GROUP BY COALESCE(reverses, id)) p LEFT JOIN \
                (SELECT payment_id, CAST(SUM(amount_fen) AS BIGINT) AS total FROM bill_application GROUP BY payment_id) a \
                ON a.payment_id = p.paid WHERE p.total <> COALESCE(a.total, 0) LIMIT 100";

    OVERDRAWN = "SELECT owner, amount_fen FROM ledger_balance WHERE kind IN ('balance', 'deposit') AND amount_fen > 0 LIMIT 100";
    REMAINDERS = "SELECT bill_no, remaining_fen FROM bill WHERE remaining_fen < 0 OR remaining_fen > amount_fen LIMIT 100";
    REVERSALS = "SELECT r.id, r.amount_fen FROM payment r JOIN payment o ON o.id = r.reverses \
                 WHERE r.amount_fen + o.amount_fen <> 0 OR r.to_balance_fen + o.to_balance_fen <> 0 \
                 OR r.late_fee_fen + o.late_fee_fen <> 0 OR r.gift_fen + o.gift_fen <> 0 OR o.status <> 'reversed' LIMIT 100";
    RECEIPTS = "SELECT hall, day FROM receipt GROUP BY hall, day HAVING COUNT(*) <> MAX(seq) OR MIN(seq) <> 1 LIMIT 100";
    UNRECEIPTED = "SELECT p.id, p.amount_fen FROM payment p LEFT JOIN receipt r ON r.receipt_no = p.receipt_no \
                   WHERE p.status <> 'pending' AND (r.receipt_no IS NULL OR r.subject_id <> p.id) LIMIT 100";
    HELD = "SELECT d.account_id, d.total FROM (SELECT account_id, CAST(SUM(held_fen) AS BIGINT) AS total FROM security_deposit \
            GROUP BY account_id) d LEFT JOIN ledger_balance b ON b.owner = d.account_id AND b.kind = 'deposit' \
            WHERE d.total + COALESCE(b.amount_fen, 0) <> 0 LIMIT 100";
    FEES = "SELECT p.id, p.late_fee_fen FROM payment p LEFT JOIN \
            (SELECT payment_id, CAST(SUM(amount_fen) AS BIGINT) AS total FROM late_fee GROUP BY payment_id) f ON f.payment_id = p.id \
            WHERE p.reverses IS NULL AND p.late_fee_fen <> 0 \
            AND COALESCE(f.total, 0) <> CASE WHEN p.status = 'reversed' THEN 0 ELSE p.late_fee_fen END LIMIT 100";
}

/// Small tables, or looked up by an index: run as they are.
static DIRECT: [(&str, &Sql); 7] = [
    ("balance or security deposit below zero", &OVERDRAWN),
    ("bill remainder out of its range", &REMAINDERS),
    ("reversal does not cancel its payment", &REVERSALS),
    ("gap in the receipt numbers", &RECEIPTS),
    ("payment without its receipt", &UNRECEIPTED),
    ("security deposits differ from the ledger", &HELD),
    ("late fee of a payment differs from its bills", &FEES),
];

/// A prime: sums of products stay in 128 bits.
const PRIME: u128 = (1 << 61) - 1;

/// `Σ h(key) × amount`.
#[derive(Clone, Copy, Default, PartialEq, Eq, Debug)]
struct Sketch(u128);

impl Sketch {
    fn add(&mut self, key: u64, amount: i64) {
        let part = u128::from(key) % PRIME * u128::from(amount.unsigned_abs()) % PRIME;
        self.0 = if amount < 0 { self.0 + PRIME - part } else { self.0 + part } % PRIME;
    }
}

/// The hash of this run.
struct Keys(std::hash::RandomState);

impl Keys {
    fn of(&self, parts: &[&str]) -> u64 {
        let mut hasher = self.0.build_hasher();
        for part in parts {
            hasher.write(part.as_bytes());
            hasher.write_u8(0xff);
        }
        hasher.finish()
    }
}

/// What is wrong with the money, a line each; nothing when all is right. Reads everything: not for a request.
pub fn check(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    let keys = Keys(std::hash::RandomState::new());
    ledger(tx, &keys, &mut findings)?;
    bills(tx, &keys, &mut findings)?;
    for (what, proof) in DIRECT {
        name(tx, what, proof, &mut findings)?;
    }
    Ok(findings)
}

/// Runs a slow statement and writes down what it finds.
fn name(tx: &mut Tx<'_>, what: &str, proof: &Sql, findings: &mut Vec<String>) -> Result<()> {
    for row in tx.query(proof, &[])? {
        findings.push(format!("{what}: {:?} {:?}", row.value(0), row.value(1)));
    }
    Ok(())
}

/// A sketch that differs although no statement can tell why would be an error of this file: it is told as well.
fn differs(tx: &mut Tx<'_>, proofs: &[(&str, &Sql)], findings: &mut Vec<String>) -> Result<()> {
    let before = findings.len();
    for (what, proof) in proofs {
        name(tx, what, proof, findings)?;
    }
    if findings.len() == before {
        findings.push(format!("{}: the sketches differ", proofs.first().map_or("", |p| p.0)));
    }
    Ok(())
}

/// The ledger against itself and against the balances kept of it.
fn ledger(tx: &mut Tx<'_>, keys: &Keys, findings: &mut Vec<String>) -> Result<()> {
    let (mut sums, mut begun, mut kept) = (Sketch::default(), Sketch::default(), Sketch::default());
    tx.each(&ENTRIES, &[], |row| {
        let amount = row.int(5);
        let txn = keys.of(&[row.str(0)]);
        sums.add(txn, amount);
        if row.int(1) == 0 {
            begun.add(txn, 1);
        }
        if matches!(row.str(2), "receivable" | "balance" | "deposit") {
            kept.add(keys.of(&[row.str(2), row.str(3), row.str(4)]), amount);
        }
        Ok(())
    })?;
    let (mut known, mut balances) = (Sketch::default(), Sketch::default());
    tx.each(&TXNS, &[], |row| {
        known.add(keys.of(&[row.str(0)]), 1);
        Ok(())
    })?;
    tx.each(&EMPTY_TXNS, &[], |row| {
        known.add(keys.of(&[row.str(0)]), -1);
        Ok(())
    })?;
    tx.each(&BALANCES, &[], |row| {
        balances.add(keys.of(&[row.str(0), row.str(1), row.str(2)]), row.int(3));
        Ok(())
    })?;
    if sums != Sketch::default() {
        differs(tx, &[("ledger transaction does not sum to zero", &UNBALANCED)], findings)?;
    }
    if begun != known {
        // Transactions without entries do no harm: only entries without a transaction are told.
        name(tx, "ledger entry without its transaction", &ORPHANS, findings)?;
    }
    if kept != balances {
        let proofs: [(&str, &Sql); 2] = [
            ("kept balance differs from the sum of its entries", &DRIFTED),
            ("entries of an account without a kept balance", &UNKEPT),
        ];
        differs(tx, &proofs, findings)?;
    }
    Ok(())
}

/// Bills against their lines, what was put against them, what their accounts owe, and what payments were put to.
fn bills(tx: &mut Tx<'_>, keys: &Keys, findings: &mut Vec<String>) -> Result<()> {
    let (mut amounts, mut paid, mut owed) = (Sketch::default(), Sketch::default(), Sketch::default());
    tx.each(&BILL_ROWS, &[], |row: Row| {
        let bill = keys.of(&[row.str(0)]);
        let (amount, remaining) = (row.int(2), row.int(3));
        amounts.add(bill, amount);
        paid.add(bill, amount.saturating_sub(remaining));
        owed.add(keys.of(&[row.str(1)]), remaining);
        Ok(())
    })?;
    let (mut lines, mut applied, mut by_payment) = (Sketch::default(), Sketch::default(), Sketch::default());
    tx.each(&LINE_ROWS, &[], |row| {
        lines.add(keys.of(&[row.str(0)]), row.int(1));
        Ok(())
    })?;
    tx.each(&APPLICATION_ROWS, &[], |row| {
        applied.add(keys.of(&[row.str(0)]), row.int(2));
        // A debt given up stands there by the id of its write-off, which is no payment.
        if !row.is_null(1) && !row.str(1).starts_with(crate::overdue::WRITE_OFF) {
            by_payment.add(keys.of(&[row.str(1)]), row.int(2));
        }
        Ok(())
    })?;
    let (mut receivable, mut payments) = (Sketch::default(), Sketch::default());
    tx.each(&RECEIVABLES, &[], |row| {
        receivable.add(keys.of(&[row.str(0)]), row.int(1));
        Ok(())
    })?;
    tx.each(&PAYMENT_ROWS, &[], |row| {
        payments.add(keys.of(&[row.str(0)]), row.int(1).saturating_sub(row.int(2)));
        Ok(())
    })?;
    if amounts != lines {
        differs(tx, &[("bill amount differs from the sum of its lines", &LINES)], findings)?;
    }
    if paid != applied {
        differs(tx, &[("bill remainder differs from amount less what was applied", &BILLS)], findings)?;
    }
    if owed != receivable {
        differs(tx, &[("account owes another sum than its bills", &OWED)], findings)?;
    }
    if payments != by_payment {
        differs(tx, &[("payment differs from what it was put to", &PAYMENTS)], findings)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use store::STATEMENTS;

    #[test]
    fn a_sketch_is_the_same_in_any_order_and_differs_for_a_single_fen() {
        let keys = Keys(std::hash::RandomState::new());
        let mut rows: Vec<(String, i64)> =
            (0..1_000).map(|i| (format!("t{}", i / 2), if i % 2 == 0 { i } else { 1 - i })).collect();
        let sketch = |rows: &[(String, i64)]| {
            let mut sketch = Sketch::default();
            rows.iter().for_each(|(key, amount)| sketch.add(keys.of(&[key]), *amount));
            sketch
        };
        assert_eq!(sketch(&rows), Sketch::default(), "each pair sums to zero");
        rows.reverse();
        assert_eq!(sketch(&rows), Sketch::default());
        // The whole still sums to zero: it is the transactions that do not.
        rows[3].1 += 5;
        rows[400].1 -= 5;
        assert_ne!(sketch(&rows), Sketch::default());
        assert_ne!(keys.of(&["a", "bc"]), keys.of(&["ab", "c"]));
        let mut extreme = Sketch::default();
        for amount in [i64::MIN, i64::MAX, 1] {
            extreme.add(u64::MAX, amount);
        }
        assert_eq!(extreme, Sketch::default());
    }

    #[test]
    fn no_statement_changes_or_deletes_what_is_append_only() {
        let kept = [
            "ledger_txn",
            "ledger_entry",
            "bill_application",
            "receipt",
            "subscription_change",
            "collaboration_history",
            "late_fee",
            "late_fee_waiver",
            "receipt_print",
            "receipt_void",
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
