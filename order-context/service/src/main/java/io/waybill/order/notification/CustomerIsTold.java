package io.waybill.order.notification;

import io.waybill.kernel.OrderId;
import io.waybill.messaging.tasks.Tasks;
import io.waybill.order.api.OrderCancelled;
import io.waybill.order.api.OrderConfirmed;
import io.waybill.order.api.OrderDispatched;
import io.waybill.order.api.OrderRejected;
import java.time.Instant;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.DisallowReplay;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.eventhandling.Timestamp;
import org.axonframework.messaging.annotation.MessageIdentifier;
import org.springframework.stereotype.Component;

/** Whenever an order takes a turn that its customer waits for, a letter is posted. */
@Component
@ProcessingGroup("order.notification")
@DisallowReplay
class CustomerIsTold {

    private final Tasks tasks;

    CustomerIsTold(Tasks tasks) {
        this.tasks = tasks;
    }

    @EventHandler
    void on(OrderConfirmed event, @MessageIdentifier String eventId, @Timestamp Instant at) {
        post(News.CONFIRMED, event.orderId(), at, eventId);
    }

    @EventHandler
    void on(OrderRejected event, @MessageIdentifier String eventId, @Timestamp Instant at) {
        post(News.of(event.reason()), event.orderId(), at, eventId);
    }

    @EventHandler
    void on(OrderCancelled event, @MessageIdentifier String eventId, @Timestamp Instant at) {
        post(News.CANCELLED, event.orderId(), at, eventId);
    }

    @EventHandler
    void on(OrderDispatched event, @MessageIdentifier String eventId, @Timestamp Instant at) {
        post(News.DISPATCHED, event.orderId(), at, eventId);
    }

    private void post(News news, OrderId orderId, Instant at, String eventId) {
        tasks.enqueue(LetterTask.QUEUE, new Letter(news, orderId, at, eventId).key());
    }
}
