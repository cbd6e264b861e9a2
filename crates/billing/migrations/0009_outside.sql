-- Billing systems beside the embedded one, and which of them charges what (协作单路由).
CREATE TABLE billing_system (
    code TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT NOT NULL,
    -- Its root: orders go to {url}/api/v1/collaboration/inbox.
    url TEXT NOT NULL,
    -- What we show to be let in; sealed.
    token TEXT,
    -- Who speaks for it here: the name of its token or login.
    speaker TEXT NOT NULL,
    -- Where it wants to hear how its own orders ended; empty where it asks.
    answer_url TEXT NOT NULL,
    enabled BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX billing_system_speaker ON billing_system (speaker);
CREATE TABLE billing_route (
    id TEXT NOT NULL PRIMARY KEY,
    -- The longest place that holds the product counts; of one place, the one that names the product line.
    org {key} NOT NULL,
    family TEXT NOT NULL,
    -- Empty: the embedded one.
    system TEXT NOT NULL,
    version BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX billing_route_place ON billing_route (org, family);
-- Who charges a product: decided when it is started, whatever becomes of the routes.
CREATE TABLE charged_by (
    product_id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL,
    system TEXT NOT NULL
);
CREATE INDEX charged_by_customer ON charged_by (customer_id);

-- The system an order goes to (empty: embedded), and the one it came from (empty: our own order entry).
ALTER TABLE collaboration ADD COLUMN system TEXT NOT NULL DEFAULT '';
ALTER TABLE collaboration ADD COLUMN sender TEXT NOT NULL DEFAULT '';
CREATE INDEX collaboration_outside ON collaboration (next_at, id) WHERE system <> '' AND state IN ('waiting', 'sent', 'received', 'failed');
CREATE INDEX collaboration_system ON collaboration (system, created_at);
CREATE INDEX collaboration_sender ON collaboration (sender, created_at) WHERE sender <> '';
CREATE INDEX collaboration_customer ON collaboration (customer_id, created_at);
CREATE INDEX collaboration_recent ON collaboration (created_at, id);

-- Customers and accounts of others that we charge for, with ours that stand for them.
CREATE TABLE charged_for (
    sender TEXT NOT NULL,
    kind TEXT NOT NULL,
    their_id TEXT NOT NULL,
    own_id TEXT NOT NULL,
    PRIMARY KEY (sender, kind, their_id)
);
CREATE INDEX charged_for_own ON charged_for (own_id);

INSERT INTO billing_setting (name, value, source, note) VALUES
    ('collaboration.ask_seconds', 15, 'default of the system', 'wait between two questions about an order that an outside system has received');
