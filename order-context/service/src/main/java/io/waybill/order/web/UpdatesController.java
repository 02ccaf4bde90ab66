package io.waybill.order.web;

import io.waybill.kernel.InvalidValueException;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.web.AnswersFrom;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/** Customers follow an order live: its history so far, then every event as it happens, as Server-Sent Events. */
@RestController
class UpdatesController {

    private final OrderLookup orders;
    private final LiveUpdates updates;

    UpdatesController(OrderLookup orders, LiveUpdates updates) {
        this.orders = orders;
        this.updates = updates;
    }

    @GetMapping(path = "/api/orders/{id}/updates", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @AnswersFrom(OrderWaits.READ_MODEL)
    void updates(
            @PathVariable OrderId id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        String after = lastEventId == null || lastEventId.isEmpty() ? null : checked(lastEventId);
        updates.stream(orders.require(id), after, request, response);
    }

    private static String checked(String lastEventId) {
        try {
            return StreamPosition.parse(lastEventId).toString();
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("the Last-Event-ID is none that this stream gave");
        }
    }
}
