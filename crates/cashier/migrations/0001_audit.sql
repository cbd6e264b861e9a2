-- The hall's money on its way up: audit levels, sheets of a hall and day, bank slips, limits of cash.
CREATE TABLE cashier_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL
);
INSERT INTO cashier_setting (name, value, source, note) VALUES
    ('audit.watch_days', 60, 'default', 'days back that unaudited sheets are watched'),
    ('cash.two_persons', 1, 'counter cash rules: two people collect and bank cash', 'a cash deposit names two persons; 0 for one'),
    ('cash.evening_hour', 20, 'default; the counter closes', 'hour from which cash above the limit is an alarm'),
    ('recharge.max_wrong', 5, 'default', 'wrong PINs before a card, or a caller for the day, is locked'),
    ('recharge.batch_max', 20000, 'default', 'most cards of one batch'),
    ('collection.batch_max', 100000, 'default', 'most items of one file'),
    ('collection.answer_days', 5, 'default; by the agreement with the bank', 'days after which an unanswered file is shown as late');

CREATE TABLE audit_level (
    level BIGINT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- Days after the business day from which, and until which, the level is audited.
    from_days BIGINT NOT NULL,
    due_days BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO audit_level (level, name, name_en, from_days, due_days, source) VALUES
    (2, '营业厅稽核', 'Hall audit', 1, 1, 'revenue audit rules of a provincial operator: the hall auditor on the next day'),
    (3, '地市稽核', 'City audit', 2, 2, 'revenue audit rules of a provincial operator: the city auditor on the third day'),
    (4, '省公司稽核', 'Province audit', 2, 7, 'default for the fourth level');

-- Cash that may stay in a hall overnight, by what the day took: the first row whose limit is not exceeded.
CREATE TABLE cash_limit (
    takings_to_fen BIGINT NOT NULL PRIMARY KEY,
    tail_fen BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO cash_limit (takings_to_fen, tail_fen, source) VALUES
    (1000000, 100000, 'counter cash rules: takings up to 10,000 yuan, 1,000 yuan stay'),
    (5000000, 300000, 'counter cash rules: takings up to 50,000 yuan, 3,000 yuan stay'),
    (10000000, 800000, 'counter cash rules: takings up to 100,000 yuan, 8,000 yuan stay'),
    (9000000000000000, 1000000, 'counter cash rules: takings above 100,000 yuan, 10,000 yuan stay');

CREATE TABLE audit_sheet (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    day {key} NOT NULL,
    -- Whom it waits for: hall, city, province; or passed.
    state TEXT NOT NULL,
    audit_code TEXT NOT NULL,
    -- A return begins a new round of checks.
    round BIGINT NOT NULL,
    shifts BIGINT NOT NULL,
    taken_fen BIGINT NOT NULL,
    difference_fen BIGINT NOT NULL,
    hall_by TEXT,
    city_by TEXT,
    province_by TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX audit_sheet_day ON audit_sheet (org, day);
CREATE INDEX audit_sheet_state ON audit_sheet (state, day);
CREATE TABLE audit_step (
    sheet_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    level BIGINT NOT NULL,
    action TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    note TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (sheet_id, seq)
);
CREATE TABLE audit_check (
    sheet_id TEXT NOT NULL,
    round BIGINT NOT NULL,
    level BIGINT NOT NULL,
    -- shift or slip
    item_type TEXT NOT NULL,
    item_id TEXT NOT NULL,
    -- ok or query
    result TEXT NOT NULL,
    note TEXT NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (sheet_id, round, level, item_type, item_id)
);
CREATE TABLE bank_slip (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    sheet_id TEXT NOT NULL,
    method TEXT NOT NULL,
    kind TEXT NOT NULL,
    bank TEXT NOT NULL,
    number TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    slip_day {key} NOT NULL,
    carried_by TEXT NOT NULL,
    witness TEXT NOT NULL,
    -- entered or withdrawn
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    entered_by TEXT NOT NULL,
    entered_name TEXT NOT NULL,
    entered_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX bank_slip_once ON bank_slip (kind, bank, number) WHERE state = 'entered';
CREATE INDEX bank_slip_sheet ON bank_slip (sheet_id, id);
-- One alarm a hall and evening.
CREATE TABLE cash_alert (
    org {key} NOT NULL,
    day {key} NOT NULL,
    on_hand_fen BIGINT NOT NULL,
    limit_fen BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (org, day)
);
