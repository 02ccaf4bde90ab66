package io.waybill.order.web;

import io.waybill.kernel.OrderId;
import io.waybill.messaging.Rejection;
import io.waybill.order.OrderRejection;
import io.waybill.order.api.FindOrder;
import io.waybill.order.api.FindOrderHistory;
import io.waybill.order.api.OrderHistoryEntry;
import io.waybill.order.api.OrderSummary;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.axonframework.queryhandling.SubscriptionQueryResult;
import org.springframework.stereotype.Component;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Schedulers;

/** Finds orders, and waits for them without holding a thread. */
@Component
class OrderLookup {

    /** A net below the updates, which this process does not hear when another one projects the order. */
    private static final Duration REREAD = Duration.ofSeconds(1);

    private static final Duration LONGEST_LAG = Duration.ofSeconds(2);

    private final QueryGateway queries;

    OrderLookup(QueryGateway queries) {
        this.queries = queries;
    }

    Optional<OrderSummary> find(OrderId id) {
        return queries.query(new FindOrder(id), ResponseTypes.optionalInstanceOf(OrderSummary.class))
                .join();
    }

    /**
     * The order; waits for the summary of one that was placed just now.
     *
     * @throws Rejection if there is no such order, or if its summary is still being built, as in a replay
     */
    OrderSummary require(OrderId id) {
        return find(id).orElseGet(() -> justPlaced(id));
    }

    List<OrderHistoryEntry> history(OrderId id) {
        return queries.query(new FindOrderHistory(id), ResponseTypes.multipleInstancesOf(OrderHistoryEntry.class))
                .join();
    }

    /** The order as soon as it is as wanted; nothing if it is not in time. */
    Mono<OrderSummary> await(OrderId id, Predicate<OrderSummary> wanted, Duration within) {
        return Mono.using(
                () -> subscribe(id),
                subscription -> Flux.merge(
                                subscription.initialResult().flatMap(Mono::justOrEmpty),
                                subscription.updates(),
                                Flux.interval(REREAD).concatMap(tick -> reread(id)))
                        .filter(wanted)
                        .next()
                        .timeout(within, Mono.empty()),
                SubscriptionQueryResult::close);
    }

    /** Hears of every change of the order that this process projects. */
    SubscriptionQueryResult<Optional<OrderSummary>, OrderSummary> subscribe(OrderId id) {
        return queries.subscriptionQuery(
                new FindOrder(id),
                ResponseTypes.optionalInstanceOf(OrderSummary.class),
                ResponseTypes.instanceOf(OrderSummary.class));
    }

    /** The order as it stands, read on a thread that may block. */
    Mono<OrderSummary> reread(OrderId id) {
        return Mono.fromCallable(() -> find(id))
                .subscribeOn(Schedulers.boundedElastic())
                .flatMap(Mono::justOrEmpty);
    }

    private OrderSummary justPlaced(OrderId id) {
        if (history(id).isEmpty()) {
            throw new Rejection(OrderRejection.ORDER_NOT_FOUND, "There is no order " + id);
        }
        return await(id, order -> true, LONGEST_LAG)
                .blockOptional()
                .orElseThrow(() -> new Rejection(
                        OrderRejection.READ_MODEL_REBUILDING,
                        "The order " + id + " is there, but the read model is being rebuilt. Try again soon."));
    }
}
