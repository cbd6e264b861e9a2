-- Plans are versions: an active one is never changed. `origin` is own, import, or derived from an offering of the
-- catalogue that says what it includes.
CREATE TABLE rate_plan (
    id {key} NOT NULL, version BIGINT NOT NULL, row_version BIGINT NOT NULL, state TEXT NOT NULL, origin TEXT NOT NULL,
    name {key} NOT NULL, name_en TEXT NOT NULL, note TEXT NOT NULL, body {json} NOT NULL, valid_from BIGINT NOT NULL, retired_at BIGINT,
    created_at BIGINT NOT NULL, created_by TEXT NOT NULL, created_by_name TEXT NOT NULL,
    changed_at BIGINT NOT NULL, changed_by TEXT NOT NULL, changed_by_name TEXT NOT NULL,
    activated_at BIGINT, activated_by TEXT, activated_by_name TEXT,
    PRIMARY KEY (id, version)
);
CREATE INDEX rate_plan_state ON rate_plan (state, changed_at);
CREATE UNIQUE INDEX rate_plan_draft ON rate_plan (id) WHERE state = 'draft';

-- Which plan an offering is rated by, where it is not derived from what the offering includes.
CREATE TABLE rate_plan_offering (offering_id TEXT NOT NULL PRIMARY KEY, plan_id TEXT NOT NULL);
CREATE INDEX rate_plan_offering_plan ON rate_plan_offering (plan_id);

-- A product (or a group that owns a pool) is rated by a plan from one moment to another. `source` is the product that
-- brought it: the line itself, or an option on it. What was recorded is never deleted: a taken-back one is void.
CREATE TABLE rate_assignment (
    id {key} NOT NULL PRIMARY KEY, org {key} NOT NULL, product_id {key} NOT NULL, source {key} NOT NULL,
    offering_id TEXT NOT NULL, offering_version BIGINT, plan_id TEXT NOT NULL, plan_version BIGINT NOT NULL,
    from_at BIGINT NOT NULL, to_at BIGINT, recorded_at BIGINT NOT NULL, ended_at BIGINT, voided_at BIGINT
);
CREATE INDEX rate_assignment_product ON rate_assignment (product_id, from_at);
CREATE INDEX rate_assignment_source ON rate_assignment (source);
CREATE INDEX rate_assignment_plan ON rate_assignment (plan_id, plan_version);
CREATE UNIQUE INDEX rate_assignment_open ON rate_assignment (product_id, source) WHERE to_at IS NULL AND voided_at IS NULL;

-- Who shares allowances with whom.
CREATE TABLE rate_share (
    id {key} NOT NULL PRIMARY KEY, org {key} NOT NULL, group_id {key} NOT NULL, product_id {key} NOT NULL,
    from_at BIGINT NOT NULL, to_at BIGINT, recorded_at BIGINT NOT NULL, ended_at BIGINT, voided_at BIGINT
);
CREATE INDEX rate_share_group ON rate_share (group_id, from_at);
CREATE INDEX rate_share_product ON rate_share (product_id, from_at);
CREATE UNIQUE INDEX rate_share_open ON rate_share (product_id, group_id) WHERE to_at IS NULL AND voided_at IS NULL;

-- What was left of an allowance that carries over when its cycle was closed.
CREATE TABLE rate_carry (
    assignment_id {key} NOT NULL, allowance_id TEXT NOT NULL, cycle BIGINT NOT NULL, expires BIGINT NOT NULL, amount BIGINT NOT NULL,
    PRIMARY KEY (assignment_id, cycle, allowance_id, expires)
);

-- Tables that plans refer to. Each row says where it comes from.
CREATE TABLE rate_destination (
    prefix TEXT NOT NULL PRIMARY KEY, class TEXT NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL, source TEXT NOT NULL
);
INSERT INTO rate_destination (prefix, class, name, name_en, source) VALUES
    ('+86', 'domestic', '国内（含国内长途）', 'Mainland China', '工信部：2017-09-01 起取消手机国内长途和漫游费'),
    ('+852', 'hmt', '中国香港', 'Hong Kong, China', 'ITU-T E.164'),
    ('+853', 'hmt', '中国澳门', 'Macao, China', 'ITU-T E.164'),
    ('+886', 'hmt', '中国台湾', 'Taiwan, China', 'ITU-T E.164'),
    ('+', 'international', '国际', 'International', 'ITU-T E.164'),
    ('00', 'international', '国际', 'International', '电信网编号计划（2017 年版）：国际长途字冠 00'),
    ('', 'domestic', '国内短号码', 'Short codes', '电信网编号计划（2017 年版）'),
    ('400', 'service400', '400 主被叫分摊业务', 'Shared-cost numbers', '电信网编号计划（2017 年版）'),
    ('+86400', 'service400', '400 主被叫分摊业务', 'Shared-cost numbers', '电信网编号计划（2017 年版）');
CREATE TABLE rate_free_number (
    number TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, name_en TEXT NOT NULL, source TEXT NOT NULL
);
INSERT INTO rate_free_number (number, name, name_en, source) VALUES
    ('110', '匪警', 'Police', '《中华人民共和国电信条例》第三十六条：公益性电话免费'),
    ('119', '火警', 'Fire brigade', '《中华人民共和国电信条例》第三十六条：公益性电话免费'),
    ('120', '急救', 'Ambulance', '《中华人民共和国电信条例》第三十六条：公益性电话免费'),
    ('122', '交通事故报警', 'Traffic accidents', '《中华人民共和国电信条例》第三十六条：公益性电话免费'),
    ('112', '紧急呼叫', 'Emergency', '3GPP TS 22.101 §10'),
    ('12110', '短信报警', 'Police by SMS', '公安部短信报警号码'),
    ('12395', '水上搜救', 'Search and rescue at sea', '电信网编号计划（2017 年版）'),
    ('10000', '本网客服', 'Own customer service', '运营商自定，可调整 / set by the operator');
CREATE TABLE rate_band (
    id TEXT NOT NULL, seq BIGINT NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL, days BIGINT NOT NULL,
    from_minute BIGINT NOT NULL, to_minute BIGINT NOT NULL, source TEXT NOT NULL, PRIMARY KEY (id, seq)
);
INSERT INTO rate_band (id, seq, name, name_en, days, from_minute, to_minute, source) VALUES
    ('night', 1, '夜间（23:00–7:00）', 'Night (23:00–7:00)', 127, 1380, 420, '运营商自定，可调整 / set by the operator'),
    ('weekend', 1, '周末', 'Weekend', 96, 0, 1440, '运营商自定，可调整 / set by the operator'),
    ('busy', 1, '忙时（工作日 8:00–22:00）', 'Busy hours (working days 8:00–22:00)', 31, 480, 1320, '运营商自定，可调整 / set by the operator');
CREATE TABLE rate_zone (
    code TEXT NOT NULL PRIMARY KEY, class TEXT NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL, source TEXT NOT NULL
);
INSERT INTO rate_zone (code, class, name, name_en, source) VALUES
    ('', 'home', '国内', 'At home', '工信部：2017-09-01 起取消手机国内长途和漫游费'),
    ('+852', 'hmt', '中国香港', 'Hong Kong, China', 'ITU-T E.164'),
    ('+853', 'hmt', '中国澳门', 'Macao, China', 'ITU-T E.164'),
    ('+886', 'hmt', '中国台湾', 'Taiwan, China', 'ITU-T E.164');
CREATE TABLE rate_tax (
    category TEXT NOT NULL, valid_from TEXT NOT NULL, permille BIGINT NOT NULL, name TEXT NOT NULL, name_en TEXT NOT NULL, source TEXT NOT NULL,
    PRIMARY KEY (category, valid_from)
);
INSERT INTO rate_tax (category, valid_from, permille, name, name_en, source) VALUES
    ('basic', '2019-04-01', 90, '基础电信服务', 'Basic telecommunications', '财政部 税务总局 海关总署公告 2019 年第 39 号'),
    ('basic', '2018-05-01', 100, '基础电信服务', 'Basic telecommunications', '财税〔2018〕32 号'),
    ('valueAdded', '2016-05-01', 60, '增值电信服务', 'Value-added telecommunications', '财税〔2016〕36 号'),
    ('none', '2000-01-01', 0, '代收，不计销项税', 'Collected for others', '代收费用 / collected for a third party');
-- Prices outside what an offering includes, for plans that are derived from offerings.
CREATE TABLE rate_default (
    name TEXT NOT NULL PRIMARY KEY, value BIGINT NOT NULL, source TEXT NOT NULL
);
INSERT INTO rate_default (name, value, source) VALUES
    ('call.minute', 15000, '公示资费常见套外单价 0.15 元/分钟，可调整 / usual published price'),
    ('sms.each', 10000, '公示资费常见套外单价 0.1 元/条，可调整 / usual published price'),
    ('mms.each', 30000, '公示资费常见套外单价 0.3 元/条，可调整 / usual published price'),
    ('data.mb', 293, '公示资费常见套外单价 3 元/GB（不足 1 MB 按 1 MB 累计），可调整 / usual published price'),
    ('abroad.minute', 99000, '国际及港澳台漫游 0.99 元/分钟起，可调整 / set by the operator'),
    ('abroad.sms', 39000, '国际及港澳台漫游 0.39 元/条起，可调整 / set by the operator'),
    ('abroad.mb', 10000, '国际及港澳台漫游流量 0.1 元/MB，可调整 / set by the operator'),
    ('international.minute', 100000, '国际及港澳台长途 1 元/分钟起，可调整 / set by the operator'),
    ('international.sms', 100000, '国际短信 1 元/条，可调整 / set by the operator');
