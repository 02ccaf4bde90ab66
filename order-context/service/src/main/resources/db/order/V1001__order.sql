-- What products cost, as the inventory context tells it.
create table price_list (
    sku          text collate "C" primary key,
    amount_minor bigint      not null,
    currency     text        not null,
    since        timestamptz not null
);

-- How every order stands. Order ids sort by time of birth, bytewise.
create table order_summary (
    order_id        text collate "C" primary key,
    customer_id     text        not null,
    status          text        not null,
    reason          text,
    lines           jsonb       not null,
    total_minor     bigint      not null,
    currency        text        not null,
    payment_id      text,
    payment_status  text,
    shipment_id     text,
    shipment_status text,
    tracking_code   text,
    placed_at       timestamptz not null,
    updated_at      timestamptz not null
);
create index order_summary_customer on order_summary (customer_id, order_id);

-- Which order a customer's key stands for, decided in the transaction that places the order.
create table idempotency_key (
    customer_id  text        not null,
    key          text        not null,
    request_hash text        not null,
    order_id     text        not null,
    created_at   timestamptz not null default now(),
    primary key (customer_id, key)
);
create index idempotency_key_created_at on idempotency_key (created_at);

-- Payments that were voided; should one be charged nevertheless, it is refunded.
create table voided_payment (
    payment_id text primary key
);
