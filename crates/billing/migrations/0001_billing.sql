-- Limits, days and rates, each with where it comes from.
CREATE TABLE billing_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL
);
INSERT INTO billing_setting (name, value, source, note) VALUES
    ('proration.divisor', 30, 'lease contract: part month = monthly rent / 30 per day', 'days that a month counts'),
    ('bill.due_days', 30, 'default; by contract', 'days from the bill to its due date'),
    ('payment.max_fen', 100000000, 'default; larger amounts are taken in parts', 'largest amount of one payment'),
    ('shift.max_float_fen', 30000, 'counter cash rules: change float of at most 300 yuan', 'largest change float'),
    ('collaboration.max_attempts', 5, 'default', 'deliveries before a person must look'),
    ('collaboration.retry_seconds', 5, 'default', 'wait after the first failure; doubles each time');

-- Documents of TMF666.
CREATE TABLE billing_account (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    name TEXT NOT NULL,
    account_no TEXT,
    customer_id TEXT
);
CREATE UNIQUE INDEX billing_account_no ON billing_account (account_no);
CREATE INDEX billing_account_customer ON billing_account (customer_id, id);
CREATE INDEX billing_account_name ON billing_account (name);
CREATE INDEX billing_account_org ON billing_account (org, id);

-- Which account a customer's charges go to when nothing else is said. The key decides between two that create it at once.
CREATE TABLE default_account (
    customer_id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL
);

CREATE TABLE party_account (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX party_account_org ON party_account (org, id);
CREATE TABLE settlement_account (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX settlement_account_org ON settlement_account (org, id);
CREATE TABLE financial_account (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX financial_account_org ON financial_account (org, id);
CREATE TABLE billing_cycle_specification (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE TABLE bill_format (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE TABLE bill_presentation_media (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
INSERT INTO billing_cycle_specification (id, version, org, created_at, updated_at, body) VALUES
    ('natural-month', 1, '/cn', 0, 0, '{"id":"natural-month","href":"/tmf-api/accountManagement/v4/billingCycleSpecification/natural-month","@type":"BillingCycleSpecification","name":"自然月","frequency":"monthly","billingPeriod":"month"}');
INSERT INTO bill_format (id, version, org, created_at, updated_at, body) VALUES
    ('detailed', 1, '/cn', 0, 0, '{"id":"detailed","href":"/tmf-api/accountManagement/v4/billFormat/detailed","@type":"BillFormat","name":"明细账单"}');
INSERT INTO bill_presentation_media (id, version, org, created_at, updated_at, body) VALUES
    ('counter', 1, '/cn', 0, 0, '{"id":"counter","href":"/tmf-api/accountManagement/v4/billPresentationMedia/counter","@type":"BillPresentationMedia","name":"营业厅打印"}'),
    ('electronic', 1, '/cn', 0, 0, '{"id":"electronic","href":"/tmf-api/accountManagement/v4/billPresentationMedia/electronic","@type":"BillPresentationMedia","name":"电子账单"}');

-- Double entry, append only: the entries of a transaction sum to zero, a debit is positive.
CREATE TABLE ledger_txn (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    shift_id TEXT,
    org {key} NOT NULL,
    operator TEXT NOT NULL
);
CREATE INDEX ledger_txn_subject ON ledger_txn (subject_id);
CREATE INDEX ledger_txn_shift ON ledger_txn (shift_id);
CREATE TABLE ledger_entry (
    txn_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    kind TEXT NOT NULL,
    owner TEXT NOT NULL,
    book TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (txn_id, seq)
);
CREATE INDEX ledger_entry_owner ON ledger_entry (owner, kind, book);
-- What each account's entries add up to, for the kinds that are asked for all the time.
CREATE TABLE ledger_balance (
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    book TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (owner, kind, book)
);

-- What is charged, from when, to which account.
CREATE TABLE subscription (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    order_id TEXT NOT NULL,
    offering_id TEXT NOT NULL,
    -- The order item of the bundle that this belongs to; empty outside bundles.
    bundle TEXT NOT NULL,
    name TEXT NOT NULL,
    number TEXT NOT NULL,
    state TEXT NOT NULL,
    charged_from {key} NOT NULL,
    charged_to {key},
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX subscription_product ON subscription (product_id);
CREATE INDEX subscription_account ON subscription (account_id, state);
CREATE INDEX subscription_customer ON subscription (customer_id, id);
CREATE INDEX subscription_number ON subscription (number);
CREATE INDEX subscription_bundle ON subscription (order_id, bundle);
CREATE TABLE subscription_charge (
    subscription_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    price_id TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    -- Months that one amount covers; 0 for a one-time charge.
    months BIGINT NOT NULL,
    PRIMARY KEY (subscription_id, seq)
);
CREATE TABLE subscription_change (
    subscription_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    at BIGINT NOT NULL,
    effective {key} NOT NULL,
    state TEXT NOT NULL,
    collaboration_id TEXT NOT NULL,
    PRIMARY KEY (subscription_id, seq)
);

-- TMF678. The columns are the truth; the body is rendered from them whenever they change.
CREATE TABLE bill (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    bill_no TEXT NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    -- The order of a first bill; empty for a bill of the cycle.
    origin TEXT NOT NULL,
    period_start {key} NOT NULL,
    period_end {key} NOT NULL,
    bill_date {key} NOT NULL,
    due_date {key} NOT NULL,
    amount_fen BIGINT NOT NULL,
    remaining_fen BIGINT NOT NULL,
    -- What a person set (onHold, validated, sent); empty otherwise.
    mark TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE UNIQUE INDEX bill_no ON bill (bill_no);
CREATE UNIQUE INDEX bill_once ON bill (account_id, period_start, kind, origin);
CREATE INDEX bill_open ON bill (account_id, due_date, id) WHERE remaining_fen > 0;
CREATE INDEX bill_customer ON bill (customer_id, id);
CREATE INDEX bill_customer_open ON bill (customer_id, due_date) WHERE remaining_fen > 0;
CREATE INDEX bill_origin ON bill (origin);
CREATE INDEX bill_org ON bill (org, id);
CREATE TABLE bill_line (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    bill_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    account_id TEXT NOT NULL,
    subscription_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    product_name TEXT NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    days BIGINT,
    note TEXT NOT NULL
);
CREATE UNIQUE INDEX bill_line_seq ON bill_line (bill_id, seq);
CREATE INDEX bill_line_org ON bill_line (org, id);
-- Money put against a bill; negative where a reversal takes it off again. Append only.
CREATE TABLE bill_application (
    id TEXT NOT NULL PRIMARY KEY,
    bill_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    txn_id TEXT NOT NULL,
    -- The payment whose money it is; none where the account's balance paid.
    payment_id TEXT,
    amount_fen BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX bill_application_bill ON bill_application (bill_id, id);
CREATE INDEX bill_application_payment ON bill_application (payment_id);
CREATE INDEX bill_application_account ON bill_application (account_id, id);
CREATE TABLE bill_on_demand (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX bill_on_demand_org ON bill_on_demand (org, id);

-- TMF676. A reversal is a payment of a negative amount.
CREATE TABLE payment (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    status TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    method TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    tendered_fen BIGINT NOT NULL,
    change_fen BIGINT NOT NULL,
    to_balance_fen BIGINT NOT NULL,
    receipt_no TEXT,
    reference TEXT NOT NULL,
    note TEXT NOT NULL,
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    shift_id TEXT,
    day {key} NOT NULL,
    reverses TEXT
);
CREATE UNIQUE INDEX payment_reverses ON payment (reverses);
CREATE INDEX payment_customer ON payment (customer_id, id);
CREATE INDEX payment_day ON payment (day, operator, id);
CREATE INDEX payment_org ON payment (org, id);
CREATE INDEX payment_shift ON payment (shift_id);
CREATE TABLE refund (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    account_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    receipt_no TEXT,
    shift_id TEXT
);
CREATE INDEX refund_org ON refund (org, id);

-- Every receipt number ever given: one series a hall and day, without gap.
CREATE TABLE receipt (
    hall {key} NOT NULL,
    day {key} NOT NULL,
    seq BIGINT NOT NULL,
    receipt_no TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (hall, day, seq)
);
CREATE UNIQUE INDEX receipt_no ON receipt (receipt_no);

CREATE TABLE shift (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    day {key} NOT NULL,
    state TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    float_fen BIGINT NOT NULL,
    difference_fen BIGINT,
    reason TEXT NOT NULL
);
CREATE UNIQUE INDEX shift_open ON shift (operator) WHERE state = 'open';
CREATE INDEX shift_operator ON shift (operator, day);
CREATE INDEX shift_org ON shift (org, day);
CREATE TABLE shift_count (
    shift_id TEXT NOT NULL,
    method TEXT NOT NULL,
    system_fen BIGINT NOT NULL,
    counted_fen BIGINT NOT NULL,
    PRIMARY KEY (shift_id, method)
);

-- Orders to billing (协作单): what changes charging, told exactly once.
CREATE TABLE collaboration (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    order_id TEXT NOT NULL,
    order_no TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    account_id TEXT,
    product_id TEXT NOT NULL,
    offering_id TEXT NOT NULL,
    number TEXT NOT NULL,
    effective_from BIGINT NOT NULL,
    content {json} NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    ack_no TEXT,
    ack_at BIGINT,
    done_at BIGINT,
    error_code TEXT,
    error_text TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX collaboration_due ON collaboration (next_at, id) WHERE state IN ('waiting', 'failed');
CREATE INDEX collaboration_order ON collaboration (order_id, id);
CREATE INDEX collaboration_state ON collaboration (state, id);
CREATE TABLE collaboration_history (
    collaboration_id TEXT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (collaboration_id, version)
);
