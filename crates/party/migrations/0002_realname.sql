-- Which business of which family asks for a real name: data with a source. `certificate`: a valid certificate on record;
-- `verification`: the person has shown it just now (a verification that has not expired); `none`.
CREATE TABLE realname_rule (
    family TEXT NOT NULL,
    business TEXT NOT NULL,
    level TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (family, business)
);
INSERT INTO realname_rule (family, business, level, source) VALUES
    ('mobile', 'open', 'certificate', 'Order 25 of MIIT (2013) on registering telephone users, art. 6'),
    ('mobile', 'portIn', 'certificate', 'Order 25 of MIIT (2013), art. 6; rules on number portability (2019)'),
    ('mobile', 'transfer', 'certificate', 'Order 25 of MIIT (2013), art. 6: transfer of a mobile line'),
    ('mobile', 'replaceSim', 'certificate', 'Anti-fraud act (2022), art. 9: who holds the card must be its user'),
    ('mobile', 'changeNumber', 'certificate', 'Anti-fraud act (2022), art. 9'),
    ('broadband', 'open', 'certificate', 'Order 25 of MIIT (2013), art. 6: fixed lines, installation'),
    ('broadband', 'relocate', 'certificate', 'Order 25 of MIIT (2013), art. 6: fixed lines, move'),
    ('broadband', 'transfer', 'certificate', 'Order 25 of MIIT (2013), art. 6: fixed lines, transfer'),
    ('fixedVoice', 'open', 'certificate', 'Order 25 of MIIT (2013), art. 6: fixed lines, installation'),
    ('fixedVoice', 'relocate', 'certificate', 'Order 25 of MIIT (2013), art. 6: fixed lines, move'),
    ('fixedVoice', 'transfer', 'certificate', 'Order 25 of MIIT (2013), art. 6: fixed lines, transfer'),
    ('voip', 'open', 'certificate', 'Anti-fraud act (2022), art. 9; same duty as for fixed lines'),
    ('voip', 'transfer', 'certificate', 'Anti-fraud act (2022), art. 9; same duty as for fixed lines'),
    ('data', 'open', 'certificate', 'Order 25 of MIIT (2013), art. 2: data cards are network access'),
    ('data', 'transfer', 'certificate', 'Order 25 of MIIT (2013), art. 2'),
    ('leasedLine', 'open', 'certificate', 'Telecommunication regulations (2016); Order 25 of MIIT (2013): organisations show licence'),
    ('leasedLine', 'transfer', 'certificate', 'Telecommunication regulations (2016); Order 25 of MIIT (2013)');

CREATE TABLE realname_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO realname_setting (name, value, source) VALUES
    ('cards.per_certificate', 5, 'MIIT notice on mobile cards: at most five numbers of one operator on a certificate, nation-wide'),
    ('verification.minutes', 30, 'default of the system: one visit to the counter'),
    ('verification.keep_days', 730, 'Order 25 of MIIT (2013), art. 9: two years after the service ends'),
    ('guardian.age', 18, 'Civil code (2021), art. 17 and 19: minors act with a guardian'),
    ('consent.age', 14, 'Personal information protection act (2021), art. 31: consent of a parent below 14'),
    ('face.pass_permille', 850, 'default of the system; set it to what the comparing service recommends');

-- Somebody showed a certificate. The number is sealed, a blind index compares it; a photograph is never kept, only how
-- well it fitted.
CREATE TABLE verification (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL,
    method TEXT NOT NULL,
    role TEXT NOT NULL,
    certificate_kind TEXT NOT NULL,
    certificate_blind TEXT NOT NULL,
    certificate_sealed TEXT NOT NULL,
    certificate_masked TEXT NOT NULL,
    name TEXT NOT NULL,
    birth_date TEXT,
    customer_id TEXT,
    guardian_id TEXT,
    consent BIGINT NOT NULL,
    reader TEXT NOT NULL,
    face_permille BIGINT,
    result TEXT NOT NULL,
    problems TEXT NOT NULL
);
CREATE INDEX verification_recent ON verification (at, id);
CREATE INDEX verification_customer ON verification (customer_id, at) WHERE customer_id IS NOT NULL;
