-- How the system keeps what the law forbids, in English too.
ALTER TABLE portability_prohibition ADD COLUMN kept_by_en TEXT;
UPDATE portability_prohibition SET kept_by_en = 'Eligibility is decided by the table of conditions, all of them told at once' WHERE code = 'refuse';
UPDATE portability_prohibition SET kept_by_en = 'After the application the desk and the hotline are told to leave the customer alone' WHERE code = 'interfere';
UPDATE portability_prohibition SET kept_by_en = 'Only contracts that billing keeps count' WHERE code = 'invent';
UPDATE portability_prohibition SET kept_by_en = 'The line works unchanged until the port takes effect' WHERE code = 'degrade';
UPDATE portability_prohibition SET kept_by_en = 'Scripts hold no comparison' WHERE code = 'compare';
UPDATE portability_prohibition SET kept_by_en = 'The catalogue refuses offerings that are conditioned on porting in' WHERE code = 'special';
UPDATE portability_prohibition SET kept_by_en = 'The holder''s certificate is compared; the code goes to the number itself only' WHERE code = 'malicious';
UPDATE portability_prohibition SET kept_by_en = 'A ported-in number goes home by itself once its line is closed' WHERE code = 'keep';
UPDATE portability_prohibition SET kept_by = '申请后柜台与热线均提示不得挽留、拖延或降低服务' WHERE code = 'interfere';
