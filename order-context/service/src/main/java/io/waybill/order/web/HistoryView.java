package io.waybill.order.web;

import io.waybill.messaging.tracing.TraceLinks;
import io.waybill.order.api.OrderHistoryEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An order's journey as the REST API shows it.
 *
 * @param traceId the trace that it began with; what happened much later may be told in others, which link to it
 * @param traceUrl where people see that trace; null where it was not recorded, or nobody said where
 */
record HistoryView(
        List<Item> items,
        @Nullable String traceId,
        @Nullable String traceUrl) {

    HistoryView {
        items = List.copyOf(items);
    }

    record Item(
            String id,
            String source,
            String type,
            Instant time,
            String subject,
            Map<String, Object> data,
            @Nullable String traceId) {

        static Item of(OrderHistoryEntry entry) {
            return new Item(
                    entry.id(),
                    entry.source(),
                    entry.type(),
                    entry.time(),
                    entry.subject(),
                    entry.data(),
                    entry.traceId());
        }
    }

    static HistoryView of(List<OrderHistoryEntry> entries, TraceLinks links) {
        List<Item> items = entries.stream().map(Item::of).toList();
        Optional<OrderHistoryEntry> first =
                entries.stream().filter(entry -> entry.traceId() != null).findFirst();
        String traceId = first.map(OrderHistoryEntry::traceId).orElse(null);
        String traceUrl = first.filter(OrderHistoryEntry::isTraced)
                .map(OrderHistoryEntry::traceId)
                .flatMap(links::linkTo)
                .orElse(null);
        return new HistoryView(items, traceId, traceUrl);
    }
}
