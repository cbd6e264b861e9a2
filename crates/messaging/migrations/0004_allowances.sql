-- Allowances are told in the reader's language; an allowance that slows down instead of charging says so. Texts that the
-- house has changed stay as they are.
UPDATE message_kind SET variables = 'name,number,plan,planEn,percent,left,leftEn' WHERE code = 'allowance.near';
UPDATE message_kind SET variables = 'name,number,plan,planEn' WHERE code = 'allowance.gone';
INSERT INTO message_kind (code, name, name_en, category, variables, required, urgent, source) VALUES
    ('allowance.slow', '套餐用尽限速提醒', 'Allowance used up, slowed down', 'service', 'name,number,plan,planEn', '', 1, 'PROCESSES §8, L15');
UPDATE message_template SET body = '{number}: {percent}% of “{planEn}” is used, {leftEn} left.' WHERE code = 'allowance.near' AND lang = 'en' AND version = 1;
UPDATE message_template SET body = '【用量提醒】您的号码{number}套餐“{plan}”已用尽。其他套餐余量用完后，超出部分按套餐外资费收取。' WHERE code = 'allowance.gone' AND lang = 'zh' AND version = 1;
UPDATE message_template SET body = '{number}: “{planEn}” is used up; when other allowances are used up too, further use is charged beyond them.' WHERE code = 'allowance.gone' AND lang = 'en' AND version = 1;
INSERT INTO message_template (code, lang, channel, version, subject, body, updated_at, updated_by) VALUES
    ('allowance.slow', 'zh', 'sms', 1, '', '【用量提醒】您的号码{number}套餐“{plan}”已用尽，本期将降低速率，不另收取套餐外费用。', 0, 'system'),
    ('allowance.slow', 'en', 'sms', 1, '', '{number}: “{planEn}” is used up; speed is reduced for the rest of the cycle, nothing is charged beyond it.', 0, 'system');
