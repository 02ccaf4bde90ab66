package io.waybill.messaging.waiting;

import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.processing.Processors;
import io.waybill.messaging.transport.Topology;
import java.util.Map;
import java.util.UUID;
import org.springframework.amqp.core.BindingBuilder;
import org.springframework.amqp.core.Declarables;
import org.springframework.amqp.core.DirectExchange;
import org.springframework.amqp.core.Queue;
import org.springframework.amqp.rabbit.connection.ConnectionFactory;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.JdbcTemplate;

/** Wires the waiting for read models. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(WaitingProperties.class)
public class WaitingConfiguration {

    @Bean
    ReadModels readModels(JdbcTemplate jdbc, Processors processors, MessageCatalogue catalogue) {
        return new ReadModels(jdbc, processors, catalogue);
    }

    @Bean
    ReadModelNews readModelNews(ReadModels models, Processors processors, WaitingProperties settings) {
        ReadModelNews news = new ReadModelNews(models, settings.reread());
        processors.onProgress(news);
        return news;
    }

    @Bean
    ReadModelWaits readModelWaits(
            ReadModels models, Processors processors, MessageCatalogue catalogue, WaitingProperties settings) {
        ReadModelWaits waits = new ReadModelWaits(models, catalogue, settings.readYourWrites(), settings.maxWaiting());
        processors.onProgress(waits);
        return waits;
    }

    @Bean
    ConsistencyTokens consistencyTokens(ReadModels models, MessageCatalogue catalogue) {
        return new ConsistencyTokens(models, catalogue.context());
    }

    /** Where a context has one process only, there is nobody to tell. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnProperty(value = "waybill.messaging.notify-other-instances", matchIfMissing = true)
    static class OtherInstances {

        /** More than a process can need; the oldest go first. */
        private static final int LONGEST_QUEUE = 10_000;

        private final String instance = UUID.randomUUID().toString();

        /** Lives as long as this process' connection; declared anew with the next. */
        @Bean
        Declarables updateQueue(Topology topology, MessageCatalogue catalogue) {
            String name = UpdateExchange.queue(topology, catalogue.context(), instance);
            Queue queue = new Queue(name, false, true, true, Map.of("x-max-length", LONGEST_QUEUE));
            DirectExchange exchange = new DirectExchange(topology.updateExchange(), true, false);
            return new Declarables(
                    exchange, queue, BindingBuilder.bind(queue).to(exchange).with(catalogue.context()));
        }

        @Bean
        UpdateExchange updateExchange(
                Topology topology,
                MessageCatalogue catalogue,
                Processors processors,
                ConnectionFactory connections,
                ReadModelNews news,
                ReadModelWaits waits) {
            UpdateExchange updates =
                    new UpdateExchange(instance, catalogue.context(), topology, processors, connections, news, waits);
            processors.onProgress(updates);
            return updates;
        }
    }
}
