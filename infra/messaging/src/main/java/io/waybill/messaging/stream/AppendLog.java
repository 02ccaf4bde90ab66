package io.waybill.messaging.stream;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Remembers the last event that was appended while this log was {@link #open() open} on the appending thread, so that
 * whoever sent a command can be told where its effect stands. Whether the append was committed is for its owner to
 * know.
 */
public final class AppendLog {

    private static final ThreadLocal<AppendLog> OPEN = new ThreadLocal<>();

    /**
     * An event and where it stands.
     *
     * @param eventId its id; empty where the context that asks published none
     * @param type for example {@code waybill.order.OrderPlaced}; empty like the id
     */
    public record Appended(StreamPosition place, String eventId, String type) {}

    private volatile @Nullable Appended last;

    /** Notes what this thread appends from now on. */
    public void open() {
        OPEN.set(this);
    }

    /** Ends what {@link #open()} began; on the same thread. */
    public static void close() {
        OPEN.remove();
    }

    public Optional<Appended> last() {
        return Optional.ofNullable(last);
    }

    static void note(StreamPosition place, String eventId, String type) {
        AppendLog log = OPEN.get();
        if (log != null) {
            log.last = new Appended(place, eventId, type);
        }
    }
}
