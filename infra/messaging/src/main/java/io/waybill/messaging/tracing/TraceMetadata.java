package io.waybill.messaging.tracing;

import java.util.Map;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.correlation.CorrelationDataProvider;

/** Gives every message that is made the context it was made in: an event is stored with it. */
final class TraceMetadata implements CorrelationDataProvider {

    private final Tracing tracing;

    TraceMetadata(Tracing tracing) {
        this.tracing = tracing;
    }

    @Override
    public Map<String, ?> correlationDataFor(Message<?> message) {
        String context = tracing.current();
        return context == null ? Map.of() : Map.of(Tracing.TRACEPARENT, context);
    }
}
