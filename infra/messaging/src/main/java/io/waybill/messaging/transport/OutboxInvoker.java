package io.waybill.messaging.transport;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.waybill.kernel.Event;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.stream.StreamPosition;
import io.waybill.messaging.tracing.Tracing;
import io.waybill.messaging.transport.CloudEvents.Envelope;
import io.waybill.messaging.transport.ConfirmedPublisher.Outgoing;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.EventHandlerInvoker;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.ResetNotSupportedException;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.serialization.Serializer;
import org.jspecify.annotations.Nullable;
import org.springframework.amqp.core.Message;

/**
 * The outbox: a group of one on the context's own stream that publishes the own events. A batch is confirmed by the
 * broker before the transaction that moves the position commits; a crash in between publishes the batch again.
 */
final class OutboxInvoker implements EventHandlerInvoker {

    private static final String KEY = OutboxInvoker.class.getName();

    private final ConfirmedPublisher publisher;
    private final Topology topology;
    private final MessageCatalogue catalogue;
    private final Serializer serializer;
    private final Tracing tracing;

    /** A message on its way, as a span that ends with the broker's confirm. */
    private record Hop(Outgoing outgoing, Span span) {}

    OutboxInvoker(
            ConfirmedPublisher publisher,
            Topology topology,
            MessageCatalogue catalogue,
            Serializer serializer,
            Tracing tracing) {
        this.publisher = publisher;
        this.topology = topology;
        this.catalogue = catalogue;
        this.serializer = serializer;
        this.tracing = tracing;
    }

    @Override
    public boolean canHandle(EventMessage<?> message, Segment segment) {
        return canHandleType(message.getPayloadType());
    }

    @Override
    public boolean canHandleType(Class<?> payloadType) {
        return catalogue
                .ofPayload(payloadType)
                .filter(type -> type.kind() == MessageType.Kind.OWN_EVENT)
                .isPresent();
    }

    @Override
    public void handle(EventMessage<?> message, Segment segment) {
        catalogue
                .ofPayload(message.getPayloadType())
                .filter(type -> type.kind() == MessageType.Kind.OWN_EVENT)
                .ifPresent(type -> batch().add(outgoing(message, type)));
    }

    private List<Hop> batch() {
        UnitOfWork<?> unit = CurrentUnitOfWork.get().root();
        return unit.<List<Hop>>getOrComputeResource(KEY, key -> {
            List<Hop> batch = new ArrayList<>();
            unit.onPrepareCommit(preparing -> publish(batch));
            unit.onRollback(failed -> batch.forEach(hop -> hop.span().end()));
            return batch;
        });
    }

    private void publish(List<Hop> batch) {
        try {
            publisher.publish(batch.stream().map(Hop::outgoing).toList());
        } catch (RuntimeException e) {
            batch.forEach(hop -> Tracing.failed(hop.span(), e));
            throw e;
        } finally {
            batch.forEach(hop -> hop.span().end());
        }
    }

    private Hop outgoing(EventMessage<?> message, MessageType type) {
        Event event = (Event) message.getPayload();
        Long sequence = message instanceof DomainEventMessage<?> domain ? domain.getSequenceNumber() : null;
        Envelope envelope = new Envelope(
                message.getIdentifier(),
                catalogue.source(),
                type.qualifiedName(),
                type.revision(),
                event.subject(),
                message.getTimestamp(),
                sequence,
                event.partitionKey(),
                serializer.serialize(event, String.class).getData());
        Span hop = tracing.resume(SpanKind.PRODUCER, "send " + type.name(), message);
        Tracing.hop(tracing.describe(hop, event), message.getIdentifier(), topology.eventExchange());
        Message outgoing = CloudEvents.toMessage(envelope, hop);
        if (message instanceof TrackedEventMessage<?> tracked) {
            StreamPosition position = StreamPosition.of(tracked.trackingToken());
            outgoing.getMessageProperties().setHeader(CloudEvents.POSITION, position.toString());
        }
        boolean heard = topology.isHeard(type.routingKey());
        return new Hop(new Outgoing(topology.eventExchange(), type.routingKey(), heard, outgoing), hop);
    }

    @Override
    public boolean supportsReset() {
        return false;
    }

    @Override
    public void performReset() {
        throw new ResetNotSupportedException("The outbox acts and cannot be replayed");
    }

    @Override
    public <R> void performReset(@Nullable R resetContext) {
        performReset();
    }
}
