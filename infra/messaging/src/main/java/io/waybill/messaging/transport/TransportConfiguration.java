package io.waybill.messaging.transport;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.messaging.Commands;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessagingProperties;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.metrics.MessagingMeters;
import io.waybill.messaging.metrics.OwnQueues;
import io.waybill.messaging.processing.Processors;
import io.waybill.messaging.stream.EventStream;
import io.waybill.messaging.stream.ForeignEvents;
import io.waybill.messaging.tracing.Tracing;
import java.time.Clock;
import java.util.List;
import org.axonframework.commandhandling.CommandBus;
import org.axonframework.commandhandling.SimpleCommandBus;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.EventProcessor;
import org.axonframework.messaging.correlation.CorrelationDataProvider;
import org.axonframework.messaging.interceptors.CorrelationDataInterceptor;
import org.axonframework.serialization.Serializer;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.amqp.rabbit.core.RabbitTemplate;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the way to and from the broker. */
@Configuration(proxyBeanMethods = false)
public class TransportConfiguration {

    private final ObjectMapper mapper = WaybillJson.mapper();

    @Bean
    @ConditionalOnMissingBean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Topology topology(MessagingProperties properties) {
        String namespace = properties.namespace();
        return new Topology(
                namespace.isEmpty() ? "" : namespace + ".", properties.queueType(), properties.queueExpiry());
    }

    @Bean
    BrokerNews brokerNews(ConnectionFactory connections) {
        BrokerNews news = new BrokerNews();
        connections.addConnectionListener(news);
        return news;
    }

    /** Boot's AmqpAdmin declares these on the first connection, before anything is published. */
    @Bean
    Declarables waybillTopology(Topology topology) {
        return topology.declarables();
    }

    /** The queues that this context empties. */
    @Bean
    OwnQueues ownQueues(Topology topology, MessageCatalogue catalogue) {
        String context = catalogue.context();
        return new OwnQueues(
                topology.hasInbox(context)
                        ? List.of(topology.commandQueue(context), topology.inbox(context))
                        : List.of(topology.commandQueue(context)));
    }

    @Bean
    ConfirmedPublisher confirmedPublisher(RabbitTemplate template, MessagingProperties properties) {
        return new ConfirmedPublisher(template, properties.confirmTimeout());
    }

    @Bean
    @Primary
    CommandBus commandBus(
            TransactionManager transactions,
            ObjectProvider<CorrelationDataProvider> correlation,
            ConfirmedPublisher publisher,
            Topology topology,
            MessageCatalogue catalogue,
            Clock clock,
            Tracing tracing,
            MessagingMeters meters) {
        SimpleCommandBus local =
                SimpleCommandBus.builder().transactionManager(transactions).build();
        local.registerHandlerInterceptor(
                new CorrelationDataInterceptor<>(correlation.stream().toList()));
        CommandSender sender = new CommandSender(publisher, topology, catalogue, mapper, clock, tracing);
        return new RoutingCommandBus(local, sender, catalogue, tracing, meters);
    }

    @Bean
    Commands commands(CommandBus commandBus) {
        return new Commands(commandBus);
    }

    @Bean
    ParkedMessages parkedMessages(JdbcClient jdbc, MessageCatalogue catalogue, ConfirmedPublisher publisher) {
        return new ParkedMessages(jdbc, catalogue.context(), publisher);
    }

    @Bean
    CommandConsumer commandConsumer(
            ConnectionFactory connections,
            Topology topology,
            MessagingProperties properties,
            CommandBus commandBus,
            ParkedMessages parked,
            MessageCatalogue catalogue,
            Tracing tracing) {
        return new CommandConsumer(
                connections,
                topology.commandQueue(catalogue.context()),
                properties.commandConsumers(),
                commandBus,
                parked,
                catalogue,
                mapper,
                tracing);
    }

    @Bean
    SmartLifecycle inbox(
            ConnectionFactory connections,
            Topology topology,
            JdbcTemplate jdbc,
            EventStream stream,
            ParkedMessages parked,
            TransactionManager transactions,
            MessageCatalogue catalogue,
            Tracing tracing) {
        if (!topology.hasInbox(catalogue.context())) {
            return new NoInbox();
        }
        return new Inbox(
                connections,
                topology.inbox(catalogue.context()),
                new ForeignEvents(jdbc, stream),
                parked,
                transactions,
                catalogue,
                mapper,
                tracing);
    }

    /** A context that hears no others. */
    private static final class NoInbox implements SmartLifecycle {

        private volatile boolean running;

        @Override
        public void start() {
            running = true;
        }

        @Override
        public void stop() {
            running = false;
        }

        @Override
        public boolean isRunning() {
            return running;
        }
    }

    @Bean
    SmartLifecycle outbox(
            Processors processors,
            ConfirmedPublisher publisher,
            Topology topology,
            MessageCatalogue catalogue,
            @Qualifier("eventSerializer") Serializer serializer,
            Tracing tracing) {
        EventProcessor processor = processors.createUntraced(
                catalogue.context() + ".outbox",
                new OutboxInvoker(publisher, topology, catalogue, serializer, tracing));
        return new Outbox(processor);
    }

    /** Starts and stops the outbox with the application. */
    private record Outbox(EventProcessor processor) implements SmartLifecycle {

        @Override
        public void start() {
            processor.start();
        }

        @Override
        public void stop() {
            processor.shutDown();
        }

        @Override
        public boolean isRunning() {
            return processor.isRunning();
        }
    }
}
