-- Whose shipment it is; null where it was cancelled before it was requested, or requested by an earlier release.
ALTER TABLE shipment ADD COLUMN customer_id text;
