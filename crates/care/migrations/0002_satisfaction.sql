-- What customers said of us when they were asked. One answer a row, never changed.
CREATE TABLE satisfaction (
    id TEXT NOT NULL PRIMARY KEY,
    customer_id TEXT NOT NULL,
    org {key} NOT NULL,
    at BIGINT NOT NULL,
    survey {key} NOT NULL,
    score BIGINT NOT NULL,
    -- The best score possible; the least is 1, or 0 for the recommendation question.
    scale BIGINT NOT NULL,
    comment TEXT NOT NULL,
    channel TEXT NOT NULL,
    about_type TEXT NOT NULL,
    about_id TEXT NOT NULL,
    operator TEXT NOT NULL,
    operator_name TEXT NOT NULL
);
CREATE INDEX satisfaction_customer ON satisfaction (customer_id, id);
