package io.waybill.messaging.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.waybill.kernel.Command;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.tracing.Tracing;
import io.waybill.messaging.transport.CloudEvents.Envelope;
import io.waybill.messaging.transport.ConfirmedPublisher.Outgoing;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Sends commands to other contexts' queues. Within a unit of work they are kept until it is about to commit and then
 * published as one batch, so that a handler that fails sends nothing. Local commands of a batch of events wait until
 * that is confirmed: they write, and a transaction that has written holds up all readers of the stream while it waits.
 */
final class CommandSender {

    private static final String KEY = CommandSender.class.getName();

    private record Pending(Outgoing outgoing, Span hop, Runnable confirmed) {}

    private record Batch(List<Pending> foreign, List<Runnable> local) {}

    private final ConfirmedPublisher publisher;
    private final Topology topology;
    private final MessageCatalogue catalogue;
    private final ObjectMapper mapper;
    private final Clock clock;
    private final Tracing tracing;

    CommandSender(
            ConfirmedPublisher publisher,
            Topology topology,
            MessageCatalogue catalogue,
            ObjectMapper mapper,
            Clock clock,
            Tracing tracing) {
        this.publisher = publisher;
        this.topology = topology;
        this.catalogue = catalogue;
        this.mapper = mapper;
        this.clock = clock;
        this.tracing = tracing;
    }

    /** @param confirmed is run once the broker has confirmed the command */
    void send(CommandMessage<?> command, MessageType type, Runnable confirmed) {
        Span hop = tracing.start(SpanKind.PRODUCER, "send " + type.name());
        Pending pending = new Pending(outgoing(command, type, hop), hop, confirmed);
        if (!CurrentUnitOfWork.isStarted()) {
            publish(List.of(pending));
            return;
        }
        batch().foreign().add(pending);
    }

    /** Runs a local command at the end of the current unit of work, after the broker has confirmed the others. */
    void afterConfirms(Runnable local) {
        batch().local().add(Context.current().wrap(local));
    }

    private Batch batch() {
        UnitOfWork<?> root = CurrentUnitOfWork.get().root();
        return root.getOrComputeResource(KEY, key -> {
            Batch batch = new Batch(new ArrayList<>(), new ArrayList<>());
            root.onPrepareCommit(preparing -> carryOut(batch));
            root.onRollback(
                    unit -> batch.foreign().forEach(pending -> pending.hop().end()));
            return batch;
        });
    }

    /** What a local command sends in turn comes in the next round. */
    private void carryOut(Batch batch) {
        while (!batch.foreign().isEmpty() || !batch.local().isEmpty()) {
            publish(drained(batch.foreign()));
            drained(batch.local()).forEach(Runnable::run);
        }
    }

    private static <T> List<T> drained(List<T> list) {
        List<T> all = List.copyOf(list);
        list.clear();
        return all;
    }

    private void publish(List<Pending> batch) {
        try {
            publisher.publish(batch.stream().map(Pending::outgoing).toList());
        } catch (RuntimeException e) {
            batch.forEach(pending -> Tracing.failed(pending.hop(), e));
            throw e;
        } finally {
            batch.forEach(pending -> pending.hop().end());
        }
        batch.forEach(pending -> pending.confirmed().run());
    }

    private Outgoing outgoing(CommandMessage<?> message, MessageType type, Span hop) {
        Command command = (Command) message.getPayload();
        Envelope envelope = new Envelope(
                message.getIdentifier(),
                catalogue.source(),
                type.qualifiedName(),
                type.revision(),
                command.target(),
                clock.instant(),
                null,
                command.partitionKey(),
                write(command));
        String queue = topology.commandQueue(type.context());
        Tracing.hop(tracing.describe(hop, command), message.getIdentifier(), queue);
        return new Outgoing(topology.commandExchange(), queue, true, CloudEvents.toMessage(envelope, hop));
    }

    private String write(Command command) {
        try {
            return mapper.writeValueAsString(command);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(command.getClass().getName() + " cannot be written as JSON", e);
        }
    }
}
