-- Figures of the rules, each with who demands it.
CREATE TABLE portability_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    min_value BIGINT NOT NULL,
    max_value BIGINT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    source TEXT NOT NULL,
    updated_at BIGINT
);
INSERT INTO portability_setting (name, value, min_value, max_value, zh, en, source) VALUES
    ('code.minutes', 60, 60, 60, '授权码有效分钟数', 'minutes an authorisation code is valid', '工信部携号转网业务流程：授权码 1 小时内有效 https://3dmxku.com/daquan/zonghe/5436522.html'),
    ('port.days_between', 120, 1, 120, '两次携转之间的自然日', 'natural days between two ports', '工信部《携号转网服务管理规定》配套细则：距离上次携转不少于 120 日 http://ariova.com/zhishibaike/231479.html'),
    ('code.per_day', 5, 1, 50, '同一号码每日可申请授权码次数', 'codes that a number may ask for in a day', 'default: protects against malicious asking; the operator''s own choice'),
    ('confirm.minutes', 30, 5, 120, '短信确认风险的等待分钟数', 'minutes within which risks are to be confirmed by message', 'default; the operator''s own choice'),
    ('donor.minutes', 60, 5, 1440, '携出方未答复多久后提醒', 'minutes without the donor''s answer before a person is told', '工信部携号转网业务流程：1 小时内生效 https://3dmxku.com/daquan/zonghe/5436522.html'),
    ('poll.seconds', 30, 5, 600, '主动查询集中系统的间隔秒数', 'seconds between two questions to the central system', 'default; the operator''s own choice'),
    ('effective.grace_seconds', 60, 5, 3600, '到生效时点后多久仍无通知即主动查询', 'seconds after the effective time without notice before the central system is asked', 'default; the operator''s own choice');

-- Why a number may not leave (yet). The texts speak of {values}; the reasons are the law's, none may be invented.
CREATE TABLE portability_reason (
    code TEXT NOT NULL PRIMARY KEY,
    rank BIGINT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    zh_help TEXT NOT NULL,
    en_help TEXT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO portability_reason (code, rank, zh, en, zh_help, en_help, source) VALUES
    ('port.not_ours', 1, '号码 {number} 不是本网在用号码', 'The number {number} is not in use with us', '请核对号码，或向号码所在运营商申请', 'Check the number, or ask the operator that serves it', '携号转网服务管理规定 第二条 https://www.hellobit.com.cn/news/2019-11-11/45937.html'),
    ('port.not_mobile', 2, '仅蜂窝移动用户可携转，{family} 不在范围（物联网号码除外）', 'Only cellular users can port; {family} is not within the scope (nor are IoT numbers)', '固定电话、宽带和物联网号码不能携转', 'Fixed lines, broadband and IoT numbers cannot be ported', '携号转网服务管理规定 第二条 https://www.hellobit.com.cn/news/2019-11-11/45937.html'),
    ('port.not_real_name', 3, '号码未完成实名登记', 'The number has no real-name registration', '请持有效证件到营业厅补登记', 'Bring a valid certificate to a hall and register', '携转条件：已实名 http://ariova.com/zhishibaike/231479.html'),
    ('port.not_holder', 4, '姓名或证件号码与登记机主不一致', 'Name or certificate is not that of the registered holder', '请由机主本人以登记证件申请，或先办理过户', 'The holder has to ask with the registered certificate, or transfer the number first', '携转条件：实名一致 http://ariova.com/zhishibaike/231479.html'),
    ('port.corporate', 5, '号码登记在单位名下', 'The number is registered to an organisation', '请先办理过户到使用人个人名下', 'First transfer it to a natural person', '携转条件：单位证件号码先过户到自然人 http://ariova.com/zhishibaike/231479.html'),
    ('port.not_active', 6, '号码状态为{state}，不是正常状态', 'The number is {state}, not in normal state', '请先复机、解挂或结清后再申请', 'Resume it, withdraw the loss report or settle first', '携转条件：号码状态正常 http://ariova.com/zhishibaike/231479.html'),
    ('port.arrears', 7, '已出账费用未结清：{amount} 元', 'Issued bills are not settled: {amount} yuan', '请缴清后再申请', 'Pay them, then ask again', '携转条件：已出账费用结清 http://ariova.com/zhishibaike/231479.html'),
    ('port.contract', 8, '合约「{contract}」到 {until} 才满', 'The contract “{contract}” runs until {until}', '请在合约期满后申请，或先办理解约', 'Ask after it ends, or have it released first', '携转条件：无在网期限协议或已解除 http://ariova.com/zhishibaike/231479.html'),
    ('port.too_soon', 9, '距上次携转不足 {days} 日，{until} 起可申请', 'The last port is less than {days} days ago: possible from {until}', '请在该日期之后申请', 'Ask on or after that day', '携转条件：距上次携转满 120 个自然日 http://ariova.com/zhishibaike/231479.html'),
    ('port.local_network', 10, '只能在同一本地网内携转：号码属 {home}，携入方为 {there}', 'Porting is within one local network: the number belongs to {home}, the recipient is in {there}', '请到号码归属地的运营商办理', 'Ask an operator in the number''s own area', '携号转网服务管理规定 第二条 https://www.hellobit.com.cn/news/2019-11-11/45937.html'),
    ('port.code', 11, '授权码未申请、已过期或不符', 'The authorisation code was not issued, has expired or does not match', '请重新发送 SQXZ 申请授权码，1 小时内使用', 'Ask for a new code by SQXZ and use it within an hour', '授权码有效期 1 小时 https://3dmxku.com/daquan/zonghe/5436522.html'),
    ('port.in_progress', 12, '该号码正在携转中', 'The number is being ported already', '请等待结果', 'Wait for the result', '携号转网业务流程 https://3dmxku.com/daquan/zonghe/5436522.html');

-- What the law forbids; shown to those who deal with porting.
CREATE TABLE portability_prohibition (
    code TEXT NOT NULL PRIMARY KEY,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    kept_by TEXT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO portability_prohibition (code, zh, en, kept_by, source) VALUES
    ('refuse', '无正当理由拒绝、阻止、拖延', 'Refusing, hindering or delaying without cause', '资格由系统按条件表判断，一次列全', '携号转网服务管理规定 https://www.hellobit.com.cn/news/2019-11-11/45937.html'),
    ('interfere', '用户申请后干扰其自由选择', 'Interfering with the free choice after the application', '申请后停止营销与挽留，停机类操作受限', '携号转网服务管理规定 https://www.hellobit.com.cn/news/2019-11-11/45937.html'),
    ('invent', '擅自扩大在网期限协议的范围', 'Inventing or widening in-net terms', '只认计费系统中的在网合约', '携号转网服务管理规定 https://www.hellobit.com.cn/news/2019-11-11/45937.html'),
    ('degrade', '降低已申请用户的服务质量', 'Degrading the service of an applicant', '生效前线路保持不变', '携号转网服务管理规定 https://www.hellobit.com.cn/news/2019-11-11/45937.html'),
    ('compare', '比较性虚假宣传', 'Comparative or false advertising', '话术中不含比较内容', '携号转网服务管理规定 https://www.hellobit.com.cn/news/2019-11-11/45937.html'),
    ('special', '为携转用户设置专项资费', 'Special tariffs for porting users', '商品目录拒绝以携入为条件的商品', '携号转网服务管理规定 https://www.hellobit.com.cn/news/2019-11-11/45937.html'),
    ('malicious', '恶意代办', 'Malicious porting by proxy', '核对机主证件，授权码只发到原号码', '携号转网服务管理规定 https://www.hellobit.com.cn/news/2019-11-11/45937.html'),
    ('keep', '用户退网后继续占用携入号码', 'Keeping a ported-in number after its user has left', '携入号码拆机后自动归还', '携号转网服务管理规定 https://www.hellobit.com.cn/news/2019-11-11/45937.html');

-- Operators by the code that the central system uses; one is us.
CREATE TABLE portability_operator (
    code TEXT NOT NULL PRIMARY KEY,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    own BIGINT NOT NULL
);
INSERT INTO portability_operator (code, zh, en, own) VALUES
    ('001', '一台电信', 'Yitai', 1),
    ('002', '甲移动', 'Operator A', 0),
    ('003', '乙联通', 'Operator B', 0),
    ('004', '丙广电', 'Operator C', 0);

-- Where the central system is; empty for the built-in one.
CREATE TABLE portability_centre (
    id BIGINT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL
);
INSERT INTO portability_centre (id, url) VALUES (1, '');

-- A number on its way in: what the steps of an order keep about it.
CREATE TABLE port_in (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    order_id TEXT NOT NULL,
    product_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    number TEXT NOT NULL,
    donor TEXT NOT NULL,
    -- the step's key; the request's key is this and the try
    step_key TEXT NOT NULL,
    tries BIGINT NOT NULL,
    sealed_code TEXT NOT NULL,
    certificate_digest TEXT NOT NULL,
    state TEXT NOT NULL,
    -- the highest revision of the central system that was taken over
    revision BIGINT NOT NULL,
    live BIGINT NOT NULL,
    requested_at BIGINT,
    effective_at BIGINT,
    reasons {json} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX port_in_step ON port_in (step_key);
CREATE UNIQUE INDEX port_in_live ON port_in (number) WHERE live = 1;
CREATE INDEX port_in_order ON port_in (order_id);
CREATE INDEX port_in_number ON port_in (number, effective_at);
CREATE INDEX port_in_org ON port_in (org, created_at);

-- Authorisation codes we issued as the donor, and what their holder was told and confirmed.
CREATE TABLE port_code (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    number TEXT NOT NULL,
    product_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    sealed TEXT NOT NULL,
    digest TEXT NOT NULL,
    certificate_digest TEXT NOT NULL,
    -- asked (risks told, not confirmed), issued, used, replaced
    state TEXT NOT NULL,
    channel TEXT NOT NULL,
    risks {json} NOT NULL,
    confirmed_at BIGINT,
    registered_at BIGINT,
    valid_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    operator_name TEXT NOT NULL
);
CREATE UNIQUE INDEX port_code_live ON port_code (number) WHERE state IN ('asked', 'issued');
CREATE INDEX port_code_number ON port_code (number, created_at);
CREATE INDEX port_code_org ON port_code (org, created_at);
CREATE INDEX port_code_customer ON port_code (customer_id, created_at);

-- Numbers on their way out, as the central system asked.
CREATE TABLE port_out (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    request_id TEXT NOT NULL,
    number TEXT NOT NULL,
    product_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    recipient TEXT NOT NULL,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    live BIGINT NOT NULL,
    effective_at BIGINT,
    order_id TEXT,
    reasons {json} NOT NULL,
    problem TEXT NOT NULL,
    dues_fen BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX port_out_request ON port_out (request_id);
CREATE UNIQUE INDEX port_out_live ON port_out (number) WHERE live = 1;
CREATE INDEX port_out_number ON port_out (number, created_at);
CREATE INDEX port_out_customer ON port_out (customer_id, created_at);
CREATE INDEX port_out_org ON port_out (org, created_at);
CREATE INDEX port_out_work ON port_out (state, updated_at) WHERE live = 1;

-- What came from the central system, as it came: a notice is taken once.
CREATE TABLE port_notice (
    id TEXT NOT NULL PRIMARY KEY,
    request_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    revision BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX port_notice_request ON port_notice (request_id, at);

-- The built-in central system: tables of its own, which nobody else reads.
CREATE TABLE npc_number (
    number TEXT NOT NULL PRIMARY KEY,
    home TEXT NOT NULL,
    owner TEXT NOT NULL,
    network TEXT NOT NULL,
    name TEXT NOT NULL,
    certificate_digest TEXT NOT NULL,
    since BIGINT NOT NULL
);
CREATE TABLE npc_code (
    number TEXT NOT NULL PRIMARY KEY,
    donor TEXT NOT NULL,
    digest TEXT NOT NULL,
    certificate_digest TEXT NOT NULL,
    valid_until BIGINT NOT NULL,
    failures BIGINT NOT NULL
);
CREATE TABLE npc_request (
    id TEXT NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    recipient TEXT NOT NULL,
    donor TEXT NOT NULL,
    network TEXT NOT NULL,
    certificate_digest TEXT NOT NULL,
    state TEXT NOT NULL,
    revision BIGINT NOT NULL,
    effective_at BIGINT,
    reasons {json} NOT NULL,
    asked_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX npc_request_live ON npc_request (number) WHERE state IN ('pending', 'accepted');
CREATE INDEX npc_request_work ON npc_request (state, asked_at);
CREATE TABLE npc_notice (
    id TEXT NOT NULL PRIMARY KEY,
    body {json} NOT NULL,
    due BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    copies BIGINT NOT NULL
);
CREATE INDEX npc_notice_due ON npc_notice (due, id);
CREATE TABLE npc_behaviour (
    id BIGINT NOT NULL PRIMARY KEY,
    -- answers of other operators as donors
    donor_seconds BIGINT NOT NULL,
    donor_silent BIGINT NOT NULL,
    donor_refuse_next BIGINT NOT NULL,
    -- of the central system itself
    refuse_next BIGINT NOT NULL,
    lose_answer_next BIGINT NOT NULL,
    notice_seconds BIGINT NOT NULL,
    notice_lose_next BIGINT NOT NULL,
    notice_twice BIGINT NOT NULL,
    down BIGINT NOT NULL
);
INSERT INTO npc_behaviour (id, donor_seconds, donor_silent, donor_refuse_next, refuse_next, lose_answer_next, notice_seconds, notice_lose_next, notice_twice, down)
    VALUES (1, 5, 0, 0, 0, 0, 0, 0, 0, 0);
-- How the built-in central system reaches us: the address and its own token, sealed.
CREATE TABLE npc_peer (
    operator TEXT NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    sealed_token TEXT NOT NULL
);
