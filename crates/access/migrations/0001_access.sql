-- The organisation: group, province, city, hall. Other tables carry the path of a node in `org`.
CREATE TABLE org_unit (
    path {key} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE staff (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    login {key} NOT NULL,
    name TEXT NOT NULL,
    org {key} NOT NULL,
    scope {key} NOT NULL,
    roles {json} NOT NULL,
    password_hash TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX staff_login ON staff (login);
CREATE INDEX staff_org ON staff (org);

-- Failed log-ins by login name, whether or not somebody has that name: otherwise the lock would tell.
CREATE TABLE login_failure (
    login_key TEXT NOT NULL PRIMARY KEY,
    failures BIGINT NOT NULL,
    since BIGINT NOT NULL,
    locked_until BIGINT
);
CREATE INDEX login_failure_since ON login_failure (since);

-- `id` is the SHA-256 of what the cookie carries: who reads the table cannot take a session over.
CREATE TABLE staff_session (
    id TEXT NOT NULL PRIMARY KEY,
    staff_id TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX staff_session_staff ON staff_session (staff_id);
CREATE INDEX staff_session_expires ON staff_session (expires_at);

CREATE TABLE api_token (
    id TEXT NOT NULL PRIMARY KEY,
    token_hash TEXT NOT NULL,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    org {key} NOT NULL,
    created_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    revoked_at BIGINT
);
CREATE UNIQUE INDEX api_token_hash ON api_token (token_hash);

CREATE TABLE setup_link (
    token_hash TEXT NOT NULL PRIMARY KEY,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);

-- Limits that the operator set; those not named here have the built-in value. `source` says who demands it.
CREATE TABLE access_limit (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
