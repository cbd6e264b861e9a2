-- Reminders of allowances (套餐用量提醒): what a line has been told of an allowance in a cycle, so that each threshold is told once.
CREATE TABLE dunning_allowance (
    product_id {key} NOT NULL,
    cycle {key} NOT NULL,
    allowance {key} NOT NULL,
    -- The highest threshold told.
    percent BIGINT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (product_id, cycle, allowance)
);
CREATE INDEX dunning_allowance_at ON dunning_allowance (at);
INSERT INTO dunning_setting (name, value, source, note) VALUES
    ('allowance.near_percent', 80, 'PROCESSES §8 [L15]：工信部用户提醒服务要求，套餐用量临近和达到上限均须提醒', 'so much of an allowance used is told to the customer; all of it always is');
