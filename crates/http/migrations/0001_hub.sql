-- Who wants to be told of events, where, and with whose rights.
CREATE TABLE hub_subscription (
    id TEXT NOT NULL PRIMARY KEY,
    base TEXT NOT NULL,
    topic TEXT,
    callback TEXT NOT NULL,
    query TEXT NOT NULL,
    owner TEXT NOT NULL,
    org {key} NOT NULL,
    permissions {json} NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX hub_subscription_owner ON hub_subscription (owner);

-- Deliveries that did not succeed at once: they wait for their next attempt (`waiting`), or were given up (`dead`).
CREATE TABLE hub_delivery (
    id TEXT NOT NULL PRIMARY KEY,
    subscription_id TEXT NOT NULL,
    position BIGINT NOT NULL,
    subject_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    org {key} NOT NULL,
    state TEXT NOT NULL,
    attempts BIGINT NOT NULL,
    next_at BIGINT NOT NULL,
    error TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX hub_delivery_event ON hub_delivery (subscription_id, position);
CREATE INDEX hub_delivery_waiting ON hub_delivery (subscription_id, subject_id, position) WHERE state = 'waiting';
CREATE INDEX hub_delivery_state ON hub_delivery (state, id);

-- TMF688: topics, and the events that were posted to one.
CREATE TABLE event_topic (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL
);

CREATE TABLE topic_event (
    id TEXT NOT NULL PRIMARY KEY,
    topic_id TEXT NOT NULL,
    org {key} NOT NULL,
    event_type TEXT NOT NULL,
    at BIGINT NOT NULL,
    body {json} NOT NULL
);
CREATE INDEX topic_event_topic ON topic_event (topic_id, id);
