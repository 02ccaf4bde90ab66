package io.waybill.messaging.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.waybill.messaging.MessageCatalogue;
import javax.sql.DataSource;
import org.springframework.amqp.core.AmqpAdmin;
import org.springframework.boot.actuate.health.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Adds to Spring Boot's meters those that an order needs. */
@Configuration(proxyBeanMethods = false)
public class MetricsConfiguration {

    @Bean
    MessagingMeters messagingMeters(MeterRegistry registry) {
        return new MessagingMeters(registry);
    }

    @Bean
    StreamGauges streamGauges(
            MeterRegistry registry,
            ProcessorPlaces places,
            OwnQueues queues,
            MessageCatalogue catalogue,
            JdbcClient jdbc) {
        return new StreamGauges(
                registry, places, queues, catalogue.context() + ".outbox", new StreamReadings(jdbc, places));
    }

    @Bean
    QueueGauges queueGauges(OwnQueues queues, AmqpAdmin broker) {
        return new QueueGauges(queues, broker);
    }

    /** By this name it takes the place of Spring Boot's. */
    @Bean
    HealthIndicator dbHealthContributor(DataSource dataSource) {
        return new DatabaseHealth(dataSource);
    }

    @Bean
    TomcatThreads tomcatThreads(MeterRegistry registry) {
        return new TomcatThreads(registry);
    }
}
