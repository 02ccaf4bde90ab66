package io.waybill.simulation;

/** Where within a step a process can end. */
enum CrashPoint {
    /** What was published stays published, what was written is gone. */
    AFTER_PUBLISHING,
    BEFORE_COMMIT,
    /** What was written stays written, but nobody has been told: no acknowledgement, no answer. */
    AFTER_COMMIT
}
