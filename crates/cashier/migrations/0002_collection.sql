-- Collection by banks (托收): who agreed, what was asked, what the bank answered. Each answer is booked once.
CREATE TABLE collection_bank (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO collection_bank (code, name, name_en, source) VALUES
    ('102', '中国工商银行', 'ICBC', 'bank category codes of the payment system'),
    ('103', '中国农业银行', 'Agricultural Bank of China', 'bank category codes of the payment system'),
    ('104', '中国银行', 'Bank of China', 'bank category codes of the payment system'),
    ('105', '中国建设银行', 'China Construction Bank', 'bank category codes of the payment system'),
    ('301', '交通银行', 'Bank of Communications', 'bank category codes of the payment system'),
    ('308', '招商银行', 'China Merchants Bank', 'bank category codes of the payment system');
-- What a bank's code means; anything else is a failure for unknown reason.
CREATE TABLE collection_code (
    code TEXT NOT NULL PRIMARY KEY,
    -- collected, failed or returned
    outcome TEXT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL
);
INSERT INTO collection_code (code, outcome, name, name_en) VALUES
    ('0000', 'collected', '扣款成功', 'Collected'),
    ('1001', 'failed', '余额不足', 'Insufficient funds'),
    ('1002', 'failed', '账户已销户', 'Account closed'),
    ('1003', 'failed', '户名不符', 'Name does not match'),
    ('1004', 'failed', '无托收协议', 'No agreement at the bank'),
    ('1005', 'failed', '账户冻结', 'Account frozen'),
    ('9999', 'failed', '其他原因', 'Other reason'),
    ('RTRN', 'returned', '银行退回', 'Returned by the bank');

CREATE TABLE collection_agreement (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    agreement_no TEXT NOT NULL,
    account_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    bank_code TEXT NOT NULL,
    payer_name TEXT NOT NULL,
    bank_account TEXT NOT NULL,
    bank_masked TEXT NOT NULL,
    limit_fen BIGINT,
    -- active or ended
    state TEXT NOT NULL,
    valid_from {key} NOT NULL,
    ended_at BIGINT,
    end_reason TEXT NOT NULL,
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX collection_agreement_active ON collection_agreement (account_id) WHERE state = 'active';
CREATE UNIQUE INDEX collection_agreement_no ON collection_agreement (agreement_no);
CREATE INDEX collection_agreement_bank ON collection_agreement (bank_code, state, id);
CREATE INDEX collection_agreement_org ON collection_agreement (org, id);

CREATE TABLE collection_batch (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    batch_no TEXT NOT NULL,
    bank_code TEXT NOT NULL,
    -- made, sent, answered (in part), done, cancelled
    state TEXT NOT NULL,
    items BIGINT NOT NULL,
    total_fen BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    sent_at BIGINT
);
CREATE UNIQUE INDEX collection_batch_no ON collection_batch (batch_no);
CREATE INDEX collection_batch_org ON collection_batch (org, id);
CREATE TABLE collection_item (
    batch_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    agreement_id TEXT NOT NULL,
    account_id TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    -- waiting, collected, failed, returned, cancelled
    state TEXT NOT NULL,
    collected_fen BIGINT NOT NULL,
    code TEXT NOT NULL,
    payment_id TEXT,
    PRIMARY KEY (batch_id, seq)
);
CREATE UNIQUE INDEX collection_item_waiting ON collection_item (account_id) WHERE state = 'waiting';
CREATE TABLE collection_result (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    batch_id TEXT NOT NULL,
    serial TEXT NOT NULL,
    -- answer or reversal
    kind TEXT NOT NULL,
    reverses TEXT,
    digest TEXT NOT NULL,
    -- booking, done, reversing, reversed
    state TEXT NOT NULL,
    lines BIGINT NOT NULL,
    total_fen BIGINT NOT NULL,
    by_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    done_at BIGINT
);
CREATE UNIQUE INDEX collection_result_digest ON collection_result (digest);
CREATE UNIQUE INDEX collection_result_serial ON collection_result (batch_id, serial);
CREATE UNIQUE INDEX collection_result_reverses ON collection_result (reverses);
CREATE INDEX collection_result_org ON collection_result (org, id);
CREATE TABLE collection_line (
    result_id TEXT NOT NULL,
    line BIGINT NOT NULL,
    seq BIGINT NOT NULL,
    code TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    bank_ref TEXT NOT NULL,
    -- waiting, booked, noted (a failure), returned, refused, reversed
    state TEXT NOT NULL,
    reason_code TEXT NOT NULL,
    reason_zh TEXT NOT NULL,
    reason_en TEXT NOT NULL,
    payment_id TEXT,
    PRIMARY KEY (result_id, line)
);
CREATE INDEX collection_line_waiting ON collection_line (result_id, line) WHERE state = 'waiting';
