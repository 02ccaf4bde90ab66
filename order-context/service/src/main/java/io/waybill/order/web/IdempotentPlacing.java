package io.waybill.order.web;

import io.waybill.kernel.OrderId;
import io.waybill.messaging.Commands;
import io.waybill.messaging.Rejection;
import io.waybill.order.OrderRejection;
import io.waybill.order.api.PlaceOrder;
import org.axonframework.commandhandling.CommandHandler;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Lets the same request buy once. The key is taken in the transaction that places the order: either both are kept or
 * neither, and whoever comes with the same key meanwhile waits for that transaction to end.
 */
@Component
class IdempotentPlacing {

    private final IdempotencyKeys keys;

    IdempotentPlacing(IdempotencyKeys keys) {
        this.keys = keys;
    }

    /** The id of the order that the key stands for. */
    @CommandHandler
    OrderId decide(PlaceOrderOnce command, Commands commands) {
        PlaceOrder order = command.order();
        IdempotencyKeys.Entry entry = new IdempotencyKeys.Entry(command.requestHash(), order.orderId());
        if (keys.take(order.customerId(), command.key(), entry)) {
            commands.send(order);
            return order.orderId();
        }
        IdempotencyKeys.Entry earlier = keys.get(order.customerId(), command.key());
        if (!earlier.requestHash().equals(command.requestHash())) {
            throw new Rejection(
                    OrderRejection.IDEMPOTENCY_KEY_REUSED, "This Idempotency-Key was used for another request");
        }
        return earlier.orderId();
    }

    @Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT1H")
    void forgetOldKeys() {
        keys.forgetOld();
    }
}
