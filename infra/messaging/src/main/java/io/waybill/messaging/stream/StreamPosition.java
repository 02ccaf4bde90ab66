package io.waybill.messaging.stream;

import java.util.Comparator;
import java.util.OptionalLong;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.WrappedToken;
import org.jspecify.annotations.Nullable;

/**
 * A place in the stream: the transaction that appended an event, then its position. Positions alone are drawn before
 * the commit and so can become visible out of order; together with the transaction's id, and read only below the oldest
 * transaction still running, they never do.
 */
public record StreamPosition(long transactionId, long offset) implements TrackingToken, Comparable<StreamPosition> {

    /** Before the first event. */
    public static final StreamPosition START = new StreamPosition(0, 0);

    private static final Comparator<StreamPosition> ORDER =
            Comparator.comparingLong(StreamPosition::transactionId).thenComparingLong(StreamPosition::offset);

    @Override
    public TrackingToken lowerBound(TrackingToken other) {
        StreamPosition that = of(other);
        return compareTo(that) <= 0 ? this : that;
    }

    @Override
    public TrackingToken upperBound(TrackingToken other) {
        StreamPosition that = of(other);
        return compareTo(that) >= 0 ? this : that;
    }

    @Override
    public boolean covers(@Nullable TrackingToken other) {
        return other == null || compareTo(of(other)) >= 0;
    }

    @Override
    public OptionalLong position() {
        return OptionalLong.of(offset);
    }

    @Override
    public int compareTo(StreamPosition that) {
        return ORDER.compare(this, that);
    }

    /** The place that a token of Axon's stands for, whatever it is wrapped in; the start for none. */
    public static StreamPosition of(@Nullable TrackingToken token) {
        if (token == null) {
            return START;
        }
        TrackingToken bare = WrappedToken.unwrapLowerBound(token);
        if (bare == null) {
            return START;
        }
        if (bare instanceof StreamPosition place) {
            return place;
        }
        throw new IllegalArgumentException("a token of this stream is expected, not " + bare.getClass());
    }

    @Override
    public String toString() {
        return transactionId + ":" + offset;
    }

    /** For headers and attributes on the wire: {@code 1234.567}. */
    public String dotted() {
        return transactionId + "." + offset;
    }

    /** Reads what {@link #toString()} wrote. */
    public static StreamPosition parse(String text) {
        int colon = text.indexOf(':');
        try {
            return new StreamPosition(
                    Long.parseLong(text.substring(0, Math.max(colon, 0))), Long.parseLong(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("a position of the stream looks like 1234:567", e);
        }
    }
}
