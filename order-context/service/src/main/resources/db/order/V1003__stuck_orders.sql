-- Counted by whoever watches the system; there are few of them.
create index order_summary_stuck on order_summary (order_id) where status = 'COMPENSATION_STUCK';
