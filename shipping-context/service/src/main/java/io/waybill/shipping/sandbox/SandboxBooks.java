package io.waybill.shipping.sandbox;

import io.waybill.shipping.sandbox.SandboxCall.Kind;
import io.waybill.shipping.sandbox.SandboxCall.Result;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/** The sandbox's own tables, written in its own transactions as if they were another company's. */
@Component
class SandboxBooks {

    private final JdbcClient jdbc;
    private final TransactionTemplate transaction;

    SandboxBooks(JdbcClient jdbc, PlatformTransactionManager transactionManager) {
        this.jdbc = jdbc;
        this.transaction = new TransactionTemplate(transactionManager);
        this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
    }

    SandboxCall book(String key, String postalCode) {
        return alone(key, () -> {
            List<SandboxCall> calls = calls(key);
            Optional<SandboxCall> booked = first(calls, Result.BOOKED);
            if (booked.isPresent()) {
                return enter(key, Kind.BOOK, Result.BOOKED, booked.get().trackingCode(), null, false);
            }
            if (first(calls, Result.CANCELLED).isPresent()) {
                return enter(key, Kind.BOOK, Result.REFUSED, null, "cancelled_before", false);
            }
            if (postalCode.equals(SandboxCarrier.UNREACHABLE_POSTAL_CODE)) {
                return enter(key, Kind.BOOK, Result.REFUSED, null, "postal_code_not_served", false);
            }
            return enter(key, Kind.BOOK, Result.BOOKED, trackingCode(key), null, true);
        });
    }

    SandboxCall cancel(String key) {
        return alone(key, () -> {
            List<SandboxCall> calls = calls(key);
            boolean booked = first(calls, Result.BOOKED).isPresent();
            boolean repeated = first(calls, Result.CANCELLED).isPresent();
            return enter(key, Kind.CANCEL, Result.CANCELLED, null, null, booked && !repeated);
        });
    }

    List<SandboxCall> calls() {
        return callsAfter(0, Integer.MAX_VALUE);
    }

    /** At most so many of the calls behind one, by their ids. */
    List<SandboxCall> callsAfter(long id, int limit) {
        return jdbc.sql("SELECT * FROM sandbox_shipment_call WHERE id > :id ORDER BY id LIMIT :limit")
                .param("id", id)
                .param("limit", limit)
                .query(SandboxBooks::call)
                .list();
    }

    List<SandboxCall> calls(String key) {
        return jdbc.sql("SELECT * FROM sandbox_shipment_call WHERE shipment_key = :key ORDER BY id")
                .param("key", key)
                .query(SandboxBooks::call)
                .list();
    }

    private static Optional<SandboxCall> first(List<SandboxCall> calls, Result result) {
        return calls.stream().filter(call -> call.result() == result).findFirst();
    }

    private static String trackingCode(String key) {
        return "SBX-" + key.substring(key.lastIndexOf('-') + 1).toUpperCase(Locale.ROOT);
    }

    SandboxCall alone(String key, Supplier<SandboxCall> entry) {
        return Objects.requireNonNull(transaction.execute(status -> {
            // One call per key at a time, so that a booking and its cancellation cannot both be first.
            jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
                    .param("key", key)
                    .query((row, number) -> key)
                    .single();
            return entry.get();
        }));
    }

    SandboxCall enter(
            String key,
            Kind kind,
            Result result,
            @Nullable String trackingCode,
            @Nullable String reason,
            boolean effective) {
        return jdbc.sql("""
            INSERT INTO sandbox_shipment_call
                (shipment_key, kind, result, tracking_code, reason, effective)
            VALUES (:key, :kind, :result, :trackingCode, :reason, :effective)
            RETURNING *\
            """)
                .param("key", key)
                .param("kind", kind.name())
                .param("result", result.name())
                .param("trackingCode", trackingCode, Types.VARCHAR)
                .param("reason", reason, Types.VARCHAR)
                .param("effective", effective)
                .query(SandboxBooks::call)
                .single();
    }

    private static SandboxCall call(ResultSet row, int number) throws SQLException {
        return new SandboxCall(
                row.getLong("id"),
                row.getString("shipment_key"),
                Kind.valueOf(row.getString("kind")),
                Result.valueOf(row.getString("result")),
                row.getString("tracking_code"),
                row.getString("reason"),
                row.getBoolean("effective"),
                row.getObject("received_at", OffsetDateTime.class).toInstant());
    }
}
