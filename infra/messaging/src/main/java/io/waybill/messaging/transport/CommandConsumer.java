package io.waybill.messaging.transport;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.rabbitmq.client.Channel;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessageType;
import io.waybill.messaging.Rejection;
import io.waybill.messaging.logging.LoggedOrder;
import io.waybill.messaging.processing.TransientFailures;
import io.waybill.messaging.tracing.Tracing;
import io.waybill.messaging.transport.CloudEvents.Envelope;
import io.waybill.messaging.transport.CloudEvents.Unreadable;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.CommandResultMessage;
import org.axonframework.commandhandling.GenericCommandMessage;
import org.axonframework.commandhandling.callbacks.FutureCallback;
import org.axonframework.messaging.GenericMessage;
import org.axonframework.messaging.MetaData;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.amqp.core.AcknowledgeMode;
import org.springframework.amqp.core.Message;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.listener.DirectMessageListenerContainer;
import org.springframework.amqp.rabbit.listener.api.ChannelAwareMessageListener;
import org.springframework.context.SmartLifecycle;

/**
 * Carries out the commands from the own queue, several at once and in competition with other instances. A command is
 * acknowledged after its transaction committed; handlers are idempotent. Failures of servers are waited out; a command
 * that fails by itself is parked with its cause.
 */
final class CommandConsumer implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(CommandConsumer.class);
    private static final int TRIES = 3;
    private static final long LONGEST_PAUSE = 2_000;

    private final String queue;
    private final DirectMessageListenerContainer container;
    private final CommandBus commandBus;
    private final ParkedMessages parked;
    private final MessageCatalogue catalogue;
    private final ObjectMapper mapper;
    private final Tracing tracing;
    private volatile boolean running;

    CommandConsumer(
            ConnectionFactory connections,
            String queue,
            int consumers,
            CommandBus commandBus,
            ParkedMessages parked,
            MessageCatalogue catalogue,
            ObjectMapper mapper,
            Tracing tracing) {
        this.queue = queue;
        this.commandBus = commandBus;
        this.parked = parked;
        this.catalogue = catalogue;
        this.mapper = mapper;
        this.tracing = tracing;
        this.container = new DirectMessageListenerContainer(connections);
        container.setQueueNames(queue);
        container.setAcknowledgeMode(AcknowledgeMode.MANUAL);
        container.setPrefetchCount(20);
        container.setConsumersPerQueue(consumers);
        container.setMissingQueuesFatal(false);
        container.setFailedDeclarationRetryInterval(1_000);
        container.setMonitorInterval(1_000);
        container.setMessageListener((ChannelAwareMessageListener) this::onMessage);
    }

    @Override
    public void start() {
        running = true;
        container.start();
    }

    @Override
    public void stop() {
        running = false;
        container.stop();
    }

    @Override
    public boolean isRunning() {
        return running;
    }

    private void onMessage(Message message, @Nullable Channel channel) throws IOException, InterruptedException {
        carryOut(message);
        if (channel != null) {
            channel.basicAck(message.getMessageProperties().getDeliveryTag(), false);
        }
    }

    private void carryOut(Message message) throws InterruptedException {
        Object command;
        String id;
        Object traceparent = message.getMessageProperties().getHeaders().get(Tracing.TRACEPARENT);
        try {
            Envelope envelope = CloudEvents.fromMessage(message, catalogue, MessageType.Kind.OWN_COMMAND);
            id = envelope.id();
            command = read(envelope);
        } catch (Unreadable e) {
            park(message, String.valueOf(e.getMessage()));
            return;
        }
        Span hop = tracing.receive(
                SpanKind.CONSUMER, "receive " + command.getClass().getSimpleName(), traceparent);
        Tracing.hop(tracing.describe(hop, command), id, queue);
        Tracing.in(hop, () -> {
            Throwable failure = LoggedOrder.in(command, () -> carryOut(message, id, command));
            if (failure != null) {
                Tracing.failed(hop, failure);
            }
            return true;
        });
    }

    /** Returns why it was parked; null where it was not. */
    private @Nullable Throwable carryOut(Message message, String id, Object command) throws InterruptedException {
        long pause = 50;
        for (int failures = 0; ; ) {
            Throwable failure = dispatch(id, command);
            if (failure == null) {
                return null;
            }
            if (failure instanceof Rejection rejection) {
                LOG.info(
                        "{} was refused: {}",
                        command.getClass().getSimpleName(),
                        rejection.code().name());
                return null;
            }
            boolean passing = TransientFailures.isTransient(failure);
            if (!passing && ++failures == TRIES) {
                LOG.error(
                        "{} cannot be carried out and is parked",
                        command.getClass().getSimpleName(),
                        failure);
                park(message, String.valueOf(failure.getMessage()));
                return failure;
            }
            if (!running) {
                throw new InterruptedException("stopping; the broker delivers the command again");
            }
            TimeUnit.MILLISECONDS.sleep(pause);
            pause = Math.min(pause * 2, LONGEST_PAUSE);
        }
    }

    private @Nullable Throwable dispatch(String id, Object command) {
        FutureCallback<Object, Object> callback = new FutureCallback<>();
        commandBus.dispatch(
                new GenericCommandMessage<>(
                        new GenericMessage<>(id, command, MetaData.from(Map.of())),
                        command.getClass().getName()),
                callback);
        CommandResultMessage<?> result = callback.getResult();
        return result.isExceptional() ? result.exceptionResult() : null;
    }

    private Object read(Envelope envelope) throws Unreadable {
        MessageType type = catalogue.named(envelope.type()).orElseThrow();
        Object command;
        try {
            command = mapper.readValue(envelope.body(), type.payload());
        } catch (JsonProcessingException e) {
            throw new Unreadable("the body is no " + type.name() + ": " + e.getOriginalMessage());
        }
        if (command == null) {
            throw new Unreadable("the body is no " + type.name() + " but null");
        }
        return command;
    }

    private void park(Message message, String cause) throws InterruptedException {
        LOG.warn("A message from {} is parked: {}", queue, cause);
        while (true) {
            try {
                parked.park(queue, message, cause);
                return;
            } catch (RuntimeException e) {
                if (!TransientFailures.isTransient(e) || !running) {
                    throw e;
                }
                TimeUnit.MILLISECONDS.sleep(LONGEST_PAUSE);
            }
        }
    }
}
