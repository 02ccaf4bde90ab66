package io.waybill.order.web;

import io.waybill.kernel.OrderId;
import io.waybill.messaging.Commands;
import io.waybill.messaging.Rejection;
import io.waybill.order.OrderRejection;
import io.waybill.order.api.PlaceOrder;
import io.waybill.order.notification.Contacts;
import org.axonframework.commandhandling.CommandHandler;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

/**
 * Lets the same request buy once. The key is taken in the transaction that places the order: either both are kept or
 * neither, and with them the address to write to; whoever comes with the same key meanwhile waits for that transaction
 * to end.
 */
@Component
class IdempotentPlacing {

    private final IdempotencyKeys keys;
    private final Contacts contacts;

    IdempotentPlacing(IdempotencyKeys keys, Contacts contacts) {
        this.keys = keys;
        this.contacts = contacts;
    }

    /** The id of the order that the key stands for. */
    @CommandHandler
    OrderId decide(PlaceOrderOnce command, Commands commands) {
        PlaceOrder order = command.order();
        IdempotencyKey key = command.key();
        if (key == null) {
            return place(command, commands);
        }
        IdempotencyKeys.Entry entry = new IdempotencyKeys.Entry(command.requestHash(), order.orderId());
        if (keys.take(order.customerId(), key, entry)) {
            return place(command, commands);
        }
        IdempotencyKeys.Entry earlier = keys.get(order.customerId(), key);
        if (!earlier.requestHash().equals(command.requestHash())) {
            throw new Rejection(
                    OrderRejection.IDEMPOTENCY_KEY_REUSED, "This Idempotency-Key was used for another request");
        }
        return earlier.orderId();
    }

    private OrderId place(PlaceOrderOnce command, Commands commands) {
        commands.send(command.order());
        if (command.email() != null) {
            contacts.remember(command.order().orderId(), command.email());
        }
        return command.order().orderId();
    }

    @Scheduled(initialDelayString = "PT10M", fixedDelayString = "PT1H")
    void forgetOldKeys() {
        keys.forgetOld();
    }
}
