package io.waybill.messaging;

import io.waybill.messaging.database.DatabaseConfiguration;
import io.waybill.messaging.logging.LoggingConfiguration;
import io.waybill.messaging.metrics.MetricsConfiguration;
import io.waybill.messaging.processing.ProcessingConfiguration;
import io.waybill.messaging.security.SecurityConfiguration;
import io.waybill.messaging.stream.StreamConfiguration;
import io.waybill.messaging.tasks.TasksConfiguration;
import io.waybill.messaging.transport.TransportConfiguration;
import io.waybill.messaging.waiting.WaitingConfiguration;
import io.waybill.messaging.web.WebConfiguration;
import org.axonframework.modelling.command.CommandTargetResolver;
import org.axonframework.springboot.autoconfig.AxonAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.jdbc.DataSourceHealthContributorAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.amqp.RabbitAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.jdbc.JdbcClientAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;

/** Switched on by a {@link MessageCatalogue} bean: all that a context needs beside its own code. */
@AutoConfiguration(
        after = {JdbcClientAutoConfiguration.class, RabbitAutoConfiguration.class},
        before = {AxonAutoConfiguration.class, DataSourceHealthContributorAutoConfiguration.class})
@ConditionalOnBean(MessageCatalogue.class)
@EnableConfigurationProperties(MessagingProperties.class)
@Import({
    DatabaseConfiguration.class,
    StreamConfiguration.class,
    ProcessingConfiguration.class,
    TransportConfiguration.class,
    TasksConfiguration.class,
    WaitingConfiguration.class,
    MetricsConfiguration.class,
    LoggingConfiguration.class,
    WebConfiguration.class,
    SecurityConfiguration.class
})
public class MessagingAutoConfiguration {

    @Bean
    CommandTargetResolver commandTargetResolver() {
        return new KernelCommandTargetResolver();
    }
}
