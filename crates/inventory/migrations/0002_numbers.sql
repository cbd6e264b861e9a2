-- Numbers by segment: everything before the last four digits, in one place of the organisation. A segment is a small row;
-- a search first decides which segments and which last digits can match at all, and then reads an index that holds nothing
-- else (docs/adr/0015).
CREATE TABLE number_segment (
    id BIGINT NOT NULL PRIMARY KEY,
    head {key} NOT NULL,
    org {key} NOT NULL,
    UNIQUE (head, org)
);
INSERT INTO number_segment (id, head, org)
    SELECT ROW_NUMBER() OVER (ORDER BY org, head), head, org
    FROM (SELECT DISTINCT substr(number, 1, length(number) - 4) AS head, org FROM number_pool) AS known;

CREATE TABLE number_pool_segmented (
    number {key} NOT NULL PRIMARY KEY,
    seg BIGINT NOT NULL,
    tail {key} NOT NULL,
    class {key} NOT NULL,
    state TEXT NOT NULL,
    lock_token TEXT,
    locked_by TEXT,
    -- When a lock, or a quarantine, is over.
    until BIGINT,
    -- A customer for whom it is kept, and until when.
    customer_id TEXT,
    kept_until BIGINT,
    order_id TEXT,
    product_id TEXT,
    -- The operator it came from by porting; empty for our own.
    origin TEXT,
    -- The state it falls back to when the order that reserved it is cancelled; empty for available.
    back TEXT,
    note TEXT,
    updated_at BIGINT NOT NULL
) {clustered};
INSERT INTO number_pool_segmented (number, seg, tail, class, state, lock_token, locked_by, until, order_id, product_id, updated_at)
    SELECT p.number, s.id, substr(p.number, length(p.number) - 3), p.class, p.state, p.lock_token, p.locked_by, p.until, p.order_id,
           p.product_id, p.updated_at
    FROM number_pool p JOIN number_segment s ON s.head = substr(p.number, 1, length(p.number) - 4) AND s.org = p.org;
DROP TABLE number_pool;
ALTER TABLE number_pool_segmented RENAME TO number_pool;

CREATE INDEX number_free_tail ON number_pool (tail, class, seg) WHERE state = 'available';
CREATE INDEX number_free_seg ON number_pool (seg, class, tail) WHERE state = 'available';
CREATE INDEX number_taken ON number_pool (state, number) WHERE state <> 'available';
CREATE INDEX number_until ON number_pool (until) WHERE until IS NOT NULL;
CREATE INDEX number_kept ON number_pool (kept_until) WHERE kept_until IS NOT NULL;
CREATE INDEX number_order ON number_pool (order_id) WHERE order_id IS NOT NULL;
CREATE INDEX number_customer ON number_pool (customer_id) WHERE customer_id IS NOT NULL;
CREATE UNIQUE INDEX number_product ON number_pool (product_id) WHERE product_id IS NOT NULL;

CREATE UNIQUE INDEX number_class_rank ON number_class (rank);

INSERT INTO inventory_setting (name, value, source) VALUES
    ('number.reserve_days', 7, 'default of the system: how long a number is kept for a customer unless said otherwise'),
    ('number.reserve_days_most', 30, 'default of the system'),
    ('number.reserve_most', 10, 'default of the system: numbers kept for one customer at a time'),
    ('number.lock_most', 20, 'default of the system: numbers one clerk may hold locked at a time');

-- Files taken in: ranges of numbers, cards, devices. Worked off in the background under a lease, from the line where the
-- last batch ended.
CREATE TABLE inventory_import (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    kind TEXT NOT NULL,
    file TEXT NOT NULL,
    warehouse_id TEXT,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    scope TEXT NOT NULL,
    state TEXT NOT NULL,
    stop BIGINT NOT NULL,
    lease_until BIGINT NOT NULL,
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    added BIGINT NOT NULL,
    same BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    -- How many rows are done with, and how far into the next one.
    line BIGINT NOT NULL,
    inside BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    started_at BIGINT,
    ended_at BIGINT,
    error {json},
    content {blob}
);
CREATE INDEX inventory_import_waiting ON inventory_import (state, created_at);
CREATE TABLE inventory_refusal (
    import_id TEXT NOT NULL,
    line BIGINT NOT NULL,
    code TEXT NOT NULL,
    reason_zh TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
);
