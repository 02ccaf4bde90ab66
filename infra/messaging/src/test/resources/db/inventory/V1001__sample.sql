-- What the sample context of the tests keeps.
create table sample_shelf (
    shelf      text primary key,
    pieces     integer not null default 0,
    dispatched integer not null default 0
);
create table sample_stock_take (
    shelf text primary key
);

-- What handlers of the tests have heard, in the order in which they heard it.
create table sample_seen (
    nr             bigint generated always as identity primary key,
    transaction_id xid8 not null default pg_current_xact_id(),
    reader         text not null,
    by             text not null,
    what           text not null
);
