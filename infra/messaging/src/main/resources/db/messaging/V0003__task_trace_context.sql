-- The trace context that a task was enqueued in, as W3C's traceparent; null where there was none.
alter table task add column traceparent text;
