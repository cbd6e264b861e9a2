-- Sales that are not orders yet (TMF663). A cart becomes one order at most.
CREATE TABLE shopping_cart (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    status TEXT NOT NULL,
    customer_id TEXT,
    customer_name {key} NOT NULL,
    -- Who works on it.
    operator TEXT NOT NULL,
    valid_to BIGINT,
    order_id TEXT
);
CREATE INDEX shopping_cart_hall ON shopping_cart (org, updated_at) WHERE status = 'active';
CREATE INDEX shopping_cart_customer ON shopping_cart (customer_id, updated_at);
CREATE INDEX shopping_cart_operator ON shopping_cart (operator, updated_at) WHERE status = 'active';
CREATE UNIQUE INDEX shopping_cart_order ON shopping_cart (order_id) WHERE order_id IS NOT NULL;

CREATE TABLE cart_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO cart_setting (name, value, source) VALUES
    ('cart.days', 30, 'default of the system: a draft nobody touched for a month is no sale any more'),
    ('cart.max_items', 100, 'as many as one order takes');
