package io.waybill.payment.tracking;

import io.waybill.kernel.CustomerId;
import io.waybill.kernel.Money;
import io.waybill.kernel.OrderId;
import io.waybill.kernel.PaymentId;
import io.waybill.payment.api.FindPayment;
import io.waybill.payment.api.PaymentStatus;
import io.waybill.payment.api.PaymentSummary;
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
class PaymentQueries {

    private final JdbcClient jdbc;

    PaymentQueries(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    @QueryHandler
    Optional<PaymentSummary> handle(FindPayment query) {
        return jdbc.sql("SELECT * FROM payment WHERE payment_id = :id")
                .param("id", query.paymentId().value())
                .query(PaymentQueries::summary)
                .optional();
    }

    private static PaymentSummary summary(ResultSet row, int number) throws SQLException {
        return new PaymentSummary(
                PaymentId.of(row.getString("payment_id")),
                OrderId.of(row.getString("order_id")),
                customer(row),
                PaymentStatus.valueOf(row.getString("status")),
                amount(row),
                row.getString("reason"),
                instant(row, "created_at"),
                instant(row, "updated_at"));
    }

    private static @Nullable CustomerId customer(ResultSet row) throws SQLException {
        String id = row.getString("customer_id");
        return id == null ? null : CustomerId.of(id);
    }

    private static @Nullable Money amount(ResultSet row) throws SQLException {
        String currency = row.getString("currency");
        return currency == null ? null : Money.ofMinor(row.getLong("amount_minor"), currency);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
