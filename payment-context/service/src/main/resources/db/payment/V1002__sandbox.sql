-- The books of the sandbox partner: every call it received. Nothing else in the payment context reads them.
CREATE TABLE sandbox_payment_call (
    id           bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    payment_key  text        NOT NULL,
    kind         text        NOT NULL,
    method       text,
    amount_minor bigint,
    currency     text,
    result       text        NOT NULL,
    reason       text,
    moved        boolean     NOT NULL,
    received_at  timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX sandbox_payment_call_by_key ON sandbox_payment_call (payment_key, id);

-- Money moves at most once each way.
CREATE UNIQUE INDEX sandbox_payment_call_moved ON sandbox_payment_call (payment_key, kind) WHERE moved;
