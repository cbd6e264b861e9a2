-- Who held a number when. A row is one holding of a product by one customer and account: another owner or payer begins
-- another row, so that what the one used can never be read or charged under the other.
CREATE TABLE usage_service (
    service_key BIGINT NOT NULL PRIMARY KEY,
    product_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    org {key} NOT NULL,
    cycle_day BIGINT NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT
) {clustered};
CREATE UNIQUE INDEX usage_service_open ON usage_service (product_id) WHERE to_at IS NULL;
CREATE INDEX usage_service_product ON usage_service (product_id, from_at);
CREATE INDEX usage_service_account ON usage_service (account_id);
CREATE INDEX usage_service_customer ON usage_service (customer_id);

CREATE TABLE usage_number (
    number {key} NOT NULL,
    from_at BIGINT NOT NULL,
    to_at BIGINT,
    service_key BIGINT NOT NULL,
    PRIMARY KEY (number, from_at)
) {clustered};
CREATE UNIQUE INDEX usage_number_open ON usage_number (number) WHERE to_at IS NULL;
CREATE INDEX usage_number_service ON usage_number (service_key, from_at);

-- A cycle that has usage or is closed. Whoever takes usage in touches the row first, and closing writes it: so nothing
-- gets into a cycle after it was closed. `cycle` is its first day as a number, 20261101.
CREATE TABLE usage_cycle (
    cycle BIGINT NOT NULL PRIMARY KEY,
    intakes BIGINT NOT NULL,
    closed_at BIGINT
);

-- Records lie in blocks, blocks in runs. Within a run the blocks are in the order of the services and overlap in at
-- most one. Only live runs are read; a run that is being built, and one whose blocks went into another, are not.
CREATE TABLE usage_run (
    id BIGINT NOT NULL PRIMARY KEY,
    cycle BIGINT NOT NULL,
    state TEXT NOT NULL,
    records BIGINT NOT NULL,
    blocks BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    min_at BIGINT NOT NULL,
    max_at BIGINT NOT NULL,
    merger TEXT,
    merging_until BIGINT,
    created_at BIGINT NOT NULL
);
CREATE INDEX usage_run_cycle ON usage_run (cycle, state);
CREATE INDEX usage_run_state ON usage_run (state, merging_until);

CREATE TABLE usage_block (
    run BIGINT NOT NULL,
    last_key BIGINT NOT NULL,
    first_key BIGINT NOT NULL,
    no BIGINT NOT NULL,
    records BIGINT NOT NULL,
    min_at BIGINT NOT NULL,
    max_at BIGINT NOT NULL,
    checksum BIGINT NOT NULL,
    body {blob} NOT NULL,
    PRIMARY KEY (run, last_key, first_key, no)
);

-- Limits with where they come from; `minimum` cannot be gone below.
CREATE TABLE usage_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    minimum BIGINT NOT NULL,
    maximum BIGINT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO usage_setting (name, value, minimum, maximum, zh, en, source) VALUES
    ('retention.months', 13, 5, 120, '原始话单保留月数', 'Months that raw usage is kept',
     '《互联网接入服务规范》（工信部，2013）：原始计费数据至少保留 5 个月 / MIIT, Internet Access Service Specification 2013: raw billing data are kept for 5 months at least'),
    ('future.minutes', 10, 0, 1440, '允许早于系统时间的分钟数', 'Minutes that usage may lie ahead of our clock',
     '经营者设定：网元时钟误差 / set by the operator: clocks of network elements differ');

-- Files taken in. The position moves with the records, so that a killed import goes on behind the last durable row.
CREATE TABLE usage_file (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    digest {key} NOT NULL,
    state TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    position BIGINT NOT NULL,
    line BIGINT NOT NULL,
    taken BIGINT NOT NULL,
    late BIGINT NOT NULL,
    duplicates BIGINT NOT NULL,
    suspended BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    error TEXT,
    operator TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX usage_file_digest ON usage_file (digest) WHERE state <> 'failed';
CREATE INDEX usage_file_org ON usage_file (org, started_at);

CREATE TABLE usage_refusal (
    file_id TEXT NOT NULL,
    line BIGINT NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (file_id, line)
) {clustered};

-- The error pool: records that nobody's service could be found for (or not at that time), kept until they can be taken in
-- or somebody gives them up.
CREATE TABLE usage_suspense (
    id TEXT NOT NULL PRIMARY KEY,
    number {key} NOT NULL,
    source_id {key} NOT NULL,
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    org {key} NOT NULL,
    code TEXT NOT NULL,
    origin TEXT NOT NULL,
    line BIGINT NOT NULL,
    body {json} NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    ended_at BIGINT,
    ended_by TEXT,
    note TEXT
);
CREATE UNIQUE INDEX usage_suspense_open ON usage_suspense (number, source_id) WHERE state = 'open';
CREATE INDEX usage_suspense_state ON usage_suspense (state, created_at, id);
CREATE INDEX usage_suspense_number ON usage_suspense (number);

-- TMF635: usage that came as a document, beside its record; and what kinds of usage there are.
CREATE TABLE usage_document (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    status TEXT NOT NULL,
    usage_type {key},
    usage_date BIGINT,
    -- The record that it became.
    service_key BIGINT,
    cycle BIGINT,
    record_id TEXT
);
CREATE INDEX usage_document_org ON usage_document (org, id);
CREATE INDEX usage_document_status ON usage_document (status, id);
CREATE INDEX usage_document_service ON usage_document (service_key, cycle) WHERE service_key IS NOT NULL;

CREATE TABLE usage_specification (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    name {key} NOT NULL
);
CREATE INDEX usage_specification_name ON usage_specification (name, id);
