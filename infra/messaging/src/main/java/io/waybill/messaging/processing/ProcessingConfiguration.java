package io.waybill.messaging.processing;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.waybill.messaging.Deadlines;
import io.waybill.messaging.MessageCatalogue;
import io.waybill.messaging.MessagingProperties;
import io.waybill.messaging.SafeToReapply;
import io.waybill.messaging.WaybillJson;
import io.waybill.messaging.metrics.MessagingMeters;
import io.waybill.messaging.stream.EventStream;
import io.waybill.messaging.stream.OwnEvents;
import io.waybill.messaging.stream.StreamNotices;
import io.waybill.messaging.tracing.Tracing;
import java.util.UUID;
import javax.sql.DataSource;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.config.ConfigurerModule;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.PropagatingErrorHandler;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;

/** Wires the processors, their tokens, parked events, sagas and deadlines. */
@Configuration(proxyBeanMethods = false)
public class ProcessingConfiguration {

    /** Drawn anew at every start: two processes never share it, whatever their hosts are called. */
    @Bean
    ProcessInstance processInstance(JdbcClient jdbc, MessagingProperties properties) {
        return new ProcessInstance(jdbc, UUID.randomUUID().toString(), properties.lease());
    }

    @Bean
    @ConditionalOnProperty(value = "waybill.messaging.notify-other-instances", matchIfMissing = true)
    StreamNotices streamNotices(DataSource dataSource, EventStream stream, ProcessInstance instance) {
        return new StreamNotices(dataSource, stream, instance.id(), instance::isAlone);
    }

    @Bean
    Processors processors(
            MessageCatalogue catalogue,
            EventStream stream,
            JdbcClient jdbc,
            ProcessInstance instance,
            TransactionManager transactions,
            MessagingProperties properties,
            Tracing tracing,
            PostgresSagaStore sagas,
            ApplicationContext beans) {
        StreamProcessor.Parts parts = new StreamProcessor.Parts(
                stream,
                new ProcessorTokens(jdbc),
                new ParkedEvents(jdbc),
                instance,
                transactions,
                properties.batchSize(),
                tracing,
                sagas::forget);
        Processors processors = new Processors(catalogue.context(), parts, properties.segments());
        for (String name : beans.getBeanNamesForAnnotation(SafeToReapply.class)) {
            Class<?> type = beans.getType(name);
            ProcessingGroup group = type == null ? null : AnnotationUtils.findAnnotation(type, ProcessingGroup.class);
            if (group != null) {
                processors.declareSafeToReapply(group.value());
            }
        }
        return processors;
    }

    @Bean
    ReadPositions readPositions(JdbcClient jdbc) {
        return new ReadPositions(jdbc);
    }

    @Bean
    ConfigurerModule streamProcessors(Processors processors) {
        return configurer -> configurer
                .eventProcessing()
                .registerEventProcessorFactory((name, configuration, invoker) -> processors.create(name, invoker))
                .registerDefaultListenerInvocationErrorHandler(configuration -> PropagatingErrorHandler.instance());
    }

    @Bean
    PostgresSagaStore sagaStore(JdbcClient jdbc) {
        ObjectMapper fieldsOnly = WaybillJson.mapper()
                .copy()
                .setVisibility(PropertyAccessor.ALL, JsonAutoDetect.Visibility.NONE)
                .setVisibility(PropertyAccessor.FIELD, JsonAutoDetect.Visibility.ANY)
                .setVisibility(PropertyAccessor.CREATOR, JsonAutoDetect.Visibility.ANY);
        return new PostgresSagaStore(jdbc, fieldsOnly);
    }

    @Bean
    Deadlines deadlines(
            JdbcClient jdbc,
            JdbcTemplate template,
            EventStream stream,
            TransactionManager transactions,
            MessageCatalogue catalogue,
            Tracing tracing,
            MessagingMeters meters) {
        OwnEvents events = new OwnEvents(template, stream, catalogue);
        return new PostgresDeadlines(jdbc, events, transactions, catalogue, WaybillJson.mapper(), tracing, meters);
    }
}
