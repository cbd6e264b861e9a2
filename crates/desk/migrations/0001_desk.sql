-- Who opened which customer on which day: one audit entry each, however often the page asks again.
CREATE TABLE desk_visit (
    actor TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    day TEXT NOT NULL,
    at BIGINT NOT NULL,
    PRIMARY KEY (actor, customer_id, day)
) {clustered};
