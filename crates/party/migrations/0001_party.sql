-- Persons and organisations (TMF632). The body holds certificate numbers sealed; what finds them is a blind index kept
-- by the customer's look-up keys. Each index ends with the id so that a filtered list comes newest first without sorting.
CREATE TABLE individual (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    family_name {key},
    given_name {key}
);
CREATE INDEX individual_family_name ON individual (family_name, id);
CREATE INDEX individual_given_name ON individual (given_name, id);

CREATE TABLE organization (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    trading_name {key}
);
CREATE INDEX organization_trading_name ON organization (trading_name, id);
