-- Which services had new usage of a cycle that still runs: a row an intake, its body the keys packed. Whoever looks after
-- them (reminders of allowances) takes the rows away.
CREATE TABLE usage_touched (
    at BIGINT NOT NULL,
    id BIGINT NOT NULL,
    services BIGINT NOT NULL,
    body {blob} NOT NULL,
    PRIMARY KEY (at, id)
);
