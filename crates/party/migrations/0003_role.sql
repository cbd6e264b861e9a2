-- The roles that persons and organisations play for us (TMF669).
CREATE TABLE party_role (
    id TEXT NOT NULL PRIMARY KEY,
    version BIGINT NOT NULL,
    org {key} NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    body {json} NOT NULL,
    name {key} NOT NULL,
    role_type {key},
    party_id TEXT,
    status TEXT NOT NULL
);
CREATE INDEX party_role_name ON party_role (name, id);
CREATE INDEX party_role_type_of ON party_role (role_type, id);
CREATE INDEX party_role_party ON party_role (party_id) WHERE party_id IS NOT NULL;

-- What roles there are: customers by their kinds and stages, and those who bring services to us or with us.
CREATE TABLE party_role_type (
    id TEXT NOT NULL PRIMARY KEY,
    part TEXT NOT NULL,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    source TEXT NOT NULL,
    rank BIGINT NOT NULL
);
INSERT INTO party_role_type (id, part, zh, en, source, rank) VALUES
    ('groupCustomer', 'customer', '集团客户', 'Group customer', 'value chain of the carrier, part 2', 1),
    ('vipCustomer', 'customer', 'VIP 客户', 'VIP customer', 'value chain of the carrier, part 2', 2),
    ('individualKeyCustomer', 'customer', '个人大客户', 'Individual key customer', 'value chain of the carrier, part 2', 3),
    ('ordinaryCustomer', 'customer', '普通个人客户', 'Ordinary individual', 'value chain of the carrier, part 2', 4),
    ('keyCustomer', 'market', '大客户', 'Key account', 'customer groups of the market, part 4', 5),
    ('businessCustomer', 'market', '商业客户', 'Business customer', 'customer groups of the market, part 4', 6),
    ('publicCustomer', 'market', '公众客户', 'Public customer', 'customer groups of the market, part 4', 7),
    ('ruralCustomer', 'market', '农村客户', 'Rural customer', 'customer groups of the market, part 4', 8),
    ('floatingCustomer', 'market', '流动客户', 'Floating customer', 'customer groups of the market, part 4', 9),
    ('potentialCustomer', 'market', '潜在客户', 'Potential customer', 'customer groups of the market, part 4', 10),
    ('competitorCustomer', 'market', '竞争客户', 'Competitor''s customer', 'customer groups of the market, part 4', 11),
    ('prospect', 'ladder', '潜在顾客', 'Prospect', 'relation ladder', 12),
    ('buyer', 'ladder', '顾客', 'Customer', 'relation ladder', 13),
    ('regular', 'ladder', '老顾客', 'Regular', 'relation ladder', 14),
    ('supporter', 'ladder', '支持者', 'Supporter', 'relation ladder', 15),
    ('loyal', 'ladder', '忠实者', 'Loyal', 'relation ladder', 16),
    ('serviceProvider', 'partner', '服务提供商（SP）', 'Service provider (SP)', 'value chain of the carrier, part 2', 17),
    ('contentProvider', 'partner', '内容提供商（CP）', 'Content provider (CP)', 'value chain of the carrier, part 2', 18),
    ('virtualOperator', 'partner', '虚拟运营商', 'Virtual operator', 'value chain of the carrier, part 2', 19),
    ('terminalProvider', 'partner', '终端提供商', 'Terminal provider', 'value chain of the carrier, part 2', 20),
    ('platformProvider', 'partner', '平台提供商', 'Platform provider', 'value chain of the carrier, part 2', 21),
    ('networkProvider', 'partner', '网络提供商', 'Network provider', 'value chain of the carrier, part 2', 22),
    ('billingServiceProvider', 'partner', '计费服务提供商', 'Billing service provider', 'value chain of the carrier, part 2', 23),
    ('agent', 'channel', '代理商', 'Agent', 'channels of the carrier', 24);
