-- Read model of the payments, written by the projection payment.tracking alone.
CREATE TABLE payment (
    payment_id   text        PRIMARY KEY,
    order_id     text        NOT NULL,
    status       text        NOT NULL,
    amount_minor bigint,
    currency     text,
    reason       text,
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL
);
