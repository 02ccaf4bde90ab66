package io.waybill.order.fulfilment;

import io.waybill.kernel.Event;
import io.waybill.kernel.OrderId;

/**
 * What time tells a fulfilment. Each names the step and the attempt it was armed for, so that one that comes after the
 * answer is known to be stale.
 */
sealed interface FulfilmentEvent extends Event permits AnswerOverdue, RetryDue {

    OrderId orderId();

    Step step();

    int attempt();

    @Override
    default String subject() {
        return orderId().value();
    }
}
