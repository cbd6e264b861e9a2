-- Customers (TMF629). Indexes end with the id so that a filtered list comes newest first without sorting.
CREATE TABLE customer (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    customer_no {key} NOT NULL,
    name {key} NOT NULL,
    status TEXT NOT NULL,
    party_id TEXT
);
CREATE UNIQUE INDEX customer_no ON customer (customer_no);
CREATE INDEX customer_name ON customer (name, id);
CREATE INDEX customer_party ON customer (party_id);
CREATE INDEX customer_created ON customer (created_at, id);

-- The one look-up index: every text by which a customer is found, folded, in one order; `kind` says what it is
-- (see keys.rs). Certificates are here as blind indexes only. `org` is repeated so that scope costs no second read.
CREATE TABLE customer_key (
    key {key} NOT NULL,
    kind BIGINT NOT NULL,
    customer_id TEXT NOT NULL,
    org {key} NOT NULL,
    PRIMARY KEY (key, kind, customer_id)
) {clustered};
-- Keys that the customer's own document does not give again (kind ≥ 5) must be found by customer.
CREATE INDEX customer_key_owner ON customer_key (customer_id, kind) WHERE kind >= 5;

-- Two clerks entering the same person at once meet here: the second waits for the first, then finds the duplicate.
CREATE TABLE customer_claim (
    claim TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);

-- Contacts and notes, written at the counter or by a channel; never changed.
CREATE TABLE customer_note (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL,
    org {key} NOT NULL,
    kind TEXT NOT NULL,
    text TEXT NOT NULL,
    at BIGINT NOT NULL,
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL
);
CREATE INDEX customer_note_customer ON customer_note (customer_id, id);
