package io.waybill.kernel;

import java.time.Instant;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Identifies an order: {@code ord_} and a UUID of version 7 (RFC 9562), so that ids sort by time of birth. */
public record OrderId(String value) {

    static final String PREFIX = "ord_";

    public OrderId {
        Guard.prefixedUuid(value, PREFIX, "an order");
    }

    public static OrderId of(String value) {
        return new OrderId(value);
    }

    /** A new id: 48 bits of milliseconds since the epoch, then 74 random bits. */
    public static OrderId timeOrdered(Instant now, RandomGenerator random) {
        long high = (now.toEpochMilli() << 16) | 0x7000L | (random.nextLong() & 0x0FFFL);
        long low = (random.nextLong() & 0x3FFF_FFFF_FFFF_FFFFL) | 0x8000_0000_0000_0000L;
        return new OrderId(PREFIX + new UUID(high, low));
    }

    String uuid() {
        return value.substring(PREFIX.length());
    }

    @Override
    public String toString() {
        return value;
    }
}
