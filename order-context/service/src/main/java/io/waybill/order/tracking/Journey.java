package io.waybill.order.tracking;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.inventory.api.ReservationEvent;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.stream.StoredEvent;
import io.waybill.messaging.stream.StreamBrowser;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.order.api.OrderEvent;
import io.waybill.order.api.OrderHistoryEntry;
import io.waybill.payment.api.PaymentEvent;
import io.waybill.shipping.api.ShippingEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** What happened to an order in every context, as the order context's stream tells it. */
@Component
class Journey {

    private static final TypeReference<Map<String, Object>> DATA = new TypeReference<>() {};

    private static final int PAGE = 200;

    private final StreamBrowser stream;
    private final PublicContent told = PublicContent.of(
            List.of(OrderEvent.class, PaymentEvent.class, ReservationEvent.class, ShippingEvent.class));
    private final ObjectMapper json = WaybillJson.mapper();

    Journey(StreamBrowser stream) {
        this.stream = stream;
    }

    List<OrderHistoryEntry> of(OrderId orderId) {
        return stream.byPartition(orderId.value()).stream()
                .filter(event -> told.isTold(event.name()))
                .map(this::entry)
                .toList();
    }

    /** What is settled behind a cursor, or from the beginning. */
    List<OrderHistoryEntry> after(OrderId orderId, @Nullable String cursor) {
        StreamPosition place = cursor == null ? StreamPosition.START : StreamPosition.parse(cursor);
        List<OrderHistoryEntry> entries = new ArrayList<>();
        List<StoredEvent> page;
        do {
            page = stream.settledOf(orderId.value(), place, PAGE);
            page.stream()
                    .filter(event -> told.isTold(event.name()))
                    .map(this::entry)
                    .forEach(entries::add);
            place = page.isEmpty() ? place : page.get(page.size() - 1).place();
        } while (page.size() == PAGE);
        return entries;
    }

    private OrderHistoryEntry entry(StoredEvent event) {
        JsonNode content = told.withoutPersonalData(event.name(), event.payload());
        return new OrderHistoryEntry(
                event.place().toString(),
                event.eventId(),
                event.source(),
                event.type() + ".v" + event.revision(),
                event.occurredAt(),
                event.subject(),
                json.convertValue(content, DATA),
                event.traceId(),
                event.isTraced());
    }
}
