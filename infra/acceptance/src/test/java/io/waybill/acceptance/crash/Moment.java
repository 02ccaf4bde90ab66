package io.waybill.acceptance.crash;

/** On which side of a deed a process stands. */
enum Moment {
    BEFORE,
    AFTER
}
