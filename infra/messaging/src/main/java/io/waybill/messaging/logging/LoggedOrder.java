package io.waybill.messaging.logging;

import io.waybill.kernel.Command;
import io.waybill.kernel.Event;
import io.waybill.messaging.tracing.Tracing.Work;
import io.waybill.observability.OrderIds;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Names the order that a thread works for in every line that it logs meanwhile. Only what has the form of an id is ever
 * taken, whatever it was found in.
 */
public final class LoggedOrder {

    /** The key in SLF4J's diagnostic context, and so in structured logs. */
    static final String KEY = "orderId";

    private LoggedOrder() {}

    /**
     * Does the work with the order named that a message is about.
     *
     * @param subject a command, an event, or any text that holds the id of an order, a payment or a shipment
     */
    public static <T extends @Nullable Object, E extends Exception> T in(Object subject, Work<T, E> work) throws E {
        String order = orderOf(subject);
        if (order == null) {
            return work.run();
        }
        String before = MDC.get(KEY);
        MDC.put(KEY, order);
        try {
            return work.run();
        } finally {
            if (before == null) {
                MDC.remove(KEY);
            } else {
                MDC.put(KEY, before);
            }
        }
    }

    static @Nullable String orderOf(Object subject) {
        String text = switch (subject) {
            case Command command -> command.partitionKey();
            case Event event -> event.partitionKey();
            case String key -> key;
            default -> "";
        };
        return OrderIds.in(text);
    }
}
