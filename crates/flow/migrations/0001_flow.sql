-- Work to be done once, later, again if it fails. `run_at` also serves as the lease: taking a job moves it ahead, so a
-- job whose process died is due again by itself.
CREATE TABLE job (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload {json} NOT NULL,
    state TEXT NOT NULL,
    run_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    error TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX job_due ON job (run_at) WHERE state = 'queued';
CREATE INDEX job_dead ON job (created_at) WHERE state = 'dead';

-- One row a saga: its steps are one document, so that starting an order's dozen steps is a single insert. What queries
-- need stands beside it. `due` is when the runner has to look at it next (NULL: only an operator moves it).
CREATE TABLE saga (
    id TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    template_version BIGINT NOT NULL,
    subject_id TEXT NOT NULL,
    org {key} NOT NULL,
    state TEXT NOT NULL,
    backward BIGINT NOT NULL,
    input {json} NOT NULL,
    steps {json} NOT NULL,
    revision BIGINT NOT NULL,
    steps_done BIGINT NOT NULL,
    steps_total BIGINT NOT NULL,
    due BIGINT,
    lease TEXT,
    lease_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX saga_due ON saga (due) WHERE due IS NOT NULL;
CREATE INDEX saga_subject ON saga (subject_id);

-- What waits for a person: one open row for each failed step.
CREATE TABLE fallout (
    id TEXT NOT NULL PRIMARY KEY,
    saga_id TEXT NOT NULL,
    step BIGINT NOT NULL,
    subject_id TEXT NOT NULL,
    org {key} NOT NULL,
    name TEXT NOT NULL,
    title_zh TEXT NOT NULL,
    title_en TEXT NOT NULL,
    target TEXT NOT NULL,
    code TEXT NOT NULL,
    reason_zh TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    since BIGINT NOT NULL,
    state TEXT NOT NULL,
    owner TEXT,
    closed_at BIGINT,
    verb TEXT
);
CREATE UNIQUE INDEX fallout_open ON fallout (saga_id, step) WHERE state = 'open';
CREATE INDEX fallout_since ON fallout (state, since);
CREATE INDEX fallout_subject ON fallout (subject_id);

-- Periodic work: whoever moves `due` ahead runs it.
CREATE TABLE reconciler (
    name TEXT NOT NULL PRIMARY KEY,
    due BIGINT NOT NULL,
    last_run BIGINT,
    error TEXT
);
