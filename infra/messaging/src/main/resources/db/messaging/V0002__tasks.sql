-- Work that waits for a worker. While a task runs, claim names the run and due_at is the end of its lease.
CREATE TABLE task (
    queue   text        NOT NULL,
    key     text        NOT NULL,
    due_at  timestamptz NOT NULL,
    attempt integer     NOT NULL DEFAULT 0,
    claim   uuid,
    again   boolean     NOT NULL DEFAULT false,
    PRIMARY KEY (queue, key)
);

CREATE INDEX task_due ON task (queue, due_at);
