package io.waybill.order.fulfilment;

import io.waybill.kernel.OrderId;
import io.waybill.kernel.Revision;
import java.time.Duration;
import java.time.Instant;

/** A command was sent and no answer came by {@code dueAt}. */
@Revision(1)
record AnswerOverdue(OrderId orderId, Step step, int attempt, Instant dueAt) implements FulfilmentEvent {

    /**
     * Whether we ourselves were away when it fell due: it was told at {@code toldAt}, more than one further wait later.
     * Then the answers may have been kept waiting too, and the silence counts for nothing.
     */
    boolean wasMissed(Instant toldAt, Duration wait) {
        return toldAt.isAfter(dueAt.plus(wait));
    }
}
