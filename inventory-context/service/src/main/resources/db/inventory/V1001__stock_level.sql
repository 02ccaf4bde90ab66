-- What the commands decide on: locked in the order of sku and changed in the transaction that appends the event.
create table stock_level (
    sku      text collate "C" primary key,
    on_hand  bigint not null,
    reserved bigint not null default 0,
    constraint stock_level_never_promises_too_much check (reserved between 0 and on_hand)
) with (fillfactor = 70);
