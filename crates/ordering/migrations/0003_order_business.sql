-- What lists of orders show and filter by beside the state.
ALTER TABLE product_order ADD COLUMN business TEXT;
ALTER TABLE product_order ADD COLUMN urges BIGINT NOT NULL DEFAULT 0;
ALTER TABLE product_order ADD COLUMN effective_at BIGINT;
CREATE INDEX product_order_business ON product_order (business, created_at) WHERE business IS NOT NULL;
