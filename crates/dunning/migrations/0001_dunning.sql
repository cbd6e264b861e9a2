-- Credit control (欠费停复机): the law, the policies, the cases, what people decided.
-- Figures of law. An organisation path narrows a row to a province; of several that hold the one kinder to customers counts.
CREATE TABLE dunning_law (
    name TEXT NOT NULL,
    org {key} NOT NULL,
    value BIGINT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (name, org)
);
INSERT INTO dunning_law (name, org, value, zh, en, source) VALUES
    ('suspend_days', '/cn', 30, '逾期满 30 日方可暂停服务', 'service may be suspended when a debt is 30 days overdue', '《电信条例》第三十四条 / Telecommunications Regulations of the PRC art. 34'),
    ('terminate_days', '/cn', 60, '暂停服务满 60 日方可终止', 'service may be terminated 60 days after its suspension', '《电信条例》第三十四条 / Telecommunications Regulations of the PRC art. 34'),
    ('restore_hours', '/cn', 48, '缴清后 48 小时内恢复', 'service is restored within 48 hours of full payment', '《电信条例》第三十四条 / Telecommunications Regulations of the PRC art. 34'),
    ('restore_hours', '/cn/41', 24, '缴清后 24 小时内恢复', 'service is restored within 24 hours of full payment', '《河南省电信条例》第二十四条 / Henan rules art. 24'),
    ('remind_first', '/cn', 1, '停机前须先催缴提醒', 'a reminder comes before the suspension', '工信部用户提醒服务要求 / MIIT rule on reminders to users'),
    ('temporary_credit_days', '/cn', 7, '临时信用额度不超过 7 天', 'a temporary credit lasts 7 days at most', '运营商信控通行规则 / usual rule of operators');

CREATE TABLE dunning_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL
);
INSERT INTO dunning_setting (name, value, source, note) VALUES
    ('sweep.hour', 9, 'default of the system', 'from this hour on the day''s sweep runs'),
    ('promise.max_days', 15, 'default of the system', 'longest promise to pay'),
    ('hold.max_days', 90, 'default of the system', 'longest hold of a case'),
    ('credit.max_fen', 500000, 'default of the system', 'largest credit without a second person'),
    ('balance.low_fen', 1000, 'default of the system', 'a balance below this is told to the customer'),
    ('reopen.days', 60, 'default of the system', 'a payment taken back within so many days puts its case back where it stood'),
    ('task.days', 3, 'default of the system', 'a task of an account manager is due after so many days');

CREATE TABLE dunning_policy (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- The smaller is tried first.
    priority BIGINT NOT NULL,
    state TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE TABLE dunning_policy_version (
    id TEXT NOT NULL,
    version BIGINT NOT NULL,
    body {json} NOT NULL,
    at BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    PRIMARY KEY (id, version)
);
INSERT INTO dunning_policy (id, version, org, name, name_en, priority, state, updated_at, updated_by) VALUES
    ('key-accounts', 1, '/cn', '大客户（经理跟进）', 'Key accounts (by their manager)', 10, 'active', 0, 'system'),
    ('organizations', 1, '/cn', '单位客户', 'Organisations', 50, 'active', 0, 'system'),
    ('standard', 1, '/cn', '公众客户标准', 'Standard for the public', 100, 'active', 0, 'system');
INSERT INTO dunning_policy_version (id, version, body, at, by_name) VALUES
    ('key-accounts', 1, '{"match":{"kinds":[],"grades":["diamond","platinum","gold","key"],"families":[]},"minFen":1000,"keyAccount":true,"steps":[{"kind":"remind","days":5,"channels":["sms","mail"]},{"kind":"remind","days":15,"channels":["sms","mail"]},{"kind":"barOutgoing","days":25,"channels":["sms"]},{"kind":"barAll","days":30,"channels":["sms"]},{"kind":"preCancel","days":60,"channels":["sms","mail"]},{"kind":"terminate","days":30,"channels":["sms","mail"],"approval":true},{"kind":"writeOff","days":365,"channels":[],"approval":true}]}', 0, 'system'),
    ('organizations', 1, '{"match":{"kinds":["organization"],"grades":[],"families":[]},"minFen":1000,"keyAccount":false,"steps":[{"kind":"remind","days":3,"channels":["sms","mail"]},{"kind":"remind","days":12,"channels":["sms","mail"]},{"kind":"barOutgoing","days":25,"channels":["sms"]},{"kind":"barAll","days":20,"channels":["sms"]},{"kind":"preCancel","days":60,"channels":["sms","mail"]},{"kind":"terminate","days":30,"channels":["sms"],"approval":true},{"kind":"writeOff","days":365,"channels":[],"approval":true}]}', 0, 'system'),
    ('standard', 1, '{"match":{"kinds":[],"grades":[],"families":[]},"minFen":500,"keyAccount":false,"steps":[{"kind":"remind","days":1,"channels":["sms"]},{"kind":"remind","days":10,"channels":["sms"]},{"kind":"remind","days":12,"channels":["sms"]},{"kind":"barOutgoing","days":8,"channels":["sms"]},{"kind":"barAll","days":14,"channels":["sms"]},{"kind":"preCancel","days":45,"channels":["sms"]},{"kind":"terminate","days":30,"channels":["sms"]},{"kind":"writeOff","days":365,"channels":[],"approval":true}]}', 0, 'system');

-- One account being dunned. At most one open case an account.
CREATE TABLE dunning_case (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    policy_id TEXT NOT NULL,
    policy_version BIGINT NOT NULL,
    state TEXT NOT NULL,
    -- How many steps of the policy are done, and the kind of the last of them.
    steps_done BIGINT NOT NULL,
    step TEXT NOT NULL,
    -- The day of the last step; of the due date before the first.
    step_on {key} NOT NULL,
    oldest_due {key} NOT NULL,
    overdue_fen BIGINT NOT NULL,
    -- How far the account is to be barred, and what order entry was told last.
    level TEXT NOT NULL,
    told_level TEXT NOT NULL,
    told_count BIGINT NOT NULL,
    reminded_on {key},
    suspended_on {key},
    noticed_on {key},
    -- promise, exempt, dispute, other; empty for none
    hold TEXT NOT NULL,
    hold_until {key},
    hold_lifts BIGINT NOT NULL,
    hold_reason TEXT NOT NULL,
    restore_by BIGINT,
    restored_at BIGINT,
    opened_at BIGINT NOT NULL,
    closed_at BIGINT,
    close_reason TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX dunning_case_open ON dunning_case (account_id) WHERE state = 'open';
CREATE INDEX dunning_case_account ON dunning_case (account_id, opened_at);
CREATE INDEX dunning_case_customer ON dunning_case (customer_id, opened_at);
CREATE INDEX dunning_case_step ON dunning_case (state, step, org);
CREATE INDEX dunning_case_restore ON dunning_case (restore_by) WHERE restore_by IS NOT NULL AND restored_at IS NULL;
CREATE TABLE dunning_history (
    case_id TEXT NOT NULL,
    n BIGINT NOT NULL,
    at BIGINT NOT NULL,
    what TEXT NOT NULL,
    step TEXT NOT NULL,
    overdue_fen BIGINT NOT NULL,
    note TEXT NOT NULL,
    actor TEXT NOT NULL,
    PRIMARY KEY (case_id, n)
);

CREATE TABLE dunning_credit (
    account_id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    customer_id TEXT NOT NULL,
    -- controlled, or uncontrolled (非信控)
    kind TEXT NOT NULL,
    limit_fen BIGINT NOT NULL,
    temporary_fen BIGINT NOT NULL,
    temporary_until {key},
    reason TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE INDEX dunning_credit_temporary ON dunning_credit (temporary_until) WHERE temporary_until IS NOT NULL;
CREATE TABLE dunning_credit_change (
    id TEXT NOT NULL PRIMARY KEY,
    account_id TEXT NOT NULL,
    at BIGINT NOT NULL,
    kind TEXT NOT NULL,
    limit_fen BIGINT NOT NULL,
    temporary_fen BIGINT NOT NULL,
    temporary_until {key},
    reason TEXT NOT NULL,
    actor TEXT NOT NULL
);
CREATE INDEX dunning_credit_change_account ON dunning_credit_change (account_id, id);

-- What the system does not do by itself: the account manager's decision, and a second person's.
CREATE TABLE dunning_task (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    case_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    step TEXT NOT NULL,
    step_no BIGINT NOT NULL,
    manager_id TEXT NOT NULL,
    manager_name TEXT NOT NULL,
    -- open, proposed, approved, refused, deferred, void
    state TEXT NOT NULL,
    -- proceed or defer
    proposal TEXT NOT NULL,
    defer_until {key},
    reason TEXT NOT NULL,
    proposed_by TEXT NOT NULL,
    proposed_name TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_name TEXT NOT NULL,
    decision TEXT NOT NULL,
    due_on {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX dunning_task_live ON dunning_task (case_id) WHERE state IN ('open', 'proposed');
CREATE INDEX dunning_task_state ON dunning_task (state, org, due_on);
CREATE INDEX dunning_task_case ON dunning_task (case_id, created_at);

CREATE TABLE dunning_write_off (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    case_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    recovered_fen BIGINT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT NOT NULL,
    asked_by TEXT NOT NULL,
    approved_by TEXT NOT NULL,
    at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX dunning_write_off_customer ON dunning_write_off (customer_id, at);
CREATE INDEX dunning_write_off_org ON dunning_write_off (org, at);

-- A pass over all accounts; where it stands is saved with each part of it.
CREATE TABLE dunning_sweep (
    id TEXT NOT NULL PRIMARY KEY,
    day {key} NOT NULL,
    state TEXT NOT NULL,
    after_account TEXT NOT NULL,
    looked BIGINT NOT NULL,
    opened BIGINT NOT NULL,
    stepped BIGINT NOT NULL,
    closed BIGINT NOT NULL,
    tasks BIGINT NOT NULL,
    told BIGINT NOT NULL,
    started_by TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE UNIQUE INDEX dunning_sweep_running ON dunning_sweep (state) WHERE state = 'running';
CREATE INDEX dunning_sweep_day ON dunning_sweep (day, started_at);
