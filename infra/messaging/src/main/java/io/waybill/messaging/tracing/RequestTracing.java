package io.waybill.messaging.tracing;

import io.micrometer.observation.Observation;
import io.micrometer.observation.transport.ReceiverContext;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.handler.DefaultTracingObservationHandler;
import io.micrometer.tracing.handler.PropagatingReceiverTracingObservationHandler;
import io.micrometer.tracing.handler.TracingObservationHandler;
import io.micrometer.tracing.propagation.Propagator;
import org.jspecify.annotations.Nullable;

/**
 * Micrometer's handlers of observations, but for failures: they would write their messages and stack traces into the
 * span, and with them what somebody typed.
 */
final class RequestTracing {

    private RequestTracing() {}

    private static <T extends Observation.Context> void noteType(TracingObservationHandler<T> handler, T context) {
        Throwable failure = context.getError();
        if (failure != null) {
            handler.getRequiredSpan(context)
                    .tag(Tracing.ERROR_TYPE.getKey(), failure.getClass().getName());
        }
    }

    static final class Requests extends PropagatingReceiverTracingObservationHandler<ReceiverContext<?>> {

        Requests(Tracer tracer, Propagator propagator) {
            super(tracer, propagator);
        }

        @Override
        public void onError(ReceiverContext<?> context) {
            noteType(this, context);
        }
    }

    static final class Others extends DefaultTracingObservationHandler {

        Others(Tracer tracer) {
            super(tracer);
        }

        @Override
        public void onError(Observation.@Nullable Context context) {
            if (context != null) {
                noteType(this, context);
            }
        }
    }
}
