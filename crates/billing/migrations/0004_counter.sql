ALTER TABLE payment ADD COLUMN late_fee_fen BIGINT NOT NULL DEFAULT 0;
-- What was paid together: several payments with one tender and one list of receipts.
ALTER TABLE payment ADD COLUMN batch_id TEXT;
-- The book that got the rest.
ALTER TABLE payment ADD COLUMN book TEXT NOT NULL DEFAULT 'general';
ALTER TABLE payment ADD COLUMN gift_book TEXT;
ALTER TABLE payment ADD COLUMN gift_fen BIGINT NOT NULL DEFAULT 0;
CREATE INDEX payment_batch ON payment (batch_id);
CREATE INDEX payment_account ON payment (account_id, id);
ALTER TABLE refund ADD COLUMN customer_id TEXT;
ALTER TABLE refund ADD COLUMN method TEXT NOT NULL DEFAULT '';
ALTER TABLE refund ADD COLUMN reason TEXT NOT NULL DEFAULT '';
ALTER TABLE refund ADD COLUMN operator_name TEXT NOT NULL DEFAULT '';

-- Paying in advance that is rewarded.
CREATE TABLE prepay_campaign (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    min_fen BIGINT NOT NULL,
    gift_fen BIGINT NOT NULL,
    -- Months until the gift ends; 0 for never.
    gift_months BIGINT NOT NULL,
    scope {json} NOT NULL,
    valid_from {key} NOT NULL,
    valid_to {key},
    source TEXT NOT NULL,
    operator TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Taken, and only certain when the bank has paid.
CREATE TABLE payment_clearing (
    payment_id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    method TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    reference TEXT NOT NULL,
    till TEXT NOT NULL,
    -- waiting, cleared, bounced, reversed
    state TEXT NOT NULL,
    received {key} NOT NULL,
    decided_at BIGINT,
    operator_name TEXT NOT NULL,
    reason TEXT NOT NULL
);
CREATE INDEX payment_clearing_state ON payment_clearing (state, received, payment_id);

-- What one person asks for and another allows, before the first carries it out.
CREATE TABLE money_request (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    -- reversal, refund
    kind TEXT NOT NULL,
    payment_id TEXT,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    book TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    method TEXT NOT NULL,
    reason TEXT NOT NULL,
    content {json} NOT NULL,
    -- requested, approved, rejected, withdrawn, done
    state TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    asked_name TEXT NOT NULL,
    decided_by TEXT,
    decided_name TEXT,
    decided_at BIGINT,
    decision TEXT NOT NULL,
    result_id TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX money_request_once ON money_request (payment_id) WHERE state IN ('requested', 'approved');
CREATE INDEX money_request_state ON money_request (state, id);

-- Security deposits (保证金), apart from every balance.
CREATE TABLE security_deposit (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    -- What of it is still held.
    held_fen BIGINT NOT NULL,
    method TEXT NOT NULL,
    purpose TEXT NOT NULL,
    -- held, returned, applied
    state TEXT NOT NULL,
    receipt_no TEXT NOT NULL,
    return_receipt_no TEXT,
    operator_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX security_deposit_account ON security_deposit (account_id, state);
CREATE INDEX security_deposit_customer ON security_deposit (customer_id, id);

-- Every attempt to print a receipt. Append only.
CREATE TABLE receipt_print (
    receipt_no TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    -- original, copy
    kind TEXT NOT NULL,
    -- printed, failed
    outcome TEXT NOT NULL,
    reason TEXT NOT NULL,
    PRIMARY KEY (receipt_no, seq)
);
CREATE TABLE receipt_void (
    receipt_no TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    reason TEXT NOT NULL,
    -- The number that took its place; empty where a reversal did away with it.
    replaced_by TEXT NOT NULL
);
CREATE INDEX receipt_subject ON receipt (subject_id);
ALTER TABLE receipt ADD COLUMN amount_fen BIGINT NOT NULL DEFAULT 0;
ALTER TABLE receipt ADD COLUMN operator TEXT NOT NULL DEFAULT '';
ALTER TABLE receipt ADD COLUMN operator_name TEXT NOT NULL DEFAULT '';
ALTER TABLE receipt ADD COLUMN method TEXT NOT NULL DEFAULT '';

INSERT INTO billing_setting (name, value, source, note) VALUES
    ('refund.direct_fen', 50000, 'default; larger refunds are allowed by a second person', 'largest refund of a balance without approval');
