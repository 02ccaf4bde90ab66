package io.waybill.order.web;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.kernel.OrderId;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.tracing.TraceLinks;
import io.waybill.messaging.web.AnswersFrom;
import io.waybill.messaging.web.Page;
import io.waybill.order.api.ListOrders;
import io.waybill.order.api.OrderStatus;
import io.waybill.order.api.OrderSummary;
import io.waybill.order.api.PlaceOrder;
import io.waybill.order.api.RequestCancellation;
import io.waybill.security.Caller;
import java.net.URI;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.axonframework.commandhandling.gateway.CommandGateway;
import org.axonframework.messaging.responsetypes.ResponseTypes;
import org.axonframework.queryhandling.QueryGateway;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;

/** Customers buy, look after their orders and cancel them. */
@RestController
@RequestMapping("/api/orders")
class OrdersController {

    private static final Duration SLACK = Duration.ofSeconds(5);

    private final CommandGateway commands;
    private final QueryGateway queries;
    private final OrderLookup orders;
    private final OrderWaits waits;
    private final OrderIds ids;
    private final Customers customers;
    private final TraceLinks traces;
    private final ObjectMapper json = WaybillJson.mapper();

    OrdersController(
            CommandGateway commands,
            QueryGateway queries,
            OrderLookup orders,
            OrderWaits waits,
            OrderIds ids,
            Customers customers,
            TraceLinks traces) {
        this.commands = commands;
        this.queries = queries;
        this.orders = orders;
        this.waits = waits;
        this.ids = ids;
        this.customers = customers;
        this.traces = traces;
    }

    @PostMapping
    @AnswersFrom("order.price-list")
    DeferredResult<ResponseEntity<AcceptedOrder>> place(
            @RequestBody PlaceOrderRequest request,
            @RequestHeader(name = "Idempotency-Key", required = false) @Nullable String key,
            @RequestHeader(name = "Prefer", required = false) @Nullable String prefer) {
        OrderId id = place(request, key);
        Preference preference = Preference.parse(prefer).orElse(null);
        if (preference != null) {
            var settled = waits.await(id, order -> order.status().isSettled(), preference.duration());
            if (settled != null) {
                return answerInTime(id, preference, settled);
            }
        }
        DeferredResult<ResponseEntity<AcceptedOrder>> answer = new DeferredResult<>();
        answer.setResult(response(HttpStatus.ACCEPTED, id).body(new AcceptedOrder(id, OrderStatus.PLACED)));
        return answer;
    }

    @GetMapping
    @AnswersFrom(OrderWaits.READ_MODEL)
    Page<OrderView> list(
            @RequestParam(required = false) @Nullable Integer limit,
            @RequestParam(required = false) @Nullable String cursor) {
        int atMost = Page.limit(limit);
        String before = Page.sortKey(cursor);
        List<OrderView> oneMore = queries
                .query(
                        new ListOrders(customers.listed(), before == null ? null : OrderId.of(before), atMost + 1),
                        ResponseTypes.multipleInstancesOf(OrderSummary.class))
                .join()
                .stream()
                .map(OrderView::of)
                .toList();
        return Page.of(oneMore, atMost, order -> order.orderId().value());
    }

    @GetMapping("/{id}")
    @AnswersFrom(OrderWaits.READ_MODEL)
    OrderView order(@PathVariable OrderId id) {
        return OrderView.of(orders.require(id));
    }

    @GetMapping("/{id}/history")
    @AnswersFrom(OrderWaits.READ_MODEL)
    HistoryView history(@PathVariable OrderId id) {
        orders.require(id);
        return HistoryView.of(orders.history(id), traces);
    }

    @PostMapping("/{id}/cancellation")
    @ResponseStatus(HttpStatus.ACCEPTED)
    AcceptedOrder cancel(@PathVariable OrderId id, @RequestBody CancellationRequest request) {
        OrderStatus status = orders.require(id).status();
        commands.sendAndWait(new RequestCancellation(id, request.reason()));
        return new AcceptedOrder(id, isUndone(status) ? status : OrderStatus.CANCELLING);
    }

    private static boolean isUndone(OrderStatus status) {
        return status == OrderStatus.CANCELLED || status == OrderStatus.COMPENSATION_STUCK;
    }

    private OrderId place(PlaceOrderRequest request, @Nullable String key) {
        Caller customer = customers.current();
        PlaceOrder order = new PlaceOrder(
                ids.next(), customer.id(), request.lines(), request.shippingAddress(), request.paymentMethod());
        return commands.sendAndWait(new PlaceOrderOnce(
                key == null ? null : IdempotencyKey.parse(key),
                hash(request),
                customer.email().orElse(null),
                order));
    }

    private DeferredResult<ResponseEntity<AcceptedOrder>> answerInTime(
            OrderId id, Preference preference, CompletableFuture<Optional<OrderSummary>> settled) {
        DeferredResult<ResponseEntity<AcceptedOrder>> answer =
                new DeferredResult<>(preference.duration().plus(SLACK).toMillis());
        var unused = settled.thenCompose(
                        order -> order.isPresent() ? CompletableFuture.completedFuture(order) : waits.read(id))
                .thenApply(order -> order.map(OrderSummary::status).orElse(OrderStatus.PLACED))
                .whenComplete((status, failure) -> {
                    if (failure == null) {
                        answer.setResult(outcome(id, status, preference));
                    } else {
                        answer.setErrorResult(failure);
                    }
                });
        return answer;
    }

    private static ResponseEntity<AcceptedOrder> outcome(OrderId id, OrderStatus status, Preference preference) {
        return response(status.isSettled() ? HttpStatus.CREATED : HttpStatus.ACCEPTED, id)
                .header("Preference-Applied", preference.applied())
                .body(new AcceptedOrder(id, status));
    }

    private static ResponseEntity.BodyBuilder response(HttpStatus status, OrderId id) {
        return ResponseEntity.status(status).location(URI.create("/api/orders/" + id));
    }

    /** Tells requests apart by what they ask, not by how their JSON is laid out. */
    private String hash(PlaceOrderRequest request) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(json.writeValueAsBytes(request));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException | JsonProcessingException e) {
            throw new IllegalStateException("A request cannot be hashed", e);
        }
    }
}
