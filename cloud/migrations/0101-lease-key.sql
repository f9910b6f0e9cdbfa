-- 0101-lease-key.sql: a right that a till names otherwise than HQ counts it: a gift card by the code that was scanned.

-- As the till asked for it; null: as `key`.
alter table lease add column asked_key text;
