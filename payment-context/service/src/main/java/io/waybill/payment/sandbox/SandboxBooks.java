package io.waybill.payment.sandbox;

import io.waybill.kernel.Money;
import io.waybill.payment.sandbox.SandboxCall.Kind;
import io.waybill.payment.sandbox.SandboxCall.Result;
import io.waybill.payment.sandbox.SandboxCall.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
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

    SandboxCall charge(String key, @Nullable SandboxMethod method, Money amount) {
        return record(key, account -> enter(key, Kind.CHARGE, method, amount, account.charge(method, amount)));
    }

    SandboxCall refund(String key, boolean approved) {
        return record(key, account -> {
            Optional<SandboxCall> charge = account.charge();
            return enter(
                    key,
                    Kind.REFUND,
                    charge.map(SandboxCall::method).orElse(null),
                    charge.map(SandboxCall::amount).orElse(null),
                    account.refund(approved));
        });
    }

    SandboxAccount account(String key) {
        return new SandboxAccount(jdbc.sql("SELECT * FROM sandbox_payment_call WHERE payment_key = :key ORDER BY id")
                .param("key", key)
                .query(SandboxBooks::call)
                .list());
    }

    List<SandboxCall> calls() {
        return callsAfter(0, Integer.MAX_VALUE);
    }

    /** At most so many of the calls behind one, by their ids. */
    List<SandboxCall> callsAfter(long id, int limit) {
        return jdbc.sql("SELECT * FROM sandbox_payment_call WHERE id > :id ORDER BY id LIMIT :limit")
                .param("id", id)
                .param("limit", limit)
                .query(SandboxBooks::call)
                .list();
    }

    List<SandboxTotal> totals() {
        return jdbc.sql("""
            SELECT currency,
                coalesce(sum(amount_minor) FILTER (WHERE kind = 'CHARGE'), 0) AS captured,
                coalesce(sum(amount_minor) FILTER (WHERE kind = 'REFUND'), 0) AS refunded
            FROM sandbox_payment_call WHERE moved GROUP BY currency ORDER BY currency\
            """)
                .query((row, number) -> new SandboxTotal(
                        Money.ofMinor(row.getLong("captured"), row.getString("currency")),
                        Money.ofMinor(row.getLong("refunded"), row.getString("currency"))))
                .list();
    }

    private SandboxCall record(String key, Function<SandboxAccount, SandboxCall> entry) {
        return Objects.requireNonNull(transaction.execute(status -> {
            // One call per key at a time, so that a charge and its refund cannot both be first.
            jdbc.sql("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")
                    .param("key", key)
                    .query((row, number) -> key)
                    .single();
            return entry.apply(account(key));
        }));
    }

    private SandboxCall enter(
            String key, Kind kind, @Nullable SandboxMethod method, @Nullable Money amount, Verdict verdict) {
        return jdbc.sql("""
            INSERT INTO sandbox_payment_call
                (payment_key, kind, method, amount_minor, currency, result, reason, moved)
            VALUES (:key, :kind, :method, :amount, :currency, :result, :reason, :moved)
            RETURNING *\
            """)
                .param("key", key)
                .param("kind", kind.name())
                .param("method", method == null ? null : method.name(), Types.VARCHAR)
                .param("amount", amount == null ? null : amount.minorUnits(), Types.BIGINT)
                .param("currency", amount == null ? null : amount.currency(), Types.VARCHAR)
                .param("result", verdict.result().name())
                .param("reason", verdict.reason(), Types.VARCHAR)
                .param("moved", verdict.moved())
                .query(SandboxBooks::call)
                .single();
    }

    private static SandboxCall call(ResultSet row, int number) throws SQLException {
        String method = row.getString("method");
        String currency = row.getString("currency");
        return new SandboxCall(
                row.getLong("id"),
                row.getString("payment_key"),
                Kind.valueOf(row.getString("kind")),
                method == null ? null : SandboxMethod.valueOf(method),
                currency == null ? null : Money.ofMinor(row.getLong("amount_minor"), currency),
                new Verdict(Result.valueOf(row.getString("result")), row.getString("reason"), row.getBoolean("moved")),
                row.getObject("received_at", OffsetDateTime.class).toInstant());
    }
}
