package io.waybill.acceptance.crash;

import java.util.List;
import java.util.Optional;

/** A fault in the machinery that can be planted in a context's process. Each breaks one thing that it promises. */
public enum Defect {
    /** Events of others are acknowledged before they are in the stream. */
    INBOX_ACKNOWLEDGES_ON_RECEIPT,
    /** Events of others are taken in without a look whether they are there already. */
    INBOX_TAKES_REPEATS("alter table event_stream drop constraint event_stream_once", """
        delete from event_stream later using event_stream earlier
         where later.source = earlier.source and later.event_id = earlier.event_id
           and later.position > earlier.position;
        alter table event_stream add constraint event_stream_once unique (source, event_id)\
        """),
    /** What was published counts as taken before the broker says so. */
    OUTBOX_DOES_NOT_WAIT_FOR_CONFIRMS,
    /** A message that no queue took counts as taken. */
    OUTBOX_IGNORES_RETURNS,
    /** The stream is read beyond transactions that are still running. */
    READER_SKIPS_GAPS,
    /** A partner is asked with another idempotency key each time. */
    NEW_KEY_FOR_EACH_CALL,
    /** A task counts as done when it is begun. */
    TASK_DONE_WHEN_BEGUN,
    /** An alarm is off the table before its event is in the stream. */
    DEADLINE_FORGOTTEN_FIRST,
    /** A handler catches the failure of its statement and goes on. */
    HANDLER_SWALLOWS_FAILURES,
    /** The same Idempotency-Key places another order. */
    IDEMPOTENCY_KEY_IS_FORGOTTEN;

    private static final String PLANTED = "waybill.crash.defect";

    private final Optional<String> change;
    private final Optional<String> repair;

    Defect() {
        this.change = Optional.empty();
        this.repair = Optional.empty();
    }

    Defect(String change, String repair) {
        this.change = Optional.of(change);
        this.repair = Optional.of(repair);
    }

    /** What has to be changed in the context's database, too. */
    public Optional<String> change() {
        return change;
    }

    /** Takes back the change, and what came of it. */
    public Optional<String> repair() {
        return repair;
    }

    /** Options of the JVM with which it is planted. */
    public List<String> options() {
        return List.of("-D" + PLANTED + "=" + name());
    }

    boolean isPlanted() {
        return name().equals(System.getProperty(PLANTED));
    }

    /** A statement as a process with this fault would have written it. */
    static String rewrite(String sql) {
        if (READER_SKIPS_GAPS.isPlanted()) {
            return sql.replace(
                    "transaction_id < pg_snapshot_xmin(pg_current_snapshot()) as settled", "true as settled");
        }
        if (INBOX_TAKES_REPEATS.isPlanted()) {
            return sql.replace(" on conflict (source, event_id) do nothing", "");
        }
        if (IDEMPOTENCY_KEY_IS_FORGOTTEN.isPlanted() && sql.contains("insert into idempotency_key")) {
            return sql.replace(
                    "on conflict do nothing",
                    "on conflict (customer_id, key) do update set order_id = excluded.order_id");
        }
        return sql;
    }
}
