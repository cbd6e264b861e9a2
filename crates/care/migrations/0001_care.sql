-- Trouble tickets and complaints (TMF621).
CREATE TABLE trouble_ticket (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    ticket_no {key} NOT NULL,
    status TEXT NOT NULL,
    severity {key} NOT NULL,
    ticket_type {key} NOT NULL,
    customer_id TEXT
);
CREATE UNIQUE INDEX trouble_ticket_no ON trouble_ticket (ticket_no);
CREATE INDEX trouble_ticket_customer ON trouble_ticket (customer_id, id);
CREATE INDEX trouble_ticket_status ON trouble_ticket (status, id);
