package io.waybill.payment.sandbox;

import java.util.Arrays;
import java.util.Optional;

/** The payment methods of the sandbox. Methods that it does not know are declined. */
enum SandboxMethod {
    VISA("pm_card_visa"),
    DECLINED("pm_card_visa_chargeDeclined"),
    INSUFFICIENT_FUNDS("pm_card_visa_chargeDeclinedInsufficientFunds"),
    /** Answers late. */
    SLOW("pm_sandbox_slow"),
    /** Charges, but the answer never arrives. */
    SILENT("pm_sandbox_silent"),
    /** Cannot be reached three times, then works. */
    UNAVAILABLE("pm_sandbox_unavailable"),
    /** Charges, and refuses to refund until an operator insists. */
    REFUND_FAILS("pm_sandbox_refund_fails");

    private final String id;

    SandboxMethod(String id) {
        this.id = id;
    }

    static Optional<SandboxMethod> named(String id) {
        return Arrays.stream(values()).filter(method -> method.id.equals(id)).findFirst();
    }
}
