-- What stands against a customer: blacklist (refuses new business) and abnormal marks (warn). A mark on a certificate
-- follows the person to every record with that certificate. Never deleted: lifted, with a reason.
CREATE TABLE customer_standing (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    customer_id TEXT NOT NULL,
    certificate_key TEXT,
    kind TEXT NOT NULL,
    category TEXT NOT NULL,
    reason TEXT NOT NULL,
    source TEXT NOT NULL,
    from_at BIGINT NOT NULL,
    until_at BIGINT,
    state TEXT NOT NULL,
    made_by TEXT NOT NULL,
    lifted_at BIGINT,
    lifted_by TEXT,
    lift_reason TEXT
);
CREATE INDEX customer_standing_customer ON customer_standing (customer_id, state);
CREATE INDEX customer_standing_certificate ON customer_standing (certificate_key) WHERE state = 'active' AND certificate_key IS NOT NULL;
CREATE INDEX customer_standing_list ON customer_standing (state, id);

-- Customers whose name must be verified again because their use looks risky; the measure grows with the time they let pass.
CREATE TABLE name_review (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    customer_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    level BIGINT NOT NULL,
    state TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    opened_at BIGINT NOT NULL,
    opened_by TEXT NOT NULL,
    verification_id TEXT,
    ended_at BIGINT,
    ended_by TEXT,
    end_note TEXT
);
CREATE UNIQUE INDEX name_review_open ON name_review (customer_id) WHERE state = 'open';
CREATE INDEX name_review_list ON name_review (state, due_at);

-- The measures in their order: what a customer may still do, and how long until the next one.
CREATE TABLE name_review_measure (
    level BIGINT NOT NULL PRIMARY KEY,
    measure TEXT NOT NULL,
    days BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO name_review_measure (level, measure, days, source) VALUES
    (1, 'notice', 7, 'default of the system: notice to verify; Anti-fraud act (2022), art. 10 and 11'),
    (2, 'refuseNew', 7, 'default of the system: no new business; Anti-fraud act (2022), art. 11'),
    (3, 'suspend', 180, 'default of the system: lines suspended; removed after six months by the notice on real name'),
    (4, 'remove', 0, 'MIIT notice on real name: removed six months after the suspension');
