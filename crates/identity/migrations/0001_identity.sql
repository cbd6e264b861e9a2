-- Systems whose records are joined. `mapping` says which column of their files is what.
CREATE TABLE identity_source (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    mapping {json} NOT NULL,
    created_at BIGINT NOT NULL
);
INSERT INTO identity_source (code, name, mapping, created_at) VALUES
    ('crm', '本系统客户 / customers of this system', '{}', 0),
    ('97', '九七系统用户档案 / subscriber file of the 97 system', '{}', 0),
    ('billing', '计费帐户档案 / account file of billing', '{}', 0),
    ('10000', '10000 号联系人档案 / contact file of the 10000 hotline', '{}', 0);

-- Files taken in. The position moves with the rows, so that a killed import goes on behind the last durable row.
CREATE TABLE identity_file (
    id TEXT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    org {key} NOT NULL,
    name TEXT NOT NULL,
    path TEXT NOT NULL,
    state TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    position BIGINT NOT NULL,
    line BIGINT NOT NULL,
    written BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    operator TEXT NOT NULL,
    error TEXT
);

CREATE TABLE identity_refusal (
    file_id TEXT NOT NULL,
    line BIGINT NOT NULL,
    reason TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (file_id, line)
) {clustered};

-- What a system says of somebody. The certificate is sealed in the body; `features` is what is compared.
CREATE TABLE identity_record (
    no BIGINT NOT NULL PRIMARY KEY,
    source TEXT NOT NULL,
    source_id {key} NOT NULL,
    org {key} NOT NULL,
    name {key} NOT NULL,
    phone TEXT,
    certificate_key TEXT,
    digest TEXT NOT NULL,
    features {blob} NOT NULL,
    body {json} NOT NULL,
    updated_at BIGINT NOT NULL,
    UNIQUE (source, source_id)
);
CREATE INDEX identity_record_name ON identity_record (name);
CREATE INDEX identity_record_phone ON identity_record (phone) WHERE phone IS NOT NULL;
CREATE INDEX identity_record_certificate ON identity_record (certificate_key) WHERE certificate_key IS NOT NULL;

-- Which logical customer a record belongs to.
CREATE TABLE identity_member (
    record_no BIGINT NOT NULL PRIMARY KEY,
    code BIGINT NOT NULL
);
CREATE INDEX identity_member_code ON identity_member (code);

-- A logical customer, under its identification code. A code whose records all went to another leads there.
CREATE TABLE identity_code (
    code BIGINT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    customer_id TEXT,
    records BIGINT NOT NULL,
    customers BIGINT NOT NULL,
    merged_into BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX identity_code_customer ON identity_code (customer_id) WHERE customer_id IS NOT NULL;
CREATE INDEX identity_code_several ON identity_code (customers, code) WHERE customers > 1;

CREATE TABLE identity_history (
    id TEXT NOT NULL PRIMARY KEY,
    code BIGINT NOT NULL,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    detail {json} NOT NULL,
    operator TEXT NOT NULL
);
CREATE INDEX identity_history_code ON identity_history (code, id);

-- One matching. `active` is 1 while it is under way: one at a time.
CREATE TABLE identity_run (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    state TEXT NOT NULL,
    stage TEXT NOT NULL,
    done BIGINT NOT NULL,
    total BIGINT NOT NULL,
    counts {json} NOT NULL,
    active BIGINT,
    started_at BIGINT NOT NULL,
    ended_at BIGINT,
    operator TEXT NOT NULL,
    error TEXT
);
CREATE UNIQUE INDEX identity_run_active ON identity_run (active) WHERE active = 1;

-- Pairs that somebody has to look at, and what was decided. A decision stays while the two records stay what they were.
CREATE TABLE identity_pair (
    a BIGINT NOT NULL,
    b BIGINT NOT NULL,
    run_id TEXT NOT NULL,
    org {key} NOT NULL,
    points BIGINT NOT NULL,
    findings {json} NOT NULL,
    why TEXT NOT NULL,
    state TEXT NOT NULL,
    digest TEXT,
    decided_at BIGINT,
    decided_by TEXT,
    note TEXT,
    PRIMARY KEY (a, b)
);
CREATE INDEX identity_pair_queue ON identity_pair (state, points, a, b);

-- Customers merged: what moved, record by record, so that it can be taken back exactly.
CREATE TABLE customer_merge (
    id TEXT NOT NULL PRIMARY KEY,
    merge_no TEXT NOT NULL,
    org {key} NOT NULL,
    from_id TEXT NOT NULL,
    into_id TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    moved {json} NOT NULL,
    before {json} NOT NULL,
    at BIGINT NOT NULL,
    operator TEXT NOT NULL,
    split_at BIGINT,
    split_by TEXT,
    split_reason TEXT,
    restored {json}
);
CREATE INDEX customer_merge_from ON customer_merge (from_id, id);
CREATE INDEX customer_merge_into ON customer_merge (into_id, id);
