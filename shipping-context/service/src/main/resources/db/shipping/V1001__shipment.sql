-- Read model of the shipments, written by the projection shipping.tracking alone. It does not know where they go.
CREATE TABLE shipment (
    shipment_id   text        PRIMARY KEY,
    order_id      text        NOT NULL,
    status        text        NOT NULL,
    tracking_code text,
    reason        text,
    created_at    timestamptz NOT NULL,
    updated_at    timestamptz NOT NULL
);
