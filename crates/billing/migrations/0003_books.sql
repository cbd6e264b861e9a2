-- Balance books: what is paid in advance is kept apart by purpose. The general book of an account needs no row.
CREATE TABLE balance_book_kind (
    kind TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- Among books that expire on the same day, the smaller is used first.
    rank BIGINT NOT NULL,
    refundable BIGINT NOT NULL,
    automatic BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO balance_book_kind (kind, name, name_en, rank, refundable, automatic, source) VALUES
    ('special', '专款账本', 'Special purpose', 10, 1, 1, 'PROCESSES §7: special purpose money is used before gifts, gifts before general'),
    ('gift', '赠款账本', 'Gift', 20, 0, 1, 'PROCESSES §7: gifts are not paid back'),
    ('allocated', '划拨账本', 'Allocated', 30, 0, 0, 'PROCESSES §24: allocated money returns to the unit, not to the member'),
    ('general', '普通账本', 'General', 90, 1, 1, 'PROCESSES §7');

CREATE TABLE balance_book (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    account_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    refundable BIGINT NOT NULL,
    -- Pays bills by itself when they are made; otherwise only when it is asked to.
    automatic BIGINT NOT NULL,
    scope {json} NOT NULL,
    valid_from {key} NOT NULL,
    expires {key},
    priority BIGINT NOT NULL,
    source TEXT NOT NULL,
    -- active, frozen, closed, expired
    state TEXT NOT NULL,
    reminded BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX balance_book_account ON balance_book (account_id, id);
CREATE INDEX balance_book_expiry ON balance_book (expires, id) WHERE state = 'active';
CREATE INDEX balance_book_org ON balance_book (org, id);

INSERT INTO billing_setting (name, value, source, note) VALUES
    ('late_fee.permille_a_day', 3, 'Telecommunications Regulations of the PRC art. 34: 3 per mille a day', 'late fee of the unpaid amount for each day after the due date, in thousandths'),
    ('late_fee.cap_percent', 100, 'default; a late fee does not exceed what it is for', 'largest late fee in percent of the amount it is for; 0 for no limit'),
    ('payment.change_unit_fen', 1, 'default; where no fen are in the drawer, 10', 'change is given in multiples of this, the rest stays on the balance'),
    ('payment.mistake_hours', 24, 'refund of mistaken payments: within 24 hours by two certificates', 'hours within which a mistaken payment is paid back with two certificates'),
    ('book.remind_days', 7, 'default', 'days before a book expires that the customer is told');

-- Late fees as they were paid, negative where a reversal gave them back. Append only.
CREATE TABLE late_fee (
    id TEXT NOT NULL PRIMARY KEY,
    bill_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    txn_id TEXT NOT NULL,
    -- The payment it came with; none where the account's balance paid.
    payment_id TEXT,
    days BIGINT NOT NULL,
    base_fen BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX late_fee_bill ON late_fee (bill_id, id);
CREATE INDEX late_fee_payment ON late_fee (payment_id);
-- A waiver forgives what has grown up to a day; it grows again from the next.
CREATE TABLE late_fee_waiver (
    id TEXT NOT NULL PRIMARY KEY,
    bill_id TEXT NOT NULL,
    org {key} NOT NULL,
    through {key} NOT NULL,
    amount_fen BIGINT NOT NULL,
    reason TEXT NOT NULL,
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX late_fee_waiver_bill ON late_fee_waiver (bill_id, id);
