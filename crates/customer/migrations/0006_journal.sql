-- The customer's file: contacts with what came of them, needs and preferences, follow-ups, grades and account managers over
-- time. What was said stays as it was said; only `status`, `result` and `due` of an open matter move.
CREATE TABLE customer_journal (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL,
    org {key} NOT NULL,
    -- interaction, followUp, need, preference, grade, manager
    kind TEXT NOT NULL,
    at BIGINT NOT NULL,
    channel TEXT NOT NULL,
    direction TEXT NOT NULL,
    topic TEXT NOT NULL,
    text TEXT NOT NULL,
    result TEXT NOT NULL,
    -- open, met, dropped; empty where nothing is to be done
    status TEXT NOT NULL,
    due {key},
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    detail {json} NOT NULL
);
CREATE INDEX customer_journal_customer ON customer_journal (customer_id, id);
CREATE INDEX customer_journal_open ON customer_journal (customer_id, kind) WHERE status = 'open';

-- Who looks after whom, now: for a manager's own list and for handing all of it over.
CREATE TABLE customer_manager (
    customer_id TEXT NOT NULL PRIMARY KEY,
    manager_id {key} NOT NULL,
    org {key} NOT NULL,
    since BIGINT NOT NULL
);
CREATE INDEX customer_manager_of ON customer_manager (manager_id, customer_id);
