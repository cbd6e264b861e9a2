-- Launches: what a marketer designs, another person approves and the catalogue then sells. `effective_at` is when an
-- approved change takes effect; the design itself is the body.
CREATE TABLE catalog_launch (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL,
    state TEXT NOT NULL, name {key} NOT NULL, family TEXT NOT NULL, offering_id TEXT, base_version BIGINT,
    created_by TEXT NOT NULL, created_by_name TEXT NOT NULL, changed_by TEXT NOT NULL, submitted_at BIGINT,
    decided_by TEXT, decided_by_name TEXT, decided_at BIGINT, effective_at BIGINT, note TEXT NOT NULL, problem {json}, body {json} NOT NULL
);
CREATE INDEX catalog_launch_list ON catalog_launch (org, updated_at);
CREATE INDEX catalog_launch_due ON catalog_launch (state, effective_at);

-- How much each role may take off by hand. Limits are an operator's own; `source` says where they come from.
CREATE TABLE discount_authority (
    role TEXT NOT NULL PRIMARY KEY, max_percent BIGINT NOT NULL, max_fen_month BIGINT NOT NULL, source TEXT NOT NULL
);
INSERT INTO discount_authority (role, max_percent, max_fen_month, source) VALUES
    ('clerk', 5, 500, '默认值，由运营商调整 / default, set by the operator'),
    ('agent', 5, 500, '默认值，由运营商调整 / default, set by the operator'),
    ('manager', 15, 20000, '默认值，由运营商调整 / default, set by the operator'),
    ('marketer', 20, 20000, '默认值，由运营商调整 / default, set by the operator'),
    ('cityadmin', 30, 50000, '默认值，由运营商调整 / default, set by the operator'),
    ('approver', 50, 200000, '默认值，由运营商调整 / default, set by the operator'),
    ('api', 0, 0, '默认值，由运营商调整 / default, set by the operator'),
    ('admin', 100, 100000000, '默认值，由运营商调整 / default, set by the operator');

-- A discount above somebody's limit, asked of those who may. `used_by` is the order that took it: it is good for one.
CREATE TABLE discount_request (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL,
    offering_id TEXT NOT NULL, offering_name TEXT NOT NULL, customer_id TEXT NOT NULL,
    percent BIGINT NOT NULL, fen_month BIGINT NOT NULL, months BIGINT NOT NULL, reason TEXT NOT NULL,
    state TEXT NOT NULL, asked_by TEXT NOT NULL, asked_by_name TEXT NOT NULL,
    decided_by TEXT, decided_by_name TEXT, decided_at BIGINT, note TEXT NOT NULL, expires_at BIGINT NOT NULL, used_by TEXT
);
CREATE INDEX discount_request_list ON discount_request (org, created_at);
CREATE INDEX discount_request_customer ON discount_request (customer_id);
