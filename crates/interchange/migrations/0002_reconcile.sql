-- The daily comparison with each billing system (对账): one row for a system and day, the differences beside it.
CREATE TABLE reconcile_run (
    system TEXT NOT NULL,
    day {key} NOT NULL,
    state TEXT NOT NULL,
    ours BIGINT NOT NULL,
    theirs BIGINT NOT NULL,
    differing BIGINT NOT NULL,
    error_zh TEXT,
    error_en TEXT,
    actor TEXT NOT NULL,
    ended_at BIGINT NOT NULL,
    PRIMARY KEY (system, day)
);
CREATE INDEX reconcile_run_day ON reconcile_run (day, system);
CREATE TABLE reconcile_difference (
    system TEXT NOT NULL,
    day {key} NOT NULL,
    order_id TEXT NOT NULL,
    org {key} NOT NULL,
    what TEXT NOT NULL,
    ours {json},
    theirs {json},
    -- open, handled by a person, told again, or settled: gone when it was compared again.
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    actor TEXT NOT NULL,
    found_at BIGINT NOT NULL,
    handled_at BIGINT,
    PRIMARY KEY (system, day, order_id)
);
CREATE INDEX reconcile_difference_state ON reconcile_difference (state, day);
