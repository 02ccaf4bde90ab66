-- The one stream of a context: its own events, and copies of the foreign events it subscribed to.
-- Readers go by (transaction_id, position) below the oldest transaction still running, so they skip nothing.
create table event_stream (
    position        bigint generated always as identity primary key,
    transaction_id  xid8        not null default pg_current_xact_id(),
    source          text        not null,
    local           boolean     not null,
    event_id        text        not null,
    type            text        not null,
    revision        integer     not null,
    aggregate_type  text,
    subject         text        not null,
    sequence_number bigint,
    partition_key   text        not null,
    occurred_at     timestamptz not null,
    payload         text        not null,
    metadata        text        not null,
    constraint event_stream_once unique (source, event_id)
);
create unique index event_stream_order on event_stream (transaction_id, position);
create unique index event_stream_aggregate on event_stream (subject, sequence_number)
    where local and aggregate_type is not null;
create index event_stream_partition on event_stream (partition_key, transaction_id, position);
create index event_stream_subject on event_stream (subject, transaction_id, position);
create index event_stream_type on event_stream (type, transaction_id, position);
create index event_stream_occurred_at on event_stream (occurred_at);

-- Who is alive. A processor's segment belongs to a process as long as the process gives signs of life.
create table process_instance (
    id          text primary key,
    host        text        not null,
    alive_until timestamptz not null
);

-- How far each processor's segments have come. While replay_transaction_id is set, events up to there are repeats.
create table processor_token (
    processor             text    not null,
    segment               integer not null,
    segments              integer not null,
    transaction_id        xid8    not null,
    position              bigint  not null,
    replay_transaction_id xid8,
    replay_position       bigint,
    owner                 text,
    epoch                 bigint  not null default 0,
    updated_at            timestamptz not null default now(),
    primary key (processor, segment)
);

create table saga (
    saga_id   text primary key,
    saga_type text not null,
    payload   text not null
);
create table saga_association (
    saga_type         text not null,
    association_key   text not null,
    association_value text not null,
    saga_id           text not null references saga on delete cascade,
    primary key (saga_type, association_key, association_value, saga_id)
);
create index saga_association_saga on saga_association (saga_id);

-- Alarms that enter the stream as events when they are due.
create table deadline (
    id            text primary key,
    due_at        timestamptz not null,
    type          text        not null,
    revision      integer     not null,
    subject       text        not null,
    partition_key text        not null,
    payload       text        not null
);
create index deadline_due_at on deadline (due_at);

-- Events that a processor could not handle, in order per partition key; later ones of the same key wait behind.
create table parked_event (
    id             bigint generated always as identity primary key,
    processor      text        not null,
    segment        integer     not null,
    partition_key  text        not null,
    transaction_id xid8        not null,
    position       bigint      not null,
    cause          text        not null,
    attempts       integer     not null,
    parked_at      timestamptz not null default now(),
    next_try_at    timestamptz,
    unique (processor, segment, position)
);
create index parked_event_order on parked_event (processor, segment, partition_key, transaction_id, position);

-- Messages from the broker that could not be understood or carried out.
create table parked_message (
    id         bigint generated always as identity primary key,
    queue      text        not null,
    message_id text,
    headers    text        not null,
    body       bytea       not null,
    cause      text        not null,
    parked_at  timestamptz not null default now()
);
