package io.waybill.gateway;

import io.waybill.kernel.PreferHeader;
import java.time.Duration;
import org.springframework.http.HttpHeaders;

/** Reads {@code Prefer: wait=N} of RFC 7240, as the contexts do. */
public final class PreferredWait {

    private PreferredWait() {}

    /** How long the client would like to wait, at most 30 s; nothing where it does not say so understandably. */
    public static Duration of(HttpHeaders headers) {
        return Duration.ofSeconds(PreferHeader.secondsToWait(headers.getOrEmpty("Prefer")));
    }
}
