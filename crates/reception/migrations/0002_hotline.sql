-- A call, from its coming in to its wrapping up.
CREATE TABLE hotline_call (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    agent_id TEXT NOT NULL,
    agent_name TEXT NOT NULL,
    number TEXT NOT NULL,
    customer_id TEXT,
    -- none, basic or full
    level TEXT NOT NULL,
    -- open or wrapped
    state TEXT NOT NULL,
    topic TEXT,
    wrap_code TEXT,
    summary TEXT NOT NULL,
    failures BIGINT NOT NULL,
    methods {json} NOT NULL,
    actions {json} NOT NULL,
    began_at BIGINT NOT NULL,
    verified_at BIGINT,
    ended_at BIGINT,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX hotline_call_open ON hotline_call (agent_id) WHERE state = 'open';
CREATE INDEX hotline_call_customer ON hotline_call (customer_id, began_at);
CREATE INDEX hotline_call_org ON hotline_call (org, began_at);

-- Failed tries to be taken for a customer, over all calls: guessing by calling again is limited too.
CREATE TABLE hotline_failure (
    customer_id TEXT NOT NULL,
    day TEXT NOT NULL,
    failures BIGINT NOT NULL,
    PRIMARY KEY (customer_id, day)
);

-- A one-time code sent to the customer's number, for this call.
CREATE TABLE hotline_code (
    call_id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL,
    blind TEXT NOT NULL,
    sent BIGINT NOT NULL,
    valid_until BIGINT NOT NULL
);

-- Service passwords: a keyed digest only.
CREATE TABLE service_password (
    customer_id TEXT NOT NULL PRIMARY KEY,
    blind TEXT NOT NULL,
    set_by TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE hotline_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO hotline_setting (name, value, zh, en, source) VALUES
    ('verify.failures_call', 3, '每通电话最多核验失败次数', 'failed tries in one call', 'GB/T 22239-2019 8.1.4.1 b) asks for a limit; the number is the operator''s'),
    ('verify.failures_day', 6, '每位客户每日最多核验失败次数', 'failed tries a customer and day', 'GB/T 22239-2019 8.1.4.1 b) asks for a limit; the number is the operator''s'),
    ('code.minutes', 5, '短信验证码有效分钟数', 'minutes a one-time code is valid', 'default; the operator''s own choice'),
    ('code.per_call', 3, '每通电话最多发送验证码次数', 'one-time codes sent in one call', 'default; the operator''s own choice'),
    ('answer.target_seconds', 15, '人工应答达标秒数', 'seconds within which a call should be answered', '3G 服务规范（试行）2009：15 秒 http://xieliaobaba.com/cj/kong/news/2009/04-24/1662605.shtml');

-- How a caller can be verified, and how far each way reaches.
CREATE TABLE hotline_method (
    code TEXT NOT NULL PRIMARY KEY,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    zh_ask TEXT NOT NULL,
    en_ask TEXT NOT NULL,
    level TEXT NOT NULL,
    rank BIGINT NOT NULL
);
INSERT INTO hotline_method (code, zh, en, zh_ask, en_ask, level, rank) VALUES
    ('servicePassword', '服务密码', 'Service password', '请提供您的 6 位服务密码。', 'Please tell me your six-digit service password.', 'full', 1),
    ('certificateTail', '证件后四位', 'Last four of the certificate', '请提供机主证件号码的后四位。', 'Please tell me the last four characters of the holder''s certificate.', 'basic', 2),
    ('billAmount', '近期账单金额', 'Amount of a recent bill', '请提供最近三个月任一账单的应缴金额。', 'Please tell me the amount of one of your last three bills.', 'basic', 3),
    ('oneTimeCode', '短信验证码', 'One-time code', '我已向您的号码发送验证码，请读给我听。', 'I have sent a code to your number; please read it to me.', 'full', 4);

-- The ten quick actions: answered at once, or led to the customer's page.
CREATE TABLE hotline_action (
    code TEXT NOT NULL PRIMARY KEY,
    hotkey TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    -- answer, business or page
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    -- what the caller must have been verified for
    level TEXT NOT NULL,
    rank BIGINT NOT NULL
);
INSERT INTO hotline_action (code, hotkey, zh, en, kind, target, level, rank) VALUES
    ('balance', '1', '余额', 'Balance', 'answer', 'balance', 'basic', 1),
    ('lastBill', '2', '最近账单', 'Last bill', 'answer', 'lastBill', 'basic', 2),
    ('arrears', '3', '欠费', 'Arrears', 'answer', 'arrears', 'basic', 3),
    ('inTransit', '4', '在途订单', 'Orders in transit', 'answer', 'inTransit', 'basic', 4),
    ('sendCode', '5', '发验证码', 'Send a code', 'answer', 'sendCode', 'none', 5),
    ('suspend', '6', '停机', 'Suspend', 'business', 'suspend', 'full', 6),
    ('resume', '7', '复机', 'Resume', 'business', 'resume', 'full', 7),
    ('reportLoss', '8', '挂失', 'Report loss', 'business', 'reportLoss', 'basic', 8),
    ('changePlan', '9', '换套餐', 'Change plan', 'business', 'changePlan', 'full', 9),
    ('porting', '0', '携转资格', 'Porting', 'answer', 'porting', 'full', 10);

-- Why people call: chosen when a call ends.
CREATE TABLE hotline_wrap (
    code TEXT NOT NULL PRIMARY KEY,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    rank BIGINT NOT NULL
);
INSERT INTO hotline_wrap (code, zh, en, rank) VALUES
    ('billQuestion', '咨询 - 账单与余额', 'Question: bills and balance', 1),
    ('tariffQuestion', '咨询 - 资费与套餐', 'Question: tariffs and plans', 2),
    ('business', '办理业务', 'Business done', 3),
    ('orderStatus', '查询订单进度', 'Progress of an order', 4),
    ('fault', '报障', 'Fault reported', 5),
    ('complaint', '投诉', 'Complaint', 6),
    ('porting', '携号转网', 'Number portability', 7),
    ('notVerified', '未通过核验', 'Caller not verified', 8),
    ('callback', '需回访', 'To be called back', 9),
    ('hangUp', '挂断或骚扰', 'Hung up, or nuisance', 10);

-- What to say, by topic. {agent}, {name} and the like are filled in beside the call.
CREATE TABLE hotline_script (
    topic TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    zh_title TEXT NOT NULL,
    en_title TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    rank BIGINT NOT NULL,
    updated_at BIGINT,
    updated_by TEXT
);
INSERT INTO hotline_script (topic, version, zh_title, en_title, zh, en, rank) VALUES
    ('greeting', 1, '开场', 'Opening',
     '您好，一台电信客服，我是 {agent}，很高兴为您服务。
请问您是来电号码的机主本人吗？需要办理什么？',
     'Hello, Yitai customer service, my name is {agent}. How can I help you?
Are you the holder of the number you are calling from?', 1),
    ('verify', 1, '身份核验', 'Verification',
     '为保护您的信息安全，办理前需要核验身份。
请选择：服务密码、证件后四位、近期账单金额或短信验证码。
核验未通过时只能受理报障和一般咨询。',
     'To protect your data I have to verify you first.
You can use the service password, the last four characters of your certificate, the amount of a recent bill, or a code by message.
Without it I can take faults and general questions only.', 2),
    ('bill', 1, '账单与余额', 'Bills and balance',
     '您目前的余额是……，最近一期账单应缴……元，缴费截止日是……。
如对某项费用有疑问，我可以为您逐项核对。',
     'Your balance is …, your last bill is … yuan, payable until ….
If you doubt any item we can go through it together.', 3),
    ('tariff', 1, '资费与套餐', 'Tariffs and plans',
     '先了解客户的用量和需求，再介绍在售且客户符合条件的套餐。
必须说明：月费、包含内容、超出后的费用、合约期和生效时间。
不得默认勾选，不得比较或贬低其他运营商。',
     'Ask for usage and needs first, then name plans that are on sale and open to the customer.
Always tell: monthly fee, what it includes, what exceeding it costs, contract and effective date.
Nothing is chosen silently; no comparison with other operators.', 4),
    ('fault', 1, '报障', 'Faults',
     '请描述现象、开始时间和影响的业务。
我先为您远程检测；若不能恢复，将登记障碍并告知预计修复时限：城镇 48 小时、农村 72 小时内。',
     'Please describe what happens, since when, and which services.
I check it from here first; if that does not help I register the fault: repair within 48 hours in towns, 72 in the country.', 5),
    ('complaint', 1, '投诉', 'Complaints',
     '很抱歉给您带来不便。我会完整记录您的诉求，15 日内答复您。
复述要点并请客户确认；不得承诺权限以外的赔偿。',
     'I am sorry for the trouble. I write it all down and you get an answer within 15 days.
Repeat the points and have them confirmed; promise no compensation beyond your authority.', 6),
    ('porting', 1, '携号转网', 'Number portability',
     '先查询资格，逐项告知不符合的原因，不得只说一项。
符合条件的，说明携出后的损失并请客户确认后发送授权码，1 小时内有效。
客户提出申请后，不得挽留、拖延或降低服务。',
     'Look up eligibility and tell every reason against it, not only one.
If it is possible, tell what will be lost, have it confirmed, then send the code: valid for an hour.
Once the customer has asked, no retention, no delay, no worse service.', 7),
    ('closing', 1, '结束语', 'Closing',
     '请问还有其他可以帮您的吗？感谢来电，请稍后对我的服务评价。再见。',
     'Is there anything else I can do? Thank you for calling; you may rate my service afterwards. Goodbye.', 8);
