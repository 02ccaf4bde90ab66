package io.waybill.messaging.web;

import io.waybill.messaging.processing.ReadPositions;
import io.waybill.messaging.processing.ReadPositions.ReadPosition;
import jakarta.servlet.http.HttpServletResponse;
import java.util.Optional;
import java.util.function.Supplier;
import org.springframework.http.HttpHeaders;

/**
 * Answers that are the same for everybody. The gateway may keep them, until their time is over or an event outdates
 * them; browsers ask each time and mostly learn that nothing has changed.
 */
public final class PublicAnswers {

    /** For the gateway alone (RFC 9213): five minutes, or older for as long as it takes to renew or to recover. */
    static final String FOR_THE_GATEWAY = "public, max-age=300, stale-while-revalidate=60, stale-if-error=3600";

    private static final String FIELD_FOR_THE_GATEWAY = "CDN-Cache-Control";

    static final String READ_POSITION = "Waybill-Read-Position";
    static final String STREAM_HEAD = "Waybill-Stream-Head";

    private final ReadPositions positions;

    PublicAnswers(ReadPositions positions) {
        this.positions = positions;
    }

    /**
     * Makes an answer out of a read model and says how far that was, so that the gateway can tell whether an event
     * outdates it.
     *
     * @param processor the processor that keeps the read model
     */
    public <T> T of(HttpServletResponse response, String processor, Supplier<T> query) {
        Optional<ReadPosition> before = positions.of(processor);
        T answer = query.get();
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        response.setHeader(FIELD_FOR_THE_GATEWAY, FOR_THE_GATEWAY);
        before.filter(position -> isStillThere(position, processor)).ifPresent(position -> {
            response.setHeader(READ_POSITION, position.seen().toString());
            response.setHeader(STREAM_HEAD, position.head().toString());
        });
        return answer;
    }

    /** A problem that came up while the answer was being written is for nobody else. */
    static void takeBack(HttpServletResponse response) {
        if (response.containsHeader(FIELD_FOR_THE_GATEWAY)) {
            response.setHeader(FIELD_FOR_THE_GATEWAY, "no-store");
            response.setHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache");
        }
    }

    /** A read model that was cleared in between is behind where it was. */
    private boolean isStillThere(ReadPosition before, String processor) {
        return positions
                .of(processor)
                .filter(after -> after.seen().compareTo(before.seen()) >= 0)
                .isPresent();
    }
}
