-- Warehouses of four levels: group, province, city, hall. Several may stand in one place.
CREATE TABLE warehouse (
    id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    level BIGINT NOT NULL,
    name TEXT NOT NULL,
    parent_id TEXT,
    active BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX warehouse_org ON warehouse (org);

-- Every card and every device is one row under its serial number (ICCID, IMEI, maker's number).
CREATE TABLE stock_item (
    serial {key} NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    model TEXT NOT NULL,
    imsi TEXT,
    warehouse_id TEXT NOT NULL,
    org {key} NOT NULL,
    state TEXT NOT NULL,
    order_id TEXT,
    product_id TEXT,
    transfer_id TEXT,
    updated_at BIGINT NOT NULL
);
CREATE INDEX stock_free ON stock_item (kind, org, serial) WHERE state = 'inStock';
CREATE INDEX stock_kind ON stock_item (kind, org);
CREATE INDEX stock_place ON stock_item (warehouse_id, kind, state, serial);
CREATE UNIQUE INDEX stock_imsi ON stock_item (imsi) WHERE imsi IS NOT NULL;
CREATE INDEX stock_order ON stock_item (order_id) WHERE order_id IS NOT NULL;
-- A product runs on one card, one device of a kind.
CREATE UNIQUE INDEX stock_product ON stock_item (product_id, kind) WHERE product_id IS NOT NULL;
CREATE INDEX stock_transfer_items ON stock_item (transfer_id) WHERE transfer_id IS NOT NULL;

-- PUK, PIN and key of a card, sealed.
CREATE TABLE stock_secret (
    serial TEXT NOT NULL PRIMARY KEY,
    sealed TEXT NOT NULL
);

-- What happened to an item, never changed.
CREATE TABLE stock_movement (
    id TEXT NOT NULL PRIMARY KEY,
    serial {key} NOT NULL,
    kind TEXT NOT NULL,
    what TEXT NOT NULL,
    from_state TEXT,
    to_state TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    org {key} NOT NULL,
    reason TEXT NOT NULL,
    reference TEXT NOT NULL,
    actor_name TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX stock_movement_item ON stock_movement (serial, at);
CREATE INDEX stock_movement_place ON stock_movement (warehouse_id, at);

CREATE TABLE stock_transfer (
    id TEXT NOT NULL PRIMARY KEY,
    transfer_no TEXT NOT NULL,
    from_id TEXT NOT NULL,
    to_id TEXT NOT NULL,
    from_org {key} NOT NULL,
    to_org {key} NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    sent BIGINT NOT NULL,
    received BIGINT NOT NULL,
    missing BIGINT NOT NULL,
    surplus BIGINT NOT NULL,
    damaged BIGINT NOT NULL,
    note TEXT NOT NULL,
    sent_by TEXT NOT NULL,
    sent_name TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    received_by TEXT,
    received_name TEXT,
    received_at BIGINT
);
CREATE INDEX stock_transfer_from ON stock_transfer (from_org, sent_at);
CREATE INDEX stock_transfer_to ON stock_transfer (to_org, sent_at);
CREATE TABLE stock_transfer_line (
    transfer_id TEXT NOT NULL,
    serial {key} NOT NULL,
    -- received, missing, damaged, surplus, unknown; empty while under way.
    result TEXT,
    -- How a difference was settled: found, lost.
    settled TEXT,
    PRIMARY KEY (transfer_id, serial)
);

CREATE TABLE stock_count (
    id TEXT NOT NULL PRIMARY KEY,
    count_no TEXT NOT NULL,
    warehouse_id TEXT NOT NULL,
    org {key} NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    expected BIGINT NOT NULL,
    found BIGINT NOT NULL,
    missing {json} NOT NULL,
    surplus {json} NOT NULL,
    counted_by TEXT NOT NULL,
    counted_name TEXT NOT NULL,
    counted_at BIGINT NOT NULL,
    settled_name TEXT,
    settled_at BIGINT,
    reason TEXT
);
CREATE INDEX stock_count_org ON stock_count (org, counted_at);

-- Below this a warehouse should be supplied.
CREATE TABLE stock_minimum (
    warehouse_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    minimum BIGINT NOT NULL,
    PRIMARY KEY (warehouse_id, kind)
);

-- TMF687: what was asked of the stock, as documents.
CREATE TABLE check_product_stock (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX check_product_stock_org ON check_product_stock (org, id);
CREATE TABLE adjust_product_stock (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX adjust_product_stock_org ON adjust_product_stock (org, id);
CREATE TABLE reserve_product_stock (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX reserve_product_stock_org ON reserve_product_stock (org, id);
CREATE TABLE query_product_stock (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    state TEXT NOT NULL
);
CREATE INDEX query_product_stock_org ON query_product_stock (org, id);

INSERT INTO inventory_setting (name, value, source) VALUES
    ('sim.generate_without_stock', 0, 'default of the system: where a city keeps cards in stock, a hall without one cannot bind a card made up for it');

-- Something several products of a place use together, such as the ONU behind an access line.
CREATE TABLE shared_resource (
    kind TEXT NOT NULL,
    key {key} NOT NULL,
    turn BIGINT NOT NULL,
    PRIMARY KEY (kind, key)
);
CREATE TABLE shared_holder (
    kind TEXT NOT NULL,
    key {key} NOT NULL,
    product_id {key} NOT NULL,
    since BIGINT NOT NULL,
    PRIMARY KEY (kind, key, product_id)
);
CREATE INDEX shared_holder_product ON shared_holder (product_id);
