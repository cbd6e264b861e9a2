-- Events, written in the transaction that caused them. `position` is given after commit by one sequencer, so that a
-- reader that has seen position n never misses a smaller one (ids are allocated before commit and may appear late).
CREATE TABLE outbox (
    id TEXT NOT NULL PRIMARY KEY,
    position BIGINT,
    event_type TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    subject_version BIGINT NOT NULL,
    org {key} NOT NULL,
    topic TEXT NOT NULL,
    actor TEXT NOT NULL,
    at BIGINT NOT NULL,
    payload {json} NOT NULL
);
CREATE UNIQUE INDEX outbox_position ON outbox (position);
CREATE INDEX outbox_waiting ON outbox (subject_version, id) WHERE position IS NULL;

CREATE TABLE outbox_cursor (
    consumer TEXT NOT NULL PRIMARY KEY,
    position BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

-- Who did what. Never updated but for `seal`, the checkpoint that the row was counted into.
CREATE TABLE audit_entry (
    id TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    actor_kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    action TEXT NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    org {key} NOT NULL,
    detail {json} NOT NULL,
    seal BIGINT
);
CREATE INDEX audit_entry_subject ON audit_entry (subject_id, at);
CREATE INDEX audit_entry_at ON audit_entry (at);
CREATE INDEX audit_entry_open ON audit_entry (id) WHERE seal IS NULL;
CREATE INDEX audit_entry_seal ON audit_entry (seal);

CREATE TABLE audit_checkpoint (
    seal BIGINT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL,
    entries BIGINT NOT NULL,
    digest TEXT NOT NULL,
    previous TEXT NOT NULL,
    signature TEXT NOT NULL
);

-- The answer given to a keyed request, kept so that a repeat gets the same one.
CREATE TABLE idempotency (
    actor TEXT NOT NULL,
    idempotency_key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    status BIGINT NOT NULL,
    headers TEXT NOT NULL,
    body TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (actor, idempotency_key)
);
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE number_series (
    name TEXT NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
);
