-- A credit that is nearly or wholly used is told before anything is barred for it.
INSERT INTO message_kind (code, name, name_en, category, variables, required, urgent, source) VALUES
    ('credit.near', '信用额度提醒', 'Credit nearly used', 'service', 'name,number,amount,limit,percent', 'amount,limit', 0, 'PROCESSES §8, L15');
INSERT INTO message_template (code, lang, channel, version, subject, body, updated_at, updated_by) VALUES
    ('credit.near', 'zh', 'sms', 1, '', '【额度提醒】您的账户已用信用额度{percent}%：未缴与本期费用共{amount}元，额度{limit}元。请及时缴费，以免影响使用。', 0, 'system'),
    ('credit.near', 'en', 'sms', 1, '', '{percent}% of your credit is used: CNY {amount} unpaid or charged so far, the limit is CNY {limit}. Please pay in time to keep your service.', 0, 'system');
