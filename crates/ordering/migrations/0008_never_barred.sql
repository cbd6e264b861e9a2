-- Numbers that every line may call, however it is stopped: told to the network with each bar.
CREATE TABLE never_barred (
    number TEXT NOT NULL PRIMARY KEY,
    zh TEXT NOT NULL,
    en TEXT NOT NULL,
    source TEXT NOT NULL
);
INSERT INTO never_barred (number, zh, en, source) VALUES
    ('110', '公安报警', 'Police', 'Henan telecommunications rules art. 24 (L4): emergency calls are never barred'),
    ('119', '火警', 'Fire brigade', 'Henan telecommunications rules art. 24 (L4): emergency calls are never barred'),
    ('120', '急救', 'Ambulance', 'Henan telecommunications rules art. 24 (L4): emergency calls are never barred'),
    ('122', '交通事故报警', 'Traffic accidents', 'Henan telecommunications rules art. 24 (L4): emergency calls are never barred'),
    ('10000', '客户服务热线', 'Own hotline', 'default of the system: whoever is stopped can ask why and pay');
