-- Short messages to and from customers. The text may hold a code: it is sealed, `masked` is what people see.
CREATE TABLE sms_message (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    -- out or in
    direction TEXT NOT NULL,
    number TEXT NOT NULL,
    purpose TEXT NOT NULL,
    masked TEXT NOT NULL,
    sealed TEXT NOT NULL,
    customer_id TEXT,
    operator_name TEXT NOT NULL,
    at BIGINT NOT NULL,
    -- when the gateway took it
    fetched_at BIGINT
);
CREATE INDEX sms_message_number ON sms_message (number, at);
CREATE INDEX sms_message_org ON sms_message (org, at);
CREATE INDEX sms_message_waiting ON sms_message (id) WHERE fetched_at IS NULL AND direction = 'out';
