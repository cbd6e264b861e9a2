-- Who counted a drawer that its cashier could not count; cash given from one drawer to another; figures kept by day and month.
ALTER TABLE shift ADD COLUMN closed_by TEXT;
ALTER TABLE shift ADD COLUMN closed_by_name TEXT;

CREATE TABLE shift_hand_over (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    day {key} NOT NULL,
    from_shift TEXT NOT NULL,
    from_operator TEXT NOT NULL,
    from_name TEXT NOT NULL,
    -- Whoever of the hall takes it.
    to_operator TEXT,
    to_name TEXT,
    to_shift TEXT,
    cash_fen BIGINT NOT NULL,
    -- offered, accepted, refused or withdrawn
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    offered_at BIGINT NOT NULL,
    answered_at BIGINT
);
CREATE UNIQUE INDEX shift_hand_over_offered ON shift_hand_over (from_shift) WHERE state = 'offered';
CREATE INDEX shift_hand_over_org ON shift_hand_over (org, day, id);

-- Sums that reports are made of, each at its place and at every place above it. Every one can be computed again from the
-- bills, the ledger and the subscriptions.
CREATE TABLE figure_sum (
    figure TEXT NOT NULL,
    org {key} NOT NULL,
    -- A day or a month.
    period {key} NOT NULL,
    -- What the figure is divided by, such as family and kind of charge.
    part TEXT NOT NULL,
    detail TEXT NOT NULL,
    parent {key} NOT NULL,
    fen BIGINT NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (figure, org, period, part, detail)
) {clustered};
CREATE INDEX figure_sum_parent ON figure_sum (figure, parent, period);
-- How far each stream has been added up; when each picture was taken.
CREATE TABLE figure_state (
    name TEXT NOT NULL PRIMARY KEY,
    position TEXT NOT NULL,
    at BIGINT NOT NULL
);
