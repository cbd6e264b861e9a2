-- Why a product is suspended: one row a reason (停机锁). It works again only when none is left.
CREATE TABLE product_suspension (
    product_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    order_id TEXT NOT NULL,
    org {key} NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (product_id, reason)
);

-- The group a product is a member of: members are counted when another one joins.
ALTER TABLE product ADD COLUMN group_id TEXT;
CREATE INDEX product_group ON product (group_id) WHERE group_id IS NOT NULL;
