CREATE TABLE product_order (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    order_no TEXT NOT NULL,
    state TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    customer_name {key} NOT NULL,
    summary TEXT NOT NULL,
    amount_fen BIGINT NOT NULL,
    operator TEXT NOT NULL,
    -- The product that an order in transit changes: one at a time.
    changes_product TEXT
);
CREATE UNIQUE INDEX product_order_no ON product_order (order_no);
CREATE INDEX product_order_customer ON product_order (customer_id, created_at);
CREATE INDEX product_order_recent ON product_order (created_at);
CREATE INDEX product_order_name ON product_order (customer_name);
CREATE UNIQUE INDEX product_order_changes ON product_order (changes_product) WHERE changes_product IS NOT NULL;

CREATE TABLE cancel_product_order (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL
);

CREATE TABLE service_order (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    state TEXT NOT NULL,
    product_order_id TEXT
);
CREATE INDEX service_order_product_order ON service_order (product_order_id) WHERE product_order_id IS NOT NULL;

CREATE TABLE cancel_service_order (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL
);
