package io.waybill.shipping.tracking;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.ShipmentId;
import io.waybill.shipping.api.FindShipment;
import io.waybill.shipping.api.ShipmentStatus;
import io.waybill.shipping.api.ShipmentSummary;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;
import org.axonframework.queryhandling.QueryHandler;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

@Component
class ShipmentQueries {

    private final JdbcClient jdbc;

    ShipmentQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @QueryHandler
    Optional<ShipmentSummary> handle(FindShipment query) {
        return jdbc.sql("SELECT * FROM shipment WHERE shipment_id = :id")
                .param("id", query.shipmentId().value())
                .query(ShipmentQueries::summary)
                .optional();
    }

    private static ShipmentSummary summary(ResultSet row, int number) throws SQLException {
        return new ShipmentSummary(
                ShipmentId.of(row.getString("shipment_id")),
                OrderId.of(row.getString("order_id")),
                customer(row),
                ShipmentStatus.valueOf(row.getString("status")),
                row.getString("tracking_code"),
                row.getString("reason"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static @Nullable CustomerId customer(ResultSet row) throws SQLException {
        String id = row.getString("customer_id");
        return id == null ? null : CustomerId.of(id);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
