package io.waybill.order.web;

import io.waybill.messaging.stream.StreamPosition;
import io.waybill.order.api.OrderHistoryEntry;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** What one client has been told of an order. Used by one thread at a time. */
final class LiveUpdates {

    private final SseEmitter client;
    private final StreamPosition after;
    private final Set<String> told = new HashSet<>();

    LiveUpdates(SseEmitter client, StreamPosition after) {
        this.client = client;
        this.after = after;
    }

    /**
     * Sends what is new in the history; where nothing is, a comment that shows whether the client is still there.
     *
     * @param settled the place up to which nothing can appear any more; what stands behind it waits, because a client
     *     that goes on behind an event never hears of one that appears before it
     * @return whether the client is still there
     */
    boolean send(List<OrderHistoryEntry> history, StreamPosition settled) {
        List<OrderHistoryEntry> news =
                history.stream().filter(entry -> isNew(entry, settled)).toList();
        try {
            if (news.isEmpty()) {
                client.send(SseEmitter.event().comment(""));
            }
            for (OrderHistoryEntry entry : news) {
                client.send(
                        SseEmitter.event().id(entry.cursor()).name(entry.type()).data(HistoryView.Item.of(entry)));
                told.add(entry.cursor());
            }
            return true;
        } catch (IOException | IllegalStateException e) {
            return false;
        }
    }

    private boolean isNew(OrderHistoryEntry entry, StreamPosition settled) {
        StreamPosition place = StreamPosition.parse(entry.cursor());
        return place.compareTo(after) > 0 && place.compareTo(settled) <= 0 && !told.contains(entry.cursor());
    }
}
