-- Recharge cards: a card is worth its face value once.
CREATE TABLE recharge_batch (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    batch_no TEXT NOT NULL,
    -- generated here, or imported from a maker of cards
    source TEXT NOT NULL,
    face_fen BIGINT NOT NULL,
    cards BIGINT NOT NULL,
    valid_to {key} NOT NULL,
    -- making, made, active, void
    state TEXT NOT NULL,
    made BIGINT NOT NULL,
    pins_fetched_at BIGINT,
    pins_fetched_by TEXT,
    by_name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX recharge_batch_no ON recharge_batch (batch_no);
CREATE INDEX recharge_batch_org ON recharge_batch (org, id);
CREATE TABLE recharge_card (
    serial TEXT NOT NULL PRIMARY KEY,
    batch_id TEXT NOT NULL,
    org {key} NOT NULL,
    face_fen BIGINT NOT NULL,
    valid_to {key} NOT NULL,
    -- A keyed hash finds and proves the PIN; the sealed one is there until it is fetched for printing.
    pin_blind TEXT NOT NULL,
    pin_sealed TEXT,
    -- made, active, used, locked, void
    state TEXT NOT NULL,
    wrong BIGINT NOT NULL,
    used_at BIGINT,
    used_by TEXT,
    account_id TEXT,
    payment_id TEXT
);
CREATE UNIQUE INDEX recharge_card_pin ON recharge_card (pin_blind);
CREATE INDEX recharge_card_batch ON recharge_card (batch_id, serial);
CREATE INDEX recharge_card_account ON recharge_card (account_id) WHERE account_id IS NOT NULL;
-- Wrong PINs without a card number, by who was to be recharged.
CREATE TABLE recharge_try (
    subject TEXT NOT NULL,
    day {key} NOT NULL,
    wrong BIGINT NOT NULL,
    PRIMARY KEY (subject, day)
);
