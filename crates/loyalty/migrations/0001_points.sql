CREATE TABLE loyalty_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    least BIGINT NOT NULL,
    most BIGINT NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL,
    note_en TEXT NOT NULL
);
INSERT INTO loyalty_setting (name, value, least, most, source, note, note_en) VALUES
    ('enrol.automatic', 0, 0, 1, 'PIPL art. 13 and 14: joining is the customer''s own decision', '首次缴清账单时自动入会（0 否，1 是）', 'join by itself with the first paid bill (0 no, 1 yes)'),
    ('pay.points_per_yuan', 100, 1, 100000, 'default; by the programme''s rules', '抵扣 1 元所需积分', 'points that pay 1 yuan'),
    ('pay.least_points', 100, 1, 1000000, 'default; by the programme''s rules', '每次抵扣最少积分', 'least points of one payment'),
    ('expiry.years', 2, 0, 10, 'default; points of a year end with the last day of the second year after', '积分在获得年度之后保留的自然年数', 'calendar years that points live after the year they were earned in'),
    ('expiry.remind_days', 60, 1, 365, 'default', '到期前多少天提醒', 'days before expiry that the member is told'),
    ('takeback.may_owe', 0, 0, 1, 'default; a balance never reads below zero', '扣回不足时是否记欠积分（0 否，1 是）', 'what cannot be taken back is owed and comes off later earnings (0 no, 1 yes)'),
    ('adjust.most_points', 10000, 1, 100000000, 'default', '单次人工调整上限', 'most points of one correction by hand');

-- TMF658. What is earned for what, as data; the same for everybody below the place that keeps it.
CREATE TABLE loyalty_program (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL
);
CREATE TABLE loyalty_rule (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    program_id TEXT NOT NULL,
    event TEXT NOT NULL,
    -- So many points for each `per_fen`; for each event where that is 0.
    points BIGINT NOT NULL,
    per_fen BIGINT NOT NULL,
    valid_from {key} NOT NULL,
    valid_to {key}
);
CREATE INDEX loyalty_rule_program ON loyalty_rule (program_id, event);
CREATE TABLE loyalty_event_type (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE TABLE loyalty_condition (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE TABLE loyalty_action (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
INSERT INTO loyalty_program (id, version, org, created_at, updated_at, name, state, body) VALUES
    ('lp-points', 1, '/cn', 0, 0, '一台积分', 'active', '{"id":"lp-points","href":"/tmf-api/loyaltyManagement/v1/loyaltyProgramProductSpec/lp-points","@type":"LoyaltyProgramProductSpec","name":"一台积分","productNumber":"LP-001","description":"消费积分：按实缴账单累积，可抵话费、兑礼品","needsLoyaltyAccount":true,"lifeCycleStatus":"active","brand":"一台","validFor":{"startDateTime":"2020-01-01T00:00:00+08:00","endDateTime":"2099-12-31T23:59:59+08:00"}}');
INSERT INTO loyalty_rule (id, version, org, created_at, updated_at, program_id, event, points, per_fen, valid_from, body) VALUES
    ('lr-bill', 1, '/cn', 0, 0, 'lp-points', 'billPaid', 1, 100, '2020-01-01', '{"id":"lr-bill","href":"/tmf-api/loyaltyManagement/v1/loyaltyProgramProductSpec/lp-points/loyaltyRule/lr-bill","@type":"LoyaltyRule","commonName":"缴清账单","description":"账单缴清后每 1 元积 1 分，用积分抵扣的部分不积分","policyName":"billPaid","isCNF":false,"hasSubRules":false,"isMandatoryEvaluation":true,"usage":"earn","keywords":"earn","earn":{"event":"billPaid","points":1,"perFen":100,"validFrom":"2020-01-01"}}'),
    ('lr-consumption', 1, '/cn', 0, 0, 'lp-points', 'consumption', 1, 100, '2020-01-01', '{"id":"lr-consumption","href":"/tmf-api/loyaltyManagement/v1/loyaltyProgramProductSpec/lp-points/loyaltyRule/lr-consumption","@type":"LoyaltyRule","commonName":"单位账户消费","description":"成员直接消费每 1 元积 1 分，记给单位","policyName":"consumption","isCNF":false,"hasSubRules":false,"isMandatoryEvaluation":true,"usage":"earn","keywords":"earn","earn":{"event":"consumption","points":1,"perFen":100,"validFrom":"2020-01-01"}}');

-- A customer of ours is a member once; members of other systems have no customer.
CREATE TABLE loyalty_member (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    customer_id TEXT,
    joined {key} NOT NULL
);
CREATE UNIQUE INDEX loyalty_member_customer ON loyalty_member (customer_id) WHERE customer_id IS NOT NULL AND state <> 'ended';
CREATE INDEX loyalty_member_org ON loyalty_member (org, id);

-- Double entry in points, append only: the entries of a transaction sum to zero. What a member has is positive; the other
-- side is the programme's pool, what a member owes is a side of its own.
CREATE TABLE points_txn (
    id TEXT NOT NULL PRIMARY KEY,
    -- The order within the member: clocks may be set back, and ids with them.
    step BIGINT NOT NULL,
    at BIGINT NOT NULL,
    day {key} NOT NULL,
    kind TEXT NOT NULL,
    member_id TEXT NOT NULL,
    customer_id TEXT,
    org {key} NOT NULL,
    subject_type TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    points BIGINT NOT NULL,
    opening BIGINT NOT NULL,
    closing BIGINT NOT NULL,
    note TEXT NOT NULL,
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL
);
CREATE UNIQUE INDEX points_txn_member ON points_txn (member_id, step);
CREATE INDEX points_txn_subject ON points_txn (subject_id);
CREATE INDEX points_txn_org ON points_txn (org, day);
CREATE INDEX points_txn_day ON points_txn (day);
CREATE TABLE points_entry (
    txn_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    owner TEXT NOT NULL,
    -- The year the points were earned in; 0 beside members.
    year BIGINT NOT NULL,
    points BIGINT NOT NULL,
    PRIMARY KEY (txn_id, seq)
);
CREATE INDEX points_entry_owner ON points_entry (owner, year);
-- What the entries of members add up to, by year of earning. Proven by the check.
CREATE TABLE points_kept (
    owner TEXT NOT NULL,
    year BIGINT NOT NULL,
    points BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (owner, year)
);
CREATE INDEX points_kept_year ON points_kept (year, owner) WHERE points > 0;
-- What has been given for a bill or an event, all in all: the same thing told twice finds it here.
CREATE TABLE points_source (
    source TEXT NOT NULL PRIMARY KEY,
    member_id TEXT NOT NULL,
    year BIGINT NOT NULL,
    points BIGINT NOT NULL,
    fingerprint TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX points_source_member ON points_source (member_id);
-- Payments made with points, so that a reversal gives them back once.
CREATE TABLE points_payment (
    payment_id TEXT NOT NULL PRIMARY KEY,
    member_id TEXT NOT NULL,
    org {key} NOT NULL,
    txn_id TEXT NOT NULL,
    points BIGINT NOT NULL,
    amount_fen BIGINT NOT NULL,
    restored BIGINT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX points_payment_member ON points_payment (member_id);
CREATE TABLE points_gift (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    points BIGINT NOT NULL,
    stock BIGINT NOT NULL,
    state TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX points_gift_org ON points_gift (org, id);
CREATE TABLE points_redemption (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    member_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    gift_id TEXT NOT NULL,
    gift_name TEXT NOT NULL,
    gift_name_en TEXT NOT NULL,
    quantity BIGINT NOT NULL,
    points BIGINT NOT NULL,
    state TEXT NOT NULL,
    txn_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX points_redemption_member ON points_redemption (member_id, id);
CREATE TABLE points_reminder (
    member_id TEXT NOT NULL,
    year BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (member_id, year)
);
