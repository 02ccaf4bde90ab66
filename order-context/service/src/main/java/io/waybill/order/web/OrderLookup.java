package io.waybill.order.web;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.Rejection;
import io.waybill.order.OrderRejection;
import io.waybill.order.api.FindOrderHistory;
import io.waybill.order.api.FollowOrder;
import io.waybill.order.api.OrderHistoryEntry;
import io.waybill.order.api.OrderSummary;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/** Finds orders and what happened to them. */
@Component
class OrderLookup {

    private static final Duration LONGEST_LAG = Duration.ofSeconds(2);

    private final QueryGateway queries;
    private final OrderWaits waits;
    private final Customers customers;

    OrderLookup(QueryGateway queries, OrderWaits waits, Customers customers) {
        this.queries = queries;
        this.waits = waits;
        this.customers = customers;
    }

    /**
     * The caller's order, or an operator's choice; waits for the summary of one that was placed just now.
     *
     * @throws Rejection if there is no such order, or it is somebody else's, which is not told, or if its summary is
     *     still being built, as in a replay
     */
    OrderSummary require(OrderId id) {
        OrderSummary order = waits.find(id).orElseGet(() -> justPlaced(id));
        if (!customers.maySee(order.customerId())) {
            throw notFound(id);
        }
        return order;
    }

    List<OrderHistoryEntry> history(OrderId id) {
        return queries.query(new FindOrderHistory(id), ResponseTypes.multipleInstancesOf(OrderHistoryEntry.class))
                .join();
    }

    /** What has happened to the order behind a place of its history. */
    List<OrderHistoryEntry> historyAfter(OrderId id, @Nullable String cursor) {
        return queries.query(new FollowOrder(id, cursor), ResponseTypes.multipleInstancesOf(OrderHistoryEntry.class))
                .join();
    }

    private OrderSummary justPlaced(OrderId id) {
        if (!isTheCallers(history(id))) {
            throw notFound(id);
        }
        CompletableFuture<Optional<OrderSummary>> placed = waits.await(id, order -> true, LONGEST_LAG);
        return (placed == null ? waits.find(id) : placed.join())
                .orElseThrow(() -> new Rejection(
                        OrderRejection.READ_MODEL_REBUILDING,
                        "The order " + id + " is there, but the read model is being rebuilt. Try again soon."));
    }

    /** The history is there before the summary, and it says who placed the order. */
    private boolean isTheCallers(List<OrderHistoryEntry> history) {
        return history.stream()
                .map(entry -> entry.data().get("customerId"))
                .filter(String.class::isInstance)
                .findFirst()
                .filter(customer -> customers.maySee(CustomerId.of((String) customer)))
                .isPresent();
    }

    private static Rejection notFound(OrderId id) {
        return new Rejection(OrderRejection.ORDER_NOT_FOUND, "There is no order " + id);
    }
}
