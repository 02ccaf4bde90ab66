-- Whose message it is, so that those of one order are retried in order; null where it named nobody.
alter table parked_message add column partition_key text;
update parked_message set partition_key = headers::json ->> 'cloudEvents:partitionkey'
 where length(headers::json ->> 'cloudEvents:partitionkey') between 1 and 200;
create index parked_message_order on parked_message (queue, partition_key, id);
