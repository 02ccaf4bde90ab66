package io.waybill.order.api;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One event of an order's journey. The cursor says where it stands in the history; the data is the event's content
 * without what customers told us about themselves. The trace is the one that it was told in, where there was one; where
 * it was not recorded, there is nothing to be seen of it but its id.
 */
public record OrderHistoryEntry(
        String cursor,
        String id,
        String source,
        String type,
        Instant time,
        String subject,
        Map<String, Object> data,
        @Nullable String traceId,
        boolean isTraced) {

    public OrderHistoryEntry {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
    }
}
