package io.waybill.shipping.sandbox;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A call that the sandbox received. It does not keep the address.
 *
 * @param effective whether anything changed; a repeated call gets the first one's answer and changes nothing
 */
record SandboxCall(
        long id,
        String key,
        Kind kind,
        Result result,
        @Nullable String trackingCode,
        @Nullable String reason,
        boolean effective,
        Instant receivedAt) {

    enum Kind {
        BOOK,
        CANCEL
    }

    enum Result {
        BOOKED,
        REFUSED,
        CANCELLED
    }
}
