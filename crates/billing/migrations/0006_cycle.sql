-- Bills of a cycle: made by a run that may be killed at any point, one an account and cycle.

-- Lines small: no document beside the columns; both languages of a note come from one short code.
CREATE TABLE bill_line_small (
    bill_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    org {key} NOT NULL,
    subscription_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    product_name TEXT NOT NULL,
    number TEXT NOT NULL,
    name TEXT NOT NULL,
    -- oneTime, recurring, usage or adjustment
    kind TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    days BIGINT,
    note TEXT NOT NULL,
    -- The days it covers, where they are not those of the bill.
    from_day {key},
    to_day {key},
    -- Tax category; empty where the price names none.
    tax TEXT NOT NULL,
    -- What a usage line pins: plan, version, rule, records, quantity, unit.
    detail {json},
    PRIMARY KEY (bill_id, seq)
) {clustered};
INSERT INTO bill_line_small (bill_id, seq, org, subscription_id, product_id, product_name, number, name, kind, amount_fen, days, note, tax)
    SELECT bill_id, seq, org, subscription_id, product_id, product_name, number, name, kind, amount_fen, days, note, '' FROM bill_line;
DROP TABLE bill_line;
ALTER TABLE bill_line_small RENAME TO bill_line;
CREATE INDEX bill_line_org ON bill_line (org, bill_id);

-- When the bill was first printed (账单标志): set once, never again.
ALTER TABLE bill ADD COLUMN printed_at BIGINT;
CREATE TABLE bill_print (
    bill_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    org {key} NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    -- bill or statement
    what TEXT NOT NULL,
    PRIMARY KEY (bill_id, seq)
);

-- Accounts whose cycle is not the natural month.
CREATE TABLE account_cycle (
    account_id TEXT NOT NULL PRIMARY KEY,
    day BIGINT NOT NULL
);
CREATE INDEX account_cycle_day ON account_cycle (day, account_id);

-- Where a product was charged before: a cycle is split by the day.
CREATE TABLE subscription_move (
    subscription_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    effective {key} NOT NULL,
    from_account TEXT NOT NULL,
    to_account TEXT NOT NULL,
    collaboration_id TEXT NOT NULL,
    PRIMARY KEY (subscription_id, seq)
);
CREATE INDEX subscription_move_from ON subscription_move (from_account, effective);

CREATE TABLE suspension_charging (
    reason TEXT NOT NULL PRIMARY KEY,
    -- charged, chargedFor (so many days) or fee
    rule TEXT NOT NULL,
    days BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO suspension_charging (reason, rule, days, source) VALUES
    ('customer', 'fee', 0, 'operator rule for voluntary suspension: 5 yuan a month instead of the monthly fee'),
    ('arrears', 'chargedFor', 30, 'operator rule: while suspended for arrears the monthly fee runs on for 30 days'),
    ('*', 'charged', 0, 'default: the product stays the customer''s');

-- One run a cycle; named by its first day.
CREATE TABLE bill_run (
    cycle {key} NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    -- planned, collecting, billing or done
    state TEXT NOT NULL,
    -- A person has stopped it.
    stopped BIGINT NOT NULL,
    -- How far shares of other payers have been collected.
    collected_to TEXT NOT NULL,
    shares BIGINT NOT NULL,
    alerts BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    started_by TEXT NOT NULL,
    finished_at BIGINT,
    updated_at BIGINT NOT NULL
);
-- Accounts in the order of their ids, cut into parts that can be billed side by side.
CREATE TABLE bill_run_part (
    cycle {key} NOT NULL,
    part BIGINT NOT NULL,
    -- Accounts after this one …
    after_id TEXT NOT NULL,
    -- … up to this one; none for the last part.
    to_id TEXT,
    -- The last account that is done. A batch that finds it elsewhere was done by somebody else.
    position TEXT NOT NULL,
    done BIGINT NOT NULL,
    accounts BIGINT NOT NULL,
    seen BIGINT NOT NULL,
    billed BIGINT NOT NULL,
    failed BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    PRIMARY KEY (cycle, part)
);
-- What products with several payers come to, divided once for owner and payers alike.
CREATE TABLE bill_run_share (
    cycle {key} NOT NULL,
    product_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    account_id TEXT NOT NULL,
    line {json} NOT NULL,
    PRIMARY KEY (cycle, product_id, seq)
);
CREATE INDEX bill_run_share_account ON bill_run_share (account_id, cycle);
-- Accounts that could not be billed: put aside with the reason, tried again by hand.
CREATE TABLE bill_run_failure (
    cycle {key} NOT NULL,
    account_id TEXT NOT NULL,
    org {key} NOT NULL,
    code TEXT NOT NULL,
    detail TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (cycle, account_id)
);

INSERT INTO billing_setting (name, value, source, note) VALUES
    ('bill_run.hour', 2, 'default', 'hour of the day after a cycle''s end at which its bills are made'),
    ('bill_run.auto', 1, 'default', '1: runs start by the clock, 0: only by hand'),
    ('bill_run.batch', 200, 'default', 'accounts a transaction of the run'),
    ('alert.factor', 5, 'Telecommunications Regulations art. 33: more than 5 times the mean of the 3 months before', 'a charge is huge above so many times the mean'),
    ('alert.months', 3, 'Telecommunications Regulations art. 33: more than 5 times the mean of the 3 months before', 'months of the mean'),
    ('alert.least_fen', 10000, 'default; smaller charges alarm nobody', 'no alert below this charge');

CREATE TABLE huge_charge (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    cycle {key} NOT NULL,
    -- soFar (while the cycle runs) or bill
    source TEXT NOT NULL,
    bill_id TEXT,
    amount_fen BIGINT NOT NULL,
    mean_fen BIGINT NOT NULL,
    -- open, handled
    state TEXT NOT NULL,
    note TEXT NOT NULL,
    handled_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    handled_at BIGINT
);
CREATE UNIQUE INDEX huge_charge_once ON huge_charge (account_id, cycle, source);
CREATE INDEX huge_charge_state ON huge_charge (state, org, id);
CREATE INDEX huge_charge_customer ON huge_charge (customer_id, id);
