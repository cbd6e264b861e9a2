-- TMF654 and TMF670 as clients sent them. What names a book of ours is booked in the ledger; the rest is kept only.
CREATE TABLE bucket (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX bucket_org ON bucket (org, id);
CREATE TABLE topup_balance (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX topup_balance_org ON topup_balance (org, id);
CREATE TABLE adjust_balance (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX adjust_balance_org ON adjust_balance (org, id);
CREATE TABLE transfer_balance (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX transfer_balance_org ON transfer_balance (org, id);
CREATE TABLE reserve_balance (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX reserve_balance_org ON reserve_balance (org, id);
CREATE TABLE payment_method (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX payment_method_org ON payment_method (org, id);
