-- Whose message it is, so that those of one order are retried in order; null where it named nobody.
alter table parked_message add column partition_key text;
create index parked_message_order on parked_message (queue, partition_key, id);
