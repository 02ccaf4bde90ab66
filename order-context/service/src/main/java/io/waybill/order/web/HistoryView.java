package io.waybill.order.web;

import io.waybill.order.api.OrderHistoryEntry;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** An order's journey as the REST API shows it. */
record HistoryView(List<Item> items) {

    HistoryView {
        items = List.copyOf(items);
    }

    record Item(String id, String source, String type, Instant time, String subject, Map<String, Object> data) {

        static Item of(OrderHistoryEntry entry) {
            return new Item(entry.id(), entry.source(), entry.type(), entry.time(), entry.subject(), entry.data());
        }
    }

    static HistoryView of(List<OrderHistoryEntry> entries) {
        return new HistoryView(entries.stream().map(Item::of).toList());
    }
}
