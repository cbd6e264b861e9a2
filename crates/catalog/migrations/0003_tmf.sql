-- TMF634: what resources are made of, for those who plan them.
CREATE TABLE resource_specification (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX resource_specification_name ON resource_specification (name);
CREATE TABLE resource_candidate (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX resource_candidate_name ON resource_candidate (name);
CREATE TABLE resource_category (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX resource_category_name ON resource_category (name);
CREATE TABLE resource_catalog (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX resource_catalog_name ON resource_catalog (name);
CREATE TABLE resource_import_job (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE TABLE resource_export_job (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);

-- TMF671: promotions as other systems announce them.
CREATE TABLE promotion (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL,
    status TEXT NOT NULL, last_update BIGINT NOT NULL, name {key} NOT NULL
);
CREATE INDEX promotion_name ON promotion (name);

-- TMF679 and TMF760: what was asked about a customer and what was answered. They name customers, so they have an org.
CREATE TABLE offering_qualification (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX offering_qualification_org ON offering_qualification (org, created_at);
CREATE TABLE configuration_check (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX configuration_check_org ON configuration_check (org, created_at);
CREATE TABLE configuration_query (
    id TEXT NOT NULL PRIMARY KEY, version BIGINT NOT NULL, org {key} NOT NULL, created_at BIGINT NOT NULL, updated_at BIGINT NOT NULL, body {json} NOT NULL
);
CREATE INDEX configuration_query_org ON configuration_query (org, created_at);
