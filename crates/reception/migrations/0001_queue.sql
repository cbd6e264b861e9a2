-- Kinds of walk-in tickets. Those of '/cn' hold where a hall has none of its own.
CREATE TABLE queue_kind (
    org {key} NOT NULL,
    code TEXT NOT NULL,
    letter TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    rank BIGINT NOT NULL,
    -- expected minutes at the counter, until the day's own figures are known
    minutes BIGINT NOT NULL,
    PRIMARY KEY (org, code)
);
INSERT INTO queue_kind (org, code, letter, zh, en, rank, minutes) VALUES
    ('/cn', 'business', 'A', '业务办理', 'New business and changes', 1, 10),
    ('/cn', 'payment', 'B', '缴费充值', 'Payment and top-up', 2, 3),
    ('/cn', 'enterprise', 'C', '政企客户', 'Enterprise customers', 3, 20),
    ('/cn', 'care', 'D', '咨询投诉', 'Questions and complaints', 4, 8);

-- Who goes before others: as if having come so many minutes earlier. Nobody waits for ever, since time counts for all.
CREATE TABLE queue_priority (
    code TEXT NOT NULL PRIMARY KEY,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    minutes BIGINT NOT NULL,
    -- chosen at the ticket machine, or found by the system alone
    offered BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO queue_priority (code, zh, en, minutes, offered, source) VALUES
    ('none', '普通', 'Ordinary', 0, 0, 'default'),
    ('elderly', '老年人', 'Senior citizen', 30, 1, '工信部《关于切实解决老年人运用智能技术困难》：营业厅老年人优先办理'),
    ('disabled', '残障人士', 'Person with a disability', 30, 1, '无障碍环境建设法 2023：提供优先服务'),
    ('pregnant', '孕妇、带婴幼儿', 'Pregnant or with an infant', 20, 1, 'default; the operator''s own choice'),
    ('vip', '贵宾客户', 'Graded customer', 15, 0, 'default: by the customer''s grade; the operator''s own choice');

CREATE TABLE queue_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO queue_setting (name, value, zh, en, source) VALUES
    ('wait.target_minutes', 15, '等候达标分钟数', 'minutes within which a visitor should be called', 'default; the operator''s own choice'),
    ('call.most', 3, '最多呼叫次数', 'calls before a ticket may be skipped without asking', 'default; the operator''s own choice'),
    ('return.minutes', 60, '过号后多久内可重新排队', 'minutes within which a missed ticket can come back', 'default; the operator''s own choice');

CREATE TABLE queue_ticket (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    day TEXT NOT NULL,
    kind TEXT NOT NULL,
    label TEXT NOT NULL,
    priority TEXT NOT NULL,
    state TEXT NOT NULL,
    taken_at BIGINT NOT NULL,
    -- the order of calling: the time of arrival less the minutes of the priority
    rank_at BIGINT NOT NULL,
    -- a transfer to one counter
    wanted_counter TEXT,
    counter TEXT,
    staff_id TEXT,
    staff_name TEXT,
    customer_id TEXT,
    calls BIGINT NOT NULL,
    called_at BIGINT,
    served_at BIGINT,
    ended_at BIGINT,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX queue_ticket_label ON queue_ticket (org, day, label);
CREATE INDEX queue_ticket_waiting ON queue_ticket (org, day, rank_at, id) WHERE state = 'waiting';
CREATE INDEX queue_ticket_day ON queue_ticket (org, day, state, updated_at);
-- One visitor at a counter, whatever the programs do.
CREATE UNIQUE INDEX queue_ticket_counter ON queue_ticket (org, day, counter) WHERE state IN ('called', 'serving');

CREATE TABLE queue_counter (
    org {key} NOT NULL,
    counter TEXT NOT NULL,
    staff_id TEXT NOT NULL,
    staff_name TEXT NOT NULL,
    kinds {json} NOT NULL,
    state TEXT NOT NULL,
    day TEXT NOT NULL,
    opened_at BIGINT NOT NULL,
    PRIMARY KEY (org, counter)
);
CREATE UNIQUE INDEX queue_counter_staff ON queue_counter (staff_id) WHERE state <> 'closed';
