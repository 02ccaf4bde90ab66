package io.waybill.order.tracking;

import io.waybill.order.api.FindOrder;
import io.waybill.order.api.FindOrderHistory;
import io.waybill.order.api.FindOrders;
import io.waybill.order.api.FollowOrder;
import io.waybill.order.api.ListOrders;
import io.waybill.order.api.OrderHistoryEntry;
import io.waybill.order.api.OrderSummary;
import java.util.List;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.springframework.stereotype.Component;

/** Answers the questions about orders. */
@Component
class OrderQueries {

    private final OrderSummaries orders;
    private final Journey journey;

    OrderQueries(OrderSummaries orders, Journey journey) {
        this.orders = orders;
        this.journey = journey;
    }

    @QueryHandler
    Optional<OrderSummary> handle(FindOrder query) {
        return orders.find(query.orderId());
    }

    @QueryHandler
    List<OrderSummary> handle(FindOrders query) {
        return orders.find(query.orderIds());
    }

    @QueryHandler
    List<OrderSummary> handle(ListOrders query) {
        return orders.newestOf(query.customerId(), query.before(), query.limit());
    }

    @QueryHandler
    List<OrderHistoryEntry> handle(FindOrderHistory query) {
        return journey.of(query.orderId());
    }

    @QueryHandler
    List<OrderHistoryEntry> handle(FollowOrder query) {
        return journey.after(query.orderId(), query.after());
    }
}
