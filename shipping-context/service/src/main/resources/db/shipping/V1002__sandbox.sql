-- The books of the sandbox carrier: every call it received. Nothing else in the shipping context reads them.
CREATE TABLE sandbox_shipment_call (
    id            bigint      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    shipment_key  text        NOT NULL,
    kind          text        NOT NULL,
    result        text        NOT NULL,
    tracking_code text,
    reason        text,
    effective     boolean     NOT NULL,
    received_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX sandbox_shipment_call_by_key ON sandbox_shipment_call (shipment_key, id);

-- A parcel is booked at most once, and its booking taken back at most once.
CREATE UNIQUE INDEX sandbox_shipment_call_effective ON sandbox_shipment_call (shipment_key, kind) WHERE effective;
