-- Questions of other systems with the answers they were given (TMF677).
CREATE TABLE usage_consumption (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL
);
CREATE INDEX usage_consumption_org ON usage_consumption (org, id);
