-- The trace context that an alarm was set in, as W3C's traceparent; null where there was none.
alter table deadline add column traceparent text;
