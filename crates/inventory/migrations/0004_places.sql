-- TMF673, 674, 645: addresses, sites and what can be had there.
CREATE TABLE geographic_address (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    text TEXT NOT NULL,
    city TEXT NOT NULL
);
CREATE INDEX geographic_address_org ON geographic_address (org, text);
CREATE INDEX geographic_address_text ON geographic_address (text);
CREATE TABLE geographic_address_validation (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX geographic_address_validation_org ON geographic_address_validation (org, id);
CREATE TABLE geographic_site (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    name TEXT NOT NULL,
    status TEXT NOT NULL
);
CREATE INDEX geographic_site_org ON geographic_site (org, name);
CREATE TABLE check_service_qualification (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    external_id TEXT,
    state TEXT NOT NULL
);
CREATE INDEX check_service_qualification_org ON check_service_qualification (org, id);
CREATE TABLE query_service_qualification (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    external_id TEXT,
    state TEXT NOT NULL
);
CREATE INDEX query_service_qualification_org ON query_service_qualification (org, id);

-- Which technology reaches an address, up to what speed, and over which device of the access network.
CREATE TABLE coverage (
    address_id TEXT NOT NULL,
    technology TEXT NOT NULL,
    device TEXT NOT NULL,
    max_mbps BIGINT NOT NULL,
    -- Why nothing can be had for the moment; empty where it can.
    blocked TEXT NOT NULL,
    source TEXT NOT NULL,
    PRIMARY KEY (address_id, technology, device)
);
CREATE INDEX coverage_device ON coverage (device);
CREATE INDEX access_port_device ON access_port (device) WHERE state = 'available';
