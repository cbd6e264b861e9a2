-- Adjustments (调账): charges given or taken by decision, each a record of its own, reversed by a new one.
CREATE TABLE adjustment_reason (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- credit, debit or both
    direction TEXT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO adjustment_reason (code, name, name_en, direction, source) VALUES
    ('billingError', '计费差错', 'Billing error', 'both', 'default; wrongly charged fees are given back, see Telecommunications Regulations art. 35'),
    ('complaint', '投诉处理', 'Settlement of a complaint', 'credit', 'default'),
    ('outage', '服务中断补偿', 'Compensation for an outage', 'credit', 'default'),
    ('goodwill', '客户关怀', 'Goodwill', 'credit', 'default'),
    ('missedCharge', '漏收补收', 'Charge that had been missed', 'debit', 'default'),
    ('damage', '设备损坏赔偿', 'Damaged equipment', 'debit', 'default'),
    ('other', '其他', 'Other', 'both', 'default; the note must say what');

-- How much each role may give or take without asking; a role without a row may only ask.
CREATE TABLE adjustment_limit (
    role TEXT NOT NULL PRIMARY KEY,
    amount_fen BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO adjustment_limit (role, amount_fen, source) VALUES
    ('clerk', 5000, 'default; by the operator''s authority table'),
    ('agent', 5000, 'default; by the operator''s authority table'),
    ('manager', 50000, 'default; by the operator''s authority table'),
    ('billing', 500000, 'default; by the operator''s authority table'),
    ('cityadmin', 500000, 'default; by the operator''s authority table'),
    ('admin', 100000000, 'default; by the operator''s authority table');

CREATE TABLE adjustment (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    -- The bill that is credited, or that it came to stand on.
    bill_id TEXT,
    product_id TEXT NOT NULL,
    product_name TEXT NOT NULL,
    number TEXT NOT NULL,
    -- Positive charges the customer, negative gives back.
    amount_fen BIGINT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    -- now or nextBill
    timing TEXT NOT NULL,
    -- requested, waiting, applied, rejected, withdrawn
    state TEXT NOT NULL,
    requested_by TEXT NOT NULL,
    requested_name TEXT NOT NULL,
    requested_at BIGINT NOT NULL,
    -- Nobody where it lay within the requester's own limit.
    decided_by TEXT,
    decided_name TEXT,
    decided_at BIGINT,
    decision TEXT NOT NULL,
    reverses TEXT
);
CREATE UNIQUE INDEX adjustment_reverses ON adjustment (reverses) WHERE reverses IS NOT NULL AND state <> 'rejected' AND state <> 'withdrawn';
CREATE INDEX adjustment_waiting ON adjustment (account_id, id) WHERE state = 'waiting';
CREATE INDEX adjustment_customer ON adjustment (customer_id, id);
CREATE INDEX adjustment_state ON adjustment (state, org, id);
CREATE INDEX adjustment_by ON adjustment (requested_by, account_id, requested_at);
CREATE INDEX adjustment_bill ON adjustment (bill_id);
