-- What an order pins: version, discounts, contract; who pays for what; what an effect changed, so that it can be undone.
INSERT INTO billing_setting (name, value, source, note) VALUES
    ('suspension.monthly_fen', 500, 'operator rule for voluntary suspension: 5 yuan a month', 'monthly fee of a voluntary suspension'),
    ('suspension.months_a_year', 12, 'operator rule for voluntary suspension: first month 12/365 a day', 'numerator of the first month''s proration'),
    ('suspension.days_a_year', 365, 'operator rule for voluntary suspension: first month 12/365 a day', 'denominator of the first month''s proration'),
    ('bill_run.freeze_from_day', 1, 'default; transfers across areas and mergers rest while bills are made', 'first day of a month on which such business rests; 0 for none'),
    ('bill_run.freeze_days', 0, 'default; transfers across areas and mergers rest while bills are made', 'how many days it rests; 0 for none'),
    ('pricing.quote_seconds', 900, 'default', 'how long a price that another system computed is used'),
    ('discount.max_percent', 100, 'default; no discount makes a price negative', 'largest percentage of one discount');

-- What a piece of business costs by itself. A family of '*' holds for all that have no row of their own.
CREATE TABLE business_fee (
    business TEXT NOT NULL,
    family TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (business, family)
);
INSERT INTO business_fee (business, family, name, name_en, amount_fen, source) VALUES
    ('replaceSim', 'mobile', '补换卡工本费', 'SIM replacement', 1000, 'default; by the tariff of the operator'),
    ('changeNumber', 'mobile', '改号手续费', 'Number change', 2000, 'default; by the tariff of the operator'),
    ('changeNumber', 'fixedVoice', '改号手续费', 'Number change', 2000, 'default; by the tariff of the operator'),
    ('relocate', 'broadband', '移机费', 'Relocation', 10000, 'default; by the tariff of the operator'),
    ('relocate', 'iptv', '移机费', 'Relocation', 5000, 'default; by the tariff of the operator'),
    ('relocate', 'fixedVoice', '移机费', 'Relocation', 10000, 'default; by the tariff of the operator'),
    ('relocate', 'leasedLine', '移机费', 'Relocation', 50000, 'default; by the tariff of the operator'),
    ('relocate', 'voip', '移机费', 'Relocation', 10000, 'default; by the tariff of the operator');

ALTER TABLE subscription ADD COLUMN offering_version BIGINT;
ALTER TABLE subscription_charge ADD COLUMN charged_from {key};
ALTER TABLE subscription_charge ADD COLUMN charged_to {key};

CREATE TABLE subscription_discount (
    id TEXT NOT NULL PRIMARY KEY,
    subscription_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    discount_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- oneTime or recurring
    kind TEXT NOT NULL,
    percent BIGINT,
    amount_fen BIGINT,
    valid_from {key} NOT NULL,
    valid_to {key},
    -- published, or granted by a person
    source TEXT NOT NULL,
    request_id TEXT,
    reason TEXT NOT NULL,
    collaboration_id TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX subscription_discount_product ON subscription_discount (product_id, id);

CREATE TABLE contract (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    product_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    offering_id TEXT NOT NULL,
    offering_version BIGINT,
    name TEXT NOT NULL,
    months BIGINT NOT NULL,
    starts {key} NOT NULL,
    ends {key} NOT NULL,
    -- remainingPercent or fixedFen, and how much
    rule TEXT NOT NULL,
    rule_value BIGINT NOT NULL,
    monthly_fen BIGINT NOT NULL,
    -- running, broken (left early), replaced, void (its order was taken back)
    state TEXT NOT NULL,
    collaboration_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX contract_running ON contract (product_id) WHERE state = 'running';
CREATE INDEX contract_product ON contract (product_id, id);
CREATE INDEX contract_customer ON contract (customer_id, id);

-- Who pays for a product besides its own account, the smallest priority first.
CREATE TABLE payment_relation (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    product_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    priority BIGINT NOT NULL,
    -- all, recurring or oneTime
    scope TEXT NOT NULL,
    percent BIGINT NOT NULL,
    limit_fen BIGINT,
    valid_from {key} NOT NULL,
    valid_to {key},
    collaboration_id TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX payment_relation_product ON payment_relation (product_id, priority, id);
CREATE INDEX payment_relation_account ON payment_relation (account_id, id);

-- The accounts' history: merged, split, undone.
CREATE TABLE account_change (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    other_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    moved {json} NOT NULL,
    collaboration_id TEXT NOT NULL
);
CREATE INDEX account_change_account ON account_change (account_id, id);

-- What an effect changed: its inverse puts exactly this back.
CREATE TABLE collaboration_effect (
    collaboration_id TEXT NOT NULL PRIMARY KEY,
    before {json} NOT NULL,
    undone_at BIGINT
);

-- Money promised back to a customer and not yet handed over.
CREATE TABLE payout (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    order_no TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    -- open, paid or withdrawn
    state TEXT NOT NULL,
    method TEXT NOT NULL,
    receipt_no TEXT,
    operator_name TEXT NOT NULL,
    collaboration_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    paid_at BIGINT
);
CREATE INDEX payout_customer ON payout (customer_id, id);
CREATE INDEX payout_org ON payout (org, state, id);
CREATE UNIQUE INDEX payout_collaboration ON payout (collaboration_id);
