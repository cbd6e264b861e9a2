-- What becomes of a message: when it may go, who took it, whether it arrived.
ALTER TABLE sms_message ADD COLUMN channel TEXT NOT NULL DEFAULT 'sms';
ALTER TABLE sms_message ADD COLUMN subject TEXT NOT NULL DEFAULT '';
-- service (owed to the customer, cannot be refused), business (may be refused), marketing
ALTER TABLE sms_message ADD COLUMN category TEXT NOT NULL DEFAULT 'service';
ALTER TABLE sms_message ADD COLUMN template TEXT NOT NULL DEFAULT '';
-- waiting, sending, sent, delivered, undelivered, failed, expired; received for what came in
ALTER TABLE sms_message ADD COLUMN state TEXT NOT NULL DEFAULT 'waiting';
ALTER TABLE sms_message ADD COLUMN not_before BIGINT NOT NULL DEFAULT 0;
-- The next attempt, or the end of the lease of the one under way.
ALTER TABLE sms_message ADD COLUMN next_at BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sms_message ADD COLUMN expires_at BIGINT NOT NULL DEFAULT 9223372036854775807;
ALTER TABLE sms_message ADD COLUMN attempts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sms_message ADD COLUMN parts BIGINT NOT NULL DEFAULT 0;
ALTER TABLE sms_message ADD COLUMN ended_at BIGINT;
ALTER TABLE sms_message ADD COLUMN error TEXT NOT NULL DEFAULT '';
-- What it was sent for: the same cause is told once.
ALTER TABLE sms_message ADD COLUMN cause TEXT;
UPDATE sms_message SET state = 'received' WHERE direction = 'in';
UPDATE sms_message SET state = 'sent' WHERE direction = 'out' AND fetched_at IS NOT NULL;
CREATE INDEX sms_message_due ON sms_message (channel, next_at, id) WHERE state IN ('waiting', 'sending');
CREATE UNIQUE INDEX sms_message_cause ON sms_message (cause) WHERE cause IS NOT NULL;
CREATE INDEX sms_message_customer ON sms_message (customer_id, at);
CREATE INDEX sms_message_state ON sms_message (org, state, at);

-- A long message goes in parts; each has the gateway's own id, by which its receipt comes.
CREATE TABLE message_part (
    gateway_id TEXT NOT NULL PRIMARY KEY,
    message_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX message_part_message ON message_part (message_id, seq);
-- A receipt may be faster than the answer that names its id.
CREATE TABLE message_receipt (
    gateway_id TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    error TEXT NOT NULL,
    at BIGINT NOT NULL
);

CREATE TABLE message_template (
    code TEXT NOT NULL,
    lang TEXT NOT NULL,
    channel TEXT NOT NULL,
    version BIGINT NOT NULL,
    subject TEXT NOT NULL,
    body TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL,
    PRIMARY KEY (code, lang, channel)
);
CREATE TABLE message_kind (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    category TEXT NOT NULL,
    -- What a text of this kind may speak of, and what it must.
    variables TEXT NOT NULL,
    required TEXT NOT NULL,
    urgent BIGINT NOT NULL,
    source TEXT NOT NULL
);

CREATE TABLE message_preference (
    number {key} NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    customer_id TEXT,
    lang TEXT NOT NULL,
    business BIGINT NOT NULL,
    marketing BIGINT NOT NULL,
    -- page or mo (a message of the customer)
    channel TEXT NOT NULL,
    updated_at BIGINT NOT NULL,
    updated_by TEXT NOT NULL
);
CREATE TABLE message_keyword (
    word {key} NOT NULL PRIMARY KEY,
    -- stop or start
    action TEXT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO message_keyword (word, action, source) VALUES
    ('退订', 'stop', 'usual word of the trade'), ('TD', 'stop', 'usual word of the trade'), ('T', 'stop', 'usual word of the trade'),
    ('0000', 'stop', 'usual word of the trade'), ('STOP', 'stop', 'usual word of the trade'), ('UNSUBSCRIBE', 'stop', 'usual word of the trade'),
    ('订阅', 'start', 'usual word of the trade'), ('DY', 'start', 'usual word of the trade'), ('START', 'start', 'usual word of the trade');
-- Reminders carry no advertising.
CREATE TABLE message_banned_word (
    word {key} NOT NULL PRIMARY KEY,
    source TEXT NOT NULL
);
INSERT INTO message_banned_word (word, source) VALUES
    ('优惠', '工信部用户提醒服务要求（PROCESSES §8, L15）：提醒短信不得夹带广告'), ('促销', '工信部用户提醒服务要求（PROCESSES §8, L15）：提醒短信不得夹带广告'),
    ('抢购', '工信部用户提醒服务要求（PROCESSES §8, L15）：提醒短信不得夹带广告'), ('免费领', '工信部用户提醒服务要求（PROCESSES §8, L15）：提醒短信不得夹带广告'),
    ('特价', '工信部用户提醒服务要求（PROCESSES §8, L15）：提醒短信不得夹带广告'), ('折扣', '工信部用户提醒服务要求（PROCESSES §8, L15）：提醒短信不得夹带广告'),
    ('赠送', '工信部用户提醒服务要求（PROCESSES §8, L15）：提醒短信不得夹带广告'), ('special offer', 'MIIT rule on reminders (PROCESSES §8, L15): no advertising inside'),
    ('discount', 'MIIT rule on reminders (PROCESSES §8, L15): no advertising inside'), ('promotion', 'MIIT rule on reminders (PROCESSES §8, L15): no advertising inside'),
    ('for free', 'MIIT rule on reminders (PROCESSES §8, L15): no advertising inside');
CREATE TABLE message_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL,
    note TEXT NOT NULL
);
INSERT INTO message_setting (name, value, source, note) VALUES
    ('quiet.from_hour', 21, 'default of the system', 'from this hour on, what can wait is kept back'),
    ('quiet.to_hour', 8, 'default of the system', 'until this hour'),
    ('sms.per_second', 100, 'default; as agreed with the gateway', 'parts of messages a second'),
    ('retry.most', 6, 'default of the system', 'attempts before a message is given up'),
    ('retry.first_seconds', 30, 'default of the system', 'wait after the first failure; doubles each time'),
    ('lease_seconds', 120, 'default of the system', 'an attempt that has not answered for so long is taken to be lost'),
    ('expires_hours', 48, 'default of the system', 'a reminder that could not be sent for so long is not sent any more');
