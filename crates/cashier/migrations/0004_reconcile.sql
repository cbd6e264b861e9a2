-- What documents, drawers, ledger and bank say of a hall's day, where they do not say the same.
CREATE TABLE money_check (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    day {key} NOT NULL,
    -- documents (payments and ledger), count (drawer and ledger), bank (slips and ledger), unbanked, collection
    kind TEXT NOT NULL,
    method TEXT NOT NULL,
    left_fen BIGINT NOT NULL,
    right_fen BIGINT NOT NULL,
    -- open, explained, or gone by itself
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    by_name TEXT,
    found_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX money_check_once ON money_check (org, day, kind, method);
CREATE INDEX money_check_state ON money_check (state, day);
