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
);
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
);
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
