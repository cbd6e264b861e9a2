-- How far a reason stops a product (单停 / 双停). What stood before was stopped both ways.
ALTER TABLE product_suspension ADD COLUMN level TEXT NOT NULL DEFAULT 'twoWay';
