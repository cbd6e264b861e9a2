-- Relations between customers, as their documents name them in relatedParty: here they are found from the other end too.
CREATE TABLE customer_relation (
    customer_id TEXT NOT NULL,
    related_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    org {key} NOT NULL,
    PRIMARY KEY (customer_id, related_id, kind)
) {clustered};
CREATE INDEX customer_relation_back ON customer_relation (related_id, customer_id);
