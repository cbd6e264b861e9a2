-- A customer that lives on in another. Its keys went there; those that say who it was stay there whatever the other's own
-- record says later.
CREATE TABLE customer_merged (
    from_id TEXT NOT NULL PRIMARY KEY,
    into_id TEXT NOT NULL,
    at BIGINT NOT NULL
);
CREATE INDEX customer_merged_into ON customer_merged (into_id);

CREATE TABLE customer_merged_key (
    into_id TEXT NOT NULL,
    key {key} NOT NULL,
    kind BIGINT NOT NULL,
    from_id TEXT NOT NULL,
    PRIMARY KEY (into_id, key, kind, from_id)
) {clustered};
CREATE INDEX customer_merged_key_from ON customer_merged_key (from_id);
