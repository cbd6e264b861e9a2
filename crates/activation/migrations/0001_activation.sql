-- Which system serves which target, for whom: by place (an organisation and all below it) and product line. `*` is any.
CREATE TABLE activation_route_by_place (
    id {key} NOT NULL PRIMARY KEY,
    target TEXT NOT NULL,
    org {key} NOT NULL,
    family TEXT NOT NULL,
    adapter TEXT NOT NULL,
    priority BIGINT NOT NULL,
    enabled BIGINT NOT NULL,
    source TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (target, org, family)
);
INSERT INTO activation_route_by_place (id, target, org, family, adapter, priority, enabled, source, updated_at)
    SELECT 'route-' || CASE WHEN target = '*' THEN 'any' ELSE target END, target, '', '*', adapter, 0, 1, source, 0 FROM activation_route;
DROP TABLE activation_route;
ALTER TABLE activation_route_by_place RENAME TO activation_route;

-- One message to an activation system: all work of an order that it does, as one transaction.
CREATE TABLE activation_message (
    id {key} NOT NULL PRIMARY KEY,
    system TEXT NOT NULL,
    saga_id {key} NOT NULL,
    order_id {key} NOT NULL,
    org {key} NOT NULL,
    purpose TEXT NOT NULL,
    batch BIGINT NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    wanted TEXT NOT NULL,
    due BIGINT,
    attempts BIGINT NOT NULL,
    external_id TEXT,
    payload {json} NOT NULL,
    error TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    submitted_at BIGINT,
    acked_at BIGINT,
    ended_at BIGINT,
    UNIQUE (saga_id, system, purpose, batch)
);
CREATE INDEX activation_message_due ON activation_message (due);
CREATE INDEX activation_message_order ON activation_message (order_id);
CREATE INDEX activation_message_list ON activation_message (org, created_at);

-- The pieces of a message, a step of the saga each.
CREATE TABLE activation_item (
    message_id {key} NOT NULL,
    step BIGINT NOT NULL,
    target TEXT NOT NULL,
    verb TEXT NOT NULL,
    task TEXT NOT NULL,
    product_id {key} NOT NULL,
    subscriber TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    reported BIGINT NOT NULL,
    PRIMARY KEY (message_id, step)
);

-- What went to and fro, as it was sent.
CREATE TABLE activation_trace (
    id {key} NOT NULL PRIMARY KEY,
    message_id {key} NOT NULL,
    at BIGINT NOT NULL,
    direction TEXT NOT NULL,
    kind TEXT NOT NULL,
    summary TEXT NOT NULL,
    body TEXT NOT NULL
);
CREATE INDEX activation_trace_message ON activation_trace (message_id, at);

-- The product that is the last of a shared thing, while the thing is being deleted from the network.
CREATE TABLE shared_leaving (
    kind TEXT NOT NULL,
    thing {key} NOT NULL,
    product_id {key} NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (kind, thing, product_id)
);

-- Work by hand that orders ask for.
CREATE TABLE work_order (
    id {key} NOT NULL PRIMARY KEY,
    work_key {key} NOT NULL UNIQUE,
    order_id {key} NOT NULL,
    product_id {key} NOT NULL,
    org {key} NOT NULL,
    task TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    place TEXT NOT NULL,
    detached BIGINT NOT NULL,
    state TEXT NOT NULL,
    result TEXT NOT NULL,
    reported BIGINT NOT NULL DEFAULT 0,
    worker TEXT,
    created_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX work_order_open ON work_order (state, created_at);
CREATE INDEX work_order_order ON work_order (order_id);

-- Files to the legacy order system: made from records, written to disk until the other side has them.
CREATE TABLE legacy_out (
    seq BIGINT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    message_id {key} NOT NULL,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    written_at BIGINT,
    answered_at BIGINT
);
CREATE INDEX legacy_out_state ON legacy_out (state, seq);
CREATE INDEX legacy_out_message ON legacy_out (message_id);

-- Files from the legacy order system, each booked once.
CREATE TABLE legacy_in (
    id {key} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    seq BIGINT NOT NULL,
    name TEXT NOT NULL,
    checksum TEXT NOT NULL,
    message_id {key},
    verdict TEXT NOT NULL,
    detail TEXT NOT NULL,
    content TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX legacy_in_seq ON legacy_in (kind, seq);
CREATE INDEX legacy_in_at ON legacy_in (at);
CREATE INDEX legacy_in_message ON legacy_in (message_id);
CREATE TABLE legacy_seen (
    name {key} NOT NULL PRIMARY KEY,
    first_seen BIGINT NOT NULL
);

-- The built-in activation systems: how they behave and what they remember.
CREATE TABLE southbound_behaviour (
    system TEXT NOT NULL PRIMARY KEY,
    late_seconds BIGINT NOT NULL,
    never_next BIGINT NOT NULL,
    twice_next BIGINT NOT NULL,
    refuse_next BIGINT NOT NULL,
    disorder_next BIGINT NOT NULL,
    damaged_next BIGINT NOT NULL,
    silent BIGINT NOT NULL,
    stuck BIGINT NOT NULL
);
INSERT INTO southbound_behaviour (system, late_seconds, never_next, twice_next, refuse_next, disorder_next, damaged_next, silent, stuck)
    VALUES ('tmf641', 0, 0, 0, 0, 0, 0, 0, 0), ('legacy97', 0, 0, 0, 0, 0, 0, 0, 0);
CREATE TABLE southbound_order (
    system TEXT NOT NULL,
    external_id {key} NOT NULL,
    id {key} NOT NULL,
    version BIGINT NOT NULL,
    state TEXT NOT NULL,
    detail TEXT NOT NULL,
    body {json} NOT NULL,
    tell TEXT NOT NULL,
    due BIGINT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (system, external_id)
);
CREATE INDEX southbound_order_due ON southbound_order (due);
CREATE INDEX southbound_order_id ON southbound_order (id);
CREATE TABLE southbound_seen (
    seq BIGINT NOT NULL PRIMARY KEY,
    checksum TEXT NOT NULL,
    answer TEXT NOT NULL
);

INSERT INTO simulator_target (target, delay_ms, fail_permille, fail_next, lose_next, stuck) VALUES
    ('ims', 0, 0, 0, 0, 0), ('transport', 0, 0, 0, 0, 0), ('content-platform', 0, 0, 0, 0, 0), ('iot-platform', 0, 0, 0, 0, 0);

-- Services that other systems activate with us (TMF640), and how that went.
CREATE TABLE activated_service (
    id {key} NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    state TEXT NOT NULL
);
CREATE TABLE activation_monitor (
    id {key} NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    state TEXT NOT NULL
);
