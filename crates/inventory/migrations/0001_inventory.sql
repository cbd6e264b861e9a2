CREATE TABLE product (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    status TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    offering_id TEXT NOT NULL,
    order_id TEXT,
    number TEXT,
    live BIGINT NOT NULL
);
CREATE INDEX product_customer ON product (customer_id, created_at);
CREATE INDEX product_of_order ON product (order_id);
-- A number serves one live product, whatever the programs do.
CREATE UNIQUE INDEX product_number ON product (number) WHERE live = 1 AND number IS NOT NULL;

-- What must not be read with the product: the sealed password of a broadband account.
CREATE TABLE product_secret (
    product_id TEXT NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL
);

CREATE TABLE service (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    state TEXT NOT NULL,
    product_id TEXT
);
CREATE INDEX service_product ON service (product_id);

CREATE TABLE resource (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    name TEXT NOT NULL
);
CREATE INDEX resource_name ON resource (name);

-- Telephone numbers. `shape` columns are computed from the digits when the number is added, so that searches for fine
-- numbers use an index; `reversed` does the same for endings.
CREATE TABLE number_pool (
    number TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    class TEXT NOT NULL,
    state TEXT NOT NULL,
    reversed {key} NOT NULL,
    tail_same BIGINT NOT NULL,
    tail_run BIGINT NOT NULL,
    tail_shape TEXT NOT NULL,
    lock_token TEXT,
    locked_by TEXT,
    until BIGINT,
    order_id TEXT,
    product_id TEXT,
    updated_at BIGINT NOT NULL
);
CREATE INDEX number_pool_free ON number_pool (class, number) WHERE state = 'available';
CREATE INDEX number_pool_end ON number_pool (reversed) WHERE state = 'available';
CREATE INDEX number_pool_same ON number_pool (tail_same) WHERE state = 'available' AND tail_same >= 3;
CREATE INDEX number_pool_run ON number_pool (tail_run) WHERE state = 'available' AND tail_run >= 3;
CREATE INDEX number_pool_until ON number_pool (until) WHERE until IS NOT NULL;
CREATE INDEX number_pool_order ON number_pool (order_id) WHERE order_id IS NOT NULL;

-- What a class of numbers asks of its buyer. `patterns` are endings, the first class that fits from the highest rank down.
CREATE TABLE number_class (
    class TEXT NOT NULL PRIMARY KEY,
    rank BIGINT NOT NULL,
    patterns TEXT NOT NULL,
    deposit_fen BIGINT NOT NULL,
    min_spend_fen BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO number_class (class, rank, patterns, deposit_fen, min_spend_fen, source) VALUES
    ('premium', 3, 'AAAA,ABCDE,8888,6666', 50000, 16800, 'default of the system; set by each city'),
    ('good', 2, 'AAA,ABCD,AABB,ABAB,88,66', 10000, 5900, 'default of the system; set by each city'),
    ('normal', 1, '', 0, 0, 'default of the system; set by each city');

CREATE TABLE inventory_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO inventory_setting (name, value, source) VALUES
    ('number.lock_seconds', 600, 'default of the system: a clerk needs minutes to finish a sale'),
    ('number.quarantine_days', 90, 'MII order 36 (2005), telecommunication service specification: at least 90 days');

-- Places in the access network. One product at most on a port.
CREATE TABLE access_port (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    device TEXT NOT NULL,
    name TEXT NOT NULL,
    state TEXT NOT NULL,
    product_id TEXT,
    UNIQUE (device, name)
);
CREATE INDEX access_port_free ON access_port (org, id) WHERE state = 'available';
CREATE UNIQUE INDEX access_port_product ON access_port (product_id) WHERE product_id IS NOT NULL;
