-- Imports from files. A batch's position moves in the transaction that holds its rows, so that an import killed at any
-- moment goes on behind the last durable row.
CREATE TABLE import_batch (
    id TEXT NOT NULL PRIMARY KEY,
    file TEXT NOT NULL,
    checksum TEXT NOT NULL,
    org {key} NOT NULL,
    state TEXT NOT NULL,
    bytes BIGINT NOT NULL,
    position BIGINT NOT NULL,
    line BIGINT NOT NULL,
    created BIGINT NOT NULL,
    updated BIGINT NOT NULL,
    unchanged BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    errors_bytes BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX import_batch_checksum ON import_batch (checksum, state);

-- What a batch created …
CREATE TABLE import_created (
    batch_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    PRIMARY KEY (batch_id, customer_id)
) {clustered};

-- … and what the records it updated looked like before; certificates in it are sealed.
CREATE TABLE import_before (
    batch_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    org {key} NOT NULL,
    customer {json} NOT NULL,
    customer_version BIGINT NOT NULL,
    party {json},
    party_version BIGINT,
    PRIMARY KEY (batch_id, customer_id)
) {clustered};
