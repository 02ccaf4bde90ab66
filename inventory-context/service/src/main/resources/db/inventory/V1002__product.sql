-- What buyers see: a projection, emptied and filled again whenever it is rebuilt. It has no check of its own, because
-- the events of two transactions that ran side by side may arrive here in another order than they took effect in.
create table product (
    sku         text collate "C" primary key,
    name        text        not null,
    price_minor bigint      not null,
    currency    text        not null,
    on_hand     bigint      not null default 0,
    reserved    bigint      not null default 0,
    updated     timestamptz not null
) with (fillfactor = 70);
