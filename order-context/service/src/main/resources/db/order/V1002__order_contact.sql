-- Where the customer of an order gets mail: the address of the token that placed it. No event holds it, so deleting a
-- row forgets it, and nobody is written to about that order any more.
create table order_contact (
    order_id text primary key,
    email    text not null
);
