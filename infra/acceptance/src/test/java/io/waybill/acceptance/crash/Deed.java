package io.waybill.acceptance.crash;

/** What a process does that others can see, or that outlives it. */
enum Deed {
    /** A statement, whose transaction is not committed yet. */
    WRITE,
    COMMIT,
    PUBLISH,
    /** The broker's word that it has taken a batch. */
    CONFIRM,
    ACKNOWLEDGE,
    /** A call to a partner. */
    CALL
}
