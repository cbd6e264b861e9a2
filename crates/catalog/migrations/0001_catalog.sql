-- TMF620. Each document table: the standard columns, then what queries and constraints need.
CREATE TABLE product_catalog (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX product_catalog_last_update ON product_catalog (last_update);
CREATE INDEX product_catalog_name ON product_catalog (name);

CREATE TABLE product_category (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX product_category_last_update ON product_category (last_update);
CREATE INDEX product_category_name ON product_category (name);

CREATE TABLE product_specification (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX product_specification_last_update ON product_specification (last_update);
CREATE INDEX product_specification_name ON product_specification (name);

CREATE TABLE product_offering_price (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX product_offering_price_last_update ON product_offering_price (last_update);
CREATE INDEX product_offering_price_name ON product_offering_price (name);

-- `price_fen` is what the list of offerings shows and sorts by; `search` is the name and id in lower case;
-- `source_id` and `source_hash` identify the published row an offering was imported from.
CREATE TABLE product_offering (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL,
    search {key} NOT NULL, family TEXT NOT NULL, price_fen BIGINT, area {key} NOT NULL,
    valid_from BIGINT, valid_to BIGINT, sold_alone BIGINT NOT NULL,
    source_id {key}, source_hash TEXT
);
CREATE INDEX product_offering_last_update ON product_offering (last_update);
CREATE INDEX product_offering_name ON product_offering (name);
CREATE INDEX product_offering_family ON product_offering (family, status, price_fen);
CREATE INDEX product_offering_by_price ON product_offering (price_fen);
CREATE INDEX product_offering_area ON product_offering (area);
CREATE UNIQUE INDEX product_offering_source ON product_offering (source_id);

-- What an offering refers to, so that a price in use is not deleted and a changed price reaches its offerings.
CREATE TABLE offering_link (
    offering_id TEXT NOT NULL, kind TEXT NOT NULL, target_id TEXT NOT NULL,
    PRIMARY KEY (offering_id, kind, target_id)
);
CREATE INDEX offering_link_target ON offering_link (target_id, kind);

-- Former versions. A version is never changed; `summary` names what its successor changed.
CREATE TABLE offering_version (
    resource TEXT NOT NULL, document_id TEXT NOT NULL, version BIGINT NOT NULL,
    at BIGINT NOT NULL, ended_at BIGINT NOT NULL, ended_by TEXT NOT NULL, summary TEXT NOT NULL, body {json} NOT NULL,
    PRIMARY KEY (resource, document_id, version)
);

-- One row: renewed by every change of the catalogue; what is held in memory under another stamp is stale.
CREATE TABLE catalog_stamp (id BIGINT NOT NULL PRIMARY KEY, stamp TEXT NOT NULL);

CREATE TABLE product_import_job (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE TABLE product_export_job (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);

-- TMF633.
CREATE TABLE service_specification (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX service_specification_last_update ON service_specification (last_update);
CREATE INDEX service_specification_name ON service_specification (name);
CREATE TABLE service_candidate (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX service_candidate_name ON service_candidate (name);
CREATE TABLE service_category (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX service_category_name ON service_category (name);
CREATE TABLE service_catalog (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX service_catalog_name ON service_catalog (name);
CREATE TABLE service_import_job (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE TABLE service_export_job (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL,
    created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);

-- Tariff files taken in from the desk. `lease_until` tells a running import from one whose process died: that one is
-- started again, which is safe because rows already stored count as unchanged.
CREATE TABLE tariff_import (
    id TEXT NOT NULL PRIMARY KEY, file TEXT NOT NULL, org {key} NOT NULL, actor TEXT NOT NULL, actor_name TEXT NOT NULL,
    state TEXT NOT NULL, cancel BIGINT NOT NULL, lease_until BIGINT NOT NULL,
    total BIGINT NOT NULL, done BIGINT NOT NULL, created BIGINT NOT NULL, updated BIGINT NOT NULL,
    unchanged BIGINT NOT NULL, refused BIGINT NOT NULL,
    created_at BIGINT NOT NULL, started_at BIGINT, ended_at BIGINT, error {json}, content {blob}
);
CREATE INDEX tariff_import_state ON tariff_import (state, created_at);
CREATE TABLE tariff_refusal (
    import_id TEXT NOT NULL, seq BIGINT NOT NULL, line BIGINT NOT NULL, row_id TEXT NOT NULL, field TEXT NOT NULL,
    code TEXT NOT NULL, reason_zh TEXT NOT NULL, reason_en TEXT NOT NULL, content TEXT NOT NULL,
    PRIMARY KEY (import_id, seq)
);
