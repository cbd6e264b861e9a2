CREATE TABLE unit_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL
);
INSERT INTO unit_setting (name, value, source, note) VALUES
    ('loss.replace_days', 7, 'PROCESSES §24: replacement after 7 days with the balance moved', 'days from the report of loss of a card to its replacement'),
    ('password.tries', 5, 'default', 'wrong passwords in a row until the unit''s password is locked'),
    ('password.lock_minutes', 30, 'default', 'minutes for which it is locked then'),
    ('batch.most_rows', 5000, 'default; one transaction', 'largest number of members of one allocation'),
    ('amount.most_fen', 1000000000, 'default', 'largest amount moved to or from one member at once');

-- The unit's money stands on the general book of a billing account of its own.
CREATE TABLE unit_account (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    unit_no TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    name TEXT NOT NULL,
    -- active, frozen, closed
    state TEXT NOT NULL,
    contact_name TEXT NOT NULL,
    contact_phone TEXT NOT NULL,
    contact_email TEXT NOT NULL,
    address TEXT NOT NULL,
    note TEXT NOT NULL,
    warn_fen BIGINT NOT NULL,
    password_hash TEXT,
    password_at BIGINT,
    failed BIGINT NOT NULL,
    locked_until BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX unit_account_no ON unit_account (unit_no);
CREATE UNIQUE INDEX unit_account_account ON unit_account (account_id);
CREATE UNIQUE INDEX unit_account_customer ON unit_account (customer_id) WHERE state <> 'closed';
CREATE INDEX unit_account_org ON unit_account (org, id);

-- Fleets and departments, as a tree.
CREATE TABLE unit_group (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    unit_id TEXT NOT NULL,
    org {key} NOT NULL,
    parent_id TEXT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX unit_group_name ON unit_group (unit_id, name);
CREATE TABLE unit_driver (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    unit_id TEXT NOT NULL,
    org {key} NOT NULL,
    group_id TEXT,
    name TEXT NOT NULL,
    staff_no TEXT NOT NULL,
    phone TEXT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX unit_driver_staff ON unit_driver (unit_id, staff_no);

-- Numbers, customers and cards that get money from the unit.
CREATE TABLE unit_member (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    unit_id TEXT NOT NULL,
    org {key} NOT NULL,
    -- number, customer, card
    kind TEXT NOT NULL,
    -- The telephone number, the customer's number, the card's number.
    identifier TEXT NOT NULL,
    name TEXT NOT NULL,
    group_id TEXT,
    driver_id TEXT,
    customer_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    -- The two books that money of the unit stands on: at hand, and loaded onto the card.
    book_id TEXT NOT NULL,
    loaded_book_id TEXT,
    -- active, lost, suspended, left, replaced
    state TEXT NOT NULL,
    limit_once_fen BIGINT,
    limit_day_fen BIGINT,
    limit_month_fen BIGINT,
    -- What "to the limit" fills up to.
    quota_fen BIGINT,
    pays_bills BIGINT NOT NULL,
    lost_at BIGINT,
    replaced_by TEXT,
    -- What the card itself said last.
    card_fen BIGINT,
    card_seq BIGINT NOT NULL,
    card_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX unit_member_once ON unit_member (identifier) WHERE state IN ('active', 'lost', 'suspended');
CREATE INDEX unit_member_unit ON unit_member (unit_id, state, identifier);
CREATE INDEX unit_member_account ON unit_member (account_id);
CREATE INDEX unit_member_group ON unit_member (group_id);

-- Everything that moved between the three places of the money, append only.
CREATE TABLE unit_movement (
    id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL,
    member_id TEXT,
    group_id TEXT,
    org {key} NOT NULL,
    at BIGINT NOT NULL,
    day {key} NOT NULL,
    kind TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    unit_after_fen BIGINT NOT NULL,
    member_after_fen BIGINT NOT NULL,
    txn_id TEXT NOT NULL,
    reference TEXT NOT NULL,
    batch_id TEXT,
    place TEXT NOT NULL,
    note TEXT NOT NULL,
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL
);
CREATE INDEX unit_movement_unit ON unit_movement (unit_id, day);
CREATE INDEX unit_movement_member ON unit_movement (member_id, day);
CREATE INDEX unit_movement_txn ON unit_movement (txn_id);

-- What a member spent by day (D…) and month (M…): for limits.
CREATE TABLE unit_spent (
    member_id TEXT NOT NULL,
    period {key} NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (member_id, period)
);
-- Spendings, once each by the reference of the place that took it.
CREATE TABLE unit_consumption (
    id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    org {key} NOT NULL,
    reference TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    from_loaded_fen BIGINT NOT NULL,
    kind TEXT NOT NULL,
    place TEXT NOT NULL,
    at BIGINT NOT NULL,
    day {key} NOT NULL,
    txn_id TEXT NOT NULL,
    -- done, reversed
    state TEXT NOT NULL,
    points BIGINT NOT NULL,
    reason TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX unit_consumption_once ON unit_consumption (unit_id, reference);
CREATE INDEX unit_consumption_member ON unit_consumption (member_id, id);
CREATE INDEX unit_consumption_unit ON unit_consumption (unit_id, day);

-- Loading: money on its way to a card is pending until the card says that it has it.
CREATE TABLE unit_load (
    id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL,
    member_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    -- pending, done, cancelled
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX unit_load_member ON unit_load (member_id, id);
-- The card says otherwise than the house.
CREATE TABLE unit_difference (
    id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL,
    org {key} NOT NULL,
    member_id TEXT NOT NULL,
    house_fen BIGINT NOT NULL,
    card_fen BIGINT NOT NULL,
    -- open, repaired
    state TEXT NOT NULL,
    remedy TEXT NOT NULL,
    reason TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE UNIQUE INDEX unit_difference_open ON unit_difference (member_id) WHERE state = 'open';
CREATE INDEX unit_difference_unit ON unit_difference (unit_id, id);

-- Allocations and collections of many members, with what was refused.
CREATE TABLE unit_batch (
    id TEXT NOT NULL PRIMARY KEY,
    unit_id TEXT NOT NULL,
    org {key} NOT NULL,
    kind TEXT NOT NULL,
    source TEXT NOT NULL,
    rule_id TEXT,
    period TEXT NOT NULL,
    digest TEXT NOT NULL,
    row_count BIGINT NOT NULL,
    done BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    note TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE UNIQUE INDEX unit_batch_rule ON unit_batch (rule_id, period) WHERE rule_id IS NOT NULL;
CREATE INDEX unit_batch_unit ON unit_batch (unit_id, id);
CREATE INDEX unit_batch_digest ON unit_batch (unit_id, digest);
CREATE TABLE unit_batch_refusal (
    batch_id TEXT NOT NULL,
    line BIGINT NOT NULL,
    content TEXT NOT NULL,
    code TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    PRIMARY KEY (batch_id, line)
);
-- What is allocated by itself every month.
CREATE TABLE unit_rule (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    unit_id TEXT NOT NULL,
    org {key} NOT NULL,
    name TEXT NOT NULL,
    group_id TEXT,
    -- fixed, toLimit
    how TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    day_of_month BIGINT NOT NULL,
    collect_first BIGINT NOT NULL,
    state TEXT NOT NULL,
    next_on {key} NOT NULL,
    last_batch TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX unit_rule_due ON unit_rule (state, next_on);
CREATE INDEX unit_rule_unit ON unit_rule (unit_id, id);
