package io.waybill.simulation;

/** A guarantee that is broken on purpose, to see that the simulation notices. */
public enum Defect {
    NONE,
    /** The saga forgets the last compensation when stock was released. */
    FORGETS_THE_REFUND,
    /** The saga does not listen any more once the customer has cancelled, though the parcel had left before. */
    IGNORES_A_LATE_ANSWER,
    /** The saga is stored even where its batch is rolled back. */
    STORES_THE_SAGA_OUTSIDE_THE_TRANSACTION,
    /** A batch that failed counts as done. */
    SWALLOWS_ERRORS_OF_THE_SAGA,
    /** A processor stores its place before it handles the events. */
    STORES_ITS_PLACE_FIRST,
    /** The inbox acknowledges events before they are committed. */
    ACKNOWLEDGES_BEFORE_COMMIT,
    /** Events leave the context before they are committed. */
    PUBLISHES_BEFORE_COMMIT,
    /** The inbox does not know any more which events it had. */
    LOSES_THE_DEDUP_KEY,
    /** Alarms are kept in memory only. */
    FORGETS_DEADLINES,
    /** Tasks are kept in memory only. */
    FORGETS_TASKS,
    /** Stock levels change outside the transaction. */
    CHANGES_STOCK_OUTSIDE_THE_TRANSACTION,
    /** Each call of a partner has an idempotency key of its own. */
    FRESH_KEY_FOR_EACH_CALL,
    /** The partner does not recognise a repeated call. */
    DELIVERS_TWICE_WITHOUT_DEDUP,
    /** No answer counts as a no. */
    TREATS_A_TIMEOUT_AS_A_FAILURE,
    /** A refund counts as made without the partner's answer. */
    REFUNDS_WITHOUT_CHECKING
}
