package io.waybill.order.tracking;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.kernel.ShipmentId;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.processing.WriteBehind;
import io.waybill.order.api.OrderLine;
import io.waybill.order.api.OrderPlaced;
import io.waybill.order.api.OrderStatus;
import io.waybill.order.api.OrderSummary;
import io.waybill.order.api.PaymentSummary;
import io.waybill.order.api.RejectionReason;
import io.waybill.order.api.ShipmentSummary;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of order summaries. */
@Component
class OrderSummaries {

    private static final TypeReference<List<OrderLine>> LINES = new TypeReference<>() {};

    /** Sorts behind every id, since they begin with {@code ord_}. */
    private static final String BEHIND_ALL_IDS = "p";

    /** Under which a unit of work keeps what its events change. */
    private static final String CHANGES = OrderSummaries.class.getName();

    private record Change(OrderId orderId, Function<@Nullable OrderSummary, OrderSummary> step) {}

    private final JdbcClient jdbc;
    private final ObjectMapper json = WaybillJson.mapper();

    OrderSummaries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    Optional<OrderSummary> find(OrderId orderId) {
        return jdbc.sql("select * from order_summary where order_id = :id")
                .param("id", orderId.value())
                .query((row, nr) -> read(row))
                .optional();
    }

    List<OrderSummary> find(Collection<OrderId> ids) {
        return jdbc.sql("select * from order_summary where order_id = any (:ids)")
                .param("ids", ids.stream().map(OrderId::value).toArray(String[]::new))
                .query((row, nr) -> read(row))
                .list();
    }

    List<OrderSummary> newestOf(@Nullable CustomerId customerId, @Nullable OrderId before, int limit) {
        return jdbc.sql("""
            select * from order_summary
             where (cast(:customer as text) is null or customer_id = :customer) and order_id < :before
             order by order_id desc
             limit :limit\
            """)
                .param("customer", customerId == null ? null : customerId.value(), Types.VARCHAR)
                .param("before", before == null ? BEHIND_ALL_IDS : before.value())
                .param("limit", limit)
                .query((row, nr) -> read(row))
                .list();
    }

    void add(OrderPlaced event, Instant at) {
        change(
                event.orderId(),
                known -> known != null
                        ? known
                        : new OrderSummary(
                                event.orderId(),
                                event.customerId(),
                                OrderStatus.PLACED,
                                null,
                                event.lines(),
                                event.total(),
                                null,
                                null,
                                at,
                                at));
    }

    /** Moves on from one of these statuses; from any other the order stays where it is. */
    void move(OrderId orderId, Set<OrderStatus> from, OrderStatus to, Instant at) {
        changeKnown(orderId, order -> with(order, moved(order, from, to), order.reason(), at));
    }

    void reject(OrderId orderId, Set<OrderStatus> from, RejectionReason reason, Instant at) {
        changeKnown(orderId, order -> with(order, moved(order, from, OrderStatus.REJECTED), reason, at));
    }

    private static OrderStatus moved(OrderSummary order, Set<OrderStatus> from, OrderStatus to) {
        return from.contains(order.status()) ? to : order.status();
    }

    void record(OrderId orderId, PaymentSummary payment, Instant at) {
        changeKnown(orderId, order -> with(order, payment, order.shipment(), at));
    }

    void record(OrderId orderId, ShipmentId shipmentId, ShipmentSummary.Status status, Instant at) {
        changeKnown(orderId, order -> {
            String code = order.shipment() == null ? null : order.shipment().trackingCode();
            return with(order, order.payment(), new ShipmentSummary(shipmentId, status, code), at);
        });
    }

    void record(OrderId orderId, ShipmentId shipmentId, ShipmentSummary.Status status, String code, Instant at) {
        changeKnown(orderId, order -> with(order, order.payment(), new ShipmentSummary(shipmentId, status, code), at));
    }

    void clear() {
        jdbc.sql("delete from order_summary").update();
    }

    private static OrderSummary with(
            OrderSummary order, OrderStatus status, @Nullable RejectionReason reason, Instant at) {
        return new OrderSummary(
                order.orderId(),
                order.customerId(),
                status,
                reason,
                order.lines(),
                order.total(),
                order.payment(),
                order.shipment(),
                order.placedAt(),
                later(order.updatedAt(), at));
    }

    private static OrderSummary with(
            OrderSummary order, @Nullable PaymentSummary payment, @Nullable ShipmentSummary shipment, Instant at) {
        return new OrderSummary(
                order.orderId(),
                order.customerId(),
                order.status(),
                order.reason(),
                order.lines(),
                order.total(),
                payment,
                shipment,
                order.placedAt(),
                later(order.updatedAt(), at));
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private void changeKnown(OrderId orderId, UnaryOperator<OrderSummary> step) {
        change(orderId, known -> {
            if (known == null) {
                throw new IllegalStateException("There is no summary of " + orderId + " to change");
            }
            return step.apply(known);
        });
    }

    /** Keeps it until the batch of events is complete, so that all its changes are one read and one write. */
    private void change(OrderId orderId, Function<@Nullable OrderSummary, OrderSummary> step) {
        WriteBehind.write(CHANGES, new Change(orderId, step), this::carryOut);
    }

    private void carryOut(List<Change> changes) {
        Map<OrderId, OrderSummary> stored = find(
                        changes.stream().map(Change::orderId).distinct().toList())
                .stream()
                .collect(Collectors.toUnmodifiableMap(OrderSummary::orderId, Function.identity()));
        Map<OrderId, OrderSummary> changed = new LinkedHashMap<>(stored);
        changes.forEach(change -> changed.put(change.orderId(), change.step().apply(changed.get(change.orderId()))));
        changed.values().removeIf(order -> order.equals(stored.get(order.orderId())));
        store(List.copyOf(changed.values()));
    }

    private void store(List<OrderSummary> orders) {
        if (orders.isEmpty()) {
            return;
        }
        jdbc.sql("""
            insert into order_summary
                   (order_id, customer_id, status, reason, lines, total_minor, currency, payment_id, payment_status,
                    shipment_id, shipment_status, tracking_code, placed_at, updated_at)
            select order_id, customer_id, status, reason, lines::jsonb, total_minor, currency, payment_id,
                   payment_status, shipment_id, shipment_status, tracking_code, placed_at::timestamptz,
                   updated_at::timestamptz
              from unnest(:orders::text[], :customers::text[], :statuses::text[], :reasons::text[], :lines::text[],
                          :totals::bigint[], :currencies::text[], :payments::text[], :paymentStatuses::text[],
                          :shipments::text[], :shipmentStatuses::text[], :codes::text[], :placed::text[],
                          :updated::text[])
                   as changed (order_id, customer_id, status, reason, lines, total_minor, currency, payment_id,
                               payment_status, shipment_id, shipment_status, tracking_code, placed_at, updated_at)
            on conflict (order_id) do update
               set status = excluded.status, reason = excluded.reason, payment_id = excluded.payment_id,
                   payment_status = excluded.payment_status, shipment_id = excluded.shipment_id,
                   shipment_status = excluded.shipment_status, tracking_code = excluded.tracking_code,
                   updated_at = excluded.updated_at\
            """)
                .param("orders", texts(orders, order -> order.orderId().value()))
                .param("customers", texts(orders, order -> order.customerId().value()))
                .param("statuses", texts(orders, order -> order.status().name()))
                .param("reasons", texts(orders, order -> nameOf(order.reason())))
                .param("lines", texts(orders, order -> write(order.lines())))
                .param(
                        "totals",
                        orders.stream().map(order -> order.total().minorUnits()).toArray(Long[]::new))
                .param("currencies", texts(orders, order -> order.total().currency()))
                .param("payments", texts(orders, OrderSummaries::paymentId))
                .param("paymentStatuses", texts(orders, OrderSummaries::paymentStatus))
                .param("shipments", texts(orders, OrderSummaries::shipmentId))
                .param("shipmentStatuses", texts(orders, OrderSummaries::shipmentStatus))
                .param("codes", texts(orders, OrderSummaries::trackingCode))
                .param("placed", texts(orders, order -> order.placedAt().toString()))
                .param("updated", texts(orders, order -> order.updatedAt().toString()))
                .update();
    }

    private static @Nullable String[] texts(
            List<OrderSummary> orders, Function<OrderSummary, @Nullable String> column) {
        return orders.stream().map(column).toArray(String[]::new);
    }

    private static @Nullable String nameOf(@Nullable Enum<?> one) {
        return one == null ? null : one.name();
    }

    private static @Nullable String paymentId(OrderSummary order) {
        return order.payment() == null ? null : order.payment().paymentId().value();
    }

    private static @Nullable String paymentStatus(OrderSummary order) {
        return order.payment() == null ? null : order.payment().status().name();
    }

    private static @Nullable String shipmentId(OrderSummary order) {
        return order.shipment() == null ? null : order.shipment().shipmentId().value();
    }

    private static @Nullable String shipmentStatus(OrderSummary order) {
        return order.shipment() == null ? null : order.shipment().status().name();
    }

    private static @Nullable String trackingCode(OrderSummary order) {
        return order.shipment() == null ? null : order.shipment().trackingCode();
    }

    private OrderSummary read(ResultSet row) throws SQLException {
        String reason = row.getString("reason");
        return new OrderSummary(
                OrderId.of(row.getString("order_id")),
                CustomerId.of(row.getString("customer_id")),
                OrderStatus.valueOf(row.getString("status")),
                reason == null ? null : RejectionReason.valueOf(reason),
                readLines(row.getString("lines")),
                Money.ofMinor(row.getLong("total_minor"), row.getString("currency")),
                readPayment(row),
                readShipment(row),
                row.getObject("placed_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }

    private static @Nullable PaymentSummary readPayment(ResultSet row) throws SQLException {
        String id = row.getString("payment_id");
        return id == null
                ? null
                : new PaymentSummary(PaymentId.of(id), PaymentSummary.Status.valueOf(row.getString("payment_status")));
    }

    private static @Nullable ShipmentSummary readShipment(ResultSet row) throws SQLException {
        String id = row.getString("shipment_id");
        return id == null
                ? null
                : new ShipmentSummary(
                        ShipmentId.of(id),
                        ShipmentSummary.Status.valueOf(row.getString("shipment_status")),
                        row.getString("tracking_code"));
    }

    private String write(List<OrderLine> lines) {
        try {
            return json.writeValueAsString(lines);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An order's lines cannot be written as JSON", e);
        }
    }

    private List<OrderLine> readLines(String lines) {
        try {
            return json.readValue(lines, LINES);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("An order's lines cannot be read from JSON", e);
        }
    }
}
