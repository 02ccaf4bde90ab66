package io.waybill.observability;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once when traces cannot be sent any more, and once when they can again; the exporter's own log is off. */
public final class WatchedExporter implements SpanExporter {

    private static final Logger LOG = LoggerFactory.getLogger(WatchedExporter.class);

    private final SpanExporter exporter;
    private final AtomicBoolean away = new AtomicBoolean();

    public WatchedExporter(SpanExporter exporter) {
        this.exporter = exporter;
    }

    @Override
    public CompletableResultCode export(Collection<SpanData> spans) {
        var sent = exporter.export(spans);
        return sent.whenComplete(() -> note(sent.isSuccess()));
    }

    private void note(boolean success) {
        if (success && away.compareAndSet(true, false)) {
            LOG.warn("Traces are sent again");
        } else if (!success && away.compareAndSet(false, true)) {
            LOG.warn("Traces cannot be sent; those that do not reach their collector are lost");
        }
    }

    @Override
    public CompletableResultCode flush() {
        return exporter.flush();
    }

    @Override
    public CompletableResultCode shutdown() {
        return exporter.shutdown();
    }
}
