-- Who changes a product, account or group at the moment: one order exclusively, booked ones of each kind (see acceptance/lock.rs).
CREATE TABLE product_lock (
    subject_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    order_id TEXT NOT NULL,
    org {key} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (subject_id, kind)
);
CREATE INDEX product_lock_order ON product_lock (order_id);
INSERT INTO product_lock (subject_id, kind, order_id, org, at)
    SELECT changes_product, 'exclusive', id, org, created_at FROM product_order WHERE changes_product IS NOT NULL;
UPDATE product_order SET changes_product = NULL WHERE changes_product IS NOT NULL;

-- What an order changes in our records, with what it found (see acceptance/effects.rs).
CREATE TABLE business_effect (
    order_id TEXT NOT NULL,
    seq BIGINT NOT NULL,
    stage TEXT NOT NULL,
    effect {json} NOT NULL,
    state TEXT NOT NULL,
    found {json},
    at BIGINT,
    PRIMARY KEY (order_id, seq)
);

-- Orders that wait for their day (预约). `look_at` is when they are looked at next; `waiting` says why one whose day has come
-- has not begun.
CREATE TABLE booking (
    order_id TEXT NOT NULL PRIMARY KEY,
    org {key} NOT NULL,
    business TEXT NOT NULL,
    subject_id TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    effective_at BIGINT NOT NULL,
    look_at BIGINT NOT NULL,
    held BIGINT NOT NULL,
    waiting {json}
);
CREATE INDEX booking_due ON booking (look_at) WHERE held = 0;
CREATE INDEX booking_customer ON booking (customer_id);

CREATE TABLE ordering_setting (
    name TEXT NOT NULL PRIMARY KEY,
    value BIGINT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO ordering_setting (name, value, source) VALUES
    ('transfer.freeze_days', 0, 'carriers are said to pause transfers on the first days of the month (weak source); 0: no pause; set by each city'),
    ('booking.retry_seconds', 3600, 'default of the system: an order whose day has come and that cannot begin is looked at again after an hour'),
    ('audit.from_fen', 0, 'default of the system: no order waits for an audit; set by each city'),
    ('suspension.most_days', 180, 'default of the system: how long a voluntary suspension is kept; set by each city');
