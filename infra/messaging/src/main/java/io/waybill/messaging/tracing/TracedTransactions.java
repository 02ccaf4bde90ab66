package io.waybill.messaging.tracing;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import org.jspecify.annotations.Nullable;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;

/** Shows how long a transaction waited for its connection, and how long its commit took. */
final class TracedTransactions implements TransactionExecutionListener {

    private final Tracing tracing;

    /** Of this thread; nothing happens between the two calls that begin and end one. */
    private final ThreadLocal<Span> open = ThreadLocal.withInitial(Span::getInvalid);

    TracedTransactions(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public void beforeBegin(TransactionExecution transaction) {
        begin("BEGIN");
    }

    @Override
    public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
        end(failure);
    }

    @Override
    public void beforeCommit(TransactionExecution transaction) {
        if (transaction.isNewTransaction()) {
            begin("COMMIT");
        }
    }

    @Override
    public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
        end(failure);
    }

    private void begin(String name) {
        Span span = tracing.detail(SpanKind.CLIENT, name);
        if (span.isRecording()) {
            open.set(span);
        }
    }

    private void end(@Nullable Throwable failure) {
        Span span = open.get();
        open.remove();
        if (failure != null) {
            Tracing.failed(span, failure);
        }
        span.end();
    }
}
