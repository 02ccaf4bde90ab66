package io.waybill.acceptance;

import java.util.List;

/** Settings of Waybill that say how long it waits. */
final class Waits {

    /** So short that the story of a silent partner takes seconds, yet long enough for a busy machine. */
    static final List<String> SHORT = List.of(
            "waybill.fulfilment.first-wait=2s",
            "waybill.fulfilment.max-wait=5s",
            "waybill.fulfilment.patience=4",
            "waybill.fulfilment.compensation-retries=1",
            "waybill.payment.sandbox.slowness=3s");

    /** As patient with a silent context as in production; only the slow partner is not as slow. */
    static final List<String> PATIENT = List.of("waybill.payment.sandbox.slowness=3s");

    /** As long as they are where nobody sets anything. */
    static final List<String> DEFAULT = List.of();

    private Waits() {}
}
