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
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** The table of order summaries. */
@Component
class OrderSummaries {

    private static final TypeReference<List<OrderLine>> LINES = new TypeReference<>() {};

    /** Sorts behind every id, since they begin with {@code ord_}. */
    private static final String BEHIND_ALL_IDS = "p";

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
        jdbc.sql("""
            insert into order_summary
                   (order_id, customer_id, status, lines, total_minor, currency, placed_at, updated_at)
            values (:id, :customer, :status, cast(:lines as jsonb), :total, :currency, :at, :at)
            on conflict (order_id) do nothing\
            """)
                .param("id", event.orderId().value())
                .param("customer", event.customerId().value())
                .param("status", OrderStatus.PLACED.name())
                .param("lines", write(event.lines()))
                .param("total", event.total().minorUnits())
                .param("currency", event.total().currency())
                .param("at", utc(at))
                .update();
    }

    /** Moves on from one of these statuses; from any other the order stays where it is. */
    void move(OrderId orderId, Set<OrderStatus> from, OrderStatus to, Instant at) {
        change(
                orderId,
                "status = case when status in (:from) then :to else status end",
                Map.of("from", names(from), "to", to.name()),
                at);
    }

    void reject(OrderId orderId, Set<OrderStatus> from, RejectionReason reason, Instant at) {
        change(
                orderId,
                "reason = :reason, status = case when status in (:from) then :to else status end",
                Map.of("from", names(from), "to", OrderStatus.REJECTED.name(), "reason", reason.name()),
                at);
    }

    void record(OrderId orderId, PaymentSummary payment, Instant at) {
        change(
                orderId,
                "payment_id = :payment, payment_status = :status",
                Map.of(
                        "payment", payment.paymentId().value(),
                        "status", payment.status().name()),
                at);
    }

    void record(OrderId orderId, ShipmentId shipmentId, ShipmentSummary.Status status, Instant at) {
        change(
                orderId,
                "shipment_id = :shipment, shipment_status = :status",
                Map.of("shipment", shipmentId.value(), "status", status.name()),
                at);
    }

    void recordTrackingCode(OrderId orderId, String trackingCode) {
        jdbc.sql("update order_summary set tracking_code = :code where order_id = :id")
                .param("code", trackingCode)
                .param("id", orderId.value())
                .update();
    }

    void clear() {
        jdbc.sql("delete from order_summary").update();
    }

    private void change(OrderId orderId, String assignments, Map<String, ?> values, Instant at) {
        int rows = jdbc.sql("update order_summary set " + assignments
                        + ", updated_at = greatest(updated_at, :at) where order_id = :id")
                .params(values)
                .param("at", utc(at))
                .param("id", orderId.value())
                .update();
        if (rows == 0) {
            throw new IllegalStateException("There is no summary of " + orderId + " to change");
        }
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

    private static List<String> names(Set<OrderStatus> statuses) {
        return statuses.stream().map(OrderStatus::name).toList();
    }

    private static OffsetDateTime utc(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
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
