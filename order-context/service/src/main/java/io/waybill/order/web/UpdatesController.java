package io.waybill.order.web;

import io.waybill.kernel.InvalidValueException;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.stream.StreamBrowser;
import io.waybill.messaging.stream.StreamPosition;
import java.time.Duration;
import org.axonframework.queryhandling.SubscriptionQueryResult;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.AsyncRequestNotUsableException;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;
import reactor.core.Disposable;
import reactor.core.Disposables;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

/** Customers follow an order live: its history so far, then every event as it happens, as Server-Sent Events. */
@RestController
class UpdatesController {

    /** A net below the updates of this process; also finds clients that went away. */
    private static final Duration REREAD = Duration.ofSeconds(2);

    private static final Duration LONGEST_STREAM = Duration.ofMinutes(30);

    private final OrderLookup orders;
    private final StreamBrowser stream;

    UpdatesController(OrderLookup orders, StreamBrowser stream) {
        this.orders = orders;
        this.stream = stream;
    }

    @GetMapping(path = "/api/orders/{id}/updates", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    SseEmitter updates(
            @PathVariable OrderId id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastEventId) {
        StreamPosition after = lastEventId == null ? StreamPosition.START : parse(lastEventId);
        orders.require(id);
        SseEmitter client = new SseEmitter(LONGEST_STREAM.toMillis());
        LiveUpdates updates = new LiveUpdates(client, after);
        var subscription = orders.subscribe(id);
        Disposable feed = Flux.merge(
                        Flux.just(id),
                        subscription.updates().map(update -> id),
                        Flux.interval(REREAD).map(tick -> id))
                .onBackpressureLatest()
                .publishOn(Schedulers.boundedElastic(), 1)
                .takeWhile(changed -> {
                    // Asked first: whatever stands up to there is in the history that is read next.
                    StreamPosition settled = stream.settled();
                    return updates.send(orders.history(changed), settled);
                })
                // Whoever is still there comes back with the id of the last event.
                .subscribe(changed -> {}, failure -> client.complete(), client::complete);
        Disposable both = Disposables.composite(feed, () -> close(subscription));
        client.onCompletion(both::dispose);
        client.onTimeout(client::complete);
        client.onError(failure -> both.dispose());
        return client;
    }

    /** Spring tells of a client that went away; there is nobody to answer. */
    @ExceptionHandler
    void on(AsyncRequestNotUsableException gone) {}

    private static void close(SubscriptionQueryResult<?, ?> subscription) {
        subscription.close();
    }

    private static StreamPosition parse(String lastEventId) {
        try {
            return StreamPosition.parse(lastEventId);
        } catch (IllegalArgumentException e) {
            throw new InvalidValueException("the Last-Event-ID is none that this stream gave");
        }
    }
}
