package io.waybill.gateway.resilience;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;

/** A context answered that it could not do what was asked. */
final class FailedAnswer extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;
    private final boolean well;
    private final @Nullable Duration retryAfter;

    /**
     * @param well whether the context says that nothing is wrong with it
     * @param headers of the answer
     */
    FailedAnswer(int status, boolean well, HttpHeaders headers) {
        super("answered " + status, null, false, false);
        this.status = status;
        this.well = well;
        this.retryAfter = status == 503 ? seconds(headers.getFirst(HttpHeaders.RETRY_AFTER)) : null;
    }

    /** As contexts write it: whole seconds. */
    private static @Nullable Duration seconds(@Nullable String value) {
        return value != null && value.matches("[0-9]{1,5}") ? Duration.ofSeconds(Long.parseLong(value)) : null;
    }

    /** When the context, whose server is away, wants to be asked again; null where it does not say. */
    @Nullable
    Duration retryAfter() {
        return retryAfter;
    }

    boolean isOfWellContext() {
        return well;
    }

    /** Whether the same request may well succeed a moment later; a mistake in the context stays one. */
    boolean isTemporary() {
        return status >= 502 && status <= 504;
    }
}
