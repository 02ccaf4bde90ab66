package io.waybill.payment.sandbox;

import io.waybill.kernel.Money;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A call that the sandbox received. */
record SandboxCall(
        long id,
        String key,
        Kind kind,
        @Nullable SandboxMethod method,
        @Nullable Money amount,
        Verdict verdict,
        Instant receivedAt) {

    enum Kind {
        CHARGE,
        REFUND
    }

    enum Result {
        CHARGED,
        DECLINED,
        UNAVAILABLE,
        REFUNDED,
        NOTHING_CHARGED,
        REFUSED
    }

    /**
     * What the sandbox made of a call.
     *
     * @param moved whether money moved; a repeated call gets the first one's answer and moves nothing
     */
    record Verdict(Result result, @Nullable String reason, boolean moved) {

        static Verdict moved(Result result) {
            return new Verdict(result, null, true);
        }

        static Verdict unmoved(Result result) {
            return new Verdict(result, null, false);
        }

        static Verdict unmoved(Result result, String reason) {
            return new Verdict(result, reason, false);
        }
    }

    boolean is(Result result) {
        return verdict.result() == result;
    }

    boolean movedBy(Kind kind) {
        return verdict.moved() && this.kind == kind;
    }
}
