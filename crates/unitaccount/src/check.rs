//! What must hold for unit accounts: spent sums are those of their spendings, nobody lost has spent after the report, books of
//! the lost are frozen, and what is on its way to a card is on the card's book.

use billing::books::{self, BookState};
use kernel::Result;
use store::{Tx, params, sql};

sql! {
    SPENT = "SELECT s.member_id, s.period, s.amount_fen, CAST(COALESCE((SELECT SUM(-v.amount_fen) FROM unit_movement v \
             WHERE v.member_id = s.member_id AND v.kind = 'settle' AND substr(v.day, 1, 7) = substr(s.period, 2)), 0) AS BIGINT) + \
             CAST(COALESCE((SELECT SUM(c.amount_fen) FROM unit_consumption c WHERE c.member_id = s.member_id AND c.state = 'done' \
             AND substr(c.day, 1, 7) = substr(s.period, 2)), 0) AS BIGINT) FROM unit_spent s \
             WHERE s.period LIKE 'M%' AND NOT EXISTS (SELECT 1 FROM unit_member o WHERE o.replaced_by = s.member_id) ORDER BY s.member_id, s.period";
    AFTER_LOSS = "SELECT m.id, v.id FROM unit_member m JOIN unit_movement v ON v.member_id = m.id \
                  WHERE m.state = 'lost' AND v.at > m.lost_at AND v.kind IN ('allocate', 'collect', 'load', 'settle') LIMIT 20";
    LOST = "SELECT account_id, book_id, loaded_book_id, identifier FROM unit_member WHERE state = 'lost' ORDER BY id";
    PENDING = "SELECT m.id, m.account_id, m.loaded_book_id, CAST(SUM(l.amount_fen) AS BIGINT) FROM unit_load l \
               JOIN unit_member m ON m.id = l.member_id WHERE l.state = 'pending' GROUP BY m.id, m.account_id, m.loaded_book_id ORDER BY m.id";
}

/// What is wrong, one line each.
pub fn check(tx: &mut Tx<'_>) -> Result<Vec<String>> {
    let mut findings = Vec::new();
    for row in tx.query(&SPENT, params![])? {
        if row.int(2) != row.int(3) {
            let (member, period) = (row.str(0), row.str(1));
            findings.push(format!(
                "member {member} is said to have spent {} in {period}, it was {}",
                row.int(2),
                row.int(3)
            ));
        }
    }
    for row in tx.query(&AFTER_LOSS, params![])? {
        findings.push(format!("movement {} of member {} came after the report of loss", row.str(1), row.str(0)));
    }
    for row in tx.query(&LOST, params![])? {
        for book in [Some(row.text(1)), row.opt_text(2)].into_iter().flatten() {
            if books::book(tx, row.str(0), &book)?.state != BookState::Frozen {
                findings.push(format!("a book of the lost member {} is not frozen", row.str(3)));
            }
        }
    }
    for row in tx.query(&PENDING, params![])? {
        let Some(book) = row.opt_text(2) else { continue };
        if books::book(tx, row.str(1), &book)?.balance.in_fen() < row.int(3) {
            findings.push(format!("member {} has less loaded than is on its way to the card", row.str(0)));
        }
    }
    Ok(findings)
}
