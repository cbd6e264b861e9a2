-- Which adapter speaks to which target; `*` for all others.
CREATE TABLE activation_route (
    target TEXT NOT NULL PRIMARY KEY,
    adapter TEXT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO activation_route (target, adapter, source) VALUES
    ('*', 'simulator', 'default of the system'),
    ('radius', 'radius', 'default of the system; the simulator stands in where no RADIUS server is configured');

-- The built-in network: how each of its parts behaves, whom it serves, what it was asked.
CREATE TABLE simulator_target (
    target TEXT NOT NULL PRIMARY KEY,
    delay_ms BIGINT NOT NULL,
    fail_permille BIGINT NOT NULL,
    fail_next BIGINT NOT NULL,
    lose_next BIGINT NOT NULL,
    stuck BIGINT NOT NULL
);
INSERT INTO simulator_target (target, delay_ms, fail_permille, fail_next, lose_next, stuck) VALUES
    ('mobile-hlr', 0, 0, 0, 0, 0), ('pcrf', 0, 0, 0, 0, 0), ('olt', 0, 0, 0, 0, 0), ('iptv', 0, 0, 0, 0, 0), ('radius', 0, 0, 0, 0, 0);

CREATE TABLE simulator_subscriber (
    target TEXT NOT NULL,
    subscriber TEXT NOT NULL,
    state TEXT NOT NULL,
    attributes {json} NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (target, subscriber)
);

CREATE TABLE simulator_request (
    request_key TEXT NOT NULL PRIMARY KEY,
    at BIGINT NOT NULL
);
