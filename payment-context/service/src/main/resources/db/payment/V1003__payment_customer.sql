-- Whose payment it is; null where it was voided before it was requested, or requested by an earlier release.
ALTER TABLE payment ADD COLUMN customer_id text;
