-- Business by telephone needs a caller who was fully verified; a report of loss is business too.
UPDATE hotline_action SET level = 'full' WHERE code = 'reportLoss';
