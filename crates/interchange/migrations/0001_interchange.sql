-- What billing systems ask of order entry (协作单回传). The id is source and the asker's own id: said twice it is one.
CREATE TABLE back_order (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    source TEXT NOT NULL,
    own_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    product_id TEXT,
    account_id TEXT,
    customer_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    note TEXT NOT NULL,
    content {json} NOT NULL,
    asked_at BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- The state that its source was told last, and when the next attempt to tell it is due; null where nothing is to be told.
    told_state TEXT NOT NULL,
    tell_at BIGINT,
    tell_attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE INDEX back_order_recent ON back_order (created_at, id);
CREATE INDEX back_order_state ON back_order (state, created_at);
CREATE INDEX back_order_customer ON back_order (customer_id, created_at);
CREATE INDEX back_order_source ON back_order (source, asked_at);
CREATE INDEX back_order_tell ON back_order (tell_at, id) WHERE tell_at IS NOT NULL;

-- One product of it: an order about an account is for each product that is charged to it.
CREATE TABLE back_target (
    back_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    org {key} NOT NULL,
    -- Empty for what is about the account or customer as a whole.
    product_id TEXT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT NOT NULL,
    reason TEXT NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    -- The order that carries it out.
    order_id TEXT,
    order_no TEXT,
    error_code TEXT,
    error_zh TEXT,
    error_en TEXT,
    -- Why there was nothing to do, or who dealt with it.
    outcome TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (back_id, seq)
);
CREATE INDEX back_target_due ON back_target (next_at, back_id, seq) WHERE state IN ('waiting', 'failed', 'working');
CREATE INDEX back_target_product ON back_target (product_id, created_at) WHERE product_id <> '';
CREATE INDEX back_target_number ON back_target (number) WHERE number <> '';
CREATE INDEX back_order_own ON back_order (own_id);
CREATE INDEX back_target_order ON back_target (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE back_history (
    back_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    seq BIGINT,
    state TEXT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    PRIMARY KEY (back_id, n)
);

CREATE TABLE interchange_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO interchange_setting (name, value, source) VALUES
    ('back.max_attempts', 8, 'default of the system: attempts before a person must look'),
    ('back.retry_seconds', 30, 'default of the system: wait after the first refusal; doubles each time'),
    ('reconcile.hour', 4, 'default of the system: the hour of the day after which the day before is compared with each billing system');
