package io.waybill.gateway.limits;

/**
 * What became of one request.
 *
 * @param remaining how many more would be granted right now
 * @param waitMicros how long until it is one more
 * @param atMicros when it was decided, on the clock of the one who decided
 */
record Decision(boolean granted, long remaining, long waitMicros, long atMicros, By by) {

    enum By {
        REDIS,
        GATEWAY
    }
}
