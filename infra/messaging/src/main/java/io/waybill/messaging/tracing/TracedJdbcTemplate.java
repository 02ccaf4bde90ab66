package io.waybill.messaging.tracing;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCallback;
import org.springframework.jdbc.core.PreparedStatementCreator;
import org.springframework.jdbc.core.PreparedStatementSetter;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.SqlProvider;

/**
 * Shows each statement as a span, from sending it to its last row, with its text and never its parameters. What is done
 * for nobody in particular, such as looking for new events, shows nothing.
 */
final class TracedJdbcTemplate extends JdbcTemplate {

    private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
    private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
    private static final AttributeKey<String> TEXT = AttributeKey.stringKey("db.query.text");

    private final Tracing tracing;

    TracedJdbcTemplate(DataSource dataSource, Tracing tracing) {
        super(dataSource);
        this.tracing = tracing;
    }

    private <T> @Nullable T traced(@Nullable String sql, Tracing.Work<@Nullable T, DataAccessException> statement) {
        if (sql == null || !Span.current().isRecording()) {
            return statement.run();
        }
        SqlSummary summary = SqlSummary.of(sql);
        Span span = tracing.detail(SpanKind.CLIENT, summary.name())
                .setAttribute(SYSTEM, "postgresql")
                .setAttribute(OPERATION, summary.operation())
                .setAttribute(TEXT, summary.text());
        return Tracing.in(span, statement);
    }

    private static @Nullable String sqlOf(Object creator) {
        return creator instanceof SqlProvider provider ? provider.getSql() : null;
    }

    @Override
    public <T> @Nullable T query(String sql, ResultSetExtractor<T> rse) throws DataAccessException {
        return traced(sql, () -> super.query(sql, rse));
    }

    @Override
    public <T> @Nullable T query(
            PreparedStatementCreator psc, @Nullable PreparedStatementSetter pss, ResultSetExtractor<T> rse)
            throws DataAccessException {
        return traced(sqlOf(psc), () -> super.query(psc, pss, rse));
    }

    @Override
    protected int update(PreparedStatementCreator psc, @Nullable PreparedStatementSetter pss)
            throws DataAccessException {
        return Objects.requireNonNull(traced(sqlOf(psc), () -> super.update(psc, pss)));
    }

    @Override
    public int update(String sql) throws DataAccessException {
        return Objects.requireNonNull(traced(sql, () -> super.update(sql)));
    }

    @Override
    public int[] batchUpdate(String sql, BatchPreparedStatementSetter pss) throws DataAccessException {
        return Objects.requireNonNull(traced(sql, () -> super.batchUpdate(sql, pss)));
    }

    @Override
    public <T> @Nullable T execute(String sql, PreparedStatementCallback<T> action) throws DataAccessException {
        return traced(sql, () -> super.execute(sql, action));
    }

    @Override
    public <T> @Nullable T execute(PreparedStatementCreator psc, PreparedStatementCallback<T> action)
            throws DataAccessException {
        return traced(sqlOf(psc), () -> super.execute(psc, action));
    }
}
